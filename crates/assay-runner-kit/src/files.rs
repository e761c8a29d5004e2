//! Reading the files that a request names.

use std::{fs::File, io::Read};

use assay_spec::protocol::{ErrorKind, RunnerError};

use crate::error::error;

/// Largest ELF that is loaded, in bytes.
pub const ELF_BYTES_MAX: u64 = 64 << 20;

/// Largest input that is read, in bytes.
pub const INPUT_BYTES_MAX: u64 = 64 << 20;

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

#[cfg(test)]
mod tests {
    use super::*;

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
