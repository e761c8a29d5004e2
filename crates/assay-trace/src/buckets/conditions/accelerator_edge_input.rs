//! Calls of accelerators with pointers at an edge of what they expect.

use super::prelude::*;

/// Number of the register t0, which says what is called.
const T0: u8 = 5;
/// Byte 1 of a call number of SP1: 1 where the call has a table of its own, as its accelerators do.
const SP1_HAS_TABLE: u64 = 1 << 8;
/// Calls of RISC Zero that are accelerators: SHA, BIGINT, BIGINT2, POSEIDON2 (`risc0-zkvm-platform` 2.2.3,
/// `syscall::ecall`). SP1, whose registers have 64 bits, has other calls of these numbers.
const RISC0_ACCELERATORS: [u64; 4] = [3, 4, 6, 7];

pub(super) static BUCKET: Bucket = Bucket {
    id: "sem.accelerator.edge_input",
    category: Category::Accelerator,
    matches: "ECALL of an accelerator (SP1: a call number whose byte 1 is 1; RISC Zero: t0 of 3, 4, 6 or 7) with \
              arguments at an edge: a pointer that is 0 or no multiple of four, or two that are the same. What the \
              pointers lead to is in no trace.",
    backends: &[Reference, Sp1, Risc0],
    bugs: &[],
    example: "li t0, 0x00010109\nli a0, 0x78100000\nli a1, 0x78100000\necall",
    rules: &[Rule::Instruction(&[Class::System], instruction)],
};

fn instruction(executed: &Executed, state: &State) -> Option<Facts> {
    if executed.opcode() != Opcode::Ecall {
        return None;
    }
    let call = state.register(T0)?;
    let risc0 = !state.wide() && RISC0_ACCELERATORS.contains(&call);
    if call & 0xff00 != SP1_HAS_TABLE && !risc0 {
        return None;
    }
    let (first, second) = (state.register(10)?, state.register(11)?);
    let edge = match () {
        () if first == 0 => "a0 is 0",
        () if first % 4 != 0 || second % 4 != 0 => "a pointer is not aligned",
        () if first == second => "a0 = a1",
        () => return None,
    };
    Some(Facts::new().hex("call", call).hex("a0", first).hex("a1", second).text("edge", edge))
}

#[cfg(test)]
mod tests {
    use assay_spec::{MicroOp, Word};

    use super::super::super::testing::{assert_hit, assert_no_hit, rv32, rv64};
    use super::*;

    const ECALL: Word = Word(0x73);

    /// The standard platform has no accelerators: a FENCE is made to be the call.
    fn called(mut trace: Vec<MicroOp>) -> Vec<MicroOp> {
        let fence = trace.iter_mut().find_map(|record| match record {
            MicroOp::Instruction(record) if record.mnemonic == "fence" => Some(record),
            _ => None,
        });
        fence.unwrap().word = Some(ECALL);
        trace
    }

    fn source(number: u32, first: u32, second: u32) -> String {
        format!("li x31, -1\nli t0, {number}\nli a0, {first}\nli a1, {second}\nfence")
    }

    #[test]
    fn equal_or_odd_pointers_hit_and_ordinary_ones_do_not() {
        let call = |number, first, second| called(rv32(&source(number, first, second)));
        assert_hit(&BUCKET, &call(0x0001_0109, 0x2_0000, 0x2_0000));
        assert_hit(&BUCKET, &call(0x0001_0109, 0x2_0002, 0x2_0100));
        assert_hit(&BUCKET, &call(3, 0, 0x2_0100));
        assert_no_hit(&BUCKET, &call(0x0001_0109, 0x2_0000, 0x2_0100));
        assert_no_hit(&BUCKET, &call(2, 0x2_0000, 0x2_0000));
        assert_no_hit(&BUCKET, &rv32(&source(3, 0, 0)));
    }

    #[test]
    fn small_numbers_are_accelerators_of_risc_zero_only() {
        assert_no_hit(&BUCKET, &called(rv64(&source(3, 0, 0))));
        assert_hit(&BUCKET, &called(rv64(&source(0x0001_0109, 0, 0))));
    }
}
