//! The instruction table: one row per instruction, and nothing else decides what a word means.
//!
//! Sources of the encodings: *The RISC-V Instruction Set Manual, Volume I* (20240411), chapter 34, and
//! `openvm-rv32im-guest` 2.0.2 for the vendor rows. The vendor rows are the words that `OpenVM`'s own guest library
//! emits: its transpiler would also take words whose unused fields are not zero, and these do not decode here.

use crate::format::{Class, Format};
use crate::isa::{Extension, XlenSet};

/// A row of [`TABLE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The instruction.
    pub opcode: Opcode,
    /// Its name in assembly, without `.aq`/`.rl`.
    pub mnemonic: &'static str,
    /// The bits of a word that are fixed.
    pub mask: u32,
    /// Their values: a word is this instruction if `word & mask == value` and, for [`Format::Shift`] on RV32, the
    /// shift amount is below 32.
    pub value: u32,
    /// Layout of the other bits.
    pub format: Format,
    /// The extension that brings it.
    pub extension: Extension,
    /// The register widths that have it.
    pub xlen: XlenSet,
    /// What kind of work it does.
    pub class: Class,
}

/// Makes [`Opcode`] and [`TABLE`] from the same rows, so that the one is always the index of the other.
macro_rules! table {
    ($($opcode:ident $mnemonic:literal $mask:literal $value:literal $format:ident $extension:ident $xlen:ident $class:ident,)*) => {
        /// An instruction. The discriminant is its row in [`TABLE`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Opcode {
            $(#[doc = concat!("`", $mnemonic, "`")] $opcode,)*
        }

        impl Opcode {
            /// Every instruction, in table order.
            pub const ALL: &[Self] = &[$(Self::$opcode,)*];
        }

        /// The one instruction table, in the order of [`Opcode`].
        pub static TABLE: &[Entry] = ROWS;

        pub(crate) const ROWS: &[Entry] = &[$(Entry {
            opcode: Opcode::$opcode,
            mnemonic: $mnemonic,
            mask: $mask,
            value: $value,
            format: Format::$format,
            extension: Extension::$extension,
            xlen: XlenSet::$xlen,
            class: Class::$class,
        },)*];
    };
}

table! {
    Lui               "lui"                 0x0000_007f 0x0000_0037 Upper         I         Both  Upper,
    Auipc             "auipc"               0x0000_007f 0x0000_0017 Upper         I         Both  Upper,
    Jal               "jal"                 0x0000_007f 0x0000_006f Jump          I         Both  Jump,
    Jalr              "jalr"                0x0000_707f 0x0000_0067 Load          I         Both  Jump,
    Beq               "beq"                 0x0000_707f 0x0000_0063 Branch        I         Both  Branch,
    Bne               "bne"                 0x0000_707f 0x0000_1063 Branch        I         Both  Branch,
    Blt               "blt"                 0x0000_707f 0x0000_4063 Branch        I         Both  Branch,
    Bge               "bge"                 0x0000_707f 0x0000_5063 Branch        I         Both  Branch,
    Bltu              "bltu"                0x0000_707f 0x0000_6063 Branch        I         Both  Branch,
    Bgeu              "bgeu"                0x0000_707f 0x0000_7063 Branch        I         Both  Branch,
    Lb                "lb"                  0x0000_707f 0x0000_0003 Load          I         Both  Load,
    Lh                "lh"                  0x0000_707f 0x0000_1003 Load          I         Both  Load,
    Lw                "lw"                  0x0000_707f 0x0000_2003 Load          I         Both  Load,
    Ld                "ld"                  0x0000_707f 0x0000_3003 Load          I         Rv64  Load,
    Lbu               "lbu"                 0x0000_707f 0x0000_4003 Load          I         Both  Load,
    Lhu               "lhu"                 0x0000_707f 0x0000_5003 Load          I         Both  Load,
    Lwu               "lwu"                 0x0000_707f 0x0000_6003 Load          I         Rv64  Load,
    Sb                "sb"                  0x0000_707f 0x0000_0023 Store         I         Both  Store,
    Sh                "sh"                  0x0000_707f 0x0000_1023 Store         I         Both  Store,
    Sw                "sw"                  0x0000_707f 0x0000_2023 Store         I         Both  Store,
    Sd                "sd"                  0x0000_707f 0x0000_3023 Store         I         Rv64  Store,
    Addi              "addi"                0x0000_707f 0x0000_0013 I             I         Both  AluImm,
    Slti              "slti"                0x0000_707f 0x0000_2013 I             I         Both  AluImm,
    Sltiu             "sltiu"               0x0000_707f 0x0000_3013 I             I         Both  AluImm,
    Xori              "xori"                0x0000_707f 0x0000_4013 I             I         Both  AluImm,
    Ori               "ori"                 0x0000_707f 0x0000_6013 I             I         Both  AluImm,
    Andi              "andi"                0x0000_707f 0x0000_7013 I             I         Both  AluImm,
    Slli              "slli"                0xfc00_707f 0x0000_1013 Shift         I         Both  Shift,
    Srli              "srli"                0xfc00_707f 0x0000_5013 Shift         I         Both  Shift,
    Srai              "srai"                0xfc00_707f 0x4000_5013 Shift         I         Both  Shift,
    Add               "add"                 0xfe00_707f 0x0000_0033 R             I         Both  Alu,
    Sub               "sub"                 0xfe00_707f 0x4000_0033 R             I         Both  Alu,
    Sll               "sll"                 0xfe00_707f 0x0000_1033 R             I         Both  Shift,
    Slt               "slt"                 0xfe00_707f 0x0000_2033 R             I         Both  Alu,
    Sltu              "sltu"                0xfe00_707f 0x0000_3033 R             I         Both  Alu,
    Xor               "xor"                 0xfe00_707f 0x0000_4033 R             I         Both  Alu,
    Srl               "srl"                 0xfe00_707f 0x0000_5033 R             I         Both  Shift,
    Sra               "sra"                 0xfe00_707f 0x4000_5033 R             I         Both  Shift,
    Or                "or"                  0xfe00_707f 0x0000_6033 R             I         Both  Alu,
    And               "and"                 0xfe00_707f 0x0000_7033 R             I         Both  Alu,
    Addiw             "addiw"               0x0000_707f 0x0000_001b I             I         Rv64  AluImm,
    Slliw             "slliw"               0xfe00_707f 0x0000_101b ShiftWord     I         Rv64  Shift,
    Srliw             "srliw"               0xfe00_707f 0x0000_501b ShiftWord     I         Rv64  Shift,
    Sraiw             "sraiw"               0xfe00_707f 0x4000_501b ShiftWord     I         Rv64  Shift,
    Addw              "addw"                0xfe00_707f 0x0000_003b R             I         Rv64  Alu,
    Subw              "subw"                0xfe00_707f 0x4000_003b R             I         Rv64  Alu,
    Sllw              "sllw"                0xfe00_707f 0x0000_103b R             I         Rv64  Shift,
    Srlw              "srlw"                0xfe00_707f 0x0000_503b R             I         Rv64  Shift,
    Sraw              "sraw"                0xfe00_707f 0x4000_503b R             I         Rv64  Shift,
    Fence             "fence"               0x0000_707f 0x0000_000f Fence         I         Both  Fence,
    FenceI            "fence.i"             0x0000_707f 0x0000_100f FenceI        Zifencei  Both  Fence,
    Ecall             "ecall"               0xffff_ffff 0x0000_0073 Bare          I         Both  System,
    Ebreak            "ebreak"              0xffff_ffff 0x0010_0073 Bare          I         Both  System,
    Mul               "mul"                 0xfe00_707f 0x0200_0033 R             M         Both  MulDiv,
    Mulh              "mulh"                0xfe00_707f 0x0200_1033 R             M         Both  MulDiv,
    Mulhsu            "mulhsu"              0xfe00_707f 0x0200_2033 R             M         Both  MulDiv,
    Mulhu             "mulhu"               0xfe00_707f 0x0200_3033 R             M         Both  MulDiv,
    Div               "div"                 0xfe00_707f 0x0200_4033 R             M         Both  MulDiv,
    Divu              "divu"                0xfe00_707f 0x0200_5033 R             M         Both  MulDiv,
    Rem               "rem"                 0xfe00_707f 0x0200_6033 R             M         Both  MulDiv,
    Remu              "remu"                0xfe00_707f 0x0200_7033 R             M         Both  MulDiv,
    Mulw              "mulw"                0xfe00_707f 0x0200_003b R             M         Rv64  MulDiv,
    Divw              "divw"                0xfe00_707f 0x0200_403b R             M         Rv64  MulDiv,
    Divuw             "divuw"               0xfe00_707f 0x0200_503b R             M         Rv64  MulDiv,
    Remw              "remw"                0xfe00_707f 0x0200_603b R             M         Rv64  MulDiv,
    Remuw             "remuw"               0xfe00_707f 0x0200_703b R             M         Rv64  MulDiv,
    LrW               "lr.w"                0xf9f0_707f 0x1000_202f LoadReserved  A         Both  Atomic,
    ScW               "sc.w"                0xf800_707f 0x1800_202f Atomic        A         Both  Atomic,
    AmoswapW          "amoswap.w"           0xf800_707f 0x0800_202f Atomic        A         Both  Atomic,
    AmoaddW           "amoadd.w"            0xf800_707f 0x0000_202f Atomic        A         Both  Atomic,
    AmoxorW           "amoxor.w"            0xf800_707f 0x2000_202f Atomic        A         Both  Atomic,
    AmoandW           "amoand.w"            0xf800_707f 0x6000_202f Atomic        A         Both  Atomic,
    AmoorW            "amoor.w"             0xf800_707f 0x4000_202f Atomic        A         Both  Atomic,
    AmominW           "amomin.w"            0xf800_707f 0x8000_202f Atomic        A         Both  Atomic,
    AmomaxW           "amomax.w"            0xf800_707f 0xa000_202f Atomic        A         Both  Atomic,
    AmominuW          "amominu.w"           0xf800_707f 0xc000_202f Atomic        A         Both  Atomic,
    AmomaxuW          "amomaxu.w"           0xf800_707f 0xe000_202f Atomic        A         Both  Atomic,
    LrD               "lr.d"                0xf9f0_707f 0x1000_302f LoadReserved  A         Rv64  Atomic,
    ScD               "sc.d"                0xf800_707f 0x1800_302f Atomic        A         Rv64  Atomic,
    AmoswapD          "amoswap.d"           0xf800_707f 0x0800_302f Atomic        A         Rv64  Atomic,
    AmoaddD           "amoadd.d"            0xf800_707f 0x0000_302f Atomic        A         Rv64  Atomic,
    AmoxorD           "amoxor.d"            0xf800_707f 0x2000_302f Atomic        A         Rv64  Atomic,
    AmoandD           "amoand.d"            0xf800_707f 0x6000_302f Atomic        A         Rv64  Atomic,
    AmoorD            "amoor.d"             0xf800_707f 0x4000_302f Atomic        A         Rv64  Atomic,
    AmominD           "amomin.d"            0xf800_707f 0x8000_302f Atomic        A         Rv64  Atomic,
    AmomaxD           "amomax.d"            0xf800_707f 0xa000_302f Atomic        A         Rv64  Atomic,
    AmominuD          "amominu.d"           0xf800_707f 0xc000_302f Atomic        A         Rv64  Atomic,
    AmomaxuD          "amomaxu.d"           0xf800_707f 0xe000_302f Atomic        A         Rv64  Atomic,
    OpenVmTerminate   "openvm.terminate"    0xf00f_ffff 0x0000_000b VendorCode    OpenVm    Both  Vendor,
    OpenVmHintStorew  "openvm.hint_storew"  0xffff_f07f 0x0000_100b VendorOne     OpenVm    Both  Vendor,
    OpenVmHintBuffer  "openvm.hint_buffer"  0xfff0_707f 0x0010_100b VendorTwo     OpenVm    Both  Vendor,
    OpenVmReveal      "openvm.reveal"       0x0000_707f 0x0000_200b VendorReveal  OpenVm    Both  Vendor,
    OpenVmHintInput   "openvm.hint_input"   0xffff_ffff 0x0000_300b Bare          OpenVm    Both  Vendor,
    OpenVmPrintStr    "openvm.print_str"    0xfff0_707f 0x0010_300b VendorTwo     OpenVm    Both  Vendor,
    OpenVmHintRandom  "openvm.hint_random"  0xffff_f07f 0x0020_300b VendorOne     OpenVm    Both  Vendor,
}

impl Opcode {
    /// The row of this instruction.
    #[inline]
    pub fn entry(self) -> &'static Entry {
        &TABLE[self as usize]
    }

    /// The name in assembly, without `.aq`/`.rl`.
    #[inline]
    pub fn mnemonic(self) -> &'static str {
        self.entry().mnemonic
    }

    /// Bytes that a load, a store or an atomic accesses: its funct3 holds the logarithm. `None` for all others.
    pub fn access_bytes(self) -> Option<u8> {
        let entry = self.entry();
        let accesses = matches!(entry.class, Class::Load | Class::Store | Class::Atomic);
        accesses.then_some(1 << (entry.value >> 12 & 3))
    }

    /// The instruction called `mnemonic` (lower case, without `.aq`/`.rl`).
    pub fn from_mnemonic(mnemonic: &str) -> Option<Self> {
        TABLE.iter().find(|entry| entry.mnemonic == mnemonic).map(|entry| entry.opcode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_discriminant_of_an_opcode_is_its_row() {
        for (row, entry) in TABLE.iter().enumerate() {
            assert_eq!(entry.opcode as usize, row);
            assert_eq!(Opcode::ALL[row], entry.opcode);
            assert_eq!(Opcode::from_mnemonic(entry.mnemonic), Some(entry.opcode));
        }
    }

    #[test]
    fn fixed_bits_are_within_the_mask_and_no_field_overlaps_them() {
        for entry in TABLE {
            assert_eq!(entry.value & !entry.mask, 0, "{}", entry.mnemonic);
            let fields = entry.format.fields();
            let registers = [(fields.rd, 0x1f << 7), (fields.rs1, 0x1f << 15), (fields.rs2, 0x1f << 20)];
            let (least, greatest, _) = fields.imm.range();
            let mut free = fields.imm.insert(least) | fields.imm.insert(greatest);
            for (present, bits) in registers {
                free |= if present { bits } else { 0 };
            }
            assert_eq!(free, !entry.mask, "{}", entry.mnemonic);
        }
    }

    #[test]
    fn accesses_have_the_size_that_their_names_say() {
        for entry in TABLE {
            let expected = match entry.mnemonic {
                "lb" | "lbu" | "sb" => Some(1),
                "lh" | "lhu" | "sh" => Some(2),
                "lw" | "lwu" | "sw" => Some(4),
                "ld" | "sd" => Some(8),
                name => [(".w", 4), (".d", 8)].into_iter().find_map(|(end, size)| name.strip_suffix(end).map(|_| size)),
            };
            assert_eq!(entry.opcode.access_bytes(), expected, "{}", entry.mnemonic);
        }
    }
}
