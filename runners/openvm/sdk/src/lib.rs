//! Everything of this runner that is generic over `OpenVM`, instantiated once, behind plain types.
//!
//! `OpenVM`'s interpreters and chips are generic code: whoever names them compiles them, at minutes of CPU time. This
//! crate names them and changes seldom; the runner beside it changes often and builds in seconds. For the same
//! reason nothing generic stands in this crate's interface, and it knows nothing of Assay: no protocol, no records.
//!
//! - [`Program`]: an ELF, transpiled.
//! - [`Machine`]: the virtual machine, its keys made when first needed.
//! - [`Machine::execute`]: a run, what it printed, and what proving it costs.
//! - [`Machine::trace`]: a run instruction by instruction, with chip rows and bus messages ([`Segment`]).
//! - [`Machine::prove`]: a proof of a run, and [`Machine::exe_commit`]: the program that it is bound to.
//! - [`Verifier`]: whether bytes are such a proof, and what it says. It needs no machine.
//!
//! Panics of the SDK that a guest or a proof causes are caught here ([`Stop`], [`Verifier::verify`]); those in proving
//! code are the caller's to catch.

mod config;
mod execute;
mod machine;
mod print;
mod program;
mod proof;
mod prove;
mod rows;
mod trace;
mod verify;

pub use config::{Options, SECURITY_BITS, Strength};
pub use execute::{Cause, End, Execution, Metered, MeteredSegment, Stop};
pub use machine::{Bus, BusRole, Chip, Circuit, Machine, SetupError};
pub use print::{PRINTED_HEAD_BYTES_MAX, PRINTED_TAIL_BYTES_MAX, Printed};
pub use program::{Access, IMAGE_BYTES_MAX, LoadError, Program, Watch};
pub use proof::{PROOF_ENCODING, SEGMENT_BYTES_MAX, SEGMENTS_MAX};
pub use prove::{ExeCommit, ProveError, Proved};
pub use rows::{Message, Rows, Scratch};
pub use trace::{RowRange, SEGMENT_INSTRUCTIONS, Segment, Step, TraceError, TraceOptions, Traced};
pub use verify::{Claims, Verifier};

use openvm_stark_sdk::p3_baby_bear::BabyBear;

/// The field of all traces.
pub(crate) type F = BabyBear;

/// The prime of the field of all traces: 15 · 2^27 + 1.
pub const FIELD_ORDER: u32 = 2_013_265_921;
