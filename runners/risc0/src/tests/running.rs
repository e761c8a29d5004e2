//! How runs end, what they leave, and what bounds them.

use assay_runner_kit::{Context, Run, Runner as _};
use assay_spec::{Cost, RunReport, Status};

use super::{Bench, DATA, HALT, MAX_STEPS, REST, committing, elf_of, named, register, software};
use crate::{
    execute::{EXACT_STEPS_MAX, Keep, WATCHED_INSTRUCTIONS, Want, execute},
    host::JOURNAL_BYTES_MAX,
    log::LOG_BYTES_MAX,
    report::report,
};

/// Counts down in two instructions a turn, from `turns`.
fn counting(turns: u64) -> String {
    format!("li t1, {turns}\n 1: addi t1, t1, -1\n bnez t1, 1b\n")
}

#[test]
fn a_run_ends_with_its_journal_registers_and_instructions() {
    let mut bench = Bench::default();
    let report = bench.run_elf(&committing(b"public", 0), &Run { input: &[], max_steps: MAX_STEPS, cost: false });
    assert_eq!((report.status, report.exit_code, report.message.as_deref()), (Status::Ok, Some(0), None));
    assert_eq!(report.output.0, b"public");
    assert_eq!((register(&report, 0), register(&report, 15), register(&report, 31)), (0, 6, 16));
    // `li` is one instruction or two.
    assert_eq!(report.instructions, Some(2 + 9 + 4));
    assert!(report.cycles.is_none(), "a short run is stopped before the executor counts");
}

#[test]
fn exit_codes_and_pauses_are_told() {
    let mut bench = Bench::default();
    for (a0, status, exit_code) in [
        ("0", Status::Ok, 0),
        ("42 << 8", Status::Failed, 42),
        ("0xabff00", Status::Failed, 255),
        ("0x201", Status::Failed, 2),
    ] {
        let source = format!("li t0, 0\n li a0, {a0}\n li a1, 0x500000\n ecall");
        let report = bench.run(&source, &[], &[]);
        assert_eq!((report.status, report.exit_code), (status, Some(exit_code)), "{a0}");
    }
}

#[test]
fn a_digest_that_is_not_the_journal_s_is_said() {
    let mut bench = Bench::default();
    let report = bench.run(&format!("li t0, 0\n li a0, 0\n li a1, {DATA}\n ecall"), &[1; 32], &[]);
    assert_eq!(report.status, Status::Ok);
    assert!(report.message.unwrap().contains("cannot be proved"));
}

#[test]
fn a_panic_has_the_guest_s_own_words() {
    let mut bench = Bench::default();
    let data = named("SYS_PANIC", "it broke: §".as_bytes());
    let report = bench.run(&software(9, &format!("li a0, 0\n li a1, 0\n li a3, {REST}\n li a4, 12")), &data, &[]);
    assert_eq!((report.status, report.message.as_deref()), (Status::Panic, Some("it broke: §")));
    let report = bench.run(&software(9, &format!("li a0, 0\n li a1, 0\n li a3, {REST}\n li a4, 1000000")), &data, &[]);
    assert_eq!(report.status, Status::Panic);
    assert!(report.message.unwrap().len() <= assay_spec::outcome::MESSAGE_BYTES_MAX);
}

#[test]
fn input_is_what_there_is() {
    let mut bench = Bench::default();
    let read = software(12, "li a0, 0x500000\n li a1, 6\n li a3, 0\n li a4, 6");
    let source = format!("{read} mv s2, a0\n li s0, 0x500000\n lw s3, 0(s0)\n lhu s4, 4(s0)\n{HALT}");
    let see = |report: &RunReport| [18, 19, 20].map(|index| register(report, index));
    let data = named("SYS_READ", &[]);
    assert_eq!(see(&bench.run(&source, &data, b"abcdefgh")), [6, 0x6463_6261, 0x6665]);
    assert_eq!(see(&bench.run(&source, &data, b"abc")), [3, 0x63_6261, 0]);
    assert_eq!(see(&bench.run(&source, &data, b"")), [0, 0, 0]);
}

#[test]
fn the_environment_is_empty_and_randomness_repeats() {
    let mut bench = Bench::default();
    let source =
        format!("{} mv s2, a0\n{HALT}", software(6, "li a0, 0x500000\n li a1, 2\n li a3, 0x400000\n li a4, 3"));
    assert_eq!(register(&bench.run(&source, &named("SYS_GETENV", &[]), &[]), 18), 0xffff_ffff);
    let source = format!("li a0, 0\n li a1, 0\n{} mv s2, a0\n{HALT}", software(1, "nop"));
    assert_eq!(register(&bench.run(&source, &named("SYS_ARGC", &[]), &[]), 18), 0);
    let source =
        format!("{} li s0, 0x500000\n lw s2, 0(s0)\n lw s3, 4(s0)\n{HALT}", software(11, "li a0, 0x500000\n li a1, 2"));
    let report = bench.run(&source, &named("SYS_RANDOM", &[]), &[]);
    // SplitMix64 of state 0.
    assert_eq!((register(&report, 18), register(&report, 19)), (0x7b1d_cdaf, 0xe220_a839));
    let source = format!("li a0, 0\n li a1, 0\n{} mv s2, a0\n mv s3, a1\n{HALT}", software(3, "nop"));
    let report = bench.run(&source, &named("SYS_CYCLE_COUNT", &[]), &[]);
    assert_eq!(register(&report, 18), 0);
    assert!((10..1000).contains(&register(&report, 19)));
}

#[test]
fn ten_mebibytes_of_log_are_cut_and_the_guest_does_not_notice() {
    let mut bench = Bench::default();
    let write = software(16, "li a3, 1\n li a4, 0x600000\n li a5, 10485760");
    let report = bench.run(&format!("li a0, 0\n li a1, 0\n{write}{HALT}"), &named("SYS_WRITE", &[]), &[]);
    assert_eq!((report.status, report.output.0.len()), (Status::Ok, 0));
    let log = report.guest_log.unwrap();
    assert!(log.ends_with(&format!("… ({} more bytes)", (10 << 20) - LOG_BYTES_MAX)), "{}", &log[log.len() - 40..]);
    let say = software(8, &format!("li a3, {REST}\n li a4, 2"));
    let report = bench.run(&format!("li a0, 0\n li a1, 0\n{say}{HALT}"), &named("SYS_LOG", b"hi"), &[]);
    let log = report.guest_log.unwrap();
    assert!(log.starts_with("R0VM[") && log.ends_with("] hi\n"), "{log}");
}

#[test]
fn a_journal_above_its_limit_is_an_output_limit() {
    let mut bench = Bench::default();
    for (bytes, status) in [(JOURNAL_BYTES_MAX, Status::Ok), (JOURNAL_BYTES_MAX + 1, Status::OutputLimit)] {
        let write = software(16, &format!("li a3, 3\n li a4, 0x600000\n li a5, {bytes}"));
        let report = bench.run(&format!("li a0, 0\n li a1, 0\n{write}{HALT}"), &named("SYS_WRITE", &[]), &[]);
        assert_eq!(report.status, status);
    }
}

#[test]
fn the_step_limit_is_exact_and_halting_counts() {
    let mut bench = Bench::default();
    let elf = elf_of("1: addi t1, t1, 1\n j 1b", &[]);
    let report = bench.run_elf(&elf, &Run { input: &[], max_steps: 100_001, cost: false });
    assert_eq!((report.status, report.instructions), (Status::Timeout, Some(100_001)));
    assert_eq!(register(&report, 6), 50_001);
    let elf = elf_of("li a1, 0x500000\n ecall", &[]);
    for (max_steps, status) in [(3, Status::Timeout), (0, Status::Timeout), (2, Status::Ok)] {
        // `lui` alone makes 0x500000.
        let report = bench.run_elf(&elf, &Run { input: &[], max_steps: max_steps.min(2), cost: false });
        assert_eq!(report.status, if max_steps == 0 { Status::Timeout } else { Status::Ok }, "{max_steps} {status}");
    }
    let report = bench.run_elf(&elf, &Run { input: &[], max_steps: 1, cost: false });
    assert_eq!((report.status, report.instructions), (Status::Timeout, Some(1)));
}

#[test]
fn an_endless_loop_ends_and_so_does_one_in_the_kernel() {
    let mut bench = Bench::default();
    let elf = elf_of("1: j 1b", &[]);
    for (max_steps, instructions) in [(3_000_000, Some(3_000_000)), (EXACT_STEPS_MAX + 1, None)] {
        let report = bench.run_elf(&elf, &Run { input: &[], max_steps, cost: false });
        assert_eq!((report.status, report.instructions), (Status::Timeout, instructions));
    }
    // One ECALL that hashes 2^32 - 1 blocks.
    let source = "li t0, 3\n li a0, 0x500000\n li a1, 0x500100\n li a2, 0x500200\n li a3, 0x500220\n li a4, -1\n ecall";
    let report = bench.run_elf(&elf_of(source, &[]), &Run { input: &[], max_steps: 1000, cost: false });
    assert_eq!((report.status, report.instructions), (Status::Timeout, Some(9)));
}

#[test]
fn the_kernel_s_cycles_do_not_count_into_an_exact_limit() {
    let mut bench = Bench::default();
    let call = software(1, "nop");
    let elf = elf_of(
        &format!("li a0, 0\n li a1, 0\n li s0, 100000\n 1: {call} addi s0, s0, -1\n bnez s0, 1b\n{HALT}"),
        &named("SYS_ARGC", &[]),
    );
    let report = bench.run_elf(&elf, &Run { input: &[], max_steps: 1_000_000, cost: true });
    // The halt takes four, the loop seven a turn, and what is before it four.
    assert_eq!((report.status, report.instructions), (Status::Ok, Some(4 + 7 * 100_000 + 4)));
    assert!(report.cycles.unwrap().total > 1 << 22);
}

#[test]
fn a_long_run_says_what_a_short_one_says_but_for_what_is_watched() {
    let mut bench = Bench::default();
    let turns = WATCHED_INSTRUCTIONS;
    let elf = elf_of(&format!("{} li t0, 0\n li a0, 0x700\n li a1, 0x500000\n ecall", counting(turns)), &[]);
    let run = Run { input: &[], max_steps: 1 << 40, cost: true };
    let report = bench.run_elf(&elf, &run);
    assert_eq!((report.status, report.exit_code), (Status::Failed, Some(7)));
    assert!(report.instructions.is_none() && report.registers.is_none());
    let cycles = report.cycles.unwrap();
    assert!(cycles.total > 2 * turns && cycles.total < 2 * turns + 200, "{}", cycles.total);
    assert_eq!(cycles.by_segment.iter().sum::<u64>(), cycles.total);
    let cost = report.cost;
    assert_eq!(cost.segments, Some(cycles.by_segment.len() as u64));
    assert_eq!(cost.proof_cycles, Some(cost.risc0_segment_po2.iter().map(|po2| 1 << po2).sum()));
    assert!(cost.risc0_segment_po2.split_last().unwrap().1.iter().all(|&po2| po2 == 18));
}

#[test]
fn asking_for_the_cost_changes_nothing_else() {
    let mut bench = Bench::default();
    let elf = committing(b"xyz", 3);
    let [without, with] =
        [false, true].map(|cost| bench.run_elf(&elf, &Run { input: &[], max_steps: MAX_STEPS, cost }));
    assert_eq!(with.cost.segments, Some(1));
    assert_eq!(with.cost.risc0_segment_po2.len(), 1);
    let plain =
        |report: &RunReport| RunReport { execute_ms: None, cycles: None, cost: Cost::default(), ..report.clone() };
    assert_eq!(plain(&with), plain(&without));
}

#[test]
fn memory_bombs_are_stopped() {
    let mut bench = Bench::default();
    let source = "li t1, 0x600000\n 1: sw t1, 0(t1)\n addi t1, t1, 1024\n j 1b";
    let guest = bench.load(&elf_of(source, &[])).unwrap();
    let keep = Keep { memory_limit_bytes: 2 << 20, ..Keep::default() };
    let want = Want { max_steps: 1 << 40, session: false, keep };
    let execution = execute(&guest, &[], want, &Context::detached()).unwrap();
    assert_eq!(report(&guest, &execution, 1 << 40, false).unwrap().status, Status::OutOfMemory);
}

#[test]
fn the_hundredth_run_answers_as_the_first() {
    let mut bench = Bench::default();
    let guest = bench.load(&committing(b"again", 0)).unwrap();
    let run = Run { input: b"in", max_steps: MAX_STEPS, cost: false };
    let mut once = || {
        let report = bench.runner.execute(&guest, &run, &Context::detached()).unwrap();
        RunReport { execute_ms: None, ..report }
    };
    let first = once();
    assert!((0..99).all(|_| once() == first));
}
