//! Reading and writing the files that a request names.

use std::{
    fs::{File, OpenOptions},
    io::{Read, Write},
};

use assay_spec::protocol::{ErrorKind, RunnerError};

use crate::error::error;

/// Largest ELF that is loaded, in bytes.
pub const ELF_BYTES_MAX: u64 = 64 << 20;

/// Largest input that is read, in bytes.
pub const INPUT_BYTES_MAX: u64 = 64 << 20;

/// Largest proof that is written or read, in bytes.
pub const PROOF_BYTES_MAX: u64 = assay_spec::receipt::PROOF_BYTES_MAX;

/// The bytes of the regular file `path` if they are at most `limit`; `what` it is stands in the message.
pub(crate) fn read_limited(path: &str, limit: u64, what: &str) -> Result<Vec<u8>, RunnerError> {
    let io = |reason| error(ErrorKind::Io, format!("cannot read the {what} {path}: {reason}"));
    let too_long = || {
        let message = format!("the {what} {path} is longer than {limit} bytes, the most that a runner takes");
        error(ErrorKind::Limit, message)
    };
    // Before opening: opening a FIFO would wait for a writer.
    let metadata = std::fs::metadata(path).map_err(io)?;
    if !metadata.is_file() {
        return Err(error(ErrorKind::Io, format!("the {what} {path} is not a regular file")));
    }
    if metadata.len() > limit {
        return Err(too_long());
    }
    let mut bytes = Vec::with_capacity(metadata.len() as usize);
    File::open(path).map_err(io)?.take(limit + 1).read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() as u64 > limit {
        return Err(too_long());
    }
    Ok(bytes)
}

/// Writes `bytes`, at most `limit` of them, to the new file `path`; one that exists is left alone and is an error.
pub(crate) fn write_new(path: &str, bytes: &[u8], limit: u64, what: &str) -> Result<(), RunnerError> {
    if bytes.len() as u64 > limit {
        let message = format!("the {what} has {} bytes, above the limit of {limit}", bytes.len());
        return Err(error(ErrorKind::Limit, message));
    }
    let written = OpenOptions::new().write(true).create_new(true).open(path).and_then(|mut file| file.write_all(bytes));
    written.map_err(|reason| error(ErrorKind::Io, format!("cannot write the {what} to {path}: {reason}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_is_written_and_nothing_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p").to_str().unwrap().to_owned();
        assert_eq!(write_new(&path, &[1, 2, 3], 2, "proof").unwrap_err().kind, ErrorKind::Limit);
        write_new(&path, &[1, 2, 3], 3, "proof").unwrap();
        assert_eq!(write_new(&path, &[4], 3, "proof").unwrap_err().kind, ErrorKind::Io);
        assert_eq!(std::fs::read(&path).unwrap(), [1, 2, 3]);
    }

    #[test]
    fn a_file_above_the_limit_a_folder_and_no_file_are_typed_errors() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        std::fs::write(&path, [1, 2, 3]).unwrap();
        let path = path.to_str().unwrap();
        assert_eq!(read_limited(path, 3, "ELF").unwrap(), [1, 2, 3]);
        assert_eq!(read_limited(path, 2, "ELF").unwrap_err().kind, ErrorKind::Limit);
        let folder = folder.path().to_str().unwrap();
        assert_eq!(read_limited(folder, 9, "ELF").unwrap_err().kind, ErrorKind::Io);
        let missing = format!("{folder}/missing");
        assert_eq!(read_limited(&missing, 9, "ELF").unwrap_err().kind, ErrorKind::Io);
        assert_eq!(read_limited("\0", 9, "ELF").unwrap_err().kind, ErrorKind::Io);
    }
}
