//! Traces for the tests of matchers: of the reference machine, made on the spot, and of zkVMs, kept in `tests/data`.

use std::ops::ControlFlow;

use assay_isa::{AssembleOptions, Isa, assemble};
use assay_machine::{Config, Image, Permissions, Recorder, Records, Segment, run};
use assay_spec::{
    BucketHit, MicroOp, Platform,
    trace::{Cell, ChipRowRecord},
};

use super::{Backend, Bucket, Matching, zkvm};
use crate::JsonlReader;

pub(super) const OPENVM_ALU: &str = "VmAirWrapper<Rv32BaseAluAdapterAir, BaseAluCoreAir<4, 8>";
pub(super) const OPENVM_DIV_REM: &str = "VmAirWrapper<Rv32MultAdapterAir, DivRemCoreAir<4, 8>";
pub(super) const OPENVM_MUL_HIGH: &str = "VmAirWrapper<Rv32MultAdapterAir, MulHCoreAir<4, 8>";
pub(super) const OPENVM_AUIPC_CHIP: &str = "VmAirWrapper<Rv32RdWriteAdapterAir, Rv32AuipcCoreAir>";
pub(super) const OPENVM_JALR: &str = "VmAirWrapper<Rv32JalrAdapterAir, Rv32JalrCoreAir>";
pub(super) const OPENVM_LOAD_STORE: &str = "VmAirWrapper<Rv32LoadStoreAdapterAir, LoadStoreCoreAir<4>";

/// Where the code of a test stands; the standard platform's memory begins there.
const CODE: u64 = 0x1_0000;
/// Memory that a test may use.
const DATA: u64 = 0x2_0000;

/// What the reference machine records of `source`, on 32-bit registers.
pub(super) fn rv32(source: &str) -> Vec<MicroOp> {
    traced(source, Isa::RV32IM)
}

/// The same on 64-bit registers.
pub(super) fn rv64(source: &str) -> Vec<MicroOp> {
    traced(source, Isa::RV64IM)
}

fn traced(source: &str, isa: Isa) -> Vec<MicroOp> {
    let code = assemble(source, &AssembleOptions::new(isa, CODE)).expect("the test's source is valid").bytes;
    let segment = |address, bytes: Vec<u8>, size, permissions| Segment { address, size, bytes, permissions };
    let size = code.len() as u64;
    let image = Image {
        entry: CODE,
        segments: vec![
            segment(CODE, code, size, Permissions { read: true, write: false, execute: true }),
            segment(DATA, vec![1; 64], 4096, Permissions { read: true, write: true, execute: false }),
        ],
    };
    let mut records = Vec::new();
    let mut sink = |record| {
        records.push(record);
        ControlFlow::Continue(())
    };
    let config = Config { max_steps: 10_000, ..Config::new(isa, Platform::Standard) };
    // It ends with a trap behind the code; what matters was recorded by then.
    run(&image, &[], &config, &mut Recorder::new(&mut sink, Records::All)).expect("the image can be loaded");
    records
}

/// A trace of a zkVM, of which most of what repeats was taken out.
pub(super) fn real(backend: Backend) -> Vec<MicroOp> {
    let text = match backend {
        Backend::OpenVm => include_str!("../../tests/data/openvm.jsonl"),
        Backend::Sp1 => include_str!("../../tests/data/sp1.jsonl"),
        Backend::Risc0 => include_str!("../../tests/data/risc0.jsonl"),
        Backend::Reference => include_str!("../../tests/data/reference.jsonl"),
    };
    JsonlReader::new(text.as_bytes()).collect::<Result<_, _>>().expect("the kept traces are whole")
}

/// The first instruction called `mnemonic` of which rows were kept, its rows and their messages.
pub(super) fn real_step(backend: Backend, mnemonic: &str) -> Vec<MicroOp> {
    let trace = real(backend);
    let step_of = |record: &MicroOp| match record {
        MicroOp::Instruction(record) => Some(record.step),
        MicroOp::ChipRow(record) => record.base.step,
        MicroOp::Interaction(record) => record.base.step,
    };
    let has_rows = |step| trace.iter().any(|r| matches!(r, MicroOp::ChipRow(row) if row.base.step == Some(step)));
    let step = trace
        .iter()
        .find_map(|record| match record {
            MicroOp::Instruction(record) if record.mnemonic == mnemonic && has_rows(record.step) => Some(record.step),
            _ => None,
        })
        .unwrap_or_else(|| panic!("the kept trace has a {mnemonic} with rows"));
    trace.iter().filter(|record| step_of(record) == Some(step)).cloned().collect()
}

/// The messages on a bus.
pub(super) fn real_messages(backend: Backend, bus: &str) -> Vec<MicroOp> {
    let mut trace = real(backend);
    trace.retain(|record| matches!(record, MicroOp::Interaction(interaction) if interaction.base.bus == bus));
    assert!(!trace.is_empty(), "the kept trace has messages on {bus}");
    trace
}

/// A real row of the chip called `chip` with other content in some columns.
pub(super) fn row_with(backend: Backend, chip: &str, columns: &[(&str, u64)]) -> MicroOp {
    let row = real(backend).into_iter().find_map(|record| match record {
        MicroOp::ChipRow(row) if row.base.chip == chip => Some(row),
        _ => None,
    });
    let mut row: ChipRowRecord = row.unwrap_or_else(|| panic!("the kept trace has a row of {chip}"));
    for (name, value) in columns {
        *row.columns.get_mut(name).unwrap_or_else(|| panic!("{chip} has a column {name}")) = Cell(*value);
    }
    MicroOp::ChipRow(row)
}

/// The same trace, in which every selector of every row is 0: padding that takes part.
pub(super) fn without_activity(mut trace: Vec<MicroOp>) -> Vec<MicroOp> {
    for record in &mut trace {
        let MicroOp::ChipRow(row) = record else { continue };
        let entry = zkvm::chips().find(|entry| entry.name == row.base.chip).expect("a chip of the table");
        for name in entry.selectors {
            *row.columns.get_mut(name).unwrap_or_else(|| panic!("{} has a column {name}", row.base.chip)) = Cell(0);
        }
    }
    trace
}

/// The hits of one bucket.
pub(super) fn hits(bucket: &Bucket, trace: &[MicroOp]) -> Vec<BucketHit> {
    let mut matching = Matching::new();
    for record in trace {
        matching.record(record);
    }
    matching.finish().hits.into_iter().filter(|hit| hit.bucket == bucket.id).collect()
}

pub(super) fn assert_hit(bucket: &Bucket, trace: &[MicroOp]) {
    let records = trace.iter().map(|record| match record {
        MicroOp::Instruction(record) => record.mnemonic.as_str(),
        MicroOp::ChipRow(record) => record.base.chip.as_str(),
        MicroOp::Interaction(record) => record.base.bus.as_str(),
    });
    let records: Vec<&str> = records.collect();
    assert!(!hits(bucket, trace).is_empty(), "{} is not hit by {records:?}", bucket.id);
}

pub(super) fn assert_no_hit(bucket: &Bucket, trace: &[MicroOp]) {
    assert_eq!(hits(bucket, trace), [], "{}", bucket.id);
}
