//! What `#[tile]` demands of arguments, said where each is written.

use serde::{Serialize, de::DeserializeOwned};

/// What a tile takes can be written to bytes and read back.
pub fn value<T: Serialize + DeserializeOwned>() {}
