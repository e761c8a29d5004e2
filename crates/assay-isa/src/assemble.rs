//! From assembly text to bytes, as `llvm-mc` and GNU `as` users write it.
//!
//! One flat image at one base address: no relocations, no linker, no relaxation, no compression. Data sections are
//! taken in the order they come; code after data is refused, since a flat image would run into the data. What is
//! deliberately missing: macros, conditionals, includes.
//!
//! The text is hostile: whatever it says, the answer is bytes or a list of all the lines that are wrong, within the
//! limits of [`AssembleOptions`] and the constants here.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use crate::isa::Isa;

mod constant;
mod directive;
mod error;
mod expression;
mod image;
mod insn;
mod lexer;
mod operand;
mod pseudo;
mod statement;

pub use constant::load_constant;
pub use error::{AssembleError, AssembleErrors};

/// Longest source text, in bytes, unless the options say otherwise.
pub const DEFAULT_MAX_SOURCE_BYTES: usize = 4 << 20;
/// Largest image, in bytes, unless the options say otherwise.
pub const DEFAULT_MAX_OUTPUT_BYTES: usize = 16 << 20;
/// Most errors that are reported, unless the options say otherwise.
pub const DEFAULT_MAX_ERRORS: usize = 100;
/// Longest source line, in bytes; a line is held as tokens while it is assembled.
pub const MAX_LINE_BYTES: usize = 64 << 10;
/// Most expressions that may wait for a name that is defined further down; each is held until the end.
pub const MAX_FORWARD_REFERENCES: usize = 1 << 18;
/// Deepest nesting of parentheses and unary operators in an expression.
pub const MAX_EXPRESSION_DEPTH: usize = 64;

/// What to assemble for, and within which limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AssembleOptions {
    /// The instructions there are.
    pub isa: Isa,
    /// Address of the first byte.
    pub base: u64,
    /// Longest source text, in bytes.
    pub max_source_bytes: usize,
    /// Largest image, in bytes.
    pub max_output_bytes: usize,
    /// Most errors that are reported; the rest are counted.
    pub max_errors: usize,
}

impl AssembleOptions {
    /// Default limits, first byte at address `base`.
    pub const fn new(isa: Isa, base: u64) -> Self {
        Self {
            isa,
            base,
            max_source_bytes: DEFAULT_MAX_SOURCE_BYTES,
            max_output_bytes: DEFAULT_MAX_OUTPUT_BYTES,
            max_errors: DEFAULT_MAX_ERRORS,
        }
    }
}

/// An assembled image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assembly {
    /// Address of the first byte.
    pub base: u64,
    /// The bytes, little-endian.
    pub bytes: Vec<u8>,
    /// Labels, and `.equ` names that stand for an address. Numeric labels are not listed.
    pub symbols: BTreeMap<String, u64>,
    /// `.equ` names that stand for a number.
    pub constants: BTreeMap<String, i64>,
    /// Which source line made which bytes, in address order; statements that make no bytes are not listed.
    pub lines: Vec<LineInfo>,
}

/// The bytes that one statement made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineInfo {
    /// Address of its first byte.
    pub address: u64,
    /// Source line, from 1.
    pub line: usize,
    /// Number of bytes, not 0.
    pub size: usize,
    /// Whether a data directive made them. Instructions, pseudo-instructions, `.insn`, and the padding between them are code.
    pub is_data: bool,
}

impl Assembly {
    /// The image as 32-bit words; `None` if its length is not a multiple of 4.
    pub fn words(&self) -> Option<Vec<u32>> {
        let (words, rest) = self.bytes.as_chunks::<4>();
        rest.is_empty().then(|| words.iter().map(|&bytes| u32::from_le_bytes(bytes)).collect())
    }

    /// The address ranges that hold code, in order, adjacent ones merged.
    pub fn code_ranges(&self) -> Vec<Range<u64>> {
        self.ranges(false)
    }

    /// The address ranges that hold data, in order, adjacent ones merged.
    pub fn data_ranges(&self) -> Vec<Range<u64>> {
        self.ranges(true)
    }

    fn ranges(&self, is_data: bool) -> Vec<Range<u64>> {
        let mut ranges: Vec<Range<u64>> = Vec::new();
        for line in self.lines.iter().filter(|line| line.is_data == is_data) {
            let end = line.address + line.size as u64;
            match ranges.last_mut().filter(|last| last.end == line.address) {
                Some(last) => last.end = end,
                None => ranges.push(line.address..end),
            }
        }
        ranges
    }

    /// The source line, from 1, that made the byte at `address`.
    pub fn line_at(&self, address: u64) -> Option<usize> {
        let after = self.lines.partition_point(|line| line.address <= address);
        let line = self.lines.get(after.checked_sub(1)?)?;
        (address - line.address < line.size as u64).then_some(line.line)
    }
}

/// Assembles `source`; on failure, every bad line.
///
/// A branch or jump whose target is a plain number takes it as bytes relative to its own address; one whose target
/// is a label (or `.`) goes there, and a target out of reach is an error. Expressions have 64-bit wrapping
/// arithmetic and GNU's precedence: `*` `/` `%` `<<` `>>` before `|` `&` `^` before `+` `-`.
pub fn assemble(source: &str, options: &AssembleOptions) -> Result<Assembly, AssembleErrors> {
    statement::assemble_source(source, options)
}
