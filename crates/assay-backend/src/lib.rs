//! What executes guests: the reference machine in this process, zkVMs in supervised runner processes, native guests as
//! supervised processes of their own.
//!
//! The only crate that starts processes for untrusted work. It knows how to get an [`Outcome`](assay_spec::Outcome)
//! out of a backend whatever the guest or the runner does; it does not know what two outcomes mean together, where
//! results are kept, or how anything is shown.
//!
//! Linux only: limits and the hunt for left-over processes read `/proc`.

pub mod backend;
pub mod cancel;
pub mod identities;
pub mod native;
pub mod pool;
pub mod receipts;
pub mod reference;
pub mod registry;
mod request_folder;
pub mod runner;
pub mod sandbox;
pub mod supervisor;

pub use backend::{Backend, BackendError, Job, Limits, ProgressCallback, ProveRun, TraceOptions, TraceRun};
pub use cancel::CancelToken;
pub use identities::Identities;
pub use native::Native;
pub use pool::{Lent, Pool, PoolError};
pub use receipts::{Expected, Verifier, read_receipt, verify_receipt};
pub use reference::Reference;
pub use registry::{InstallError, Installation, Registry, RegistryError};
pub use runner::{RunnerBackend, RunnerVerifier};
pub use sandbox::{Sandbox, SandboxError, SandboxReport, SandboxSettings, Tenant};
pub use supervisor::{CallLimits, CapturedOutput, CapturedStream, RunnerCommand, RunnerFailure, Settings, Supervisor};
