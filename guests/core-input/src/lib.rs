//! The input of a core: its type in postcard, and nothing behind it.
#![no_std]

use serde::de::Deserialize;

/// The guest's input as a value.
///
/// # Panics
///
/// If it is not a value of this type, or has bytes behind it. The two panics say so in the same words whatever the error,
/// because that is worded by a library.
#[must_use]
pub fn read<T: Deserialize<'static>>() -> T {
    let Ok((value, rest)) = postcard::take_from_bytes(assay_guest_rt::read_input()) else {
        panic!("the input is no value of the core's type");
    };
    assert!(rest.is_empty(), "the input has bytes behind its value");
    value
}
