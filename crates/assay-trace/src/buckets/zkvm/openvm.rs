//! OpenVM 2.0.2: `openvm-circuit` and `openvm-rv32im-circuit`, columns as their structs name them.
//!
//! Chip names end one bracket early, as the SDK gives them.

use super::{
    Chip, ChipEntry,
    Column::{
        self, Active, AddressSpace, BoundaryAddress, BoundarySpace, FirstSign, IsBegin, IsLoad, NeedsWrite, OffsetSign,
        PcTopLimb, PreviousTimestamp, Rd, Rs1, Rs2, SecondIsRegister, SecondSign, SecondTopLimb, TargetLowBit,
        Timestamp, XorMultiplicity, ZeroDivisor, ZeroRemainder,
    },
};

type Columns = &'static [(Column, &'static str)];

/// Register pointers are byte addresses in the register address space.
const REGISTER_BYTES: u64 = 4;

const BASE_ALU_ADAPTER: Columns = &[
    (Rd, "rd_ptr"),
    (Rs1, "rs1_ptr"),
    (Rs2, "rs2"),
    (SecondIsRegister, "rs2_as"),
    (SecondTopLimb, "c__3"),
    (PreviousTimestamp, "reads_aux__0__base__prev_timestamp"),
];
const MULT_ADAPTER: Columns = &[(Rd, "rd_ptr"), (Rs1, "rs1_ptr"), (Rs2, "rs2_ptr")];
const BRANCH_ADAPTER: Columns = &[(Rs1, "rs1_ptr"), (Rs2, "rs2_ptr")];
const LOAD_STORE_ADAPTER: Columns = &[
    (Rd, "rd_rs2_ptr"),
    (Rs1, "rs1_ptr"),
    (AddressSpace, "mem_as"),
    (OffsetSign, "imm_sign"),
    (PreviousTimestamp, "read_data_aux__base__prev_timestamp"),
    (NeedsWrite, "needs_write"),
];

const fn chip(
    name: &'static str,
    chip: Chip,
    columns: &'static [Columns],
    selectors: &'static [&'static str],
) -> ChipEntry {
    ChipEntry { name, chip, register_scale: REGISTER_BYTES, columns, selectors }
}

pub(super) const CHIPS: &[ChipEntry] = &[
    chip(
        "VmAirWrapper<Rv32BaseAluAdapterAir, BaseAluCoreAir<4, 8>",
        Chip::Alu,
        &[BASE_ALU_ADAPTER],
        &["opcode_add_flag", "opcode_sub_flag", "opcode_xor_flag", "opcode_or_flag", "opcode_and_flag"],
    ),
    chip(
        "VmAirWrapper<Rv32BaseAluAdapterAir, LessThanCoreAir<4, 8>",
        Chip::Alu,
        &[BASE_ALU_ADAPTER],
        &["opcode_slt_flag", "opcode_sltu_flag"],
    ),
    chip(
        "VmAirWrapper<Rv32BaseAluAdapterAir, ShiftCoreAir<4, 8>",
        Chip::Alu,
        &[BASE_ALU_ADAPTER],
        &["opcode_sll_flag", "opcode_srl_flag", "opcode_sra_flag"],
    ),
    chip(
        "VmAirWrapper<Rv32MultAdapterAir, MultiplicationCoreAir<4, 8>",
        Chip::Mul,
        &[MULT_ADAPTER, &[(Active, "is_valid")]],
        &["is_valid"],
    ),
    chip(
        "VmAirWrapper<Rv32MultAdapterAir, MulHCoreAir<4, 8>",
        Chip::MulHigh,
        &[MULT_ADAPTER, &[(FirstSign, "b_ext"), (SecondSign, "c_ext")]],
        &["opcode_mulh_flag", "opcode_mulhsu_flag", "opcode_mulhu_flag"],
    ),
    chip(
        "VmAirWrapper<Rv32MultAdapterAir, DivRemCoreAir<4, 8>",
        Chip::DivRem,
        &[
            MULT_ADAPTER,
            &[(ZeroDivisor, "zero_divisor"), (ZeroRemainder, "r_zero"), (FirstSign, "b_sign"), (SecondSign, "c_sign")],
        ],
        &["opcode_div_flag", "opcode_divu_flag", "opcode_rem_flag", "opcode_remu_flag"],
    ),
    chip(
        "VmAirWrapper<Rv32RdWriteAdapterAir, Rv32AuipcCoreAir>",
        Chip::Auipc,
        &[&[(Active, "is_valid"), (Rd, "rd_ptr"), (PcTopLimb, "pc_limbs__1")]],
        &["is_valid"],
    ),
    chip(
        "VmAirWrapper<Rv32CondRdWriteAdapterAir, Rv32JalLuiCoreAir>",
        Chip::JalLui,
        &[&[(Rd, "inner__rd_ptr"), (NeedsWrite, "needs_write")]],
        &["is_jal", "is_lui"],
    ),
    chip(
        "VmAirWrapper<Rv32JalrAdapterAir, Rv32JalrCoreAir>",
        Chip::Jalr,
        &[&[
            (Active, "is_valid"),
            (Rd, "rd_ptr"),
            (Rs1, "rs1_ptr"),
            (NeedsWrite, "needs_write"),
            (OffsetSign, "imm_sign"),
            (TargetLowBit, "to_pc_least_sig_bit"),
        ]],
        &["is_valid"],
    ),
    chip(
        "VmAirWrapper<Rv32BranchAdapterAir, BranchEqualCoreAir<4>",
        Chip::Branch,
        &[BRANCH_ADAPTER],
        &["opcode_beq_flag", "opcode_bne_flag"],
    ),
    chip(
        "VmAirWrapper<Rv32BranchAdapterAir, BranchLessThanCoreAir<4, 8>",
        Chip::Branch,
        &[BRANCH_ADAPTER],
        &["opcode_blt_flag", "opcode_bltu_flag", "opcode_bge_flag", "opcode_bgeu_flag"],
    ),
    chip(
        "VmAirWrapper<Rv32LoadStoreAdapterAir, LoadStoreCoreAir<4>",
        Chip::LoadStore,
        &[LOAD_STORE_ADAPTER, &[(Active, "is_valid"), (IsLoad, "is_load")]],
        &["is_valid", "is_load", "flags__0", "flags__1", "flags__2", "flags__3"],
    ),
    chip(
        "VmAirWrapper<Rv32LoadStoreAdapterAir, LoadSignExtendCoreAir<4, 8>",
        Chip::Load,
        &[LOAD_STORE_ADAPTER],
        &["opcode_loadb_flag0", "opcode_loadb_flag1", "opcode_loadh_flag"],
    ),
    chip("PhantomAir", Chip::Other, &[&[(Active, "is_valid")]], &["is_valid"]),
    chip(
        "VmConnectorAir",
        Chip::Connector,
        &[&[(Timestamp, "timestamp"), (IsBegin, "is_begin")]],
        // Not among the selectors that make a row a real one: the last row has `is_terminate` 0 where a segment is not
        // the last.
        &[],
    ),
    chip(
        "PersistentBoundaryAir<8>",
        Chip::MemoryBoundary,
        &[&[(BoundarySpace, "address_space"), (BoundaryAddress, "leaf_label")]],
        &["expand_direction"],
    ),
    chip("MemoryMerkleAir<8>", Chip::MemoryTree, &[], &["expand_direction"]),
    chip("BitwiseOperationLookupAir<8>", Chip::BitwiseTable, &[&[(XorMultiplicity, "mult_xor")]], &[]),
];
