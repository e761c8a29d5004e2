//! `assay platform show`, and what a guest for the platform `standard` may be given.

use crate::support::{complaint, json, stdout};

/// Has the input's address in a2 and its size in a3.
const READ_INPUT: [&str; 8] = [
    "--asm",
    "li a0, 0x400000\nli a1, 0x400008\nli t0, 0xf2\necall",
    "--asm",
    "lw a2, 0(a0)\nlw a3, 0(a1)\nlbu a4, 0(a2)",
    "--mem",
    "0x400000=00000000000000000000000000000000",
    "--input-hex",
    "2a0102",
];

#[test]
fn every_platform_and_accelerator_is_shown() {
    let text = stdout(&["platform", "show"], 0);
    for expected in ["standard", "risc0", "sp1", "openvm", "native", "bls12_map_fp2_to_g2", "ecall", "guest code: k256"]
    {
        assert!(text.contains(expected), "{expected} is missing in\n{text}");
    }
    let report = json(&["platform", "show"], 0);
    assert_eq!(report["schema"], "assay.platforms/1");
    assert_eq!(report["accelerators"].as_array().unwrap().len(), 19);
    assert_eq!(report["platforms"].as_array().unwrap().len(), 4);
    assert_eq!(report["accelerators"][18]["selector"], "0x112");
    assert_eq!(report["accelerators"][18]["means"]["standard"], "ecall");
}

#[test]
fn the_reference_machine_of_a_platform_is_called_the_same_everywhere() {
    let out = tempfile::tempdir().unwrap();
    let out = out.path().to_str().unwrap();
    let run = ["run", "--asm", "nop"];
    let named = json(&[&run[..], &["-b", "reference@sp1"]].concat(), 0);
    assert_eq!(named["backend"]["platform"], "sp1");
    assert_eq!(named["guest"], json(&[&run[..], &["--platform", "sp1"]].concat(), 0)["guest"]);
    json(&[&run[..], &["-b", "reference@sp1", "--platform", "sp1"]].concat(), 0);
    json(&["trace", "--asm", "nop", "-b", "reference@openvm", "--out", out], 0);
    json(&["bucket", "run", "--asm", "nop", "-b", "reference@risc0", "--out", out], 0);
    let said = complaint(&[&run[..], &["-b", "reference@sp1", "--platform", "risc0"]].concat(), 1);
    assert!(said.contains("reference@sp1 does not run guests of platform risc0"), "{said}");
    assert!(complaint(&[&run[..], &["-b", "reference@moon"]].concat(), 1).contains("standard, openvm, risc0, sp1"));
    assert!(complaint(&["prove", "--asm", "nop", "-b", "reference@sp1"], 6).contains("proves nothing"));
}

#[test]
fn one_platform_is_shown_in_full() {
    let text = stdout(&["platform", "show", "standard"], 0);
    for expected in [
        "0xf2        read_input",
        "0xf0        hint_len  (not carried out)",
        "0x80000000 on: the input",
        "1024 bytes of each number of modexp",
        "zkvm_status zkvm_sha256(const uint8_t *data, size_t len, zkvm_sha256_hash *output);",
        "(EIP-7951)",
    ] {
        assert!(text.contains(expected), "{expected} is missing in\n{text}");
    }
    assert!(complaint(&["platform", "show", "miden"], 1).contains("standard, openvm, risc0, sp1"));
}

#[test]
fn the_input_stands_where_it_is_asked_to() {
    let registers = |arguments: &[&str]| {
        let outcome = json(&[&["run"], &READ_INPUT[..], arguments].concat(), 0);
        ["x12", "x13", "x14"].map(|register| outcome["run"]["registers"][register].as_str().unwrap().to_owned())
    };
    assert_eq!(registers(&[]), ["0x80000000", "0x3", "0x2a"]);
    assert_eq!(registers(&["--input-base", "0x40000000"]), ["0x40000000", "0x3", "0x2a"]);
    assert_eq!(registers(&["--isa", "rv64im", "--input-base", "0x7fff0000"]), ["0x7fff0000", "0x3", "0x2a"]);
    // Where the guest's own code is, and at no address for an input.
    let text = stdout(&[&["run"], &READ_INPUT[..], &["--input-base", "0x10000"]].concat(), 6);
    assert!(text.contains("overlap"), "{text}");
    assert!(complaint(&[&["run"], &READ_INPUT[..], &["--input-base", "3"]].concat(), 1).contains("multiple of 8"));
}

#[test]
fn a_store_into_the_input_is_a_trap_with_its_address() {
    let store = ["--asm", "sb a4, 1(a2)"];
    let outcome = json(&[&["run"], &READ_INPUT[..], &store].concat(), 4);
    assert_eq!(outcome["run"]["trap"]["kind"], "store_fault");
    assert_eq!(outcome["run"]["trap"]["address"], "0x80000001");
}

#[test]
fn misaligned_accesses_are_counted_and_found() {
    let guest =
        ["run", "--isa", "rv64im", "--asm", "li a0, 0x400001\nli a1, 3\nld a2, 0(a0)\naddi a1, a1, -1\nbnez a1, -8"];
    let guest = [&guest[..], &["--asm", "sh a1, 2(a0)", "--mem", "0x400000=0102030405060708090a0b0c"]].concat();
    let text = stdout(&guest, 0);
    assert!(text.contains("misaligned loads and stores: 4\n"), "{text}");
    let sites = [&guest[..], &["--unaligned-sites"]].concat();
    let outcome = json(&sites, 0);
    let found = outcome["run"]["unaligned_sites"].as_array().unwrap();
    let counts: Vec<_> = found.iter().map(|site| site["accesses"].as_u64().unwrap()).collect();
    assert_eq!((counts, &outcome["run"]["unaligned_accesses"]), (vec![3, 1], &serde_json::json!(4)));
    let text = stdout(&sites, 0);
    assert!(text.contains(&format!("  {}  3\n", found[0]["pc"].as_str().unwrap())), "{text}");
    let none = json(&["run", "--asm", "nop", "--unaligned-sites"], 0);
    assert_eq!(none["run"]["unaligned_sites"].as_array().map(Vec::len), Some(0));
    assert!(complaint(&["run", "--asm", "nop", "--unaligned-sites", "-b", "native"], 1).contains("reference"));
}

#[test]
fn an_accelerator_runs_in_a_sequence() {
    // Keccak-256 of no bytes.
    let guest = "li a0, 0\nli a1, 0\nli a2, 0x400000\nli t0, 0x100\necall\nlw a3, 0(a2)";
    let outcome = json(&["run", "--asm", guest, "--mem", &format!("0x400000={}", "00".repeat(32))], 0);
    assert_eq!(outcome["run"]["registers"]["x13"], "0x146d2c5");
}
