//! Instruction formats: which fields a word has and how its operands are written.

/// What kind of work an instruction does, for statistics, generators and reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Register-register arithmetic, logic and comparison.
    Alu,
    /// The same with an immediate.
    AluImm,
    /// Shifts, by register or by immediate.
    Shift,
    /// Multiplication, division and remainder.
    MulDiv,
    /// Loads from memory.
    Load,
    /// Stores to memory.
    Store,
    /// Conditional branches.
    Branch,
    /// `jal` and `jalr`.
    Jump,
    /// `lui` and `auipc`.
    Upper,
    /// Load-reserved, store-conditional and read-modify-write.
    Atomic,
    /// `fence` and `fence.i`.
    Fence,
    /// `ecall` and `ebreak`.
    System,
    /// Instructions of a zkVM.
    Vendor,
}

/// The layout of an instruction word together with the way its operands are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// `add rd, rs1, rs2`.
    R,
    /// `addi rd, rs1, imm`: 12-bit signed immediate.
    I,
    /// `lw rd, imm(rs1)`, and `jalr`: 12-bit signed immediate.
    Load,
    /// `slli rd, rs1, shamt` with `shamt` below XLEN.
    Shift,
    /// `slliw rd, rs1, shamt` with `shamt` below 32.
    ShiftWord,
    /// `sw rs2, imm(rs1)`: 12-bit signed immediate.
    Store,
    /// `beq rs1, rs2, offset`: 13-bit signed, even.
    Branch,
    /// `lui rd, imm`: 20 bits, written unshifted.
    Upper,
    /// `jal rd, offset`: 21-bit signed, even.
    Jump,
    /// `lr.w rd, (rs1)` with `aq`/`rl` in the mnemonic.
    LoadReserved,
    /// `amoadd.w rd, rs2, (rs1)` with `aq`/`rl` in the mnemonic.
    Atomic,
    /// `fence pred, succ`. `rd` and `rs1` are reserved: implementations ignore them (unprivileged spec, 2.7), so
    /// they are kept but are no operands.
    Fence,
    /// `fence.i`. `rd`, `rs1` and the immediate are reserved and kept likewise.
    FenceI,
    /// No operands.
    Bare,
    /// `openvm.terminate code`: exit code in one byte.
    VendorCode,
    /// `openvm.hint_storew rd`: the field called `rd` names a register that is *read*.
    VendorOne,
    /// `openvm.hint_buffer rd, rs1`: both are read.
    VendorTwo,
    /// `openvm.reveal rd, rs1, imm`: both registers are read.
    VendorReveal,
}

/// How the immediate of a format lies in the word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImmediateField {
    /// There is none.
    None,
    /// Bits 31:20, signed.
    I,
    /// Bits 31:25 and 11:7, signed.
    S,
    /// Branch offset in bytes.
    B,
    /// Bits 31:12, kept in place.
    U,
    /// Jump offset in bytes.
    J,
    /// Bits 25:20: shift amount below XLEN.
    Shift,
    /// Bits 24:20: shift amount below 32.
    ShiftWord,
    /// Bits 26:25: `aq << 1 | rl`.
    Ordering,
    /// Bits 31:20, unsigned: `fm`, `pred`, `succ`.
    Fence,
    /// Bits 27:20, unsigned: an exit code.
    Code,
}

impl ImmediateField {
    /// The least and the greatest value, and what it must be a multiple of.
    pub const fn range(self) -> (i32, i32, i32) {
        match self {
            Self::None => (0, 0, 1),
            Self::I | Self::S => (-2048, 2047, 1),
            Self::B => (-4096, 4094, 2),
            Self::U => (i32::MIN, 0x7fff_f000, 0x1000),
            Self::J => (-0x10_0000, 0xf_fffe, 2),
            Self::Shift => (0, 63, 1),
            Self::ShiftWord => (0, 31, 1),
            Self::Ordering => (0, 3, 1),
            Self::Fence => (0, 0xfff, 1),
            Self::Code => (0, 0xff, 1),
        }
    }

    /// The value that `word` holds.
    #[inline]
    pub(crate) const fn extract(self, word: u32) -> i32 {
        let signed = word as i32;
        match self {
            Self::None => 0,
            Self::I => signed >> 20,
            Self::S => (signed >> 25 << 5) | (word >> 7 & 0x1f) as i32,
            Self::B => {
                (signed >> 31 << 12)
                    | ((word >> 7 & 1) << 11 | (word >> 25 & 0x3f) << 5 | (word >> 8 & 0xf) << 1) as i32
            }
            Self::U => (word & 0xffff_f000) as i32,
            Self::J => {
                (signed >> 31 << 20) | (word & 0x000f_f000 | (word >> 20 & 1) << 11 | (word >> 21 & 0x3ff) << 1) as i32
            }
            Self::Shift => (word >> 20 & 0x3f) as i32,
            Self::ShiftWord => (word >> 20 & 0x1f) as i32,
            Self::Ordering => (word >> 25 & 3) as i32,
            Self::Fence => (word >> 20) as i32,
            Self::Code => (word >> 20 & 0xff) as i32,
        }
    }

    /// The bits of a word that hold `value`, which must be within [`ImmediateField::range`].
    pub(crate) const fn insert(self, value: i32) -> u32 {
        let bits = value as u32;
        match self {
            Self::None => 0,
            Self::I | Self::Shift | Self::ShiftWord | Self::Fence | Self::Code => bits << 20,
            Self::S => (bits >> 5 & 0x7f) << 25 | (bits & 0x1f) << 7,
            Self::B => {
                (bits >> 12 & 1) << 31 | (bits >> 5 & 0x3f) << 25 | (bits >> 1 & 0xf) << 8 | (bits >> 11 & 1) << 7
            }
            Self::U => bits & 0xffff_f000,
            Self::J => (bits >> 20 & 1) << 31 | (bits >> 1 & 0x3ff) << 21 | (bits >> 11 & 1) << 20 | bits & 0x000f_f000,
            Self::Ordering => bits << 25,
        }
    }
}

/// Which fields a format has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fields {
    /// Bits 11:7 name a register.
    pub rd: bool,
    /// Bits 19:15 name a register.
    pub rs1: bool,
    /// Bits 24:20 name a register.
    pub rs2: bool,
    /// The immediate.
    pub imm: ImmediateField,
}

impl Format {
    /// Which fields the format has.
    pub const fn fields(self) -> Fields {
        use ImmediateField as Imm;
        let (rd, rs1, rs2, imm) = match self {
            Self::R => (true, true, true, Imm::None),
            Self::I | Self::Load | Self::VendorReveal => (true, true, false, Imm::I),
            Self::Shift => (true, true, false, Imm::Shift),
            Self::ShiftWord => (true, true, false, Imm::ShiftWord),
            Self::Store => (false, true, true, Imm::S),
            Self::Branch => (false, true, true, Imm::B),
            Self::Upper => (true, false, false, Imm::U),
            Self::Jump => (true, false, false, Imm::J),
            Self::LoadReserved => (true, true, false, Imm::Ordering),
            Self::Atomic => (true, true, true, Imm::Ordering),
            Self::Fence | Self::FenceI => (true, true, false, Imm::Fence),
            Self::Bare => (false, false, false, Imm::None),
            Self::VendorCode => (false, false, false, Imm::Code),
            Self::VendorOne => (true, false, false, Imm::None),
            Self::VendorTwo => (true, true, false, Imm::None),
        };
        Fields { rd, rs1, rs2, imm }
    }

    /// Whether the field `rd` names the register that is written.
    pub const fn writes_rd(self) -> bool {
        match self {
            Self::R
            | Self::I
            | Self::Load
            | Self::Shift
            | Self::ShiftWord
            | Self::Upper
            | Self::Jump
            | Self::LoadReserved
            | Self::Atomic => true,
            Self::Store
            | Self::Branch
            | Self::Fence
            | Self::FenceI
            | Self::Bare
            | Self::VendorCode
            | Self::VendorOne
            | Self::VendorTwo
            | Self::VendorReveal => false,
        }
    }
}
