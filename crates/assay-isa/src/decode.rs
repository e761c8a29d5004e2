//! From a word to an [`Instruction`].

use core::fmt;

use thiserror::Error;

use crate::csr;
use crate::format::ImmediateField;
use crate::instruction::Instruction;
use crate::isa::{Extension, Isa, Xlen, XlenSet};
use crate::table::{Entry, Opcode, ROWS};

/// Why a word is no instruction of the given ISA.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// The low two bits are not 11: a 16-bit instruction of the C extension, or data.
    #[error(
        "{half:#06x} is a compressed (16-bit) instruction, which no ISA here has; build the guest without the C extension"
    )]
    Compressed {
        /// The low 16 bits.
        half: u16,
    },
    /// A known instruction that this product does not execute.
    #[error("{word:#010x} is not supported: {what}")]
    Unsupported {
        /// The word.
        word: u32,
        /// What it would do.
        what: Unsupported,
    },
    /// No instruction that this crate knows.
    #[error(
        "{word:#010x} is not a valid instruction; it may be data, or belong to an extension that is not known here"
    )]
    Illegal {
        /// The word.
        word: u32,
    },
    /// A valid instruction, but of another ISA.
    #[error(
        "{word:#010x} is `{mnemonic}`, which needs {needs}; choose an ISA that has it or build the guest for this one"
    )]
    NotInIsa {
        /// The word.
        word: u32,
        /// The name of the instruction.
        mnemonic: &'static str,
        /// What the ISA lacks.
        needs: Needs,
    },
}

/// A known instruction that is recognised but not supported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsupported {
    /// A Zicsr access of this control and status register.
    Csr {
        /// The register's number, 12 bits.
        number: u16,
    },
}

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Csr { number } = *self;
        match csr::name(number) {
            Some(name) => write!(f, "access to CSR {name} ({number:#05x})")?,
            None => write!(f, "access to CSR {number:#05x}")?,
        }
        f.write_str(" needs Zicsr, which guests here do not have; take the value from the host's report or as an input")
    }
}

/// What an ISA lacks to have an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// The extension must be switched on.
    Extension(Extension),
    /// The registers must be this wide.
    Xlen(Xlen),
}

impl fmt::Display for Needs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Extension(extension) => write!(f, "extension {extension}"),
            Self::Xlen(xlen) => write!(f, "{xlen}"),
        }
    }
}

/// Words fall into buckets by bits 6:2 (major opcode) and 14:12 (funct3).
const BUCKETS: usize = 256;

const fn bucket_of(word: u32) -> usize {
    (word >> 2 & 0x1f | (word >> 12 & 7) << 5) as usize
}

/// The bits that choose the bucket.
const BUCKET_BITS: u32 = 0x707c;

const fn belongs(entry: &Entry, bucket: usize) -> bool {
    let pattern = (bucket as u32 & 0x1f) << 2 | (bucket as u32 >> 5) << 12;
    (entry.value ^ pattern) & entry.mask & BUCKET_BITS == 0
}

const fn count_slots() -> usize {
    let mut slots = 0;
    let mut bucket = 0;
    while bucket < BUCKETS {
        let mut row = 0;
        while row < ROWS.len() {
            slots += belongs(&ROWS[row], bucket) as usize;
            row += 1;
        }
        bucket += 1;
    }
    slots
}

/// What the hot loop needs of a row, packed.
#[derive(Clone, Copy)]
struct Slot {
    mask: u32,
    value: u32,
    opcode: Opcode,
    rd_mask: u8,
    rs1_mask: u8,
    rs2_mask: u8,
    imm: ImmediateField,
    extension: Extension,
    xlen: XlenSet,
}

/// The rows of each bucket, one bucket after the other; `starts[b]..starts[b + 1]` are those of bucket `b`.
struct Buckets {
    starts: [u16; BUCKETS + 1],
    slots: [Slot; count_slots()],
}

const fn register_mask(present: bool) -> u8 {
    if present { 0x1f } else { 0 }
}

const fn build() -> Buckets {
    let none = Slot {
        mask: 0,
        value: 0,
        opcode: Opcode::Lui,
        rd_mask: 0,
        rs1_mask: 0,
        rs2_mask: 0,
        imm: ImmediateField::None,
        extension: Extension::I,
        xlen: XlenSet::Both,
    };
    let mut buckets = Buckets { starts: [0; BUCKETS + 1], slots: [none; count_slots()] };
    let mut filled = 0;
    let mut bucket = 0;
    while bucket < BUCKETS {
        let mut row = 0;
        while row < ROWS.len() {
            let entry = &ROWS[row];
            if belongs(entry, bucket) {
                let fields = entry.format.fields();
                buckets.slots[filled] = Slot {
                    mask: entry.mask,
                    value: entry.value,
                    opcode: entry.opcode,
                    rd_mask: register_mask(fields.rd),
                    rs1_mask: register_mask(fields.rs1),
                    rs2_mask: register_mask(fields.rs2),
                    imm: fields.imm,
                    extension: entry.extension,
                    xlen: entry.xlen,
                };
                filled += 1;
            }
            row += 1;
        }
        bucket += 1;
        buckets.starts[bucket] = filled as u16;
    }
    buckets
}

static DECODER: Buckets = build();

/// The instruction that `word` is in `isa`.
#[inline]
pub fn decode(word: u32, isa: Isa) -> Result<Instruction, DecodeError> {
    if word & 3 != 3 {
        return Err(DecodeError::Compressed { half: word as u16 });
    }
    let bucket = bucket_of(word);
    let range = usize::from(DECODER.starts[bucket])..usize::from(DECODER.starts[bucket + 1]);
    for slot in &DECODER.slots[range] {
        if word & slot.mask == slot.value {
            let inst = Instruction {
                opcode: slot.opcode,
                rd: (word >> 7) as u8 & slot.rd_mask,
                rs1: (word >> 15) as u8 & slot.rs1_mask,
                rs2: (word >> 20) as u8 & slot.rs2_mask,
                imm: slot.imm.extract(word),
            };
            let is_there = isa.ext.contains(slot.extension) && slot.xlen.contains(isa.xlen);
            // On RV32 a shift amount has five bits; the sixth makes it an RV64 instruction.
            let is_wide_shift = slot.imm == ImmediateField::Shift && inst.imm >= isa.xlen.bits() as i32;
            if is_there && !is_wide_shift {
                return Ok(inst);
            }
            return Err(not_in_isa(word, slot.opcode.entry(), isa));
        }
    }
    Err(undecodable(word))
}

#[cold]
fn not_in_isa(word: u32, entry: &Entry, isa: Isa) -> DecodeError {
    let needs =
        if isa.ext.contains(entry.extension) { Needs::Xlen(Xlen::Rv64) } else { Needs::Extension(entry.extension) };
    DecodeError::NotInIsa { word, mnemonic: entry.mnemonic, needs }
}

#[cold]
fn undecodable(word: u32) -> DecodeError {
    match csr::access(word) {
        Some(number) => DecodeError::Unsupported { word, what: Unsupported::Csr { number } },
        None => DecodeError::Illegal { word },
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn fields_are_extracted_by_format() {
        // beq a0, a1, -4096; jal ra, -2; sw s0, -1(sp)
        let beq = decode(0x80b5_0063, Isa::RV32IM).unwrap();
        assert_eq!(beq, Instruction { opcode: Opcode::Beq, rd: 0, rs1: 10, rs2: 11, imm: -4096 });
        let jal = decode(0xffff_f0ef, Isa::RV32IM).unwrap();
        assert_eq!(jal, Instruction { opcode: Opcode::Jal, rd: 1, rs1: 0, rs2: 0, imm: -2 });
        let sw = decode(0xfe81_2fa3, Isa::RV32IM).unwrap();
        assert_eq!(sw, Instruction { opcode: Opcode::Sw, rd: 0, rs1: 2, rs2: 8, imm: -1 });
    }

    #[test]
    fn each_refusal_names_its_cause() {
        let refusal = |word, isa| decode(word, isa).unwrap_err();
        assert_eq!(refusal(0x0000_4501, Isa::RV32IM), DecodeError::Compressed { half: 0x4501 });
        assert_eq!(refusal(0xffff_ffff, Isa::RV32IM), DecodeError::Illegal { word: 0xffff_ffff });
        assert_eq!(refusal(0xc000_1073, Isa::RV32IM), DecodeError::Illegal { word: 0xc000_1073 });
        let message = refusal(0xc000_2573, Isa::RV32IM).to_string();
        assert!(message.contains("CSR cycle (0xc00)"), "{message}");
        let message = refusal(0xc820_2573, Isa::RV32IM).to_string();
        assert!(message.contains("CSR instreth (0xc82)"), "{message}");
        let message = refusal(0x0000_3503, Isa::RV32IM).to_string();
        assert!(message.contains("`ld`, which needs rv64"), "{message}");
        let message = refusal(0x0205_1513, Isa::RV32IM).to_string();
        assert!(message.contains("`slli`, which needs rv64"), "{message}");
        let message = refusal(0x00b5_252f, Isa::RV32IM).to_string();
        assert!(message.contains("`amoadd.w`, which needs extension a"), "{message}");
        let message = refusal(0x0000_000b, Isa::RV64IM).to_string();
        assert!(message.contains("needs extension xopenvm"), "{message}");
    }

    #[test]
    fn reserved_fields_of_a_fence_are_kept() {
        let fence = decode(0x0ff5_858f, Isa::RV32IM).unwrap();
        assert_eq!(fence, Instruction { opcode: Opcode::Fence, rd: 11, rs1: 11, rs2: 0, imm: 0x0ff });
    }
}
