//! Artifacts that are current, stale, swapped, edited and forged.

use std::{cell::RefCell, collections::BTreeMap, fs, os::unix::fs::symlink, path::Path};

use super::*;
use crate::project::tests::{FakeCrate, program};

fn target(backend: &str) -> BuildTarget {
    BuildTarget { backend: backend.into(), backend_version: "1.0".into(), platform: Platform::Risc0, isa: None }
}

/// A crate in a folder, and how often programs were identified.
struct Workshop {
    _folder: tempfile::TempDir,
    fake: FakeCrate,
    identified: RefCell<usize>,
}

impl Workshop {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let fake = FakeCrate::new(folder.path());
        Self { _folder: folder, fake, identified: RefCell::default() }
    }

    /// As a fresh process gets it.
    fn artifact(&self, tile: &str, target: &BuildTarget, publish: TilePublish) -> Result<Artifact, TileError> {
        let mut identify = |guest: &Guest| {
            *self.identified.borrow_mut() += 1;
            Ok(id_of(&guest.elf))
        };
        self.fake.open()?.artifact(tile, target, publish, &mut identify, &mut |_| ())
    }

    fn double(&self) -> Result<Artifact, TileError> {
        self.artifact("double", &target("risc0"), TilePublish::Claim)
    }

    fn built(&self) -> usize {
        self.fake.state().built
    }
}

fn id_of(elf: &[u8]) -> String {
    format!("id-{}", Digest::of(elf).short())
}

/// All files in a folder, links by where they lead.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let file = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry.unwrap().path();
        let bytes = match fs::read_link(&path) {
            Ok(to) => to.to_str().unwrap().as_bytes().to_vec(),
            Err(_) => fs::read(&path).unwrap_or_default(),
        };
        (path.file_name().unwrap().to_str().unwrap().to_owned(), bytes)
    };
    fs::read_dir(folder).unwrap().map(file).collect()
}

/// Changes the manifest, which has its checksum all the same.
fn forge(folder: &Path, change: impl FnOnce(&mut TileManifest)) {
    let path = folder.join(MANIFEST_FILE);
    let mut manifest = assay_spec::schema::read(&fs::read(&path).unwrap()).unwrap().value;
    change(&mut manifest);
    fs::write(&path, sealed(&path, &manifest).unwrap()).unwrap();
}

#[test]
fn an_artifact_is_built_once_and_identified_each_time() {
    let workshop = Workshop::new();
    let first = workshop.double().unwrap();
    assert!(first.folder.ends_with("target/assay/tiles/double/risc0"));
    let second = workshop.double().unwrap();
    assert_eq!((workshop.built(), *workshop.identified.borrow()), (1, 2));
    assert_eq!((&first.manifest, &first.guest, &first.folder), (&second.manifest, &second.guest, &second.folder));
    assert_eq!(second.guest.name, "double");
    let files = contents(&second.folder);
    assert_eq!(files.keys().collect::<Vec<_>>(), [ELF_FILE, MANIFEST_FILE, METHOD_ID_FILE]);
    assert_eq!(files[ELF_FILE], second.guest.elf);
    assert_eq!(files[METHOD_ID_FILE], format!("{}\n", id_of(&second.guest.elf)).into_bytes());
    let manifest = assay_spec::schema::read::<TileManifest>(&files[MANIFEST_FILE]).unwrap().value;
    assert_eq!(manifest, second.manifest);
    assert_eq!((manifest.elf_size, manifest.isa.as_deref()), (second.guest.elf.len() as u64, Some("rv32im")));
}

#[test]
fn all_tiles_of_a_crate_are_built_at_once() {
    let workshop = Workshop::new();
    let project = workshop.fake.open().unwrap();
    for tile in ["double", "halve"] {
        let mut identify = |guest: &Guest| Ok(id_of(&guest.elf));
        project.artifact(tile, &target("risc0"), TilePublish::Claim, &mut identify, &mut |_| ()).unwrap();
    }
    assert_eq!(workshop.built(), 1);
}

#[test]
fn whatever_it_is_built_of_changes_it_is_built_again() {
    type Change = fn(&mut crate::project::tests::State);
    let workshop = Workshop::new();
    let mut last = workshop.double().unwrap();
    let changes: [(&str, Change); 2] = [
        // Of the crate, of its dependencies, of what Assay brings along: one digest.
        ("sources", |state| state.sources = "other sources".into()),
        ("toolchain", |state| state.toolchain = "rustc 2".into()),
    ];
    for (built, (what, change)) in (2..).zip(changes) {
        change(&mut workshop.fake.state());
        let now = workshop.double().unwrap();
        assert_eq!(workshop.built(), built, "{what}");
        assert_ne!(now.manifest.method_id, last.manifest.method_id, "{what}");
        assert_eq!(contents(&now.folder)[ELF_FILE], now.guest.elf, "{what}");
        workshop.double().unwrap();
        assert_eq!(workshop.built(), built, "{what}: and then it is current");
        last = now;
    }
    let newer = BuildTarget { backend_version: "1.1".into(), ..target("risc0") };
    let now = workshop.artifact("double", &newer, TilePublish::Claim).unwrap();
    assert_eq!((workshop.built(), now.manifest.backend_version.as_str()), (4, "1.1"));
}

#[test]
fn each_target_has_a_folder_of_its_own() {
    let workshop = Workshop::new();
    let standard = |isa| BuildTarget { platform: Platform::Standard, isa, ..target("reference@standard") };
    let native = BuildTarget { platform: Platform::Native, ..target("native") };
    let mut folders = Vec::new();
    for (target, publish, name) in [
        (target("risc0"), TilePublish::Claim, "risc0"),
        (target("risc0"), TilePublish::Plain, "risc0-plain"),
        (target("risc0@1.2.0"), TilePublish::Claim, "risc0@1.2.0"),
        (standard(None), TilePublish::Claim, "reference@standard"),
        (standard(Some(Isa::RV64IM)), TilePublish::Plain, "reference@standard-rv64-plain"),
        (native, TilePublish::Claim, "native"),
    ] {
        let artifact = workshop.artifact("double", &target, publish).unwrap();
        assert_eq!(artifact.folder.file_name().unwrap(), name);
        assert_eq!(artifact.manifest.publish, publish);
        folders.push(name.to_owned());
    }
    assert_eq!(workshop.built(), 6);
    // The width that a platform has by itself needs no saying.
    workshop.artifact("double", &standard(Some(Isa::RV32IM)), TilePublish::Claim).unwrap();
    assert_eq!(workshop.built(), 6);
    folders.sort();
    assert_eq!(workshop.fake.open().unwrap().list().tiles[0].built_for, folders);
    for backend in ["", "..", "a/b", "Risc0", "risc0-plain", "sp1-rv64", "-", &"x".repeat(65), "a\n"] {
        let refused = workshop.artifact("double", &target(backend), TilePublish::Claim);
        assert!(matches!(refused, Err(TileError::Target { .. })), "{backend:?}");
    }
}

/// What `change` makes of an artifact is refused, as it should be, and stays where it is.
#[track_caller]
fn refused(what: &str, change: impl Fn(&Path), right: impl Fn(&TileError) -> bool) {
    for stale in [false, true] {
        let workshop = Workshop::new();
        workshop.artifact("halve", &target("risc0"), TilePublish::Claim).unwrap();
        let artifact = workshop.double().unwrap();
        change(&artifact.folder);
        let before = contents(&artifact.folder);
        let built = workshop.built();
        if stale {
            workshop.fake.state().sources = "other sources".into();
        }
        match workshop.double() {
            Ok(_) => panic!("{what}, stale: {stale}: it was taken"),
            Err(error) => assert!(right(&error), "{what}, stale: {stale}: {error:?}"),
        }
        assert_eq!(contents(&artifact.folder), before, "{what}, stale: {stale}");
        assert_eq!(workshop.built(), built, "{what}, stale: {stale}");
        // The way out that the error names.
        fs::remove_dir_all(&artifact.folder).unwrap();
        workshop.double().unwrap();
    }
}

fn is_identity(error: &TileError, of: &str, file: &str) -> bool {
    matches!(error, TileError::Identity { what, kept_in, kept, computed, .. }
        if *what == of && *kept_in == file && kept != computed && error.to_string().contains(kept)
            && error.to_string().contains(computed))
}

#[test]
fn another_elf_than_the_manifest_describes_is_refused() {
    let elf = |folder: &Path| folder.join(ELF_FILE);
    refused(
        "another tile's ELF",
        |folder| assert!(fs::copy(elf(&folder.join("../../halve/risc0")), elf(folder)).is_ok()),
        |error| is_identity(error, "SHA-256", MANIFEST_FILE) || is_identity(error, "length in bytes", MANIFEST_FILE),
    );
    refused(
        "a flipped bit",
        |folder| {
            let mut bytes = fs::read(elf(folder)).unwrap();
            *bytes.last_mut().unwrap() ^= 1;
            fs::write(elf(folder), bytes).unwrap();
        },
        |error| is_identity(error, "SHA-256", MANIFEST_FILE),
    );
    refused(
        "a byte more",
        |folder| fs::write(elf(folder), [fs::read(elf(folder)).unwrap(), vec![0]].concat()).unwrap(),
        |error| is_identity(error, "length in bytes", MANIFEST_FILE),
    );
    refused(
        "too long",
        |folder| fs::File::create(elf(folder)).unwrap().set_len(ELF_BYTES_MAX + 1).unwrap(),
        |error| matches!(error, TileError::Artifact { .. }),
    );
}

#[test]
fn an_artifact_of_another_tile_in_its_place_is_refused() {
    refused(
        "all of halve",
        |folder| {
            for file in [ELF_FILE, METHOD_ID_FILE, MANIFEST_FILE] {
                fs::copy(folder.join("../../halve/risc0").join(file), folder.join(file)).unwrap();
            }
        },
        |error| matches!(error, TileError::Manifest { field: "tile_id", .. }),
    );
}

#[test]
fn a_method_id_that_is_not_that_of_the_bytes_is_refused() {
    let workshop = Workshop::new();
    let artifact = workshop.double().unwrap();
    let line = artifact.folder.join(METHOD_ID_FILE);
    let right = fs::read(&line).unwrap();
    fs::write(&line, "id-of-another\n").unwrap();
    assert!(is_identity(&workshop.double().unwrap_err(), "method id", METHOD_ID_FILE));
    fs::write(&line, [b"\xff".as_slice(), &[b'x'; 1000]].concat()).unwrap();
    assert!(matches!(workshop.double(), Err(TileError::Artifact { .. })));
    fs::write(&line, &right).unwrap();
    forge(&artifact.folder, |manifest| manifest.method_id = "id-of-another".into());
    assert!(is_identity(&workshop.double().unwrap_err(), "method id", MANIFEST_FILE));
    // Both, and a backend that names the program otherwise.
    fs::write(&line, "id-of-another\n").unwrap();
    assert!(is_identity(&workshop.double().unwrap_err(), "method id", METHOD_ID_FILE));
    // Stale, the id cannot be computed; that it is written in two ways is seen.
    fs::write(&line, &right).unwrap();
    workshop.fake.state().sources = "other sources".into();
    assert!(matches!(workshop.double(), Err(TileError::Manifest { field: "method_id", .. })));
    assert_eq!(workshop.built(), 1);
}

#[test]
fn a_manifest_that_was_edited_is_refused() {
    let manifest = |folder: &Path| folder.join(MANIFEST_FILE);
    for (from, to) in [("\"double\"", "\"treble\""), ("1000", "9999"), ("\"claim\"", "\"plain\""), ("\n}\n", "\n}")] {
        refused(
            to,
            |folder| {
                let text = fs::read_to_string(manifest(folder)).unwrap();
                assert!(text.contains(from));
                fs::write(manifest(folder), text.replace(from, to)).unwrap();
            },
            |error| matches!(error, TileError::Artifact { .. }),
        );
    }
    refused(
        "no JSON",
        |folder| fs::write(manifest(folder), "{}").unwrap(),
        |error| matches!(error, TileError::Artifact { .. }),
    );
}

/// With its checksum made anew, so that only what it says gives it away.
#[test]
fn a_manifest_that_was_forged_is_refused() {
    type Forgery = fn(&mut TileManifest);
    let always: [(&'static str, Forgery); 6] = [
        ("tile_id", |manifest| manifest.tile_id = "treble".into()),
        ("tile_digest", |manifest| manifest.tile_digest = Digest::of(b"")),
        ("tile_digest", |manifest| manifest.package_version = "0.2.0".into()),
        ("backend", |manifest| manifest.backend = "sp1".into()),
        ("platform", |manifest| manifest.platform = Platform::Sp1),
        ("publish", |manifest| manifest.publish = TilePublish::Plain),
    ];
    for (name, forgery) in always {
        let right = |error: &TileError| matches!(error, TileError::Manifest { field, .. } if *field == name);
        refused(name, |folder| forge(folder, forgery), right);
    }
    refused(
        "elf_size",
        |folder| forge(folder, |m| m.elf_size += 1),
        |e| is_identity(e, "length in bytes", MANIFEST_FILE),
    );
    refused(
        "elf_digest",
        |folder| forge(folder, |manifest| manifest.elf_digest = Digest::of(b"")),
        |error| is_identity(error, "SHA-256", MANIFEST_FILE),
    );
    // These may differ in an artifact of other sources; in a current one they may not.
    let current: [(&'static str, Forgery); 6] = [
        ("isa", |manifest| manifest.isa = Some("rv64im".into())),
        ("description", |manifest| manifest.description = "other".into()),
        ("tile_digest", |manifest| {
            manifest.package_version = "0.2.0".into();
            manifest.tile_digest = Digest(assay_tile::tile_digest("numbers", "0.2.0", "double"));
        }),
        ("budget_cycles", |manifest| manifest.budget_cycles = None),
        ("runtime_version", |manifest| manifest.runtime_version += 1),
        ("abi", |manifest| manifest.abi.input = Err("unknown".into())),
    ];
    let workshop = Workshop::new();
    let artifact = workshop.double().unwrap();
    let sound = fs::read(artifact.folder.join(MANIFEST_FILE)).unwrap();
    for (name, forgery) in current {
        forge(&artifact.folder, forgery);
        let error = workshop.double().unwrap_err();
        let named =
            matches!(&error, TileError::Manifest { field, .. } if *field == name || *field == "package_version");
        assert!(named, "{name}: {error:?}");
        fs::write(artifact.folder.join(MANIFEST_FILE), &sound).unwrap();
        workshop.double().unwrap();
    }
    assert_eq!(workshop.built(), 1);
}

#[test]
fn links_and_missing_files_are_refused() {
    for file in [ELF_FILE, METHOD_ID_FILE, MANIFEST_FILE] {
        let artifact = |error: &TileError| matches!(error, TileError::Artifact { path, .. } if path.ends_with(file));
        refused("missing", |folder| fs::remove_file(folder.join(file)).unwrap(), artifact);
        let link = |folder: &Path| {
            let (path, to) = (folder.join(file), folder.join("elsewhere"));
            fs::rename(&path, &to).unwrap();
            symlink(&to, &path).unwrap();
        };
        refused("a link", link, artifact);
    }
    let workshop = Workshop::new();
    let place = workshop.double().unwrap().folder;
    let elsewhere = place.with_file_name("elsewhere");
    fs::rename(&place, &elsewhere).unwrap();
    symlink(&elsewhere, &place).unwrap();
    assert!(matches!(workshop.double(), Err(TileError::Artifact { .. })));
}

#[test]
fn an_artifact_of_no_program_is_refused() {
    let workshop = Workshop::new();
    let artifact = workshop.double().unwrap();
    let wide = program("double", Platform::Standard, Xlen::Rv64).elf;
    for elf in [b"no program".to_vec(), wide] {
        fs::write(artifact.folder.join(ELF_FILE), &elf).unwrap();
        forge(&artifact.folder, |manifest| {
            manifest.elf_size = elf.len() as u64;
            manifest.elf_digest = Digest::of(&elf);
        });
        let error = workshop.double().unwrap_err();
        assert!(matches!(&error, TileError::Artifact { path, .. } if path.ends_with(ELF_FILE)), "{error:?}");
    }
}

#[test]
fn a_backend_that_cannot_identify_a_program_leaves_nothing_behind() {
    let workshop = Workshop::new();
    let project = workshop.fake.open().unwrap();
    let mut identify = |_: &Guest| Err(BackendError::Cancelled);
    let asked = project.artifact("double", &target("risc0"), TilePublish::Claim, &mut identify, &mut |_| ());
    assert!(matches!(asked, Err(TileError::Backend(BackendError::Cancelled))));
    assert!(!workshop.fake.folder.join("target/assay/tiles").exists());
    let error = project.artifact("treble", &target("risc0"), TilePublish::Claim, &mut identify, &mut |_| ());
    assert!(matches!(error, Err(TileError::NoSuchTile { .. })));
}
