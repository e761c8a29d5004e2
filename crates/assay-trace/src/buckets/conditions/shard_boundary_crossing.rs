//! Where a run goes from one segment or shard into the next.

use super::prelude::*;

pub(super) static BUCKET: Bucket = Bucket {
    id: "sem.shard.boundary_crossing",
    category: Category::Shard,
    matches: "The first instruction of a segment or shard that is not the run's first: its timestamp is below that of \
              the instruction before (OpenVM begins anew in each segment), or records that belong to no instruction \
              stand between the two. RISC Zero's traces do not show segments.",
    backends: &[OpenVm, Sp1],
    bugs: &[],
    example: "li x6, 140000\nloop: addi x6, x6, -1\nbne x6, x0, loop",
    rules: &[Rule::Instruction(ANY_CLASS, instruction)],
};

const ANY_CLASS: &[Class] = &[
    Class::Alu,
    Class::AluImm,
    Class::Shift,
    Class::MulDiv,
    Class::Load,
    Class::Store,
    Class::Branch,
    Class::Jump,
    Class::Upper,
    Class::Atomic,
    Class::Fence,
    Class::System,
    Class::Vendor,
];

fn instruction(executed: &Executed, state: &State) -> Option<Facts> {
    let before = state.before?;
    let record = &executed.record;
    let crossed = state.segment_closed || record.timestamp < before.timestamp;
    crossed.then(|| {
        let facts = Facts::new().hex("pc", record.pc.0).hex("timestamp", record.timestamp).after(before.seq);
        facts.hex("timestamp_before", before.next_timestamp)
    })
}

#[cfg(test)]
mod tests {
    use assay_spec::MicroOp;

    use super::super::super::testing::{assert_hit, assert_no_hit, hits, real, real_step, row_with, rv32};
    use super::*;

    #[test]
    fn rows_of_no_step_between_two_instructions_hit() {
        let trace = rv32("add x5, x6, x7\nadd x5, x6, x8");
        assert_no_hit(&BUCKET, &trace);
        let second = trace.iter().rposition(|record| matches!(record, MicroOp::Instruction(_))).unwrap();
        let mut crossed = trace.clone();
        let mut connector = row_with(OpenVm, "VmConnectorAir", &[]);
        if let MicroOp::ChipRow(row) = &mut connector {
            row.base.step = None;
        }
        crossed.insert(second, connector);
        assert_eq!(hits(&BUCKET, &crossed).len(), 1);
    }

    #[test]
    fn a_clock_that_begins_anew_hits() {
        let mut trace = rv32("add x5, x6, x7\nadd x5, x6, x8\nadd x5, x6, x9");
        trace.retain(|record| matches!(record, MicroOp::Instruction(_)));
        assert_no_hit(&BUCKET, &trace);
        let MicroOp::Instruction(last) = trace.last_mut().unwrap() else { unreachable!() };
        last.timestamp = 0;
        assert_hit(&BUCKET, &trace);
    }

    #[test]
    fn one_segment_does_not() {
        assert_no_hit(&BUCKET, &real(OpenVm));
        assert_no_hit(&BUCKET, &real(Sp1));
        assert_no_hit(&BUCKET, &real_step(OpenVm, "add"));
    }
}
