//! What a guest prints for people: the head is kept, the rest counted.

use std::fmt::Write as _;

/// Most bytes that are kept.
pub(crate) const LOG_BYTES_MAX: usize = 64 << 10;

/// The head of what was printed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log {
    head: Vec<u8>,
    skipped: u64,
}

impl Log {
    /// How much more is kept.
    pub(crate) fn room(&self) -> usize {
        LOG_BYTES_MAX - self.head.len()
    }

    /// Appends `bytes` as far as there is room.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        let kept = bytes.len().min(self.room());
        self.head.extend_from_slice(&bytes[..kept]);
        self.skip((bytes.len() - kept) as u64);
    }

    /// Counts bytes that were printed and are not kept.
    pub(crate) fn skip(&mut self, bytes: u64) {
        self.skipped += bytes;
    }

    /// The text, with a note of what is missing; `None` if nothing was printed.
    pub(crate) fn text(&self) -> Option<String> {
        if self.head.is_empty() {
            return None;
        }
        let mut text = String::from_utf8_lossy(&self.head).into_owned();
        if self.skipped > 0 {
            let _ = write!(text, "… ({} more bytes)", self.skipped);
        }
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_is_kept_and_the_rest_counted() {
        let mut log = Log::default();
        assert_eq!(log.text(), None);
        log.push(&vec![b'x'; LOG_BYTES_MAX - 1]);
        log.push(b"yz");
        log.skip(3);
        let text = log.text().unwrap();
        assert!(text.ends_with("xy… (4 more bytes)"), "{}", &text[text.len() - 30..]);
        assert_eq!(log.room(), 0);
    }
}
