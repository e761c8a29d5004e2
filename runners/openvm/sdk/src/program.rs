//! From an ELF to a program that the machine executes.

use std::sync::Arc;

use openvm_instructions::exe::VmExe;
use openvm_rv32im_transpiler::{Rv32ITranspilerExtension, Rv32IoTranspilerExtension, Rv32MTranspilerExtension};
use openvm_transpiler::{
    FromElf,
    elf::Elf,
    transpiler::{Transpiler, TranspilerError},
};

use crate::F;

/// Most bytes of memory image that a guest brings with it. The SDK keeps an image in a map with one entry per byte.
pub const IMAGE_BYTES_MAX: u64 = 8 << 20;

/// Why an ELF is not a guest.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The SDK's ELF reader refuses it.
    #[error("OpenVM does not read this ELF: {0}")]
    Elf(String),
    /// No executable bytes.
    #[error("the ELF has no executable segment with bytes in it; link the code into one")]
    NoCode,
    /// Too large an image.
    #[error(
        "the loadable segments take {bytes} bytes of memory, and a guest may bring {IMAGE_BYTES_MAX}; \
         keep large zero-filled arrays out of .bss"
    )]
    ImageTooLarge {
        /// Bytes in memory of all loadable segments.
        bytes: u64,
    },
    /// A word between the instructions that is none.
    #[error(
        "the word {word:#010x} at pc {pc:#x} is no instruction of OpenVM's rv32im; OpenVM takes only instructions in \
         executable segments, so put read-only data into a segment of its own"
    )]
    Word {
        /// Its address.
        pc: u32,
        /// The word.
        word: u32,
    },
    /// `terminate` with a code that does not fit into a byte.
    #[error("terminate at pc {pc:#x} has exit code {code}; OpenVM takes 0 to 255")]
    ExitCode {
        /// Its address.
        pc: u32,
        /// The code, sign-extended.
        code: i32,
    },
    /// Any other refusal of the transpiler.
    #[error("OpenVM does not transpile this guest: {0}")]
    Transpiler(String),
}

/// A memory access that an instruction makes, relative to a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// Number of the base register.
    pub base: u8,
    /// Added to it.
    pub offset: i32,
    /// Bytes: 1, 2 or 4.
    pub size: u8,
    /// Whether it is a store.
    pub write: bool,
}

/// What of an instruction's effects a trace is to show. The caller knows RISC-V; this crate only looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Watch {
    /// The register that it writes; `None` for none and for x0.
    pub register: Option<u8>,
    /// The memory that it reads or writes.
    pub access: Option<Access>,
}

/// A transpiled guest.
pub struct Program {
    pub(crate) exe: Arc<VmExe<F>>,
    words: Vec<u32>,
}

impl Program {
    /// Transpiles `elf` with the RV32I, RV32M and I/O extensions, for a machine with `memory_bytes` of memory.
    ///
    /// May panic where the SDK does; the known ways to make it are refused before.
    pub fn from_elf(elf: &[u8], memory_bytes: u32) -> Result<Self, LoadError> {
        let bytes = image_bytes(elf);
        if bytes > IMAGE_BYTES_MAX {
            return Err(LoadError::ImageTooLarge { bytes });
        }
        let elf_error = |reason: &dyn std::fmt::Display| LoadError::Elf(format!("{reason:#}"));
        let elf = Elf::decode(elf, memory_bytes).map_err(|reason| elf_error(&reason))?;
        let words = elf.instructions.clone();
        if words.is_empty() {
            return Err(LoadError::NoCode);
        }
        if let Some((index, code)) = words.iter().enumerate().find_map(|(i, &w)| Some((i, bad_exit_code(w)?))) {
            return Err(LoadError::ExitCode { pc: base_of(elf)? + 4 * index as u32, code });
        }
        if let Err(TranspilerError::ParseError(word)) = transpiler().transpile(&words) {
            // A word that is refused is refused everywhere: its first place is where transpiling stopped.
            let index = words.iter().position(|&w| w == word).unwrap_or_default();
            return Err(LoadError::Word { pc: base_of(elf)? + 4 * index as u32, word });
        }
        let mut exe = VmExe::from_elf(elf, transpiler()).map_err(|reason| LoadError::Transpiler(reason.to_string()))?;
        // Memory is zero where an image says nothing, and every interpreter copies the image.
        exe.init_memory.retain(|_, byte| *byte != 0);
        Ok(Self { exe: Arc::new(exe), words })
    }

    /// Address of the first instruction.
    pub fn base(&self) -> u32 {
        self.exe.program.pc_base
    }

    /// Address at which execution starts.
    pub fn entry(&self) -> u32 {
        self.exe.pc_start
    }

    /// The RISC-V words, one per instruction, from [`Program::base`] on.
    pub fn words(&self) -> &[u32] {
        &self.words
    }

    /// The RISC-V word at `pc`; as the interpreter looks it up, a `pc` that is no multiple of 4 is rounded down.
    pub fn word_at(&self, pc: u32) -> Option<u32> {
        self.index_of(pc).and_then(|index| self.words.get(index).copied())
    }

    pub(crate) fn index_of(&self, pc: u32) -> Option<usize> {
        (pc / 4).checked_sub(self.base() / 4).map(|index| index as usize)
    }
}

impl std::fmt::Debug for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Program").field("base", &self.base()).field("words", &self.words.len()).finish_non_exhaustive()
    }
}

/// `addi x0, x0, 0`.
const NOP: u32 = 0x13;

fn transpiler() -> Transpiler<F> {
    Transpiler::default()
        .with_extension(Rv32ITranspilerExtension)
        .with_extension(Rv32MTranspilerExtension)
        .with_extension(Rv32IoTranspilerExtension)
}

/// Address of the first instruction. The reader keeps it to itself; an ELF with one nop for its code says it.
fn base_of(mut elf: Elf) -> Result<u32, LoadError> {
    elf.instructions = vec![NOP];
    let exe = VmExe::<F>::from_elf(elf, transpiler()).map_err(|reason| LoadError::Transpiler(reason.to_string()))?;
    Ok(exe.program.pc_base)
}

/// The exit code of a `terminate` whose code the transpiler panics on.
fn bad_exit_code(word: u32) -> Option<i32> {
    const CUSTOM_0: u32 = 0x0b;
    let code = word as i32 >> 20;
    (word & 0x707f == CUSTOM_0 && !(0..=255).contains(&code)).then_some(code)
}

/// Bytes in memory of all loadable segments, as far as the headers can be read: the SDK's reader walks every one of
/// them word by word, however often they overlap, and judges the rest.
fn image_bytes(elf: &[u8]) -> u64 {
    const PT_LOAD: u32 = 1;
    let half = |at: usize| elf.get(at..at + 2).map(|b| u16::from_le_bytes([b[0], b[1]]));
    let word = |at: usize| elf.get(at..at + 4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]));
    let (Some(offset), Some(size), Some(count)) = (word(28), half(42), half(44)) else {
        return 0;
    };
    (0..usize::from(count))
        .map(|index| offset as usize + index * usize::from(size))
        .filter(|&header| word(header) == Some(PT_LOAD))
        .filter_map(|header| word(header + 20))
        .map(u64::from)
        .sum()
}
