//! Receipt files.

use std::path::Path;

use assay_spec::{Digest, Receipt};

use crate::folder::{Folder, StoreError};

/// Writes a receipt to the file `path`, whole or not at all; a file that is there is replaced. The digest is the file's.
pub fn write_receipt(path: &Path, receipt: &Receipt) -> Result<Digest, StoreError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return Err(StoreError::Io {
            what: "write the receipt to",
            path: path.to_owned(),
            source: std::io::Error::other("it does not end in the name of a file"),
        });
    };
    Folder::create(folder)?.write(name, &receipt.to_bytes())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use assay_spec::{
        BackendId, Platform, ProofClaims, ReceiptHeader, Security, receipt::ReceiptError, schema::Versioned as _,
    };

    use super::*;

    fn receipt() -> Receipt {
        let header = ReceiptHeader {
            schema: ReceiptHeader::tag(),
            backend: BackendId {
                name: "zk".into(),
                version: "1".into(),
                platform: Platform::Standard,
                isa: "rv32im".into(),
            },
            elf_digest: Digest::of(b"elf"),
            image_id: "id".into(),
            claims: ProofClaims::new(0, Vec::new()),
            kind: "whole".into(),
            security: Security { secure: true, bits: None, basis: "a test".into(), parameters: [].into() },
            encoding: "bytes".into(),
            proof_digest: Digest::of(b""),
            proof_bytes: 0,
        };
        Receipt::new(header, b"proof".to_vec())
    }

    #[test]
    fn a_receipt_is_kept_in_a_folder_made_for_it_and_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/r.receipt");
        let digest = write_receipt(&path, &receipt()).unwrap();
        let bytes = fs::read(&path).unwrap();
        assert_eq!(digest, Digest::of(&bytes));
        assert_eq!(Receipt::from_bytes(&bytes).unwrap(), receipt());
        assert!(matches!(Receipt::from_bytes(&bytes[..bytes.len() - 1]), Err(ReceiptError::Length { .. })));
    }

    #[test]
    fn a_path_that_names_no_file_is_an_error() {
        assert!(write_receipt(Path::new("/"), &receipt()).is_err());
        assert!(write_receipt(Path::new(".."), &receipt()).is_err());
    }
}
