//! The buckets, a file each. Ids are stable for ever: a bucket is never renamed, and never means something else later.

mod accelerator_edge_input;
mod alu_immediate_limb_consistency;
mod arithmetic_division_remainder_bound;
mod arithmetic_mulh_sign_mix;
mod arithmetic_special_case_consistency;
mod arithmetic_word_op_sign_extension;
mod control_auipc_pc_limb_consistency;
mod control_branch_extreme_offset;
mod control_ecall_argument_decomposition;
mod control_ecall_next_pc;
mod control_jalr_low_bit;
mod decode_operand_index_routing;
mod decode_rd_bit_decomposition;
mod decode_upper_immediate_materialization;
mod decode_zero_register_immutability;
mod interaction_digest_kind_route;
mod legacy_gate_bool_domain;
mod legacy_inactive_row_side_effects;
mod legacy_next_pc_underconstrained;
mod lookup_boolean_multiplicity;
mod lookup_xor_multiplicity_consistency;
mod memory_address_space_consistency;
mod memory_immediate_sign_consistency;
mod memory_kind_selector_consistency;
mod memory_misaligned_access;
mod memory_segment_edge;
mod memory_store_load_payload_flow;
mod memory_timestamped_load_path;
mod memory_volatile_boundary_range;
mod memory_write_payload_consistency;
mod prelude;
mod row_padding_interaction_send;
mod shard_boundary_crossing;
mod time_boundary_origin_consistency;

use assay_isa::{Format, Instruction, Opcode, XlenSet};

use super::{bucket::Bucket, signals::is_division, state::State, views::Executed};

/// Every bucket, in the order of the catalogue.
pub static ALL: &[&Bucket] = &[
    &alu_immediate_limb_consistency::BUCKET,
    &arithmetic_division_remainder_bound::BUCKET,
    &arithmetic_special_case_consistency::BUCKET,
    &control_auipc_pc_limb_consistency::BUCKET,
    &control_ecall_next_pc::BUCKET,
    &control_ecall_argument_decomposition::BUCKET,
    &decode_operand_index_routing::BUCKET,
    &decode_rd_bit_decomposition::BUCKET,
    &decode_upper_immediate_materialization::BUCKET,
    &decode_zero_register_immutability::BUCKET,
    &interaction_digest_kind_route::BUCKET,
    &lookup_boolean_multiplicity::BUCKET,
    &lookup_xor_multiplicity_consistency::BUCKET,
    &memory_address_space_consistency::BUCKET,
    &memory_immediate_sign_consistency::BUCKET,
    &memory_kind_selector_consistency::BUCKET,
    &memory_store_load_payload_flow::BUCKET,
    &memory_timestamped_load_path::BUCKET,
    &memory_volatile_boundary_range::BUCKET,
    &memory_write_payload_consistency::BUCKET,
    &row_padding_interaction_send::BUCKET,
    &time_boundary_origin_consistency::BUCKET,
    &legacy_next_pc_underconstrained::BUCKET,
    &legacy_gate_bool_domain::BUCKET,
    &legacy_inactive_row_side_effects::BUCKET,
    &memory_misaligned_access::BUCKET,
    &memory_segment_edge::BUCKET,
    &shard_boundary_crossing::BUCKET,
    &control_branch_extreme_offset::BUCKET,
    &control_jalr_low_bit::BUCKET,
    &arithmetic_mulh_sign_mix::BUCKET,
    &arithmetic_word_op_sign_extension::BUCKET,
    &accelerator_edge_input::BUCKET,
];

/// Contents of the two source registers, where both are known.
fn sources(executed: &Executed, state: &State) -> Option<(u64, u64)> {
    Some((state.register(executed.instruction.rs1)?, state.register(executed.instruction.rs2)?))
}

/// The immediate of LUI or AUIPC as it stands in the word.
fn upper(executed: &Executed) -> u64 {
    u64::from(executed.instruction.imm as u32)
}

/// Whether it takes the low words of 64-bit registers.
fn is_word_operation(opcode: Opcode) -> bool {
    let entry = opcode.entry();
    entry.xlen == XlenSet::Rv64 && matches!(entry.format, Format::R | Format::I | Format::ShiftWord)
}

/// A division or remainder with known operands.
struct Division {
    /// As far as the instruction takes it.
    dividend: u64,
    /// As far as the instruction takes it.
    divisor: u64,
    /// Whether it is a signed one of the least number by -1.
    overflows: bool,
}

fn division(executed: &Executed, state: &State) -> Option<Division> {
    let opcode = executed.opcode();
    if !is_division(opcode) {
        return None;
    }
    let (dividend, divisor) = sources(executed, state)?;
    let narrow = is_word_operation(opcode) || !state.wide();
    let cut = |value: u64| if narrow { value & u64::from(u32::MAX) } else { value };
    let (dividend, divisor) = (cut(dividend), cut(divisor));
    let signed = matches!(opcode, Opcode::Div | Opcode::Rem | Opcode::Divw | Opcode::Remw);
    let (least, minus_one) = if narrow { (1 << 31, u64::from(u32::MAX)) } else { (1 << 63, u64::MAX) };
    Some(Division { dividend, divisor, overflows: signed && dividend == least && divisor == minus_one })
}

/// What an instruction would write, where registers and record tell: for results that x0 does not take, of which the
/// record says nothing. Of the rarer instructions it is not known.
fn result(executed: &Executed, state: &State) -> Option<u64> {
    let Instruction { opcode, rs1, rs2, imm, .. } = executed.instruction;
    let immediate = i64::from(imm) as u64;
    let first = || state.register(rs1);
    let second = || match opcode.entry().format {
        Format::R => state.register(rs2),
        _ => Some(immediate),
    };
    let bits = u32::from(state.register_bytes()) * 8;
    let value = match opcode {
        Opcode::Lui => immediate,
        Opcode::Auipc => executed.record.pc.0.wrapping_add(immediate),
        Opcode::Jal | Opcode::Jalr => executed.record.pc.0.wrapping_add(4),
        Opcode::Add | Opcode::Addi => first()?.wrapping_add(second()?),
        Opcode::Sub => first()?.wrapping_sub(second()?),
        Opcode::Xor | Opcode::Xori => first()? ^ second()?,
        Opcode::Or | Opcode::Ori => first()? | second()?,
        Opcode::And | Opcode::Andi => first()? & second()?,
        Opcode::Slt | Opcode::Slti => u64::from(state.signed(first()?) < state.signed(second()?)),
        Opcode::Sltu | Opcode::Sltiu => u64::from(state.cut(first()?) < state.cut(second()?)),
        Opcode::Sll | Opcode::Slli => first()? << (second()? as u32 & (bits - 1)),
        Opcode::Srl | Opcode::Srli => state.cut(first()?) >> (second()? as u32 & (bits - 1)),
        Opcode::Sra | Opcode::Srai => (state.signed(first()?) >> (second()? as u32 & (bits - 1))) as u64,
        Opcode::Mul => first()?.wrapping_mul(second()?),
        Opcode::Addw | Opcode::Addiw => u64::from(first()?.wrapping_add(second()?) as u32),
        Opcode::Subw => u64::from(first()?.wrapping_sub(second()?) as u32),
        // By 0 the quotient is all ones and the remainder the dividend; a quotient or remainder of unsigned numbers
        // is one of the machine's own.
        Opcode::Divu => state.cut(first()?).checked_div(state.cut(second()?)).unwrap_or(u64::MAX),
        Opcode::Remu => state.cut(first()?).checked_rem(state.cut(second()?)).unwrap_or(state.cut(first()?)),
        Opcode::Div | Opcode::Rem => {
            let (first, second) = (state.signed(first()?), state.signed(second()?));
            let quotient = first.checked_div(second);
            match (opcode, quotient) {
                (Opcode::Div, _) if second == 0 => u64::MAX,
                (Opcode::Div, quotient) => quotient.unwrap_or(first) as u64,
                (_, _) if second == 0 => first as u64,
                _ => first.checked_rem(second).unwrap_or(0) as u64,
            }
        }
        // Loads: what was read, extended, is 0 exactly where what was read is 0.
        _ => executed.record.mem.filter(|_| opcode.access_bytes().is_some())?.before.0,
    };
    Some(state.cut(value))
}
