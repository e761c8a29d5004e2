//! Planted faults: ways to make the machine wrong on purpose.
//!
//! **They exist for one reason: to show that Assay finds a wrong machine.** A tool that compares executors and has only
//! ever seen them agree has shown nothing. A test plants `sub:rs2=7:+1`, compares, and demands that the difference is
//! found and named. No run that is not such a test has a fault, each run with one says so in its [`Config`](crate::Config),
//! and the hot loop pays nothing for the possibility: an afflicted instruction is predecoded as cold.

use std::fmt;
use std::str::FromStr;

use assay_isa::{Instruction, Opcode};

/// One planted fault: whenever an instruction is executed (and its operand has the given value, if one is given), its
/// result is changed before it is written.
///
/// Written `mnemonic[:operand=value]:change`, where the operand is `rs1`, `rs2` (the register's content) or `imm`, and
/// the change is `+N`, `-N` or `^0xN`: `sub:rs2=7:+1`, `addi:imm=-1:-1`, `mulhu:^0x80000000`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    opcode: Opcode,
    condition: Option<(Operand, u64)>,
    change: Change,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operand {
    Rs1,
    Rs2,
    Imm,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Add(u64),
    Subtract(u64),
    Xor(u64),
}

/// Text that is not a planted fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// Not of the form `mnemonic[:operand=value]:change`.
    #[error("expected a fault such as sub:rs2=7:+1 or mul:^0x10, found {0:?}")]
    Form(String),
    /// No instruction has this name.
    #[error("no instruction is called {0:?}; write the mnemonic in lower case, without .aq or .rl")]
    Mnemonic(String),
    /// The instruction writes no register, so that it has no result to change.
    #[error("{0} writes no register; plant the fault in an instruction with a destination register")]
    NoResult(&'static str),
    /// The instruction has no such operand.
    #[error("{mnemonic} has no operand {operand}; its condition may name only operands that it has")]
    NoOperand {
        /// The instruction.
        mnemonic: &'static str,
        /// The operand.
        operand: String,
    },
    /// Not a number of at most 64 bits.
    #[error("expected a number such as 7, -1 or 0x1f (at most 64 bits), found {0:?}")]
    Number(String),
}

impl Fault {
    /// The instruction that it afflicts.
    pub fn opcode(&self) -> Opcode {
        self.opcode
    }

    /// Whether it strikes `instruction`, given the contents of its sources. `mask` cuts to the register width.
    pub(crate) fn strikes(&self, instruction: Instruction, rs1: u64, rs2: u64, mask: u64) -> bool {
        let Some((operand, value)) = self.condition else {
            return true;
        };
        let actual = match operand {
            Operand::Rs1 => rs1,
            Operand::Rs2 => rs2,
            Operand::Imm => i64::from(instruction.imm) as u64,
        };
        actual & mask == value & mask
    }

    /// The wrong result in place of `result`.
    pub(crate) fn change(&self, result: u64) -> u64 {
        match self.change {
            Change::Add(amount) => result.wrapping_add(amount),
            Change::Subtract(amount) => result.wrapping_sub(amount),
            Change::Xor(bits) => result ^ bits,
        }
    }
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let form = || FaultError::Form(clip(text));
        let (mnemonic, rest) = text.split_once(':').ok_or_else(form)?;
        let (condition, change) = match rest.split_once(':') {
            Some((condition, change)) => (Some(condition), change),
            None => (None, rest),
        };
        let opcode = Opcode::from_mnemonic(mnemonic).ok_or_else(|| FaultError::Mnemonic(clip(mnemonic)))?;
        if !opcode.entry().format.writes_rd() {
            return Err(FaultError::NoResult(opcode.mnemonic()));
        }
        let condition = condition
            .map(|condition| {
                let (operand, value) = condition.split_once('=').ok_or_else(form)?;
                Ok((Operand::parse(operand, opcode)?, number(value)?))
            })
            .transpose()?;
        let change = match change.split_at_checked(1) {
            Some(("+", amount)) => Change::Add(unsigned(amount)?),
            Some(("-", amount)) => Change::Subtract(unsigned(amount)?),
            Some(("^", bits)) => Change::Xor(unsigned(bits)?),
            _ => return Err(form()),
        };
        Ok(Self { opcode, condition, change })
    }
}

impl Operand {
    fn parse(text: &str, opcode: Opcode) -> Result<Self, FaultError> {
        let fields = opcode.entry().format.fields();
        let has_imm = fields.imm != assay_isa::ImmediateField::None;
        match text {
            "rs1" if fields.rs1 => Ok(Self::Rs1),
            "rs2" if fields.rs2 => Ok(Self::Rs2),
            "imm" if has_imm => Ok(Self::Imm),
            _ => Err(FaultError::NoOperand { mnemonic: opcode.mnemonic(), operand: clip(text) }),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Rs1 => "rs1",
            Self::Rs2 => "rs2",
            Self::Imm => "imm",
        }
    }
}

/// Shows a fault in the form in which it is parsed; values are decimal, with a sign where bit 63 is set.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.opcode.mnemonic())?;
        if let Some((operand, value)) = self.condition {
            write!(f, "{}={}:", operand.name(), value as i64)?;
        }
        match self.change {
            Change::Add(amount) => write!(f, "+{amount}"),
            Change::Subtract(amount) => write!(f, "-{amount}"),
            Change::Xor(bits) => write!(f, "^{bits:#x}"),
        }
    }
}

fn number(text: &str) -> Result<u64, FaultError> {
    match text.strip_prefix('-') {
        Some(digits) => Ok(unsigned(digits)?.wrapping_neg()),
        None => unsigned(text),
    }
}

fn unsigned(text: &str) -> Result<u64, FaultError> {
    let (digits, radix) = match text.strip_prefix("0x") {
        Some(digits) => (digits, 16),
        None => (text, 10),
    };
    // `from_str_radix` takes a sign, which does not belong here.
    Some(digits)
        .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .and_then(|digits| u64::from_str_radix(digits, radix).ok())
        .ok_or_else(|| FaultError::Number(clip(text)))
}

/// Error messages quote what was given, but not at any length.
fn clip(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_displayed_as_it_is_parsed() {
        for text in ["sub:rs2=7:+1", "addi:imm=-1:-3", "mulhu:^0x80000000", "lw:rs1=4096:+1"] {
            assert_eq!(text.parse::<Fault>().unwrap().to_string(), text);
        }
        let hex: Fault = "sub:rs2=0xffffffffffffffff:+0x10".parse().unwrap();
        assert_eq!(hex.to_string(), "sub:rs2=-1:+16");
        assert_eq!(hex.to_string().parse::<Fault>(), Ok(hex));
    }

    #[test]
    fn what_is_no_fault_is_refused_by_its_cause() {
        let refused = |text: &str| text.parse::<Fault>().unwrap_err();
        for text in ["", "sub", "sub:", "sub:1", "sub:rs2:+1", "sub:*2"] {
            assert!(matches!(refused(text), FaultError::Form(_)), "{text}");
        }
        assert!(matches!(refused("nope:+1"), FaultError::Mnemonic(_)));
        assert!(matches!(refused("sw:+1"), FaultError::NoResult("sw")));
        assert!(matches!(refused("addi:rs2=1:+1"), FaultError::NoOperand { .. }));
        assert!(matches!(refused("sub:imm=1:+1"), FaultError::NoOperand { .. }));
        for text in ["sub:+", "sub:++1", "sub:rs1=x:+1", "sub:^0x10000000000000000"] {
            assert!(matches!(refused(text), FaultError::Number(_)), "{text}");
        }
    }
}
