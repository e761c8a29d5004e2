//! Programs of RISC Zero's big-integer accelerator: what their bytes mean, and carrying them out.
//!
//! A program is a list of operations on integers of any size, each of which has one result, that begins with `bibc`
//! (`risc0-circuit-rv32im` 4.0.5, `execute/bibc.rs`). Nothing here knows what memory is: operations that load and store
//! go through [`Arenas`]. Programs are a guest's, and hostile. What the executor refuses is [`Failure::Refused`]; what it
//! panics at, and what is beyond the limits here, is [`Failure::Beyond`].

use crate::integer::{Integer, Natural};

/// What programs begin with: `bibc`, and version 1.
const MAGIC: [u8; 4] = *b"bibc";
const VERSION: u32 = 1;
/// Magic, version, and how many inputs, types, constants and operations follow.
const HEADER_BYTES: usize = 24;
/// Bytes of an input, a type, a constant and an operation.
const INPUT_BYTES: usize = 16;
const TYPE_BYTES: usize = 32;
const CONSTANT_BYTES: usize = 8;
const OPERATION_BYTES: usize = 8;

/// Numbers are loaded and stored in multiples of this many bytes.
const CHUNK_BYTES: u64 = 16;

/// Longest number of a program, in bytes; those of 4096 bits that the accelerator is used for have products of 1024.
pub(super) const NUMBER_BYTES_MAX: u64 = 1 << 15;
/// Most bytes of all results of a program together. The largest programs that are known have a hundredth of it.
const RESULT_BYTES_MAX: u64 = 1 << 24;
/// Most multiplications of limbs, or steps like them, of a program: a fraction of a second.
const WORK_MAX: u64 = 1 << 27;

const LIMB_BYTES: u64 = 4;
const LIMB_BITS: u64 = 32;

/// Why a program came to no end.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The executor ends the run with an error.
    Refused(String),
    /// The executor panics, or this machine does not go so far.
    Beyond(String),
}

impl Failure {
    fn refused(what: impl Into<String>) -> Self {
        Self::Refused(what.into())
    }

    fn beyond(what: impl Into<String>) -> Self {
        Self::Beyond(what.into())
    }
}

/// Where a program's numbers are: at an offset, in multiples of 16 bytes, from where a register points.
pub(super) trait Arenas {
    /// The little-endian number of this many bytes.
    fn load(&mut self, arena: u8, offset: u16, bytes: u64) -> Result<Natural, Failure>;

    /// Stores a number in this many bytes.
    fn store(&mut self, arena: u8, offset: u16, bytes: u64, value: &Natural) -> Result<(), Failure>;
}

/// A program whose parts are all there.
pub(super) struct Program<'a> {
    types: &'a [[u8; TYPE_BYTES]],
    constants: &'a [[u8; CONSTANT_BYTES]],
    operations: &'a [[u8; OPERATION_BYTES]],
}

/// What an operation does, by its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Code {
    Constant,
    Load,
    Store,
    Add,
    Subtract,
    Multiply,
    Remainder,
    Quotient,
    Inverse,
}

/// One operation.
#[derive(Clone, Copy)]
struct Operation {
    code: Code,
    kind: usize,
    /// Both 24 bits.
    a: usize,
    b: usize,
}

impl Operation {
    /// `None` if there is no operation of the code.
    fn new(bytes: [u8; OPERATION_BYTES]) -> Option<Self> {
        let bits = u64::from_le_bytes(bytes);
        let code = match bits & 0xf {
            0x2 => Code::Constant,
            0x3 => Code::Load,
            0x4 => Code::Store,
            0x8 => Code::Add,
            0x9 => Code::Subtract,
            0xa => Code::Multiply,
            0xb => Code::Remainder,
            0xc => Code::Quotient,
            0xe => Code::Inverse,
            _ => return None,
        };
        let field = |from: u32, bits_of_it: u32| (bits >> from & ((1 << bits_of_it) - 1)) as usize;
        Some(Self { code, kind: field(4, 12), a: field(16, 24), b: field(40, 24) })
    }

    fn arena(self) -> u8 {
        (self.a >> 16) as u8
    }

    fn offset(self) -> u16 {
        self.a as u16
    }
}

impl<'a> Program<'a> {
    /// Reads a program; bytes behind it do not count.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Failure> {
        let ended = || Failure::refused("the program ends within its parts");
        let (header, rest) = bytes.split_at_checked(HEADER_BYTES).ok_or_else(ended)?;
        let word = |index: usize| u32::from_le_bytes(header.as_chunks().0[index]);
        if header[..4] != MAGIC || word(1) != VERSION {
            return Err(Failure::beyond("the program is not of bibc, version 1; RISC Zero's executor panics at it"));
        }
        let [inputs, types, constants, operations] = [2, 3, 4, 5].map(|index| word(index) as usize);
        let (_, rest) = part::<INPUT_BYTES>(rest, inputs).ok_or_else(ended)?;
        let (types, rest) = part(rest, types).ok_or_else(ended)?;
        let (constants, rest) = part(rest, constants).ok_or_else(ended)?;
        let (operations, _) = part(rest, operations).ok_or_else(ended)?;
        if let Some(index) = operations.iter().position(|&bytes| Operation::new(bytes).is_none()) {
            return Err(Failure::refused(format!("operation {index} of the program has no known code")));
        }
        Ok(Self { types, constants, operations })
    }

    /// Carries the program out.
    pub(super) fn evaluate(&self, arenas: &mut impl Arenas) -> Result<(), Failure> {
        let mut state = State { results: Vec::new(), bytes: 0, work: 0 };
        for (index, &operation) in self.operations.iter().enumerate() {
            let operation = Operation::new(operation).expect("reading checked every code");
            let result = self.result(operation, &mut state, arenas).map_err(|failure| at(index, failure))?;
            state.bytes += LIMB_BYTES * result.magnitude().limbs().len() as u64;
            if state.bytes > RESULT_BYTES_MAX {
                let what = format!("the results have more than {RESULT_BYTES_MAX} bytes together");
                return Err(at(index, Failure::Beyond(what)));
            }
            state.results.push(result);
        }
        Ok(())
    }

    fn result(&self, operation: Operation, state: &mut State, arenas: &mut impl Arenas) -> Result<Integer, Failure> {
        let Operation { code, a, b, .. } = operation;
        match code {
            Code::Constant => self.constant(a, b),
            Code::Load => {
                let value = arenas.load(operation.arena(), operation.offset(), self.bytes(operation)?)?;
                Ok(value.into())
            }
            Code::Store => {
                let bytes = self.bytes(operation)?;
                if b >= self.operations.len() {
                    return Err(Failure::beyond(format!("it stores the result of operation {b}, which is none")));
                }
                // What is not computed yet is 0.
                let nothing = Natural::ZERO;
                let value = state.results.get(b).map_or(&nothing, Integer::magnitude);
                arenas.store(operation.arena(), operation.offset(), bytes, value)?;
                Ok(Integer::ZERO)
            }
            Code::Add | Code::Subtract | Code::Multiply | Code::Remainder | Code::Quotient | Code::Inverse => {
                state.compute(code, a, b)
            }
        }
    }

    /// Words of 64 bits, little-endian.
    fn constant(&self, first: usize, words: usize) -> Result<Integer, Failure> {
        if words as u64 * 8 > NUMBER_BYTES_MAX {
            return Err(too_large());
        }
        let words = self.constants.get(first..first + words);
        let words = words.ok_or_else(|| Failure::beyond("it takes a constant that the program does not have"))?;
        let limbs = words.as_flattened().as_chunks().0.iter().map(|&limb| u32::from_le_bytes(limb));
        Ok(Natural::new(limbs.collect()).into())
    }

    /// How long the number is that an operation loads or stores: what its type says, in whole chunks.
    fn bytes(&self, operation: Operation) -> Result<u64, Failure> {
        let Some(kind) = self.types.get(operation.kind) else {
            return Err(Failure::beyond(format!("it has the type {}, which is none", operation.kind)));
        };
        let coefficients = u64::from_le_bytes(kind.as_chunks().0[0]);
        if coefficients > NUMBER_BYTES_MAX {
            return Err(too_large());
        }
        Ok(coefficients.next_multiple_of(CHUNK_BYTES))
    }
}

/// The first `count` pieces of `bytes`, and what is behind them.
fn part<const N: usize>(bytes: &[u8], count: usize) -> Option<(&[[u8; N]], &[u8])> {
    let (part, rest) = bytes.split_at_checked(count.checked_mul(N)?)?;
    Some((part.as_chunks().0, rest))
}

fn too_large() -> Failure {
    Failure::Beyond(format!("it takes a number of more than {NUMBER_BYTES_MAX} bytes"))
}

fn at(index: usize, failure: Failure) -> Failure {
    let with = |what: String| format!("at operation {index} of the program: {what}");
    match failure {
        Failure::Refused(what) => Failure::Refused(with(what)),
        Failure::Beyond(what) => Failure::Beyond(with(what)),
    }
}

/// What operations have given, and what they cost.
struct State {
    results: Vec<Integer>,
    bytes: u64,
    work: u64,
}

impl State {
    fn compute(&mut self, code: Code, a: usize, b: usize) -> Result<Integer, Failure> {
        let (Some(left), Some(right)) = (self.results.get(a), self.results.get(b)) else {
            return Err(Failure::beyond("it takes a result that is not there yet; RISC Zero's executor panics at it"));
        };
        let [long, short] = [left, right].map(|number| number.magnitude().limbs().len() as u64);
        self.work += match code {
            Code::Multiply => (long + 1) * (short + 1),
            Code::Remainder | Code::Quotient => (long.saturating_sub(short) + 1) * (short + 1),
            // As many divisions as there are bits at most, each as long as the modulus and the numbers beside it.
            Code::Inverse => (long + 1) * (short + 1) + LIMB_BITS * (short + 1) * (short + 1),
            _ => long + short + 1,
        };
        if self.work > WORK_MAX {
            return Err(Failure::Beyond(format!("the program takes more than {WORK_MAX} steps")));
        }
        let result = match code {
            Code::Add => left.add(right),
            Code::Subtract => left.sub(right),
            Code::Multiply => left.mul(right),
            Code::Remainder => left.div_rem(right).ok_or_else(by_zero)?.1,
            Code::Quotient => left.div_rem(right).ok_or_else(by_zero)?.0,
            _ => inverse(left.magnitude(), right.magnitude())?.into(),
        };
        if LIMB_BYTES * result.magnitude().limbs().len() as u64 > NUMBER_BYTES_MAX {
            return Err(too_large());
        }
        Ok(result)
    }
}

fn by_zero() -> Failure {
    Failure::beyond("it divides by 0; RISC Zero's executor panics at it")
}

/// The signs of both do not count.
fn inverse(number: &Natural, modulus: &Natural) -> Result<Natural, Failure> {
    let (_, reduced) = number.div_rem(modulus).ok_or_else(by_zero)?;
    if reduced.is_zero() {
        return Err(Failure::beyond("it takes the inverse of 0; RISC Zero's executor panics at it"));
    }
    let none = || Failure::refused("it takes the inverse of a number that has a common divisor with the modulus");
    reduced.inverse(modulus).ok_or_else(none)
}

#[cfg(test)]
#[path = "bibc/tests.rs"]
mod tests;
