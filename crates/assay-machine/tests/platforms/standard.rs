//! The `standard` platform.

use assay_isa::Isa;
use assay_machine::{End, Permissions, Segment, UnalignedSites, Unobserved, run};
use assay_spec::TrapKind;

use crate::{CODE, code, image, standard, standard_config, trap};

const HALT: &str = "li t0, 0\nli a0, 0\necall\n";

#[test]
fn halt_ends_with_the_low_half_of_a0_and_counts_itself() {
    let run = standard("li a0, 0x100000007\nli t0, 0\necall\nnop", &[]);
    assert_eq!(run.end, End::Halted { exit_code: 7 });
    let words = code("li a0, 0x100000007", Isa::RV64IMA).size / 4;
    assert_eq!(run.instructions, words + 2);
    assert_eq!(run.pc, CODE + 4 * (words + 1));
}

#[test]
fn read_input_gives_base_and_size_and_the_buffer_holds_the_input() {
    let source = format!(
        "li a0, 0x20000\nli a1, 0x20008\nli t0, 0xf2\necall\necall\nld s0, 0(a0)\nld s1, 0(a1)\n\
         li a0, 13\nmv a1, s0\nmv a2, s1\nli t0, 2\necall\nadd s2, s0, s1\nlbu s3, 0(s2)\n{HALT}"
    );
    let run = standard(&source, b"hello");
    assert_eq!(run.end, End::Halted { exit_code: 0 });
    assert_eq!(run.output, b"hello");
    assert_eq!(run.registers[8], 0x8000_0000);
    assert_eq!(run.registers[9], 5);
    assert_eq!(run.registers[19], 0, "zeros up to a multiple of 8");
    let run = standard(&source, &[]);
    assert_eq!(run.registers[9], 0);
    assert_eq!(trap(&run).0, TrapKind::LoadFault, "nothing is mapped for an empty input");
}

#[test]
fn the_cells_of_read_input_are_xlen_wide() {
    let source = "li a0, 0x20000\nli a1, 0x20004\nli t0, 0xf2\necall\nlw s0, 0(a0)\nlw s1, 4(a0)\nlw s2, 8(a0)\n\
                  li t0, 0\nli a0, 0\necall";
    let mut config = standard_config();
    config.isa = Isa::RV32IM;
    config.input_base = 0x4000_0000;
    let run = run(&image(source, config.isa), &[1, 2, 3], &config, &mut Unobserved).unwrap();
    assert_eq!([run.registers[8], run.registers[9], run.registers[18]], [0x4000_0000, 3, 0]);
}

#[test]
fn a_bad_cell_of_read_input_is_a_trap_with_its_address_and_writes_nothing() {
    for (cells, bad) in [
        ("li a0, 0x20000\nli a1, 0x20004", 0x20004),
        ("li a0, 0x20001\nli a1, 0x20008", 0x20001),
        ("li a0, 0x20000\nli a1, 8", 8),
        ("li a0, 0x80000000\nli a1, 0x20008", 0x8000_0000),
        ("li a0, -8\nli a1, 0x20008", u64::MAX - 7),
    ] {
        let run = standard(&format!("{cells}\nli t0, 0xf2\necall"), b"some input");
        let (kind, _, address, message) = trap(&run);
        assert_eq!((kind, address), (TrapKind::BadCallArgument, Some(bad)), "{cells}: {message}");
    }
}

#[test]
fn output_is_the_concatenation_of_all_writes_and_other_descriptors_are_ignored() {
    let source = format!(
        "la s0, text\nli a0, 13\nmv a1, s0\nli a2, 2\nli t0, 2\necall\n\
         mv a0, s0\nli a1, 3\nli t0, 0x10\necall\nli a1, 0\necall\nli a0, 0\nli a1, 0\necall\n\
         li a0, 1\nmv a1, s0\nli a2, 1\nli t0, 2\necall\nli a0, 2\necall\nli a0, 7\nli a1, 0\nli a2, 100\necall\n{HALT}\
         text: .ascii \"xyz\"\n"
    );
    let run = standard(&source, &[]);
    assert_eq!(run.end, End::Halted { exit_code: 0 });
    assert_eq!(run.output, b"xyxyz");
    assert_eq!(run.log, b"xx");
}

#[test]
fn writing_from_unreadable_memory_is_a_trap_however_long() {
    for (pointer, size) in [("0", "1"), ("-1", "2"), ("0x20000", "-1"), ("0x7fffffff", "2")] {
        let run = standard(&format!("li a0, {pointer}\nli a1, {size}\nli t0, 0x10\necall"), &[]);
        assert_eq!(trap(&run).0, TrapKind::BadCallArgument, "{pointer} {size}");
    }
}

#[test]
fn retired_and_unknown_calls_trap_and_say_what_to_do() {
    for (selector, kind, says) in [
        ("0xf0", TrapKind::RetiredCall, "read_input"),
        ("0xf1", TrapKind::RetiredCall, "read_input"),
        ("0x3", TrapKind::UnknownCall, "the accelerators 0x100 to 0x112"),
        ("0x113", TrapKind::UnknownCall, "t0 = 0x113"),
        ("0x3", TrapKind::UnknownCall, "0xf2 read_input"),
        ("0x100000000", TrapKind::UnknownCall, "t0 = 0x100000000"),
    ] {
        let run = standard(&format!("li t0, {selector}\necall"), &[]);
        let (found, _, _, message) = trap(&run);
        assert_eq!(found, kind, "{selector}");
        assert!(message.contains(says), "{selector}: {message}");
    }
}

#[test]
fn what_no_hart_executes_is_a_typed_trap() {
    for (source, kind, says) in [
        ("nop\n.word 0", TrapKind::IllegalInstruction, "compressed"),
        ("nop\n.word 0xffffffff", TrapKind::IllegalInstruction, "not a valid instruction"),
        ("nop\n.word 0xc0002573", TrapKind::UnsupportedInstruction, "CSR cycle"),
        ("nop\n.word 0xc0202573", TrapKind::UnsupportedInstruction, "CSR instret"),
        ("nop\n.word 0xc0102573", TrapKind::UnsupportedInstruction, "CSR time"),
        ("nop\nebreak", TrapKind::Breakpoint, "EBREAK"),
        ("nop\n.word 0x0000000b", TrapKind::IllegalInstruction, "xopenvm"),
    ] {
        let run = standard(source, &[]);
        let (found, pc, _, message) = trap(&run);
        assert_eq!((found, pc, run.instructions), (kind, 4, 1), "{source}");
        assert!(message.contains(says), "{source}: {message}");
    }
}

#[test]
fn accesses_outside_of_what_is_allowed_trap_with_their_address() {
    for (source, kind, bad) in [
        ("li t1, 0\nlw t2, 0(t1)", TrapKind::LoadFault, 0),
        ("li t1, 1\nlh t2, 0(t1)", TrapKind::LoadFault, 1),
        ("li t1, 1\nsd t2, 0(t1)", TrapKind::StoreFault, 1),
        ("li t1, 0xfffd\nlw t2, 0(t1)", TrapKind::LoadFault, 0xfffd),
        ("li t1, 0x7ffffffd\nsw t2, 0(t1)", TrapKind::StoreFault, 0x7fff_fffd),
        ("li t1, 0x90000000\nsd t2, 0(t1)", TrapKind::StoreFault, 0x9000_0000),
        ("li t1, -1\nsh t2, 0(t1)", TrapKind::StoreFault, u64::MAX),
        ("li t1, -4\nld t2, 0(t1)", TrapKind::LoadFault, u64::MAX - 3),
        ("la t1, .\nsb t2, 0(t1)", TrapKind::StoreFault, CODE),
        ("li t1, 0x80000000\nsb t2, 0(t1)", TrapKind::StoreFault, 0x8000_0000),
        ("li t1, 0x80000000\nlw t2, 0(t1)\nli t1, 0x80000008\nlbu t2, 0(t1)", TrapKind::LoadFault, 0x8000_0008),
        ("li t1, 0x20001\namoadd.w t2, t2, (t1)", TrapKind::MisalignedAccess, 0x20001),
        ("li t1, 0x20004\nlr.d t2, (t1)", TrapKind::MisalignedAccess, 0x20004),
        ("li t1, 0x80000000\namoadd.w t2, t2, (t1)", TrapKind::StoreFault, 0x8000_0000),
        ("li t1, 0x10\nlr.w t2, (t1)", TrapKind::LoadFault, 0x10),
    ] {
        let run = standard(source, b"input");
        let (found, _, address, message) = trap(&run);
        assert_eq!((found, address), (kind, Some(bad)), "{source}: {message}");
        assert_eq!(run.unaligned_accesses, 0, "{source}: a refused access did not happen");
    }
}

#[test]
fn addresses_of_rv32_wrap_around_and_an_access_over_the_top_traps() {
    let mut config = standard_config();
    config.isa = Isa::RV32IM;
    let run_it = |source: &str| run(&image(source, Isa::RV32IM), &[], &config, &mut Unobserved).unwrap();
    let run = run_it("li t1, 0xffffffff\nlw t2, 2(t1)");
    assert_eq!(trap(&run).2, Some(1));
    let mut top = image("li t1, 0xfffffffe\nlhu t2, 0(t1)\nlw t2, 0(t1)", Isa::RV32IM);
    top.segments.push(Segment {
        address: 0xffff_f000,
        bytes: vec![0x5a; 0x1000],
        size: 0x1000,
        permissions: Permissions::RW,
    });
    let run = assay_machine::run(&top, &[], &config, &mut Unobserved).unwrap();
    assert_eq!(run.registers[7], 0x5a5a);
    assert_eq!((trap(&run).0, trap(&run).2), (TrapKind::LoadFault, Some(0xffff_fffe)));
}

#[test]
fn execution_that_leaves_code_traps_where_it_goes() {
    let run = standard("nop", &[]);
    assert_eq!((trap(&run).0, trap(&run).1, run.instructions), (TrapKind::FetchFault, 4, 1));
    let run = standard("li t1, 0x20000\njr t1", &[]);
    assert_eq!((trap(&run).0, run.pc), (TrapKind::FetchFault, 0x20000));
    let run = standard("jal ra, 2\n", &[]);
    assert_eq!((trap(&run).0, trap(&run).1, trap(&run).2), (TrapKind::MisalignedFetch, 0, Some(CODE + 2)));
    assert_eq!(run.registers[1], 0, "a jump that traps links nothing");
    let run = standard("beq x0, x0, 6\n", &[]);
    assert_eq!(trap(&run).2, Some(CODE + 6));
    let run = standard("la t1, .\njalr ra, 2(t1)", &[]);
    assert_eq!((trap(&run).0, trap(&run).2), (TrapKind::MisalignedFetch, Some(CODE + 2)));
    let run = standard(&format!("bne x0, x0, 6\n{HALT}"), &[]);
    assert_eq!(run.end, End::Halted { exit_code: 0 }, "a branch that is not taken goes nowhere");
}

#[test]
fn misaligned_loads_and_stores_work_and_are_counted() {
    let run =
        standard(&format!("li t1, 0x20ffd\nli t2, 0x1234\nsd t2, 0(t1)\nlw t3, 0(t1)\nlb t4, 0(t1)\n{HALT}"), &[]);
    assert_eq!(run.end, End::Halted { exit_code: 0 });
    assert_eq!(run.registers[28], 0x1234);
    assert_eq!(run.unaligned_accesses, 2);
}

#[test]
fn misaligned_accesses_are_counted_by_the_instruction_that_makes_them() {
    let source = format!(
        "li t1, 0x20ffd\nli t3, 3\n1: sd t3, 0(t1)\nlw t4, 3(t1)\naddi t3, t3, -1\nbnez t3, 1b\nlh t4, 0(t1)\n{HALT}"
    );
    let mut sites = UnalignedSites::default();
    let config = standard_config();
    let run = run(&image(&source, config.isa), &[], &config, &mut sites).unwrap();
    let store = CODE + code("li t1, 0x20ffd\nli t3, 3", config.isa).size;
    assert_eq!(sites.counts().iter().collect::<Vec<_>>(), [(&store, &3), (&(store + 16), &1)]);
    assert_eq!((run.end, run.unaligned_accesses), (End::Halted { exit_code: 0 }, 4));
}

#[test]
fn neighbouring_segments_in_one_page_keep_their_own_permissions() {
    let source = format!("li t1, 0x30010\nlw t2, -4(t1)\nsw t2, 0(t1)\nlw t3, 0(t1)\nsw t2, -4(t1)\n{HALT}");
    let mut image = image(&source, Isa::RV64IMA);
    for (address, permissions) in [(0x3_0000, Permissions::R), (0x3_0010, Permissions::RW)] {
        image.segments.push(Segment { address, bytes: vec![7; 16], size: 16, permissions });
    }
    let run = run(&image, &[], &standard_config(), &mut Unobserved).unwrap();
    assert_eq!((trap(&run).0, trap(&run).2), (TrapKind::StoreFault, Some(0x3_000c)));
    assert_eq!(run.registers[28], 0x0707_0707);
}
