//! A crate of tiles, and the crate of programs around them.
//!
//! The copy that is built has the author's crate in a folder and beside it the runtime and what tiles are written against; the
//! crate of programs stands around them all, so that its lockfile and its profile are the ones that count.

use std::{collections::BTreeMap, path::PathBuf};

use assay_spec::TilePublish;
use toml::{Table, Value};

use super::{
    Language, Project, ProjectError,
    manifests::{Brought, Crate, LOCK, MANIFEST},
};
use crate::{
    lockfile,
    runtime_sources::{self, RUNTIME_CRATE},
    tile_sources::{self, MACROS_CRATE, TILE_CRATE},
};

/// Where the author's crate is in the copy, with the workspace that it is in.
const AUTHORS: &str = "crate";

/// The crate of programs, and what it calls the author's.
const PROGRAMS: &str = "assay-tile-programs";
const TILES: &str = "tiles";

/// The program that lists tiles, and the feature that it is built with.
pub(crate) const LIST: &str = "list";

/// All that is in the copy beside the crate of programs.
const BROUGHT: [&str; 3] = [RUNTIME_CRATE, TILE_CRATE, MACROS_CRATE];

/// Longest id of a tile, in bytes.
const TILE_ID_BYTES_MAX: usize = 64;

/// A tile that a program is made for, as the list of tiles says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TileProgram {
    /// Its id.
    pub id: String,
    /// What claims call it.
    pub digest: [u8; 32],
}

/// Reads the crate of tiles in `folder`.
pub(super) fn open(folder: PathBuf) -> Result<Project, ProjectError> {
    let Crate { name, version, manifest, root, member, mut reading, .. } =
        Crate::read(&folder, &Brought { needed: TILE_CRATE, all: &BROUGHT, below: 1 })?;
    let library = manifest.get("lib").and_then(|library| library.get("path")).and_then(Value::as_str);
    let library = format!("{member}{}", library.unwrap_or("src/lib.rs"));
    if !reading.files.contains_key(&library) {
        return Err(ProjectError::NoLibrary { folder });
    }
    let own = reading.files.remove(LOCK);
    let locked = own.is_some();
    let lock = match own {
        Some(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        None => lockfile::lock_for_tiles(&name, &version),
    };
    let lock: Table = lock.parse().map_err(|error: toml::de::Error| ProjectError::Manifest {
        path: folder.join(LOCK),
        reason: error.message().to_owned(),
    })?;
    let mut files: BTreeMap<String, Vec<u8>> =
        reading.files.into_iter().map(|(file, bytes)| (format!("{AUTHORS}/{file}"), bytes)).collect();
    for (file, bytes) in runtime_sources::files() {
        files.insert(format!("{RUNTIME_CRATE}/{file}"), bytes);
    }
    files.extend(tile_sources::files());
    files.insert(MANIFEST.to_owned(), manifest_of_programs(&name, &member, &root).into_bytes());
    files.insert(LOCK.to_owned(), lockfile::lock_for_programs(PROGRAMS, &name, &lock).into_bytes());
    files.insert(format!("src/bin/{LIST}.rs"), LIST_RS.into());
    // Not built as it is: it is there so that the digest of all sources is of programs around tiles, too.
    files.insert("src/program.rs.in".to_owned(), PROGRAM_RS.into());
    Ok(Project {
        language: Language::Rust,
        name,
        files,
        member: String::new(),
        runtime: RUNTIME_CRATE.to_owned(),
        locked,
        folder,
        links: reading.links,
    })
}

/// The manifest of the crate of programs around the crate `name`, which is at `member` in the workspace with the manifest
/// `root`: with that one's patches and profile.
fn manifest_of_programs(name: &str, member: &str, root: &Table) -> String {
    let table = |pairs: Vec<(&str, Value)>| {
        Value::Table(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    };
    let strings = |all: &[&str]| Value::Array(all.iter().map(|&one| one.into()).collect());
    let at = |path: &str| table(vec![("path", path.into())]);
    let mut authors = vec![("path", Value::from(format!("{AUTHORS}/{member}").trim_end_matches('/')))];
    authors.push(("package", name.into()));
    let mut manifest = Table::from_iter([
        (
            "package".to_owned(),
            table(vec![
                ("name", PROGRAMS.into()),
                ("version", "0.0.0".into()),
                ("edition", "2024".into()),
                ("publish", false.into()),
            ]),
        ),
        ("features".to_owned(), table(vec![(LIST, strings(&["assay-tile/describe", "dep:serde_json"]))])),
        (
            "bin".to_owned(),
            Value::Array(vec![table(vec![
                ("name", LIST.into()),
                ("path", format!("src/bin/{LIST}.rs").into()),
                ("required-features", strings(&[LIST])),
            ])]),
        ),
        (
            "dependencies".to_owned(),
            table(vec![
                (RUNTIME_CRATE, at(RUNTIME_CRATE)),
                (TILE_CRATE, at(TILE_CRATE)),
                (TILES, table(authors)),
                ("serde_json", table(vec![("version", "1.0".into()), ("optional", true.into())])),
            ]),
        ),
        // The author's crate may be in a workspace of its own.
        (
            "workspace".to_owned(),
            table(vec![("resolver", "3".into()), ("exclude", strings(&[&[AUTHORS], BROUGHT.as_slice()].concat()))]),
        ),
    ]);
    let mut profile = runtime_sources::guests_manifest().get("profile").and_then(Value::as_table).cloned();
    if let (Some(profile), Some(own)) = (&mut profile, root.get("profile").and_then(Value::as_table)) {
        for (name, settings) in own {
            match (profile.get_mut(name).and_then(Value::as_table_mut), settings.as_table()) {
                (Some(there), Some(more)) => there.extend(more.clone()),
                _ => drop(profile.insert(name.clone(), settings.clone())),
            }
        }
    }
    manifest.extend(profile.map(|profile| ("profile".to_owned(), Value::Table(profile))));
    if let Some(patch) = root.get("patch").and_then(Value::as_table) {
        let mut patch = patch.clone();
        for (_, of_source) in &mut patch {
            for (_, patched) in of_source.as_table_mut().into_iter().flatten() {
                if let Some(path) = patched.as_table_mut().and_then(|patched| patched.get_mut("path"))
                    && let Some(spelled) = path.as_str()
                {
                    *path = format!("{AUTHORS}/{spelled}").into();
                }
            }
        }
        manifest.insert("patch".to_owned(), patch.into());
    }
    toml::to_string(&manifest).expect("a manifest of what was read from manifests can be written")
}

/// Says what tiles there are: its public output is `assay_tile::described()` as JSON.
const LIST_RS: &str = r#"//! Lists the tiles and sequences of a crate.

use tiles as _;

assay_guest_rt::main!(run);

fn run() {
    let all = serde_json::to_vec(&assay_tile::described()).expect("descriptions are text and numbers");
    assay_guest_rt::write_output(&all);
}
"#;

/// The program around a tile.
const PROGRAM_RS: &str = r#"//! Runs the tile `{ID}`.
#![cfg_attr(target_os = "none", no_std, no_main)]

extern crate alloc;

use assay_tile::{Answer, Publish};
use tiles as _;

unsafe extern "Rust" {
    safe fn {ENTRY}(input: &[u8]) -> Answer;
}

const TILE: [u8; 32] = {DIGEST};

assay_guest_rt::main!(run);

fn run() -> u8 {
    let ended = assay_tile::respond(assay_guest_rt::read_input(), TILE, Publish::{PUBLISH}, |input| {ENTRY}(input));
    assay_guest_rt::write_output(&ended.public);
    if let Some(failure) = ended.failure {
        assay_guest_rt::log(&assay_tile::failure_log(&failure));
    }
    ended.exit_code
}
"#;

impl Project {
    /// The same with programs around `tiles`; their names, in order. An id that the macros would refuse is none of their ids:
    /// `None`.
    pub(crate) fn with_tile_programs(
        &self,
        tiles: &[TileProgram],
        publish: TilePublish,
    ) -> Option<(Self, Vec<String>)> {
        let mut project = self.clone();
        let mut names = Vec::new();
        for TileProgram { id, digest } in tiles {
            if !is_tile_id(id) {
                return None;
            }
            let publish = match publish {
                TilePublish::Claim => "Claim",
                TilePublish::Plain => "Plain",
            };
            let source = PROGRAM_RS
                .replace("{ID}", id)
                .replace("{ENTRY}", &format!("__assay_tile_entry_{}", id.replace('-', "_")))
                .replace("{DIGEST}", &format!("{digest:?}"))
                .replace("{PUBLISH}", publish);
            let name = format!("tile-{id}");
            project.files.insert(format!("src/bin/{name}.rs"), source.into_bytes());
            names.push(name);
        }
        Some((project, names))
    }
}

/// Whether this is an id that `#[tile]` takes: it becomes a part of a source file, of a symbol and of names of folders.
pub fn is_tile_id(id: &str) -> bool {
    let sound = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    id.len() <= TILE_ID_BYTES_MAX
        && id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.bytes().all(sound)
        && !id.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_nothing_that_could_leave_its_place_in_a_source_file() {
        for (id, good) in [
            ("double", true),
            ("merkle-root", true),
            ("sha256", true),
            ("", false),
            ("a/b", false),
            ("a\"", false),
            ("A", false),
            ("-a", false),
            ("a-", false),
            (&"x".repeat(65), false),
        ] {
            assert_eq!(is_tile_id(id), good, "{id}");
        }
    }

    #[test]
    fn programs_have_the_patches_and_the_profile_of_the_authors_workspace() {
        let root = "[profile.release]\nopt-level = \"s\"\n[profile.dev]\ndebug = 1\n\
                    [patch.crates-io]\nsha2 = { path = \"vendor/sha2\" }\n"
            .parse()
            .unwrap();
        let manifest: Table = manifest_of_programs("mine", "a/b/", &root).parse().unwrap();
        assert_eq!(manifest["dependencies"][TILES]["path"].as_str(), Some("crate/a/b"));
        assert_eq!(manifest["profile"]["release"]["opt-level"].as_str(), Some("s"));
        assert_eq!(manifest["profile"]["release"]["panic"].as_str(), Some("abort"));
        assert_eq!(manifest["profile"]["dev"]["debug"].as_integer(), Some(1));
        assert_eq!(manifest["patch"]["crates-io"]["sha2"]["path"].as_str(), Some("crate/vendor/sha2"));
    }
}
