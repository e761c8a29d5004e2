//! SP1 6.10.0: `sp1-core-machine`, columns as its structs name them.

use super::{
    Chip, ChipEntry,
    Column::{
        self, Active, ArgumentLimb1, ArgumentLimb2, BoundaryAddress, DestinationIsZero, FirstSign, IsAuipc, NextPc,
        Overflow, PcTopLimb, PreviousTimestamp, Rd, Rs1, Rs2, SecondIsImmediate, SecondSign, SecondTopLimb,
        TargetLowBit, WordSign, XorMultiplicity, ZeroDivisor,
    },
};

type Columns = &'static [(Column, &'static str)];

const REAL: Columns = &[(Active, "is_real")];
/// `RTypeReader`.
const R_READER: Columns = &[(Rd, "adapter__op_a"), (Rs1, "adapter__op_b"), (Rs2, "adapter__op_c"), X0];
/// `ALUTypeReader`: a register or an immediate.
const ALU_READER: Columns = &[
    (Rd, "adapter__op_a"),
    (Rs1, "adapter__op_b"),
    (Rs2, "adapter__op_c__0__0"),
    (SecondIsImmediate, "adapter__imm_c"),
    (SecondTopLimb, "adapter__op_c__0__3"),
    X0,
];
/// `ITypeReader`.
const I_READER: Columns =
    &[(Rd, "adapter__op_a"), (Rs1, "adapter__op_b"), (SecondTopLimb, "adapter__op_c_imm__0__3"), X0];
/// `ITypeReader` of stores and branches, whose first operand is a source.
const SOURCES_READER: Columns = &[(Rs2, "adapter__op_a"), (Rs1, "adapter__op_b")];
/// `JTypeReader`.
const J_READER: Columns = &[(Rd, "adapter__op_a"), X0];
const X0: (Column, &str) = (DestinationIsZero, "adapter__op_a_0");
const ACCESS: Columns = &[(PreviousTimestamp, "memory_access__access_timestamp__prev_low")];

const fn chip(
    name: &'static str,
    chip: Chip,
    columns: &'static [Columns],
    selectors: &'static [&'static str],
) -> ChipEntry {
    ChipEntry { name, chip, register_scale: 1, columns, selectors }
}

pub(super) const CHIPS: &[ChipEntry] = &[
    chip("Add", Chip::Alu, &[R_READER, REAL], &["is_real"]),
    chip("Sub", Chip::Alu, &[R_READER, REAL], &["is_real"]),
    chip("Addi", Chip::AluImmediate, &[I_READER, REAL], &["is_real"]),
    chip("Addw", Chip::Alu, &[ALU_READER, REAL, &[(WordSign, "addw_operation__msb__msb")]], &["is_real"]),
    chip("Subw", Chip::Alu, &[R_READER, REAL, &[(WordSign, "subw_operation__msb__msb")]], &["is_real"]),
    chip("Bitwise", Chip::Alu, &[ALU_READER], &["is_xor", "is_or", "is_and"]),
    chip("Lt", Chip::Alu, &[ALU_READER], &["is_slt", "is_sltu"]),
    chip("ShiftLeft", Chip::Alu, &[ALU_READER, &[(WordSign, "sllw_msb__msb")]], &["is_sll", "is_sllw", "is_sllw_imm"]),
    chip(
        "ShiftRight",
        Chip::Alu,
        &[ALU_READER, &[(WordSign, "srw_msb__msb")]],
        &["is_srl", "is_sra", "is_srlw", "is_sraw", "is_w_imm"],
    ),
    chip(
        "Mul",
        Chip::MulHigh,
        &[R_READER, &[(FirstSign, "mul_operation__b_sign_extend"), (SecondSign, "mul_operation__c_sign_extend")]],
        &["is_mul", "is_mulh", "is_mulhu", "is_mulhsu", "is_mulw"],
    ),
    chip(
        "DivRem",
        Chip::DivRem,
        &[
            R_READER,
            REAL,
            &[(ZeroDivisor, "is_c_0__result"), (Overflow, "is_overflow"), (FirstSign, "b_neg"), (SecondSign, "c_neg")],
        ],
        &["is_real", "is_div", "is_divu", "is_rem", "is_remu", "is_divw", "is_remw", "is_divuw", "is_remuw"],
    ),
    chip("LoadByte", Chip::Load, &[I_READER, ACCESS], &["is_lb", "is_lbu"]),
    chip("LoadHalf", Chip::Load, &[I_READER, ACCESS], &["is_lh", "is_lhu"]),
    chip("LoadWord", Chip::Load, &[I_READER, ACCESS], &["is_lw", "is_lwu"]),
    chip("LoadDouble", Chip::Load, &[I_READER, ACCESS, REAL], &["is_real"]),
    chip(
        "LoadX0",
        Chip::Load,
        &[I_READER, ACCESS],
        &["is_lb", "is_lbu", "is_lh", "is_lhu", "is_lw", "is_lwu", "is_ld"],
    ),
    chip("StoreByte", Chip::Store, &[SOURCES_READER, ACCESS, REAL], &["is_real"]),
    chip("StoreHalf", Chip::Store, &[SOURCES_READER, ACCESS, REAL], &["is_real"]),
    chip("StoreWord", Chip::Store, &[SOURCES_READER, ACCESS, REAL], &["is_real"]),
    chip("StoreDouble", Chip::Store, &[SOURCES_READER, ACCESS, REAL], &["is_real"]),
    chip(
        "UType",
        Chip::UpperImmediate,
        &[J_READER, REAL, &[(IsAuipc, "is_auipc"), (PcTopLimb, "state__pc__2")]],
        &["is_real", "is_auipc"],
    ),
    chip("Branch", Chip::Branch, &[SOURCES_READER], &["is_beq", "is_bne", "is_blt", "is_bge", "is_bltu", "is_bgeu"]),
    chip("Jal", Chip::Jal, &[J_READER, REAL], &["is_real"]),
    chip("Jalr", Chip::Jalr, &[I_READER, REAL, &[(TargetLowBit, "lsb")]], &["is_real"]),
    chip(
        "SyscallInstrs",
        Chip::Call,
        &[
            REAL,
            &[
                (NextPc, "next_pc__0"),
                (ArgumentLimb1, "adapter__op_b_memory__prev_value__0__1"),
                (ArgumentLimb2, "adapter__op_c_memory__prev_value__0__1"),
            ],
        ],
        &["is_real", "is_halt"],
    ),
    chip("MemoryGlobalInit", Chip::MemoryBoundary, &[REAL, &[(BoundaryAddress, "addr__0")]], &["is_real"]),
    chip("MemoryGlobalFinalize", Chip::MemoryBoundary, &[REAL, &[(BoundaryAddress, "addr__0")]], &["is_real"]),
    // `ByteOpcode::XOR` is 2.
    chip("Byte", Chip::BitwiseTable, &[&[(XorMultiplicity, "multiplicities__2")]], &[]),
];
