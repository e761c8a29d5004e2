//! Speed of bucket matching in records per second on one core, from memory, against a plain pass over the same records.
//!
//! The records are those of `tests/data` over and over, more than caches hold, with steps that go on rising.
//! `matched` takes them as [`Preparer`] makes them, and the plain pass, `touched`, reads a word of each of these.
//! `from_records` takes whole records, as they are read: what a row holds is its own, its names it shares.
//! `read_and_matched` begins with JSON.

use std::{hint::black_box, ops::ControlFlow};

use assay_spec::MicroOp;
use assay_trace::{
    JsonlReader, JsonlWriter,
    buckets::{Matching, Prepared, Preparer},
};
use divan::{Bencher, counter::ItemsCount};

/// Prepared records of a pass: some 17 MB.
const PREPARED: usize = 100_000;

/// Whole records of a pass: chip rows have some 600 bytes each.
const RECORDS: usize = 20_000;

/// Hits kept of each bucket. What is kept is a fixed cost, of which a short pass would have too much: a trace of
/// millions of records keeps no more than one of thousands.
const HITS_MAX: usize = 4;

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

/// As many records as are asked for, one by one.
fn records(mix: Mix, count: usize) -> impl Iterator<Item = MicroOp> {
    let text = match mix {
        Mix::Instructions => RISC0,
        Mix::OpenVmInstructions | Mix::OpenVmRows | Mix::OpenVmMessages | Mix::OpenVm => OPENVM,
        Mix::Sp1Rows | Mix::Sp1Messages | Mix::Sp1 => SP1,
        Mix::Reference => REFERENCE,
    };
    let wanted = move |record: &MicroOp| match mix {
        Mix::Instructions | Mix::OpenVmInstructions => matches!(record, MicroOp::Instruction(_)),
        Mix::OpenVmRows | Mix::Sp1Rows => matches!(record, MicroOp::ChipRow(_)),
        Mix::OpenVmMessages | Mix::Sp1Messages => matches!(record, MicroOp::Interaction(_)),
        Mix::Reference | Mix::OpenVm | Mix::Sp1 => true,
    };
    let once: Vec<MicroOp> = JsonlReader::new(text.as_bytes())
        .map(|record| record.expect("the kept traces are whole"))
        .filter(wanted)
        .collect();
    (0..count).map(move |index| {
        let mut record = once[index % once.len()].clone();
        let base = (index / once.len()) as u64 * STEPS;
        match &mut record {
            MicroOp::Instruction(record) => record.step += base,
            MicroOp::ChipRow(record) => record.base.step = record.base.step.map(|step| step + base),
            MicroOp::Interaction(record) => record.base.step = record.base.step.map(|step| step + base),
        }
        record
    })
}

/// More steps than a kept trace has.
const STEPS: u64 = 1 << 20;

fn prepared(mix: Mix) -> Vec<Prepared> {
    let mut preparer = Preparer::new();
    records(mix, PREPARED).map(|record| preparer.prepare(&record)).collect()
}

fn matching() -> Matching {
    Matching::new().with_hits_max(HITS_MAX)
}

#[divan::bench(args = MIXES, sample_count = 200)]
fn matched(bencher: Bencher<'_, '_>, mix: Mix) {
    let records = prepared(mix);
    bencher.counter(ItemsCount::new(records.len())).with_inputs(matching).bench_local_values(|mut matching| {
        for record in &records {
            matching.prepared(record);
        }
        matching.finish()
    });
}

#[divan::bench(args = [Mix::Instructions, Mix::OpenVm], sample_count = 200)]
fn touched(bencher: Bencher<'_, '_>, mix: Mix) {
    let records = prepared(mix);
    bencher.counter(ItemsCount::new(records.len())).bench_local(|| {
        for record in &records {
            black_box(record.seq());
        }
    });
}

#[divan::bench(args = MIXES, sample_count = 200)]
fn from_records(bencher: Bencher<'_, '_>, mix: Mix) {
    let records: Vec<MicroOp> = records(mix, RECORDS).collect();
    bencher.counter(ItemsCount::new(records.len())).with_inputs(matching).bench_local_values(|mut matching| {
        for record in &records {
            matching.record(record);
        }
        matching.finish()
    });
}

#[divan::bench(args = [Mix::Instructions, Mix::OpenVm], sample_count = 5)]
fn read_and_matched(bencher: Bencher<'_, '_>, mix: Mix) {
    let mut writer = JsonlWriter::new(Vec::new());
    for record in records(mix, RECORDS / 20) {
        writer.record(&record).expect("memory takes what it is given");
    }
    let count = writer.records();
    let lines = writer.finish().expect("memory takes what it is given");
    bencher.counter(ItemsCount::new(count)).with_inputs(matching).bench_local_values(|mut matching| {
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
