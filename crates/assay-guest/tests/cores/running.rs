//! What cores do, on every platform.

use std::fmt::Write as _;

use super::*;

/// Inputs with outputs that were had elsewhere: from the definition, from FIPS 180-4, by hand.
const KNOWN: [(&str, &str, &str); 12] = [
    ("fib", r#"{"n": 24}"#, "20b5000000000000"),
    ("fib", r#"{"n": 93}"#, "02271f2242ad4fa9"),
    ("io_echo", r#"{"data": "00ff68656c6c6f"}"#, "00ff68656c6c6f"),
    ("io_echo", r#"{"data": ""}"#, ""),
    ("sha256", r#"{"data": "616263", "again": 0}"#, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ("sort", r#"{"values": [5, -3, 0, 5, 1], "algorithm": "heap"}"#, "fdffffff00000000010000000500000005000000"),
    ("arithmetic", r#"{"operation": "mul", "mode": "checked", "operands": {"i32": {"a": -7, "b": 6}}}"#, "01d6ffffff"),
    (
        "arithmetic",
        r#"{"operation": "div", "mode": "checked", "operands": {"i64": {"a": -9223372036854775808, "b": -1}}}"#,
        "000000000000000000",
    ),
    (
        "arithmetic",
        r#"{"operation": "rem", "mode": "wrapping", "operands": {"i32": {"a": -2147483648, "b": -1}}}"#,
        "00000000",
    ),
    (
        "arithmetic",
        r#"{"operation": "mul", "mode": "wrapping", "operands": {"u64": {"a": 18446744073709551615, "b": 3}}}"#,
        "fdffffffffffffff",
    ),
    ("timeout_test", r#"{"iterations": 1000, "forever": false}"#, "e803000000000000"),
    ("panic_test", r#"{"output": "0102", "end": "return"}"#, "0102"),
];

#[test]
fn outputs_are_those_that_are_known() {
    for (platform, isa) in TARGETS {
        let cores = cores(platform, isa);
        for (name, input, output) in KNOWN {
            let core = cores.iter().find(|core| core.manifest.name == name).unwrap();
            let output: assay_spec::HexBytes = output.parse().unwrap();
            let expected = Did { output: output.0, end: Ended::Exit(0) };
            assert_eq!(cut_to(did(core, input), &expected, platform), expected, "{name} {input} on {platform} {isa:?}");
        }
    }
}

#[test]
fn every_core_does_the_same_on_its_example_natively_and_on_every_platform() {
    let native = cores(Platform::Native, None);
    for (platform, isa) in TARGETS {
        for (core, native) in cores(platform, isa).iter().zip(native) {
            let name = &core.manifest.name;
            let example = description(name).example.to_string();
            let expected = did(native, &example);
            let found = cut_to(did(core, &example), &expected, platform);
            if name == "usize_width" && platform != Platform::Native && core.guest.isa().unwrap().xlen.bits() == 32 {
                assert_ne!(found, expected, "{platform}: the width of usize does not show");
            } else {
                assert_eq!(found, expected, "{name} on {platform} {isa:?}");
            }
        }
    }
}

#[test]
fn an_end_is_told_in_the_same_words_everywhere() {
    let ends = [
        r#"{"exit": {"code": 1}}"#,
        r#"{"exit": {"code": 42}}"#,
        r#"{"exit": {"code": 255}}"#,
        r#""abort""#,
        r#"{"message": {"text": "with a \"quote\",\na line and größe"}}"#,
        r#"{"message": {"text": ""}}"#,
        r#"{"index": {"index": 7}}"#,
        r#"{"divide": {"by": 0}}"#,
        r#""unwrap""#,
        r#""capacity""#,
    ];
    let mut told = String::new();
    for end in ends {
        let input = format!(r#"{{"output": "0102", "end": {end}}}"#);
        let expected = did(core("panic_test", Platform::Native, None), &input);
        for (platform, isa) in TARGETS {
            let found = cut_to(did(core("panic_test", platform, isa), &input), &expected, platform);
            assert_eq!(found, expected, "{end} on {platform} {isa:?}");
        }
        writeln!(told, "{end}\n{:?}\n", expected.end).unwrap();
    }
    insta::assert_snapshot!(told);
}

#[test]
fn long_panics_are_cut_at_the_same_place_everywhere() {
    let input = format!(r#"{{"output": "", "end": {{"message": {{"text": "{}"}}}}}}"#, "ä".repeat(3000));
    let expected = did(core("panic_test", Platform::Native, None), &input);
    assert!(matches!(&expected.end, Ended::Panic(text) if text.len() > 4000 && text.ends_with('ä')));
    for (platform, isa) in TARGETS {
        assert_eq!(cut_to(did(core("panic_test", platform, isa), &input), &expected, platform), expected);
    }
}

/// Inputs come in pieces of 1 KiB on RISC Zero and of 4092 bytes on OpenVM, and in words.
#[test]
fn inputs_of_every_length_arrive_whole() {
    for length in [0, 1, 2, 3, 4, 5, 55, 56, 64, 1019, 1020, 1021, 1022, 4087, 4088, 4089, 4093, 70_001] {
        let bytes = (0..length).map(|place: u32| (place.wrapping_mul(37) >> 3) as u8).collect();
        let data = assay_spec::HexBytes(bytes);
        let input = format!(r#"{{"data": "{data}", "again": 1}}"#);
        let expected = did(core("sha256", Platform::Native, None), &input);
        for (platform, isa) in TARGETS {
            let found = cut_to(did(core("sha256", platform, isa), &input), &expected, platform);
            assert_eq!(found, expected, "{length} bytes on {platform} {isa:?}");
        }
    }
}

#[test]
fn an_input_that_is_not_the_cores_is_a_panic_that_says_so() {
    for (platform, isa) in TARGETS {
        let fib = core("fib", platform, isa);
        for (input, message) in [
            (&[][..], "the input is no value of the core's type"),
            (&[0xff; 6], "the input is no value of the core's type"),
            (&[1, 2], "the input has bytes behind its value"),
        ] {
            let Did { end: Ended::Panic(text), .. } = did_on(fib, input) else { panic!("{input:?} on {platform}") };
            assert!(text.ends_with(message), "{text}");
        }
    }
}

#[test]
fn output_beyond_openvms_public_values_is_a_panic_that_names_the_limit() {
    let echo = |length: usize| {
        let data = "ab".repeat(length);
        did(core("io_echo", Platform::OpenVm, None), &format!(r#"{{"data": "{data}"}}"#))
    };
    assert_eq!(echo(256), Did { output: vec![0xab; 256], end: Ended::Exit(0) });
    let Did { output, end: Ended::Panic(text) } = echo(257) else { panic!("it did not panic") };
    assert!(text.ends_with("an output of 257 bytes passes OpenVM's 256 bytes of public values"), "{text}");
    assert_eq!(output, [0; 256]);
}

/// Where memory ends, a guest panics: it does not write over anything.
#[test]
fn a_full_heap_is_a_panic() {
    let input = r#"{"blocks": 1, "block_bytes": 17000000, "seed": 1}"#;
    let core = core("alloc_heavy", Platform::OpenVm, None);
    let found = did(core, input);
    let Ended::Panic(text) = found.end else { panic!("{:?}", found.end) };
    assert_eq!(text, "library/alloc/src/alloc.rs:\nmemory allocation of 17000000 bytes failed");
}
