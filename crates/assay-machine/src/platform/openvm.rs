//! The `openvm` platform: what OpenVM 2.0.2's executor does with an rv32im guest.
//!
//! Modelled on the sources of `openvm-transpiler`, `openvm-rv32im-transpiler`, `openvm-rv32im-circuit` and
//! `openvm-circuit` 2.0.2, so that the very same ELF runs here and there:
//!
//! - The program is translated once, from the initial words of the executable segments, which must join without gaps.
//!   Every word must be an instruction, executed or not. Stores do not change the program.
//! - Data memory is 2^24 bytes (as Assay configures OpenVM), all zero but for the segments, all readable and writable,
//!   code and address 0 too. All registers are 0 at the start.
//! - Some words with unused fields that are not zero are taken too: see [`assay_isa::openvm::canonical`].
//! - `csrrw x0, …, x0` (`unimp` is one) and FENCE do nothing; every other SYSTEM word, ECALL and EBREAK among them,
//!   ends the guest with exit code 2. All of these count as instructions; so does `terminate`.
//! - The whole input is one vector: the first `hint_input` fills the hint stream with its length (4 bytes) and its bytes,
//!   padded with zeros to a multiple of 4; a second one fails.
//! - The output is all 256 bytes of public values, zero where nothing was revealed.
//!
//! Where the executor goes on although no proof can follow, this machine traps: on a misaligned access (the pure
//! interpreter rounds the address down), and on a jump to an address that is not a multiple of 4 (it executes the word
//! that contains it). `hint_random` is not modelled, for its bytes are the executor's own.

use std::collections::VecDeque;

use assay_isa::{Instruction, Isa, Opcode, decode};
use assay_spec::TrapKind;
use assay_spec::platform::{OPENVM_MEMORY_BYTES, OPENVM_PUBLIC_VALUES_BYTES};
use assay_spec::trace::AccessKind;

use crate::code::{Code, WORD_BYTES};
use crate::config::{Config, LOG_BYTES_MAX};
use crate::image::{Image, Permissions, Segment};
use crate::load::{self, LoadError, fill, initial_bytes, segment_mappings};
use crate::machine::Machine;
use crate::memory::{Memory, Misaligned, Refusal, Region};
use crate::observer::{Access, MemoryAccess};
use crate::outcome::End;
use crate::platform::{Host as AnyHost, Meaning};
use crate::word::Word;

/// The exit code of a SYSTEM word that is not implemented (`openvm_transpiler::util::unimp`).
pub(crate) const UNIMPLEMENTED_EXIT_CODE: u32 = 2;
/// Most words of one `hint_buffer` (`openvm_rv32im_guest::MAX_HINT_BUFFER_WORDS`).
const HINT_BUFFER_WORDS_MAX: u64 = 1023;
/// End of the addresses that an ELF may name (`openvm_platform::memory::MEM_SIZE`).
const ELF_ADDRESS_END: u64 = 1 << 29;

/// The platform's side of a run.
pub(crate) struct Host {
    /// The one input vector, until `hint_input` takes it.
    input: Option<Vec<u8>>,
    hints: VecDeque<u8>,
}

pub(crate) fn initial_output() -> Vec<u8> {
    vec![0; OPENVM_PUBLIC_VALUES_BYTES]
}

/// Translates the program and fills memory.
pub(crate) fn load<'a, X: Word>(image: &Image, input: &[u8], config: &'a Config) -> Result<Machine<'a, X>, LoadError> {
    let entry = image.entry;
    if entry >= ELF_ADDRESS_END || !entry.is_multiple_of(WORD_BYTES) {
        return Err(LoadError::OpenVmEntry { entry });
    }
    for segment in &image.segments {
        check_segment(segment)?;
    }
    load::sort(&mut segment_mappings(image))?;
    let code = translate(image)?;
    let everything = Region { first: 0, last: OPENVM_MEMORY_BYTES - 1, permissions: Permissions::RW };
    let mut memory = Memory::new(vec![everything], config.memory_limit_bytes, Misaligned::Refused);
    fill(&mut memory, initial_bytes(&image.segments), config)?;
    let host = AnyHost::OpenVm(Host { input: Some(input.to_vec()), hints: VecDeque::new() });
    Ok(Machine::new(config, memory, code, host, entry))
}

fn check_segment(segment: &Segment) -> Result<(), LoadError> {
    let &Segment { address, size, .. } = segment;
    if !address.is_multiple_of(WORD_BYTES) {
        return Err(LoadError::OpenVmSegmentMisaligned { address });
    }
    if size > 0 && address.saturating_add(size) > OPENVM_MEMORY_BYTES {
        return Err(LoadError::OpenVmOutsideMemory { address, size, memory_bytes: OPENVM_MEMORY_BYTES });
    }
    Ok(())
}

/// The program: initial words of all executable segments, one after the other (`openvm_transpiler::elf`).
fn translate(image: &Image) -> Result<Code, LoadError> {
    let mut segments: Vec<_> = image.segments.iter().filter(|segment| segment.permissions.execute).collect();
    segments.sort_by_key(|segment| segment.address);
    for pair in segments.windows(2) {
        let end = pair[0].address + pair[0].size;
        let start = pair[1].address;
        if start != end {
            return Err(LoadError::OpenVmCodeGap { end, start });
        }
    }
    let program: Vec<u32> = segments
        .iter()
        .flat_map(|segment| segment.bytes.chunks(4))
        .map(|chunk| {
            let mut word = [0; 4];
            word[..chunk.len()].copy_from_slice(chunk);
            u32::from_le_bytes(word)
        })
        .collect();
    let base = match segments.first() {
        Some(segment) if !program.is_empty() => segment.address,
        _ => return Err(LoadError::OpenVmNoCode),
    };
    for (index, &word) in (0..).zip(&program) {
        if let Meaning::Invalid(error) = meaning(word) {
            return Err(LoadError::OpenVmUntranslatable {
                address: base + index * WORD_BYTES,
                word,
                reason: error.to_string(),
            });
        }
    }
    Ok(Code::fixed(base, program))
}

/// What OpenVM's transpiler makes of a word.
#[inline]
pub(crate) fn meaning(word: u32) -> Meaning {
    const SYSTEM: u32 = 0x73;
    /// `csrrw x0, …, x0`: funct3, rs1 and rd.
    const CSR_RESET_MASK: u32 = 0x000f_ff80;
    const CSR_RESET: u32 = 0x0000_1000;
    let word = assay_isa::openvm::canonical(word);
    match decode(word, Isa::RV32IM_OPENVM) {
        Ok(instruction) => Meaning::Instruction(instruction),
        Err(_) if word & 0x7f == SYSTEM && word & CSR_RESET_MASK == CSR_RESET => Meaning::Nop,
        Err(_) if word & 0x7f == SYSTEM => Meaning::Terminate,
        Err(error) => Meaning::Invalid(error),
    }
}

/// Executes the vendor instruction at pc.
pub(crate) fn call<X: Word>(machine: &mut Machine<'_, X>, instruction: Instruction) -> Result<(), End> {
    let first = machine.register(instruction.rd);
    let second = machine.register(instruction.rs1);
    match instruction.opcode {
        Opcode::OpenVmTerminate => return Err(machine.halt(instruction.imm as u32)),
        Opcode::OpenVmHintInput => hint_input(machine)?,
        Opcode::OpenVmHintStorew => hint_store(machine, first, 1)?,
        Opcode::OpenVmHintBuffer => hint_store(machine, first, second)?,
        Opcode::OpenVmReveal => {
            let offset = (first as u32).wrapping_add(instruction.imm as u32);
            reveal(machine, u64::from(offset), second as u32)?;
        }
        Opcode::OpenVmPrintStr => print_str(machine, first, second)?,
        _ => {
            return Err(machine.unsupported(
                "hint_random gives bytes of OpenVM's own random generator, which is not modelled; pass randomness as input",
            ));
        }
    }
    machine.retire();
    Ok(())
}

fn host<'m, X>(machine: &'m mut Machine<'_, X>) -> &'m mut Host {
    match &mut machine.host {
        AnyHost::OpenVm(host) => host,
        _ => unreachable!("an openvm machine has an openvm host"),
    }
}

fn hint_input<X: Word>(machine: &mut Machine<'_, X>) -> Result<(), End> {
    let host = host(machine);
    let Some(input) = host.input.take() else {
        let message =
            "hint_input found no input left: the whole input is one vector, and it was taken before; read it once";
        return Err(machine.trap(TrapKind::InputExhausted, None, message.to_owned()));
    };
    host.hints.clear();
    host.hints.extend((input.len() as u32).to_le_bytes());
    let padding = input.len().next_multiple_of(4) - input.len();
    host.hints.extend(input);
    host.hints.extend(std::iter::repeat_n(0, padding));
    Ok(())
}

fn hint_store<X: Word>(machine: &mut Machine<'_, X>, address: u64, words: u64) -> Result<(), End> {
    if words == 0 || words > HINT_BUFFER_WORDS_MAX {
        let message =
            format!("hint_buffer was asked for {words} words; it takes 1 to {HINT_BUFFER_WORDS_MAX} at a time");
        return Err(machine.trap(TrapKind::BadCallArgument, None, message));
    }
    let size = words * WORD_BYTES;
    let hints = &mut host(machine).hints;
    if (hints.len() as u64) < size {
        let message = format!(
            "the guest asked for {size} bytes of hints, but {} are left; read no more than the length that hint_input gives",
            hints.len()
        );
        return Err(machine.trap(TrapKind::InputExhausted, None, message));
    }
    let bytes: Vec<u8> = hints.drain(..size as usize).collect();
    if !address.is_multiple_of(WORD_BYTES) {
        return Err(machine.refused(address, Refusal::Misaligned));
    }
    if address + size > OPENVM_MEMORY_BYTES {
        return Err(machine.refused(address, Refusal::Store));
    }
    for (address, word) in (address..).step_by(4).zip(bytes.chunks_exact(4)) {
        let before = machine.memory.peek(address, 4);
        machine.memory.copy_in(address, word).map_err(|refusal| machine.refused(address, refusal))?;
        let after = machine.memory.peek(address, 4);
        machine.note(|| Access::Memory(MemoryAccess { kind: AccessKind::Write, address, size: 4, before, after }));
    }
    Ok(())
}

fn reveal<X: Word>(machine: &mut Machine<'_, X>, offset: u64, value: u32) -> Result<(), End> {
    if !offset.is_multiple_of(WORD_BYTES) {
        return Err(machine.refused(offset, Refusal::Misaligned));
    }
    let Some(place) = machine.output.get_mut(offset as usize..).and_then(<[u8]>::first_chunk_mut) else {
        let message = format!(
            "reveal at offset {offset:#x} is outside of the {OPENVM_PUBLIC_VALUES_BYTES} bytes of public values; reveal less"
        );
        return Err(machine.trap(TrapKind::BadCallArgument, Some(offset), message));
    };
    *place = value.to_le_bytes();
    machine.note(|| Access::Output { offset, size: 4, value: Some(u64::from(value)) });
    Ok(())
}

fn print_str<X: Word>(machine: &mut Machine<'_, X>, address: u64, size: u64) -> Result<(), End> {
    if size > 0 && address + size > OPENVM_MEMORY_BYTES {
        return Err(machine.refused(address, Refusal::Load));
    }
    let mut bytes = vec![0; size as usize];
    machine.memory.copy_out(address, &mut bytes);
    if std::str::from_utf8(&bytes).is_err() {
        let message =
            format!("print_str was given {size} bytes at {address:#x} that are not UTF-8; OpenVM prints text only");
        return Err(machine.trap(TrapKind::BadCallArgument, Some(address), message));
    }
    let kept = bytes.len().min(LOG_BYTES_MAX - machine.log.len());
    machine.log.extend_from_slice(&bytes[..kept]);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn system_words_terminate_but_for_a_csr_reset() {
        let unimp = 0xc000_1073;
        assert_eq!(meaning(unimp), Meaning::Nop);
        let (mret, csrr_cycle) = (0x3020_0073, 0xc000_2573);
        assert_eq!(meaning(mret), Meaning::Terminate);
        assert_eq!(meaning(csrr_cycle), Meaning::Terminate);
        let csrrw_to_a0 = 0xc000_1573;
        assert_eq!(meaning(csrrw_to_a0), Meaning::Terminate);
        assert!(matches!(meaning(0), Meaning::Invalid(_)));
        let fence_i = 0x0000_100f;
        assert!(matches!(meaning(fence_i), Meaning::Invalid(_)));
    }

    #[test]
    fn words_that_the_transpiler_takes_for_another_are_taken_for_it() {
        for (word, like) in
            [(0x0000_70e7, 0x0000_00e7), (0x4010_9093, 0x0010_9093), (0x0010_8f8b & !(7 << 12), 0x0010_000b)]
        {
            assert_eq!(meaning(word), meaning(like), "{word:#x}");
            assert!(matches!(meaning(word), Meaning::Instruction(_)), "{word:#x}");
        }
    }
}
