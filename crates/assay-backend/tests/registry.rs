//! The registry of installed runners, with real cargo builds of a small program that becomes the test runner.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::Duration,
};

use assay_backend::{
    CancelToken, InstallError, Registry, RegistryError,
    registry::{RECORD_BYTES_MAX, State, Unusable},
};
use assay_spec::schema::ReadError;
use tempfile::TempDir;

const RUNNER: &str = env!("CARGO_BIN_EXE_assay-misbehaving-runner");

/// A source tree with one runner, and a cache beside it.
struct Place {
    folder: TempDir,
    registry: Registry,
}

impl Place {
    fn new() -> Self {
        Self::with_runner("misbehaving", RUNNER)
    }

    /// The runner `name`, whose program turns into `program`.
    fn with_runner(name: &str, program: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let runners = folder.path().join("tree/runners");
        let source = runners.join(name);
        fs::create_dir_all(source.join("src")).expect("a fresh folder");
        let package = format!("assay-runner-{name}");
        fs::write(
            source.join("Cargo.toml"),
            format!("[package]\nname = \"{package}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n"),
        )
        .expect("a fresh file");
        fs::write(
            source.join("Cargo.lock"),
            format!("version = 4\n\n[[package]]\nname = \"{package}\"\nversion = \"0.1.0\"\n"),
        )
        .expect("a fresh file");
        let main = format!(
            "use std::os::unix::process::CommandExt;\n\
             fn main() {{ panic!(\"{{}}\", std::process::Command::new({program:?}).exec()); }}\n"
        );
        fs::write(source.join("src/main.rs"), main).expect("a fresh file");
        let registry = Registry::new(folder.path().join("cache"), Some(runners));
        Self { folder, registry }
    }

    fn source(&self, file: &str) -> PathBuf {
        self.registry.runners().expect("given").join("misbehaving").join(file)
    }

    fn install(&self) -> Result<bool, InstallError> {
        self.registry.install("misbehaving", false, &CancelToken::new(), &mut |_| ()).map(|done| done.built)
    }

    fn record(&self) -> PathBuf {
        self.registry.cache().join("registry/misbehaving.json")
    }
}

/// Copied by another process: what this one has open for writing, a child that another test starts at this very moment
/// may still have open when the copy is to be executed, which is an error then.
fn copy_of_runner(folder: &Path) -> PathBuf {
    let copy = folder.join("program");
    assert!(Command::new("cp").arg(RUNNER).arg(&copy).status().expect("cp").success());
    copy
}

#[test]
fn an_installed_runner_is_built_once_and_rebuilt_when_its_sources_change() {
    let place = Place::new();
    assert_eq!(place.registry.names(), ["misbehaving"]);
    assert_eq!(place.registry.state("misbehaving").unwrap(), State::NotInstalled);

    let mut lines = Vec::new();
    let mut show = |line: &str| lines.push(line.to_owned());
    let done = place.registry.install("misbehaving", false, &CancelToken::new(), &mut show).unwrap();
    assert!(done.built);
    assert!(lines.iter().any(|line| line.contains("Compiling assay-runner-misbehaving")), "{lines:?}");
    assert_eq!(done.runner.description.sdk_version, "1.2.3");
    assert_eq!(place.registry.installed("misbehaving").unwrap(), done.runner);
    assert_eq!(place.registry.state("misbehaving").unwrap(), State::Installed(done.runner.clone()));
    assert!(!place.install().unwrap(), "nothing has changed");

    let main = place.source("src/main.rs");
    let text = fs::read_to_string(&main).unwrap();
    fs::write(&main, format!("{text}// changed\n")).unwrap();
    assert!(matches!(place.registry.state("misbehaving").unwrap(), State::Stale(_)));
    // A stale runner still works.
    assert_eq!(place.registry.installed("misbehaving").unwrap(), done.runner);
    assert!(place.install().unwrap());
    assert!(matches!(place.registry.state("misbehaving").unwrap(), State::Installed(_)));
}

#[test]
fn a_failed_build_shows_its_end_and_its_log_and_leaves_what_was_installed() {
    let place = Place::new();
    place.registry.register("misbehaving", Path::new(RUNNER), &CancelToken::new()).unwrap();
    let before = fs::read(place.record()).unwrap();
    fs::write(place.source("src/main.rs"), "fn main() { this is no Rust }").unwrap();
    match place.registry.install("misbehaving", true, &CancelToken::new(), &mut |_| ()).unwrap_err() {
        InstallError::Build { last_lines, log, .. } => {
            assert!(last_lines.iter().any(|line| line.contains("could not compile")), "{last_lines:?}");
            assert!(fs::read_to_string(log).unwrap().contains("this is no Rust"));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(fs::read(place.record()).unwrap(), before);
}

#[test]
fn a_program_that_is_no_runner_is_not_registered() {
    let place = Place::with_runner("misbehaving", "/bin/true");
    let error = place.install().unwrap_err();
    assert!(matches!(error, InstallError::NotARunner { .. }), "{error:?}");
    assert!(!place.record().exists());
}

#[test]
fn a_runner_is_not_registered_under_another_name() {
    let place = Place::new();
    let error = place.registry.register("openvm", Path::new(RUNNER), &CancelToken::new()).unwrap_err();
    assert!(
        matches!(&error, InstallError::OtherRunner { found, expected, .. } if found == "misbehaving" && expected == "openvm"),
        "{error:?}"
    );
}

#[test]
fn a_registered_program_is_never_stale_and_a_changed_or_missing_one_is_not_used() {
    let place = Place::new();
    let program = copy_of_runner(place.folder.path());
    let runner = place.registry.register("misbehaving", &program, &CancelToken::new()).unwrap();
    assert_eq!(runner.source_key, None);
    assert_eq!(place.registry.state("misbehaving").unwrap(), State::Installed(runner.clone()));

    // The same bytes at another time are the same program.
    let bytes = fs::read(&program).unwrap();
    thread::sleep(Duration::from_millis(20));
    fs::write(&program, &bytes).unwrap();
    assert_eq!(place.registry.state("misbehaving").unwrap(), State::Installed(runner.clone()));

    fs::write(&program, b"#!/bin/sh\n").unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(place.registry.state("misbehaving").unwrap(), State::BinaryChanged(runner.clone()));
    let error = place.registry.installed("misbehaving").unwrap_err();
    assert!(matches!(error, RegistryError::NotInstalled { state: Unusable::BinaryChanged, .. }), "{error:?}");

    fs::remove_file(&program).unwrap();
    assert_eq!(place.registry.state("misbehaving").unwrap(), State::BinaryMissing(runner));
    let error = place.registry.installed("misbehaving").unwrap_err();
    assert!(error.to_string().contains("assay backend install misbehaving"), "{error}");
}

#[test]
fn unknown_and_malformed_names_are_told_apart_from_runners_that_are_not_installed() {
    let place = Place::new();
    let registry = &place.registry;
    assert!(matches!(
        registry.installed("misbehaving").unwrap_err(),
        RegistryError::NotInstalled { state: Unusable::Absent, .. }
    ));
    let error = registry.installed("no-such").unwrap_err();
    assert!(matches!(error, RegistryError::Unknown { .. }), "{error:?}");
    for bad in ["", "../x", "Open", "a/b", "-x", "a.json", &"a".repeat(65)] {
        assert!(matches!(registry.state(bad).unwrap_err(), RegistryError::BadName(_)), "{bad}");
    }
}

#[test]
fn damaged_and_newer_registry_files_are_refused_and_installing_replaces_them() {
    let place = Place::new();
    fs::create_dir_all(place.record().parent().unwrap()).unwrap();
    fs::write(place.record(), br#"{"schema":"assay.installed_runner/2"}"#).unwrap();
    let error = place.registry.state("misbehaving").unwrap_err();
    assert!(matches!(error, RegistryError::Record { source: ReadError::TooNew { .. }, .. }), "{error:?}");
    fs::write(place.record(), b"{").unwrap();
    let error = place.registry.state("misbehaving").unwrap_err();
    assert!(matches!(error, RegistryError::Record { source: ReadError::NotVersioned(_), .. }), "{error:?}");
    fs::File::create(place.record()).unwrap().set_len(RECORD_BYTES_MAX + 1).unwrap();
    let error = place.registry.state("misbehaving").unwrap_err();
    assert!(matches!(error, RegistryError::RecordTooLong { .. }), "{error:?}");
    assert!(place.install().unwrap());
}

#[test]
fn two_installers_of_one_runner_build_it_once() {
    let place = Place::new();
    let built: Vec<bool> = thread::scope(|scope| {
        let installers: Vec<_> = (0..2).map(|_| scope.spawn(|| place.install().unwrap())).collect();
        installers.into_iter().map(|installer| installer.join().unwrap()).collect()
    });
    assert_eq!(built.iter().filter(|built| **built).count(), 1, "{built:?}");
}

/// What waits, shows for whom, and is cancelled.
type Wait<'a> = dyn Fn(&CancelToken, &mut dyn FnMut(&str)) -> InstallError + 'a;

#[test]
fn an_installer_that_waits_for_another_can_be_cancelled() {
    let place = Place::new();
    let folder = place.registry.cache().join("runners");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("misbehaving.lock");
    // What the one before left is no matter of the one that holds it now; a file that says nothing is no hindrance.
    for (said, shown) in
        [("process 4711, installing the runner x", "process 4711, installing the runner x"), ("", "another process")]
    {
        fs::write(&path, said).unwrap();
        let held = fs::File::open(&path).unwrap();
        held.lock().unwrap();
        let waits = |wait: &Wait<'_>| {
            let (cancel, mut lines) = (CancelToken::new(), Vec::new());
            let error = wait(&cancel.clone(), &mut |line| {
                lines.push(line.to_owned());
                cancel.cancel();
            });
            assert!(matches!(error, InstallError::Cancelled), "{error:?}");
            assert_eq!(lines, [format!("misbehaving waits for {shown} ({} is locked)", path.display())]);
        };
        waits(&|cancel, show| place.registry.install("misbehaving", false, cancel, show).unwrap_err());
        let binary = Path::new(RUNNER);
        waits(&|cancel, show| place.registry.register_showing("misbehaving", binary, cancel, show).unwrap_err());
    }
    // Whoever has it says so.
    place.registry.register("misbehaving", Path::new(RUNNER), &CancelToken::new()).unwrap();
    let said = fs::read_to_string(&path).unwrap();
    assert_eq!(said, format!("process {}, registering the runner misbehaving", std::process::id()));
}
