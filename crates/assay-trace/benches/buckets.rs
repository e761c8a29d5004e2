//! Speed of bucket matching in records per second on one core, from memory, against a plain pass over the same records.
//!
//! The records are those of `tests/data` over and over, as many as no cache holds. The plain pass reads of each record what
//! says which type and chip, bus or word it is of.

use std::{hint::black_box, ops::ControlFlow};

use assay_spec::MicroOp;
use assay_trace::{JsonlReader, buckets::Matching};
use divan::{Bencher, counter::ItemsCount};

/// Records of a pass.
const RECORDS: usize = 400_000;

const OPENVM: &str = include_str!("../tests/data/openvm.jsonl");
const SP1: &str = include_str!("../tests/data/sp1.jsonl");
const RISC0: &str = include_str!("../tests/data/risc0.jsonl");
const REFERENCE: &str = include_str!("../tests/data/reference.jsonl");

fn main() {
    divan::main();
}

/// What is matched over: whole traces, or records of one type of them.
#[derive(Clone, Copy, Debug)]
enum Mix {
    /// RISC Zero's, which are all there is there.
    Instructions,
    OpenVmInstructions,
    OpenVmRows,
    Sp1Rows,
    OpenVmMessages,
    Sp1Messages,
    Reference,
    OpenVm,
    Sp1,
}

const MIXES: [Mix; 9] = [
    Mix::Instructions,
    Mix::OpenVmInstructions,
    Mix::OpenVmRows,
    Mix::Sp1Rows,
    Mix::OpenVmMessages,
    Mix::Sp1Messages,
    Mix::Reference,
    Mix::OpenVm,
    Mix::Sp1,
];

fn records(mix: Mix) -> Vec<MicroOp> {
    let text = match mix {
        Mix::Instructions => RISC0,
        Mix::OpenVmInstructions | Mix::OpenVmRows | Mix::OpenVmMessages | Mix::OpenVm => OPENVM,
        Mix::Sp1Rows | Mix::Sp1Messages | Mix::Sp1 => SP1,
        Mix::Reference => REFERENCE,
    };
    let wanted = |record: &MicroOp| match mix {
        Mix::Instructions | Mix::OpenVmInstructions => matches!(record, MicroOp::Instruction(_)),
        Mix::OpenVmRows | Mix::Sp1Rows => matches!(record, MicroOp::ChipRow(_)),
        Mix::OpenVmMessages | Mix::Sp1Messages => matches!(record, MicroOp::Interaction(_)),
        Mix::Reference | Mix::OpenVm | Mix::Sp1 => true,
    };
    let once: Vec<MicroOp> = JsonlReader::new(text.as_bytes())
        .map(|record| record.expect("the kept traces are whole"))
        .filter(wanted)
        .collect();
    let mut step_base = 0;
    let mut all: Vec<MicroOp> = once.iter().cycle().take(RECORDS).cloned().collect();
    // Steps go on rising, as in one long trace.
    for (index, record) in all.iter_mut().enumerate() {
        if index % once.len() == 0 {
            step_base += 1 << 20;
        }
        match record {
            MicroOp::Instruction(record) => record.step += step_base,
            MicroOp::ChipRow(record) => record.base.step = record.base.step.map(|step| step + step_base),
            MicroOp::Interaction(record) => record.base.step = record.base.step.map(|step| step + step_base),
        }
    }
    all
}

#[divan::bench(args = MIXES)]
fn matched(bencher: Bencher<'_, '_>, mix: Mix) {
    let records = records(mix);
    bencher.counter(ItemsCount::new(records.len())).with_inputs(Matching::new).bench_local_values(|mut matching| {
        for record in &records {
            matching.record(record);
        }
        matching.finish()
    });
}

#[divan::bench(args = MIXES)]
fn touched(bencher: Bencher<'_, '_>, mix: Mix) {
    let records = records(mix);
    bencher.counter(ItemsCount::new(records.len())).bench_local(|| {
        let mut sum = 0;
        for record in &records {
            sum += match record {
                MicroOp::Instruction(record) => record.word.map_or(0, |word| word.0),
                MicroOp::ChipRow(record) => record.base.chip.bytes().next().map_or(0, u64::from),
                MicroOp::Interaction(record) => record.kind as u64,
            };
        }
        black_box(sum)
    });
}

/// What a record costs that was not in memory: read from JSON Lines.
#[divan::bench(args = [Mix::OpenVm, Mix::Instructions], sample_count = 10)]
fn read_and_matched(bencher: Bencher<'_, '_>, mix: Mix) {
    let mut lines = Vec::new();
    let mut writer = assay_trace::JsonlWriter::new(&mut lines);
    for record in records(mix).iter().take(RECORDS / 20) {
        writer.record(record).expect("memory takes what it is given");
    }
    let count = writer.records();
    bencher.counter(ItemsCount::new(count)).with_inputs(Matching::new).bench_local_values(|mut matching| {
        let read = JsonlReader::new(&lines[..]).try_for_each(|record| match record {
            Ok(record) => {
                matching.record(&record);
                ControlFlow::Continue(())
            }
            Err(_) => ControlFlow::Break(()),
        });
        assert!(read.is_continue());
        matching.finish()
    });
}
