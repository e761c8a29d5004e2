//! Snapshots of small repositories that the tests make.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use crate::repository::Repository;
use assay_snapshot::{
    catalogue::Catalogue,
    install::{SnapshotError, Snapshots},
    limits::DEPTH_MAX,
    manifest,
    request::{Asked, Request},
    source::SourceError,
};
use assay_spec::{DeviationKind, SnapshotOrigin};

fn request(repository: &Path, commit: &str) -> Request {
    let source = repository.display().to_string();
    let asked = Asked { zkvm: "toy", commit: Some(commit), source: Some(&source), ..Asked::default() };
    Request::new(&asked, &Catalogue::default(), Path::new("/nonexistent")).unwrap()
}

fn go_on() -> bool {
    true
}

fn install(out: &Path, repository: &Path, commit: &str) -> Result<assay_snapshot::install::Installed, SnapshotError> {
    Snapshots::new(out).install(&request(repository, commit), false, &go_on)
}

/// Every file below a folder, with its mode and content.
fn content(folder: &Path) -> Vec<(String, u32, Vec<u8>)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            let metadata = fs::symlink_metadata(&path).unwrap();
            let name = path.strip_prefix(folder).unwrap().display().to_string();
            let mode = metadata.permissions().mode();
            if metadata.is_dir() {
                open.push(path);
            } else if metadata.is_symlink() {
                found.push((name, mode, fs::read_link(&path).unwrap().display().to_string().into_bytes()));
            } else {
                found.push((name, mode, fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_commit_is_materialised_byte_for_byte_and_the_same_every_time() {
    let repository = Repository::new();
    repository.write(".gitattributes", b"*.txt text eol=crlf\nkept.rs export-subst ident\n");
    repository.write("a.txt", b"one\r\ntwo\n");
    repository.write("deep/er/kept.rs", b"// $Id$ $Format:%H$\n\xff\x00");
    repository.write("run.sh", b"#!/bin/sh\n");
    repository.executable("run.sh");
    repository.link("link", "deep/er");
    let commit = repository.commit("one");
    repository.write("a.txt", b"later");
    repository.commit("two");

    let out = tempfile::tempdir().unwrap();
    let made = install(out.path(), repository.path(), &commit).unwrap();
    assert!(made.made);
    let sources = made.snapshot.sources();
    assert_eq!(fs::read(sources.join("a.txt")).unwrap(), b"one\r\ntwo\n");
    assert_eq!(fs::read(sources.join("link/kept.rs")).unwrap(), b"// $Id$ $Format:%H$\n\xff\x00");
    let first = content(&sources);
    assert_eq!(first.len(), 5);

    // It is there: nothing is made.
    assert!(!install(out.path(), repository.path(), &commit[..9]).unwrap().made);
    let snapshots = Snapshots::new(out.path());
    let name = made.snapshot.manifest.name.clone();
    assert_eq!(name, commit[..12]);
    snapshots.remove("toy", &name, false, &go_on).unwrap();
    assert!(matches!(snapshots.open("toy", &name), Err(SnapshotError::NotInstalled { .. })));
    assert!(!sources.exists());

    // From a bare repository, and by a URL, into another folder: the same bytes.
    let bare = repository.bare();
    let again = install(out.path(), bare.path(), &commit).unwrap();
    assert_eq!(content(&again.snapshot.sources()), first);
    let elsewhere = tempfile::tempdir().unwrap();
    let url = format!("file://{}", bare.path().display());
    let asked = Asked { zkvm: "toy", commit: Some(&commit), source: Some(&url), ..Asked::default() };
    let request = Request::new(&asked, &Catalogue::default(), &elsewhere.path().join("git")).unwrap();
    let fetched = Snapshots::new(elsewhere.path()).install(&request, false, &go_on).unwrap();
    assert_eq!(content(&fetched.snapshot.sources()), first);
    assert_eq!(fetched.snapshot.manifest.sources, again.snapshot.manifest.sources);
    let SnapshotOrigin::Git(git) = fetched.snapshot.manifest.origin else { panic!() };
    assert_eq!(git.commit, commit);
}

#[test]
fn a_check_names_every_file_that_is_other_than_it_was() {
    let repository = Repository::new();
    for name in ["changed", "gone", "kept", "run", "mode"] {
        repository.write(name, b"x");
    }
    repository.link("link", "kept");
    let commit = repository.commit("one");
    let out = tempfile::tempdir().unwrap();
    let snapshot = install(out.path(), repository.path(), &commit).unwrap().snapshot;
    let check = || manifest::check(&snapshot.folder, &snapshot.manifest).unwrap();
    assert_eq!(check(), (6, Vec::new()));
    let at = |name: &str| snapshot.sources().join(name);
    fs::write(at("changed"), "y").unwrap();
    fs::remove_file(at("gone")).unwrap();
    fs::write(at("new"), "").unwrap();
    fs::set_permissions(at("mode"), fs::Permissions::from_mode(0o755)).unwrap();
    fs::remove_file(at("link")).unwrap();
    std::os::unix::fs::symlink("run", at("link")).unwrap();
    let (_, differences) = check();
    let mut found: Vec<&str> = differences.iter().map(|difference| difference.path.as_str()).collect();
    found.sort_unstable();
    assert_eq!(found, ["changed", "gone", "link", "mode", "new"]);

    // A list that was changed to fit is not the manifest's.
    let listing = snapshot.folder.join(manifest::LISTING_FILE);
    let text = fs::read_to_string(&listing).unwrap();
    fs::write(&listing, text.replace("changed", "chanced")).unwrap();
    assert!(manifest::check(&snapshot.folder, &snapshot.manifest).is_err());
}

#[test]
fn hostile_trees_are_refused_by_name_and_nothing_stays_behind() {
    let file = |name: &str| vec![("100644", name.to_owned())];
    let cases: Vec<(&str, Vec<(&str, String)>)> = vec![
        ("leads elsewhere", file("..")),
        ("leads elsewhere", file(".")),
        ("git's own", file(".git")),
        ("git's own", file(".GiT")),
        ("a path in place of a name", file("../out")),
        ("a path in place of a name", file("/etc/out")),
        ("no kind that git knows", vec![("100000", "a".to_owned())]),
        ("are one file", vec![("100644", "A".to_owned()), ("100644", "a".to_owned())]),
        ("twice", vec![("100644", "a".to_owned()), ("100644", "a".to_owned())]),
        ("twice", vec![("120000", "a".to_owned()), ("40000", "a".to_owned())]),
    ];
    for (word, entries) in cases {
        let repository = Repository::new();
        let commit = repository.forged_tree(&entries);
        let out = tempfile::tempdir().unwrap();
        let error = install(out.path(), repository.path(), &commit).unwrap_err().to_string();
        assert!(error.contains(word), "{entries:?}: {error}");
        assert!(Snapshots::new(out.path()).list().is_empty());
        let left: Vec<_> = fs::read_dir(out.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(left.iter().all(|name| name.to_string_lossy().ends_with(".lock")), "{left:?}");
    }
}

#[test]
fn links_that_lead_out_are_refused_before_anything_is_written() {
    // From `d`, by their text, the last two stay; by way of the links they lead to the folder above.
    for target in ["/etc/passwd", "../../x", "deep/../../x", "up/.."] {
        let repository = Repository::new();
        repository.write("deep/file", b"x");
        repository.link("d/up", "..");
        repository.link("d/deep", "../deep");
        repository.link("d/evil", target);
        let commit = repository.commit("one");
        let out = tempfile::tempdir().unwrap();
        let done = install(out.path(), repository.path(), &commit);
        let Err(SnapshotError::Source(SourceError::LinkOut { path, .. })) = done else { panic!("{target}: {done:?}") };
        assert_eq!(path, "d/evil");
    }
}

#[test]
fn submodules_and_what_is_excluded_are_left_out_and_said_to_be() {
    let repository = Repository::new();
    repository.write("kept", b"x");
    repository.write("big/one", b"x");
    repository.submodule("sub/module", "0123456789abcdef0123456789abcdef01234567");
    let commit = repository.commit("one");
    let out = tempfile::tempdir().unwrap();
    let mut request = request(repository.path(), &commit);
    request.exclude.insert("big".to_owned());
    let snapshot = Snapshots::new(out.path()).install(&request, false, &go_on).unwrap().snapshot;
    let kinds: Vec<_> = snapshot.manifest.deviations.iter().map(|deviation| deviation.kind).collect();
    assert_eq!(kinds, [DeviationKind::ExcludedPath, DeviationKind::Submodule]);
    assert_eq!(content(&snapshot.sources()).len(), 1);
}

/// Keys of a repository's configuration by which git starts programs.
const CONFIGURED: [&str; 14] = [
    "core.fsmonitor",
    "core.sshCommand",
    "core.gitProxy",
    "core.askPass",
    "core.editor",
    "core.pager",
    "core.alternateRefsCommand",
    "credential.helper",
    "diff.external",
    "filter.evil.smudge",
    "filter.evil.process",
    "gpg.program",
    "remote.origin.uploadpack",
    "uploadpack.packObjectsHook",
];

#[test]
fn nothing_that_a_repository_configures_is_started() {
    let repository = Repository::new();
    repository.write("a", b"x");
    repository.write(".gitattributes", b"* filter=evil\n");
    let commit = repository.commit("one");
    let trap = repository.path().join("trap");
    let command = format!("touch {}", trap.display());
    for key in CONFIGURED {
        repository.git(&["config", key, &command]);
    }
    let hooks = repository.path().join(".git/hooks");
    for hook in ["post-checkout", "post-index-change", "reference-transaction", "pre-auto-gc", "post-update", "update"]
    {
        fs::create_dir_all(&hooks).unwrap();
        fs::write(hooks.join(hook), format!("#!/bin/sh\n{command}\n")).unwrap();
        fs::set_permissions(hooks.join(hook), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let out = tempfile::tempdir().unwrap();
    install(out.path(), repository.path(), &commit).unwrap();
    let url = format!("file://{}", repository.path().display());
    let asked =
        Asked { zkvm: "toy", commit: Some(&commit), source: Some(&url), name: Some("by-url"), ..Asked::default() };
    let request = Request::new(&asked, &Catalogue::default(), &out.path().join("git")).unwrap();
    Snapshots::new(out.path()).install(&request, false, &go_on).unwrap();
    assert!(!trap.exists());
}

/// A hundred thousand folders that are one: an archive of a few kilobytes, and files without end.
#[test]
fn folders_that_hold_the_same_folder_again_and_again_end_at_the_limit() {
    let repository = Repository::new();
    let commit = repository.repeated_folders(1000, 1000);
    let out = tempfile::tempdir().unwrap();
    let error = install(out.path(), repository.path(), &commit).unwrap_err();
    assert!(matches!(error, SnapshotError::Source(SourceError::Limit { what: "files", .. })), "{error}");
    let deep = repository.nested_folders(DEPTH_MAX + 1);
    let error = install(out.path(), repository.path(), &deep).unwrap_err();
    assert!(matches!(error, SnapshotError::Source(SourceError::Limit { .. })), "{error}");
    assert!(Snapshots::new(out.path()).list().is_empty());
}

/// Git refuses such repositories where their configuration could start something.
#[test]
fn a_repository_of_another_owner_is_read_and_one_around_the_folder_is_not() {
    let repository = Repository::new();
    repository.write("inner/a", b"x");
    let commit = repository.commit("one");
    let out = tempfile::tempdir().unwrap();
    // The folder is no repository; the one around it is not what was asked for.
    let error = install(out.path(), &repository.path().join("inner"), &commit).unwrap_err();
    assert!(matches!(error, SnapshotError::Source(SourceError::Git { .. })), "{error}");
    if !nix::unistd::geteuid().is_root() {
        // Nobody else may give a folder away.
        return;
    }
    let other = nix::unistd::Uid::from_raw(65_533);
    for path in [repository.path().to_owned(), repository.path().join(".git")] {
        nix::unistd::chown(&path, Some(other), None).unwrap();
    }
    install(out.path(), repository.path(), &commit).unwrap();
}

#[test]
fn an_install_that_is_cancelled_leaves_nothing() {
    let repository = Repository::new();
    for file in 0..20 {
        repository.write(&format!("f{file}"), b"x");
    }
    let commit = repository.commit("one");
    let out = tempfile::tempdir().unwrap();
    let asked = std::cell::Cell::new(0);
    let go_on = || {
        asked.set(asked.get() + 1);
        asked.get() < 10
    };
    let done = Snapshots::new(out.path()).install(&request(repository.path(), &commit), false, &go_on);
    assert!(matches!(done, Err(SnapshotError::Cancelled)), "{done:?}");
    assert!(asked.get() < 20, "it ends where it is, not after the last file");
    let left = fs::read_dir(out.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(left.into_iter().all(|name| name.to_string_lossy().ends_with(".lock")));
}

#[test]
fn an_object_that_is_not_what_its_id_says_is_found() {
    let repository = Repository::new();
    repository.write("a", b"honest");
    let commit = repository.commit("one");
    repository.forge_blob(b"honest", b"forged");
    let out = tempfile::tempdir().unwrap();
    let error = install(out.path(), repository.path(), &commit).unwrap_err();
    // Git checks loose objects itself in some versions, packed ones in none.
    let refused = matches!(
        &error,
        SnapshotError::Source(SourceError::Forged { .. } | SourceError::Git { .. } | SourceError::Damaged { .. })
    );
    assert!(refused, "{error}");
    assert!(Snapshots::new(out.path()).list().is_empty());
}

#[test]
fn missing_commits_and_objects_are_named() {
    let repository = Repository::new();
    repository.write("a", b"x");
    let commit = repository.commit("one");
    let out = tempfile::tempdir().unwrap();
    let absent = "0123456789abcdef0123456789abcdef01234567";
    let error = install(out.path(), repository.path(), absent).unwrap_err();
    assert!(error.to_string().contains(absent), "{error}");
    for nothing in ["no/such/folder", "/no/such/folder", "./x:y", "--upload-pack=x:y"] {
        let asked = Asked { zkvm: "toy", commit: Some(&commit), source: Some(nothing), ..Asked::default() };
        let error = Request::new(&asked, &Catalogue::default(), Path::new("/nonexistent")).unwrap_err();
        assert!(matches!(error, SnapshotError::NoSource(_)), "{error}");
    }
    // A branch is no commit: it moves.
    repository.git(&["branch", "abcdef0"]);
    let source = repository.path().display().to_string();
    let asked = Asked { zkvm: "toy", commit: Some("abcdef0"), source: Some(&source), ..Asked::default() };
    assert!(Request::new(&asked, &Catalogue::default(), Path::new("/nonexistent")).is_err());
    repository.remove_blob(b"x");
    let error = install(out.path(), repository.path(), &commit).unwrap_err();
    assert!(matches!(error, SnapshotError::Source(SourceError::Missing { .. })), "{error}");
}

#[test]
fn what_is_not_the_snapshots_own_outlives_it() {
    let repository = Repository::new();
    repository.write("a", b"x");
    let commit = repository.commit("one");
    let out = tempfile::tempdir().unwrap();
    let snapshots = Snapshots::new(out.path());
    let made = install(out.path(), repository.path(), &commit).unwrap().snapshot;
    let records = made.folder.join("from-insts/records.json");
    fs::create_dir(made.folder.join("from-insts")).unwrap();
    fs::write(&records, "kept").unwrap();
    let name = made.manifest.name.as_str();
    let forced = snapshots.install(&request(repository.path(), &commit), true, &go_on).unwrap();
    assert!(forced.made);
    assert_eq!(fs::read(&records).unwrap(), b"kept");
    snapshots.remove("toy", name, false, &go_on).unwrap();
    assert_eq!(fs::read(&records).unwrap(), b"kept");
    // As a process leaves it that is killed between the exchange and bringing back.
    let left = out.path().join(format!(".toy-{name}~partial-x"));
    fs::create_dir_all(left.join("from-insts")).unwrap();
    fs::create_dir_all(left.join("toy-src")).unwrap();
    fs::write(left.join("from-insts/newer"), "too").unwrap();
    snapshots.install(&request(repository.path(), &commit), false, &go_on).unwrap();
    assert!(!left.exists());
    assert_eq!(fs::read(made.folder.join("from-insts.1/newer")).unwrap(), b"too");
    assert_eq!(fs::read(&records).unwrap(), b"kept");
}

#[test]
fn one_name_is_of_one_thing() {
    let repository = Repository::new();
    repository.write("a", b"x");
    let one = repository.commit("one");
    repository.write("a", b"y");
    let two = repository.commit("two");
    let out = tempfile::tempdir().unwrap();
    let named = |commit: &str| Request { name: "same".to_owned(), ..request(repository.path(), commit) };
    let snapshots = Snapshots::new(out.path());
    snapshots.install(&named(&one), false, &go_on).unwrap();
    assert!(matches!(snapshots.install(&named(&two), false, &go_on), Err(SnapshotError::Other { .. })));
    let replaced = snapshots.install(&named(&two), true, &go_on).unwrap().snapshot;
    assert_eq!(fs::read(replaced.sources().join("a")).unwrap(), b"y");
    assert_eq!(snapshots.list().len(), 1);
}
