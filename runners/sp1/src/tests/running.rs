//! How runs end, and what is known of them.

use assay_guest::{Commitment, Harness};
use assay_isa::{AssembleOptions, Isa, assemble};
use assay_runner_kit::Run;
use assay_spec::{Platform, Register, Status, TrapKind, Word};

use super::{BASE, Bench, DATA, MAX_STEPS, call, committing, elf_of, elf_of_words, halt, register, write};

#[test]
fn a_loop_ends_with_its_output_registers_and_cost() {
    let mut bench = Bench::default();
    let elf = committing("li x7, 10\n 1: addi x6, x6, 3\n addi x7, x7, -1\n bnez x7, 1b", b"abcd1234", 0);
    let report = bench.run_elf(&elf, &Run { input: &[], max_steps: MAX_STEPS, cost: true });
    assert_eq!((report.status, report.exit_code, &report.output.0[..]), (Status::Ok, Some(0), &b"abcd1234"[..]));
    assert_eq!((register(&report, 6), register(&report, 7)), (30, 0));
    let instructions = report.instructions.unwrap();
    assert_eq!(report.cycles.unwrap().by_segment, [instructions]);
    assert_eq!(report.cost.segments, Some(1));
    assert!(report.cost.sp1_gas.unwrap() > 0);
}

#[test]
fn exit_codes_and_what_the_guest_said_of_them() {
    let mut bench = Bench::default();
    let report = bench.run(&halt(42), &[]);
    assert_eq!((report.status, report.exit_code, report.message), (Status::Failed, Some(42), None));
    let report = bench.run(&format!("{}{}", write(2, b"panicked: boom\n"), halt(1)), &[]);
    assert_eq!((report.status, report.exit_code), (Status::Failed, Some(1)));
    assert_eq!(report.message.as_deref(), Some("panicked: boom"));
    assert_eq!(report.guest_log.as_deref(), Some("panicked: boom\n"));
}

/// Loops of every shape, each of which must end at the limit, exactly.
#[test]
fn the_step_limit_is_exact_whatever_the_loop() {
    let mut bench = Bench::default();
    let place = format!("li x8, {DATA:#x}\n");
    for source in [
        "1: j 1b".to_owned(),
        "1: addi x5, x5, 1\n j 1b".to_owned(),
        "1: addi x5, x5, 1\n beq x0, x0, 1b".to_owned(),
        "1: addi x6, x6, 1\n bne x0, x6, 1b".to_owned(),
        "auipc x5, 0\n addi x6, x6, 1\n jr x5".to_owned(),
        "1: auipc x5, 0\n jalr x6, 0(x5)".to_owned(),
        "1: auipc x1, 0\n jalr x1, 0(x1)".to_owned(),
        "1: jal x1, 2f\n j 1b\n 2: ret".to_owned(),
        format!("{place} 1: sd x5, 0(x8)\n addi x5, x5, 1\n j 1b"),
        "1: li t0, 0xf0\n ecall\n j 1b".to_owned(),
    ] {
        let elf = elf_of(&source);
        for max_steps in [0, 1, 2, 99, 12_345] {
            let report = bench.run_elf(&elf, &Run { input: &[], max_steps, cost: false });
            assert_eq!((report.status, report.instructions), (Status::Timeout, Some(max_steps)), "{source}");
        }
    }
    let source = format!("li x7, 5\n 1: addi x7, x7, -1\n bnez x7, 1b\n {}", halt(7));
    let elf = elf_of(&source);
    let run = |max_steps| Run { input: &[], max_steps, cost: false };
    let whole = bench.run_elf(&elf, &run(MAX_STEPS)).instructions.unwrap();
    assert_eq!(bench.run_elf(&elf, &run(whole)).exit_code, Some(7));
    assert_eq!(bench.run_elf(&elf, &run(whole - 1)).status, Status::Timeout);
}

/// Jumps of all kinds leave the registers that they should, detours or not.
#[test]
fn detours_are_not_seen() {
    let mut bench = Bench::default();
    let source = format!(
        "auipc x18, 0\n j 2f\n 1: addi x19, x19, 1\n jalr x20, 0(x1)\n 2: jal x1, 1b\n auipc x21, 0\n addi x22, x21, 16\n \
         jalr x22, 0(x22)\n nop\n auipc x23, 0\n {}",
        halt(0)
    );
    let report = bench.run(&source, &[]);
    assert_eq!(report.status, Status::Ok, "{report:?}");
    let at = |index: u8| register(&report, index).wrapping_sub(BASE);
    assert_eq!((at(18), register(&report, 19), at(20), at(1)), (0, 1, 16, 20));
    // The jump skips nothing: 16 beyond `auipc x21` is the word after the `nop`.
    assert_eq!((at(21), at(22), at(23)), (20, 32, 36));
}

#[test]
fn input_is_one_hint() {
    let mut bench = Bench::default();
    let source = format!(
        "li t0, 0xf0\n ecall\n mv s2, t0\n li a0, {DATA:#x}\n mv a1, s2\n li t0, 0xf1\n ecall\n {}{}",
        call(2, [13, DATA, 8]),
        halt(0)
    );
    for (input, output) in [(&b"abc"[..], b"abc\0\0\0\0\0"), (b"", &[0; 8]), (b"12345678", b"12345678")] {
        let report = bench.run(&source, input);
        assert_eq!((report.status, &report.output.0[..]), (Status::Ok, &output[..]));
        assert_eq!(register(&report, 18), input.len() as u64);
    }
    let report = bench.run(&format!("{}{}", call(0xf1, [DATA, 3, 0]), call(0xf1, [DATA, 3, 0])), b"abc");
    assert_eq!(report.trap.unwrap().kind, TrapKind::InputExhausted);
}

#[test]
fn ten_mebibytes_of_stdout_are_counted_and_their_head_kept() {
    let mut bench = Bench::default();
    let source =
        format!("li s3, 160\n 1: {}\n addi s3, s3, -1\n bnez s3, 1b\n {}", call(2, [1, DATA, 1 << 16]), halt(0));
    let report = bench.run(&source, &[]);
    assert_eq!(report.status, Status::Ok);
    let log = report.guest_log.unwrap();
    assert!(log.len() < (64 << 10) + 100, "{}", log.len());
    assert!(log.ends_with("(the first 65536 of 10485760 bytes)"));
    let report = bench.run(&call(2, [1, DATA, u64::MAX]), &[]);
    assert_eq!(report.status, Status::OutputLimit);
    let report = bench.run(&call(2, [13, DATA, 1 << 18]), &[]);
    assert_eq!((report.status, report.output.0.len()), (Status::OutputLimit, 0));
}

#[test]
fn traps_have_kind_pc_and_address() {
    use TrapKind as Kind;
    let mut bench = Bench::default();
    for (source, (kind, pc, address)) in [
        (format!("li x5, {DATA:#x}\n lw x6, 2(x5)"), (Kind::MisalignedAccess, None, Some(DATA + 2))),
        (format!("li x5, {DATA:#x}\n sd x6, 4(x5)"), (Kind::MisalignedAccess, None, Some(DATA + 4))),
        ("li x5, -8\n ld x6, 0(x5)".to_owned(), (Kind::LoadFault, Some(4), Some(u64::MAX - 7))),
        ("li x5, -8\n sd x6, 0(x5)".to_owned(), (Kind::StoreFault, Some(4), Some(u64::MAX - 7))),
        ("nop".to_owned(), (Kind::FetchFault, Some(4), None)),
        ("jr x0".to_owned(), (Kind::FetchFault, Some(0_u64.wrapping_sub(BASE)), None)),
        ("nop\n ebreak".to_owned(), (Kind::Breakpoint, Some(4), None)),
        ("nop\n fence".to_owned(), (Kind::UnsupportedInstruction, Some(4), None)),
        ("li t0, 0x77\n ecall".to_owned(), (Kind::UnknownCall, Some(4), None)),
        ("li t0, 0x10\n li a0, 8\n ecall".to_owned(), (Kind::BadCallArgument, Some(8), None)),
    ] {
        let report = bench.run(&source, &[]);
        assert_eq!(report.status, Status::Trap, "{source}: {report:?}");
        assert!(report.message.is_some());
        let trap = report.trap.unwrap();
        assert_eq!((trap.kind, trap.address.map(|address| address.0)), (kind, address), "{source}");
        assert!(pc.is_none_or(|pc| trap.pc.0 == BASE.wrapping_add(pc)), "{source}: {trap}");
    }
    // Late, where the last chunk's count is lost.
    let report = bench.run("li x7, 1000\n 1: addi x7, x7, -1\n bnez x7, 1b\n ebreak", &[]);
    assert_eq!((report.status, report.instructions), (Status::Trap, Some(2001)));
    assert_eq!(
        bench.run_elf(&elf_of_words(&[0xc000_2573]), &Run { input: &[], max_steps: 9, cost: false }).trap.unwrap().kind,
        Kind::UnsupportedInstruction
    );
}

#[test]
fn memory_has_a_limit() {
    let mut bench = Bench::default();
    let source = format!("li x5, {DATA:#x}\n 1: sd x5, 0(x5)\n addi x5, x5, 8\n j 1b");
    let report = bench.run_elf(&elf_of(&source), &Run { input: &[], max_steps: 1 << 30, cost: false });
    assert_eq!(report.status, Status::OutOfMemory);
}

#[test]
fn a_harness_s_output_is_the_registers_that_the_report_has() {
    let mut bench = Bench::default();
    let body = assemble("addi x5, x6, 7\n mul x7, x5, x6", &AssembleOptions::new(Isa::RV64IM, 0)).unwrap();
    let mut harness = Harness::new(Platform::Sp1, Isa::RV64IM, body.words().unwrap());
    harness.registers.insert(Register::new(6).unwrap(), Word(5));
    for commitment in [Commitment::Absent, Commitment::Digest] {
        harness.commitment = commitment;
        let built = harness.build("test").unwrap();
        let report = bench.run_elf(&built.elf, &Run { input: &[], max_steps: MAX_STEPS, cost: false });
        assert_eq!(report.status, Status::Ok, "{report:?}");
        let registers = built.harness.unwrap().registers(&report.output.0).unwrap();
        assert_eq!(registers[&Register::new(7).unwrap()], Word(60));
    }
}
