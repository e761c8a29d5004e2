//! What public bytes say of a tile, on every platform and in both modes.

use assay_spec::HexBytes;
use assay_tile::{RUNTIME_VERSION, tile_digest};
use proptest::prelude::*;
use serde::Serialize;
use serde_json::json;

use super::*;

fn written(name: &str, format: Value) -> TileShape {
    TileShape { name: name.to_owned(), format, types: json!({}) }
}

/// Of a tile that takes and gives a number, with text for an error.
fn abi() -> TileAbi {
    TileAbi {
        input: Ok(written("u64", json!("U64"))),
        output: Ok(written("u64", json!("U64"))),
        error: Ok(written("String", json!("STR"))),
    }
}

fn claimed(status: Status, bytes: &[u8]) -> Vec<u8> {
    let claim = Claim {
        tile: tile_digest("demo", "0.1.0", "double"),
        runtime_version: RUNTIME_VERSION,
        input: InputBinding::of(&[21], None),
        status,
        length: u32::try_from(bytes.len()).unwrap(),
    };
    [&claim.encode()[..], bytes].concat()
}

fn failure(kind: FailureKind, message: &str, error: &impl Serialize) -> Vec<u8> {
    let error = postcard::to_allocvec(error).unwrap();
    postcard::to_allocvec(&Failure { kind, message: message.into(), error }).unwrap()
}

fn read(public: &[u8], publish: TilePublish, padded: bool) -> Published {
    published(public, publish, padded, &abi()).unwrap()
}

#[test]
fn an_output_is_shown_by_its_shape_and_as_bytes_without_one() {
    let read = read(&claimed(Status::Ok, &[42]), TilePublish::Claim, false);
    assert_eq!(read.claim.unwrap().status, Status::Ok);
    assert_eq!(read.answer, TileAnswer::Output { value: Some(json!(42)), bytes: HexBytes(vec![42]) });
    let unknown = TileAbi { output: Err("it looks at what it decodes".into()), ..abi() };
    let read = published(&claimed(Status::Ok, &[42]), TilePublish::Claim, false, &unknown).unwrap();
    assert_eq!(read.answer, TileAnswer::Output { value: None, bytes: HexBytes(vec![42]) });
}

#[test]
fn a_failure_of_the_tile_has_its_error() {
    let bytes = failure(FailureKind::Tile, "too big", &"7 is too big");
    let answer = read(&claimed(Status::TileFailed, &bytes), TilePublish::Claim, false).answer;
    let error = postcard::to_allocvec("7 is too big").unwrap();
    let expected = TileAnswer::Failure {
        kind: TileFailureKind::Tile,
        message: "too big".into(),
        error: Some(json!("7 is too big")),
        bytes: error.into(),
    };
    assert_eq!(answer, expected);
}

#[test]
fn a_failure_of_another_kind_or_with_bytes_behind_it_is_none() {
    let of_input = failure(FailureKind::Input, "3 bytes follow", &());
    let read_as = |status, bytes: &[u8]| read(&claimed(status, bytes), TilePublish::Claim, false).answer;
    let is_failure = |answer: &TileAnswer| matches!(answer, TileAnswer::Failure { .. });
    assert!(is_failure(&read_as(Status::BadInput, &of_input)));
    let longer = [&of_input[..], &[0]].concat();
    let talkative = failure(FailureKind::Input, &"x".repeat(FAILURE_MESSAGE_BYTES_MAX + 1), &());
    for (status, bytes) in [
        (Status::TileFailed, &of_input),
        (Status::BadFrame, &of_input),
        (Status::BadInput, &longer),
        (Status::BadInput, &talkative),
        (Status::TileFailed, &Vec::new()),
    ] {
        assert!(matches!(read_as(status, bytes), TileAnswer::Nothing { .. }), "{status:?} {bytes:?}");
    }
}

#[test]
fn zeros_behind_are_padding_where_the_platform_pads_and_nowhere_else() {
    let mut public = claimed(Status::Ok, &[42]);
    public.resize(256, 0);
    assert_eq!(read(&public, TilePublish::Claim, true).bytes, [42]);
    published(&public, TilePublish::Claim, false, &abi()).unwrap_err();
    public[200] = 1;
    published(&public, TilePublish::Claim, true, &abi()).unwrap_err();
}

#[test]
fn a_plain_output_ends_where_its_value_does() {
    let padded = |bytes: &[u8]| {
        let mut padded = bytes.to_vec();
        padded.resize(256, 0);
        padded
    };
    assert_eq!(read(&[42], TilePublish::Plain, false).bytes, [42]);
    assert_eq!(read(&padded(&[42]), TilePublish::Plain, true).bytes, [42]);
    // 128 has two bytes, and 0 one: that it is a zero does not make it padding.
    assert_eq!(read(&padded(&[0x80, 1]), TilePublish::Plain, true).bytes, [0x80, 1]);
    assert_eq!(read(&padded(&[]), TilePublish::Plain, true).bytes, [0]);
    // Not a number and zeros: nothing is cut, and no value is shown.
    let odd = read(&padded(&[42, 1]), TilePublish::Plain, true);
    assert_eq!(odd.bytes.len(), 256);
    assert!(matches!(odd.answer, TileAnswer::Output { value: None, .. }));
}

proptest! {
    #[test]
    fn whatever_is_public_is_an_answer_or_an_error(
        public in proptest::collection::vec(any::<u8>(), 0..400), plain: bool, padded: bool,
    ) {
        let publish = if plain { TilePublish::Plain } else { TilePublish::Claim };
        let _ = published(&public, publish, padded, &abi());
    }

    #[test]
    fn whatever_follows_a_claim_is_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..64), status in 0..4u8) {
        let status = [Status::Ok, Status::TileFailed, Status::BadInput, Status::BadFrame][usize::from(status)];
        let read = read(&claimed(status, &bytes), TilePublish::Claim, false);
        prop_assert_eq!(read.bytes, bytes);
    }
}
