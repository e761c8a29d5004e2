//! The host's side of the guest's system calls, as `risc0-zkvm` 3.0.6 answers them (`host/server/exec/syscall`) for a
//! guest with the input on file descriptor 0, no arguments and no environment.
//!
//! The kernel asks with `host_read(fd)`, where `fd` is the address of the call's name, and fetches the two results with a
//! second one, of descriptor 0. What is recorded of that is part of each segment, so a proof sees what the run saw.

use std::{
    cell::{Cell, RefCell},
    io::Read as _,
    sync::atomic::{AtomicBool, Ordering},
};

use anyhow::Result;
use assay_spec::{TrapKind, outcome::MESSAGE_BYTES_MAX};
use risc0_binfmt::ByteAddr;
use risc0_circuit_rv32im::execute::{MAX_IO_BYTES, REG_A3, REG_A4, REG_A5, Syscall, SyscallContext, WORD_SIZE};

use crate::{log::Log, stop::Stop};

/// Longest journal, in bytes: a report that holds it as hex must fit into a frame.
pub(crate) const JOURNAL_BYTES_MAX: usize = 256 << 10;

/// Longest name of a call that is looked at; names of real calls have about 50 bytes.
const NAME_BYTES_MAX: usize = 256;

/// What comes before the name of a call (`declare_syscall!` of `risc0-zkvm-platform` 2.2.3).
const NAME_PREFIX: &str = "risc0_zkvm_platform::syscall::nr::";

/// File descriptors (`risc0-zkvm-platform` 2.2.3, `fileno`).
const STDIN: u32 = 0;
const STDOUT: u32 = 1;
const STDERR: u32 = 2;
const JOURNAL: u32 = 3;

/// The descriptor under which the kernel reports its own panics.
const KERNEL_PANIC: u32 = 1;

/// What the host has for one run.
pub(crate) struct Host<'a> {
    input: &'a [u8],
    cancel: &'a AtomicBool,
    taken: Cell<usize>,
    results: Cell<(u32, u32)>,
    random: Cell<u64>,
    journal: RefCell<Vec<u8>>,
    log: RefCell<Log>,
    kernel: RefCell<Log>,
}

/// What a run left with the host.
#[derive(Clone, Debug, Default)]
pub(crate) struct Written {
    /// What the guest wrote to the journal.
    pub(crate) journal: Vec<u8>,
    /// What it printed.
    pub(crate) log: Log,
    /// What the kernel said, which it does only of its own panics.
    pub(crate) kernel: Log,
}

impl<'a> Host<'a> {
    /// A host that gives `input` and stops the run at its next call once `cancel` is set.
    pub(crate) fn new(input: &'a [u8], cancel: &'a AtomicBool) -> Self {
        Self {
            input,
            cancel,
            taken: Cell::new(0),
            results: Cell::new((0, 0)),
            random: Cell::new(0),
            journal: RefCell::default(),
            log: RefCell::default(),
            kernel: RefCell::default(),
        }
    }

    /// What was written up to now.
    pub(crate) fn written(&self) -> Written {
        Written {
            journal: self.journal.borrow().clone(),
            log: self.log.borrow().clone(),
            kernel: self.kernel.borrow().clone(),
        }
    }

    /// Answers the call `name`: fills what goes to the guest's buffer, and gives a0 and a1.
    fn call(&self, name: &str, ctx: &mut impl SyscallContext, to_guest: &mut [u8]) -> Result<(u32, u32)> {
        let fail = |kind, ctx: &mut _, message| Err(failure(kind, ctx, message));
        let Some(call) = name.strip_prefix(NAME_PREFIX) else {
            let message = format!("{name:?} is no system call of RISC Zero");
            return fail(TrapKind::UnknownCall, ctx, message);
        };
        if !to_guest.is_empty()
            && matches!(call, "SYS_ARGC" | "SYS_CYCLE_COUNT" | "SYS_LOG" | "SYS_PANIC" | "SYS_WRITE")
        {
            let message = format!("{call} gives no bytes, but the guest called it with the number of a call that does");
            return fail(TrapKind::UnknownCall, ctx, message);
        }
        match call {
            "SYS_ARGC" => Ok((0, 0)),
            "SYS_ARGV" => fail(TrapKind::BadCallArgument, ctx, "SYS_ARGV: guests have no arguments here".to_owned()),
            "SYS_CYCLE_COUNT" => {
                let cycle = ctx.get_cycle();
                Ok(((cycle >> 32) as u32, cycle as u32))
            }
            "SYS_GETENV" => getenv(ctx),
            "SYS_LOG" => self.log(ctx),
            "SYS_PANIC" => {
                let (address, size) = (ctx.peek_register(REG_A3)?, ctx.peek_register(REG_A4)?);
                // Twice the limit, so that cutting shows.
                let text = region(ctx, call, address, size.min(2 * MESSAGE_BYTES_MAX as u32))?;
                Err(Stop::Panic(String::from_utf8_lossy(&text).into_owned()).into())
            }
            "SYS_RANDOM" => {
                to_guest.chunks_mut(size_of::<u64>()).for_each(|chunk| {
                    chunk.copy_from_slice(&self.next_random().to_le_bytes()[..chunk.len()]);
                });
                Ok((to_guest.len() as u32, 0))
            }
            "SYS_READ" => self.read(ctx, to_guest),
            "SYS_WRITE" => self.write(ctx),
            "SYS_KECCAK" | "SYS_PIPE" | "SYS_VERIFY_INTEGRITY" | "SYS_VERIFY_INTEGRITY2" => {
                let message = format!(
                    "{call} is not served by this runner: it takes RISC Zero's coprocessors, other receipts or pipes"
                );
                Err(Stop::Unsupported(message).into())
            }
            "SYS_EXIT" | "SYS_FORK" => {
                fail(TrapKind::UnknownCall, ctx, format!("{call} has no handler on RISC Zero's host"))
            }
            _ => fail(TrapKind::UnknownCall, ctx, format!("{call} is no system call of RISC Zero")),
        }
    }

    fn read(&self, ctx: &mut impl SyscallContext, to_guest: &mut [u8]) -> Result<(u32, u32)> {
        let (fd, size) = (ctx.peek_register(REG_A3)?, ctx.peek_register(REG_A4)? as usize);
        if fd != STDIN {
            let message =
                format!("SYS_READ was given file descriptor {fd}; the input is {STDIN}, and there is no other");
            return Err(failure(TrapKind::BadCallArgument, ctx, message));
        }
        let main = self.take(to_guest);
        // The bytes of an unfinished last word travel as a result. More than a word is missing only where input is.
        let mut last = [0; WORD_SIZE];
        let missing = size.saturating_sub(main);
        let end = if missing <= WORD_SIZE { self.take(&mut last[..missing]) } else { 0 };
        Ok(((main + end) as u32, u32::from_le_bytes(last)))
    }

    /// Moves input into `buffer`; how much there was.
    fn take(&self, buffer: &mut [u8]) -> usize {
        let rest = &self.input[self.taken.get()..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.taken.set(self.taken.get() + count);
        count
    }

    fn write(&self, ctx: &mut impl SyscallContext) -> Result<(u32, u32)> {
        let (fd, address, size) = (ctx.peek_register(REG_A3)?, ctx.peek_register(REG_A4)?, ctx.peek_register(REG_A5)?);
        match fd {
            STDOUT | STDERR => self.print(ctx, "SYS_WRITE", address, size)?,
            JOURNAL => {
                let mut journal = self.journal.borrow_mut();
                if size as usize > JOURNAL_BYTES_MAX - journal.len() {
                    return Err(Stop::OutputLimit(JOURNAL_BYTES_MAX).into());
                }
                journal.extend(region(ctx, "SYS_WRITE", address, size)?);
            }
            _ => {
                let message = format!(
                    "SYS_WRITE was given file descriptor {fd}; it takes {STDOUT} and {STDERR} (log) and {JOURNAL} (journal)"
                );
                return Err(failure(TrapKind::BadCallArgument, ctx, message));
            }
        }
        Ok((0, 0))
    }

    fn log(&self, ctx: &mut impl SyscallContext) -> Result<(u32, u32)> {
        let (address, size) = (ctx.peek_register(REG_A3)?, ctx.peek_register(REG_A4)?);
        let cycle = ctx.get_cycle();
        self.log.borrow_mut().push(format!("R0VM[{cycle}] ").as_bytes());
        self.print(ctx, "SYS_LOG", address, size)?;
        self.log.borrow_mut().push(b"\n");
        Ok((0, 0))
    }

    /// Prints guest memory; what the log has no room for is counted and not read.
    fn print(&self, ctx: &mut impl SyscallContext, call: &str, address: u32, size: u32) -> Result<()> {
        let mut log = self.log.borrow_mut();
        let kept = size.min(log.room() as u32);
        check_end(ctx, call, address, size)?;
        log.push(&region(ctx, call, address, kept)?);
        log.skip(u64::from(size - kept));
        Ok(())
    }

    /// `SplitMix64` from state 0 (Steele, Lea, Flood 2014): a run must be repeatable, so there is no randomness.
    fn next_random(&self) -> u64 {
        let state = self.random.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.random.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

impl Syscall for Host<'_> {
    fn host_read(&self, ctx: &mut impl SyscallContext, fd: u32, buffer: &mut [u8]) -> Result<u32> {
        if self.cancel.load(Ordering::Relaxed) {
            return Err(Stop::Cancelled.into());
        }
        if fd == 0 {
            let (a0, a1) = self.results.get();
            let results = [a0.to_le_bytes(), a1.to_le_bytes()].concat();
            if buffer.len() < results.len() {
                let message = "a2 = 0 does not point to the name of a system call".to_owned();
                return Err(failure(TrapKind::UnknownCall, ctx, message));
            }
            buffer[..results.len()].copy_from_slice(&results);
            return Ok(results.len() as u32);
        }
        let name = name_at(ctx, fd)?;
        // The kernel copies all of the buffer.
        buffer.fill(0);
        self.results.set(self.call(&name, ctx, buffer)?);
        Ok(buffer.len() as u32)
    }

    fn host_write(&self, _: &mut impl SyscallContext, fd: u32, buffer: &[u8]) -> Result<u32> {
        if fd == KERNEL_PANIC {
            self.kernel.borrow_mut().push(buffer);
        }
        Ok(buffer.len() as u32)
    }
}

fn failure(kind: TrapKind, ctx: &impl SyscallContext, message: String) -> anyhow::Error {
    Stop::Call { kind, message, pc: ctx.get_pc() }.into()
}

fn name_at(ctx: &mut impl SyscallContext, address: u32) -> Result<String> {
    let mut name = Vec::new();
    while name.len() < NAME_BYTES_MAX {
        let at = address.checked_add(name.len() as u32);
        match at.and_then(|at| ctx.peek_u8(ByteAddr(at)).ok()) {
            Some(0) => return Ok(String::from_utf8_lossy(&name).into_owned()),
            Some(byte) => name.push(byte),
            None => break,
        }
    }
    let message = format!(
        "a2 = {address:#x} does not point to the name of a system call: no 0 ends it within {NAME_BYTES_MAX} bytes"
    );
    Err(failure(TrapKind::UnknownCall, ctx, message))
}

fn check_end(ctx: &impl SyscallContext, call: &str, address: u32, size: u32) -> Result<()> {
    if address.checked_add(size).is_some() {
        return Ok(());
    }
    let message = format!("{call} was given {size} bytes at {address:#x}, which reach beyond memory");
    Err(failure(TrapKind::BadCallArgument, ctx, message))
}

/// `size` bytes of guest memory, of which the caller has bounded the size.
fn region(ctx: &mut impl SyscallContext, call: &str, address: u32, size: u32) -> Result<Vec<u8>> {
    check_end(ctx, call, address, size)?;
    let mut bytes = vec![0; size as usize];
    ctx.read_region(ByteAddr(address), size as usize)?.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// There is no environment, but the name is checked.
fn getenv(ctx: &mut impl SyscallContext) -> Result<(u32, u32)> {
    let (address, size) = (ctx.peek_register(REG_A3)?, ctx.peek_register(REG_A4)?);
    if size > MAX_IO_BYTES {
        let message = format!("SYS_GETENV was given a name of {size} bytes; the limit is {MAX_IO_BYTES}");
        return Err(failure(TrapKind::BadCallArgument, ctx, message));
    }
    let name = region(ctx, "SYS_GETENV", address, size)?;
    if std::str::from_utf8(&name).is_err() {
        let message = format!("SYS_GETENV was given a name at {address:#x} that is not UTF-8");
        return Err(failure(TrapKind::BadCallArgument, ctx, message));
    }
    Ok((u32::MAX, 0))
}
