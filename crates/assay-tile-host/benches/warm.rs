//! What a crate of tiles that has not changed costs before anything runs, and what a sequence adds to the runs of its
//! tiles.
//!
//! `cargo bench -p assay-tile-host`. The crate is the one that ships, with a sequence of ten tiles besides; it is built
//! before anything is measured. Of installed runners OpenVM's is measured, too; where there is none it is left out, and
//! said so. What ten tiles take beyond execution is `ten_tiles` less `ten_executions`; with all that `assay sequence
//! preview` does before, and starts once, it is `open_load_and_ten_tiles` less `ten_executions`.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use assay_backend::{
    Backend, BackendError, CancelToken, Identities, Job, Limits, Native, Reference, Registry, RunnerBackend,
    SandboxSettings, Settings,
};
use assay_guest::{Guest, ProjectBuilder};
use assay_spec::{Digest, Platform, TilePublish};
use assay_tile_host::{
    Artifact, BuildTarget, TileInputBytes, TileProject,
    chain::KnownSequence,
    method_id,
    sequence::{Step, run_sequence},
};
use divan::Bencher;

/// The sequence that is measured, and its tiles.
const SEQUENCE: &str = "ten";
const TILES: usize = 10;

/// What it is measured on.
const BACKENDS: [&str; 2] = ["reference", "openvm"];

/// The number that goes in, in postcard.
const INPUT: [u8; 1] = [3];

fn main() {
    divan::main();
}

/// A copy of the crate, so that its folder is left as it is.
static CRATE: LazyLock<PathBuf> = LazyLock::new(|| {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guests/tiles-demo");
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tiles-demo");
    fs::create_dir_all(to.join("src")).expect("a folder");
    fs::copy(from.join("Cargo.lock"), to.join("Cargo.lock")).expect("a lockfile");
    let source = fs::read_to_string(from.join("src/lib.rs")).expect("a source file");
    let tiles = ["double"; TILES].join(", ");
    let sequence = format!("#[sequence({tiles})]\npub fn {SEQUENCE}(number: u64) -> u64;\n");
    fs::write(to.join("src/lib.rs"), format!("{source}\n/// Ten times the same.\n{sequence}")).expect("a source file");
    // Where it is, the path leads to Assay's sources; anywhere else Assay brings them along.
    let manifest = fs::read_to_string(from.join("Cargo.toml")).expect("a manifest");
    let manifest = manifest.replace("{ path = \"../../crates/assay-tile\" }", "\"*\"");
    fs::write(to.join("Cargo.toml"), manifest).expect("a manifest");
    artifact(&open_in(&to));
    to
});

fn settings() -> Settings {
    Settings { sandbox: SandboxSettings::off(), ..Settings::default() }
}

fn open_in(folder: &Path) -> TileProject {
    let mut native = Native::new(settings(), CancelToken::new()).expect("a work folder");
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

/// A backend, and what programs are built for on it; `None` for a runner that is not installed.
fn backend(name: &str) -> Option<(Box<dyn Backend>, BuildTarget)> {
    let target = |name: &str, version: &str, platform| BuildTarget {
        backend: name.to_owned(),
        backend_version: version.to_owned(),
        platform,
        isa: None,
    };
    if name == Reference::NAME {
        let reference = Reference::new(CancelToken::new());
        let target = target("reference@standard", &reference.description().sdk_version, Platform::Standard);
        return Some((Box::new(reference), target));
    }
    let registry = Registry::from_environment(None).expect("a registry");
    let runner = registry.installed(name).inspect_err(|error| eprintln!("left out: {error}")).ok()?;
    let identities = Identities::from_environment().expect("a registry");
    let target = target(name, &runner.description.sdk_version, *runner.description.platforms.first()?);
    let runner = RunnerBackend::new(runner, settings(), CancelToken::new()).expect("a work folder");
    Some((Box::new(runner.with_identities(identities)), target))
}

/// The programs of all steps, each loaded and checked by itself.
fn load_all(project: &TileProject, target: &BuildTarget, backend: &mut dyn Backend) -> Vec<Artifact> {
    let mut identify = |guest: &Guest| method_id(backend, guest, &Limits::default());
    let mut load =
        || project.artifact("double", target, TilePublish::Claim, &mut identify, &mut |_| ()).expect("it builds");
    (0..TILES).map(|_| load()).collect()
}

/// Runs the sequence once.
fn run_once(project: &TileProject, artifacts: &[Artifact], backends: &mut [Box<dyn Backend>]) {
    let known = KnownSequence::of(project, SEQUENCE).expect("the crate has it");
    let steps: Vec<_> = artifacts.iter().map(|artifact| Step { artifact, backend: 0, kind: None }).collect();
    let input = TileInputBytes::public(INPUT.to_vec());
    let report = run_sequence(&known, &steps, backends, &input, &Limits::default(), true).expect("it runs");
    assert_eq!(report.steps.len(), TILES, "it comes to its end: {:?}", report.answer);
}

/// From programs at hand to the report, on a backend that is warm.
#[divan::bench(args = BACKENDS, sample_count = 20)]
fn ten_tiles(bencher: Bencher, name: &str) {
    let Some((mut backend, target)) = backend(name) else { return };
    let project = open_in(&CRATE);
    let artifacts = load_all(&project, &target, backend.as_mut());
    let mut backends = [backend];
    run_once(&project, &artifacts, &mut backends);
    bencher.bench_local(|| run_once(&project, &artifacts, &mut backends));
}

/// The same runs, asked of the backend one by one, and nothing else.
#[divan::bench(args = BACKENDS, sample_count = 20)]
fn ten_executions(bencher: Bencher, name: &str) {
    let Some((mut backend, target)) = backend(name) else { return };
    let project = open_in(&CRATE);
    let artifacts = load_all(&project, &target, backend.as_mut());
    let (limits, framed) = (Limits::default(), TileInputBytes::public(INPUT.to_vec()).framed().expect("it is short"));
    let mut all = || {
        for artifact in &artifacts {
            let job = Job { guest: &artifact.guest, input: &framed, limits: &limits, cost: true };
            backend.execute(&job).expect("it runs");
        }
    };
    all();
    bencher.bench_local(all);
}

/// The sequence with all that comes before it, but for the start of the backend's process.
#[divan::bench(args = BACKENDS, sample_count = 20)]
fn open_load_and_ten_tiles(bencher: Bencher, name: &str) {
    let Some((mut backend, target)) = backend(name) else { return };
    let first = load_all(&open_in(&CRATE), &target, backend.as_mut());
    let mut backends = [backend];
    run_once(&open_in(&CRATE), &first, &mut backends);
    bencher.bench_local(|| {
        let project = open_in(&CRATE);
        let artifacts = load_all(&project, &target, backends[0].as_mut());
        run_once(&project, &artifacts, &mut backends);
    });
}
