//! The points at which the witness can be changed, and the edits that make them.
//!
//! A row is filled from the record that execution left. What a point changes is a value on its way into the row, so
//! that memory and later instructions know the true one. Values that are looked up are changed before they are, where the
//! lookup takes any byte, so that no lookup gives the change away that a prover could have made as well.

use super::{CIRCUIT, RV32IM};
use crate::edit::{Action, Anchor, Edit, Named};

/// A point in a filler of rows.
struct Point {
    named: Named,
    file: &'static str,
    item: &'static str,
    /// The statement after which the value is there.
    after: &'static str,
    insert: &'static str,
}

/// A point whose position is the time at which the instruction began, the record's `timestamp`.
const fn at(
    name: &'static str,
    about: &'static str,
    file: &'static str,
    item: &'static str,
    after: &'static str,
    insert: &'static str,
) -> Point {
    Point { named: Named { name, about }, file, item, after, insert }
}

const ALU: (&str, &str) = ("src/base_alu/core.rs", "impl TraceFiller for BaseAluFiller :: fn fill_trace_row");
const SHIFT: (&str, &str) = ("src/shift/core.rs", "impl TraceFiller for ShiftFiller :: fn fill_trace_row");
const LESS_THAN: (&str, &str) = ("src/less_than/core.rs", "impl TraceFiller for LessThanFiller :: fn fill_trace_row");
const MUL: (&str, &str) = ("src/mul/core.rs", "impl TraceFiller for MultiplicationFiller :: fn fill_trace_row");
const MULH: (&str, &str) = ("src/mulh/core.rs", "impl TraceFiller for MulHFiller :: fn fill_trace_row");
const DIVREM: (&str, &str) = ("src/divrem/core.rs", "impl TraceFiller for DivRemFiller :: fn fill_trace_row");
const BRANCH_EQ: (&str, &str) =
    ("src/branch_eq/core.rs", "impl TraceFiller for BranchEqualFiller :: fn fill_trace_row");
const BRANCH_LT: (&str, &str) =
    ("src/branch_lt/core.rs", "impl TraceFiller for BranchLessThanFiller :: fn fill_trace_row");
const JAL_LUI: (&str, &str) = ("src/jal_lui/core.rs", "impl TraceFiller for Rv32JalLuiFiller :: fn fill_trace_row");
const JALR: (&str, &str) = ("src/jalr/core.rs", "impl TraceFiller for Rv32JalrFiller :: fn fill_trace_row");
const AUIPC: (&str, &str) = ("src/auipc/core.rs", "impl TraceFiller for Rv32AuipcFiller :: fn fill_trace_row");
const LOAD_STORE: (&str, &str) = ("src/loadstore/core.rs", "impl TraceFiller for LoadStoreFiller :: fn fill_trace_row");
const LOAD_SIGN: (&str, &str) =
    ("src/load_sign_extend/core.rs", "impl TraceFiller for LoadSignExtendFiller :: fn fill_trace_row");
const COND_RD: (&str, &str) =
    ("src/adapters/rdwrite.rs", "impl AdapterTraceFiller for Rv32CondRdWriteAdapterFiller :: fn fill_trace_row");
const LOAD_STORE_ADAPTER: (&str, &str) =
    ("src/adapters/loadstore.rs", "impl AdapterTraceFiller for Rv32LoadStoreAdapterFiller :: fn fill_trace_row");

/// A value of its own, replaced before anything is made of it.
macro_rules! value {
    ($name:literal, $value:literal) => {
        concat!(
            "let mut ",
            $value,
            " = ",
            $value,
            ";\n",
            "fuzzer_utils::inject(\"",
            $name,
            "\", adapter_row[1].as_canonical_u32().into(), &mut ",
            $value,
            ");"
        )
    };
}

/// Limbs that are numbers of their own, replaced before anything is made of them.
macro_rules! limbs {
    ($name:literal, $value:literal) => {
        concat!(
            "let mut ",
            $value,
            " = ",
            $value,
            ";\n",
            "fuzzer_utils::inject_with(\"",
            $name,
            "\", adapter_row[1].as_canonical_u32().into(), |new| {\n    ",
            "let bytes = new.to_le_bytes();\n    ",
            $value,
            ".iter_mut().zip(bytes).for_each(|(limb, byte)| *limb = byte.into());\n",
            "});"
        )
    };
}

/// A cell, replaced after it is filled.
macro_rules! cell {
    ($name:literal, $cell:literal) => {
        concat!(
            "fuzzer_utils::inject_with(\"",
            $name,
            "\", adapter_row[1].as_canonical_u32().into(), |new| {\n    ",
            $cell,
            " = F::from_u32(new as u32);\n",
            "});"
        )
    };
}

/// Cells of limbs, replaced after they are filled.
macro_rules! cells {
    ($name:literal, $cells:literal) => {
        concat!(
            "fuzzer_utils::inject_with(\"",
            $name,
            "\", adapter_row[1].as_canonical_u32().into(), |new| {\n    ",
            "let bytes = new.to_le_bytes();\n    ",
            $cells,
            ".iter_mut().zip(bytes).for_each(|(limb, byte)| *limb = F::from_u8(byte));\n",
            "});"
        )
    };
}

const FILLERS: [Point; 21] = [
    at(
        "openvm.alu.a",
        "Result of ADD, SUB, XOR, OR, AND and their immediate forms, four bytes.",
        ALU.0,
        ALU.1,
        "let a = run_alu::<NUM_LIMBS, LIMB_BITS>(__);",
        value!("openvm.alu.a", "a"),
    ),
    at(
        "openvm.alu.b",
        "First operand of the same, in its cells only.",
        ALU.0,
        ALU.1,
        "core_row.b = record.b.map(F::from_u8);",
        cells!("openvm.alu.b", "core_row.b"),
    ),
    at(
        "openvm.shift.a",
        "Result of a shift, four bytes.",
        SHIFT.0,
        SHIFT.1,
        "let (a, limb_shift, bit_shift) = run_shift::<NUM_LIMBS, LIMB_BITS>(__);",
        value!("openvm.shift.a", "a"),
    ),
    at(
        "openvm.less_than.result",
        "Result of SLT, SLTU and their immediate forms.",
        LESS_THAN.0,
        LESS_THAN.1,
        "core_row.cmp_result = F::from_bool(cmp_result);",
        cell!("openvm.less_than.result", "core_row.cmp_result"),
    ),
    at(
        "openvm.mul.a",
        "Result of MUL, four bytes.",
        MUL.0,
        MUL.1,
        "let (a, carry) = run_mul::<NUM_LIMBS, LIMB_BITS>(__);",
        value!("openvm.mul.a", "a"),
    ),
    at(
        "openvm.mulh.a",
        "Result of MULH, MULHSU and MULHU, four bytes.",
        MULH.0,
        MULH.1,
        "let (a, a_mul, carry, b_ext, c_ext) = run_mulh::<NUM_LIMBS, LIMB_BITS>(__);",
        limbs!("openvm.mulh.a", "a"),
    ),
    at(
        "openvm.divrem.q",
        "Quotient of a division, four bytes, in its cells only.",
        DIVREM.0,
        DIVREM.1,
        "core_row.q = q.map(F::from_u32);",
        cells!("openvm.divrem.q", "core_row.q"),
    ),
    at(
        "openvm.divrem.r",
        "Remainder of a division, four bytes, in its cells only.",
        DIVREM.0,
        DIVREM.1,
        "core_row.r = r.map(F::from_u32);",
        cells!("openvm.divrem.r", "core_row.r"),
    ),
    at(
        "openvm.divrem.zero_divisor",
        "The flag that says that the divisor is zero.",
        DIVREM.0,
        DIVREM.1,
        "core_row.zero_divisor = __;",
        cell!("openvm.divrem.zero_divisor", "core_row.zero_divisor"),
    ),
    at(
        "openvm.branch_eq.taken",
        "Whether BEQ or BNE is taken.",
        BRANCH_EQ.0,
        BRANCH_EQ.1,
        "core_row.cmp_result = F::from_bool(cmp_result);",
        cell!("openvm.branch_eq.taken", "core_row.cmp_result"),
    ),
    at(
        "openvm.branch_lt.taken",
        "Whether BLT, BGE, BLTU or BGEU is taken.",
        BRANCH_LT.0,
        BRANCH_LT.1,
        "core_row.cmp_result = F::from_bool(cmp_result);",
        cell!("openvm.branch_lt.taken", "core_row.cmp_result"),
    ),
    at(
        "openvm.jal_lui.rd",
        "Result of JAL and LUI, four bytes, in its cells only.",
        JAL_LUI.0,
        JAL_LUI.1,
        "core_row.rd_data = record.rd_data.map(F::from_u8);",
        cells!("openvm.jal_lui.rd", "core_row.rd_data"),
    ),
    at(
        "openvm.jalr.to_pc",
        "Where JALR goes, before its limbs are made.",
        JALR.0,
        JALR.1,
        "let (to_pc, rd_data) = run_jalr(__);",
        value!("openvm.jalr.to_pc", "to_pc"),
    ),
    at(
        "openvm.jalr.imm_sign",
        "Sign of JALR's immediate.",
        JALR.0,
        JALR.1,
        "core_row.imm_sign = F::from_bool(record.imm_sign);",
        cell!("openvm.jalr.imm_sign", "core_row.imm_sign"),
    ),
    at(
        "openvm.auipc.rd",
        "Result of AUIPC, four bytes.",
        AUIPC.0,
        AUIPC.1,
        "let rd_data = run_auipc(record.from_pc, record.imm);",
        value!("openvm.auipc.rd", "rd_data"),
    ),
    at(
        "openvm.auipc.pc",
        "The pc that AUIPC's limbs are made of.",
        AUIPC.0,
        AUIPC.1,
        "let pc_limbs = record.from_pc.to_le_bytes();",
        value!("openvm.auipc.pc", "pc_limbs"),
    ),
    at(
        "openvm.load_store.write_data",
        "What a load or store writes, four bytes.",
        LOAD_STORE.0,
        LOAD_STORE.1,
        "let write_data = run_write_data(__);",
        limbs!("openvm.load_store.write_data", "write_data"),
    ),
    at(
        "openvm.load_store.is_load",
        "Whether the instruction is a load.",
        LOAD_STORE.0,
        LOAD_STORE.1,
        "core_row.is_load = __;",
        cell!("openvm.load_store.is_load", "core_row.is_load"),
    ),
    at(
        "openvm.load_sign_extend.sign",
        "The sign bit of LB and LH.",
        LOAD_SIGN.0,
        LOAD_SIGN.1,
        "core_row.data_most_sig_bit = __;",
        cell!("openvm.load_sign_extend.sign", "core_row.data_most_sig_bit"),
    ),
    at(
        "openvm.rd.needs_write",
        "Whether JAL, LUI or another instruction with an optional destination writes it.",
        COND_RD.0,
        COND_RD.1,
        "adapter_cols.needs_write = __;",
        "let assay_at = record.from_timestamp.into();\n\
         fuzzer_utils::inject_with(\"openvm.rd.needs_write\", assay_at, |new| {\n    \
         adapter_cols.needs_write = F::from_u32(new as u32);\n\
         });",
    ),
    at(
        "openvm.load_store.imm_sign",
        "Sign of a load's or store's offset.",
        LOAD_STORE_ADAPTER.0,
        LOAD_STORE_ADAPTER.1,
        "adapter_row.imm_sign = __;",
        "let assay_at = record.from_timestamp.into();\n\
         fuzzer_utils::inject_with(\"openvm.load_store.imm_sign\", assay_at, |new| {\n    \
         adapter_row.imm_sign = F::from_u32(new as u32);\n\
         });",
    ),
];

const PREVIOUS_TIMESTAMP: Named = Named {
    name: "openvm.memory.prev_timestamp",
    about: "When a block of memory or a register was last accessed. Position: the time of the access.",
};

const EXIT_CODE: Named = Named {
    name: "openvm.connector.exit_code",
    about: "The exit code that a segment ends with, in its public values too. Position: 0.",
};

/// The points.
pub(super) const POINTS: &[Named] = &{
    let mut points = [PREVIOUS_TIMESTAMP; FILLERS.len() + 2];
    let mut index = 0;
    while index < FILLERS.len() {
        points[index] = FILLERS[index].named;
        index += 1;
    }
    points[FILLERS.len() + 1] = EXIT_CODE;
    points
};

/// The edits.
pub(super) fn edits() -> Vec<Edit> {
    let fillers = FILLERS.iter().map(|point| {
        Edit::new(
            format!("collect.point.{}", point.named.name),
            RV32IM,
            point.file,
            Anchor::statement(point.item, point.after),
            Action::After(point.insert.into()),
            point.named.about,
        )
    });
    let fill = Edit::new(
        format!("collect.point.{}", PREVIOUS_TIMESTAMP.name),
        CIRCUIT,
        "src/system/memory/controller/mod.rs",
        Anchor::body_start("impl MemoryAuxColsFactory :: fn fill"),
        Action::Before(
            "let mut prev_timestamp = prev_timestamp;\n\
             fuzzer_utils::inject(\"openvm.memory.prev_timestamp\", timestamp.into(), &mut prev_timestamp);"
                .into(),
        ),
        PREVIOUS_TIMESTAMP.about,
    );
    let exit_code = Edit::new(
        format!("collect.point.{}", EXIT_CODE.name),
        CIRCUIT,
        "src/system/connector/mod.rs",
        Anchor::statement(
            "impl Chip for VmConnectorChip :: fn generate_proving_ctx",
            "let [initial_state, final_state] = __;",
        ),
        Action::After(
            "let mut final_state = final_state;\n\
             fuzzer_utils::inject_with(\"openvm.connector.exit_code\", 0, |new| {\n    \
             final_state.exit_code = Val::<SC>::from_u32(new as u32);\n\
             });"
            .into(),
        ),
        EXIT_CODE.about,
    );
    fillers.chain([fill, exit_code]).collect()
}
