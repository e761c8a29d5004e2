//! Whatever the text says, the answer is bytes or errors: no panic, no hang, no allocation beyond the limits.

use assay_isa::{AssembleErrors, AssembleOptions, Assembly, Isa, assemble};
use proptest::prelude::*;

const VALID: &str = include_str!("data/valid.s");

/// Assembles under tight limits and checks what must hold of any answer.
fn survive(source: &str) -> Result<Assembly, AssembleErrors> {
    let options =
        AssembleOptions { max_output_bytes: 1 << 16, max_errors: 5, ..AssembleOptions::new(Isa::RV64IMA, 0x1000) };
    let result = assemble(source, &options);
    match &result {
        Ok(assembly) => {
            assert!(assembly.bytes.len() <= options.max_output_bytes);
            let mut next = options.base;
            for line in &assembly.lines {
                assert_eq!(line.address, next, "lines are contiguous and in order");
                next += line.size as u64;
            }
            assert_eq!(next - options.base, assembly.bytes.len() as u64);
        }
        Err(errors) => {
            assert!((1..=5).contains(&errors.len()));
            let count = source.lines().count().max(1);
            for error in errors.iter() {
                assert!((1..=count).contains(&error.line), "{error:?}");
                assert!(error.column >= 1 && error.text.chars().count() <= 160);
            }
            assert!(!errors.to_string().is_empty());
        }
    }
    result
}

/// A word of the language, or something that looks like one.
fn fragment() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(VALID.split_whitespace().map(str::to_owned).collect::<Vec<_>>()),
        prop::sample::select(
            [
                "%",
                "%hi(",
                "%pcrel_lo(1b)",
                "(",
                ")",
                "((",
                ",",
                ",,",
                ":",
                "1:",
                "1f",
                "1b",
                "0b",
                "-",
                "~",
                "<<",
                "/*",
                "*/",
                "//",
                "#",
                ";",
                "\"",
                "'",
                "\\",
                "=",
                ".",
                ".equ x, x",
                ".align 99",
                ".space -1",
                ".space 0xffffffffffffffff",
                ".insn",
                ".insn r",
                "x",
                "x:",
                "a0:",
                "la a0, 9f",
                "li a0, 1/0",
                "1 % 0",
                "1 << 64",
                "0x8000000000000000 / -1",
                ".word x - y",
                ".section .data",
                ".text",
                "fence rw",
                "\u{e9}",
                "\0",
                "18446744073709551616",
                ".byte 256",
                "lw a0, -x(a1)",
                "beq a0, a1, .+5000",
                "\r",
                "\t",
            ]
            .map(str::to_owned)
            .to_vec()
        ),
        "[ -~]{0,6}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn any_text_is_answered(source in any::<String>()) {
        let _ = survive(&source);
    }

    #[test]
    fn any_arrangement_of_fragments_is_answered(
        parts in prop::collection::vec((fragment(), prop::sample::select(vec![" ", "\n", ", ", ""])), 0..40)
    ) {
        let source: String = parts.iter().flat_map(|(part, gap)| [part.as_str(), gap]).collect();
        let _ = survive(&source);
    }

    #[test]
    fn mutated_valid_text_is_answered(
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..3u8, any::<char>(), fragment()), 1..6)
    ) {
        let mut characters: Vec<char> = VALID.chars().collect();
        for (index, kind, character, fragment) in edits {
            let at = index.index(characters.len());
            match kind {
                0 => { characters.remove(at); }
                1 => characters[at] = character,
                _ => { characters.splice(at..at, fragment.chars()); }
            }
        }
        let _ = survive(&characters.into_iter().collect::<String>());
    }
}

#[test]
fn the_text_that_is_mutated_is_valid() {
    if let Err(errors) = survive(VALID) {
        panic!("{errors}");
    }
}

#[test]
fn deep_and_long_expressions_end_without_overflowing_the_stack() {
    for opening in ["(", "-", "~", "-(", "+"] {
        let deep = format!(".word {}1", opening.repeat(30_000));
        assert!(survive(&deep).unwrap_err()[0].message.contains("nested deeper"), "{opening}");
    }
    let long = format!(".word 0{}", " + 1 * 1".repeat(7_000));
    let assembly = survive(&long).unwrap();
    assert_eq!(assembly.words().unwrap(), [7_000]);
    assert!(survive(&"(".repeat(60_000)).is_err());
    assert!(survive(&format!("add {}", "a0, ".repeat(15_000))).is_err());
    assert!(survive(&format!("{}nop", "x: ".repeat(20_000))).is_err());
}

#[test]
fn each_limit_is_an_error_that_names_it() {
    let message = |source: &str| survive(source).unwrap_err()[0].message.clone();
    assert!(message(".space 4294967296").contains("the limit is 65536"));
    assert!(message(".space 0x7fffffffffffffff").contains("the limit is 65536"));
    assert!(message(".byte 1\n.align 16\n.byte 1\n.align 16").contains("the limit is 65536"));
    assert!(message(&" ".repeat(65_537)).contains("the limit is 65536"));
    assert!(survive(&" ".repeat(65_536)).is_ok());
    let many = ".word x, x, x, x, x, x, x, x\n".repeat((1 << 15) + 1) + "x:";
    let errors = assemble(&many, &AssembleOptions::new(Isa::RV32IM, 0)).unwrap_err();
    assert_eq!(errors[0].line, (1 << 15) + 1, "the last line passes the limit");
    assert!(errors[0].message.contains("262144 references"), "{errors}");
    assert_eq!(errors.len() + errors.omitted, 1, "said once, for eight references");
    let small = AssembleOptions { max_source_bytes: 10, ..AssembleOptions::new(Isa::RV32IM, 0) };
    assert!(assemble("nop # long enough", &small).unwrap_err()[0].message.contains("the limit is 10"));
    let errors = survive(&"bad\n".repeat(50)).unwrap_err();
    assert_eq!((errors.len(), errors.omitted), (5, 45));
    assert!(errors.to_string().ends_with("... and 45 more"));
    let top = AssembleOptions::new(Isa::RV32IM, 0xffff_fffc);
    assert!(assemble("nop", &top).is_ok());
    assert!(assemble("nop; nop", &top).unwrap_err()[0].message.contains("beyond the rv32 address space"));
    let beyond = AssembleOptions::new(Isa::RV32IM, 1 << 32);
    assert!(assemble("nop", &beyond).unwrap_err()[0].message.contains("outside the rv32 address space"));
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let text = survive("add \u{1b}[2J a0\n\u{1b}:").unwrap_err().to_string();
    assert!(!text.contains('\u{1b}'), "{text:?}");
}
