//! What can be said of a body before it runs.

use std::fmt;

use assay_isa::{DecodeError, Isa, decode, disassemble};
use assay_spec::Register;

/// x5–x7, x10–x17 and x28–x31: caller-saved registers, which a body may use without getting in the way of anything
/// that a platform, a linker or a runtime keeps in a register.
pub const SAFE_REGISTERS: [u8; 15] = [5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 17, 28, 29, 30, 31];

/// Messages list this many uses and count the others.
const LISTED_MAX: usize = 20;

/// A word of a body that is no instruction of the ISA.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("instruction {index}: {error}")]
pub struct UndecodableWord {
    /// Position in the body, from 0.
    pub index: usize,
    /// The word.
    pub word: u32,
    /// Why it does not decode.
    pub error: DecodeError,
}

/// An instruction of a body that uses a register outside of the safe set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsafeUse {
    /// Position in the body, from 0.
    pub index: usize,
    /// The instruction in text.
    pub text: String,
    /// The register; an instruction that uses several is listed once for each.
    pub register: Register,
}

/// All uses of registers outside of the safe set, at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsafeUses(Vec<UnsafeUse>);

impl UnsafeUses {
    /// An error if there is any.
    pub(super) fn none(uses: Vec<UnsafeUse>) -> Result<(), Self> {
        if uses.is_empty() { Ok(()) } else { Err(Self(uses)) }
    }

    /// The uses, in the order of the body.
    pub fn uses(&self) -> &[UnsafeUse] {
        &self.0
    }
}

impl std::error::Error for UnsafeUses {}

impl fmt::Display for UnsafeUses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "the sequence uses registers outside of the safe set x5-x7, x10-x17, x28-x31; use others or drop the rule:",
        )?;
        for used in self.0.iter().take(LISTED_MAX) {
            write!(f, "\n  {used}")?;
        }
        match self.0.len().saturating_sub(LISTED_MAX) {
            0 => Ok(()),
            more => write!(f, "\n  and {more} more"),
        }
    }
}

impl fmt::Display for UnsafeUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let abi_name = assay_isa::registers::name(self.register.index());
        // People count from 1.
        write!(f, "instruction {}: `{}` uses {} ({abi_name})", self.index + 1, self.text, self.register)
    }
}

pub(super) fn undecodable(body: &[u32], isa: Isa) -> Vec<UndecodableWord> {
    body.iter()
        .enumerate()
        .filter_map(|(index, &word)| {
            let error = decode(word, isa).err()?;
            Some(UndecodableWord { index, word, error })
        })
        .collect()
}

pub(super) fn unsafe_uses(body: &[u32], isa: Isa) -> Vec<UnsafeUse> {
    let mut uses = Vec::new();
    for (index, &word) in body.iter().enumerate() {
        let Ok(instruction) = decode(word, isa) else {
            continue;
        };
        let mut registers: Vec<u8> = instruction
            .destination()
            .into_iter()
            .chain(instruction.sources())
            .filter(|register| *register != 0 && !SAFE_REGISTERS.contains(register))
            .collect();
        registers.sort_unstable();
        registers.dedup();
        uses.extend(registers.into_iter().map(|register| UnsafeUse {
            index,
            text: disassemble(&instruction, None),
            register: Register::new(register).expect("decoded registers are below 32"),
        }));
    }
    uses
}
