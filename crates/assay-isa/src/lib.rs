//! One RISC-V instruction table that drives decode, encode, disassemble and assemble.
//!
//! Every part of Assay that looks at an instruction word looks at it through this crate, so that a generator, the
//! reference machine and a report can never disagree about what a word means. [`TABLE`] has one row per
//! instruction; everything else is derived from it.
//!
//! What this crate refuses to know: what an instruction *does* (that is the machine's), ELF and sections (the
//! guest's), any zkVM but for the spelling of its vendor instructions, and I/O of any kind. It is `no_std` and
//! takes hostile text and hostile words: nothing here panics on input.
//!
//! - [`decode`] / [`encode`]: a word to an [`Instruction`] and back; the composition is the identity.
//! - [`disassemble`], [`disassemble_aliased`], [`disassemble_word`]: the spelling of `llvm-mc`.
//! - [`assemble`](assemble()): text to an image; [`load_constant`]: what `li` expands to.
#![no_std]

extern crate alloc;

pub mod assemble;
mod csr;
mod decode;
mod disassemble;
mod encode;
mod format;
mod instruction;
mod isa;
pub mod openvm;
pub mod registers;
mod table;

pub use assemble::{AssembleError, AssembleErrors, AssembleOptions, Assembly, LineInfo, assemble, load_constant};
pub use decode::{DecodeError, Needs, Unsupported, decode};
pub use disassemble::{disassemble, disassemble_aliased, disassemble_word};
pub use encode::{EncodeError, encode};
pub use format::{Class, Fields, Format, ImmediateField};
pub use instruction::{Instruction, Operands, Sources};
pub use isa::{Extension, Extensions, Isa, Xlen, XlenSet};
pub use table::{Entry, Opcode, TABLE};
