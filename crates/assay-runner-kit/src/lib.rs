//! The loop that every runner process shares: `assay.runner/1` on one side, a [`Runner`] on the other.
//!
//! A runner is a process that holds one zkVM SDK. What differs between runners is that SDK; what they share is
//! here: frames and their order, bad requests, cancelling, progress, size limits, the cache of loaded guests,
//! record files and what rows and messages in them share, peak memory, and panics of the SDK caught and answered. A
//! runner's `main` is one call of [`serve`]. What runners over patched sources share besides is in [`patched`].
//!
//! The crate knows no zkVM and no ISA, decides nothing about how a run ended, and starts no process. Time and
//! memory limits of the process are the supervisor's: a hang inside of an SDK cannot be ended from within.
//!
//! # How the loop behaves
//!
//! - Requests are served one at a time, in order, on the main thread. A second thread reads, so that `cancel` is
//!   answered, and takes effect, while another request runs.
//! - The first request must be `hello`; before it everything but `cancel` is [`ErrorKind::BadRequest`].
//! - A frame that cannot be understood is answered with [`ErrorKind::BadRequest`] under its own id, or under
//!   [`UNREADABLE_ID`] where it has none that can be read. A length above the frame cap ends the process after
//!   such an answer ([`ErrorKind::Limit`]), because frames have no borders any more.
//! - `cancel` is always acknowledged at once; the request it names answers [`ErrorKind::Cancelled`] once the
//!   runner notices, or its ordinary answer if it was faster.
//! - End of file on the request stream means that the supervisor is gone: what runs is cancelled, what waits is
//!   dropped, and the process ends, after [`ORPHAN_GRACE`] even if the SDK never looks up. (The kernel's
//!   parent-death signal is not used: it fires when the *thread* that started the process ends.)
//!
//! [`ErrorKind::BadRequest`]: assay_spec::protocol::ErrorKind::BadRequest
//! [`ErrorKind::Limit`]: assay_spec::protocol::ErrorKind::Limit
//! [`ErrorKind::Cancelled`]: assay_spec::protocol::ErrorKind::Cancelled

pub mod circuit;
mod context;
mod error;
mod files;
mod guests;
mod inbox;
mod memory;
mod outbox;
mod panic;
pub mod patched;
mod process;
mod records;
mod runner;
mod server;

pub use context::{Context, PROGRESS_INTERVAL};
pub use error::error;
pub use files::{ELF_BYTES_MAX, INPUT_BYTES_MAX, PROOF_BYTES_MAX};
pub use guests::GUESTS_MAX;
pub use inbox::WAITING_REQUESTS_MAX;
pub use panic::{Caught, catch};
pub use process::{ORPHAN_GRACE, serve};
pub use records::{RECORDS_MAX, Records};
pub use runner::{Prepared, Proof, Run, Runner, VerifiedProof};
pub use server::UNREADABLE_ID;
