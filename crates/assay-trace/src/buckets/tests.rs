//! What holds for all buckets together.

use std::{collections::BTreeSet, fmt::Write as _};

use assay_isa::{AssembleOptions, Isa, assemble};
use assay_spec::{
    MicroOp, Register, Word,
    trace::{
        AccessKind, Cell, ChipKind, ChipRowBase, ChipRowRecord, Direction, InstructionRecord, InteractionBase,
        InteractionKind, InteractionRecord, MemoryEffect, RegisterEffect,
    },
};
use proptest::prelude::*;

use super::{
    testing::{real, rv32},
    views::plain,
    zkvm::chips,
    *,
};
use crate::import::ALIASES;

fn report(trace: &[MicroOp]) -> assay_spec::BucketReport {
    let mut matching = Matching::new();
    for record in trace {
        matching.record(record);
    }
    matching.finish()
}

/// The same, and that it does not matter in which of its ways a record is prepared.
fn report_in_every_way(trace: &[MicroOp]) -> assay_spec::BucketReport {
    let (mut kept, mut plainest) = (Matching::new(), Matching::new());
    let mut preparer = Preparer::new();
    for record in trace {
        kept.prepared(&preparer.prepare(record));
        plainest.prepared(&plain::prepare(record));
    }
    let report = report(trace);
    assert_eq!(report, kept.finish());
    assert_eq!(report, plainest.finish());
    report
}

#[test]
fn ids_are_unique_and_of_their_category() {
    let ids: BTreeSet<&str> = ALL.iter().map(|bucket| bucket.id).collect();
    assert_eq!(ids.len(), ALL.len());
    for bucket in ALL {
        let parts: Vec<&str> = bucket.id.split('.').collect();
        let category = if parts[0] == "sem" { parts[1] } else { parts[0] };
        assert_eq!(category, bucket.category.name(), "{}", bucket.id);
        assert!(!bucket.id.contains(';') && bucket.matches.ends_with('.'), "{}", bucket.id);
        assert!(!bucket.backends.is_empty(), "{}", bucket.id);
        assert!(bucket.bugs.iter().all(|bug| bug.reference.starts_with("https://github.com/")));
    }
}

#[test]
fn every_example_assembles() {
    for bucket in ALL {
        let options = |isa| AssembleOptions::new(isa, 0x1_0000);
        let assembled = [Isa::RV32IM, Isa::RV64IM].iter().any(|isa| assemble(bucket.example, &options(*isa)).is_ok());
        assert!(assembled, "{}", bucket.id);
    }
}

#[test]
fn columns_of_the_tables_are_those_of_real_rows() {
    for backend in [Backend::OpenVm, Backend::Sp1] {
        for record in real(backend) {
            let MicroOp::ChipRow(row) = record else { continue };
            let Some(entry) = chips().find(|entry| entry.name == row.base.chip) else { continue };
            let columns = entry.columns.iter().copied().flatten().map(|(_, name)| name);
            for name in columns.chain(entry.selectors) {
                assert!(row.columns.contains_key(name), "{} has no column {name}", entry.name);
            }
        }
    }
}

#[test]
fn every_chip_of_the_tables_is_in_a_real_trace() {
    let rows = |backend| real(backend).into_iter();
    let real: BTreeSet<String> = rows(Backend::OpenVm)
        .chain(rows(Backend::Sp1))
        .filter_map(|record| match record {
            MicroOp::ChipRow(row) => Some(row.base.chip),
            _ => None,
        })
        .collect();
    let missing: Vec<&str> = chips().map(|entry| entry.name).filter(|name| !real.contains(*name)).collect();
    assert_eq!(missing, [""; 0]);
}

/// What the kept traces of each backend hit, golden; and that a bucket says of a backend what is so.
#[test]
fn real_traces_hit_what_they_hit() {
    let mut text = String::new();
    for backend in Backend::ALL {
        let report = report_in_every_way(&real(*backend));
        let _ = writeln!(text, "{}: {}", backend.name(), report.signals.join(" "));
        for count in &report.buckets {
            let bucket = find(&count.bucket).unwrap();
            assert!(bucket.backends.contains(backend), "{} does not name {}", bucket.id, backend.name());
            let hit = report.hits.iter().find(|hit| hit.bucket == count.bucket).unwrap();
            let _ = writeln!(text, "  {} {} {:?}", count.bucket, count.hits, hit.details);
        }
    }
    insta::assert_snapshot!(text);
}

/// Buckets that a backend names and its kept trace does not hit: what an honest run of one small guest does not show.
#[test]
fn what_real_traces_do_not_hit_is_known() {
    let rare = [
        "legacy.inactive_row_side_effects",
        "sem.accelerator.edge_input",
        "sem.control.branch_extreme_offset",
        "sem.memory.misaligned_access",
        "sem.memory.segment_edge",
        "sem.row.padding_interaction_send",
        "sem.shard.boundary_crossing",
        // SP1's selectors are bits; the reference machine's kept trace has 32-bit registers.
        "legacy.gate_bool_domain",
        "sem.arithmetic.word_op_sign_extension",
    ];
    for backend in Backend::ALL {
        let signature = report(&real(*backend)).signature;
        for bucket in ALL.iter().filter(|bucket| bucket.backends.contains(backend) && !rare.contains(&bucket.id)) {
            assert!(signature.split(';').any(|id| id == bucket.id), "{}: {} is not hit", backend.name(), bucket.id);
        }
    }
}

#[test]
fn the_signature_is_sorted_and_free_of_doubles_and_details() {
    let report = report(&real(Backend::OpenVm));
    let ids: Vec<&str> = report.signature.split(';').collect();
    assert!(ids.is_sorted() && ids.windows(2).all(|pair| pair[0] != pair[1]));
    assert!(ids.iter().all(|id| find(id).is_ok()));
    assert_eq!(report.buckets.iter().map(|count| count.bucket.as_str()).collect::<Vec<_>>(), ids);
}

#[test]
fn hits_beyond_the_cap_are_counted_and_not_kept() {
    let trace = rv32(&"lui x31, 5\n".repeat(20));
    let mut matching = Matching::new().with_hits_max(3);
    for record in &trace {
        matching.record(record);
    }
    let report = matching.finish();
    let count = report.buckets.iter().find(|count| count.bucket == "sem.decode.rd_bit_decomposition").unwrap();
    assert_eq!((count.hits, count.hits_kept), (20, 3));
}

#[test]
fn columns_in_another_order_are_found_by_name() {
    let mut trace = real(Backend::OpenVm);
    let straight = report(&trace);
    for record in &mut trace {
        match record {
            MicroOp::ChipRow(row) if row.row % 2 == 0 => row.columns = row.columns.iter().rev().collect(),
            MicroOp::Interaction(message) if message.base.seq % 2 == 0 => {
                message.fields = message.fields.iter().rev().collect();
            }
            _ => {}
        }
    }
    assert_eq!(report_in_every_way(&trace), straight);
}

#[test]
fn a_list_of_names_that_another_thread_made_says_the_same() {
    let trace = real(Backend::Sp1);
    let others = std::thread::spawn(|| real(Backend::Sp1)).join().unwrap();
    let mixed: Vec<MicroOp> = trace
        .iter()
        .zip(&others)
        .enumerate()
        .map(|(at, (one, other))| if at % 2 == 0 { one } else { other }.clone())
        .collect();
    assert_eq!(report_in_every_way(&mixed), report(&trace));
}

#[test]
fn an_unknown_id_names_the_nearest() {
    for (asked, nearest) in [
        ("sem.lookup.boolean_multiplicty", "sem.lookup.boolean_multiplicity"),
        ("jalr_low_bit", "sem.control.jalr_low_bit"),
        ("legacy.gate_bool", "legacy.gate_bool_domain"),
    ] {
        assert_eq!(find(asked).unwrap_err().nearest, nearest, "{asked}");
    }
    assert!(find(&"x".repeat(1 << 20)).unwrap_err().id.len() <= 80);
    assert!(find("").is_err());
}

#[test]
fn signals_are_seen() {
    let signals = |source: &str| report(&rv32(source)).signals;
    assert_eq!(signals("li x6, 0x20000\nlw x5, 0(x6)"), ["has_load"]);
    assert_eq!(signals("li x6, 0x20000\nsw x5, 0(x6)\nlw x5, 0(x6)"), ["has_load", "has_store", "has_load_store"]);
    assert_eq!(signals("auipc x6, 0\ndivu x7, x6, x7\necall"), ["has_auipc", "has_ecall", "has_division"]);
    assert_eq!(signals("li x6, 2\nloop: addi x6, x6, -1\nbne x6, x0, loop"), ["has_branch_back"]);
    assert_eq!(signals("bne x6, x6, 8\nnop"), [""; 0]);
    assert!(report(&real(Backend::Sp1)).signals.contains(&"observed_volatile_boundary_range".to_owned()));
}

/// Longest line of the page.
const LINE_CHARS: usize = 110;

/// `text` in lines, those after the first behind `indent`.
fn wrapped(text: &str, indent: &str) -> String {
    let mut lines = String::new();
    let mut length = 0;
    for word in text.split(' ') {
        if length > 0 && length + word.len() > LINE_CHARS {
            lines.push('\n');
            lines.push_str(indent);
            length = indent.len();
        } else if length > 0 {
            lines.push(' ');
        }
        lines.push_str(word);
        length += word.len() + 1;
    }
    lines
}

/// The page of the user guide, from the catalogue.
fn page() -> String {
    let mut page = String::from(
        "# Buckets\n\n\
         <!-- From the catalogue in crates/assay-trace/src/buckets; write it anew with\n     \
         ASSAY_WRITE_DOCS=1 cargo test -p assay-trace docs -->\n\n\
         A bucket is a named condition over a trace that marks territory where zkVM circuits have gone wrong. A\n\
         hit is not a bug: it is coverage, and a place to look at. Ids are stable for ever.\n\n    \
         assay bucket list\n    \
         assay bucket explain sem.control.jalr_low_bit\n    \
         assay bucket run --backend openvm --insts insts.s\n    \
         assay bucket match out/openvm-2.0.2/from-insts\n    \
         assay trace import prover.log --out out/imported\n\n\
         `bucket_hits.json` is an array of `{bucket, step, seq[], details{}}`: `seq` names the records, the\n\
         instruction first and then its rows and messages; `details` is for people. All records of one step are one\n\
         hit. Of each bucket 256 hits are kept and all are counted. The signature of a trace is the sorted list of\n\
         its buckets, joined by `;`.\n\n",
    );
    let _ =
        writeln!(page, "{}\n", wrapped(&format!("Input signals, which are no buckets: {}.", SIGNALS.join(", ")), ""));
    page.push_str("| bucket | reference | openvm | sp1 | risc0 |\n|---|---|---|---|---|\n");
    for bucket in ALL {
        let _ = write!(page, "| [{}](#{}) ", bucket.id, bucket.id.replace('.', ""));
        for backend in Backend::ALL {
            page.push_str(if bucket.backends.contains(backend) { "| yes " } else { "| " });
        }
        page.push_str("|\n");
    }
    for bucket in ALL {
        let _ = write!(page, "\n## {}\n\n{}\n", bucket.id, wrapped(bucket.matches, ""));
        if !bucket.bugs.is_empty() {
            page.push('\n');
        }
        for bug in bucket.bugs {
            let _ = writeln!(page, "- {}", wrapped(&format!("{}: <{}>", bug.what, bug.reference), "  "));
        }
        let _ = writeln!(page, "\n    {}", bucket.example.replace('\n', "\n    "));
    }
    page.push_str(
        "\n# Logs of other tools\n\n\
         `assay trace import LOG` reads records that stand in a log as `<record>{json}</record>`, among any other text.\n\
         The JSON is a record as Assay writes them. These are understood besides: the data beside the type; the type as\n\
         the only key (`{\"Instruction\": {…}}`); the members of `base` beside the others; numbers for `0x…` words and\n\
         the other way round; a list in columns as `name__0`, `name__1`, …; kinds that Assay does not have, as `other`;\n\
         and the names below. Where the log does not say, `seq` is the position in the log, `step` of an instruction\n\
         the number of those before it, `opcode` and `mnemonic` come from the word, timestamps are 0, a row is valid, a\n\
         multiplicity is 1. An instruction without `pc` or `next_pc`, a row without chip and a message without bus or\n\
         direction are skipped and counted.\n\n\
         | Assay's name | other names |\n|---|---|\n",
    );
    for alias in ALIASES {
        let _ = writeln!(page, "| `{}` | `{}` |", alias.ours, alias.theirs.join("`, `"));
    }
    page
}

#[test]
fn the_docs_are_what_the_catalogue_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/buckets.md");
    if std::env::var_os("ASSAY_WRITE_DOCS").is_some() {
        std::fs::write(path, page()).unwrap();
    }
    assert!(page().contains(&format!("{HITS_KEPT_PER_BUCKET} hits are kept")));
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(kept == page(), "docs/buckets.md is out of date; ASSAY_WRITE_DOCS=1 cargo test -p assay-trace docs");
}

fn word() -> impl Strategy<Value = Word> {
    prop_oneof![any::<u64>(), 0..16u64, Just(u64::MAX), any::<u32>().prop_map(u64::from)].prop_map(Word)
}

fn instruction() -> impl Strategy<Value = MicroOp> {
    let opcodes = prop_oneof![any::<u32>(), any::<u32>().prop_map(|word| word & !0x7f | 0x33 | word >> 25 & 0x54)];
    let effect = (any::<u8>(), word(), word()).prop_map(|(register, before, after)| {
        Some(RegisterEffect { reg: Register::new(register & 31).expect("below 32"), before, after })
    });
    let access = (any::<bool>(), word(), any::<u8>(), word()).prop_map(|(write, addr, size, value)| {
        let kind = if write { AccessKind::Write } else { AccessKind::Read };
        Some(MemoryEffect { kind, addr, size, before: value, after: value })
    });
    (
        opcodes,
        word(),
        word(),
        any::<(u64, u64, u64)>(),
        prop_oneof![Just(None), effect],
        prop_oneof![Just(None), access],
    )
        .prop_map(|(code, pc, next_pc, (seq, step, timestamp), rd, mem)| {
            MicroOp::Instruction(InstructionRecord {
                seq,
                step: step % 4,
                pc,
                next_pc,
                word: Some(Word(code.into())),
                opcode: 0,
                mnemonic: String::new(),
                operands: Vec::new(),
                timestamp,
                next_timestamp: timestamp,
                rd,
                mem,
            })
        })
}

fn row() -> impl Strategy<Value = MicroOp> {
    let names: Vec<&str> = chips().map(|entry| entry.name).chain(["", "Unknown"]).collect();
    (
        prop::sample::select(names),
        any::<bool>(),
        any::<Option<u8>>(),
        any::<u64>(),
        prop::collection::vec(prop_oneof![0..3u64, any::<u64>()], 0..40),
        any::<(bool, u8)>(),
    )
        .prop_map(|(name, valid, step, seq, cells, (backwards, left_out))| {
            let entry = chips().find(|entry| entry.name == name);
            let known = entry.into_iter().flat_map(|entry| {
                entry.columns.iter().copied().flatten().map(|(_, name)| *name).chain(entry.selectors.iter().copied())
            });
            let columns = known.chain(["x", "y"]).zip(cells).map(|(name, cell)| (name, Cell(cell)));
            let mut columns: Vec<(&str, Cell)> = columns.collect();
            if backwards {
                columns.reverse();
            }
            if columns.len() > left_out.into() {
                columns.remove(left_out.into());
            }
            MicroOp::ChipRow(ChipRowRecord {
                base: ChipRowBase {
                    seq,
                    step: step.map(u64::from),
                    op: 0,
                    valid,
                    timestamp: None,
                    chip: name.to_owned(),
                },
                kind: ChipKind::Other,
                row: 0,
                columns: columns.into_iter().collect(),
            })
        })
}

fn message() -> impl Strategy<Value = MicroOp> {
    let buses =
        prop::sample::select(vec!["memory_merkle", "compression", "global", "memory", "byte", "bitwise", "state", ""]);
    let kinds = prop::sample::select(vec![
        InteractionKind::Execution,
        InteractionKind::Memory,
        InteractionKind::Lookup,
        InteractionKind::Bitwise,
        InteractionKind::Other,
    ]);
    let fields = prop::collection::vec(prop_oneof![0..3u64, any::<u64>()], 0..12);
    let known = ["op", "opcode", "x", "y", "b", "c", "address", "expand_direction", "height"];
    let names = prop_oneof![
        Just((0..12).map(|index| format!("field[{index}]")).collect()),
        Just(known.map(str::to_owned).to_vec()).prop_shuffle(),
    ];
    (buses, kinds, any::<bool>(), any::<(u64, Option<u8>, Option<u8>, u64)>(), (names, fields)).prop_map(
        |(bus, kind, send, (seq, step, row, multiplicity), (names, fields))| {
            let direction = if send { Direction::Send } else { Direction::Receive };
            MicroOp::Interaction(InteractionRecord {
                base: InteractionBase {
                    seq,
                    step: step.map(u64::from),
                    op: 0,
                    row: row.map(u64::from),
                    direction,
                    bus: bus.to_owned(),
                    timestamp: Some(multiplicity),
                    multiplicity,
                },
                kind,
                fields: names.into_iter().zip(fields.into_iter().map(Cell)).collect(),
            })
        },
    )
}

proptest! {
    #[test]
    fn arbitrary_records_never_panic_and_hits_name_records_that_were_there(
        trace in prop::collection::vec(prop_oneof![instruction(), row(), message()], 0..60)
    ) {
        let report = report_in_every_way(&trace);
        prop_assert_eq!(report.records, trace.len() as u64);
        let seqs: BTreeSet<u64> = trace.iter().map(MicroOp::seq).collect();
        for hit in &report.hits {
            prop_assert!(!hit.seq.is_empty() && hit.seq.len() <= SEQ_PER_HIT_MAX);
            prop_assert!(hit.seq.iter().all(|seq| seqs.contains(seq)));
        }
        for count in &report.buckets {
            prop_assert!(count.hits >= count.hits_kept);
        }
    }
}
