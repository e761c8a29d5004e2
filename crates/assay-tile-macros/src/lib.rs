//! `#[tile]` and `#[sequence]`: what authors of tiles write, checked while they compile.
//!
//! Use them through `assay_tile`, which has what they expand to. Each complaint points at the token that is wrong. What the
//! macros refuse to know: how a tile is built, run or proved; they leave symbols by which the one who does finds it.

mod arguments;
mod failure;
mod id;
mod sequence;
mod tile;

use proc_macro::TokenStream;

/// Makes a function a tile: a program of its own, which a zkVM can prove.
///
/// ```ignore
/// /// Doubles a number.
/// #[tile(budget = 100_000)]
/// pub fn double(number: u64) -> u64 {
///     number * 2
/// }
/// ```
///
/// The function takes up to twelve owned arguments with serde's traits and returns such a value or a `Result` of one and an
/// error with serde's traits and `Display`.
///
/// - `name`: the tile's id, lower-case letters, digits and `-`; the function's name with `-` for `_` unless given.
/// - `description`: what it does, for people; the first line of its documentation unless given.
/// - `budget`: most cycles that it may take. A preview says whether it did.
///
/// Two tiles of a crate cannot have one id. Beside the function stands an empty type of its name, which implements
/// `assay_tile::Tile` and by which sequences name it.
#[proc_macro_attribute]
pub fn tile(arguments: TokenStream, item: TokenStream) -> TokenStream {
    tile::expand(arguments.into(), item.into()).unwrap_or_else(|error| error.to_compile_error()).into()
}

/// Makes a function without a body a sequence: tiles, each of which takes what the one before it returned.
///
/// ```ignore
/// /// The hash of a doubled number.
/// #[sequence(double, render, keccak256)]
/// pub fn hashed_double(number: u64) -> [u8; 32];
/// ```
///
/// A tile of several arguments takes a tuple of them. If a tile fails, so does the sequence. `name` and `description` are as a
/// tile's. The function can be called: it runs the tiles one after the other, here, without any proof.
#[proc_macro_attribute]
pub fn sequence(arguments: TokenStream, item: TokenStream) -> TokenStream {
    sequence::expand(arguments.into(), item.into()).unwrap_or_else(|error| error.to_compile_error()).into()
}

/// Makes an enum an error of tiles: `Display` from a message for each variant, `Serialize` and `Deserialize` are left to serde.
///
/// ```ignore
/// #[derive(Serialize, Deserialize, Failure)]
/// pub enum DivisionError {
///     #[failure("the divisor is zero")]
///     DivisionByZero,
/// }
/// ```
#[proc_macro_derive(Failure, attributes(failure))]
pub fn failure(item: TokenStream) -> TokenStream {
    failure::expand(item.into()).unwrap_or_else(|error| error.to_compile_error()).into()
}
