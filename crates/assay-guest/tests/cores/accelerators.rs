//! The accelerators as guests compute them: by precompiles and guest code, against known answers; and what they cost, for
//! docs/accelerators.md, which `ASSAY_WRITE_DOCS=1 cargo test -p assay-guest --test cores accelerators` writes.

use std::{fmt::Write as _, path::PathBuf};

use assay_accelerators::{
    Function, Kind, TABLE,
    vectors::{KnownAnswer, known_answers},
};
use assay_guest_rt::accelerators as runtime;

use super::{execution::on_the_reference_machine, *};

/// Most bytes that a core for OpenVM can give: the public values.
const OPENVM_OUTPUT_BYTES: usize = 256;

/// Powers of numbers that are longer together take millions of instructions.
const LONG_NUMBERS_BYTES: usize = 1024;

/// A known answer of each function that is an ordinary use of it.
const ORDINARY: [&str; 19] = [
    "length_136",
    "wycheproof_1",
    "wycheproof_1",
    "length_64",
    "length_64",
    "nagydani_2_pow0x10001",
    "different_points",
    "by_the_order_minus_one",
    "bilinear",
    "eip_152_vector_5",
    "correct_proof_4_4",
    "5_plus_7",
    "any_256_bits",
    "5_plus_7",
    "any_256_bits",
    "bilinear",
    "rfc9380_j_9_1_0_q0",
    "rfc9380_j_10_1_0_q0",
    "wycheproof_1",
];

/// Where a platform that has a hart stands in the page.
const COLUMNS: [(&str, Platform, Option<Isa>); 5] = [
    ("standard, rv32im", Platform::Standard, Some(Isa::RV32IM)),
    ("standard, rv64im", Platform::Standard, Some(Isa::RV64IM)),
    ("risc0", Platform::Risc0, None),
    ("sp1", Platform::Sp1, None),
    ("openvm", Platform::OpenVm, None),
];

pub(crate) fn core(platform: Platform, isa: Option<Isa>) -> BuiltGuest {
    let builder = GuestBuilder::new(sources()).unwrap();
    let built = builder.build_core("accelerators", platform, isa, &mut |line| eprintln!("{line}"));
    built.unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn input(answer: &KnownAnswer) -> String {
    let function = answer.function.signature().selector - TABLE[0].selector;
    let bytes = assay_spec::HexBytes(answer.encoded_inputs());
    format!(r#"{{"function": {function}, "input": "{bytes}"}}"#)
}

/// Its input as the guest reads it.
fn encoded(answer: &KnownAnswer) -> Vec<u8> {
    description("accelerators").encode_json(input(answer).as_bytes()).unwrap()
}

fn expected(answer: &KnownAnswer) -> Did {
    Did { output: answer.encoded_result(), end: Ended::Exit(0) }
}

/// What an answer is an example of: of a function, of failing, and of saying yes or no.
fn outcome(answer: &KnownAnswer) -> (Function, Option<u8>) {
    (answer.function, answer.output.as_ref().map(|output| if output.len() == 1 { output[0] } else { 2 }))
}

pub(crate) fn is_ordinary(answer: &KnownAnswer) -> bool {
    ORDINARY[answer.function as usize] == answer.name
}

/// What is computed where a call takes millions of instructions: the ordinary one, and the shortest of each other outcome.
/// Natively all are computed.
fn some(answers: &[KnownAnswer]) -> Vec<&KnownAnswer> {
    let mut sorted: Vec<_> = answers.iter().collect();
    sorted.sort_by_key(|answer| (!is_ordinary(answer), answer.encoded_inputs().len()));
    let mut some: Vec<&KnownAnswer> = Vec::new();
    for answer in sorted {
        let cheap = [Function::Keccak256, Function::Sha256, Function::Ripemd160, Function::Blake2f];
        if cheap.contains(&answer.function) || some.iter().all(|other| outcome(other) != outcome(answer)) {
            some.push(answer);
        }
    }
    some
}

#[test]
fn every_known_answer_comes_out_natively() {
    let native = core(Platform::Native, None);
    for answer in known_answers().unwrap() {
        assert_eq!(did(&native, &input(&answer)), expected(&answer), "{} {}", answer.function, answer.name);
    }
}

#[test]
fn known_answers_come_out_on_every_platform_with_a_hart_in_as_many_instructions_as_the_page_says() {
    let answers = known_answers().unwrap();
    let kept = fs::read_to_string(page_path()).unwrap();
    for (platform, isa) in TARGETS.into_iter().filter(|&(platform, _)| platform != Platform::Native) {
        let core = core(platform, isa);
        let mut computed = 0;
        for answer in some(&answers) {
            let expected = expected(answer);
            if platform == Platform::OpenVm && expected.output.len() > OPENVM_OUTPUT_BYTES {
                continue;
            }
            let (found, instructions) = on_the_reference_machine(&core, &encoded(answer));
            let found = cut_to(found, &expected, platform);
            assert_eq!(found, expected, "{} {} on {platform} {isa:?}", answer.function, answer.name);
            if is_ordinary(answer) && compiler(&core) == said_compiler(&kept) {
                let said = said_instructions(&kept, answer, (platform, isa));
                assert_eq!(said, grouped(instructions), "{} on {platform} {isa:?}: {OUT_OF_DATE}", answer.function);
            }
            computed += 1;
        }
        assert!(computed > 2 * TABLE.len(), "{computed} on {platform}");
    }
}

/// Where a zkVM's calls do the work, all answers are few instructions.
#[test]
fn every_known_answer_of_a_precompile_comes_out() {
    let answers = known_answers().unwrap();
    for (platform, isa) in TARGETS {
        let core = OnceLock::new();
        for answer in &answers {
            let means = runtime::TABLE[answer.function as usize].on(platform.name());
            // The longest numbers are guest code's everywhere.
            let long = answer.function == Function::Modexp && answer.encoded_inputs().len() > LONG_NUMBERS_BYTES;
            if matches!(means, Some(runtime::Means::Precompile(_))) && !long {
                let core = core.get_or_init(|| self::core(platform, isa));
                let found = did(core, &input(answer));
                assert_eq!(found, expected(answer), "{} {} on {platform}", answer.function, answer.name);
            }
        }
    }
}

const OUT_OF_DATE: &str =
    "docs/accelerators.md is out of date: ASSAY_WRITE_DOCS=1 cargo test -p assay-guest --test cores accelerators";

fn page_path() -> PathBuf {
    tree().join("docs/accelerators.md")
}

/// What a core was compiled with, without the linker.
fn compiler(core: &BuiltGuest) -> &str {
    core.manifest.toolchain.split(", ").next().unwrap()
}

/// The same of the page.
fn said_compiler(page: &str) -> &str {
    let (_, behind) = page.split_once(COMPILER_LINE).unwrap_or_default();
    behind.split_once(".\n").unwrap_or_default().0
}

/// The number in the page, without what computes.
fn said_instructions<'a>(page: &'a str, answer: &KnownAnswer, target: (Platform, Option<Isa>)) -> &'a str {
    let row = page.lines().find(|line| line.starts_with(&format!("| `{}` |", answer.function))).unwrap_or_default();
    let place = COLUMNS.iter().position(|&(_, platform, isa)| (platform, isa) == target).unwrap();
    row.split('|').nth(3 + place).unwrap_or_default().trim().split(' ').next().unwrap_or_default()
}

/// The numbers are those of one compiler, which has to be the source tree's; they are compared where they are measured anyway.
#[test]
fn the_page_says_how_each_is_computed() {
    let path = page_path();
    if std::env::var_os("ASSAY_WRITE_DOCS").is_some() {
        fs::write(&path, page(None)).unwrap();
    }
    let without_numbers = |text: &str| text.replace(|c: char| c.is_ascii_digit() || c == ',', "");
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(without_numbers(&kept), without_numbers(&page(Some(said_compiler(&kept)))), "{OUT_OF_DATE}");
    let chosen = fs::read_to_string(tree().join("rust-toolchain.toml")).unwrap();
    let channel = chosen.lines().find_map(|line| line.strip_prefix("channel = ")).unwrap().trim_matches('"');
    assert!(said_compiler(&kept).starts_with(&format!("rustc {channel} ")), "{OUT_OF_DATE}");
}

/// The page, measured; with zeros for the numbers if it is to be as a `compiler` has it.
fn page(compiler: Option<&str>) -> String {
    let answers = known_answers().unwrap();
    let cores = COLUMNS.map(|(_, platform, isa)| compiler.is_none().then(|| core(platform, isa)));
    let mut page = PAGE_HEAD.to_owned();
    let measured_with = cores[0].as_ref().map(self::compiler);
    let _ = write!(page, "{COMPILER_LINE}{}.\n\n{TABLE_HEAD}", measured_with.or(compiler).unwrap_or_default());
    for (row, of_runtime) in TABLE.iter().zip(runtime::TABLE) {
        let answer = answers.iter().find(|answer| answer.function == row.function && is_ordinary(answer)).unwrap();
        let _ = write!(page, "| `{}` | `{}` |", row.name, answer.name);
        for ((_, platform, _), core) in COLUMNS.iter().zip(&cores) {
            let instructions = core.as_ref().map_or(0, |core| execution::ran(core, &encoded(answer)).instructions);
            let means = match of_runtime.on(platform.name()).unwrap() {
                runtime::Means::Ecall => "ECALL".to_owned(),
                runtime::Means::Precompile(calls) => format!("**{calls}**"),
                runtime::Means::GuestCode(with) => with.to_owned(),
            };
            let _ = write!(page, " {} ({means}) |", grouped(instructions));
        }
        page.push('\n');
    }
    page
}

/// With a comma between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(|group| str::from_utf8(group).unwrap()).collect();
    groups.join(",")
}

const PAGE_HEAD: &str = "\
# Accelerators in guests

<!-- Generated: ASSAY_WRITE_DOCS=1 cargo test -p assay-guest --test cores accelerators -->

What a guest calls as `assay_guest_rt::accelerators::keccak256` in Rust, with the runtime's feature `accelerators`, and as
`zkvm_keccak256` of `zkvm_accelerators.h` in C, is an ECALL of the reference machine on `standard`, calls of the zkVM where it
has some that the runtime uses (**bold**), and guest code elsewhere, for which the crate is named; natively it is guest code,
too. The results are the same everywhere, and so is what fails. On SP1 and RISC Zero hashes, ECDSA, points of G1 and powers use
the zkVM's calls; `bigint2` runs programs, which are those of RISC Zero's crate `risc0-bigint2`. Elements of the fields of G2 and of
pairings stay in guest code: its types keep them in Montgomery's form, which the calls do not know. OpenVM's extensions would be
another circuit with other image ids. Guest code, too, are powers
modulo more than 4096 bits on RISC Zero, and modulo even numbers of more than 256 bits on SP1.

    assay diff --core accelerators -b native -b risc0 -b sp1 -b openvm \\
      --input-json '{\"function\": 0, \"input\": \"03000000616263\"}'

calls one function everywhere; some take more than the 10,000,000 instructions that `--max-steps` begins with. The numbers are
instructions of a whole guest that makes one call, on the reference machine as that platform, startup and output included; a
precompile's or an ECALL's own work is not in them. The call is a known answer of `crates/assay-accelerators/vectors`, by its
name there. A test compares the numbers with what it counts, where the guest is
";

const COMPILER_LINE: &str = "compiled by ";

const TABLE_HEAD: &str = "\
| function | call | standard, rv32im | standard, rv64im | risc0 | sp1 | openvm |
|---|---|---|---|---|---|---|
";

/// Three tables are about the same functions: the standard's, the runtime's, and the header's declarations.
#[test]
fn the_runtime_and_its_header_have_the_functions_of_the_table() {
    let header = include_str!("../../../assay-guest-rt/include/zkvm_accelerators.h");
    let spaced = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let declared: Vec<String> = header
        .split("zkvm_status zkvm_")
        .skip(1)
        .map(|rest| spaced(&format!("zkvm_status zkvm_{}", rest.split_inclusive(';').next().unwrap())))
        .collect();
    let known: Vec<String> = TABLE.iter().map(|row| spaced(&row.declaration()).replace("( ", "(")).collect();
    assert_eq!(declared.iter().map(|line| line.replace("( ", "(")).collect::<Vec<_>>(), known);
    for (row, of_runtime) in TABLE.iter().zip(runtime::TABLE) {
        assert_eq!((row.name, row.selector), (of_runtime.name, of_runtime.selector.into()));
    }
}

/// Sizes of the header's structs are those of the table: C would read or write beyond them otherwise.
#[test]
fn the_headers_structs_have_the_sizes_of_the_table() {
    let header = include_str!("../../../assay-guest-rt/include/zkvm_accelerators.h");
    let line_of = |name: &str| header.lines().find(|line| line.ends_with(&format!(" {name};")));
    for row in &TABLE {
        for parameter in row.parameters {
            let (Kind::Struct { bytes } | Kind::InOut { bytes } | Kind::Out { bytes }) = parameter.kind else {
                continue;
            };
            let name = parameter.c_type.trim_start_matches("const ").trim_end_matches([' ', '*']);
            let line = line_of(name).unwrap_or_else(|| panic!("{name} is not in the header"));
            assert_eq!(line, format!("typedef zkvm_bytes_{bytes} {name};"), "{}", row.name);
        }
    }
}
