//! The permutation Keccak-f\[1600\] (FIPS 202, section 3): numbers only, as SP1 has it for a call.

/// Words of the state, `A[x][y]` at `x + 5 * y`.
pub(crate) const STATE_WORDS: usize = 25;

const ROUNDS: usize = 24;

/// Rotations in the order in which rho and pi go through the state (section 3.2.2): the triangular numbers modulo 64.
const ROTATIONS: [u32; 24] =
    [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44];

/// The state after all rounds.
pub(crate) fn permute(mut state: [u64; STATE_WORDS]) -> [u64; STATE_WORDS] {
    let mut register = 1;
    for _ in 0..ROUNDS {
        mix_columns(&mut state);
        state = mix_rows(&rotate(&state));
        state[0] ^= round_constant(&mut register);
    }
    state
}

/// Theta.
fn mix_columns(state: &mut [u64; STATE_WORDS]) {
    let parity: [u64; 5] = std::array::from_fn(|x| (0..5).fold(0, |sum, y| sum ^ state[x + 5 * y]));
    for (index, word) in state.iter_mut().enumerate() {
        let x = index % 5;
        *word ^= parity[(x + 4) % 5] ^ parity[(x + 1) % 5].rotate_left(1);
    }
}

/// Rho and pi.
fn rotate(state: &[u64; STATE_WORDS]) -> [u64; STATE_WORDS] {
    let mut rotated = *state;
    let (mut x, mut y) = (1, 0);
    for rotation in ROTATIONS {
        let word = state[x + 5 * y];
        (x, y) = (y, (2 * x + 3 * y) % 5);
        rotated[x + 5 * y] = word.rotate_left(rotation);
    }
    rotated
}

/// Chi.
fn mix_rows(state: &[u64; STATE_WORDS]) -> [u64; STATE_WORDS] {
    std::array::from_fn(|index| {
        let (x, row) = (index % 5, index / 5 * 5);
        state[index] ^ !state[row + (x + 1) % 5] & state[row + (x + 2) % 5]
    })
}

/// Iota: seven bits of a shift register at the places `2^j - 1` (section 3.2.5).
fn round_constant(register: &mut u8) -> u64 {
    const POLYNOMIAL: u8 = 0x71;
    let mut constant = 0;
    for bit in 0..7 {
        constant |= u64::from(*register & 1) << ((1 << bit) - 1);
        let out = *register >> 7;
        *register = (*register << 1) ^ (out * POLYNOMIAL);
    }
    constant
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first and the second permutation of the zero state begin with these words, as the Keccak team's test vectors
    /// (`KeccakF-1600-IntermediateValues.txt`) have them.
    #[test]
    fn the_zero_state_becomes_what_the_authors_say() {
        let once = permute([0; STATE_WORDS]);
        assert_eq!(once[..3], [0xf125_8f79_40e1_dde7, 0x84d5_ccf9_33c0_478a, 0xd598_261e_a65a_a9ee]);
        let twice = permute(once);
        assert_eq!(twice[..2], [0x2d5c_954d_f96e_cb3c, 0x6a33_2cd0_7057_b56d]);
    }

    #[test]
    fn the_constants_of_the_first_rounds_are_the_standards() {
        let mut register = 1;
        let constants: [u64; 3] = std::array::from_fn(|_| round_constant(&mut register));
        assert_eq!(constants, [1, 0x8082, 0x8000_0000_0000_808a]);
    }
}
