//! From what a tile's program made public to what came of the tile.
//!
//! The bytes are a guest's and hostile: they are taken for an answer only if they are one to the last byte. What they
//! mean in Rust is shown where the shape of the type is known, and is otherwise left as bytes. Nothing here knows of
//! runs or proofs.

use assay_spec::{Digest, Platform, TileAbi, TileAnswer, TileFailureKind, TileInput, TilePublish, TileShape};
use assay_tile::{Claim, ClaimError, FAILURE_MESSAGE_BYTES_MAX, Failure, FailureKind, InputBinding, Shape, Status};
use serde_json::Value;

use crate::value::{self, ValueError};

/// What a program made public, taken apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// The claim; absent in plain mode.
    pub claim: Option<Claim>,
    /// What came of the tile, as the program says.
    pub answer: TileAnswer,
    /// The bytes behind the claim: the output, or the failure, in postcard. In plain mode all that is public, without
    /// the zeros that a platform adds as far as they are known to be that.
    pub bytes: Vec<u8>,
}

/// Whether the public output of a platform's guests is an array of fixed size, with zeros behind what the guest wrote.
pub fn is_padded(platform: Platform) -> bool {
    platform == Platform::OpenVm
}

/// Takes apart what a program made public, all of it but `padded` zeros.
///
/// In plain mode the bytes have no length of their own: where zeros follow, the output ends where a value of its type
/// does, and is taken to be all of the bytes if its type is not known.
pub fn published(public: &[u8], publish: TilePublish, padded: bool, abi: &TileAbi) -> Result<Published, ClaimError> {
    match publish {
        TilePublish::Claim => {
            let (claim, bytes) = Claim::decode(public, padded)?;
            Ok(Published { claim: Some(claim), answer: answer(claim.status, bytes, abi), bytes: bytes.to_vec() })
        }
        TilePublish::Plain => {
            let bytes = if padded { without_padding(public, abi) } else { public };
            Ok(Published { claim: None, answer: answer(Status::Ok, bytes, abi), bytes: bytes.to_vec() })
        }
    }
}

/// What `bytes` say that came of a tile.
pub fn answer(status: Status, bytes: &[u8], abi: &TileAbi) -> TileAnswer {
    if status == Status::Ok {
        return TileAnswer::Output { value: shown(bytes, &abi.output), bytes: bytes.to_vec().into() };
    }
    let failure = match postcard::take_from_bytes::<Failure>(bytes) {
        Ok((failure, [])) if failure.kind.status() == status => failure,
        _ => return nothing("it says that it failed, and what follows is no failure of that kind"),
    };
    failed(failure, abi)
}

/// What a failure of a tile says.
pub fn failed(failure: Failure, abi: &TileAbi) -> TileAnswer {
    if failure.message.len() > FAILURE_MESSAGE_BYTES_MAX {
        return nothing("its message is longer than messages of failures are");
    }
    let error = match failure.kind {
        FailureKind::Tile => shown(&failure.error, &abi.error),
        FailureKind::Input | FailureKind::Frame => None,
    };
    TileAnswer::Failure { kind: kind(failure.kind), message: failure.message, error, bytes: failure.error.into() }
}

fn nothing(reason: &str) -> TileAnswer {
    TileAnswer::Nothing { reason: reason.to_owned() }
}

fn kind(kind: FailureKind) -> TileFailureKind {
    match kind {
        FailureKind::Tile => TileFailureKind::Tile,
        FailureKind::Input => TileFailureKind::Input,
        FailureKind::Frame => TileFailureKind::Frame,
    }
}

/// The value, if its type is known and it is one: a type may write what it does not read.
fn shown(bytes: &[u8], written: &Result<TileShape, String>) -> Option<Value> {
    let shape = shape(written.as_ref().ok()?).ok()?;
    value::decode(bytes, &shape).ok()
}

/// What is in front of the zeros, where the type says how long that is.
fn without_padding<'a>(public: &'a [u8], abi: &TileAbi) -> &'a [u8] {
    let Some(shape) = abi.output.as_ref().ok().and_then(|written| shape(written).ok()) else { return public };
    match value::decode(public, &shape) {
        Err(ValueError::Trailing { trailing, .. }) => match public.split_at_checked(public.len() - trailing) {
            Some((value, rest)) if rest.iter().all(|&byte| byte == 0) => value,
            _ => public,
        },
        _ => public,
    }
}

/// A shape as it is written, for encoding and decoding.
pub fn shape(written: &TileShape) -> Result<Shape, ValueError> {
    let not_read = |error: serde_json::Error| ValueError::Json {
        reason: format!("the shape of the type {} cannot be read: {error}", written.name),
    };
    Ok(Shape {
        format: serde_json::from_value(written.format.clone()).map_err(not_read)?,
        types: serde_json::from_value(written.types.clone()).map_err(not_read)?,
    })
}

/// How an input is bound, as it is written to files.
pub fn binding(input: InputBinding) -> TileInput {
    match input {
        InputBinding::Digest(digest) => TileInput::Digest(Digest(digest)),
        InputBinding::Commitment(digest) => TileInput::Commitment(Digest(digest)),
    }
}

#[cfg(test)]
mod tests;
