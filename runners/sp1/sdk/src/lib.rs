//! Everything of this runner that names SP1, behind plain types.
//!
//! SP1's prover and chips are generic code: whoever names them compiles them, at minutes of CPU time. This crate names
//! them and changes seldom; the runner beside it changes often and builds in seconds. For the same reason nothing
//! generic stands in this crate's interface, and it knows nothing of Assay: no protocol, no records.
//!
//! - [`Program`]: an ELF, decoded.
//! - [`Program::execute`]: a run, with every limit kept.
//! - [`Program::cost`]: what proving it would cost.
//! - [`Program::trace`]: a run instruction by instruction, with chip rows and bus messages ([`Shard`]).
//! - [`Prover`], [`Keys`]: proofs of it, written as one file; [`Verifier`]: what such a file proves.

mod compress;
mod encoding;
mod execute;
mod guard;
mod program;
mod prove;
mod rows;
mod shards;
mod trace;
mod verify;

pub use compress::CompressError;
pub use encoding::{DecodeError, EncodeError, MAGIC, PROOF_FILE_BYTES_MAX};
pub use execute::{Cause, End, Execution, LOG_BYTES_MAX, Limits, OUTPUT_BYTES_MAX, Stop};
pub use program::{IMAGE_BYTES_MAX, LoadError, Program};
pub use prove::{Keys, Parameters, Progress, Proof, ProofKind, ProveError, Prover};
pub use rows::{Bus, Chip, Circuit, FIELD_ORDER, Message, Rows};
pub use shards::{Cost, ShardError};
pub use trace::{Access, Shard, Step};
pub use verify::{Rejection, Verified, Verifier};
