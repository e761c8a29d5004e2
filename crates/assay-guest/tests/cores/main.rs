//! The cores that ship: built for every platform, run on the reference machine and natively, and their inputs.
#![expect(clippy::unwrap_used, reason = "a test fails where it fails")]

mod building;
mod inputs;
mod running;

use std::{fs, io::Read as _, path::Path, process::Command, sync::OnceLock};

use assay_guest::{BuiltGuest, Core, GuestBuilder, GuestSources, panic_report};
use assay_isa::Isa;
use assay_machine::{Config, End, Image, Permissions, Segment, Unobserved, run};
use assay_spec::Platform;

/// Every platform with each of its ISAs.
const TARGETS: [(Platform, Option<Isa>); 6] = [
    (Platform::Native, None),
    (Platform::Standard, Some(Isa::RV32IM)),
    (Platform::Standard, Some(Isa::RV64IM)),
    (Platform::Risc0, None),
    (Platform::Sp1, None),
    (Platform::OpenVm, None),
];

fn sources() -> GuestSources {
    let tree = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    GuestSources::find(Some(tree.join("guests"))).unwrap()
}

/// All cores for a target, from the cache that the product has.
fn cores(platform: Platform, isa: Option<Isa>) -> &'static [BuiltGuest] {
    static BUILT: [OnceLock<Vec<BuiltGuest>>; TARGETS.len()] = [const { OnceLock::new() }; TARGETS.len()];
    let place = TARGETS.iter().position(|target| *target == (platform, isa)).unwrap();
    BUILT[place].get_or_init(|| {
        let builder = GuestBuilder::new(sources()).unwrap();
        builder.build_all(platform, isa, &mut |line| eprintln!("{line}")).unwrap_or_else(|error| panic!("{error}"))
    })
}

fn core(name: &str, platform: Platform, isa: Option<Isa>) -> &'static BuiltGuest {
    cores(platform, isa).iter().find(|core| core.manifest.name == name).unwrap()
}

fn description(name: &str) -> &'static Core {
    static ALL: OnceLock<Vec<Core>> = OnceLock::new();
    let all = ALL.get_or_init(|| assay_guest::cores::all(&sources()).unwrap());
    all.iter().find(|core| core.name == name).unwrap()
}

/// What a guest did.
#[derive(Debug, PartialEq, Eq)]
struct Did {
    output: Vec<u8>,
    end: Ended,
}

#[derive(Debug, PartialEq, Eq)]
enum Ended {
    Exit(u32),
    Panic(String),
    Else(String),
}

/// Runs a core on an input of JSON.
fn did(built: &BuiltGuest, json: &str) -> Did {
    did_on(built, &description(&built.manifest.name).encode_json(json.as_bytes()).unwrap())
}

fn did_on(built: &BuiltGuest, input: &[u8]) -> Did {
    match built.manifest.platform {
        Platform::Native => natively(&built.path, input),
        _ => on_the_reference_machine(built, input),
    }
}

fn on_the_reference_machine(built: &BuiltGuest, input: &[u8]) -> Did {
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
    let config = Config { max_steps: 200_000_000, ..Config::new(guest.isa().unwrap(), guest.platform) };
    let run = run(&image, input, &config, &mut Unobserved).expect("a core loads");
    let log = String::from_utf8(run.log).unwrap();
    let end = match (run.end, panic_report(&log)) {
        (End::Halted { exit_code: 101 }, Some(text)) | (End::Panicked { message: text }, None) => Ended::Panic(text),
        (End::Halted { exit_code }, None) => Ended::Exit(exit_code),
        other => Ended::Else(format!("{other:?}")),
    };
    Did { output: run.output, end }
}

/// With its input as file descriptor 3, and a file as file descriptor 4.
fn natively(program: &Path, input: &[u8]) -> Did {
    let folder = tempfile::tempdir().unwrap();
    let [given, taken] = ["input", "records"].map(|name| folder.path().join(name));
    fs::write(&given, input).unwrap();
    let output = Command::new("sh")
        .args(["-c", "exec \"$0\" 3<\"$1\" 4>\"$2\""])
        .args([program, &given, &taken])
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

/// The same, where the output of OpenVM has been cut to the length of the other's: it is always all public values.
fn cut_to(mut did: Did, other: &Did, platform: Platform) -> Did {
    if platform == Platform::OpenVm && did.output.len() > other.output.len() {
        assert!(did.output[other.output.len()..].iter().all(|&byte| byte == 0), "more output than {other:?}");
        did.output.truncate(other.output.len());
    }
    did
}
