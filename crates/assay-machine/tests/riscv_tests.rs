//! The official rv32 riscv-tests, as they ship inside the crate `risc0-zkvm`.
//!
//! The archive is read from the crate's sources, which cargo fetches by the lock file of `riscv-tests-source`. A test
//! passes with ECALL, a0 = 0 and t0 = 0, which the `standard` platform takes as HALT with exit code 0; it fails with `unimp`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

use assay_isa::Isa;
use assay_machine::{Config, End, Image, Permissions, Segment, Unobserved, run};
use assay_spec::Platform;
use object::LittleEndian;
use object::elf::{FileHeader32, PF_R, PF_W, PF_X, PT_LOAD};
use object::read::elf::{FileHeader, ProgramHeader};
use zip::ZipArchive;

/// Tests in the archive.
const TESTS: usize = 58;
/// The one that needs the C extension, which no ISA here has.
const NEEDS_C: &str = "rvc";
/// The one that patches and runs code in its data segment, which must therefore be executable; its ELF does not say so.
const RUNS_DATA: &str = "fence_i";
/// None of them takes more.
const MAX_STEPS: u64 = 1_000_000;

/// The archive's bytes; cargo fetches the crate if it is not there.
fn archive() -> Vec<u8> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/riscv-tests-source/Cargo.toml");
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--format-version", "1"])
        .args(["--filter-platform", "x86_64-unknown-linux-gnu"])
        .arg("--manifest-path")
        .arg(&manifest)
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "cargo could not fetch the crate with the riscv-tests; it needs the registry once, or a vendored copy of \
         the lock file beside {}:\n{}",
        manifest.display(),
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let package = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .find(|package| package["name"] == "risc0-zkvm")
        .expect("riscv-tests-source depends on risc0-zkvm");
    let path = PathBuf::from(package["manifest_path"].as_str().unwrap())
        .with_file_name("src/host/server/testdata/riscv-tests.zip");
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn image(elf: &[u8]) -> Image {
    let header = FileHeader32::<LittleEndian>::parse(elf).unwrap();
    let endian = LittleEndian;
    let segments = header
        .program_headers(endian, elf)
        .unwrap()
        .iter()
        .filter(|segment| segment.p_type(endian) == PT_LOAD)
        .map(|segment| Segment {
            address: segment.p_vaddr(endian).into(),
            bytes: segment.data(endian, elf).unwrap().to_vec(),
            size: segment.p_memsz(endian).into(),
            permissions: Permissions {
                read: segment.p_flags(endian).0 & PF_R.0 != 0,
                write: segment.p_flags(endian).0 & PF_W.0 != 0,
                execute: segment.p_flags(endian).0 & PF_X.0 != 0,
            },
        })
        .collect();
    Image { entry: header.e_entry(endian).into(), segments }
}

#[test]
fn the_rv32_riscv_tests_pass() {
    let mut archive = ZipArchive::new(Cursor::new(archive())).unwrap();
    assert_eq!(archive.len(), TESTS);
    let mut failures = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let name = file.name().unwrap().into_owned();
        if name == NEEDS_C {
            continue;
        }
        let mut elf = Vec::new();
        file.read_to_end(&mut elf).unwrap();
        let mut config = Config::new(Isa::RV32IMA, Platform::Standard);
        config.max_steps = MAX_STEPS;
        let mut image = image(&elf);
        if name == RUNS_DATA {
            image.segments.iter_mut().for_each(|segment| segment.permissions.execute = true);
        }
        let run = run(&image, &[], &config, &mut Unobserved).unwrap();
        let passed = run.end == End::Halted { exit_code: 0 } && run.registers[5] == 0;
        if !passed {
            failures.push(format!("{name}: {:?} in case {}", run.end, run.registers[3]));
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn the_one_skipped_test_really_needs_compressed_instructions() {
    let mut archive = ZipArchive::new(Cursor::new(archive())).unwrap();
    let mut elf = Vec::new();
    archive.by_name(NEEDS_C).unwrap().read_to_end(&mut elf).unwrap();
    let config = Config::new(Isa::RV32IMA, Platform::Standard);
    let run = run(&image(&elf), &[], &config, &mut Unobserved).unwrap();
    let End::Trap { message, .. } = run.end else {
        panic!("{:?}", run.end);
    };
    assert!(message.contains("compressed") || message.contains("not a multiple of 4"), "{message}");
}
