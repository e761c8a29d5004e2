//! The helper crate of patched sources, compiled here as it is there: what it writes must be Assay's trace format.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[expect(
    dead_code,
    unreachable_pub,
    unused_imports,
    unused_qualifications,
    reason = "it is written for patched sources and old compilers"
)]
#[path = "../template/fuzzer_utils/src/lib.rs"]
mod fuzzer_utils;

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use assay_spec::{MicroOp, trace::Direction};
use fuzzer_utils::{
    inject, inject_with, relax, relaxed,
    sink::{self, ChipRow, Counts, Instruction, Interaction, Key, Memory, Section, Step},
};

/// The crate has one sink, one set of guards and one of points in a process.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is written while `emit` runs.
fn written(records_max: u64, emit: impl FnOnce()) -> (String, Counts) {
    let out = Shared::default();
    sink::start_with(Box::new(out.clone()), records_max);
    emit();
    let counts = sink::finish().unwrap();
    let text = String::from_utf8(std::mem::take(&mut *out.0.lock().unwrap())).unwrap();
    (text, counts)
}

fn records(text: &str) -> Vec<MicroOp> {
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

fn instruction(timestamp: u64) -> Instruction<'static> {
    Instruction {
        pc: 0x20_0800,
        next_pc: 0x20_0804,
        word: Some(0x13),
        opcode: 19,
        mnemonic: "addi",
        operands: &[7, -7],
        timestamp,
        next_timestamp: timestamp + 3,
        rd: Some((7, 0, u64::MAX)),
        mem: Some(Memory { write: true, addr: 0x10, size: 4, before: 0, after: 1 }),
    }
}

fn row(section: &mut Section, chip: &str, step: Step) -> sink::RowRef {
    let row = ChipRow { chip, kind: "alu", row: 3, valid: true, step };
    section.chip_row(&row, |cells| {
        cells.cell("a", 5);
        cells.cell("b\"\\", 1 << 60);
    })
}

fn message(section: &mut Section, row: Option<sink::RowRef>, step: Step) {
    let message =
        Interaction { bus: "memory", kind: "memory", send: false, multiplicity: 2, timestamp: Some(9), row, step };
    section.interaction(&message, |fields| fields.all([("x", 1), ("y", 2)]));
}

fn segment(segment: u32) {
    sink::section(Key { segment, part: 1, chip: 2, chunk: 0 }, |section| {
        section.chip("late", 8, 2);
        row(section, "late", Step::None);
        row(section, "late", Step::None);
    });
    sink::section(Key { segment, part: 1, chip: 1, chunk: 0 }, |section| {
        let at = row(section, "alu", Step::OfTimestamp(5));
        message(section, Some(at), Step::None);
        message(section, Some(at), Step::None);
        row(section, "alu", Step::OfTimestamp(100));
        message(section, None, Step::Is(0));
    });
    sink::section(Key { segment, ..Key::default() }, |section| {
        section.instruction(&instruction(1));
        section.instruction(&instruction(4));
    });
}

#[test]
fn what_is_written_is_the_trace_format_to_the_byte() {
    let _alone = alone();
    let (text, counts) = written(100, || {
        segment(0);
        segment(1);
    });
    let again: Vec<String> = records(&text).iter().map(|record| serde_json::to_string(record).unwrap()).collect();
    assert_eq!(again.join("\n") + "\n", text);
    insta::assert_snapshot!(text);
    insta::assert_debug_snapshot!(counts);
}

#[test]
fn the_order_does_not_depend_on_who_was_first() {
    let _alone = alone();
    let (forwards, _) = written(1000, || (0..4).for_each(segment));
    let (parallel, _) = written(1000, || {
        std::thread::scope(|scope| {
            for index in (0..4).rev() {
                scope.spawn(move || segment(index));
            }
        });
    });
    assert_eq!(forwards, parallel);
    let (flushed, _) = written(1000, || {
        (0..4).for_each(|index| {
            segment(index);
            sink::flush().unwrap();
        });
    });
    assert_eq!(forwards, flushed);
}

#[test]
fn rows_and_messages_find_their_instruction() {
    let _alone = alone();
    let (text, _) = written(100, || {
        segment(0);
        segment(1);
    });
    let records = records(&text);
    let steps: Vec<Option<u64>> = records
        .iter()
        .map(|record| match record {
            MicroOp::Instruction(record) => Some(record.step),
            MicroOp::ChipRow(record) => record.base.step,
            MicroOp::Interaction(record) => record.base.step,
        })
        .collect();
    let one = [Some(0), Some(1), Some(1), Some(1), Some(1), None, Some(0), None, None];
    let other = one.map(|step| step.map(|step| step + 2));
    assert_eq!(steps, [one, other].concat());
    let MicroOp::Interaction(message) = &records[4] else { panic!() };
    assert_eq!((message.base.row, message.base.op, message.base.direction), (Some(2), 1, Direction::Receive));
    assert!(records.iter().enumerate().all(|(index, record)| record.seq() == index as u64));
}

#[test]
fn the_limit_cuts_the_stream_and_says_so() {
    let _alone = alone();
    let (text, counts) = written(4, || segment(0));
    assert_eq!((text.lines().count(), counts.truncated), (4, true));
    let (text, counts) = written(9, || segment(0));
    assert_eq!((text.lines().count(), counts.truncated), (9, false));
}

#[test]
fn nothing_is_emitted_while_nobody_asks() {
    let _alone = alone();
    assert!(!sink::enabled());
    sink::section(Key::default(), |_| panic!("nobody asked"));
    let open = {
        sink::start_with(Box::new(io::sink()), 10);
        let mut open = sink::open(Key::default()).unwrap();
        open.instruction(&instruction(0));
        sink::finish().unwrap();
        open
    };
    // A section that ends after the stream goes nowhere.
    drop(open);
    assert_eq!(sink::finish().unwrap(), Counts::default());
}

#[test]
fn guards_are_on_until_they_are_named() {
    let _alone = alone();
    relax::set("");
    assert!(!relaxed("a.b"));
    relax::set("a.b, c.d");
    assert!(relaxed("a.b") && relaxed("c.d") && !relaxed("a"));
    relax::set("");
    assert!(!relaxed("a.b"));
}

#[test]
fn armed_points_replace_values_where_they_are_armed() {
    let _alone = alone();
    inject::arm("a.b:7:0x1ff,c.d:*:3").unwrap();
    let (mut byte, mut word, mut bytes) = (1_u8, 1_u32, [0_u8; 2]);
    assert!(!inject("a.b", 6, &mut byte));
    assert!(inject("a.b", 7, &mut byte));
    assert!(inject("a.b", 7, &mut bytes));
    assert!(inject("c.d", 12345, &mut word));
    assert_eq!((byte, word, bytes, inject::fired()), (0xff, 3, [0xff, 1], 3));
    assert!(inject_with("a.b", 7, |value| word = value as u32));
    assert_eq!(word, 0x1ff);
    for bad in ["a", "a:1", "a:x:1", "a:1:y", ":1:1", "a:1:1:1"] {
        assert!(inject::arm(bad).is_err(), "{bad}");
    }
    assert!(inject::armed(), "a list that cannot be read changes nothing");
    inject::arm("").unwrap();
    assert!(!inject::armed() && !inject("a.b", 7, &mut word));
}
