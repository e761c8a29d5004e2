//! The accelerators of the zkVM standards for guests: nineteen functions, and how each is computed on which platform.

mod table;

pub use table::{Accelerator, Means, TABLE};
