//! What of Assay itself a snapshot's runner is built from, as one digest: if it changes, the built runner is stale.
//!
//! A template names files and crates of Assay's source tree; crates name others by path. All of them count, as they are
//! now, but for what of a crate does not end up in a program. Crates of registries are the lockfile's matter.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Component, Path, PathBuf},
};

use assay_spec::Digest;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::RunnerError;
use crate::manifest;

/// How templates begin a path in Assay's source tree.
const TREE: &str = "{assay}/";

/// Most files that a runner may be built from.
const FILES_MAX: usize = 20_000;

/// Longest of them.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// Most crates of ours that a runner may be built from.
const CRATES_MAX: usize = 1000;

/// Folders beside a `Cargo.toml` that do not end up in a program. Deeper ones of these names are modules like any other.
const LEFT_OUT: [&str; 4] = ["target", "tests", "benches", "examples"];

/// What is read of a crate's manifest.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
struct Manifest {
    dependencies: Dependencies,
    build_dependencies: Dependencies,
    target: BTreeMap<String, Targeted>,
    workspace: Option<Workspace>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
struct Targeted {
    dependencies: Dependencies,
    build_dependencies: Dependencies,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Workspace {
    dependencies: Dependencies,
}

type Dependencies = BTreeMap<String, toml::Value>;

impl Manifest {
    fn dependencies(&self) -> impl Iterator<Item = (&String, &toml::Value)> {
        let targeted =
            self.target.values().flat_map(|target| target.dependencies.iter().chain(&target.build_dependencies));
        self.dependencies.iter().chain(&self.build_dependencies).chain(targeted)
    }
}

/// The digest of the files of a template, as they stand in their folder, and of all that they ask for in the source `tree`.
pub(super) fn digest(tree: &Path, template: &BTreeMap<String, Vec<u8>>) -> Result<Digest, RunnerError> {
    let mut inputs = Inputs { tree, files: BTreeSet::new(), crates: BTreeSet::new() };
    for text in template.values().filter_map(|content| std::str::from_utf8(content).ok()) {
        for path in named(text) {
            inputs.add(&tree.join(path))?;
        }
    }
    let mut hasher = Sha256::new();
    // With lengths, so that no two lists of files spell alike.
    let mut part = |name: &[u8], content: &[u8]| {
        for part in [name, content] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
    };
    for (name, content) in template {
        part(name.as_bytes(), content);
    }
    for path in &inputs.files {
        // Relative, so that a moved tree is the same tree.
        let name = path.strip_prefix(tree).unwrap_or(path).as_os_str().as_encoded_bytes();
        part(name, &manifest::read_file(path, FILE_BYTES_MAX)?.unwrap_or_default());
    }
    Ok(Digest(hasher.finalize().into()))
}

/// Paths of the source tree that a file of a template names.
fn named(text: &str) -> impl Iterator<Item = &str> {
    text.split(TREE).skip(1).filter_map(|rest| rest.split(['"', '\'', '\n']).next())
}

struct Inputs<'a> {
    tree: &'a Path,
    files: BTreeSet<PathBuf>,
    crates: BTreeSet<PathBuf>,
}

impl Inputs<'_> {
    /// Adds a file, or a crate and all that it uses. What is not there is for cargo to complain about.
    fn add(&mut self, path: &Path) -> Result<(), RunnerError> {
        let mut open = vec![plain(path)];
        while let Some(path) = open.pop() {
            // What is not Assay's is not counted here: the snapshot's sources have a digest of their own.
            if !path.starts_with(self.tree) {
                continue;
            }
            if path.is_file() {
                self.add_file(path)?;
            } else if path.join("Cargo.toml").is_file() && self.crates.insert(path.clone()) {
                if self.crates.len() > CRATES_MAX {
                    return Err(self.fault(format!("it asks for more than {CRATES_MAX} crates")));
                }
                self.collect(&path)?;
                open.extend(self.uses(&path)?);
            }
        }
        Ok(())
    }

    /// Folders of the crates that the one in `folder` is compiled with.
    fn uses(&mut self, folder: &Path) -> Result<Vec<PathBuf>, RunnerError> {
        let manifest = read(folder)?;
        let mut used = Vec::new();
        let mut inherited: Option<(PathBuf, Workspace)> = None;
        for (name, value) in manifest.dependencies() {
            if let Some(path) = path_of(value) {
                used.push(plain(&folder.join(path)));
            } else if value.get("workspace").and_then(toml::Value::as_bool) == Some(true) {
                if inherited.is_none() {
                    inherited = self.workspace_of(folder)?;
                }
                let Some((root, workspace)) = &inherited else { continue };
                if let Some(path) = workspace.dependencies.get(name).and_then(path_of) {
                    used.push(plain(&root.join(path)));
                }
            }
        }
        if inherited.is_none() {
            inherited = self.workspace_of(folder)?;
        }
        if let Some((root, _)) = inherited {
            // Versions, features and the edition may stand there.
            self.add_file(root.join("Cargo.toml"))?;
        }
        Ok(used)
    }

    /// The workspace that the crate in `folder` is in: that of the nearest manifest above that has one.
    fn workspace_of(&self, folder: &Path) -> Result<Option<(PathBuf, Workspace)>, RunnerError> {
        for above in folder.ancestors().take_while(|above| above.starts_with(self.tree)) {
            if let Some(workspace) = read(above)?.workspace {
                return Ok(Some((above.to_owned(), workspace)));
            }
        }
        Ok(None)
    }

    fn collect(&mut self, folder: &Path) -> Result<(), RunnerError> {
        let io = |source| RunnerError::Io { what: "list", path: folder.to_owned(), source };
        let of_a_crate = folder.join("Cargo.toml").is_file();
        for entry in fs::read_dir(folder).map_err(io)? {
            let entry = entry.map_err(io)?;
            let (name, kind) = (entry.file_name(), entry.file_type().map_err(io)?);
            let name = name.to_string_lossy();
            let hidden = name.starts_with('.') && name != ".cargo";
            if hidden || (of_a_crate && kind.is_dir() && LEFT_OUT.contains(&&*name)) {
                continue;
            }
            // Links are not followed: they may lead in circles.
            if kind.is_dir() {
                self.collect(&entry.path())?;
            } else if kind.is_file() {
                self.add_file(entry.path())?;
            }
        }
        Ok(())
    }

    fn add_file(&mut self, path: PathBuf) -> Result<(), RunnerError> {
        self.files.insert(path);
        if self.files.len() > FILES_MAX {
            return Err(self.fault(format!("it asks for more than {FILES_MAX} files")));
        }
        Ok(())
    }

    fn fault(&self, what: String) -> RunnerError {
        RunnerError::Template { folder: self.tree.to_owned(), what }
    }
}

fn path_of(dependency: &toml::Value) -> Option<&str> {
    dependency.get("path").and_then(toml::Value::as_str)
}

/// The manifest of the crate in `folder`; an empty one if there is none, or one that cargo will complain about.
fn read(folder: &Path) -> Result<Manifest, RunnerError> {
    let path = folder.join("Cargo.toml");
    let text = match manifest::read_file(&path, FILE_BYTES_MAX)? {
        Some(text) => String::from_utf8(text).map_err(|error| RunnerError::Io {
            what: "read",
            path,
            source: io::Error::other(error),
        })?,
        None => String::new(),
    };
    Ok(toml::from_str(&text).unwrap_or_default())
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A template that asks for a crate, which asks for others in every way, and for a file.
    fn tree() -> (tempfile::TempDir, BTreeMap<String, Vec<u8>>) {
        let tree = tempfile::tempdir().unwrap();
        let files = [
            (
                "Cargo.toml",
                "[workspace]\nmembers = []\n[workspace.dependencies]\ninner = { path = \"crates/inner\" }\n",
            ),
            (
                "runners/zk/Cargo.toml",
                "[workspace]\n[package]\nname = \"zk\"\n[dependencies]\nsdk = { path = \"sdk\" }\n\
              kit = { path = \"../../crates/kit\" }\nserde = \"1\"\nelse = { path = \"../../../elsewhere\" }\n",
            ),
            ("runners/zk/src/lib.rs", "zk"),
            ("runners/zk/tests/t.rs", ""),
            ("runners/zk/target/x", ""),
            ("runners/zk/sdk/Cargo.toml", "[package]\nname = \"sdk\"\n"),
            ("runners/zk/sdk/src/lib.rs", "sdk"),
            (
                "crates/kit/Cargo.toml",
                "[package]\nname = \"kit\"\n[dependencies]\ninner.workspace = true\n\
              [target.'cfg(unix)'.build-dependencies]\nbuild = { path = \"../build\" }\n\
              [dev-dependencies]\ndev = { path = \"../dev\" }\n",
            ),
            ("crates/kit/src/lib.rs", "kit"),
            ("crates/inner/Cargo.toml", "[package]\nname = \"inner\"\n[dependencies]\nkit = { path = \"../kit\" }\n"),
            ("crates/inner/src/examples/mod.rs", "inner"),
            ("crates/build/Cargo.toml", "[package]\nname = \"build\"\n"),
            ("crates/build/src/lib.rs", "build"),
            ("crates/dev/Cargo.toml", "[package]\nname = \"dev\"\n"),
            ("crates/other/Cargo.toml", "[package]\nname = \"other\"\n"),
            ("shared/one.rs", "one"),
            ("shared/two.rs", "two"),
        ];
        for (path, text) in files {
            let path = tree.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let template = [
            (
                "Cargo.toml.in",
                "[dependencies]\nzk = { path = \"{assay}/runners/zk\" }\nx = { path = \"{source}/x\" }\n",
            ),
            ("src/main.rs.in", "#[path = \"{assay}/shared/one.rs\"]\nmod one;\n"),
            ("src/gone.rs.in", "include!(\"{assay}/shared/gone.rs\");\n"),
        ];
        let template = template.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()));
        (tree, template.into())
    }

    #[test]
    fn whatever_of_assay_a_runner_is_built_from_makes_it_stale_and_nothing_else() {
        let (folder, template) = tree();
        let of = || digest(folder.path(), &template).unwrap();
        let before = of();
        for path in [
            "runners/zk/tests/t.rs",
            "runners/zk/target/x",
            "crates/dev/Cargo.toml",
            "crates/other/Cargo.toml",
            "shared/two.rs",
        ] {
            fs::write(folder.path().join(path), "# changed").unwrap();
            assert_eq!(of(), before, "{path}");
        }
        let mut last = before;
        for path in [
            "Cargo.toml",
            "runners/zk/Cargo.toml",
            "runners/zk/src/lib.rs",
            "runners/zk/sdk/src/lib.rs",
            "crates/kit/src/lib.rs",
            "crates/inner/src/examples/mod.rs",
            "crates/build/src/lib.rs",
            "shared/one.rs",
            "shared/gone.rs",
        ] {
            let path = folder.path().join(path);
            let old = fs::read_to_string(&path).unwrap_or_default();
            fs::write(&path, format!("{old}\n# changed")).unwrap();
            let now = of();
            assert_ne!(now, last, "{}", path.display());
            last = now;
        }
    }

    #[test]
    fn a_moved_tree_has_the_same_digest() {
        let ((one, template), (other, _)) = (tree(), tree());
        assert_eq!(digest(one.path(), &template).unwrap(), digest(other.path(), &template).unwrap());
    }

    /// The templates that there are: each names its zkVM's runner and, through it, the kit.
    #[test]
    fn runners_of_every_family_are_built_from_the_kit() {
        let tree = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
        for family in crate::passes::families() {
            let zkvm = family.split('_').next().unwrap();
            let folder = tree.join(super::super::TEMPLATES).join(super::super::template_name(family));
            let template = super::super::template_files(&folder).unwrap();
            let mut inputs = Inputs { tree: &tree, files: BTreeSet::new(), crates: BTreeSet::new() };
            for text in template.values().filter_map(|content| std::str::from_utf8(content).ok()) {
                named(text).for_each(|path| inputs.add(&tree.join(path)).unwrap());
            }
            let has = |path: &str| inputs.files.contains(&tree.join(path));
            assert!(has("crates/assay-runner-kit/src/patched.rs") && has("crates/assay-spec/src/lib.rs"), "{family}");
            assert!(has(&format!("runners/{zkvm}/src/runner.rs")), "{family}");
            assert!(inputs.files.len() < 1000, "{family}: {} files", inputs.files.len());
        }
    }
}
