//! Checksums in JSON files, as their last field, so that a flipped bit is found wherever the file has been copied to.
//!
//! A sealed file is a JSON object whose last line but one is `  "sha256": "…"`: the SHA-256 of every byte before the comma
//! in front of it. To a JSON reader that is one more field. The seal finds damage, not malice.

use std::path::Path;

use assay_spec::{
    Digest,
    schema::{Versioned, read},
};

use crate::{StoreError, disk::read_file, layout::JSON_BYTES_MAX};

/// Why a sealed file is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// It does not end with its checksum: cut off, or not written by a store.
    #[error("it does not end with its checksum")]
    NoSeal,
    /// It has another checksum.
    #[error("its checksum does not fit its content")]
    WrongSeal,
}

const BEFORE: &str = ",\n  \"sha256\": \"";
const AFTER: &str = "\"\n}\n";
const DIGITS: usize = 64;
/// What pretty JSON of an object with fields ends with.
const END: &str = "\n}";

/// `value` as pretty JSON, sealed.
pub(crate) fn seal<T: Versioned>(value: &T) -> Result<Vec<u8>, serde_json::Error> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    // A versioned value is an object with at least one field, its schema, so this is how it ends.
    debug_assert!(bytes.ends_with(END.as_bytes()));
    bytes.truncate(bytes.len() - END.len());
    let digest = Digest::of(&bytes).to_string();
    bytes.extend([BEFORE, &digest, AFTER].concat().into_bytes());
    Ok(bytes)
}

/// The JSON that was sealed.
pub(crate) fn unseal(bytes: &[u8]) -> Result<Vec<u8>, SealError> {
    let text = bytes.strip_suffix(AFTER.as_bytes()).ok_or(SealError::NoSeal)?;
    let (rest, digest) = text.len().checked_sub(DIGITS).map(|at| text.split_at(at)).ok_or(SealError::NoSeal)?;
    let body = rest.strip_suffix(BEFORE.as_bytes()).ok_or(SealError::NoSeal)?;
    if Digest::of(body).to_string().as_bytes() != digest {
        return Err(SealError::WrongSeal);
    }
    Ok([body, END.as_bytes()].concat())
}

/// The bytes of the sealed file `path`.
pub(crate) fn sealed<T: Versioned>(path: &Path, value: &T) -> Result<Vec<u8>, StoreError> {
    seal(value).map_err(|source| StoreError::Encode { path: path.to_owned(), source })
}

/// Reads a sealed file.
pub(crate) fn read_sealed<T: Versioned>(path: &Path) -> Result<T, StoreError> {
    from_sealed(path, &read_file(path, JSON_BYTES_MAX)?)
}

/// What `bytes`, the content of `path`, hold.
pub(crate) fn from_sealed<T: Versioned>(path: &Path, bytes: &[u8]) -> Result<T, StoreError> {
    let json = unseal(bytes).map_err(|source| StoreError::Damaged { path: path.to_owned(), source })?;
    Ok(read(&json).map_err(|source| StoreError::Format { path: path.to_owned(), source })?.value)
}

#[cfg(test)]
mod tests {
    use assay_spec::StoreMarker;

    use super::*;

    fn sealed() -> (StoreMarker, Vec<u8>) {
        let marker = StoreMarker {
            schema: StoreMarker::tag(),
            created_at: "2026-01-31T23:59:59Z".parse().unwrap(),
            assay_version: "0.1.0".into(),
        };
        let bytes = seal(&marker).unwrap();
        (marker, bytes)
    }

    #[test]
    fn a_sealed_value_is_json_and_reads_back() {
        let (marker, bytes) = sealed();
        assert_eq!(read::<StoreMarker>(&unseal(&bytes).unwrap()).unwrap().value, marker);
        let as_json = read::<StoreMarker>(&bytes).unwrap();
        assert_eq!((as_json.value, as_json.unknown_fields), (marker, vec!["sha256".to_owned()]));
    }

    #[test]
    fn every_cut_and_every_flipped_bit_is_found() {
        let (_, bytes) = sealed();
        for length in 0..bytes.len() {
            assert!(unseal(&bytes[..length]).is_err(), "{length}");
        }
        for bit in 0..8 * bytes.len() {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(unseal(&damaged).is_err(), "bit {bit}");
        }
    }
}
