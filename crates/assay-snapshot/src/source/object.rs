//! Git objects: what their ids are, and what a folder object says.
//!
//! Git itself does not check objects against their ids when it reads them. Here all are, from the commit down, so that a
//! commit's id stands for its sources wherever they come from.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Stdio},
    thread,
};

use sha1::{Digest as _, Sha1};
use sha2::Sha256;

use super::{
    SourceError, limit,
    process::{failed, git, said},
};

/// Hex digits of an id, by the hash that makes it.
const SHA1_DIGITS: usize = 40;
const SHA256_DIGITS: usize = 64;

/// Longest line before an object.
const HEADER_BYTES_MAX: u64 = 256;

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Commit,
    Tree,
    Blob,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Commit => "commit",
            Self::Tree => "tree",
            Self::Blob => "blob",
        }
    }
}

/// Whether `text` is a whole id.
pub fn is_id(text: &str) -> bool {
    matches!(text.len(), SHA1_DIGITS | SHA256_DIGITS) && is_hex(text)
}

/// Whether `text` is nothing but lower-case hex digits.
pub fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// Whether `content` is the object `id`.
fn is_object(id: &str, kind: Kind, content: &[u8]) -> bool {
    let header = format!("{} {}\0", kind.name(), content.len());
    match id.len() {
        SHA1_DIGITS => {
            let hash = Sha1::new().chain_update(header).chain_update(content).finalize();
            hex::encode(hash) == id
        }
        SHA256_DIGITS => {
            let hash = Sha256::new().chain_update(header).chain_update(content).finalize();
            hex::encode(hash) == id
        }
        _ => false,
    }
}

/// One entry of a folder object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TreeEntry {
    pub(crate) mode: u32,
    pub(crate) name: Vec<u8>,
    pub(crate) id: String,
}

/// The entries of a folder object whose ids have `digits` hex digits; `None` if it is none.
pub(crate) fn tree_entries(mut content: &[u8], digits: usize) -> Option<Vec<TreeEntry>> {
    let mut entries = Vec::new();
    while !content.is_empty() {
        let space = content.iter().take(8).position(|&byte| byte == b' ')?;
        let mode = u32::from_str_radix(std::str::from_utf8(&content[..space]).ok()?, 8).ok()?;
        let rest = &content[space + 1..];
        let end = rest.iter().position(|&byte| byte == 0)?;
        let id = rest.get(end + 1..end + 1 + digits / 2)?;
        entries.push(TreeEntry { mode, name: rest[..end].to_vec(), id: hex::encode(id) });
        content = &rest[end + 1 + digits / 2..];
    }
    Some(entries)
}

/// Reads objects of one repository, each checked against its id.
pub(crate) struct Objects {
    child: Child,
    requests: Option<ChildStdin>,
    replies: BufReader<ChildStdout>,
    errors: File,
    repository: String,
}

impl Objects {
    /// Those of the repository whose git folder is `git_dir`.
    pub(crate) fn open(git_dir: &Path, repository: &str, buffered: bool) -> Result<Self, SourceError> {
        let errors = tempfile::tempfile().map_err(SourceError::NoGit)?;
        let mut command = git(Some(git_dir));
        command.args(["cat-file", "--batch"]).args(buffered.then_some("--buffer"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        command.stderr(errors.try_clone().map_err(SourceError::NoGit)?);
        let mut child = command.spawn().map_err(SourceError::NoGit)?;
        let requests = child.stdin.take();
        let replies = BufReader::with_capacity(256 << 10, child.stdout.take().expect("stdout is piped"));
        Ok(Self { child, requests, replies, errors, repository: repository.to_owned() })
    }

    /// The object `id`, of at most `bytes_max`.
    pub(crate) fn get(&mut self, id: &str, kind: Kind, bytes_max: u64) -> Result<Vec<u8>, SourceError> {
        let requests = self.requests.as_mut().expect("requests are open until streaming begins");
        if writeln!(requests, "{id}").and_then(|()| requests.flush()).is_err() {
            return Err(self.ended());
        }
        self.read(id, kind, bytes_max)
    }

    /// Hands each of the blobs `ids`, of at most `bytes_max`, to `take` with its place among them.
    pub(crate) fn stream(
        mut self,
        ids: Vec<String>,
        bytes_max: u64,
        take: &mut dyn FnMut(usize, Vec<u8>) -> Result<(), SourceError>,
    ) -> Result<(), SourceError> {
        let mut requests = self.requests.take().expect("requests are open until streaming begins");
        let wanted = ids.clone();
        // Asking and reading at once: either pipe may be full.
        let writer = thread::spawn(move || {
            for id in ids {
                // A reader that gave up has closed the pipe.
                if writeln!(requests, "{id}").is_err() {
                    return;
                }
            }
        });
        let done = wanted.iter().enumerate().try_for_each(|(index, id)| {
            let content = self.read(id, Kind::Blob, bytes_max)?;
            take(index, content)
        });
        if done.is_err() {
            let _ = self.child.kill();
        }
        let _ = writer.join();
        done
    }

    fn read(&mut self, id: &str, kind: Kind, bytes_max: u64) -> Result<Vec<u8>, SourceError> {
        let mut header = Vec::new();
        let read = (&mut self.replies).take(HEADER_BYTES_MAX).read_until(b'\n', &mut header);
        if !matches!(read, Ok(1..)) {
            return Err(self.ended());
        }
        let header = String::from_utf8_lossy(&header).into_owned();
        let words: Vec<&str> = header.split_whitespace().collect();
        let bytes = match words[..] {
            [_, "missing"] => {
                let (id, repository) = (id.to_owned(), self.repository.clone());
                return Err(SourceError::Missing { id, what: kind.name().to_owned(), repository });
            }
            [found, name, bytes] if found == id && name == kind.name() => bytes.parse().ok(),
            _ => None,
        };
        let Some(bytes) = bytes else {
            let what = format!("the object {id} is no {}", kind.name());
            return Err(SourceError::Damaged { what, place: self.repository.clone() });
        };
        limit("an object of bytes", bytes, bytes_max)?;
        let mut content = vec![0; bytes as usize];
        let mut end = [0];
        if self.replies.read_exact(&mut content).and_then(|()| self.replies.read_exact(&mut end)).is_err() {
            return Err(self.ended());
        }
        if end != *b"\n" || !is_object(id, kind, &content) {
            return Err(SourceError::Forged { id: id.to_owned(), repository: self.repository.clone() });
        }
        Ok(content)
    }

    /// Git ended where it should have answered.
    fn ended(&mut self) -> SourceError {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let said = self.errors.try_clone().map(said).unwrap_or_default();
        failed("cat-file", &self.repository, &said)
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        // It ends by itself when nothing more is asked, but not while it writes what nobody reads.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ids_are_what_git_gives_them() {
        assert!(is_object("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", Kind::Blob, b""));
        assert!(is_object("4b825dc642cb6eb9a060e54bf8d69288fbee4904", Kind::Tree, b""));
        assert!(is_object("473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813", Kind::Blob, b""));
        assert!(!is_object("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", Kind::Blob, b"x"));
        assert!(!is_object("e69de29b", Kind::Blob, b""));
    }

    #[test]
    fn a_folder_object_is_read_and_a_cut_one_is_not() {
        let mut content = b"100644 a\0".to_vec();
        content.extend([0x11; 20]);
        content.extend(b"40000 dir\0");
        content.extend([0x22; 20]);
        let entries = tree_entries(&content, 40).unwrap();
        assert_eq!(entries.len(), 2);
        assert_eq!((entries[0].mode, &entries[1].name[..]), (0o100_644, &b"dir"[..]));
        assert_eq!(entries[1].id, "22".repeat(20));
        for cut in 1..content.len() {
            let whole = cut == b"100644 a\0".len() + 20;
            assert_eq!(tree_entries(&content[..cut], 40).is_some(), whole, "{cut}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_reading_a_folder_object_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = tree_entries(&bytes, 40);
            let _ = tree_entries(&bytes, 64);
        }
    }
}
