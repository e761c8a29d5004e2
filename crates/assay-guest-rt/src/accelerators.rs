//! The accelerators of the zkVM standards for guests: nineteen functions, and how each is computed on which platform.
//!
//! [`TABLE`] is always here. The functions are there with the feature `accelerators`: one by one as Rust functions, and
//! under their names and with the types of `include/zkvm_accelerators.h` for C. On the platform `standard` each is one
//! ECALL of the reference machine; elsewhere the zkVM's precompile does what [`TABLE`] names, and guest code the rest. A
//! guest without the feature compiles none of it, and one with it holds what it calls and no more.
//!
//! What is valid and what fails is the same on every platform, and is said here once, at each function; the rules are those
//! of the EIPs that the header names. A call that fails gives no output.
//!
//! All values are bytes as the header has them: numbers big-endian, points affine with infinity as zeros, and every
//! struct aligned to 8 bytes, which is what `Bytes` is.

#[cfg(feature = "accelerators")]
mod c;
#[cfg(feature = "accelerators")]
mod functions;
mod table;

#[cfg(all(feature = "accelerators", not(all(target_os = "none", feature = "standard"))))]
mod code;
#[cfg(all(feature = "accelerators", not(all(target_os = "none", feature = "standard"))))]
use code as means;

#[cfg(all(feature = "accelerators", target_os = "none", feature = "standard"))]
mod ecall;
#[cfg(all(feature = "accelerators", target_os = "none", feature = "standard"))]
use ecall as means;

#[cfg(feature = "accelerators")]
pub use functions::*;
pub use table::{Accelerator, Means, TABLE};
