//! `BLAKE2b`'s compression function F with any number of rounds (RFC 7693, section 3.2, with the rounds of EIP-152).

use assay_spec::accelerator::{BLAKE2F_ROUNDS_MAX, Beyond, Bound, Refusal};

/// RFC 7693, section 2.6: the fractional parts of the square roots of the first eight primes.
const IV: [u64; 8] = [
    0x6a09_e667_f3bc_c908,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1,
    0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b,
    0x5be0_cd19_137e_2179,
];

/// RFC 7693, section 2.7: the order of the message's words in each of ten rounds, after which it begins again.
const SIGMA: [[usize; 16]; 10] = [
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

/// The words that each of the eight mixings of a round works on: columns, then diagonals.
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

/// The state after `rounds` rounds; `f` says whether the block is the last.
#[expect(clippy::many_single_char_names, reason = "the names of the RFC")]
pub(super) fn compress(rounds: u32, h: &[u8; 64], m: &[u8; 128], t: &[u8; 16], f: u32) -> Result<[u8; 64], Refusal> {
    let last = match f {
        0 => false,
        1 => true,
        _ => return Err(Refusal::Failed),
    };
    let bound = Bound { most: u64::from(BLAKE2F_ROUNDS_MAX), beyond: Beyond::TooMuch };
    bound.admit(u64::from(rounds), "rounds")?;
    let (mut h, m, [t0, t1]) = (words::<8>(h), words::<16>(m), words::<2>(t));
    let mut v = [0; 16];
    v[..8].copy_from_slice(&h);
    v[8..].copy_from_slice(&IV);
    v[12] ^= t0;
    v[13] ^= t1;
    if last {
        v[14] = !v[14];
    }
    for order in SIGMA.iter().cycle().take(rounds as usize) {
        for (index, place) in MIXED.iter().enumerate() {
            mix(&mut v, *place, m[order[2 * index]], m[order[2 * index + 1]]);
        }
    }
    let mut state = [0; 64];
    for (index, (word, bytes)) in h.iter_mut().zip(state.chunks_exact_mut(8)).enumerate() {
        *word ^= v[index] ^ v[index + 8];
        bytes.copy_from_slice(&word.to_le_bytes());
    }
    Ok(state)
}

/// G of RFC 7693, section 3.1.
#[expect(clippy::many_single_char_names, reason = "the names of the RFC")]
fn mix(v: &mut [u64; 16], [a, b, c, d]: [usize; 4], x: u64, y: u64) {
    for (word, first, second) in [(x, 32, 24), (y, 16, 63)] {
        v[a] = v[a].wrapping_add(v[b]).wrapping_add(word);
        v[d] = (v[d] ^ v[a]).rotate_right(first);
        v[c] = v[c].wrapping_add(v[d]);
        v[b] = (v[b] ^ v[c]).rotate_right(second);
    }
}

fn words<const N: usize>(bytes: &[u8]) -> [u64; N] {
    let mut words = [0; N];
    for (word, bytes) in words.iter_mut().zip(bytes.chunks_exact(8)) {
        *word = u64::from_le_bytes(bytes.try_into().expect("chunks have 8 bytes"));
    }
    words
}
