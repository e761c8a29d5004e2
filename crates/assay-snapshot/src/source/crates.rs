//! Sources from published crates: fetched by cargo, which checks them against their registry, then unpacked by us under
//! limits, whatever the archive says.
//!
//! An archive whose checksum is known beforehand is taken from cargo's cache without asking anybody.

use std::{
    env,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use assay_spec::{Digest, snapshot::PublishedCrate, snapshot::SourceKind};
use flate2::read::GzDecoder;
use sha2::{Digest as _, Sha256};
use tar::{Archive, EntryType};

use super::{Destination, Intake, SourceError, check_name, limit};
use crate::limits::{ARCHIVE_BYTES_MAX, FILE_BYTES_MAX, PATH_BYTES_MAX};

/// Most bytes that an archive of one crate may hold.
pub const CRATE_BYTES_MAX: u64 = 1 << 30;

/// Longest name and version of a crate.
const WORD_BYTES_MAX: usize = 64;

/// A crate that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrateRequest {
    /// Its name.
    pub name: String,
    /// Its version, exactly.
    pub version: String,
    /// SHA-256 of its archive, where it is known.
    #[serde(default)]
    pub checksum: Option<Digest>,
}

/// Not a crate and its version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a crate and its version, such as openvm-circuit@2.0.2, found {0:?}")]
pub struct NotACrate(String);

impl std::str::FromStr for CrateRequest {
    type Err = NotACrate;

    fn from_str(text: &str) -> Result<Self, NotACrate> {
        let plain = |word: &str, also: &str| {
            let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_') || also.contains(c);
            !word.is_empty() && word.len() <= WORD_BYTES_MAX && word.chars().all(legal)
        };
        let (name, version) = text.split_once('@').unwrap_or((text, ""));
        // An exact version, and no operators: it becomes a name of folders.
        let exact = plain(version, ".+") && version.starts_with(|c: char| c.is_ascii_digit());
        if plain(name, "") && exact {
            Ok(Self { name: name.to_owned(), version: version.to_owned(), checksum: None })
        } else {
            Err(NotACrate(text.chars().take(WORD_BYTES_MAX).collect()))
        }
    }
}

/// The folder of a crate below the sources.
pub fn folder_name(name: &str, version: &str) -> String {
    format!("{name}-{version}")
}

/// Writes the files of a published crate into `destination`, in a folder of its name and version.
pub fn unpack(request: &CrateRequest, destination: &mut Destination) -> Result<PublishedCrate, SourceError> {
    let cache = cargo_home().join("registry/cache");
    let found = if let Some(archive) = find(request, &cache)? {
        archive
    } else {
        fetch(request)?;
        let (name, version) = (request.name.clone(), request.version.clone());
        find(request, &cache)?.ok_or(SourceError::NoCrate { name, version, cache })?
    };
    unpack_archive(request, &found, destination)
}

/// Cargo's own folder.
pub fn cargo_home() -> PathBuf {
    let variable = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    variable("CARGO_HOME").or_else(|| Some(variable("HOME")?.join(".cargo"))).unwrap_or_else(|| PathBuf::from(".cargo"))
}

/// The archive in cargo's cache: of the checksum that is asked for, where one is.
fn find(request: &CrateRequest, cache: &Path) -> Result<Option<PathBuf>, SourceError> {
    let file = format!("{}.crate", folder_name(&request.name, &request.version));
    let Ok(registries) = fs::read_dir(cache) else { return Ok(None) };
    let mut wrong = None;
    for registry in registries.filter_map(Result::ok) {
        let archive = registry.path().join(&file);
        if !archive.is_file() {
            continue;
        }
        let found = digest(&archive)?;
        match request.checksum {
            Some(expected) if expected != found => {
                wrong =
                    Some(SourceError::Checksum { archive, found: found.to_string(), expected: expected.to_string() });
            }
            _ => return Ok(Some(archive)),
        }
    }
    wrong.map_or(Ok(None), Err)
}

/// Lets cargo fetch a crate into its cache, without what it depends on. It looks for a workspace around the current
/// folder, so that it is started in an empty one.
fn fetch(request: &CrateRequest) -> Result<(), SourceError> {
    let what = format!("{}@{}", request.name, request.version);
    let place = tempfile::tempdir().map_err(|source| SourceError::Io {
        what: "make a folder in",
        path: env::temp_dir(),
        source,
    })?;
    let failed = |said: String| SourceError::Cargo { what: what.clone(), said };
    let output = Command::new("cargo")
        .args(["info", "--registry", "crates-io", "--color", "never"])
        .arg(&what)
        .current_dir(place.path())
        .stdin(Stdio::null())
        .output()
        .map_err(|error| failed(error.to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(failed(said.trim().chars().take(2000).collect()))
}

fn digest(archive: &Path) -> Result<Digest, SourceError> {
    let io = |source| SourceError::Io { what: "read", path: archive.to_owned(), source };
    let file = File::open(archive).map_err(io)?;
    limit("an archive of bytes", file.metadata().map_err(io)?.len(), ARCHIVE_BYTES_MAX)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 128 << 10];
    let mut file = file.take(ARCHIVE_BYTES_MAX);
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(Digest(hasher.finalize().into())),
            Ok(length) => hasher.update(&buffer[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(io(error)),
        }
    }
}

/// Unpacks what is in `archive`, which is read once into memory so that what is checked is what is unpacked.
fn unpack_archive(
    request: &CrateRequest,
    archive: &Path,
    destination: &mut Destination,
) -> Result<PublishedCrate, SourceError> {
    let io = |source| SourceError::Io { what: "read", path: archive.to_owned(), source };
    let mut packed = Vec::new();
    File::open(archive).and_then(|file| file.take(ARCHIVE_BYTES_MAX).read_to_end(&mut packed)).map_err(io)?;
    let checksum = Digest::of(&packed);
    if let Some(expected) = request.checksum.filter(|expected| *expected != checksum) {
        return Err(SourceError::Checksum {
            archive: archive.to_owned(),
            found: checksum.to_string(),
            expected: expected.to_string(),
        });
    }
    unpack_bytes(&folder_name(&request.name, &request.version), &packed, destination)?;
    Ok(PublishedCrate { name: request.name.clone(), version: request.version.clone(), checksum })
}

fn unpack_bytes(folder: &str, packed: &[u8], destination: &mut Destination) -> Result<(), SourceError> {
    let damaged = |what: String| SourceError::Damaged { what, place: format!("the archive of {folder}") };
    let unreadable = |error: io::Error| damaged(error.to_string());
    // Whatever it unpacks to, no more is read.
    let mut archive = Archive::new(GzDecoder::new(packed).take(CRATE_BYTES_MAX));
    let mut intake = Intake::default();
    let mut long_name: Option<Vec<u8>> = None;
    // Raw: what the archive says of names and sizes beside the entries is not believed, and costs no memory.
    for entry in archive.entries().map_err(unreadable)?.raw(true) {
        let mut entry = entry.map_err(unreadable)?;
        let bytes = entry.header().entry_size().map_err(unreadable)?;
        match entry.header().entry_type() {
            EntryType::GNULongName => {
                limit("a path of bytes", bytes, PATH_BYTES_MAX as u64 + 1)?;
                let mut name = Vec::new();
                entry.read_to_end(&mut name).map_err(unreadable)?;
                while name.last() == Some(&0) {
                    name.pop();
                }
                long_name = Some(name);
                continue;
            }
            EntryType::Regular | EntryType::Directory => {}
            other => return Err(damaged(format!("it holds an entry of type {other:?}, which crates do not have"))),
        }
        let name = long_name.take().unwrap_or_else(|| entry.header().path_bytes().into_owned());
        let is_folder = entry.header().entry_type() == EntryType::Directory;
        let name = if is_folder { name.strip_suffix(b"/").unwrap_or(&name) } else { &name };
        let path = checked_path(folder, name)?;
        if is_folder {
            intake.folder(&path)?;
            destination.make_folder(&path)?;
            continue;
        }
        limit("a file of bytes", bytes, FILE_BYTES_MAX)?;
        let executable = entry.header().mode().map_err(unreadable)? & 0o111 != 0;
        let kind = if executable { SourceKind::Executable } else { SourceKind::File };
        let mut content = Vec::with_capacity(bytes.min(1 << 20) as usize);
        entry.read_to_end(&mut content).map_err(unreadable)?;
        if content.len() as u64 != bytes {
            return Err(damaged(format!("{path} is cut")));
        }
        intake.file(&path, kind, bytes)?;
        destination.write(&path, kind, &content)?;
    }
    Ok(())
}

/// The path of an entry: below the crate's own folder, every name of it one that sources may have.
fn checked_path(folder: &str, name: &[u8]) -> Result<String, SourceError> {
    let mut path = String::new();
    for part in name.split(|&byte| byte == b'/') {
        let part = check_name(&path, part)?.to_owned();
        path = super::join(&path, &part);
    }
    if path == folder || path.starts_with(&format!("{folder}/")) {
        return Ok(path);
    }
    Err(SourceError::Name { path, why: "is outside of the crate's folder" })
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, write::GzEncoder};
    use tar::{Builder, Header};

    use super::*;

    fn packed(entries: &[(&str, EntryType, &[u8])]) -> Vec<u8> {
        let mut builder = Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
        for &(name, kind, content) in entries {
            let mut header = Header::new_gnu();
            header.set_entry_type(kind);
            header.set_size(content.len() as u64);
            header.set_mode(0o644);
            // Written as it stands: the builder would refuse what hostile archives hold.
            header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_cksum();
            builder.append(&header, content).unwrap();
        }
        builder.into_inner().unwrap().finish().unwrap()
    }

    fn unpacked(packed: &[u8]) -> (tempfile::TempDir, Result<(), SourceError>) {
        let place = tempfile::tempdir().unwrap();
        let mut destination = Destination::open(place.path()).unwrap();
        let done = unpack_bytes("a-1.0.0", packed, &mut destination);
        (place, done)
    }

    #[test]
    fn a_plain_archive_is_unpacked_long_names_too() {
        let long = format!("a-1.0.0/{}/x", "d".repeat(150));
        let packed = packed(&[
            ("a-1.0.0/Cargo.toml", EntryType::Regular, b"[package]"),
            ("././@LongLink", EntryType::GNULongName, format!("{long}\0").as_bytes()),
            ("cut", EntryType::Regular, b"x"),
        ]);
        let (place, done) = unpacked(&packed);
        done.unwrap();
        assert_eq!(fs::read(place.path().join("a-1.0.0/Cargo.toml")).unwrap(), b"[package]");
        assert_eq!(fs::read(place.path().join(long)).unwrap(), b"x");
    }

    #[test]
    fn archives_that_reach_out_are_refused() {
        for name in ["../x", "/etc/x", "a-1.0.0/../../x", "b/x", "a-1.0.0/.git/config", "a-1.0.0//x"] {
            let (place, done) = unpacked(&packed(&[(name, EntryType::Regular, b"x")]));
            assert!(matches!(done, Err(SourceError::Name { .. })), "{name}: {done:?}");
            assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
        }
        for kind in [EntryType::Symlink, EntryType::Link, EntryType::Char, EntryType::Fifo, EntryType::XHeader] {
            let (_place, done) = unpacked(&packed(&[("a-1.0.0/x", kind, b"")]));
            assert!(matches!(done, Err(SourceError::Damaged { .. })), "{kind:?}: {done:?}");
        }
    }

    #[test]
    fn a_bomb_ends_at_the_limit_and_what_is_cut_is_damaged() {
        let mut header = Header::new_gnu();
        header.set_entry_type(EntryType::Regular);
        header.set_path("a-1.0.0/zeros").unwrap();
        header.set_size(FILE_BYTES_MAX + 1);
        header.set_mode(0o644);
        header.set_cksum();
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(header.as_bytes()).unwrap();
        let (_place, done) = unpacked(&encoder.finish().unwrap());
        assert!(matches!(done, Err(SourceError::Limit { .. })), "{done:?}");
        let whole = packed(&[("a-1.0.0/x", EntryType::Regular, &[7; 4000])]);
        for cut in [10, whole.len() / 2, whole.len() - 20] {
            assert!(unpacked(&whole[..cut]).1.is_err(), "{cut}");
        }
    }

    #[test]
    fn an_archive_of_another_checksum_is_not_taken() {
        let place = tempfile::tempdir().unwrap();
        let registry = place.path().join("registry");
        fs::create_dir(&registry).unwrap();
        fs::write(registry.join("a-1.0.0.crate"), "x").unwrap();
        let request = |checksum| CrateRequest { name: "a".into(), version: "1.0.0".into(), checksum };
        assert!(find(&request(None), place.path()).unwrap().is_some());
        assert!(find(&request(Some(Digest::of(b"x"))), place.path()).unwrap().is_some());
        let wrong = find(&request(Some(Digest::of(b"y"))), place.path());
        assert!(matches!(wrong, Err(SourceError::Checksum { .. })));
        assert!(find(&request(None), &place.path().join("absent")).unwrap().is_none());
    }

    #[test]
    fn crates_are_named_with_an_exact_version() {
        let read: CrateRequest = "openvm-circuit@2.0.2".parse().unwrap();
        assert_eq!((read.name.as_str(), read.version.as_str()), ("openvm-circuit", "2.0.2"));
        for bad in ["", "a", "a@", "@1", "a@^1", "a@*", "a@../x", "../a@1.0.0", "a@1.0.0 -x", "--x@y"] {
            assert!(bad.parse::<CrateRequest>().is_err(), "{bad}");
        }
    }
}
