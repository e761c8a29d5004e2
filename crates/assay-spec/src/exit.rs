//! Exit codes of the command line.

/// What the process exit code of `assay` says. Scripts depend on these numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum ExitCode {
    /// All agreed, or the work is done.
    Ok = 0,
    /// Usage or configuration: nothing was run.
    Usage = 1,
    /// A divergence or another finding.
    Divergence = 2,
    /// A proof or a receipt did not verify.
    NotVerified = 3,
    /// The guest failed (panic, trap, non-zero exit) where that was not the question asked.
    GuestFailed = 4,
    /// Nothing could be concluded.
    Inconclusive = 5,
    /// The backend is not installed, or does not support what was asked.
    BackendMissing = 6,
    /// The result was printed, but recording it failed.
    RecordingFailed = 7,
    /// A bug in Assay itself.
    Bug = 101,
}

impl From<ExitCode> for u8 {
    fn from(code: ExitCode) -> Self {
        code as Self
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code as u8)
    }
}
