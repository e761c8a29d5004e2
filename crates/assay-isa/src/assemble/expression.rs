//! Expressions: parsed once, evaluated when their symbols are known.
//!
//! They are kept in postfix order, so that neither evaluating nor dropping a long one recurses.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::MAX_EXPRESSION_DEPTH;
use super::error::{Problem, quoted};
use super::lexer::{Kind, Token};
use crate::registers;

/// The tokens of a statement that are still to be read.
pub(super) struct Cursor<'t, 's> {
    pub(super) tokens: &'t [Token<'s>],
    /// Byte offset just after the statement, for errors about what is missing.
    pub(super) end: usize,
}

impl<'t, 's> Cursor<'t, 's> {
    pub(super) fn peek(&self) -> Option<&'t Kind<'s>> {
        self.tokens.first().map(|token| &token.kind)
    }

    pub(super) fn peek_second(&self) -> Option<&'t Kind<'s>> {
        self.tokens.get(1).map(|token| &token.kind)
    }

    pub(super) fn at(&self) -> usize {
        self.tokens.first().map_or(self.end, |token| token.at)
    }

    pub(super) fn next(&mut self) -> Option<&'t Kind<'s>> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(&first.kind)
    }

    /// Takes the sign if it is next.
    pub(super) fn take(&mut self, sign: char) -> bool {
        let there = self.peek() == Some(&Kind::Sign(sign));
        if there {
            self.tokens = &self.tokens[1..];
        }
        there
    }

    /// Takes `@plt` off the end: compilers write it behind functions, and without a linker there is no such table.
    pub(super) fn drop_plt(&mut self) {
        if let [rest @ .., at, plt] = self.tokens
            && (&at.kind, &plt.kind) == (&Kind::Sign('@'), &Kind::Word("plt"))
        {
            self.end = at.at;
            self.tokens = rest;
        }
    }

    pub(super) fn require(&mut self, sign: char) -> Result<(), Problem> {
        if self.take(sign) { Ok(()) } else { Err(self.unexpected(format!("`{sign}`"))) }
    }

    /// The complaint that the next token is not what `expected` says.
    pub(super) fn unexpected(&self, expected: impl Into<String>) -> Problem {
        let found = match self.peek() {
            None => String::from("the statement ends too early"),
            Some(Kind::Word(word)) => format!("unexpected {}", quoted(word)),
            Some(Kind::Number(number)) => format!("unexpected number {number}"),
            Some(Kind::Local { number, forward }) => {
                format!("unexpected label reference `{number}{}`", if *forward { 'f' } else { 'b' })
            }
            Some(Kind::Text(_)) => String::from("unexpected string"),
            Some(Kind::Sign('«')) => String::from("unexpected `<<`"),
            Some(Kind::Sign('»')) => String::from("unexpected `>>`"),
            Some(Kind::Sign(sign)) => format!("unexpected `{sign}`"),
        };
        Problem::new(self.at(), found).expecting(expected)
    }
}

/// A step of an expression in postfix order.
#[derive(Clone, Debug)]
enum Step {
    Number(i64),
    /// `.`, resolved when read.
    Here(u64),
    Symbol(String),
    /// The `index`-th definition of a numeric label.
    Local {
        number: u64,
        index: usize,
    },
    Negate,
    Invert,
    Binary(char),
}

/// A parsed expression.
#[derive(Clone, Debug)]
pub(super) struct Expression {
    /// Each step with its byte offset in the line.
    steps: Vec<(Step, usize)>,
}

/// What an expression is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) value: i64,
    /// How many addresses it adds up, less those it takes off: 0 is a number, 1 an address.
    pub(super) addresses: i32,
}

impl Value {
    pub(super) const fn number(value: i64) -> Self {
        Self { value, addresses: 0 }
    }

    pub(super) const fn address(address: u64) -> Self {
        Self { value: address as i64, addresses: 1 }
    }

    pub(super) const fn is_address(self) -> bool {
        self.addresses == 1
    }
}

/// Where names get their values.
pub(super) trait Scope {
    /// The value of a symbol that is defined by now.
    fn symbol(&self, name: &str) -> Option<Value>;
    /// The address of the `index`-th definition of a numeric label.
    fn local(&self, number: u64, index: usize) -> Option<u64>;
    /// How many definitions a numeric label has by now.
    fn local_count(&self, number: u64) -> usize;
    /// The current address.
    fn here(&self) -> u64;
}

/// Why an expression has no value.
#[derive(Debug)]
pub(super) enum Failure {
    /// A name is not defined (yet).
    Undefined(Problem),
    /// It never will have one.
    Wrong(Problem),
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Undefined(problem) | Failure::Wrong(problem) => problem,
        }
    }
}

const OPERAND: &str = "a number, a symbol, `.` or `(`";

impl Expression {
    /// Reads one expression, as far as it goes.
    pub(super) fn parse(cursor: &mut Cursor<'_, '_>, scope: &impl Scope) -> Result<Self, Problem> {
        let mut expression = Self { steps: Vec::new() };
        expression.binary(cursor, scope, 1, 0)?;
        Ok(expression)
    }

    fn binary(
        &mut self,
        cursor: &mut Cursor<'_, '_>,
        scope: &impl Scope,
        least: u8,
        depth: usize,
    ) -> Result<(), Problem> {
        self.unary(cursor, scope, depth)?;
        while let Some(&Kind::Sign(sign)) = cursor.peek() {
            let level = match sign {
                '+' | '-' => 1,
                '|' | '&' | '^' => 2,
                '*' | '/' | '%' | '«' | '»' => 3,
                _ => break,
            };
            if level < least {
                break;
            }
            let at = cursor.at();
            cursor.next();
            self.binary(cursor, scope, level + 1, depth)?;
            self.steps.push((Step::Binary(sign), at));
        }
        Ok(())
    }

    fn unary(&mut self, cursor: &mut Cursor<'_, '_>, scope: &impl Scope, depth: usize) -> Result<(), Problem> {
        let at = cursor.at();
        if depth > MAX_EXPRESSION_DEPTH {
            return Err(Problem::new(
                at,
                format!("the expression is nested deeper than {MAX_EXPRESSION_DEPTH} levels"),
            ));
        }
        let step = match cursor.peek() {
            Some(Kind::Sign('-')) => Some(Step::Negate),
            Some(Kind::Sign('~')) => Some(Step::Invert),
            Some(Kind::Sign('+')) => None,
            Some(Kind::Sign('(')) => {
                cursor.next();
                self.binary(cursor, scope, 1, depth + 1)?;
                return cursor.require(')');
            }
            _ => return self.operand(cursor, scope, at),
        };
        cursor.next();
        self.unary(cursor, scope, depth + 1)?;
        self.steps.extend(step.map(|step| (step, at)));
        Ok(())
    }

    fn operand(&mut self, cursor: &mut Cursor<'_, '_>, scope: &impl Scope, at: usize) -> Result<(), Problem> {
        let step = match cursor.peek() {
            Some(&Kind::Number(number)) => Step::Number(number as i64),
            Some(Kind::Word(".")) => Step::Here(scope.here()),
            Some(Kind::Word(name)) if registers::parse(name).is_some() => {
                return Err(Problem::new(at, format!("`{name}` is a register, not a value")).expecting(OPERAND));
            }
            Some(Kind::Word(name)) => Step::Symbol(String::from(*name)),
            Some(&Kind::Local { number, forward: true }) => Step::Local { number, index: scope.local_count(number) },
            Some(&Kind::Local { number, forward: false }) => match scope.local_count(number).checked_sub(1) {
                Some(index) => Step::Local { number, index },
                None => {
                    return Err(Problem::new(at, format!("there is no label `{number}:` before this line")));
                }
            },
            _ => return Err(cursor.unexpected(OPERAND)),
        };
        cursor.next();
        self.steps.push((step, at));
        Ok(())
    }

    /// The name, if the expression is nothing but a symbol.
    pub(super) fn as_symbol(&self) -> Option<&str> {
        match self.steps.as_slice() {
            [(Step::Symbol(name), _)] => Some(name),
            _ => None,
        }
    }

    /// The value with the names that `scope` knows.
    pub(super) fn evaluate(&self, scope: &impl Scope) -> Result<Value, Failure> {
        let mut stack: Vec<Value> = Vec::new();
        for (step, at) in &self.steps {
            let value = match step {
                Step::Number(number) => Value::number(*number),
                Step::Here(address) => Value::address(*address),
                Step::Symbol(name) => scope
                    .symbol(name)
                    .ok_or_else(|| Failure::Undefined(Problem::new(*at, format!("{} is not defined", quoted(name)))))?,
                Step::Local { number, index } => Value::address(scope.local(*number, *index).ok_or_else(|| {
                    Failure::Undefined(Problem::new(*at, format!("there is no label `{number}:` after this line")))
                })?),
                Step::Negate | Step::Invert => {
                    let value = pop(&mut stack);
                    let number = if matches!(step, Step::Negate) { value.value.wrapping_neg() } else { !value.value };
                    Value { value: number, addresses: value.addresses.saturating_neg() }
                }
                Step::Binary(sign) => {
                    let right = pop(&mut stack);
                    let left = pop(&mut stack);
                    apply(*sign, left, right).map_err(|message| Failure::Wrong(Problem::new(*at, message)))?
                }
            };
            stack.push(value);
        }
        Ok(pop(&mut stack))
    }
}

fn pop(stack: &mut Vec<Value>) -> Value {
    stack.pop().expect("postfix steps are balanced by construction")
}

fn apply(sign: char, left: Value, right: Value) -> Result<Value, String> {
    let (a, b) = (left.value, right.value);
    let shift = || {
        u32::try_from(b).ok().filter(|&amount| amount < 64).ok_or_else(|| format!("shift by {b}: 0 to 63 is possible"))
    };
    let divisor = || if b == 0 { Err(String::from("division by zero")) } else { Ok(b) };
    let (value, addresses) = match sign {
        '+' => (a.wrapping_add(b), left.addresses.saturating_add(right.addresses)),
        '-' => (a.wrapping_sub(b), left.addresses.saturating_sub(right.addresses)),
        '*' => (a.wrapping_mul(b), 0),
        '/' => (a.wrapping_div(divisor()?), 0),
        '%' => (a.wrapping_rem(divisor()?), 0),
        '«' => (a << shift()?, 0),
        '»' => ((a as u64 >> shift()?) as i64, 0),
        '&' => (a & b, 0),
        '|' => (a | b, 0),
        _ => (a ^ b, 0),
    };
    Ok(Value { value, addresses })
}
