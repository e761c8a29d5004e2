//! System calls by name: the software service.
//!
//! A call has two names. The number in t6 chooses what the kernel does with memory and registers
//! (`risc0-zkos-v1compat` 2.2.3, `ecall_software`), and the text that a2 points to chooses what the host does
//! (`risc0-zkvm` 3.0.6, `host/server/exec/syscall`). Here both must name the same call.

use assay_spec::TrapKind;
use assay_spec::platform::RISC0_USER_END;

use super::{A0, A1, A2, A3, A4, A5, T6, host, in_user_memory, reaches_kernel};
use crate::config::{LOG_BYTES_MAX, PANIC_BYTES_MAX};
use crate::machine::Machine;
use crate::outcome::End;
use crate::word::Word;

/// The file descriptor of the journal, which is the public output.
pub const JOURNAL_FD: u64 = 3;
/// The file descriptors of the guest's log.
pub const LOG_FDS: [u64; 2] = [1, 2];
/// The file descriptor of the input.
const INPUT_FD: u64 = 0;

/// Longest name that is looked at; names of real calls have about 50 bytes.
const NAME_BYTES_MAX: usize = 256;
/// What comes before the name of a call (`declare_syscall!` in `risc0-zkvm-platform` 2.2.3).
const NAME_PREFIX: &str = "risc0_zkvm_platform::syscall::nr::";
/// The kernel asks the host for this many bytes at a time (`MAX_IO_BYTES`).
const CHUNK_BYTES: u64 = 1024;

/// One system call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SystemCall {
    /// What t6 holds.
    pub number: u64,
    /// The last part of its name.
    pub name: &'static str,
    /// What the machine does.
    pub service: SystemCallService,
}

/// What the machine does for a system call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SystemCallService {
    /// Sets a0 to 0: guests have no arguments here.
    CountArguments,
    /// Sets a0 to `u32::MAX`: there is no environment. As much of the buffer a0 (a1 words) as one transfer fills is zeroed.
    ReadEnvironment,
    /// Appends a4 bytes at a3 and a line end to the log. (The host puts the cycle in front, which is not modelled.)
    Log,
    /// Ends the guest with the text of a4 bytes at a3.
    Panic,
    /// Reads up to a4 bytes of file descriptor a3 to a0; a0 becomes how many it were.
    Read,
    /// Writes a5 bytes at a4 to file descriptor a3.
    Write,
    /// Fills the buffer a0 (a1 words) with numbers of `SplitMix64` from state 0, eight bytes of each, so that runs can be
    /// repeated: what Assay's runner of RISC Zero gives as well.
    Random,
    /// Traps: the host has no handler for it.
    NoHandler,
    /// Traps: there is nothing that it could give.
    Nothing,
    /// Ends the run as unsupported, and says why.
    Unsupported(&'static str),
}

/// Every system call (`risc0-zkvm-platform` 2.2.3, `syscall::nr` and `syscall::Syscall`).
pub const SYSTEM_CALLS: &[SystemCall] = &[
    system_call(1, "SYS_ARGC", SystemCallService::CountArguments),
    system_call(2, "SYS_ARGV", SystemCallService::Nothing),
    system_call(
        3,
        "SYS_CYCLE_COUNT",
        SystemCallService::Unsupported("the count includes the zkVM's paging, which is not modelled"),
    ),
    system_call(4, "SYS_EXIT", SystemCallService::NoHandler),
    system_call(5, "SYS_FORK", SystemCallService::NoHandler),
    system_call(6, "SYS_GETENV", SystemCallService::ReadEnvironment),
    system_call(7, "SYS_KECCAK", SystemCallService::Unsupported("the accelerator is not implemented in this version")),
    system_call(8, "SYS_LOG", SystemCallService::Log),
    system_call(9, "SYS_PANIC", SystemCallService::Panic),
    system_call(10, "SYS_PIPE", SystemCallService::Unsupported("pipes are not modelled")),
    system_call(11, "SYS_RANDOM", SystemCallService::Random),
    system_call(12, "SYS_READ", SystemCallService::Read),
    system_call(14, "SYS_VERIFY_INTEGRITY", SystemCallService::Unsupported("there are no assumptions here")),
    system_call(15, "SYS_VERIFY_INTEGRITY2", SystemCallService::Unsupported("there are no assumptions here")),
    system_call(16, "SYS_WRITE", SystemCallService::Write),
];

const fn system_call(number: u64, name: &'static str, service: SystemCallService) -> SystemCall {
    SystemCall { number, name, service }
}

pub(super) fn call<X: Word>(machine: &mut Machine<'_, X>) -> Result<(), End> {
    let [a0, a1, a2] = [A0, A1, A2].map(|register| machine.register(register));
    let number = machine.argument(T6);
    let call = find(machine, a2, number)?;
    let [a3, a4, a5] = [A3, A4, A5].map(|register| machine.argument(register));
    match call.service {
        SystemCallService::CountArguments => machine.return_in(A0, X::default()),
        SystemCallService::ReadEnvironment => read_environment(machine, a0, a1, a3, a4)?,
        SystemCallService::Log => {
            let size = check_message(machine, call.name, a3, a4, u64::MAX)?;
            machine.log_guest(a3, size);
            if machine.log.len() < LOG_BYTES_MAX {
                machine.log.push(b'\n');
            }
        }
        SystemCallService::Panic => {
            let size = check_message(machine, call.name, a3, a4, PANIC_BYTES_MAX as u64)?;
            return Err(panic(machine, a3, size));
        }
        SystemCallService::Read => read(machine, a0, a1, a3)?,
        SystemCallService::Write => write(machine, a3, a4, a5)?,
        SystemCallService::Random => random(machine, a0, a1)?,
        SystemCallService::NoHandler => {
            let message = format!("{} has no handler on RISC Zero's host", call.name);
            return Err(machine.trap(TrapKind::UnknownCall, None, message));
        }
        SystemCallService::Nothing => {
            let message = format!("{}: guests have no arguments here", call.name);
            return Err(machine.trap(TrapKind::BadCallArgument, None, message));
        }
        SystemCallService::Unsupported(why) => {
            return Err(machine.unsupported(&format!("{} is not supported: {why}", call.name)));
        }
    }
    Ok(())
}

/// The call that both its name, at `pointer`, and its number mean.
fn find<X: Word>(machine: &Machine<'_, X>, pointer: u64, number: u64) -> Result<&'static SystemCall, End> {
    let unknown = |message| Err(machine.trap(TrapKind::UnknownCall, Some(pointer), message));
    let mut bytes = [0; NAME_BYTES_MAX];
    let there = RISC0_USER_END.saturating_sub(pointer).min(NAME_BYTES_MAX as u64) as usize;
    machine.memory.copy_out(pointer, &mut bytes[..there]);
    let Some(length) = bytes[..there].iter().position(|&byte| byte == 0) else {
        return unknown(format!(
            "a2 = {pointer:#x} does not point to the name of a system call: no 0 ends it within {there} bytes"
        ));
    };
    let name = String::from_utf8_lossy(&bytes[..length]);
    let named = name.strip_prefix(NAME_PREFIX).and_then(|name| SYSTEM_CALLS.iter().find(|call| call.name == name));
    let Some(call) = named else {
        let known: Vec<_> = SYSTEM_CALLS.iter().map(|call| call.name).collect();
        return unknown(format!(
            "{name:?} (a2 = {pointer:#x}) is no system call of RISC Zero; calls are {NAME_PREFIX} and one of {}",
            known.join(", ")
        ));
    };
    if call.number != number {
        return Err(machine.unsupported(&format!(
            "{} was called with t6 = {number}, but its number is {}; a kernel and a host that do different things are not modelled",
            call.name, call.number
        )));
    }
    Ok(call)
}

/// How many of `size` bytes at `address` the host looks at. The host reads memory that is not the guest's as well: below
/// user memory there are zeros, and what the kernel has is not modelled.
fn check_message<X: Word>(
    machine: &Machine<'_, X>,
    name: &str,
    address: u64,
    size: u64,
    most: u64,
) -> Result<u64, End> {
    let size = size.min(most);
    if !reaches_kernel(address, size) {
        return Ok(size);
    }
    if address + size > 1 << 32 {
        let message = format!("{name} was given {size} bytes at {address:#x}, which reach beyond memory");
        return Err(machine.trap(TrapKind::BadCallArgument, Some(address), message));
    }
    Err(machine.unsupported(&format!(
        "{name} was given {size} bytes at {address:#x}, which reach into the kernel's memory; pass a pointer to the guest's own"
    )))
}

fn read_environment<X: Word>(
    machine: &mut Machine<'_, X>,
    buffer: u64,
    words: u64,
    name: u64,
    name_size: u64,
) -> Result<(), End> {
    if name_size > CHUNK_BYTES {
        let message = format!("SYS_GETENV was given a name of {name_size} bytes; the limit is {CHUNK_BYTES}");
        return Err(machine.trap(TrapKind::BadCallArgument, Some(name), message));
    }
    let size = check_message(machine, "SYS_GETENV", name, name_size, u64::MAX)?;
    let mut text = vec![0; size as usize];
    machine.memory.copy_out(name, &mut text);
    if std::str::from_utf8(&text).is_err() {
        let message = format!("SYS_GETENV was given a name at {name:#x} that is not UTF-8");
        return Err(machine.trap(TrapKind::BadCallArgument, Some(name), message));
    }
    // The kernel multiplies in 32 bits.
    let size = u64::from((words as u32).wrapping_mul(4)).min(CHUNK_BYTES);
    check_buffer(machine, "SYS_GETENV", buffer, size)?;
    machine.give(buffer, &[0; CHUNK_BYTES as usize][..size as usize])?;
    machine.return_in(A0, X::from_u64(u64::MAX));
    Ok(())
}

fn check_buffer<X: Word>(machine: &Machine<'_, X>, name: &str, address: u64, size: u64) -> Result<(), End> {
    if in_user_memory(address, size) {
        return Ok(());
    }
    let message = format!(
        "{name} was given a buffer of {size} bytes at {address:#x}, which is not all user memory; pass a pointer to the guest's own memory"
    );
    Err(machine.trap(TrapKind::BadCallArgument, Some(address), message))
}

/// The kernel multiplies in 32 bits, asks in chunks of [`CHUNK_BYTES`] and returns nothing.
fn random<X: Word>(machine: &mut Machine<'_, X>, buffer: u64, words: u64) -> Result<(), End> {
    let size = u64::from((words as u32).wrapping_mul(4));
    check_buffer(machine, "SYS_RANDOM", buffer, size)?;
    let mut chunk = [0; CHUNK_BYTES as usize];
    let mut done = 0;
    while done < size {
        let wanted = (size - done).min(CHUNK_BYTES) as usize;
        for piece in chunk[..wanted].chunks_mut(8) {
            piece.copy_from_slice(&host(machine).next_random().to_le_bytes()[..piece.len()]);
        }
        machine.give(buffer + done, &chunk[..wanted])?;
        done += wanted as u64;
    }
    Ok(())
}

/// The host takes up to 1 MiB, and says of a text that is not UTF-8 only that it is not.
fn panic<X: Word>(machine: &mut Machine<'_, X>, address: u64, size: u64) -> End {
    let mut bytes = vec![0; size as usize];
    machine.memory.copy_out(address, &mut bytes);
    let message = String::from_utf8_lossy(&bytes).into_owned();
    End::Panicked { message }
}

/// The kernel reads in chunks of [`CHUNK_BYTES`]. The host fills the whole words of each with what there is and zeros
/// behind it, and the kernel adds the bytes of an unfinished last word, so that a short read zeroes the rest of its
/// chunk's whole words. A read of no bytes does not reach the host.
fn read<X: Word>(machine: &mut Machine<'_, X>, buffer: u64, size: u64, fd: u64) -> Result<(), End> {
    check_buffer(machine, "SYS_READ", buffer, size)?;
    if size > 0 && fd != INPUT_FD {
        let message =
            format!("SYS_READ was given file descriptor {fd}; the input is {INPUT_FD}, and there is no other");
        return Err(machine.trap(TrapKind::BadCallArgument, None, message));
    }
    let mut total = 0;
    let mut chunk = [0; CHUNK_BYTES as usize];
    while total < size {
        let wanted = (size - total).min(CHUNK_BYTES) as usize;
        let host = host(machine);
        let rest = &host.input[host.taken..];
        let read = rest.len().min(wanted);
        chunk[..read].copy_from_slice(&rest[..read]);
        chunk[read..].fill(0);
        host.taken += read;
        let given = read.max(wanted / 4 * 4);
        machine.give(buffer + total, &chunk[..given])?;
        total += read as u64;
        if read < wanted {
            break;
        }
    }
    machine.return_in(A0, X::from_u64(total));
    Ok(())
}

fn write<X: Word>(machine: &mut Machine<'_, X>, fd: u64, address: u64, size: u64) -> Result<(), End> {
    let size = check_message(machine, "SYS_WRITE", address, size, u64::MAX)?;
    if fd == JOURNAL_FD {
        return machine.publish(address, size);
    }
    if LOG_FDS.contains(&fd) {
        machine.log_guest(address, size);
        return Ok(());
    }
    let message =
        format!("SYS_WRITE was given file descriptor {fd}; it takes 1 and 2 (log) and {JOURNAL_FD} (journal)");
    Err(machine.trap(TrapKind::BadCallArgument, None, message))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn system_calls_are_pairwise_distinct_and_their_names_fit() {
        let numbers: BTreeSet<_> = SYSTEM_CALLS.iter().map(|call| call.number).collect();
        let names: BTreeSet<_> = SYSTEM_CALLS.iter().map(|call| call.name).collect();
        assert_eq!((numbers.len(), names.len()), (SYSTEM_CALLS.len(), SYSTEM_CALLS.len()));
        assert!(names.iter().all(|name| NAME_PREFIX.len() + name.len() < NAME_BYTES_MAX));
    }
}
