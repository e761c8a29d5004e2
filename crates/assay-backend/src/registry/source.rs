//! What a runner is built from, as one digest: if it changes, the installed program is stale.
//!
//! The digest covers the runner's own workspace, the crates of our workspace that its lockfile names, the root manifest
//! that those inherit from, cargo's configuration and the toolchain file. Tests, examples and build outputs do not count.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use assay_spec::Digest;
use sha2::{Digest as _, Sha256};

/// Most files that a runner may be built from, dependencies from registries not counted.
pub const SOURCE_FILES_MAX: usize = 20_000;

/// Longest source file.
pub const SOURCE_FILE_BYTES_MAX: u64 = 64 << 20;

/// Folders beside a `Cargo.toml` that do not end up in the program. Deeper ones of these names are modules like any other.
const LEFT_OUT: [&str; 5] = ["target", "tests", "benches", "examples", "node_modules"];

/// Why there is no digest of a runner's sources.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// A file or folder cannot be read.
    #[error("cannot read the runner's sources: {}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// More files than [`SOURCE_FILES_MAX`].
    #[error("{} holds more than {SOURCE_FILES_MAX} files; it is not the folder of a runner", folder.display())]
    TooManyFiles {
        /// Where.
        folder: PathBuf,
    },
    /// A file longer than [`SOURCE_FILE_BYTES_MAX`].
    #[error("{} has {bytes} bytes, too many for a source file; move it out of the runner's folder", path.display())]
    TooLong {
        /// Which.
        path: PathBuf,
        /// Its length.
        bytes: u64,
    },
}

/// The digest of everything that the runner in `folder` is built from.
pub(crate) fn key(folder: &Path) -> Result<Digest, SourceError> {
    // runners/<name> stands in the source tree whose crates it uses.
    let tree = folder.ancestors().nth(2).unwrap_or(folder);
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    for name in path_crates(&lockfile(folder)?) {
        let krate = tree.join("crates").join(&name);
        if krate.join("Cargo.toml").is_file() {
            collect(&krate, &mut files)?;
        }
    }
    files.extend(
        [".cargo/config.toml", "Cargo.toml", "rust-toolchain.toml"]
            .map(|file| tree.join(file))
            .into_iter()
            .filter(|p| p.is_file()),
    );
    files.sort();

    let mut hasher = Sha256::new();
    for path in files {
        // Relative, so that a moved tree is the same tree; with lengths, so that no two lists of files spell alike.
        let name = path.strip_prefix(tree).unwrap_or(&path).as_os_str().as_encoded_bytes();
        let content = read(&path)?;
        for part in [name, &content] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
    }
    Ok(Digest(hasher.finalize().into()))
}

/// The digest of the runner's lockfile: what its cargo target folder is named after.
pub(crate) fn lock_key(folder: &Path) -> Result<Digest, SourceError> {
    Ok(Digest::of(lockfile(folder)?.as_bytes()))
}

fn lockfile(folder: &Path) -> Result<String, SourceError> {
    let path = folder.join("Cargo.lock");
    match fs::metadata(&path) {
        // `cargo build --locked` will say what is to be done about it.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(String::new()),
        _ => {}
    }
    let bytes = read(&path)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Names of the lockfile's packages that come from no registry. Cargo writes one `key = "value"` a line and a package
/// from elsewhere has a `source` line.
fn path_crates(lock: &str) -> Vec<String> {
    lock.split("[[package]]")
        .skip(1)
        .filter(|package| !package.lines().any(|line| line.starts_with("source = ")))
        .filter_map(|package| {
            let name = package.lines().find_map(|line| line.strip_prefix("name = "))?.trim_matches('"');
            // A name from a file must not lead out of the folder of crates.
            let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
            (plain && !name.is_empty()).then(|| name.to_owned())
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), SourceError> {
    let io = |source| SourceError::Io { path: folder.to_owned(), source };
    let of_a_crate = folder.join("Cargo.toml").is_file();
    for entry in fs::read_dir(folder).map_err(io)? {
        let entry = entry.map_err(io)?;
        let kind = entry.file_type().map_err(io)?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let hidden = name.starts_with('.') && name != ".cargo";
        if hidden || (of_a_crate && kind.is_dir() && LEFT_OUT.contains(&&*name)) {
            continue;
        }
        if files.len() >= SOURCE_FILES_MAX {
            return Err(SourceError::TooManyFiles { folder: folder.to_owned() });
        }
        // Links are not followed: they may lead in circles.
        if kind.is_dir() {
            collect(&entry.path(), files)?;
        } else if kind.is_file() {
            files.push(entry.path());
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>, SourceError> {
    let io = |source| SourceError::Io { path: path.to_owned(), source };
    let bytes = fs::metadata(path).map_err(io)?.len();
    if bytes > SOURCE_FILE_BYTES_MAX {
        return Err(SourceError::TooLong { path: path.to_owned(), bytes });
    }
    fs::read(path).map_err(io)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"version = 4

[[package]]
name = "assay-spec"
version = "0.1.0"

[[package]]
name = "serde"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"

[[package]]
name = "../../etc"
version = "0.1.0"
"#;

    fn tree() -> (tempfile::TempDir, PathBuf) {
        let tree = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = tree.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("rust-toolchain.toml", "1");
        write("runners/zk/Cargo.toml", "");
        write("runners/zk/Cargo.lock", LOCK);
        write("runners/zk/src/main.rs", "main");
        write("runners/zk/target/x", "");
        write("crates/assay-spec/Cargo.toml", "");
        write("crates/assay-spec/src/lib.rs", "lib");
        write("crates/assay-spec/tests/t.rs", "");
        write("crates/other/Cargo.toml", "");
        let runner = tree.path().join("runners/zk");
        (tree, runner)
    }

    #[test]
    fn crates_without_a_source_are_ours_and_cannot_lead_out_of_the_tree() {
        assert_eq!(path_crates(LOCK), ["assay-spec"]);
    }

    #[test]
    fn the_key_changes_with_what_the_program_is_built_from_and_with_nothing_else() {
        let (tree, runner) = tree();
        let before = key(&runner).unwrap();
        for path in ["runners/zk/target/x", "crates/assay-spec/tests/t.rs", "crates/other/Cargo.toml"] {
            fs::write(tree.path().join(path), "changed").unwrap();
            assert_eq!(key(&runner).unwrap(), before, "{path}");
        }
        let mut last = before;
        for path in [
            "runners/zk/src/main.rs",
            "runners/zk/Cargo.lock",
            "crates/assay-spec/src/lib.rs",
            "crates/assay-spec/src/examples/mod.rs",
            "rust-toolchain.toml",
            "Cargo.toml",
            "runners/zk/.cargo/config.toml",
        ] {
            let path = tree.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let old = fs::read_to_string(&path).unwrap_or_default();
            fs::write(&path, format!("{old}\n# changed")).unwrap();
            let now = key(&runner).unwrap();
            assert_ne!(now, last, "{}", path.display());
            last = now;
        }
    }

    #[test]
    fn a_moved_tree_has_the_same_key() {
        let ((_one, first), (_two, second)) = (tree(), tree());
        assert_eq!(key(&first).unwrap(), key(&second).unwrap());
        assert_eq!(lock_key(&first).unwrap(), lock_key(&second).unwrap());
    }
}
