//! Cases for zkVMs: generated, and shrunk.
//!
//! - [`generate`] makes valid instruction sequences that end, each from a number.
//! - [`shrink`](mod@shrink) makes a case as small and as plain as it can while a predicate of the caller's holds.
//!
//! What this crate refuses to know: what makes a case interesting. Backends, verdicts and identities of findings are behind
//! [`shrink::Predicate`]; what is written down, and where, is behind [`shrink::Observer`].
//!
//! ```
//! use assay_fuzz::shrink::{Answer, Case, Options, Unobserved, shrink};
//! use assay_isa::{AssembleOptions, Isa, assemble};
//!
//! // Some zkVM is said to be wrong about products of 6 and anything.
//! let text = "addi x7, x0, 6\nadd x9, x9, x7\nxor x9, x9, x6\nmul x28, x7, x9\nsub x6, x9, x7\n";
//! let words = assemble(text, &AssembleOptions::new(Isa::RV32IM, 0)).unwrap().words().unwrap();
//! let original = Case { instructions: words, ..Case::empty(Isa::RV32IM) };
//!
//! // A predicate runs the case on both sides and compares; this one only looks.
//! let predicate = |case: &Case| {
//!     let product = case.disassembly().iter().any(|line| line.starts_with("mul"));
//!     let six = case.registers.values().any(|value| value.0 == 6)
//!         || case.disassembly().iter().any(|line| line.ends_with("zero, 6"));
//!     if product && six { Answer::Interesting } else { Answer::Boring }
//! };
//!
//! let shrunk = shrink(original, &predicate, &Options::default(), &mut Unobserved)?;
//! assert_eq!(shrunk.best.disassembly(), ["mul zero, zero, zero"]);
//! assert_eq!(shrunk.best.registers.len(), 1);
//! # Ok::<(), assay_fuzz::shrink::ShrinkError>(())
//! ```

pub mod generate;
pub mod random;
pub mod shrink;
