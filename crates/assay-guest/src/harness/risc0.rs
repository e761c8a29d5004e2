//! The epilogue on RISC Zero: the journal, and the digest that a proof commits to.
//!
//! Sources: `risc0-zkvm-platform` 2.2.3 (`syscall.rs`) and `risc0-zkos-v1compat` 2.2.3 for the calls; `risc0-zkvm` 3.0.6
//! (`claim/receipt.rs`, `Output`) and `risc0-binfmt` 3.0.5 (`tagged_struct`) for the digest.

use assay_isa::Xlen;
use assay_spec::Digest;

use super::{
    Commitment,
    code::{A0, A1, A2, A3, A4, A5, T0, T6, call, store_registers},
    digest::{BLOCK_BYTES, INITIAL_STATE, padding},
    output_bytes,
};

const WRITE_NAME: &[u8] = b"risc0_zkvm_platform::syscall::nr::SYS_WRITE\0";
const WRITE_NUMBER: i32 = 16;
const JOURNAL_FD: i32 = 3;

const HALT: i32 = 0;
const SOFTWARE: i32 = 2;
const SHA: i32 = 3;

const DIGEST_BYTES: usize = 32;
/// Bytes of the registers, which are the journal.
const JOURNAL_BYTES: usize = output_bytes(Xlen::Rv32);
/// Bytes of `risc0.Output` as it is hashed: the digest of its tag, the digests of journal and assumptions, and the
/// number of digests, 2, in two bytes.
const OUTPUT_BYTES: usize = 3 * DIGEST_BYTES + 2;

/// Offsets in the data.
struct Places {
    /// The name of `SYS_WRITE`.
    name: usize,
    /// The digest that HALT gets.
    digest: usize,
    /// `risc0.Output`, padded. Only with [`Commitment::Digest`], as the following.
    output: usize,
    /// The initial state of SHA-256.
    initial: usize,
    end: usize,
}

/// The journal comes first, with its padding behind it.
fn places(commitment: Commitment) -> Places {
    let message = |bytes: usize| (bytes + 9).div_ceil(BLOCK_BYTES) * BLOCK_BYTES;
    let name = match commitment {
        Commitment::Absent => JOURNAL_BYTES,
        Commitment::Digest => message(JOURNAL_BYTES),
    };
    let digest = name + WRITE_NAME.len().next_multiple_of(4);
    let output = digest + DIGEST_BYTES;
    match commitment {
        Commitment::Absent => Places { name, digest, output, initial: output, end: output },
        Commitment::Digest => {
            let initial = output + message(OUTPUT_BYTES);
            Places { name, digest, output, initial, end: initial + DIGEST_BYTES }
        }
    }
}

/// Initial bytes of the data, and its size.
pub(super) fn data(commitment: Commitment) -> (Vec<u8>, usize) {
    let places = places(commitment);
    let mut bytes = vec![0; places.end];
    let mut put = |at: usize, piece: &[u8]| bytes[at..at + piece.len()].copy_from_slice(piece);
    put(places.name, WRITE_NAME);
    if commitment == Commitment::Digest {
        put(JOURNAL_BYTES, &padding(JOURNAL_BYTES));
        put(places.output, &Digest::of(b"risc0.Output").0);
        // The digest of the journal is put behind it by the guest; the digest of no assumptions is zero.
        put(places.output + OUTPUT_BYTES - 2, &2u16.to_le_bytes());
        put(places.output + OUTPUT_BYTES, &padding(OUTPUT_BYTES));
        let initial: Vec<u8> = INITIAL_STATE.iter().flat_map(|word| word.to_be_bytes()).collect();
        put(places.initial, &initial);
    }
    (bytes, places.end)
}

/// Makes the registers public and halts with exit code 0.
pub(super) fn epilogue(data: i32, scratch: u8, commitment: Commitment) -> Vec<u32> {
    let places = places(commitment);
    let at = |offset: usize| data + offset as i32;
    let mut words = store_registers(data, Xlen::Rv32, scratch);
    words.extend(call(&[
        (A0, 0),
        (A1, 0),
        (A2, at(places.name)),
        (A3, JOURNAL_FD),
        (A4, data),
        (A5, JOURNAL_BYTES as i32),
        (T6, WRITE_NUMBER),
        (T0, SOFTWARE),
    ]));
    if commitment == Commitment::Digest {
        let journal_digest = places.output + DIGEST_BYTES;
        words.extend(sha(at(journal_digest), at(places.initial), data, JOURNAL_BYTES));
        words.extend(sha(at(places.digest), at(places.initial), at(places.output), OUTPUT_BYTES));
    }
    words.extend(call(&[(A0, 0), (A1, at(places.digest)), (T0, HALT)]));
    words
}

/// The digest at `out` of the message of `bytes` bytes, with its padding, at `message`.
fn sha(out: i32, initial: i32, message: i32, bytes: usize) -> Vec<u32> {
    let blocks = (bytes + 9).div_ceil(BLOCK_BYTES) as i32;
    let second_half = message + DIGEST_BYTES as i32;
    call(&[(A0, out), (A1, initial), (A2, message), (A3, second_half), (A4, blocks), (T0, SHA)])
}
