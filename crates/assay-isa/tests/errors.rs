//! What the assembler says of bad lines, and what it makes of layout.

use assay_isa::{AssembleOptions, Isa, assemble};

const BAD: &str = r#"start:
    add  a0, a1
    add  a0, a1, a2, a3
    add  a9, a1, a2
    adid a0, a1, 1
    addi a0, a1, 2048
    addi a0, a1, (1 + 2
    lw   a0, 4
    lw   a0, 4(label)
    sw   a0, 4096(sp)
    slli a0, a0, 32
    ld   a0, 0(sp)
    amoadd.w a0, a1, (a2)
    lui  a0, 0x100000
    beq  a0, a1, far
    beq  a0, a1, 3
    j    missing
    j    1f
    j    9b
    li   a0, 0x100000000
    li   a0, start
    li   a0, later
    rdcycle a0
    csrr a0, mcycle
    mret
    c.addi a0, 1
start: nop
a0: nop
    .word 0x100000000, 1
    .byte 256
    .align 40
    .balign 12
    .space -1
    .space 4294967296
    .equ later
    .ascii "open
    .include "other.s"
    .bogus 1
    .section .debug
    .equiv start, 1
    .fill 1, 9
    .fill 1, 1, 256
    .fill -1
    .ascii "\400"
    lw   a0, start(zero)
    lui  a0, start
    slli a0, a0, start
    call a0@plt
    .word start + start, start - start
    beq  a0, a1, -start
    lui  a0, %hi(~start)
    addi a0, a0, start@plt
    .insn q 1, 2
    .insn 0x1234
    fence wr, w
    jal  a0, a1, 4
    li   a0, 1 / 0
    li   a0, 12ab
	addi	a0,	a1,	zero ; addi a0, a0, 5000
    addi a0, a0, %hi(start)
    lw   a0, %pcrel_lo(start)(a0)
    é
    .byte 1
    nop
    nop
    .space 8192
far: .data
    .text
later:
/* never closed
"#;

#[test]
fn all_bad_lines_are_reported_at_once_with_column_text_and_what_was_expected() {
    let errors = assemble(BAD, &AssembleOptions::new(Isa::RV32IM, 0x1000)).unwrap_err();
    insta::assert_snapshot!(errors.to_string());
}

fn assembled(source: &str) -> assay_isa::Assembly {
    assemble(source, &AssembleOptions::new(Isa::RV32IM, 0x1000)).unwrap_or_else(|errors| panic!("{errors}"))
}

#[test]
fn labels_constants_and_lines_are_known_after_assembly() {
    let assembly = assembled("start: nop\n.equ N, 4 - 5\nli a0, 0x12345678; nop\n\ntable: .word N, end\n.byte 1\nend:");
    assert_eq!(
        assembly.symbols.iter().map(|(name, &at)| (name.as_str(), at)).collect::<Vec<_>>(),
        [("end", 0x1019), ("start", 0x1000), ("table", 0x1010)]
    );
    assert_eq!(assembly.constants["N"], -1);
    let ends = |ranges: Vec<std::ops::Range<u64>>| ranges.iter().map(|r| (r.start, r.end)).collect::<Vec<_>>();
    assert_eq!(ends(assembly.code_ranges()), [(0x1000, 0x1010)]);
    assert_eq!(ends(assembly.data_ranges()), [(0x1010, 0x1019)]);
    assert_eq!(assembly.words(), None);
    let lines: Vec<_> = assembly.lines.iter().map(|line| (line.line, line.size, line.is_data)).collect();
    assert_eq!(lines, [(1, 4, false), (3, 8, false), (3, 4, false), (5, 8, true), (6, 1, true)]);
    assert_eq!(assembly.line_at(0x1008), Some(3));
    assert_eq!(assembly.line_at(0x1018), Some(6));
    assert_eq!(assembly.line_at(0x1019), None);
    assert_eq!(assembly.line_at(0xfff), None);
}

#[test]
fn a_branch_to_a_number_is_relative_and_one_to_a_label_goes_there() {
    let words = |source| assembled(source).words().unwrap();
    assert_eq!(words("nop; beq a0, a1, -4"), words("l: nop; beq a0, a1, l"));
    assert_eq!(words("nop; beq a0, a1, -4"), words("nop; beq a0, a1, . - 4"));
    assert_eq!(words(".equ back, -4; nop; beq a0, a1, back"), words("1: nop; beq a0, a1, 1b"));
    assert_eq!(words("j 8; nop; nop"), words("j 1f; nop; 1: nop"));
}

#[test]
fn the_farthest_targets_are_reached_and_the_next_ones_are_errors() {
    let options = AssembleOptions::new(Isa::RV32IM, 0);
    for (instruction, reach) in [("beq a0, a1", 4094), ("jal ra", 0xf_fffe)] {
        let forward = |distance| assemble(&format!("{instruction}, l\n.space {}\nl:", distance - 4), &options);
        assert!(forward(reach).is_ok(), "{instruction}");
        let message = forward(reach + 2).unwrap_err()[0].message.clone();
        assert!(message.contains(&format!("{} bytes away", reach + 2)), "{message}");
        let back = (reach + 2) / 4 * 4;
        let backward = |distance| assemble(&format!("l: .space {distance}\n{instruction}, l"), &options);
        assert!(backward(back).is_ok(), "{instruction}");
        assert!(backward(back + 4).is_err(), "{instruction}");
    }
}

#[test]
fn numeric_labels_mean_the_nearest_definition() {
    let assembly = assembled("1: nop\n1: j 1b\nj 1f\n1: nop\n1: nop");
    let words = assembly.words().unwrap();
    assert_eq!(words[1..3], [0x0000_006f, 0x0040_006f]);
}

#[test]
fn pairs_reach_their_symbol_from_either_side_of_the_rounding() {
    for pad in [0x7f0, 0x7f4, 0x7f8, 0x7fc, 0x800] {
        let assembly = assembled(&format!("la a0, far\n.space {pad}\nfar: nop"));
        let words = assembly.words().unwrap();
        let upper = words[0] & 0xffff_f000;
        let lower = (words[1] as i32 >> 20) as u32;
        assert_eq!(upper.wrapping_add(lower).wrapping_add(0x1000), assembly.symbols["far"] as u32, "{pad:#x}");
    }
}

#[test]
fn an_upper_part_that_rv64_would_sign_extend_is_refused() {
    let high = AssembleOptions::new(Isa::RV64IM, 0x8000_0000);
    assert!(assemble("l: lui a0, %hi(l)", &high).unwrap_err()[0].message.contains("sign-extended"));
    assert!(assemble("l: la a0, l", &high).is_ok());
    let high = AssembleOptions::new(Isa::RV32IM, 0x8000_0000);
    assert!(assemble("l: lui a0, %hi(l)", &high).is_ok());
}

#[test]
fn alignment_pads_code_with_nops_and_data_sections_with_zeros() {
    assert_eq!(assembled("nop\n.align 4").words().unwrap(), [0x13; 4]);
    assert_eq!(assembled(".data\n.word 1\n.align 4").words().unwrap(), [1, 0, 0, 0]);
    assert_eq!(assembled(".byte 1\n.balign 8").bytes, [1, 0, 0, 0, 0x13, 0, 0, 0]);
    assert_eq!(assembled(".byte 1\n.balign 4, 7").bytes, [1, 7, 7, 7]);
    assert_eq!(assembled(".byte 1\n.balign 4,,2").bytes, [1]);
}
