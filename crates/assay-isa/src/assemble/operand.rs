//! Operands of instructions, before it is known which instruction they fit.

use alloc::format;
use alloc::vec::Vec;

use super::error::{Problem, quoted};
use super::expression::{Cursor, Expression, Scope};
use super::lexer::Kind;
use crate::registers;

/// Which part of an expression's value an instruction takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it; in a branch or jump an address counts from the instruction.
    Whole,
    /// `%hi`.
    High,
    /// `%lo`.
    Low,
    /// `%pcrel_hi`.
    RelativeHigh,
    /// `%pcrel_lo`: the operand names the `auipc` with the `%pcrel_hi`.
    RelativeLow,
    /// The low part that belongs to the `auipc` just before (in `la`, `call` and the like).
    PairLow,
}

impl Part {
    /// As it is written.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Whole | Self::PairLow => "",
            Self::High => "%hi",
            Self::Low => "%lo",
            Self::RelativeHigh => "%pcrel_hi",
            Self::RelativeLow => "%pcrel_lo",
        }
    }
}

/// A value as an operand gives it.
#[derive(Clone, Debug)]
pub(super) struct Immediate {
    pub(super) expression: Expression,
    pub(super) part: Part,
    pub(super) at: usize,
}

/// The modifiers, for messages.
const MODIFIERS: &str = "%hi, %lo, %pcrel_hi or %pcrel_lo";

/// What an operand looks like.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    Register(u8),
    Value(Immediate),
    /// `offset(base)`; no offset is 0.
    Memory {
        offset: Option<Immediate>,
        base: u8,
    },
}

/// An operand and where it begins.
#[derive(Clone, Debug)]
pub(super) struct Operand {
    pub(super) shape: Shape,
    pub(super) at: usize,
}

/// Reads all operands to the end of the statement.
pub(super) fn parse_operands(cursor: &mut Cursor<'_, '_>, scope: &impl Scope) -> Result<Vec<Operand>, Problem> {
    let mut operands = Vec::new();
    if cursor.peek().is_none() {
        return Ok(operands);
    }
    loop {
        operands.push(parse_operand(cursor, scope)?);
        if cursor.peek().is_none() {
            return Ok(operands);
        }
        if !cursor.take(',') {
            return Err(cursor.unexpected("`,` or the end of the statement"));
        }
    }
}

fn parse_operand(cursor: &mut Cursor<'_, '_>, scope: &impl Scope) -> Result<Operand, Problem> {
    let at = cursor.at();
    if let Some(Kind::Word(word)) = cursor.peek()
        && let Some(register) = registers::parse(word)
    {
        cursor.next();
        return Ok(Operand { shape: Shape::Register(register), at });
    }
    if let Some(base) = base_register(cursor)? {
        return Ok(Operand { shape: Shape::Memory { offset: None, base }, at });
    }
    let value = parse_immediate(cursor, scope)?;
    let shape = match base_register(cursor)? {
        Some(base) => Shape::Memory { offset: Some(value), base },
        None => match (cursor.peek(), cursor.peek_second()) {
            (Some(Kind::Sign('(')), Some(Kind::Word(word))) => {
                let at = cursor.at() + 1;
                return Err(Problem::new(at, format!("{} is not a register", quoted(word)))
                    .expecting("`offset(base)` with a register as the base"));
            }
            _ => Shape::Value(value),
        },
    };
    Ok(Operand { shape, at })
}

/// `(register)`, if that is next.
fn base_register(cursor: &mut Cursor<'_, '_>) -> Result<Option<u8>, Problem> {
    let (Some(Kind::Sign('(')), Some(Kind::Word(word))) = (cursor.peek(), cursor.peek_second()) else {
        return Ok(None);
    };
    let Some(register) = registers::parse(word) else { return Ok(None) };
    cursor.next();
    cursor.next();
    cursor.require(')')?;
    Ok(Some(register))
}

/// An expression, within `%hi(…)` and the like or bare.
pub(super) fn parse_immediate(cursor: &mut Cursor<'_, '_>, scope: &impl Scope) -> Result<Immediate, Problem> {
    let at = cursor.at();
    if !cursor.take('%') {
        return Ok(Immediate { expression: Expression::parse(cursor, scope)?, part: Part::Whole, at });
    }
    let part = match cursor.peek() {
        Some(Kind::Word("hi")) => Part::High,
        Some(Kind::Word("lo")) => Part::Low,
        Some(Kind::Word("pcrel_hi")) => Part::RelativeHigh,
        Some(Kind::Word("pcrel_lo")) => Part::RelativeLow,
        Some(Kind::Word(other)) => {
            return Err(Problem::new(at, format!("unknown modifier {}", quoted(other))).expecting(MODIFIERS));
        }
        _ => return Err(cursor.unexpected(MODIFIERS)),
    };
    cursor.next();
    cursor.require('(')?;
    let expression = Expression::parse(cursor, scope)?;
    cursor.require(')')?;
    Ok(Immediate { expression, part, at })
}
