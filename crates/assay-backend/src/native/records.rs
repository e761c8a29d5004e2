//! What a native guest says on its descriptor: records, taken apart as they come.
//!
//! A record is one byte that says what it is, four bytes with its length (little-endian), and that many bytes. Lengths are
//! claims: nothing is set aside for them, and what is kept has limits of its own.

use assay_spec::outcome::MESSAGE_BYTES_MAX;

/// A piece of the public output.
const OUTPUT: u8 = 0;

/// The text of a panic, `LOCATION:\nMESSAGE`.
const PANIC: u8 = 1;

const HEAD_BYTES: usize = 5;

/// Longest text of a panic that a record may claim, in bytes; the runtime cuts far below.
const PANIC_BYTES_MAX: u32 = 1 << 20;

/// What cannot be gone on with. Nothing after it has borders.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Breach {
    /// More output than it may have.
    #[error("the guest wrote more than {limit} bytes of public output")]
    OutputLimit { limit: u64 },
    /// A record of no known kind.
    #[error("the guest wrote a record of kind {kind}; there are 0 (output) and 1 (panic)")]
    UnknownKind { kind: u8 },
    /// A panic that has a book to say.
    #[error("the guest claims a panic with {claimed} bytes of text; the limit is {PANIC_BYTES_MAX}")]
    PanicTooLong { claimed: u32 },
    /// It ended in the midst of a record.
    #[error("the guest ended inside of a record")]
    HalfRecord,
}

/// The records of one run so far.
#[derive(Debug)]
pub(super) struct Records {
    /// The public output so far.
    pub(super) output: Vec<u8>,
    output_limit: u64,
    panic: Option<Vec<u8>>,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Head { bytes: [u8; HEAD_BYTES], have: usize },
    Output { left: u32 },
    Panic { left: u32, first: bool },
}

const BETWEEN: State = State::Head { bytes: [0; HEAD_BYTES], have: 0 };

impl Records {
    pub(super) fn new(output_limit: u64) -> Self {
        Self { output: Vec::new(), output_limit, panic: None, state: BETWEEN }
    }

    /// Takes the next bytes, in pieces of any size.
    pub(super) fn push(&mut self, mut bytes: &[u8]) -> Result<(), Breach> {
        while !bytes.is_empty() {
            self.state = match self.state {
                State::Head { bytes: mut head, have } => {
                    let (piece, rest) = bytes.split_at(bytes.len().min(HEAD_BYTES - have));
                    head[have..have + piece.len()].copy_from_slice(piece);
                    bytes = rest;
                    self.after_head(head, have + piece.len())?
                }
                State::Output { left } => {
                    let piece = take(&mut bytes, left);
                    if (self.output.len() + piece.len()) as u64 > self.output_limit {
                        return Err(Breach::OutputLimit { limit: self.output_limit });
                    }
                    self.output.extend_from_slice(piece);
                    let left = left - piece.len() as u32;
                    if left == 0 { BETWEEN } else { State::Output { left } }
                }
                State::Panic { left, first } => {
                    let piece = take(&mut bytes, left);
                    if let Some(text) = self.panic.as_mut().filter(|_| first) {
                        // One more than may be shown, so that it shows that something was cut.
                        let room = (MESSAGE_BYTES_MAX + 1).saturating_sub(text.len());
                        text.extend_from_slice(&piece[..piece.len().min(room)]);
                    }
                    let left = left - piece.len() as u32;
                    if left == 0 { BETWEEN } else { State::Panic { left, first } }
                }
            };
        }
        Ok(())
    }

    /// To be called when the guest has ended by itself.
    pub(super) fn finish(&self) -> Result<(), Breach> {
        if self.state == BETWEEN { Ok(()) } else { Err(Breach::HalfRecord) }
    }

    /// The text of the first panic; one that happens while another is told of is not what went wrong.
    pub(super) fn panic(&self) -> Option<String> {
        self.panic.as_deref().map(|text| String::from_utf8_lossy(text).into_owned())
    }

    fn after_head(&mut self, head: [u8; HEAD_BYTES], have: usize) -> Result<State, Breach> {
        let [kind, length @ ..] = head;
        let left = u32::from_le_bytes(length);
        match kind {
            // At once, and not when the length is there: what follows may never come.
            _ if kind > PANIC => Err(Breach::UnknownKind { kind }),
            _ if have < HEAD_BYTES => Ok(State::Head { bytes: head, have }),
            OUTPUT if left > 0 => Ok(State::Output { left }),
            PANIC if left > PANIC_BYTES_MAX => Err(Breach::PanicTooLong { claimed: left }),
            PANIC => {
                let first = self.panic.is_none();
                self.panic.get_or_insert_default();
                Ok(if left > 0 { State::Panic { left, first } } else { BETWEEN })
            }
            _ => Ok(BETWEEN),
        }
    }
}

fn take<'a>(bytes: &mut &'a [u8], most: u32) -> &'a [u8] {
    let (piece, rest) = bytes.split_at(bytes.len().min(most as usize));
    *bytes = rest;
    piece
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn record(kind: u8, bytes: &[u8]) -> Vec<u8> {
        [&[kind], &(bytes.len() as u32).to_le_bytes()[..], bytes].concat()
    }

    #[test]
    fn the_first_panic_counts_and_pieces_of_output_follow_each_other() {
        let mut records = Records::new(100);
        let stream =
            [record(0, b"ab"), record(1, b"x.rs:1:1:\nfirst"), record(0, b""), record(1, b"no"), record(0, b"c")];
        records.push(&stream.concat()).unwrap();
        records.finish().unwrap();
        assert_eq!((records.output.as_slice(), records.panic().as_deref()), (&b"abc"[..], Some("x.rs:1:1:\nfirst")));
    }

    #[test]
    fn lengths_are_claims() {
        let mut records = Records::new(10);
        records.push(&[0, 0xff, 0xff, 0xff, 0xff, 7, 7]).unwrap();
        assert_eq!(records.output, [7, 7]);
        assert!(records.output.capacity() < 1000);
        assert_eq!(records.finish(), Err(Breach::HalfRecord));
        assert_eq!(records.push(&[7; 9]), Err(Breach::OutputLimit { limit: 10 }));
        let claimed = u32::MAX;
        let long = [&[1][..], &claimed.to_le_bytes()].concat();
        assert_eq!(Records::new(10).push(&long), Err(Breach::PanicTooLong { claimed }));
        assert_eq!(Records::new(10).push(&[2]), Err(Breach::UnknownKind { kind: 2 }));
    }

    #[test]
    fn a_long_panic_is_kept_as_far_as_it_is_shown() {
        let mut records = Records::new(0);
        records.push(&record(1, &vec![b'x'; PANIC_BYTES_MAX as usize])).unwrap();
        assert_eq!(records.panic().unwrap().len(), MESSAGE_BYTES_MAX + 1);
    }

    proptest! {
        #[test]
        fn pieces_of_any_size_come_to_the_same(
            stream in prop::collection::vec((0u8..2, prop::collection::vec(any::<u8>(), 0..40)), 0..8),
            cuts in prop::collection::vec(1usize..20, 1..40),
        ) {
            let bytes: Vec<u8> = stream.iter().flat_map(|(kind, bytes)| record(*kind, bytes)).collect();
            let mut whole = Records::new(1000);
            whole.push(&bytes).unwrap();
            let mut piecewise = Records::new(1000);
            let mut rest = bytes.as_slice();
            for cut in cuts.iter().cycle().take(bytes.len()) {
                let (piece, behind) = rest.split_at(rest.len().min(*cut));
                piecewise.push(piece).unwrap();
                rest = behind;
            }
            prop_assert_eq!(&whole.output, &piecewise.output);
            prop_assert_eq!(whole.panic(), piecewise.panic());
            prop_assert_eq!(whole.finish(), Ok(()));
        }

        #[test]
        fn whatever_comes_is_bounded(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let mut records = Records::new(20);
            let _ = records.push(&bytes);
            prop_assert!(records.output.len() <= 20);
        }
    }
}
