//! Image ids that were computed before, so that nobody waits for the same one twice: some zkVMs set up the keys of a
//! guest for it, which takes them many seconds.
//!
//! An id is kept under the question: which program was asked, for proofs of which kind, about which bytes. The bytes'
//! digest is computed each time, so that an id always is that of the very bytes at hand. A file that does not answer
//! its question exactly, or is damaged, counts as none. Whoever can write to the cache could put another runner there
//! as well: the ids are as much worth as the programs beside them, and verification does not ask here.

use std::{
    fs::{self, File},
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
    time::SystemTime,
};

use assay_spec::{Digest, KnownIdentity, schema};

use crate::registry::{Registry, RegistryError};

/// Longest file of an identity, in bytes.
const FILE_BYTES_MAX: u64 = 4 << 10;

/// Longest image id, in bytes.
pub const IMAGE_ID_BYTES_MAX: usize = 256;

/// Most identities that are kept. When there are more, the older half goes.
pub const IDENTITIES_MAX: usize = 4096;

/// A folder of image ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identities {
    folder: PathBuf,
}

impl Identities {
    /// Those in the folder `identities` of `$ASSAY_CACHE`, else of `$HOME/.cache/assay`.
    pub fn from_environment() -> Result<Self, RegistryError> {
        Ok(Self::in_cache(Registry::from_environment(None)?.cache()))
    }

    /// Those in the folder `identities` of `cache`.
    pub fn in_cache(cache: &Path) -> Self {
        Self { folder: cache.join("identities") }
    }

    /// The image id of `elf`, as proofs of `kind` carry it that the runner whose program is `runner` makes: as it is
    /// kept, else as `compute` says, whose answer is kept. That it cannot be kept is no error.
    pub fn of<E>(
        &self,
        runner: Digest,
        kind: &str,
        elf: &[u8],
        compute: impl FnOnce() -> Result<String, E>,
    ) -> Result<String, E> {
        let elf = Digest::of(elf);
        let path = self.path_of(runner, kind, elf);
        if let Some(known) = read(&path).filter(|known| known.answers(runner, kind, elf) && is_id(&known.image_id)) {
            return Ok(known.image_id);
        }
        let image_id = compute()?;
        if is_id(&image_id) {
            // Whoever asks next waits, and that is all.
            let _ = self.keep(&path, &KnownIdentity::new(runner, kind, elf, &image_id));
        }
        Ok(image_id)
    }

    fn path_of(&self, runner: Digest, kind: &str, elf: Digest) -> PathBuf {
        self.folder.join(format!("{}.json", KnownIdentity::checksum_of(runner, kind, elf, "")))
    }

    fn keep(&self, path: &Path, known: &KnownIdentity) -> std::io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        self.make_room();
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(&serde_json::to_vec_pretty(known)?)?;
        // Not synced: what a crash leaves of it does not have its checksum.
        file.persist(path)?;
        Ok(())
    }

    /// Removes the older half if there are too many.
    fn make_room(&self) {
        let files = fs::read_dir(&self.folder).into_iter().flatten().filter_map(Result::ok);
        let mut all: Vec<PathBuf> = files.map(|file| file.path()).collect();
        if all.len() < IDENTITIES_MAX {
            return;
        }
        all.sort_by_cached_key(|path| {
            fs::metadata(path).and_then(|facts| facts.modified()).unwrap_or(SystemTime::UNIX_EPOCH)
        });
        for path in &all[..all.len() / 2] {
            let _ = fs::remove_file(path);
        }
    }
}

fn read(path: &Path) -> Option<KnownIdentity> {
    // Anything but a file could keep its reader waiting.
    if !fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).ok()?;
    Some(schema::read(&bytes).ok()?.value)
}

/// Whether it can be an image id: they are shown to people, and written into files of a line.
fn is_id(image_id: &str) -> bool {
    (1..=IMAGE_ID_BYTES_MAX).contains(&image_id.len())
        && image_id.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    const RUNNER: Digest = Digest([1; 32]);

    /// The id of `elf`, and whether it was computed.
    fn ask(identities: &Identities, runner: Digest, kind: &str, elf: &[u8]) -> (String, bool) {
        let mut computed = false;
        let answer = identities.of(runner, kind, elf, || {
            computed = true;
            Ok::<_, Infallible>(format!("id-of-{}", Digest::of(elf).short()))
        });
        let Ok(id) = answer;
        (id, computed)
    }

    fn only_file(identities: &Identities) -> PathBuf {
        let mut files = fs::read_dir(&identities.folder).unwrap().map(|file| file.unwrap().path());
        let file = files.next().unwrap();
        assert!(files.next().is_none());
        file
    }

    #[test]
    fn an_id_is_computed_once_for_each_runner_kind_and_elf() {
        let cache = tempfile::tempdir().unwrap();
        let identities = Identities::in_cache(cache.path());
        for (runner, kind, elf) in [
            (RUNNER, "core", b"elf".as_slice()),
            (Digest([2; 32]), "core", b"elf"),
            (RUNNER, "other", b"elf"),
            (RUNNER, "core", b"elg"),
        ] {
            assert!(ask(&identities, runner, kind, elf).1, "{kind}");
            let (id, computed) = ask(&identities, runner, kind, elf);
            assert_eq!((id, computed), (format!("id-of-{}", Digest::of(elf).short()), false), "{kind}");
        }
    }

    #[test]
    fn what_does_not_answer_the_question_is_computed_again() {
        let cache = tempfile::tempdir().unwrap();
        let identities = Identities::in_cache(cache.path());
        let (right, _) = ask(&identities, RUNNER, "core", b"elf");
        let file = only_file(&identities);
        let kept = fs::read_to_string(&file).unwrap();
        let known = KnownIdentity::new(RUNNER, "core", Digest::of(b"another"), "id-of-another");
        for wrong in [
            kept.replace(&right, "id-of-another"),
            // Another's answer, whole and sound.
            serde_json::to_string(&known).unwrap(),
            kept[..kept.len() / 2].to_owned(),
            String::new(),
            " ".repeat(1 << 16) + &kept,
        ] {
            fs::write(&file, &wrong).unwrap();
            assert_eq!(ask(&identities, RUNNER, "core", b"elf"), (right.clone(), true), "{wrong}");
            assert_eq!(ask(&identities, RUNNER, "core", b"elf"), (right.clone(), false));
        }
        fs::remove_file(&file).unwrap();
        nix::unistd::mkfifo(&file, nix::sys::stat::Mode::S_IRWXU).unwrap();
        assert_eq!(ask(&identities, RUNNER, "core", b"elf"), (right, true));
    }

    #[test]
    fn what_is_no_id_is_not_kept_and_failures_are_passed_on() {
        let cache = tempfile::tempdir().unwrap();
        let identities = Identities::in_cache(cache.path());
        for id in [String::new(), "two\nlines".to_owned(), "x".repeat(IMAGE_ID_BYTES_MAX + 1)] {
            let asked = identities.of(RUNNER, "core", b"elf", || Ok::<_, Infallible>(id.clone()));
            assert_eq!(asked, Ok(id));
        }
        assert_eq!(identities.of(RUNNER, "core", b"elf", || Err("no keys")), Err("no keys"));
        assert!(!identities.folder.exists());
    }

    #[test]
    fn a_cache_that_cannot_be_written_only_makes_people_wait() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let identities = Identities::in_cache(file.path());
        for _ in 0..2 {
            assert!(ask(&identities, RUNNER, "core", b"elf").1);
        }
    }

    #[test]
    fn the_oldest_go_when_there_are_too_many() {
        let cache = tempfile::tempdir().unwrap();
        let identities = Identities::in_cache(cache.path());
        fs::create_dir_all(&identities.folder).unwrap();
        for number in 0..IDENTITIES_MAX {
            fs::write(identities.folder.join(number.to_string()), b"").unwrap();
        }
        ask(&identities, RUNNER, "core", b"elf");
        assert!(!ask(&identities, RUNNER, "core", b"elf").1);
        assert_eq!(fs::read_dir(&identities.folder).unwrap().count(), IDENTITIES_MAX / 2 + 1);
    }
}
