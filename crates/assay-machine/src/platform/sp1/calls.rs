//! SP1's system calls.
//!
//! What each does to memory and registers is what the minimal executor does (`sp1-core-executor` 6.10.0,
//! `minimal/ecall.rs` and beside it). What makes it panic is a trap here.

use std::collections::VecDeque;

use assay_isa::{Instruction, Opcode};
use assay_spec::TrapKind;
use assay_spec::platform::{SP1_MEMORY_END, SP1_MEMORY_START};

use super::precompiles::{Curve, Field, Operation, Precompile, compute};
use crate::keccak;
use crate::machine::Machine;
use crate::observer::Access;
use crate::outcome::End;
use crate::platform::Host as AnyHost;
use crate::sha256;
use crate::word::Word;

/// The file descriptor of the public output (`FD_PUBLIC_VALUES`).
pub const OUTPUT_FD: u64 = 13;
/// The file descriptors of the guest's log.
pub const LOG_FDS: [u64; 2] = [1, 2];
/// The file descriptor that puts an entry in front of the hint stream (`FD_HINT`).
const HINT_FD: u32 = 14;
/// The file descriptors of SP1's hooks, which compute hints on the host (`FD_ECRECOVER_HOOK` to `FD_FP_INV`).
const HOOK_FDS: std::ops::RangeInclusive<u32> = 15..=21;

/// Most bytes that a guest may have in the hint stream beside the input.
const HINT_BYTES_MAX: u64 = 64 << 20;
/// Most entries that a guest may put into the hint stream.
const HINTS_MAX: usize = 1 << 16;

/// Words of a digest.
const DIGEST_WORDS: u64 = 8;
/// Words of a message schedule.
const SCHEDULE_WORDS: u64 = 64;
/// Precompiles keep each 32-bit word in one of these many bytes.
const CELL_BYTES: u64 = 8;

const T0: u8 = 5;
const A0: u8 = 10;
const A1: u8 = 11;
const A2: u8 = 12;

/// One system call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SystemCall {
    /// What the low 32 bits of t0 hold.
    pub number: u32,
    /// What SP1 calls it.
    pub name: &'static str,
    /// What the machine does.
    pub service: SystemCallService,
}

/// What the machine does for a system call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SystemCallService {
    /// Ends the guest with exit code a0.
    Halt,
    /// Writes a2 bytes at a1 to file descriptor a0.
    Write,
    /// Sets word a0 of the digest of the public values to a1. The output does not depend on it.
    Commit,
    /// Sets word a0 of the digest of deferred proofs. The output does not depend on it.
    CommitDeferred,
    /// Sets t0 to the length of the first entry of the hint stream, `u64::MAX` if there is none.
    HintLength,
    /// Moves the first entry of the hint stream, of exactly a1 bytes, to a0, padded with zeros to a multiple of 8 and
    /// to at least one byte more than it has.
    HintRead,
    /// Extends the message schedule at a0, of 64 cells of 8 bytes, from its first 16.
    ShaExtend,
    /// Compresses the message schedule at a0 into the state at a1, of 8 cells of 8 bytes.
    ShaCompress,
    /// Permutes the Keccak state at a0, of 25 words of 8 bytes.
    KeccakPermute,
    /// Computes with points or numbers in memory.
    Compute(Precompile),
    /// Ends the guest: SP1 has the number but no longer what belonged to it.
    Gone,
    /// Ends the run as unsupported, and says why.
    Unsupported(&'static str),
}

const ACCELERATOR: SystemCallService =
    SystemCallService::Unsupported("the accelerator is not implemented in this version; compute it in the guest");
const UNCONSTRAINED: SystemCallService = SystemCallService::Unsupported("unconstrained mode is not modelled");
const UNTRUSTED: SystemCallService = SystemCallService::Unsupported("untrusted programs are not modelled");
const DEBUGGING: SystemCallService = SystemCallService::Unsupported("it is for debugging SP1");

/// Every system call (`sp1-core-executor` 6.10.0, `SyscallCode`).
pub const SYSTEM_CALLS: &[SystemCall] = &[
    system_call(0x0000_0000, "HALT", SystemCallService::Halt),
    system_call(0x0000_0002, "WRITE", SystemCallService::Write),
    system_call(0x0000_0003, "ENTER_UNCONSTRAINED", UNCONSTRAINED),
    system_call(0x0000_0004, "EXIT_UNCONSTRAINED", UNCONSTRAINED),
    system_call(0x0000_0010, "COMMIT", SystemCallService::Commit),
    system_call(0x0000_001a, "COMMIT_DEFERRED_PROOFS", SystemCallService::CommitDeferred),
    system_call(0x0000_001b, "VERIFY_SP1_PROOF", SystemCallService::Unsupported("there are no proofs to verify here")),
    system_call(0x0000_0035, "HINT_MPROTECT_FLUSH", UNTRUSTED),
    system_call(0x0000_0040, "DUMP_ELF", DEBUGGING),
    system_call(0x0000_0041, "INSERT_PROFILER_SYMBOLS", DEBUGGING),
    system_call(0x0000_0042, "DELETE_PROFILER_SYMBOLS", DEBUGGING),
    system_call(0x0000_00f0, "HINT_LEN", SystemCallService::HintLength),
    system_call(0x0000_00f1, "HINT_READ", SystemCallService::HintRead),
    system_call(0x0030_0105, "SHA_EXTEND", SystemCallService::ShaExtend),
    system_call(0x0001_0106, "SHA_COMPRESS", SystemCallService::ShaCompress),
    system_call(0x0001_0107, "ED_ADD", SystemCallService::Compute(Precompile::EdwardsAdd)),
    system_call(0x0000_0108, "ED_DECOMPRESS", SystemCallService::Compute(Precompile::EdwardsDecompress)),
    system_call(0x0001_0109, "KECCAK_PERMUTE", SystemCallService::KeccakPermute),
    system_call(0x0001_010a, "SECP256K1_ADD", SystemCallService::Compute(Precompile::Add(Curve::Secp256k1))),
    system_call(0x0000_010b, "SECP256K1_DOUBLE", SystemCallService::Compute(Precompile::Double(Curve::Secp256k1))),
    system_call(0x0000_010c, "SECP256K1_DECOMPRESS", SystemCallService::Gone),
    system_call(0x0001_010e, "BN254_ADD", SystemCallService::Compute(Precompile::Add(Curve::Bn254))),
    system_call(0x0000_010f, "BN254_DOUBLE", SystemCallService::Compute(Precompile::Double(Curve::Bn254))),
    system_call(0x0000_011c, "BLS12381_DECOMPRESS", SystemCallService::Gone),
    system_call(0x0001_011d, "UINT256_MUL", SystemCallService::Compute(Precompile::MulMod)),
    system_call(0x0001_011e, "BLS12381_ADD", SystemCallService::Compute(Precompile::Add(Curve::Bls12381))),
    system_call(0x0000_011f, "BLS12381_DOUBLE", SystemCallService::Compute(Precompile::Double(Curve::Bls12381))),
    system_call(
        0x0001_0120,
        "BLS12381_FP_ADD",
        SystemCallService::Compute(Precompile::Field(Field::Bls12381, Operation::Add)),
    ),
    system_call(
        0x0001_0121,
        "BLS12381_FP_SUB",
        SystemCallService::Compute(Precompile::Field(Field::Bls12381, Operation::Sub)),
    ),
    system_call(
        0x0001_0122,
        "BLS12381_FP_MUL",
        SystemCallService::Compute(Precompile::Field(Field::Bls12381, Operation::Mul)),
    ),
    system_call(
        0x0001_0123,
        "BLS12381_FP2_ADD",
        SystemCallService::Compute(Precompile::Extension(Field::Bls12381, Operation::Add)),
    ),
    system_call(
        0x0001_0124,
        "BLS12381_FP2_SUB",
        SystemCallService::Compute(Precompile::Extension(Field::Bls12381, Operation::Sub)),
    ),
    system_call(
        0x0001_0125,
        "BLS12381_FP2_MUL",
        SystemCallService::Compute(Precompile::Extension(Field::Bls12381, Operation::Mul)),
    ),
    system_call(
        0x0001_0126,
        "BN254_FP_ADD",
        SystemCallService::Compute(Precompile::Field(Field::Bn254, Operation::Add)),
    ),
    system_call(
        0x0001_0127,
        "BN254_FP_SUB",
        SystemCallService::Compute(Precompile::Field(Field::Bn254, Operation::Sub)),
    ),
    system_call(
        0x0001_0128,
        "BN254_FP_MUL",
        SystemCallService::Compute(Precompile::Field(Field::Bn254, Operation::Mul)),
    ),
    system_call(
        0x0001_0129,
        "BN254_FP2_ADD",
        SystemCallService::Compute(Precompile::Extension(Field::Bn254, Operation::Add)),
    ),
    system_call(
        0x0001_012a,
        "BN254_FP2_SUB",
        SystemCallService::Compute(Precompile::Extension(Field::Bn254, Operation::Sub)),
    ),
    system_call(
        0x0001_012b,
        "BN254_FP2_MUL",
        SystemCallService::Compute(Precompile::Extension(Field::Bn254, Operation::Mul)),
    ),
    system_call(0x0001_012c, "SECP256R1_ADD", SystemCallService::Compute(Precompile::Add(Curve::Secp256r1))),
    system_call(0x0000_012d, "SECP256R1_DOUBLE", SystemCallService::Compute(Precompile::Double(Curve::Secp256r1))),
    system_call(0x0000_012e, "SECP256R1_DECOMPRESS", SystemCallService::Gone),
    system_call(0x0001_012f, "U256XU2048_MUL", SystemCallService::Gone),
    system_call(0x0001_0130, "UINT256_ADD_CARRY", SystemCallService::Compute(Precompile::AddCarry)),
    system_call(0x0001_0131, "UINT256_MUL_CARRY", SystemCallService::Compute(Precompile::MulCarry)),
    system_call(0x0000_0132, "MPROTECT", UNTRUSTED),
    system_call(0x0000_0133, "POSEIDON2", ACCELERATOR),
    system_call(0x0000_0134, "SIG_RETURN", UNTRUSTED),
];

const fn system_call(number: u32, name: &'static str, service: SystemCallService) -> SystemCall {
    SystemCall { number, name, service }
}

/// The platform's side of a run.
pub(crate) struct Host {
    hints: VecDeque<Vec<u8>>,
    /// Bytes that the guest itself put into the hint stream, ever.
    hint_bytes: u64,
}

impl Host {
    pub(super) fn new(input: &[u8]) -> Self {
        Self { hints: VecDeque::from([input.to_vec()]), hint_bytes: 0 }
    }
}

fn host<'m, X>(machine: &'m mut Machine<'_, X>) -> &'m mut Host {
    match &mut machine.host {
        AnyHost::Sp1(host) => host,
        _ => unreachable!("an sp1 machine has an sp1 host"),
    }
}

/// Executes the ECALL or EBREAK at pc.
pub(crate) fn system<X: Word>(machine: &mut Machine<'_, X>, instruction: Instruction) -> Result<(), End> {
    if instruction.opcode != Opcode::Ecall {
        let message = "the guest executed EBREAK, which SP1 does not implement, so this ends it";
        return Err(machine.trap(TrapKind::Breakpoint, None, message.to_owned()));
    }
    let number = machine.argument(T0) as u32;
    let arguments = [A0, A1, A2].map(|register| machine.argument(register));
    machine.note(|| Access::Call { selector: u64::from(number), arguments });
    let [a0, a1, a2] = arguments;
    let Some(call) = SYSTEM_CALLS.iter().find(|call| call.number == number) else {
        let message = format!("t0 = {number:#x} is no system call of SP1; the basic ones are {}", basic_calls());
        return Err(machine.trap(TrapKind::UnknownCall, None, message));
    };
    let mut returned = u64::from(number);
    match call.service {
        SystemCallService::Halt => {
            machine.return_in(T0, X::from_u64(returned));
            return Err(machine.halt(a0 as u32));
        }
        SystemCallService::Write => write(machine, a0, a1, a2)?,
        SystemCallService::Commit => {
            check_digest_word(machine, call.name, a0)?;
            if a1 > u64::from(u32::MAX) {
                let message = format!("COMMIT was given the word {a1:#x}; words of a digest have 32 bits");
                return Err(machine.trap(TrapKind::BadCallArgument, None, message));
            }
        }
        SystemCallService::CommitDeferred => check_digest_word(machine, call.name, a0)?,
        SystemCallService::HintLength => {
            returned = host(machine).hints.front().map_or(u64::MAX, |hint| hint.len() as u64);
        }
        SystemCallService::HintRead => read_hint(machine, a0, a1)?,
        SystemCallService::ShaExtend => extend(machine, a0, a1)?,
        SystemCallService::ShaCompress => compress(machine, a0, a1)?,
        SystemCallService::KeccakPermute => permute(machine, a0, a1)?,
        SystemCallService::Compute(precompile) => compute(machine, call.name, precompile)?,
        SystemCallService::Gone => {
            let message = format!("{} ({number:#x}) is no longer in SP1 6.10: its executor ends on it", call.name);
            return Err(machine.trap(TrapKind::BadCallArgument, None, message));
        }
        SystemCallService::Unsupported(why) => {
            return Err(machine.unsupported(&format!("{} ({number:#x}) is not supported: {why}", call.name)));
        }
    }
    machine.return_in(T0, X::from_u64(returned));
    machine.retire();
    Ok(())
}

fn basic_calls() -> String {
    let basic = SYSTEM_CALLS.iter().filter(|call| {
        use SystemCallService::{Compute, Gone, Unsupported};
        !matches!(call.service, Compute(_) | Gone | Unsupported(_))
    });
    basic.map(|call| format!("{:#x} {}", call.number, call.name)).collect::<Vec<_>>().join(", ")
}

/// A proof's public values have eight words of each digest. A ninth of the first makes the executor panic, one of the
/// second what makes the trace.
fn check_digest_word<X: Word>(machine: &Machine<'_, X>, name: &str, index: u64) -> Result<(), End> {
    if index < DIGEST_WORDS {
        return Ok(());
    }
    let message = format!("{name} was given word {index} of a digest, which has {DIGEST_WORDS}");
    Err(machine.trap(TrapKind::BadCallArgument, None, message))
}

/// The executor reads any memory here, and file descriptors that it does not know do nothing. It compares 1 and 2 with
/// all 64 bits of a0 and the others with the low 32.
fn write<X: Word>(machine: &mut Machine<'_, X>, fd: u64, address: u64, size: u64) -> Result<(), End> {
    if size > 0 && address.saturating_add(size) > SP1_MEMORY_END {
        let message = format!(
            "WRITE was given {size} bytes at {address:#x}, which reach beyond SP1's memory; pass a pointer to the guest's own memory"
        );
        return Err(machine.trap(TrapKind::BadCallArgument, Some(address), message));
    }
    match fd as u32 {
        _ if LOG_FDS.contains(&fd) => machine.log_guest(address, size),
        low if u64::from(low) == OUTPUT_FD => machine.publish(address, size)?,
        HINT_FD => return push_hint(machine, address, size),
        low if HOOK_FDS.contains(&low) => {
            return Err(machine.unsupported(&format!(
                "the hook behind file descriptor {low} is not modelled; compute it in the guest"
            )));
        }
        _ => {}
    }
    Ok(())
}

fn push_hint<X: Word>(machine: &mut Machine<'_, X>, address: u64, size: u64) -> Result<(), End> {
    let host = host(machine);
    if size > HINT_BYTES_MAX - host.hint_bytes || host.hints.len() >= HINTS_MAX {
        return Err(End::MemoryLimit);
    }
    host.hint_bytes += size;
    let mut hint = vec![0; size as usize];
    machine.memory.copy_out(address, &mut hint);
    self::host(machine).hints.push_front(hint);
    Ok(())
}

/// The executor takes the entry before it looks at the length, and always writes one word more than the whole ones.
fn read_hint<X: Word>(machine: &mut Machine<'_, X>, address: u64, size: u64) -> Result<(), End> {
    let Some(mut hint) = host(machine).hints.pop_front() else {
        let message = "HINT_READ found no hint left: the whole input is one entry; read it once";
        return Err(machine.trap(TrapKind::InputExhausted, None, message.to_owned()));
    };
    if hint.len() as u64 != size {
        let message = format!(
            "HINT_READ asked for {size} bytes of an entry of {} bytes; ask HINT_LEN and read the whole entry",
            hint.len()
        );
        return Err(machine.trap(TrapKind::BadCallArgument, None, message));
    }
    let padded = (size / CELL_BYTES + 1) * CELL_BYTES;
    check_cells(machine, "HINT_READ", address, padded)?;
    hint.resize(padded as usize, 0);
    machine.give(address, &hint)
}

pub(super) fn check_cells<X: Word>(machine: &Machine<'_, X>, name: &str, address: u64, size: u64) -> Result<(), End> {
    let what = if !address.is_multiple_of(CELL_BYTES) {
        "not a multiple of 8"
    } else if address < SP1_MEMORY_START || address.saturating_add(size) > SP1_MEMORY_END {
        "not all in SP1's memory"
    } else {
        return Ok(());
    };
    let message = format!("{name} was given {size} bytes at {address:#x}, which is {what}");
    Err(machine.trap(TrapKind::BadCallArgument, Some(address), message))
}

fn read_cells<X: Word, const N: usize>(machine: &Machine<'_, X>, address: u64) -> [u32; N] {
    std::array::from_fn(|index| machine.memory.peek(address + index as u64 * CELL_BYTES, 4) as u32)
}

fn write_cells<X: Word>(machine: &mut Machine<'_, X>, address: u64, words: &[u32]) -> Result<(), End> {
    for (&word, at) in words.iter().zip((address..).step_by(CELL_BYTES as usize)) {
        machine.give(at, &u64::from(word).to_le_bytes())?;
    }
    Ok(())
}

fn extend<X: Word>(machine: &mut Machine<'_, X>, schedule: u64, zero: u64) -> Result<(), End> {
    check_zero(machine, "SHA_EXTEND", zero)?;
    check_cells(machine, "SHA_EXTEND", schedule, SCHEDULE_WORDS * CELL_BYTES)?;
    let words = sha256::schedule(read_cells(machine, schedule));
    write_cells(machine, schedule + 16 * CELL_BYTES, &words[16..])
}

fn compress<X: Word>(machine: &mut Machine<'_, X>, schedule: u64, state: u64) -> Result<(), End> {
    check_cells(machine, "SHA_COMPRESS", schedule, SCHEDULE_WORDS * CELL_BYTES)?;
    check_cells(machine, "SHA_COMPRESS", state, DIGEST_WORDS * CELL_BYTES)?;
    let after = sha256::compress(read_cells(machine, state), &read_cells(machine, schedule));
    write_cells(machine, state, &after)
}

fn permute<X: Word>(machine: &mut Machine<'_, X>, state: u64, zero: u64) -> Result<(), End> {
    check_zero(machine, "KECCAK_PERMUTE", zero)?;
    check_cells(machine, "KECCAK_PERMUTE", state, keccak::STATE_WORDS as u64 * CELL_BYTES)?;
    let before = std::array::from_fn(|index| machine.memory.peek(state + index as u64 * CELL_BYTES, 8));
    for (word, at) in keccak::permute(before).into_iter().zip((state..).step_by(CELL_BYTES as usize)) {
        machine.give(at, &word.to_le_bytes())?;
    }
    Ok(())
}

/// The executor panics if a1 is not 0.
pub(super) fn check_zero<X: Word>(machine: &Machine<'_, X>, name: &str, a1: u64) -> Result<(), End> {
    if a1 == 0 {
        return Ok(());
    }
    let message = format!("{name} was given a1 = {a1:#x}; it must be 0");
    Err(machine.trap(TrapKind::BadCallArgument, None, message))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn system_calls_and_their_names_are_pairwise_distinct() {
        let numbers: BTreeSet<_> = SYSTEM_CALLS.iter().map(|call| call.number).collect();
        let names: BTreeSet<_> = SYSTEM_CALLS.iter().map(|call| call.name).collect();
        assert_eq!((numbers.len(), names.len()), (SYSTEM_CALLS.len(), SYSTEM_CALLS.len()));
    }
}
