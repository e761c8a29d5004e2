//! What OpenVM's transpiler makes of words that are no instructions.

/// The word that OpenVM 2.0.2's transpiler takes `word` for: it ignores the funct3 of JALR, the funct7 of SLLI, and the
/// unused register fields of its own instructions (`rrs_lib::process_instruction`, `openvm_rv32im_transpiler`), so that
/// some words that [`decode`](crate::decode) refuses are executed as if they were instructions.
pub fn canonical(word: u32) -> u32 {
    const RD: u32 = 0x1f << 7;
    const RS1: u32 = 0x1f << 15;
    match (word & 0x7f, word >> 12 & 7) {
        (0x67, _) => word & !(7 << 12),
        (0x13, 1) => word & !(0x7f << 25),
        // terminate
        (0x0b, 0) => word & !(RD | RS1),
        // hint_storew; hint_buffer uses both registers
        (0x0b, 1) if word >> 20 == 0 => word & !RS1,
        // hint_input, hint_random
        (0x0b, 3) if word >> 20 == 0 => word & !(RD | RS1),
        (0x0b, 3) if word >> 20 == 2 => word & !RS1,
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Isa, decode};

    #[test]
    fn a_word_that_decodes_is_taken_for_itself_and_a_loose_one_for_its_neighbour() {
        for word in [0x0000_8067, 0x0050_9093, 0x0000_000b, 0x0000_520b & !(7 << 12) | 1 << 12] {
            assert!(decode(word, Isa::RV32IM_OPENVM).is_ok(), "{word:#x}");
            assert_eq!(canonical(word), word);
        }
        // jalr with funct3 1, slli with bit 30, terminate with rd and rs1.
        for (loose, strict) in [(0x0000_9067, 0x0000_8067), (0x4050_9093, 0x0050_9093), (0x0000_818b, 0x0000_000b)] {
            assert!(decode(loose, Isa::RV32IM_OPENVM).is_err(), "{loose:#x}");
            assert_eq!(canonical(loose), strict);
        }
    }
}
