//! The `sp1` platform: what SP1 6.10's executor does with an rv64im guest.
//!
//! Modelled on the sources of `sp1-core-executor` 6.10.0 (`disassembler`, `minimal`, `vm`), `sp1-jit` 6.10.0,
//! `sp1-core-machine` 6.10.0 and `rrs-succinct` 0.2.0, so that the very same ELF runs here and there:
//!
//! - Segments stand at or above `0x7800_0000`, begin at multiples of four, are readable and not both writable and
//!   executable. Executable ones join without gaps.
//! - The program is translated once, from the initial words of the executable segments. Every word must be an
//!   instruction, executed or not; FENCE, CSR accesses, MRET and WFI are translated but end the run when they are
//!   executed. Some words with unused fields that are not zero are taken too: see [`canonical`]. Stores do not change
//!   the program.
//! - Data memory is `0x0001_0000..2^40`, all of it readable and writable whatever the segments say, zero where the ELF
//!   has nothing. All registers are 0 at the start.
//! - Misaligned accesses trap.
//!
//! Where the executor goes on although no proof can follow, this machine traps: on an access below `0x0001_0000`
//! (registers of the zkVM are there), on a jump to an address that is not a multiple of four (the executor takes the word
//! that contains it), on a precompile's pointer that is not aligned, on numbers for which a precompile's chip has no valid row
//! (see its module `arithmetic`), and on a ninth word of the deferred proofs' digest.
//!
//! It goes on where the executor does with a precompile on memory that no load and no store has touched, although no proof
//! follows there: `splicing.rs` does not count what precompiles touch, so that its first value is nobody's.
//!
//! # Calls
//!
//! ECALL with the system call in t0 (its low 32 bits), arguments in a0 to a2; see [`SYSTEM_CALLS`]. After every call but
//! `HINT_LEN`, t0 holds the system call again, zero-extended; no other register changes.
//!
//! The whole input is one entry of the hint stream. File descriptor 13 is the public output, 1 and 2 are the guest's log.
//! Nothing here compares the committed digest with the public output, as the executor does not; a verifier does.

#[cfg(feature = "bigint")]
mod arithmetic;
mod calls;
mod precompiles;

use assay_isa::{Class, Isa, decode};
use assay_spec::TrapKind;
use assay_spec::platform::{SP1_MEMORY_END, SP1_MEMORY_START, SP1_SEGMENTS_START};

use crate::code::{Code, WORD_BYTES};
use crate::config::Config;
use crate::image::{Image, Permissions, Segment};
use crate::load::{self, LoadError, fill, initial_bytes, segment_mappings};
use crate::machine::Machine;
use crate::memory::{Memory, Misaligned, Region};
use crate::platform::{Host as AnyHost, Meaning};
use crate::word::Word;

pub(crate) use calls::{Host, system};
pub use calls::{LOG_FDS, OUTPUT_FD, SYSTEM_CALLS, SystemCall, SystemCallService};
pub use precompiles::{Curve, Field, Operation, Precompile};

/// Most instructions of a program (`sp1-core-executor` 6.10.0, `MAX_PROGRAM_SIZE`).
pub const PROGRAM_INSTRUCTIONS_MAX: u64 = 1 << 22;

/// Translates the program and fills memory.
pub(crate) fn load<'a, X: Word>(image: &Image, input: &[u8], config: &'a Config) -> Result<Machine<'a, X>, LoadError> {
    for segment in image.segments.iter().filter(|segment| segment.size > 0) {
        check_segment(segment)?;
    }
    load::sort(&mut segment_mappings(image))?;
    let (base, program) = translate(image)?;
    let entry = image.entry;
    if entry < base || !entry.is_multiple_of(WORD_BYTES) {
        return Err(LoadError::Sp1Entry { entry, base });
    }
    let everything = Region { first: SP1_MEMORY_START, last: SP1_MEMORY_END - 1, permissions: Permissions::RW };
    let mut memory = Memory::new(vec![everything], config.memory_limit_bytes, Misaligned::RefusedWhereMapped);
    fill(&mut memory, initial_bytes(&image.segments), config)?;
    let host = AnyHost::Sp1(Host::new(input));
    Ok(Machine::new(config, memory, Code::fixed(base, program), host, entry))
}

/// `Elf::process_load_segment`.
fn check_segment(segment: &Segment) -> Result<(), LoadError> {
    let &Segment { address, size, permissions, .. } = segment;
    if address < SP1_SEGMENTS_START || address.saturating_add(size) > SP1_MEMORY_END {
        return Err(LoadError::Sp1OutsideMemory { address, size });
    }
    if !permissions.read {
        return Err(LoadError::Sp1SegmentUnreadable { address });
    }
    if permissions.write && permissions.execute {
        return Err(LoadError::Sp1SegmentWritableCode { address });
    }
    if !address.is_multiple_of(WORD_BYTES) {
        return Err(LoadError::Sp1SegmentMisaligned { address });
    }
    Ok(())
}

/// The base and the words of the program.
fn translate(image: &Image) -> Result<(u64, Vec<u32>), LoadError> {
    let mut segments: Vec<_> =
        image.segments.iter().filter(|segment| segment.permissions.execute && segment.size > 0).collect();
    segments.sort_by_key(|segment| segment.address);
    let Some(base) = segments.first().map(|segment| segment.address) else {
        return Err(LoadError::Sp1NoCode);
    };
    let bytes: u64 = segments.iter().map(|segment| segment.bytes.len() as u64).sum();
    if bytes.div_ceil(WORD_BYTES) > PROGRAM_INSTRUCTIONS_MAX {
        return Err(LoadError::Sp1ProgramTooLong { instructions: bytes.div_ceil(WORD_BYTES) });
    }
    let mut program = Vec::new();
    for segment in segments {
        let end = base + program.len() as u64 * WORD_BYTES;
        if segment.address != end {
            return Err(LoadError::Sp1CodeGap { end, start: segment.address });
        }
        for chunk in segment.bytes.chunks(WORD_BYTES as usize) {
            let mut word = [0; 4];
            word[..chunk.len()].copy_from_slice(chunk);
            let word = u32::from_le_bytes(word);
            if let Meaning::Invalid(error) = meaning(word) {
                return Err(LoadError::Sp1Untranslatable {
                    address: base + program.len() as u64 * WORD_BYTES,
                    word,
                    reason: error.to_string(),
                });
            }
            program.push(word);
        }
    }
    if program.is_empty() {
        return Err(LoadError::Sp1NoCode);
    }
    Ok((base, program))
}

/// The word that SP1's decoder takes `word` for: it ignores the funct3 of JALR and the funct7 of SLLI, SLLIW, SLLW, DIVW,
/// REMW and REMUW (`rrs-succinct` 0.2.0, `process_instruction`).
pub fn canonical(word: u32) -> u32 {
    const FUNCT7: u32 = 0x7f << 25;
    match (word & 0x7f, word >> 12 & 7) {
        (0x67, _) => word & !(7 << 12),
        // The shift amount has six bits.
        (0x13, 1) => word & !(0x3f << 26),
        (0x1b | 0x3b, 1) => word & !FUNCT7,
        (0x3b, 4 | 6 | 7) => word & !FUNCT7 | 1 << 25,
        _ => word,
    }
}

/// What SP1 makes of a word.
#[inline]
pub(crate) fn meaning(word: u32) -> Meaning {
    const MRET: u32 = 0x3020_0073;
    const WFI: u32 = 0x1050_0073;
    const WHY: &str =
        "SP1 takes FENCE, CSR accesses, MRET and WFI into its program but does not implement them; leave them out";
    let word = canonical(word);
    match decode(word, Isa::RV64IM) {
        Ok(instruction) if instruction.opcode.entry().class == Class::Fence => {
            Meaning::Refused(TrapKind::UnsupportedInstruction, WHY)
        }
        Ok(instruction) => Meaning::Instruction(instruction),
        Err(_) if word == MRET || word == WFI || is_csr_access(word) => {
            Meaning::Refused(TrapKind::UnsupportedInstruction, WHY)
        }
        Err(error) => Meaning::Invalid(error),
    }
}

/// CSRRW, CSRRS, CSRRC and their immediate forms, whatever the register.
fn is_csr_access(word: u32) -> bool {
    word & 0x7f == 0x73 && !matches!(word >> 12 & 7, 0 | 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_the_decoder_takes_for_another_are_taken_for_it() {
        for (word, like) in [
            (0x0000_90e7, 0x0000_80e7),
            // slli with bit 30, and with a shift amount of 33
            (0x4010_9093, 0x0010_9093),
            (0x4210_9093, 0x0210_9093),
            // slliw, sllw; divw, remw, remuw with funct7 0
            (0x4010_909b, 0x0010_909b),
            (0x4020_90bb, 0x0020_90bb),
            (0x0020_c0bb, 0x0220_c0bb),
            (0x0020_e0bb, 0x0220_e0bb),
            (0x0020_f0bb, 0x0220_f0bb),
        ] {
            assert_eq!(meaning(word), meaning(like), "{word:#x}");
            assert!(matches!(meaning(word), Meaning::Instruction(_)), "{word:#x}");
        }
    }

    #[test]
    fn what_is_translated_but_not_implemented_is_told_from_what_is_no_instruction() {
        for word in [0x0ff0_000f, 0xc000_2573, 0xc000_1073, 0x3020_0073, 0x1050_0073] {
            assert!(matches!(meaning(word), Meaning::Refused(TrapKind::UnsupportedInstruction, _)), "{word:#x}");
        }
        // fence.i, sret, ecall with rd, zero
        for word in [0x0000_100f, 0x1020_0073, 0x0000_00f3, 0] {
            assert!(matches!(meaning(word), Meaning::Invalid(_)), "{word:#x}");
        }
    }
}
