//! The accelerators of the standard C interface: one table of what they are, an implementation for the reference machine,
//! and known answers.
//!
//! A guest calls an accelerator in C or through the guest library; what carries it out is the platform's: an ecall of the
//! reference machine, a zkVM's precompile, or guest code. All of them are to give what this crate gives.
//!
//! - [`TABLE`], [`Function`], [`Signature`]: names, selectors, parameters, rules. Without dependencies of weight.
//! - `compute`: the implementation, with the feature of that name.
//! - [`encoding`]: the inputs and the result of a call as strings of bytes.
//!
//! What this crate refuses to know: memory, registers and pointers of a guest. It is handed bytes and gives bytes.

#[cfg(feature = "compute")]
mod compute;
pub mod encoding;
mod table;

#[cfg(feature = "compute")]
pub use compute::{Compute, Refusal, compute};
pub use table::{
    BLAKE2F_ROUNDS_MAX, Beyond, Bound, Function, HASH_BYTES_MAX, Kind, MODEXP_BYTES_MAX, MSM_PAIRS_MAX,
    PAIRING_PAIRS_MAX, Parameter, STATUS_FAIL, STATUS_OK, STRUCT_ALIGNMENT, Signature, TABLE,
};
