//! Frames of the runner protocol: a length (u32, little-endian), then that many bytes of JSON.
//!
//! Without I/O: the caller moves the bytes, this module says where frames begin and end.

use serde::Serialize;

/// Longest frame, in bytes of JSON. Bulk data travels by file.
pub const FRAME_BYTES_MAX: usize = 1 << 20;

const LENGTH_BYTES: usize = 4;

/// Why bytes are not a frame.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// The length claims more than [`FRAME_BYTES_MAX`].
    #[error("a frame claims {claimed} bytes; the limit is {FRAME_BYTES_MAX}")]
    TooLong {
        /// Bytes that the length claims, or that the message has.
        claimed: usize,
    },
    /// The message is not JSON.
    #[error("a message could not be encoded: {0}")]
    Encode(#[from] serde_json::Error),
}

/// `message` as one frame.
pub fn encode<T: Serialize>(message: &T) -> Result<Vec<u8>, FrameError> {
    let mut frame = vec![0; LENGTH_BYTES];
    serde_json::to_writer(&mut frame, message)?;
    let claimed = frame.len() - LENGTH_BYTES;
    if claimed > FRAME_BYTES_MAX {
        return Err(FrameError::TooLong { claimed });
    }
    frame[..LENGTH_BYTES].copy_from_slice(&(claimed as u32).to_le_bytes());
    Ok(frame)
}

/// Takes frames out of a stream of bytes that arrive in pieces of any size.
#[derive(Debug, Default)]
pub struct FrameDecoder {
    pending: Vec<u8>,
}

impl FrameDecoder {
    /// Adds bytes as they arrived.
    pub fn push(&mut self, bytes: &[u8]) {
        self.pending.extend_from_slice(bytes);
    }

    /// The JSON of the next whole frame; `None` while it is not all there.
    ///
    /// After an error the stream has no borders any more: nothing that follows can be trusted.
    pub fn next_frame(&mut self) -> Result<Option<Vec<u8>>, FrameError> {
        let Some(length) = self.pending.first_chunk::<LENGTH_BYTES>() else {
            return Ok(None);
        };
        let claimed = u32::from_le_bytes(*length) as usize;
        if claimed > FRAME_BYTES_MAX {
            return Err(FrameError::TooLong { claimed });
        }
        let end = LENGTH_BYTES + claimed;
        if self.pending.len() < end {
            return Ok(None);
        }
        let frame = self.pending[LENGTH_BYTES..end].to_vec();
        self.pending.drain(..end);
        Ok(Some(frame))
    }

    /// Takes all bytes that have arrived, for a stream that turns out to hold something else than frames.
    pub fn take_pending(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.pending)
    }

    /// Bytes of a frame that has begun but not ended.
    pub fn pending_bytes(&self) -> usize {
        self.pending.len()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_length_above_the_cap_is_refused_before_its_bytes_arrive() {
        let mut decoder = FrameDecoder::default();
        decoder.push(&u32::MAX.to_le_bytes());
        assert!(matches!(decoder.next_frame(), Err(FrameError::TooLong { claimed }) if claimed == u32::MAX as usize));
    }

    #[test]
    fn a_message_above_the_cap_is_not_sent() {
        assert!(matches!(encode(&"x".repeat(FRAME_BYTES_MAX)), Err(FrameError::TooLong { .. })));
        assert!(encode(&"x".repeat(FRAME_BYTES_MAX - 2)).is_ok());
    }

    proptest! {
        #[test]
        fn frames_survive_any_cut(messages in prop::collection::vec(".{0,40}", 0..6), cut in 1usize..9) {
            let stream: Vec<u8> = messages.iter().flat_map(|m| encode(m).unwrap()).collect();
            let mut decoder = FrameDecoder::default();
            let mut seen = Vec::new();
            for piece in stream.chunks(cut) {
                decoder.push(piece);
                while let Some(frame) = decoder.next_frame().unwrap() {
                    seen.push(serde_json::from_slice::<String>(&frame).unwrap());
                }
            }
            prop_assert_eq!(seen, messages);
            prop_assert_eq!(decoder.pending_bytes(), 0);
        }
    }
}
