//! A crate of tiles as its author has it: compiled, listed, run, and not compiled again.
#![expect(clippy::unwrap_used, reason = "a test fails where it fails")]

use std::{fs, path::Path};

use assay_backend::{Backend, CancelToken, Job, Limits, Native, SandboxSettings, Settings};
use assay_guest::{BuildError, ProjectBuilder};
use assay_spec::{Digest, Platform, Status, TilePublish};
use assay_tile::{Claim, InputBinding};
use assay_tile_host::{Artifact, BuildTarget, TileError, TileProject, method_id};

const MANIFEST: &str = "[package]\nname = \"numbers\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
                        [dependencies]\nassay-tile = \"*\"\n\n[workspace]\n";

const LIBRARY: &str = "#![no_std]\n\n\
                       extern crate alloc;\n\n\
                       use assay_tile::{sequence, tile};\n\n\
                       /// Doubles a number.\n#[tile(budget = 100)]\n\
                       pub fn double(number: u64) -> u64 {\n    number * 2\n}\n\n\
                       /// Four times a number.\n#[sequence(double, double)]\npub fn quadruple(number: u64) -> u64;\n";

/// A backend for programs of this machine. They are this test's own.
fn native() -> Native {
    let settings = Settings { sandbox: SandboxSettings::off(), ..Settings::default() };
    Native::new(settings, CancelToken::new()).unwrap()
}

fn open(folder: &Path, builder: &ProjectBuilder) -> Result<TileProject, TileError> {
    TileProject::open(folder, builder, &mut native(), &Limits::default(), &mut |line| eprintln!("{line}"))
}

fn double(folder: &Path, builder: &ProjectBuilder) -> Result<Artifact, TileError> {
    let target = BuildTarget {
        backend: "native".into(),
        backend_version: Native::describe().sdk_version,
        platform: Platform::Native,
        isa: None,
    };
    let mut native = native();
    let mut identify = |guest: &assay_guest::Guest| method_id(&mut native, guest, &Limits::default());
    open(folder, builder)?
        .artifact("double", &target, TilePublish::Claim, &mut identify, &mut |line| eprintln!("{line}"))
}

#[test]
fn an_unchanged_crate_starts_no_compiler_and_a_changed_one_does() {
    let folder = tempfile::tempdir().unwrap();
    let path = |file: &str| folder.path().join(file);
    fs::create_dir(path("src")).unwrap();
    fs::write(path("Cargo.toml"), MANIFEST).unwrap();
    fs::write(path("src/lib.rs"), LIBRARY).unwrap();

    let first = double(folder.path(), &ProjectBuilder::new().unwrap()).unwrap();
    // One that can build nothing: its cache is a file.
    let idle = ProjectBuilder::in_cache(&path("Cargo.toml"));
    let project = open(folder.path(), &idle).unwrap();
    let tile = project.tile("double").unwrap();
    assert_eq!((tile.description.as_str(), tile.budget_cycles), ("Doubles a number.", Some(100)));
    assert_eq!(project.sequence("quadruple").unwrap().tiles, ["double", "double"]);
    assert_eq!(project.list().tiles[0].built_for, ["native"]);
    let artifact = double(folder.path(), &idle).unwrap();
    assert_eq!((&artifact.guest, &artifact.manifest), (&first.guest, &first.manifest));
    assert_eq!(artifact.manifest.method_id, Digest::of(&artifact.guest.elf).to_string());

    let input = postcard::to_allocvec(&21u64).unwrap();
    let framed = assay_tile::frame(&input, None).unwrap();
    let job = Job { guest: &artifact.guest, input: &framed, limits: &Limits::default(), cost: false };
    let run = native().execute(&job).unwrap().run;
    assert_eq!(run.status, Status::Ok);
    let (claim, answer) = Claim::decode(&run.output.0, false).unwrap();
    assert_eq!((claim.tile, claim.input), (tile.digest, InputBinding::of(&input, None)));
    assert_eq!(postcard::from_bytes::<u64>(answer), Ok(42));

    let needs_a_compiler = |what: &str| {
        let built = double(folder.path(), &idle);
        assert!(matches!(built, Err(TileError::Build(BuildError::Io { .. }))), "{what}: {built:?}");
    };
    let manifest = MANIFEST.replace("0.1.0", "0.1.1");
    let library = LIBRARY.replace("* 2", "+ number");
    for (file, content) in [
        ("src/lib.rs", library.as_str()),
        ("Cargo.toml", manifest.as_str()),
        // Versions of dependencies.
        ("Cargo.lock", "version = 4\n"),
        ("src/other.rs", ""),
    ] {
        let before = fs::read(path(file)).ok();
        fs::write(path(file), content).unwrap();
        // The cache that is a file may be the one that is changed: it stays a file.
        needs_a_compiler(file);
        match before {
            Some(before) => fs::write(path(file), before).unwrap(),
            None => fs::remove_file(path(file)).unwrap(),
        }
        double(folder.path(), &idle).unwrap();
    }
    // What is built and hidden is no source.
    fs::write(path("target/other"), b"").unwrap();
    fs::write(path(".hidden"), b"").unwrap();
    double(folder.path(), &idle).unwrap();
}
