//! A case: a program, its input, and what must come out.
//!
//! Cases are data and know no backend. What they are made for is a [`Target`]: a platform and a register width, which is
//! what decides how a program is built and where memory is. A name means the same on every target.

use std::fmt;

use assay_guest::HarnessLayout;
use assay_isa::{Isa, Xlen};
use assay_spec::{MemoryInit, Platform, Register, RegisterFile, TrapKind, Word};

/// Longest output that a case expects byte for byte to be shown, in bytes.
const SHOWN_BYTES: usize = 16;

/// What cases are made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// Memory map, calls and exit convention.
    pub platform: Platform,
    /// What guests are built for; `None` for native ones, which have no hart.
    pub isa: Option<Isa>,
}

impl Target {
    /// Guests of this platform and instruction set.
    pub fn new(platform: Platform, isa: Isa) -> Self {
        Self { platform, isa: Some(isa) }
    }

    /// Programs of this machine.
    pub const NATIVE: Self = Self { platform: Platform::Native, isa: None };

    /// The width of the registers; `None` for a native guest.
    pub fn xlen(&self) -> Option<Xlen> {
        self.isa.map(|isa| isa.xlen)
    }
}

/// What a case is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// `read_input`.
    Input,
    /// `write_output`.
    Output,
    /// How guests end.
    Exit,
    /// What stops a hart.
    Trap,
    /// Loads and stores at addresses that are no multiple of their size.
    Misaligned,
    /// Corners of the base instruction set: division, x0.
    Corner,
    /// Every instruction, in the manner of the riscv-tests.
    Isa,
    /// How executables are loaded.
    Elf,
    /// The stack.
    Stack,
    /// Guests that break the rules on purpose.
    Hostile,
    /// Known answers of the accelerators.
    Accelerator,
    /// The calls of the platform `standard`, by their raw ECALL.
    Call,
    /// Proofs.
    Proof,
}

impl Group {
    /// Every group, in the order in which cases are run.
    pub const ALL: [Self; 13] = [
        Self::Input,
        Self::Output,
        Self::Exit,
        Self::Trap,
        Self::Misaligned,
        Self::Corner,
        Self::Isa,
        Self::Elf,
        Self::Stack,
        Self::Hostile,
        Self::Accelerator,
        Self::Call,
        Self::Proof,
    ];

    /// The first part of names of its cases.
    pub fn name(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Output => "output",
            Self::Exit => "exit",
            Self::Trap => "trap",
            Self::Misaligned => "misaligned",
            Self::Corner => "corner",
            Self::Isa => "isa",
            Self::Elf => "elf",
            Self::Stack => "stack",
            Self::Hostile => "hostile",
            Self::Accelerator => "accelerator",
            Self::Call => "call",
            Self::Proof => "proof",
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// One case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// `GROUP/WHAT`.
    pub name: String,
    /// What it is about.
    pub group: Group,
    /// What is tried, in a sentence.
    pub about: String,
    /// What is run.
    pub program: Program,
    /// The guest's input.
    pub input: Vec<u8>,
    /// What must come out.
    pub expect: Expect,
}

/// What a case runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Program {
    /// A guest that ships, by its name.
    Core(&'static str),
    /// An instruction sequence, in the harness of the platform.
    Sequence(Sequence),
    /// An executable as it is.
    Executable {
        /// The file, which may be none that any loader takes.
        elf: Vec<u8>,
        /// Where what is, if it was made from a harness.
        layout: Option<HarnessLayout>,
    },
    /// Nothing: the case does not apply to the target, for this reason.
    NotApplicable(String),
}

/// An instruction sequence and what it starts from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sequence {
    /// Assembly, or hex words, as `assay run --insts` takes them. May depend on no address.
    pub text: String,
    /// Registers to start from; the others start at 0.
    pub registers: RegisterFile,
    /// Memory to start from.
    pub memory: Vec<MemoryInit>,
}

/// What must come out of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expect {
    /// The guest exits with `code`, and its public output is `output` (on a platform whose output is an array of fixed
    /// size: with zeros behind it).
    Exit {
        /// The exit code.
        code: u32,
        /// The whole public output.
        output: Vec<u8>,
    },
    /// The guest exits with `code`, whatever its output.
    ExitCode(u32),
    /// The guest panics, with this text in its message.
    Panic(String),
    /// The sequence ends, and these registers hold these values.
    Registers(RegisterFile),
    /// The hart stops for one of these reasons.
    Trap(Vec<TrapKind>),
    /// The executable is refused before anything of it is executed.
    Refused,
    /// The guest does not succeed, and its end is the guest's: it traps, panics, exits with another code than 0 or meets a
    /// limit of memory, output or steps. The machinery around it lives.
    Stopped,
    /// One of these.
    OneOf(Vec<Expect>),
}

impl Case {
    /// A case called `GROUP/NAME`.
    pub fn new(group: Group, name: &str, about: &str, program: Program, expect: Expect) -> Self {
        let name = format!("{group}/{name}");
        Self { name, group, about: about.to_owned(), program, input: Vec::new(), expect }
    }

    /// The same with an input.
    #[must_use]
    pub fn with_input(self, input: Vec<u8>) -> Self {
        Self { input, ..self }
    }

    /// A case that runs an instruction sequence: assembly text from registers and memory that are all 0.
    pub fn sequence(group: Group, name: &str, about: &str, text: impl Into<String>, expect: Expect) -> Self {
        let sequence = Sequence { text: text.into(), ..Sequence::default() };
        Self::new(group, name, about, Program::Sequence(sequence), expect)
    }
}

impl Expect {
    /// The guest exits with 0, and its public output is `output`.
    pub fn ok(output: impl Into<Vec<u8>>) -> Self {
        Self::Exit { code: 0, output: output.into() }
    }

    /// The register `index` holds `value` in the end.
    ///
    /// # Panics
    ///
    /// If there is no such register.
    pub fn register(index: u8, value: u64) -> Self {
        let register = Register::new(index).expect("there are 32 registers");
        Self::Registers(RegisterFile::from([(register, Word(value))]))
    }
}

impl fmt::Display for Expect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exit { code, output } => write!(f, "exit code {code}, output {}", Bytes(output)),
            Self::ExitCode(code) => write!(f, "exit code {code}"),
            Self::Panic(text) if text.is_empty() => f.write_str("a panic"),
            Self::Panic(text) => write!(f, "a panic with the text {text:?}"),
            Self::Registers(registers) => {
                let values: Vec<_> =
                    registers.iter().map(|(register, value)| format!("{register} = {value}")).collect();
                f.write_str(&values.join(", "))
            }
            Self::Trap(kinds) if kinds.is_empty() => f.write_str("a trap"),
            Self::Trap(kinds) => {
                let kinds: Vec<_> = kinds.iter().map(ToString::to_string).collect();
                write!(f, "a trap: {}", kinds.join(" or "))
            }
            Self::Refused => f.write_str("refused before it runs"),
            Self::Stopped => f.write_str("no success, and an end that is the guest's own"),
            Self::OneOf(all) => {
                let all: Vec<_> = all.iter().map(ToString::to_string).collect();
                f.write_str(&all.join("; or "))
            }
        }
    }
}

/// Bytes for people: all of a few, of many the first and how many.
pub(crate) struct Bytes<'a>(pub(crate) &'a [u8]);

impl fmt::Display for Bytes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hex = |bytes: &[u8]| assay_spec::HexBytes(bytes.to_vec()).to_string();
        match self.0 {
            [] => f.write_str("nothing"),
            bytes if bytes.len() <= SHOWN_BYTES => f.write_str(&hex(bytes)),
            bytes => write!(f, "{}… ({} bytes)", hex(&bytes[..SHOWN_BYTES]), bytes.len()),
        }
    }
}
