//! What a run came to.

use assay_spec::Trap;

/// A finished run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// How it ended.
    pub end: End,
    /// Public output, as far as it was written. On `openvm` always the 256 bytes of public values.
    pub output: Vec<u8>,
    /// What the guest printed for people, at most [`LOG_BYTES_MAX`](crate::LOG_BYTES_MAX) bytes of it.
    pub log: Vec<u8>,
    /// x0 to x31 at the end; on RV32 the upper halves are 0.
    pub registers: [u64; 32],
    /// Address of the instruction that halted or trapped, else of the one that was next.
    pub pc: u64,
    /// Retired instructions. The one that halts counts; the one that traps does not.
    pub instructions: u64,
    /// Loads and stores whose address was not a multiple of their size.
    pub unaligned_accesses: u64,
    /// Bytes of pages held for the guest at the end.
    pub memory_bytes: u64,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The guest halted.
    Halted {
        /// Its exit code.
        exit_code: u32,
    },
    /// The hart stopped on something that the platform does not allow.
    Trap {
        /// Why and where.
        trap: Trap,
        /// The same for a person, with what to do about it.
        message: String,
    },
    /// The guest panicked through the platform's own call for that.
    Panicked {
        /// What it said, at most [`PANIC_BYTES_MAX`](crate::PANIC_BYTES_MAX) bytes of it.
        message: String,
    },
    /// The guest asked for something that the zkVM does and this machine does not. It says nothing of the guest.
    Unsupported {
        /// What, for a person, and where.
        message: String,
    },
    /// [`Config::max_steps`](crate::Config::max_steps) instructions were executed.
    StepLimit,
    /// A new page would have passed [`Config::memory_limit_bytes`](crate::Config::memory_limit_bytes).
    MemoryLimit,
    /// More output than [`Config::output_limit_bytes`](crate::Config::output_limit_bytes); none of the write that
    /// would have passed it is kept.
    OutputLimit,
    /// The observer asked to stop.
    Stopped,
}
