//! Canonical form: operands that do not matter become x0, constants go towards 0, 1 and powers of two, registers get the
//! names that come first. The predicate is asked about each step, since a fault may well depend on any of it.

use assay_isa::{Instruction, decode};
use assay_spec::ShrinkEnd;

use super::{
    case::Case,
    model::{Beliefs, Prior},
    reduce::{chunk_sizes, remove_units},
    rename,
    session::{Candidate, Session},
    weight::{Plainness, constant, registers, signed, with_constant, with_register},
};

/// Most bytes of memory and of input, each, whose values are made plainer one by one.
const SINGLE_BYTES_MAX: usize = 64;

pub(super) fn simplify(session: &mut Session<'_>) -> Result<(), ShrinkEnd> {
    clear_operands(session)?;
    for index in 0..session.best.instructions.len() {
        plainer_immediate(session, index)?;
    }
    let registers: Vec<_> = session.best.registers.keys().copied().collect();
    for register in registers {
        plainer(
            session,
            |case| Some(signed(case.registers.get(&register)?.0, case.isa)),
            |case, value| {
                case.set_register(register, case.isa.xlen.truncate(value as u64));
                Some(())
            },
            || format!("a plainer value in {register}"),
        )?;
    }
    blank_input(session)?;
    plainer_bytes(session)
}

/// An operand of an instruction that is not 0 yet.
#[derive(Clone, Copy, Debug)]
struct Operand {
    index: usize,
    /// Position among `rd`, `rs1`, `rs2`; 3 for the immediate.
    field: usize,
}

const IMMEDIATE: usize = 3;

fn operands(case: &Case) -> Vec<Operand> {
    let decoded =
        case.instructions.iter().enumerate().filter_map(|(index, &word)| Some((index, decode(word, case.isa).ok()?)));
    decoded
        .flat_map(|(index, instruction)| {
            let named = registers(instruction).map(|register| register.is_some_and(|register| register != 0));
            let immediate = constant(instruction).is_some_and(|value| value != 0);
            let present = [named[0], named[1], named[2], immediate];
            (0..present.len()).filter(move |&field| present[field]).map(move |field| Operand { index, field })
        })
        .collect()
}

/// Makes operands x0 or 0.
fn clear_operands(session: &mut Session<'_>) -> Result<(), ShrinkEnd> {
    let operands = operands(&session.best);
    let build = |case: &Case, gone: &[bool]| {
        let mut cleared = case.clone();
        for (operand, _) in operands.iter().zip(gone).filter(|(_, gone)| **gone) {
            let word = &mut cleared.instructions[operand.index];
            let instruction = decode(*word, case.isa).expect("only decoded instructions have operands, and keep them");
            *word = cleared_word(instruction, operand.field).unwrap_or(*word);
        }
        cleared
    };
    let beliefs = Beliefs::new(operands.iter().map(|_| Prior::Used));
    remove_units(session, operands.len(), beliefs, build, |count| format!("made {count} operands 0"))
}

fn cleared_word(instruction: Instruction, field: usize) -> Option<u32> {
    if field == IMMEDIATE { with_constant(instruction, 0) } else { with_register(instruction, field, 0) }
}

fn plainer_immediate(session: &mut Session<'_>, index: usize) -> Result<(), ShrinkEnd> {
    let decoded = move |case: &Case| decode(case.instructions[index], case.isa).ok();
    plainer(
        session,
        |case| constant(decoded(case)?).map(i64::from),
        |case, value| {
            let word = with_constant(decoded(case)?, i32::try_from(value).ok()?)?;
            // A shift amount of 32 and more is no instruction of RV32.
            decode(word, case.isa).ok()?;
            case.instructions[index] = word;
            Some(())
        },
        || format!("a plainer constant in instruction {}", index + 1),
    )
}

/// Makes one number plainer as long as that stays interesting.
fn plainer(
    session: &mut Session<'_>,
    get: impl Fn(&Case) -> Option<i64>,
    set: impl Fn(&mut Case, i64) -> Option<()>,
    describe: impl Fn() -> String,
) -> Result<(), ShrinkEnd> {
    loop {
        let case = session.best.clone();
        let Some(value) = get(&case) else { return Ok(()) };
        let candidates = plainer_values(value).into_iter().filter_map(|value| {
            let mut case = case.clone();
            set(&mut case, value)?;
            Some(Candidate { case, change: describe() })
        });
        if session.first(candidates)?.is_none() {
            return Ok(());
        }
    }
}

/// What to try instead of `value`, the plainest first: 0 and 1, powers of two, fewer bits.
pub(super) fn plainer_values(value: i64) -> Vec<i64> {
    let magnitude = value.unsigned_abs();
    let power = |bit: u32| 1i64.checked_shl(bit).filter(|power| *power > 0);
    let highest = magnitude.checked_ilog2();
    let mut values: Vec<i64> = [0, 1].into_iter().collect();
    values.extend(highest.filter(|_| value != 0).and_then(|_| power(magnitude.trailing_zeros())));
    values.extend(highest.and_then(|highest| power(highest / 2)));
    values.extend(highest.and_then(power));
    values.push(-1);
    values.extend(value.checked_abs());
    let without_half = highest.map_or(0, |highest| value & (-1i64 << (highest / 2 + 1)));
    values.extend([without_half, value & value.wrapping_sub(1), value / 2]);
    let mut seen = Vec::new();
    values.retain(|candidate| {
        let plainer = Plainness::of(*candidate) < Plainness::of(value) && !seen.contains(candidate);
        seen.push(*candidate);
        plainer
    });
    values
}

/// Makes input bytes 0.
fn blank_input(session: &mut Session<'_>) -> Result<(), ShrinkEnd> {
    for size in chunk_sizes(session.best.input.len()) {
        let places: Vec<usize> =
            (0..session.best.input.len()).filter(|&place| session.best.input[place] != 0).collect();
        let chunks: Vec<&[usize]> = places.chunks(size).collect();
        let build = |case: &Case, gone: &[bool]| {
            let mut blank = case.clone();
            for (chunk, _) in chunks.iter().zip(gone).filter(|(_, gone)| **gone) {
                chunk.iter().for_each(|&place| blank.input[place] = 0);
            }
            blank
        };
        let beliefs = Beliefs::new(chunks.iter().map(|_| Prior::Used));
        remove_units(session, chunks.len(), beliefs, build, |count| {
            format!("made input bytes 0: {count} chunks of up to {size}")
        })?;
    }
    Ok(())
}

/// Gives single bytes of memory and input plainer values.
fn plainer_bytes(session: &mut Session<'_>) -> Result<(), ShrinkEnd> {
    let memory = session.best.memory.iter().enumerate();
    let places: Vec<(usize, usize)> = memory
        .flat_map(|(piece, init)| (0..init.hex.0.len()).map(move |offset| (piece, offset)))
        .take(SINGLE_BYTES_MAX)
        .collect();
    for (piece, offset) in places {
        plainer(
            session,
            |case| case.memory[piece].hex.0.get(offset).copied().map(i64::from),
            |case, value| {
                case.memory[piece].hex.0[offset] = u8::try_from(value).ok()?;
                Some(())
            },
            || "a plainer byte of memory".to_owned(),
        )?;
    }
    for offset in 0..session.best.input.len().min(SINGLE_BYTES_MAX) {
        plainer(
            session,
            |case| case.input.get(offset).copied().map(i64::from),
            |case, value| {
                case.input[offset] = u8::try_from(value).ok()?;
                Some(())
            },
            || format!("a plainer input byte {offset}"),
        )?;
    }
    Ok(())
}

/// Gives registers their canonical names.
pub(super) fn rename_registers(session: &mut Session<'_>) -> Result<(), ShrinkEnd> {
    loop {
        let renamings = rename::renamings(&session.best, session.options.scratch).into_iter();
        let candidates = renamings.map(|case| Candidate { case, change: "renamed registers".to_owned() });
        if session.first(candidates)?.is_none() {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_values_come_first() {
        assert_eq!(plainer_values(0), [0i64; 0]);
        assert_eq!(plainer_values(1), [0]);
        assert_eq!(plainer_values(7)[..4], [0, 1, 2, 4]);
        assert_eq!(plainer_values(64), [0, 1, 8, 32]);
        assert!(plainer_values(-5).contains(&5));
    }

    proptest! {
        #[test]
        fn each_value_tried_is_plainer(value in any::<i64>()) {
            for other in plainer_values(value) {
                prop_assert!(Plainness::of(other) < Plainness::of(value));
            }
        }
    }
}
