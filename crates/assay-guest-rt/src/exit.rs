//! What a guest's main function may return.

/// Becomes the guest's exit code, which has 8 bits because RISC Zero's and a process's have.
pub trait ExitStatus {
    /// The exit code; 0 is success.
    fn code(self) -> u8;
}

impl ExitStatus for () {
    fn code(self) -> u8 {
        0
    }
}

impl ExitStatus for u8 {
    fn code(self) -> u8 {
        self
    }
}
