//! The accelerators of the standard C interface: what they are called, what they take and give, and by which rules.
//!
//! A guest calls an accelerator in C or through the guest library; what carries it out is the platform's: an ecall of the
//! reference machine, a zkVM's precompile, or guest code. All of them are to give what the rules of this table say.

mod call;
pub mod encoding;
mod table;

pub use call::{Compute, Refusal};
pub use table::{
    BLAKE2F_ROUNDS_MAX, Beyond, Bound, Function, HASH_BYTES_MAX, Kind, MODEXP_BYTES_MAX, MSM_PAIRS_MAX,
    PAIRING_PAIRS_MAX, Parameter, STATUS_FAIL, STATUS_OK, STRUCT_ALIGNMENT, Signature, TABLE,
};
