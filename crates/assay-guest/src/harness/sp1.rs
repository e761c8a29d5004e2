//! The epilogue on SP1: the public values, and the digest that a proof commits to.
//!
//! Sources: `sp1-core-executor` 6.10.0 (`syscall_code.rs`, `minimal`), and `sp1-lib` 6.10.0 for what is committed: the
//! SHA-256 of the public values in eight words, each the little-endian number of four bytes of the digest, and eight words
//! of the digest of deferred proofs, of which there are none.

use assay_isa::{AssembleOptions, Isa, Xlen, assemble};

use super::{
    Commitment,
    code::{A0, A1, A2, T0, call, store_registers},
    digest::{INITIAL_STATE, ROUND_CONSTANTS, padding},
    output_bytes,
};

const HALT: i32 = 0x00;
const WRITE: i32 = 0x02;
const OUTPUT_FD: i32 = 13;

/// Bytes of the registers, which are the public values.
const OUTPUT_BYTES: usize = output_bytes(Xlen::Rv64);

/// Computes the SHA-256 of the padded message between s3 and s4 into the state at s2, with the round constants at s1 and
/// room for the schedule at s0; then commits to it.
///
/// Plain RV64IM but for the calls. x0 is not read, as nowhere in an epilogue, but for the zeros of the deferred proofs.
const COMMIT: &str = include_str!("sp1/commit.s");

/// Offsets in the data; the public values come first, with their padding behind them.
struct Places {
    state: usize,
    constants: usize,
    schedule: usize,
    end: usize,
}

fn places() -> Places {
    let state = OUTPUT_BYTES + padding(OUTPUT_BYTES).len();
    let constants = state + 32;
    let schedule = constants + 256;
    Places { state, constants, schedule, end: schedule + 256 }
}

/// Initial bytes of the data, and its size.
pub(super) fn data(commitment: Commitment) -> (Vec<u8>, usize) {
    if commitment == Commitment::Absent {
        return (Vec::new(), OUTPUT_BYTES);
    }
    let mut bytes = vec![0; OUTPUT_BYTES];
    bytes.extend(padding(OUTPUT_BYTES));
    bytes.extend(INITIAL_STATE.iter().chain(&ROUND_CONSTANTS).flat_map(|word| word.to_le_bytes()));
    (bytes, places().end)
}

/// Makes the registers public and halts with exit code 0.
pub(super) fn epilogue(data: i32, scratch: u8, commitment: Commitment) -> Vec<u32> {
    const S0: u8 = 8;
    const S1: u8 = 9;
    const S2: u8 = 18;
    const S3: u8 = 19;
    const S4: u8 = 20;
    let mut words = store_registers(data, Xlen::Rv64, scratch);
    words.extend(call(&[(A0, OUTPUT_FD), (A1, data), (A2, OUTPUT_BYTES as i32), (T0, WRITE)]));
    if commitment == Commitment::Digest {
        let places = places();
        let at = |offset: usize| data + offset as i32;
        words.extend(set(&[
            (S0, at(places.schedule)),
            (S1, at(places.constants)),
            (S2, at(places.state)),
            (S3, data),
            (S4, at(places.state)),
        ]));
        words.extend(commit());
    }
    words.extend(call(&[(A0, 0), (T0, HALT)]));
    words
}

/// Sets registers as a call does, without calling.
fn set(registers: &[(u8, i32)]) -> Vec<u32> {
    let mut words = call(registers);
    words.pop();
    words
}

fn commit() -> Vec<u32> {
    let assembly = assemble(COMMIT, &AssembleOptions::new(Isa::RV64IM, 0)).expect("the source is a constant");
    assembly.words().expect("the source has whole words only")
}
