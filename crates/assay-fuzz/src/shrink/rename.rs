//! Registers by their canonical names: x5 first, then in the order in which a harness may use them freely.

use assay_guest::harness::SAFE_REGISTERS;
use assay_isa::decode;
use assay_spec::{Register, RegisterFile};

use super::{
    case::Case,
    weight::{registers, with_registers},
};

/// The names in order: the registers that a body may always use, then all others; never x0 or the scratch register.
fn names(scratch: Register) -> impl Iterator<Item = u8> {
    let others = (1..32).filter(|register| !SAFE_REGISTERS.contains(register));
    SAFE_REGISTERS.into_iter().chain(others).filter(move |&register| register != scratch.index())
}

/// The registers of a case in the order in which a reader meets them, without x0 and the scratch register: in the
/// instructions from left to right, then those that are only set.
fn in_order_of_use(case: &Case, scratch: Register) -> Vec<u8> {
    let in_words =
        case.instructions.iter().filter_map(|&word| decode(word, case.isa).ok()).flat_map(registers).flatten();
    let set = case.registers.keys().map(|register| register.index());
    let mut order = Vec::new();
    for register in in_words.chain(set) {
        if register != 0 && register != scratch.index() && !order.contains(&register) {
            order.push(register);
        }
    }
    order
}

/// Per register in order of use, whether it has another name than its canonical one.
pub(crate) fn misplaced(case: &Case, scratch: Register) -> Vec<bool> {
    in_order_of_use(case, scratch).into_iter().zip(names(scratch)).map(|(register, name)| register != name).collect()
}

/// Ways to better names, the whole renaming first, then exchanges that put one register each in its place.
pub(crate) fn renamings(case: &Case, scratch: Register) -> Vec<Case> {
    let order = in_order_of_use(case, scratch);
    let pairs: Vec<(u8, u8)> = order.into_iter().zip(names(scratch)).collect();
    let whole = whole_permutation(&pairs);
    let exchanges = pairs.iter().filter(|(register, name)| register != name).map(|&(register, name)| {
        let mut to = identity();
        to.swap(usize::from(register), usize::from(name));
        to
    });
    std::iter::once(whole).chain(exchanges).filter_map(|to| renamed(case, &to)).collect()
}

fn identity() -> [u8; 32] {
    std::array::from_fn(|register| register as u8)
}

/// Each register to its name; the registers that had these names take those that became free.
fn whole_permutation(pairs: &[(u8, u8)]) -> [u8; 32] {
    let mut to = identity();
    let mut free: Vec<u8> =
        pairs.iter().map(|pair| pair.0).filter(|register| pairs.iter().all(|pair| pair.1 != *register)).collect();
    for register in pairs.iter().map(|pair| pair.1).filter(|name| pairs.iter().all(|pair| pair.0 != *name)) {
        to[usize::from(register)] = free.pop().expect("as many registers lose their name as take another's");
    }
    for &(register, name) in pairs {
        to[usize::from(register)] = name;
    }
    to
}

fn renamed(case: &Case, to: &[u8; 32]) -> Option<Case> {
    let instructions = case.instructions.iter().map(|&word| match decode(word, case.isa) {
        Ok(instruction) => with_registers(instruction, |register| to[usize::from(register)]),
        Err(_) => Some(word),
    });
    let registers: Option<RegisterFile> = case
        .registers
        .iter()
        .map(|(register, &value)| Some((Register::new(to[usize::from(register.index())])?, value)))
        .collect();
    Some(Case { instructions: instructions.collect::<Option<_>>()?, registers: registers?, ..case.clone() })
}

#[cfg(test)]
mod tests {
    use assay_isa::{AssembleOptions, Isa, assemble};
    use proptest::prelude::*;

    use super::*;

    fn scratch() -> Register {
        Register::new(3).unwrap()
    }

    fn case(text: &str) -> Case {
        let words = assemble(text, &AssembleOptions::new(Isa::RV32IM, 0)).unwrap().words().unwrap();
        Case { instructions: words, ..Case::empty(Isa::RV32IM) }
    }

    #[test]
    fn registers_are_named_from_x5_on_in_the_order_of_reading() {
        let mut original = case("add x20, x5, x3\nsub x5, x20, x0\nsw x9, 4(x20)\n");
        original.set_register(Register::new(5).unwrap(), 77);
        let first = &renamings(&original, scratch())[0];
        assert_eq!(first.disassembly(), ["add t0, t1, gp", "sub t1, t0, zero", "sw t2, 4(t0)"]);
        assert_eq!(first.registers.keys().map(|register| register.index()).collect::<Vec<_>>(), [6]);
        assert!(misplaced(first, scratch()).iter().all(|misplaced| !misplaced));
    }

    #[test]
    fn an_exchange_puts_one_register_in_its_place() {
        let original = case("add x20, x5, x3\n");
        assert_eq!(misplaced(&original, scratch()), [true, true]);
        let exchanged = &renamings(&original, scratch())[1];
        assert_eq!(exchanged.disassembly(), ["add t0, s4, gp"]);
        assert_eq!(misplaced(exchanged, scratch()), [false, true]);
    }

    proptest! {
        #[test]
        fn the_whole_renaming_loses_no_register(uses in prop::collection::vec((0u8..32, 0u8..32, 0u8..32), 0..12)) {
            let lines: Vec<String> = uses.iter().map(|(a, b, c)| format!("add x{a}, x{b}, x{c}\n")).collect();
            let original = case(&format!("{}nop\n", lines.concat()));
            let renamed = &renamings(&original, scratch())[0];
            let count = |case: &Case| in_order_of_use(case, scratch()).len();
            prop_assert_eq!(count(renamed), count(&original));
            prop_assert!(misplaced(renamed, scratch()).iter().all(|misplaced| !misplaced));
        }
    }
}
