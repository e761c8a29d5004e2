//! What a crate of tiles that has not changed costs before anything runs.
//!
//! `cargo bench -p assay-tile-host`. The crate is the one that ships, built for this machine before anything is
//! measured.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use assay_backend::{BackendError, CancelToken, Limits, Native, SandboxSettings, Settings};
use assay_guest::{Guest, ProjectBuilder};
use assay_spec::{Digest, Platform, TilePublish};
use assay_tile_host::{Artifact, BuildTarget, TileProject};
use divan::Bencher;

fn main() {
    divan::main();
}

/// A copy of the crate, so that its folder is left as it is.
static CRATE: LazyLock<PathBuf> = LazyLock::new(|| {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guests/tiles-demo");
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tiles-demo");
    fs::create_dir_all(to.join("src")).expect("a folder");
    for file in ["Cargo.lock", "src/lib.rs"] {
        fs::copy(from.join(file), to.join(file)).expect("a source file");
    }
    // Where it is, the path leads to Assay's sources; anywhere else Assay brings them along.
    let manifest = fs::read_to_string(from.join("Cargo.toml")).expect("a manifest");
    let manifest = manifest.replace("{ path = \"../../crates/assay-tile\" }", "\"*\"");
    fs::write(to.join("Cargo.toml"), manifest).expect("a manifest");
    artifact(&open_in(&to));
    to
});

fn open_in(folder: &Path) -> TileProject {
    let settings = Settings { sandbox: SandboxSettings::off(), ..Settings::default() };
    let mut native = Native::new(settings, CancelToken::new()).expect("a work folder");
    let builder = ProjectBuilder::new().expect("a cache");
    TileProject::open(folder, &builder, &mut native, &Limits::default(), &mut |_| ()).expect("it is a crate of tiles")
}

fn artifact(project: &TileProject) -> Artifact {
    let target = BuildTarget {
        backend: Native::NAME.to_owned(),
        backend_version: "1".to_owned(),
        platform: Platform::Native,
        isa: None,
    };
    let mut identify = |guest: &Guest| Ok::<_, BackendError>(Digest::of(&guest.elf).to_string());
    project.artifact("double", &target, TilePublish::Claim, &mut identify, &mut |_| ()).expect("it builds")
}

/// Sources are read and digested, the kept list is taken.
#[divan::bench]
fn open(bencher: Bencher) {
    LazyLock::force(&CRATE);
    bencher.bench_local(|| open_in(&CRATE));
}

/// And an artifact is loaded: compilers say their version, the program is digested.
#[divan::bench]
fn open_and_load(bencher: Bencher) {
    LazyLock::force(&CRATE);
    bencher.bench_local(|| artifact(&open_in(&CRATE)));
}

/// Another one of the same crate, as the next step of a sequence.
#[divan::bench]
fn load(bencher: Bencher) {
    let project = open_in(&CRATE);
    artifact(&project);
    bencher.bench_local(|| artifact(&project));
}
