//! The `risc0` platform: what RISC Zero 3.0's executor does with an rv32im guest under the v1compat kernel.
//!
//! Modelled on the sources of `risc0-circuit-rv32im` 4.0.5 (`execute/rv32im.rs`, `execute/r0vm.rs`), of the kernel
//! `risc0-zkos-v1compat` 2.2.3 (`kernel.s`, `main.rs`), of `risc0-binfmt` 3.0.5 and of the host calls of `risc0-zkvm` 3.0.6
//! (`host/server/exec/syscall`), so that the very same ELF runs here and there. The kernel's own instructions are not
//! executed here and do not count: a call is one instruction.
//!
//! - User memory is `0x0001_0000..0xc000_0000`, all of it readable and writable, code too, zero where the ELF has nothing.
//!   Its first word holds the entry point. All registers are 0 at the start.
//! - Segments begin at multiples of four below the kernel. (The loader lets a later one overwrite an earlier one; here
//!   segments that overlap are refused.)
//! - Misaligned accesses and jumps trap. No trap has a handler, so each ends the run.
//! - FENCE, CSR accesses and MRET are illegal instructions; EBREAK ends the run. Some words with unused fields that are
//!   not zero are taken too: see [`canonical`].
//! - Executable segments are code, and stores to them change it at once. The zkVM executes any word of user memory;
//!   outside of executable segments this machine traps where the word is no instruction, and else does not go on.
//! - What reaches into the kernel's memory where the zkVM lets it is not modelled either.
//!
//! # Calls
//!
//! ECALL with the service in t0; see [`SERVICES`]. A call changes no register but those that it returns values in.
//!
//! | service | arguments | returns |
//! |---|---|---|
//! | halt | a0: `type \| exit code << 8`, of which both types end the run; a1: the output digest | |
//! | input | a0: index of a word of the input digest, which is zero here | a0 |
//! | software | a2: name of the system call; t6: its number; others by call | a0, by call |
//! | sha | a0: state out; a1: state in; a2, a3: halves of the first block; a4: blocks | |
//! | bigint | a0: product; a1: 0; a2, a3: factors; a4: modulus, of 256 bits each | |
//! | bigint2 | a0: blob; t1, t2, t3: the parts of it; sp, a1 to a6: as its program says | |
//!
//! System calls by name are in [`SYSTEM_CALLS`]. The whole input is what file descriptor 0 reads, the journal is file
//! descriptor 3, and 1 and 2 are the guest's log.

mod bibc;
mod bigint;
mod sha;
mod software;

use assay_isa::{Class, Instruction, Isa, Opcode, decode};
use assay_spec::TrapKind;
use assay_spec::platform::{RISC0_USER_END, RISC0_USER_START};

use crate::code::{Code, WORD_BYTES};
use crate::config::Config;
use crate::image::{Image, Permissions};
use crate::load::{self, LoadError, fill, initial_bytes, segment_mappings};
use crate::machine::Machine;
use crate::memory::{Memory, Misaligned, Region};
use crate::observer::Access;
use crate::outcome::End;
use crate::platform::{Host as AnyHost, Meaning};
use crate::word::Word;

pub use software::{JOURNAL_FD, LOG_FDS, SYSTEM_CALLS, SystemCall, SystemCallService};

/// One service of the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    /// What t0 holds.
    pub number: u64,
    /// What the sources call it.
    pub name: &'static str,
    /// Whether this machine has it; the others end the run as unsupported.
    pub supported: bool,
}

/// Every service of the kernel (`risc0-zkvm-platform` 2.2.3, `syscall::ecall`). The kernel itself refuses `user`.
pub const SERVICES: &[Service] = &[
    Service { number: HALT, name: "halt", supported: true },
    Service { number: INPUT, name: "input", supported: true },
    Service { number: SOFTWARE, name: "software", supported: true },
    Service { number: SHA, name: "sha", supported: true },
    Service { number: BIGINT, name: "bigint", supported: true },
    Service { number: BIGINT2, name: "bigint2", supported: true },
    Service { number: 7, name: "poseidon2", supported: false },
];

const HALT: u64 = 0;
const INPUT: u64 = 1;
const SOFTWARE: u64 = 2;
const SHA: u64 = 3;
const BIGINT: u64 = 4;
const BIGINT2: u64 = 6;

const T0: u8 = 5;
const A0: u8 = 10;
const A1: u8 = 11;
const A2: u8 = 12;
const A3: u8 = 13;
const A4: u8 = 14;
const A5: u8 = 15;
const T6: u8 = 31;

/// `TERMINATE` and `PAUSE` (`risc0-zkvm-platform` 2.2.3, `syscall::halt`). Nobody resumes a paused guest here.
const HALT_TYPES: [u64; 2] = [0, 1];
/// Words of a digest.
const DIGEST_WORDS: u64 = 8;
/// Bytes of a digest.
const DIGEST_BYTES: u64 = DIGEST_WORDS * WORD_BYTES;

/// The platform's side of a run.
pub(crate) struct Host {
    input: Vec<u8>,
    /// Bytes of the input that were read.
    taken: usize,
    /// The state of the random numbers.
    random: u64,
}

impl Host {
    /// `SplitMix64` (Steele, Lea, Flood 2014).
    fn next_random(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.random ^ self.random >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }
}

/// Maps and fills memory.
pub(crate) fn load<'a, X: Word>(image: &Image, input: &[u8], config: &'a Config) -> Result<Machine<'a, X>, LoadError> {
    let entry = image.entry;
    if entry >= RISC0_USER_END || !entry.is_multiple_of(WORD_BYTES) {
        return Err(LoadError::Risc0Entry { entry });
    }
    for segment in image.segments.iter().filter(|segment| segment.size > 0) {
        let (address, size) = (segment.address, segment.size);
        if !address.is_multiple_of(WORD_BYTES) {
            return Err(LoadError::Risc0SegmentMisaligned { address });
        }
        if address.saturating_add(size) > RISC0_USER_END {
            return Err(LoadError::Risc0OutsideMemory { address, size });
        }
    }
    let mut mappings = segment_mappings(image);
    load::sort(&mut mappings)?;
    let code = mappings.iter().map(|mapping| mapping.region).filter(|region| region.permissions.execute);
    let mut memory = Memory::new(user_memory(code), config.memory_limit_bytes, Misaligned::RefusedWhereMapped);
    let entry_word = (entry as u32).to_le_bytes();
    let pieces = initial_bytes(&image.segments).chain([(RISC0_USER_START, entry_word.as_slice())]);
    fill(&mut memory, pieces, config)?;
    let code = Code::in_memory(&memory);
    let host = AnyHost::Risc0(Host { input: input.to_vec(), taken: 0, random: 0 });
    Ok(Machine::new(config, memory, code, host, entry))
}

/// User memory, with what is executable in `code`: sorted regions without overlap.
fn user_memory(code: impl Iterator<Item = Region>) -> Vec<Region> {
    let mut regions = Vec::new();
    let mut free = RISC0_USER_START;
    let data = |first, last| Region { first, last, permissions: Permissions::RW };
    for region in code.filter(|region| region.last >= RISC0_USER_START) {
        let first = region.first.max(RISC0_USER_START);
        if free < first {
            regions.push(data(free, first - 1));
        }
        regions.push(Region { first, last: region.last, permissions: Permissions::RWX });
        free = region.last + 1;
    }
    if free < RISC0_USER_END {
        regions.push(data(free, RISC0_USER_END - 1));
    }
    regions
}

/// The word that RISC Zero's decoder takes `word` for: it ignores the funct3 of JALR and both register fields of ECALL
/// and EBREAK (`risc0-circuit-rv32im` 4.0.5, `Emulator::exec_rv32im`).
pub fn canonical(word: u32) -> u32 {
    const RD: u32 = 0x1f << 7;
    const RS1: u32 = 0x1f << 15;
    match (word & 0x7f, word >> 12 & 7, word >> 20) {
        (0x67, ..) => word & !(7 << 12),
        (0x73, 0, 0 | 1) => word & !(RD | RS1),
        _ => word,
    }
}

/// What the zkVM makes of a word.
#[inline]
pub(crate) fn meaning(word: u32) -> Meaning {
    match decode(canonical(word), Isa::RV32IM) {
        Ok(instruction) if instruction.opcode.entry().class == Class::Fence => Meaning::Refused(
            TrapKind::IllegalInstruction,
            "RISC Zero has no FENCE: it is an illegal instruction there; leave it out, for there is one hart",
        ),
        Ok(instruction) => Meaning::Instruction(instruction),
        Err(error) => Meaning::Invalid(error),
    }
}

/// The end of a guest that jumped to `pc`, which is in no executable segment.
pub(crate) fn fetched_outside<X: Word>(machine: &Machine<'_, X>) -> Option<End> {
    let pc = machine.pc;
    if !(RISC0_USER_START..RISC0_USER_END).contains(&pc) {
        return None;
    }
    let word = machine.memory.peek(pc, 4) as u32;
    if let Meaning::Instruction(_) = meaning(word) {
        return Some(machine.unsupported(
            "execution left the executable segments; RISC Zero executes whatever is in user memory, but this machine only what lies in them",
        ));
    }
    let message = format!(
        "execution left the executable segments at {pc:#x}, where the word {word:#010x} is no instruction; end the guest with halt"
    );
    Some(machine.trap(TrapKind::IllegalInstruction, None, message))
}

/// Executes the ECALL or EBREAK at pc.
pub(crate) fn system<X: Word>(machine: &mut Machine<'_, X>, instruction: Instruction) -> Result<(), End> {
    if instruction.opcode != Opcode::Ecall {
        let message = "the guest executed EBREAK, for which RISC Zero's kernel has no handler, so this ends it";
        return Err(machine.trap(TrapKind::Breakpoint, None, message.to_owned()));
    }
    let number = machine.argument(T0);
    let arguments = [A0, A1, A2].map(|register| machine.argument(register));
    machine.note(|| Access::Call { selector: number, arguments });
    let [a0, a1, _] = arguments;
    match number {
        HALT => return Err(halt(machine, a0, a1)),
        INPUT => read_input_digest(machine, a0)?,
        SOFTWARE => software::call(machine)?,
        SHA => sha::call(machine)?,
        BIGINT => bigint::multiply(machine)?,
        BIGINT2 => bigint::call(machine)?,
        _ => return Err(unknown(machine, number)),
    }
    machine.retire();
    Ok(())
}

fn unknown<X: Word>(machine: &Machine<'_, X>, number: u64) -> End {
    if let Some(service) = SERVICES.iter().find(|service| service.number == number) {
        return machine.unsupported(&format!(
            "RISC Zero's accelerator {} (t0 = {number}) is not implemented in this version; compute it in the guest",
            service.name
        ));
    }
    let known: Vec<_> = SERVICES.iter().map(|service| format!("{} {}", service.number, service.name)).collect();
    let message = format!("t0 = {number:#x} is no service of RISC Zero's kernel; services are {}", known.join(", "));
    machine.trap(TrapKind::UnknownCall, None, message)
}

/// The kernel loads the eight words of the output digest, which must be mapped, and terminates.
fn halt<X: Word>(machine: &mut Machine<'_, X>, a0: u64, digest: u64) -> End {
    let halt_type = a0 & 0xff;
    if !HALT_TYPES.contains(&halt_type) {
        let message =
            format!("halt was given type {halt_type} in the low byte of a0; it takes 0 (terminate) or 1 (pause)");
        return machine.trap(TrapKind::BadCallArgument, None, message);
    }
    if !digest.is_multiple_of(WORD_BYTES) || digest < RISC0_USER_START || digest + DIGEST_BYTES > 1 << 32 {
        let message = format!(
            "halt was given the output digest at {digest:#x}; pass a pointer to eight words, aligned, at or above {RISC0_USER_START:#x}"
        );
        return machine.trap(TrapKind::BadCallArgument, Some(digest), message);
    }
    machine.halt((a0 >> 8 & 0xff) as u32)
}

/// The input digest is zero: nothing here sets one. The kernel compares the index as a signed number.
fn read_input_digest<X: Word>(machine: &mut Machine<'_, X>, index: u64) -> Result<(), End> {
    if index as u32 as i32 <= -1 {
        return Err(
            machine.unsupported(&format!("input was asked for word {index:#x}, which is in the kernel's memory"))
        );
    }
    if index >= DIGEST_WORDS {
        let message = format!("input was asked for word {index} of the input digest, which has {DIGEST_WORDS}");
        return Err(machine.trap(TrapKind::BadCallArgument, None, message));
    }
    machine.return_in(A0, X::default());
    Ok(())
}

fn host<'m, X>(machine: &'m mut Machine<'_, X>) -> &'m mut Host {
    match &mut machine.host {
        AnyHost::Risc0(host) => host,
        _ => unreachable!("a risc0 machine has a risc0 host"),
    }
}

/// Whether all of `size` bytes at `address` are user memory; true of no bytes.
fn in_user_memory(address: u64, size: u64) -> bool {
    size == 0 || address >= RISC0_USER_START && !reaches_kernel(address, size)
}

/// Whether some of `size` bytes at `address` are the kernel's.
fn reaches_kernel(address: u64, size: u64) -> bool {
    size > 0 && address.saturating_add(size) > RISC0_USER_END
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_the_decoder_takes_for_another_are_taken_for_it() {
        for (word, like) in [(0x0000_90e7, 0x0000_80e7), (0x0000_00f3, 0x0000_0073), (0x0010_8073, 0x0010_0073)] {
            assert_eq!(meaning(word), meaning(like), "{word:#x}");
            assert!(matches!(meaning(word), Meaning::Instruction(_)), "{word:#x}");
        }
        // wfi, mret, a CSR read, slli with bit 30
        for word in [0x1050_0073, 0x3020_0073, 0xc000_2573, 0x4010_9093] {
            assert!(matches!(meaning(word), Meaning::Invalid(_)), "{word:#x}");
        }
        assert!(matches!(meaning(0x0ff0_000f), Meaning::Refused(TrapKind::IllegalInstruction, _)));
    }

    #[test]
    fn user_memory_is_whole_whatever_code_is_in_it() {
        let code = |first, last| Region { first, last, permissions: Permissions::RX };
        for given in [
            vec![],
            vec![code(RISC0_USER_START, 0x1_0fff)],
            vec![code(0x8000, 0x1_0fff), code(0x1_1000, 0x1_1003), code(0xbfff_fffc, RISC0_USER_END - 1)],
            vec![code(0, 0xff)],
        ] {
            let regions = user_memory(given.into_iter());
            assert_eq!(regions.first().map(|region| region.first), Some(RISC0_USER_START));
            assert_eq!(regions.last().map(|region| region.last), Some(RISC0_USER_END - 1));
            assert!(regions.windows(2).all(|pair| pair[0].last + 1 == pair[1].first));
            assert!(regions.iter().all(|region| region.permissions.read && region.permissions.write));
        }
    }
}
