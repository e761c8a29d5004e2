//! Predecoded instructions: what the hot loop reads instead of instruction words.
//!
//! An [`Op`] is as small as an [`Instruction`] but has its decisions taken: branch offsets are counted in ops, a
//! write to x0 goes to a register nobody reads, and whatever is rare, refused or faulty is [`Kind::Cold`], which
//! makes the loop hand the instruction to the machine. A planted fault is therefore free where none is planted.

use assay_isa::{Instruction, Opcode};

/// Register slots of a hart: x0 to x31, and more so that a `u8` is always a valid index.
pub(crate) const SLOTS: usize = 256;
/// The slot that takes writes to x0.
const DISCARD: u8 = 32;

/// A predecoded instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Op {
    pub(crate) kind: Kind,
    /// Slot to write; [`DISCARD`] for x0.
    pub(crate) rd: u8,
    pub(crate) rs1: u8,
    pub(crate) rs2: u8,
    /// The immediate; for branches and `jal` the distance to the target in ops.
    pub(crate) imm: i32,
}

impl Op {
    /// Not looked at yet.
    pub(crate) const UNDECODED: Self = Self::of(Kind::Undecoded);
    /// Left to the machine.
    pub(crate) const COLD: Self = Self::of(Kind::Cold);

    const fn of(kind: Kind) -> Self {
        Self { kind, rd: DISCARD, rs1: 0, rs2: 0, imm: 0 }
    }

    /// The op of `instruction`; cold for all that the hot loop leaves alone.
    pub(crate) fn new(instruction: Instruction) -> Self {
        let kind = Kind::of(instruction.opcode);
        let mut imm = instruction.imm;
        if kind.is_relative_jump() {
            if imm % 4 != 0 {
                // Its target is misaligned, which matters only if it is taken.
                return Self::COLD;
            }
            imm /= 4;
        }
        Self {
            kind,
            rd: if instruction.rd == 0 { DISCARD } else { instruction.rd },
            rs1: instruction.rs1,
            rs2: instruction.rs2,
            imm,
        }
    }
}

macro_rules! kinds {
    ($($name:ident)*) => {
        /// What an op does: the instructions of the hot loop by their own names, and three more.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum Kind {
            /// The word was not looked at yet, or was overwritten.
            Undecoded,
            /// The machine executes it outside of the loop.
            Cold,
            /// Does nothing: fences, on one hart without caches.
            Nop,
            $($name,)*
        }

        impl Kind {
            fn of(opcode: Opcode) -> Self {
                match opcode {
                    $(Opcode::$name => Self::$name,)*
                    Opcode::Fence | Opcode::FenceI => Self::Nop,
                    _ => Self::Cold,
                }
            }
        }
    };
}

kinds! {
    Lui Auipc Jal Jalr Beq Bne Blt Bge Bltu Bgeu
    Lb Lh Lw Ld Lbu Lhu Lwu Sb Sh Sw Sd
    Addi Slti Sltiu Xori Ori Andi Slli Srli Srai
    Add Sub Sll Slt Sltu Xor Srl Sra Or And
    Addiw Slliw Srliw Sraiw Addw Subw Sllw Srlw Sraw
    Mul Mulh Mulhsu Mulhu Div Divu Rem Remu
    Mulw Divw Divuw Remw Remuw
}

impl Kind {
    fn is_relative_jump(self) -> bool {
        matches!(self, Self::Jal | Self::Beq | Self::Bne | Self::Blt | Self::Bge | Self::Bltu | Self::Bgeu)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_op_is_eight_bytes() {
        assert_eq!(size_of::<Op>(), 8);
    }

    #[test]
    fn writes_to_x0_are_redirected_and_odd_branches_are_cold() {
        let mut instruction = Instruction::new(Opcode::Add);
        assert_eq!(Op::new(instruction).rd, DISCARD);
        instruction.opcode = Opcode::Jal;
        instruction.imm = -8;
        assert_eq!(Op::new(instruction).imm, -2);
        instruction.imm = 6;
        assert_eq!(Op::new(instruction), Op::COLD);
    }

    #[test]
    fn only_system_atomic_and_vendor_instructions_are_cold() {
        use assay_isa::Class;
        for &opcode in Opcode::ALL {
            let class = opcode.entry().class;
            let cold = matches!(class, Class::System | Class::Atomic | Class::Vendor);
            assert_eq!(Kind::of(opcode) == Kind::Cold, cold, "{}", opcode.mnemonic());
        }
    }
}
