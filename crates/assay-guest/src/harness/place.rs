//! From a kept ELF back to the guest that a harness made: nothing is assembled anew.
//!
//! Assembling the sequence again would give another guest as soon as the harness changes. The ELF is what ran; where its
//! sequence stands is kept beside it, and what is not where a harness has it is refused.

use std::ops::Range;

use assay_spec::{Platform, Register, SequencePlace, Word};

use super::{BODY_INSTRUCTIONS_MAX, DEFAULT_SCRATCH, HarnessLayout, PAD_INSTRUCTIONS, code};
use crate::{elf::ElfSegment, guest::Guest, platform::PlatformFacts};

/// Why a guest is none that a harness made with its sequence at that place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaceError {
    /// It is a program of this machine.
    #[error("{guest} is no guest for a hart and has no sequence")]
    NoHart {
        /// The guest.
        guest: String,
    },
    /// No instructions, half ones, or too many.
    #[error("{start} to {end} is not the place of 1 to {BODY_INSTRUCTIONS_MAX} instructions")]
    NoPlace {
        /// Address of the first instruction.
        start: Word,
        /// Address behind the last one.
        end: Word,
    },
    /// x0 cannot hold an address.
    #[error("x0 is always 0 and cannot be the scratch register of a harness")]
    ScratchIsZero,
    /// The guest's code is elsewhere, or shorter.
    #[error("{start} to {end} and the pads around it are not in the code of {guest}")]
    OutsideOfCode {
        /// The guest.
        guest: String,
        /// Address of the first instruction.
        start: Word,
        /// Address behind the last one.
        end: Word,
    },
    /// No pad where a harness of that platform has one.
    #[error(
        "{guest} was not made of an instruction sequence at that place for platform {platform}: no nop at {address}"
    )]
    NoPad {
        /// The guest.
        guest: String,
        /// Its platform.
        platform: Platform,
        /// The first address without a nop.
        address: Word,
    },
}

impl Guest {
    /// This guest with the layout of the harness that made it, by which its output is read as registers.
    pub fn with_sequence(self, place: &SequencePlace) -> Result<Self, PlaceError> {
        let (Some(program), Some(facts)) = (&self.program, PlatformFacts::find(self.platform)) else {
            return Err(PlaceError::NoHart { guest: self.name });
        };
        let (start, end) = (place.start.0, place.end.0);
        let instructions = end.checked_sub(start).filter(|bytes| bytes.is_multiple_of(4)).map(|bytes| bytes / 4);
        if !start.is_multiple_of(4)
            || !instructions.is_some_and(|count| (1..=BODY_INSTRUCTIONS_MAX as u64).contains(&count))
        {
            return Err(PlaceError::NoPlace { start: place.start, end: place.end });
        }
        let scratch = place.scratch.or(Register::new(DEFAULT_SCRATCH)).filter(|scratch| scratch.index() != 0);
        let scratch = scratch.ok_or(PlaceError::ScratchIsZero)?;
        let outside = || PlaceError::OutsideOfCode { guest: self.name.clone(), start: place.start, end: place.end };
        let padded = padded(start..end, facts.front_pad).ok_or_else(outside)?;
        let code = program.parsed.segments.iter().filter(|segment| segment.flags.execute).map(ElfSegment::range);
        let text = code.into_iter().find(|code| code.contains(&padded.start) && padded.end <= code.end);
        let text = text.filter(|text| text.start == program.parsed.entry).ok_or_else(outside)?;
        for address in (padded.start..start).chain(end..padded.end).step_by(4) {
            if program.parsed.read_word(address) != Some(code::NOP) {
                let platform = self.platform;
                return Err(PlaceError::NoPad { guest: self.name, platform, address: Word(address) });
            }
        }
        let layout = HarnessLayout {
            platform: self.platform,
            xlen: program.isa.xlen,
            text_start: text.start,
            body_start: start,
            body_end: end,
            epilogue_start: padded.end,
            text_end: text.end,
            scratch,
        };
        Ok(Self { harness: Some(layout), ..self })
    }
}

/// The sequence with the nops on both sides; `None` if that is no range of addresses.
fn padded(body: Range<u64>, front_pad: usize) -> Option<Range<u64>> {
    Some(body.start.checked_sub(4 * front_pad as u64)?..body.end.checked_add(4 * PAD_INSTRUCTIONS as u64)?)
}

#[cfg(test)]
mod tests {
    use assay_isa::Isa;

    use super::*;
    use crate::harness::Harness;

    fn made(platform: Platform) -> (Guest, SequencePlace) {
        let isa = PlatformFacts::of(platform).isas[0];
        let harness = Harness {
            registers: [(Register::new(9).unwrap(), Word(0x1234))].into_iter().collect(),
            scratch: Register::new(4).unwrap(),
            ..Harness::new(platform, isa, vec![0x0012_8293; 5])
        };
        let guest = harness.build("asm").unwrap();
        let layout = guest.harness.clone().unwrap();
        let place =
            SequencePlace { start: Word(layout.body_start), end: Word(layout.body_end), scratch: Some(layout.scratch) };
        (guest, place)
    }

    fn read_back(guest: &Guest) -> Guest {
        let isa = guest.isa().unwrap();
        Guest::from_elf_with_isa("asm", guest.elf.clone(), guest.platform, isa).unwrap()
    }

    #[test]
    fn a_kept_guest_is_the_one_that_the_harness_made() {
        for platform in Platform::ALL {
            let (guest, place) = made(platform);
            assert_eq!(read_back(&guest).with_sequence(&place).unwrap(), guest, "{platform}");
        }
    }

    #[test]
    fn a_place_that_no_harness_has_is_refused() {
        let (guest, place) = made(Platform::Risc0);
        let refused = |start: u64, end: u64| {
            let place = SequencePlace { start: Word(start), end: Word(end), ..place };
            read_back(&guest).with_sequence(&place).unwrap_err()
        };
        let (start, end) = (place.start.0, place.end.0);
        for (start, end) in [(start, start), (end, start), (start, end + 2), (start + 2, end + 2)] {
            assert!(matches!(refused(start, end), PlaceError::NoPlace { .. }));
        }
        assert!(matches!(refused(start, start + (1 << 40)), PlaceError::NoPlace { .. }));
        for (start, end) in [(0, 4), (u64::MAX - 7, u64::MAX - 3), (end + 0x1_0000, end + 0x1_0004)] {
            assert!(matches!(refused(start, end), PlaceError::OutsideOfCode { .. }), "{start:#x}");
        }
        for (start, end) in [(start + 4, end), (start, end - 4)] {
            assert!(matches!(refused(start, end), PlaceError::NoPad { .. }));
        }
        let x0 = SequencePlace { scratch: Register::new(0), ..place };
        assert_eq!(read_back(&guest).with_sequence(&x0).unwrap_err(), PlaceError::ScratchIsZero);
        let native = Guest::native("n", guest.elf.clone()).with_sequence(&place).unwrap_err();
        assert!(matches!(native, PlaceError::NoHart { .. }));
    }

    #[test]
    fn a_log_that_does_not_say_the_scratch_register_means_the_default() {
        let guest = Harness::new(Platform::Standard, Isa::RV32IM, vec![0x13]).build("asm").unwrap();
        let layout = guest.harness.clone().unwrap();
        let place = SequencePlace { start: Word(layout.body_start), end: Word(layout.body_end), scratch: None };
        assert_eq!(read_back(&guest).with_sequence(&place).unwrap(), guest);
    }
}
