//! Why this runner stops the executor from inside: the SDK passes an error of a callback on as it is.

use assay_spec::{TrapKind, protocol::RunnerError};

/// An end that the executor itself does not know.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum Stop {
    /// The kernel is about to terminate the guest, and all that a report takes is known.
    #[error("the guest halted")]
    Halted,
    /// What may be watched of a run was watched.
    #[error("the run is longer than what is watched")]
    Watched,
    /// As many instructions as were allowed are retired.
    #[error("the limit of instructions was reached")]
    StepLimit,
    /// More pages of memory were touched than are allowed.
    #[error("the guest touched more than {0} bytes of memory")]
    MemoryLimit(u64),
    /// More was written to the journal than is allowed.
    #[error("the guest wrote more than {0} bytes to the journal")]
    OutputLimit(usize),
    /// The run splits into more segments than are proved.
    #[error("the run splits into more than {0} segments")]
    SegmentLimit(usize),
    /// The guest called `SYS_PANIC`.
    #[error("the guest panicked: {0}")]
    Panic(String),
    /// A system call that cannot be served.
    #[error("{message}")]
    Call {
        /// What sort of mistake it is.
        kind: TrapKind,
        /// Names the call and says why.
        message: String,
        /// Address of the ecall.
        pc: u32,
    },
    /// The guest asked for something that RISC Zero's host does and this one does not: that says nothing of the guest.
    #[error("{0}")]
    Unsupported(String),
    /// The request was cancelled.
    #[error("the request was cancelled")]
    Cancelled,
    /// The trace cannot be written.
    #[error("{0}")]
    Records(RunnerError),
}
