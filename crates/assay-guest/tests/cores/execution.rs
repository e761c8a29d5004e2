//! Running what was built, on the reference machine and natively.

use std::{fs, io::Read as _, process::Command};

use assay_guest::{BuiltGuest, panic_report};
use assay_isa::Isa;
use assay_machine::{Accelerators, Config, End, Image, Observer, Permissions, Run, Segment, Unobserved, run};
use assay_spec::Platform;

/// Every platform with each of its ISAs.
pub(crate) const TARGETS: [(Platform, Option<Isa>); 6] = [
    (Platform::Native, None),
    (Platform::Standard, Some(Isa::RV32IM)),
    (Platform::Standard, Some(Isa::RV64IM)),
    (Platform::Risc0, None),
    (Platform::Sp1, None),
    (Platform::OpenVm, None),
];

/// What a guest did.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Did {
    pub(crate) output: Vec<u8>,
    pub(crate) end: Ended,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    Exit(u32),
    Panic(String),
    Else(String),
}

pub(crate) fn did_on(built: &BuiltGuest, input: &[u8]) -> Did {
    match built.manifest.platform {
        Platform::Native => natively(&built.guest.elf, input),
        _ => on_the_reference_machine(built, input).0,
    }
}

/// A guest on the reference machine as its platform, which carries out accelerators.
pub(crate) fn ran(built: &BuiltGuest, input: &[u8]) -> Run {
    ran_watched(built, input, &mut Unobserved)
}

pub(crate) fn ran_watched(built: &BuiltGuest, input: &[u8], observer: &mut impl Observer) -> Run {
    let guest = &built.guest;
    let parsed = guest.parsed().unwrap();
    let segments = parsed.segments.iter().map(|segment| Segment {
        address: segment.address,
        bytes: segment.bytes.clone(),
        size: segment.memory_size,
        permissions: Permissions {
            read: segment.flags.read,
            write: segment.flags.write,
            execute: segment.flags.execute,
        },
    });
    let image = Image { entry: parsed.entry, segments: segments.collect() };
    let config = Config {
        max_steps: 200_000_000,
        accelerators: Some(Accelerators(assay_accelerators::compute)),
        ..Config::new(guest.isa().unwrap(), guest.platform)
    };
    run(&image, input, &config, observer).expect("a core loads")
}

/// What a guest did, and in how many instructions.
pub(crate) fn on_the_reference_machine(built: &BuiltGuest, input: &[u8]) -> (Did, u64) {
    let run = ran(built, input);
    let log = String::from_utf8(run.log).unwrap();
    let end = match (run.end, panic_report(&log)) {
        (End::Halted { exit_code: 101 }, Some(text)) | (End::Panicked { message: text }, None) => Ended::Panic(text),
        (End::Halted { exit_code }, None) => Ended::Exit(exit_code),
        other => Ended::Else(format!("{other:?}")),
    };
    (Did { output: run.output, end }, run.instructions)
}

/// With its input as file descriptor 3, and a file as file descriptor 4.
///
/// A copy of it, made by another process: what is kept of a build goes when many others are made, and what this process has
/// open for writing, a child that another test starts at this very moment may still have open when it is to be executed.
fn natively(elf: &[u8], input: &[u8]) -> Did {
    let folder = tempfile::tempdir().unwrap();
    let [bytes, program, given, taken] = ["bytes", "guest", "input", "records"].map(|name| folder.path().join(name));
    fs::write(&bytes, elf).unwrap();
    fs::write(&given, input).unwrap();
    let output = Command::new("sh")
        .args(["-c", "cp \"$1\" \"$0\" && chmod 755 \"$0\" && exec \"$0\" 3<\"$2\" 4>\"$3\""])
        .args([&program, &bytes, &given, &taken])
        .output()
        .unwrap();
    let mut did = Did { output: Vec::new(), end: Ended::Exit(output.status.code().unwrap_or(-1) as u32) };
    let records = fs::read(&taken).unwrap();
    let mut rest = records.as_slice();
    while !rest.is_empty() {
        let mut head = [0; 5];
        rest.read_exact(&mut head).unwrap();
        let (bytes, after) = rest.split_at(u32::from_le_bytes(head[1..].try_into().unwrap()) as usize);
        rest = after;
        match head[0] {
            0 => did.output.extend(bytes),
            1 => {
                let text = String::from_utf8(bytes.to_vec()).unwrap();
                assert_eq!(did.end, Ended::Exit(101));
                assert_eq!(panic_report(&String::from_utf8_lossy(&output.stderr)), Some(text.clone()));
                did.end = Ended::Panic(text);
            }
            kind => panic!("a record of kind {kind}"),
        }
    }
    did
}
