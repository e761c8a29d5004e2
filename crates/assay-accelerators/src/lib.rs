//! The accelerators of the standard C interface, carried out for the reference machine, and known answers for everyone who
//! carries them out.
//!
//! What they are stands in [`assay_spec::accelerator`]. Here is what they give:
//!
//! - `compute`, with the feature of that name: the implementation, by the field's well-kept crates.
//! - `vectors`, with the feature of that name: known answers, as data.
//!
//! What this crate refuses to know: memory, registers and pointers of a guest. It is handed bytes and gives bytes.

#[cfg(feature = "compute")]
mod compute;
#[cfg(feature = "vectors")]
pub mod vectors;

pub use assay_spec::accelerator::*;
#[cfg(feature = "compute")]
pub use compute::compute;
