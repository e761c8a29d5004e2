//! What "smaller" means: a strict order on cases, so that every accepted step makes progress and no shrink goes on for ever.

use assay_isa::{Class, Format, Instruction, Isa, Opcode, decode, encode};
use assay_spec::Register;
use serde_json::{Number, Value};

use super::{case::Case, rename};

/// The weight of a case; the first part that differs decides.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Weight {
    instructions: usize,
    /// Instructions that are no nops.
    active: usize,
    registers: usize,
    memory_bytes: usize,
    memory_pieces: usize,
    input_bytes: usize,
    field_nodes: usize,
    /// Operands that are registers other than x0.
    operands: usize,
    constants: Plainness,
    /// Per register in order of first use, whether another name is due to it.
    misplaced: Vec<bool>,
}

/// How plain constants are: 0 is plainer than 1, that than a power of two, that than -1, that than any other; of two of a
/// kind the one that is nearer to 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Plainness {
    kind: u64,
    magnitude: u128,
}

impl Plainness {
    /// That of a signed number.
    pub(crate) fn of(value: i64) -> Self {
        let magnitude = value.unsigned_abs();
        let kind = match value {
            0 => 0,
            1 => 1,
            -1 => 3,
            _ if magnitude.is_power_of_two() && value > 0 => 2,
            _ => 4,
        };
        // Of a number and its opposite the positive one is plainer.
        Self { kind, magnitude: 2 * u128::from(magnitude) + u128::from(value < 0) }
    }

    fn add(&mut self, other: Self) {
        self.kind += other.kind;
        self.magnitude += other.magnitude;
    }

    fn of_byte(byte: u8) -> Self {
        Self::of(i64::from(byte))
    }
}

impl Weight {
    pub(crate) fn of(case: &Case, scratch: Register) -> Self {
        let mut constants = Plainness::default();
        let mut operands = 0;
        for &word in &case.instructions {
            let Ok(instruction) = decode(word, case.isa) else { continue };
            operands += registers(instruction).into_iter().flatten().filter(|&register| register != 0).count();
            if let Some(value) = constant(instruction) {
                constants.add(Plainness::of(i64::from(value)));
            }
        }
        for value in case.registers.values() {
            constants.add(Plainness::of(signed(value.0, case.isa)));
        }
        let bytes = case.memory.iter().flat_map(|piece| &piece.hex.0).chain(&case.input);
        bytes.for_each(|&byte| constants.add(Plainness::of_byte(byte)));
        let mut field_nodes = 0;
        if let Some(fields) = &case.fields {
            weigh(fields, &mut field_nodes, &mut constants);
        }
        Self {
            instructions: case.instructions.len(),
            active: case.instructions.iter().filter(|&&word| word != NOP).count(),
            registers: case.registers.len(),
            memory_bytes: case.memory.iter().map(|piece| piece.hex.0.len()).sum(),
            memory_pieces: case.memory.len(),
            input_bytes: case.input.len(),
            field_nodes,
            operands,
            constants,
            misplaced: rename::misplaced(case, scratch),
        }
    }
}

/// `addi zero, zero, 0`
pub(crate) const NOP: u32 = 0x0000_0013;

/// A register value as the signed number that it stands for.
pub(crate) fn signed(value: u64, isa: Isa) -> i64 {
    let unused = 64 - isa.xlen.bits();
    ((value << unused) as i64) >> unused
}

/// The registers that the word names as `rd`, `rs1`, `rs2`; the reserved ones of fences are none.
pub(crate) fn registers(instruction: Instruction) -> [Option<u8>; 3] {
    let entry = instruction.opcode.entry();
    if entry.class == Class::Fence {
        return [None; 3];
    }
    let fields = entry.format.fields();
    [fields.rd.then_some(instruction.rd), fields.rs1.then_some(instruction.rs1), fields.rs2.then_some(instruction.rs2)]
}

/// The same instruction with other registers; `None` if it has no word then.
pub(crate) fn with_registers(mut instruction: Instruction, with: impl Fn(u8) -> u8) -> Option<u32> {
    let [rd, rs1, rs2] = registers(instruction);
    instruction.rd = rd.map_or(instruction.rd, &with);
    instruction.rs1 = rs1.map_or(instruction.rs1, &with);
    instruction.rs2 = rs2.map_or(instruction.rs2, &with);
    encode(&instruction).ok()
}

/// The same instruction with another register as `rd` (0), `rs1` (1) or `rs2` (2).
pub(crate) fn with_register(mut instruction: Instruction, field: usize, register: u8) -> Option<u32> {
    *[&mut instruction.rd, &mut instruction.rs1, &mut instruction.rs2].into_iter().nth(field)? = register;
    encode(&instruction).ok()
}

/// The immediate where it is a constant and no way to somewhere: of an upper immediate the 20 bits, signed.
pub(crate) fn constant(instruction: Instruction) -> Option<i32> {
    match instruction.opcode.entry().format {
        Format::I
        | Format::Load
        | Format::Shift
        | Format::ShiftWord
        | Format::Store
        | Format::Atomic
        | Format::LoadReserved => Some(instruction.imm),
        Format::Upper => Some(instruction.imm >> UPPER_SHIFT),
        _ => None,
    }
}

/// The word with another constant, as [`constant`] has it; `None` if it does not fit.
pub(crate) fn with_constant(mut instruction: Instruction, value: i32) -> Option<u32> {
    let upper = matches!(instruction.opcode, Opcode::Lui | Opcode::Auipc);
    instruction.imm = if upper { value.checked_mul(1 << UPPER_SHIFT)? } else { value };
    encode(&instruction).ok()
}

const UPPER_SHIFT: u32 = 12;

/// That of a number in a core's input: fractions are the least plain.
pub(crate) fn plainness_of_number(number: &Number) -> Plainness {
    if let Some(value) = number.as_i64() {
        return Plainness::of(value);
    }
    if let Some(value) = number.as_u64() {
        let kind = if value.is_power_of_two() { 2 } else { 4 };
        return Plainness { kind, magnitude: 2 * u128::from(value) };
    }
    let value = number.as_f64().unwrap_or(f64::MAX);
    if value.fract() == 0.0 {
        return Plainness::of(value as i64);
    }
    Plainness { kind: 5, magnitude: 2 * u128::from(value.abs() as u64) }
}

fn weigh(value: &Value, nodes: &mut usize, constants: &mut Plainness) {
    *nodes += 1;
    match value {
        Value::Null => {}
        Value::Bool(value) => constants.add(Plainness::of(i64::from(*value))),
        Value::Number(number) => constants.add(plainness_of_number(number)),
        Value::String(text) => *nodes += text.chars().count(),
        Value::Array(items) => items.iter().for_each(|item| weigh(item, nodes, constants)),
        Value::Object(map) => map.values().for_each(|item| weigh(item, nodes, constants)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_constants_are_ordered_as_people_would() {
        let order = [0, 1, 2, 4, 1 << 40, -1, 3, -3, 5, -1000, 12_345];
        for pair in order.windows(2) {
            assert!(Plainness::of(pair[0]) <= Plainness::of(pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn fewer_instructions_weigh_less_whatever_else_there_is() {
        let scratch = Register::new(3).unwrap();
        let long = Case { instructions: vec![NOP, NOP], ..Case::empty(Isa::RV32IM) };
        let mut short = Case { instructions: vec![0x0010_0093], input: vec![1; 9], ..Case::empty(Isa::RV32IM) };
        short.set_register(Register::new(5).unwrap(), 77);
        assert!(Weight::of(&short, scratch) < Weight::of(&long, scratch));
    }

    #[test]
    fn register_values_are_signed_numbers_of_their_width() {
        assert_eq!(signed(0xffff_ffff, Isa::RV32IM), -1);
        assert_eq!(signed(0xffff_ffff, Isa::RV64IM), 0xffff_ffff);
    }

    #[test]
    fn constants_can_be_put_back() {
        for (word, constant_of, other) in [(0xffff_f537, -1, 1), (0x0055_8513, 5, 0), (0x0081_2503, 8, -4)] {
            let instruction = decode(word, Isa::RV32IM).unwrap();
            assert_eq!(constant(instruction), Some(constant_of));
            assert_eq!(with_constant(instruction, constant_of), Some(word));
            let changed = decode(with_constant(instruction, other).unwrap(), Isa::RV32IM).unwrap();
            assert_eq!(constant(changed), Some(other));
        }
    }
}
