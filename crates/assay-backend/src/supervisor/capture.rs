//! What a runner prints: the first and the last of it kept, all of it counted, none of it understood.

use std::collections::VecDeque;

/// Bytes kept from the beginning of a stream.
pub const HEAD_BYTES_MAX: usize = 256 * 1024;

/// Bytes kept from the end of a stream.
pub const TAIL_BYTES_MAX: usize = 256 * 1024;

/// Bytes of stderr that an error message quotes.
pub const QUOTED_BYTES_MAX: usize = 2000;

/// One stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CapturedStream {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    total_bytes: u64,
}

/// Both streams of a runner.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CapturedOutput {
    /// Its stdout.
    pub stdout: CapturedStream,
    /// Its stderr.
    pub stderr: CapturedStream,
}

impl CapturedStream {
    pub(crate) fn push(&mut self, mut bytes: &[u8]) {
        self.total_bytes += bytes.len() as u64;
        let room = (HEAD_BYTES_MAX - self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..room]);
        bytes = &bytes[room..];
        let bytes = &bytes[bytes.len().saturating_sub(TAIL_BYTES_MAX)..];
        let excess = (self.tail.len() + bytes.len()).saturating_sub(TAIL_BYTES_MAX);
        self.tail.drain(..excess);
        self.tail.extend(bytes);
    }

    /// Bytes that the runner wrote.
    pub fn total_bytes(&self) -> u64 {
        self.total_bytes
    }

    /// Bytes between head and tail that were not kept.
    pub fn omitted_bytes(&self) -> u64 {
        self.total_bytes - (self.head.len() + self.tail.len()) as u64
    }

    /// What was kept, with a line between head and tail that says how much is missing.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.head.clone();
        if self.omitted_bytes() > 0 {
            let line = format!("\n[… {} bytes left out …]\n", self.omitted_bytes());
            bytes.extend_from_slice(line.as_bytes());
        }
        bytes.extend(&self.tail);
        bytes
    }

    /// The last [`QUOTED_BYTES_MAX`] bytes as text, for messages.
    pub fn quote(&self) -> String {
        let kept = self.to_bytes();
        let end = &kept[kept.len().saturating_sub(QUOTED_BYTES_MAX)..];
        String::from_utf8_lossy(end).trim().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn head_and_tail_are_kept_and_the_middle_is_counted() {
        let mut stream = CapturedStream::default();
        stream.push(b"first");
        for _ in 0..3 {
            stream.push(&vec![b'.'; HEAD_BYTES_MAX]);
        }
        stream.push(b"last");
        let total = 3 * HEAD_BYTES_MAX as u64 + 9;
        assert_eq!(stream.total_bytes(), total);
        assert_eq!(stream.omitted_bytes(), total - (HEAD_BYTES_MAX + TAIL_BYTES_MAX) as u64);
        let bytes = stream.to_bytes();
        assert!(bytes.starts_with(b"first.") && bytes.ends_with(b".last"));
        assert!(String::from_utf8_lossy(&bytes).contains("bytes left out"));
        assert!(bytes.len() < HEAD_BYTES_MAX + TAIL_BYTES_MAX + 100);
    }

    proptest! {
        #[test]
        fn what_fits_is_kept_byte_for_byte(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..50), 0..20)) {
            let mut stream = CapturedStream::default();
            for piece in &pieces {
                stream.push(piece);
            }
            prop_assert_eq!(stream.to_bytes(), pieces.concat());
        }
    }
}
