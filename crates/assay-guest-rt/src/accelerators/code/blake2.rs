//! The compression function of `BLAKE2b` with a number of rounds (RFC 7693, 3.2; EIP-152). Crates that hash do not give it
//! away.

use crate::accelerators::{Bytes, Failed};

/// The initial state (RFC 7693, 2.6).
const INITIAL: [u64; 8] = [
    0x6a09_e667_f3bc_c908,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1,
    0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b,
    0x5be0_cd19_137e_2179,
];

/// Which words of the message a round takes (RFC 7693, 2.7); the eleventh round begins anew.
const SCHEDULE: [[usize; 16]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
    [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
    [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
    [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
    [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];

/// The columns, then the diagonals, that a round mixes.
const MIXED: [[usize; 4]; 8] = [
    [0, 4, 8, 12],
    [1, 5, 9, 13],
    [2, 6, 10, 14],
    [3, 7, 11, 15],
    [0, 5, 10, 15],
    [1, 6, 11, 12],
    [2, 7, 8, 13],
    [3, 4, 9, 14],
];

pub(crate) fn blake2f(rounds: u32, h: &mut Bytes<64>, m: &Bytes<128>, t: &Bytes<16>, last: u8) -> Result<(), Failed> {
    if last > 1 {
        return Err(Failed);
    }
    let (state, message, counters): ([u64; 8], [u64; 16], [u64; 2]) = (words(&h.0), words(&m.0), words(&t.0));
    let mut v = [0; 16];
    v[..8].copy_from_slice(&state);
    v[8..].copy_from_slice(&INITIAL);
    v[12] ^= counters[0];
    v[13] ^= counters[1];
    if last == 1 {
        v[14] = !v[14];
    }
    for round in 0..rounds as usize {
        let words = &SCHEDULE[round % SCHEDULE.len()];
        for (index, places) in MIXED.iter().enumerate() {
            mix(&mut v, places, message[words[2 * index]], message[words[2 * index + 1]]);
        }
    }
    for (index, word) in h.0.chunks_exact_mut(8).enumerate() {
        word.copy_from_slice(&(state[index] ^ v[index] ^ v[index + 8]).to_le_bytes());
    }
    Ok(())
}

/// `G` (RFC 7693, 3.1).
#[expect(clippy::many_single_char_names, reason = "the names of the standard")]
fn mix(v: &mut [u64; 16], &[a, b, c, d]: &[usize; 4], x: u64, y: u64) {
    v[a] = v[a].wrapping_add(v[b]).wrapping_add(x);
    v[d] = (v[d] ^ v[a]).rotate_right(32);
    v[c] = v[c].wrapping_add(v[d]);
    v[b] = (v[b] ^ v[c]).rotate_right(24);
    v[a] = v[a].wrapping_add(v[b]).wrapping_add(y);
    v[d] = (v[d] ^ v[a]).rotate_right(16);
    v[c] = v[c].wrapping_add(v[d]);
    v[b] = (v[b] ^ v[c]).rotate_right(63);
}

/// Little-endian words.
fn words<const N: usize>(bytes: &[u8]) -> [u64; N] {
    let mut words = [0; N];
    for (word, bytes) in words.iter_mut().zip(bytes.as_chunks().0) {
        *word = u64::from_le_bytes(*bytes);
    }
    words
}
