//! An ELF as SP1 decodes it.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use crate::guard::Guarded;

/// Most bytes of memory that an ELF may fill: SP1 keeps an entry of a hash map for each 8 of them.
pub const IMAGE_BYTES_MAX: u64 = 64 << 20;

/// End of what an ELF may fill: what SP1's executor can address (`sp1-primitives` 6.10.0, `MAX_JIT_LOG_ADDR`), less a
/// page.
const IMAGE_END: u64 = (1 << 40) - (1 << 12);

/// A guest.
#[derive(Clone)]
pub struct Program {
    pub(crate) sp1: Arc<sp1_core_executor::Program>,
    pub(crate) guarded: Arc<Guarded>,
    words: Vec<u32>,
}

/// Why an ELF is no SP1 guest.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// SP1 does not take it; in its own words.
    #[error("SP1 does not take the ELF: {0}")]
    Refused(String),
    /// It is not of the one class and size that SP1 6 executes.
    #[error("not a 64-bit little-endian RISC-V ELF: SP1 6 executes rv64im")]
    NotRv64,
    /// It asks for SP1's user mode.
    #[error("the ELF has a note that turns untrusted programs on; this runner executes SP1's supervisor mode only")]
    Untrusted,
    /// It fills memory that SP1's executor cannot address.
    #[error("the ELF fills memory at {0:#x}; SP1's executor addresses 2^40 bytes, and a guest must stay a page below")]
    Address(u64),
    /// Its segments are too large.
    #[error("the ELF fills {0} bytes of memory, above the limit of {IMAGE_BYTES_MAX}")]
    TooLarge(u64),
}

impl Program {
    /// Decodes an ELF. SP1's own decoder decides what it takes; what it would panic or run out of memory on is refused
    /// before.
    pub fn from_elf(elf: &[u8]) -> Result<Self, LoadError> {
        check_headers(elf)?;
        let decoded = catch_unwind(AssertUnwindSafe(|| sp1_core_executor::Program::from(elf)));
        let program = match decoded {
            Ok(Ok(program)) => program,
            Ok(Err(reason)) => return Err(LoadError::Refused(reason.to_string())),
            Err(panic) => return Err(LoadError::Refused(panic_text(&*panic).to_owned())),
        };
        if program.enable_untrusted_programs {
            return Err(LoadError::Untrusted);
        }
        if let Some(&address) = program.memory_image.keys().max().filter(|&&address| address >= IMAGE_END) {
            return Err(LoadError::Address(address));
        }
        let words = program.instructions_encoded.clone().unwrap_or_default();
        let guarded = Arc::new(Guarded::new(&program));
        Ok(Self { sp1: Arc::new(program), guarded, words })
    }

    /// Address of the first instruction.
    pub fn base(&self) -> u64 {
        self.sp1.pc_base
    }

    /// The instructions as they stand in the ELF.
    pub fn words(&self) -> &[u32] {
        &self.words
    }

    /// The instruction that SP1 executes at `pc`: it ignores the two lowest bits.
    pub fn word_at(&self, pc: u64) -> Option<u32> {
        let index = pc.checked_sub(self.base())? / 4;
        self.words.get(usize::try_from(index).ok()?).copied()
    }
}

impl std::fmt::Debug for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Program").field("base", &self.base()).field("words", &self.words.len()).finish_non_exhaustive()
    }
}

/// Class and sizes, before SP1 walks every 4 bytes of every segment.
fn check_headers(elf: &[u8]) -> Result<(), LoadError> {
    const PT_LOAD: u32 = 1;
    const HEADER_BYTES: usize = 64;
    const ENTRY_BYTES: usize = 56;
    let number = |at: usize, bytes: usize| -> Option<u64> {
        let bytes = elf.get(at..at.checked_add(bytes)?)?;
        Some(bytes.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte)))
    };
    if elf.len() < HEADER_BYTES || elf[..4] != *b"\x7fELF" || elf[4] != 2 || elf[5] != 1 {
        return Err(LoadError::NotRv64);
    }
    let cut = || LoadError::Refused("the ELF is cut off within its program headers".to_owned());
    let first = usize::try_from(number(32, 8).ok_or_else(cut)?).map_err(|_| cut())?;
    let (size, count) = (number(54, 2).ok_or_else(cut)? as usize, number(56, 2).ok_or_else(cut)? as usize);
    if count > 0 && size != ENTRY_BYTES {
        return Err(LoadError::Refused(format!("program headers of {size} bytes instead of {ENTRY_BYTES}")));
    }
    let mut total = 0_u64;
    for index in 0..count {
        let at = first.checked_add(index * ENTRY_BYTES).ok_or_else(cut)?;
        let field = |offset: usize, bytes: usize| number(at.checked_add(offset)?, bytes);
        if field(0, 4).ok_or_else(cut)? as u32 == PT_LOAD {
            let (file, memory) = (field(32, 8).ok_or_else(cut)?, field(40, 8).ok_or_else(cut)?);
            total = total.saturating_add(memory.max(file));
        }
    }
    if total > IMAGE_BYTES_MAX { Err(LoadError::TooLarge(total)) } else { Ok(()) }
}

/// What a panic said.
pub(crate) fn panic_text(payload: &(dyn std::any::Any + Send)) -> &str {
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic without a message")
}
