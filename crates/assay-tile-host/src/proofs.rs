//! The folder that a proof is kept in: its receipts, and one file that names them.
//!
//! Receipts have names that begin as the caller says and go on with their digest, so that none is ever written over
//! another. The file that names them is put in place last, in one step, and with it the proof is: until then an
//! earlier proof in the same folder is whole, and whoever is killed on the way leaves that one, and receipts that
//! nothing names. What a proof says, and whether it is one, is not known here; that a folder with one in it is no source
//! of a crate around it is known where sources are read.

use std::path::{Path, PathBuf};

use assay_spec::{Digest, Receipt, SequenceReceipt, TileReceipt, schema::Versioned};
use assay_store::{Folder, StoreError};

use crate::{prove::ENVELOPE_FILE, sequence::SEQUENCE_FILE};

/// Hex digits of a receipt's digest that are in its name.
const DIGEST_CHARS: usize = 16;

/// How the names of all receipts end.
const END: &str = ".receipt";

/// A file that names the receipts of a proof in the same folder.
pub trait Envelope: Versioned {
    /// What it is called.
    const FILE: &'static str;

    /// The names of its receipts.
    fn receipts(&self) -> Vec<&str>;
}

impl Envelope for TileReceipt {
    const FILE: &'static str = ENVELOPE_FILE;

    fn receipts(&self) -> Vec<&str> {
        vec![&self.receipt_file]
    }
}

impl Envelope for SequenceReceipt {
    const FILE: &'static str = SEQUENCE_FILE;

    fn receipts(&self) -> Vec<&str> {
        self.steps.iter().map(|link| link.tile.receipt_file.as_str()).collect()
    }
}

/// Name of the file with the receipt of this digest; `begin` says of what it is.
pub fn receipt_name(begin: &str, receipt: &Digest) -> String {
    let digest: String = receipt.to_string().chars().take(DIGEST_CHARS).collect();
    format!("{begin}-{digest}{END}")
}

/// A folder that a proof is kept in.
#[derive(Clone, Debug)]
pub struct ProofFolder {
    folder: Folder,
}

impl ProofFolder {
    /// Makes the folder, where there is none.
    pub fn create(path: impl Into<PathBuf>) -> Result<Self, StoreError> {
        Ok(Self { folder: Folder::create(path)? })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The folder itself, for files that belong to a proof and are none of it.
    pub fn files(&self) -> &Folder {
        &self.folder
    }

    /// Keeps a receipt under its [name](receipt_name), which `said` has. Nothing names it yet.
    pub fn keep(&self, said: &TileReceipt, receipt: &Receipt) -> Result<(), StoreError> {
        self.folder.write(&said.receipt_file, &receipt.to_bytes()).map(drop)
    }

    /// Makes the receipts that `envelope` names the proof of this folder, in place of an earlier one, whose receipts
    /// are removed.
    pub fn complete<E: Envelope>(&self, envelope: &E) -> Result<(), StoreError> {
        // A file that is none of ours names nothing to us.
        let earlier: Option<E> = self.folder.read_json(E::FILE).ok().flatten();
        self.folder.write_json(E::FILE, envelope)?;
        let named = envelope.receipts();
        for left in earlier.iter().flat_map(E::receipts).filter(|left| is_ours(left) && !named.contains(left)) {
            // The proof is there. What is left of the one before it is in nobody's way.
            let _ = self.folder.remove(left);
        }
        Ok(())
    }
}

/// Whether a file has a name that only receipts have that were kept here; what names it may come from anybody.
fn is_ours(name: &str) -> bool {
    let digest = name.strip_suffix(END).and_then(|name| name.rsplit_once('-'));
    let is_digest = |text: &str| text.len() == DIGEST_CHARS && text.bytes().all(|b| b.is_ascii_hexdigit());
    digest.is_some_and(|(begin, digest)| is_digest(digest) && !begin.is_empty() && !name.contains(['/', '\0']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_is_called_after_what_it_is_of_and_its_digest() {
        let digest = Digest::of(b"a receipt");
        let name = receipt_name("001-double", &digest);
        assert_eq!(name, format!("001-double-{}.receipt", &digest.to_string()[..16]));
        assert!(is_ours(&name));
        for other in [
            "tile.receipt",
            "-0123456789abcdef.receipt",
            "../a-0123456789abcdef.receipt",
            "/a-0123456789abcdef.receipt",
            "a-0123456789abcde.receipt",
            "a-0123456789abcdeg.receipt",
            "a-0123456789abcdef",
            "",
        ] {
            assert!(!is_ours(other), "{other}");
        }
    }
}
