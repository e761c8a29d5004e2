//! The cores that ship: built for every platform, run on the reference machine and natively, and their inputs.
#![expect(clippy::unwrap_used, reason = "a test fails where it fails")]

mod accelerators;
mod building;
mod execution;
mod inputs;
mod running;
mod sp1;

use std::{fs, path::Path, process::Command, sync::OnceLock};

use assay_guest::{BuiltGuest, Core, GuestBuilder, GuestSources};
use assay_isa::Isa;
use assay_spec::Platform;

use execution::{Did, Ended, TARGETS, did_on};

fn tree() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap()
}

fn sources() -> GuestSources {
    GuestSources::find(Some(tree().join("guests"))).unwrap()
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

/// Runs a core on an input of JSON.
fn did(built: &BuiltGuest, json: &str) -> Did {
    did_on(built, &description(&built.manifest.name).encode_json(json.as_bytes()).unwrap())
}

/// The same, where the output of OpenVM has been cut to the length of the other's: it is always all public values.
fn cut_to(mut did: Did, other: &Did, platform: Platform) -> Did {
    if platform == Platform::OpenVm && did.output.len() > other.output.len() {
        assert!(did.output[other.output.len()..].iter().all(|&byte| byte == 0), "more output than {other:?}");
        did.output.truncate(other.output.len());
    }
    did
}
