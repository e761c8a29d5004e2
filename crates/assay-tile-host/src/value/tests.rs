//! Values of every shape, there and back, and what is refused.

use std::{collections::BTreeMap, fmt::Debug};

use assay_tile::{Description, Descriptions, tile};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::*;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(clippy::option_option, clippy::zero_sized_map_values, reason = "every kind of value is to be there")]
struct Everything {
    flag: bool,
    small: i8,
    wide: i64,
    widest: u128,
    float: f64,
    letter: char,
    text: String,
    bytes: Vec<u8>,
    digest: [u8; 4],
    maybe: Option<u32>,
    nested: Option<Option<u8>>,
    pairs: Vec<(u16, String)>,
    named: BTreeMap<String, u8>,
    numbered: BTreeMap<u8, ()>,
    choice: Choice,
    wrapped: Wrapped,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Choice {
    None,
    One(u64),
    Two(u8, i16),
    Fields { x: i32, y: Vec<Choice> },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Wrapped(u32);

#[tile]
fn echo(everything: Everything) -> Everything {
    everything
}

#[tile]
fn nothing() {}

#[tile]
fn hashes(mut all: Vec<[u8; 4]>) -> [u8; 4] {
    all.swap_remove(0)
}

#[tile]
fn three(a: u8, b: bool, _c: String) -> Result<u8, String> {
    if b { Ok(a) } else { Err("not b".into()) }
}

/// The shapes of what goes into a tile and of what comes out.
fn shapes<T: assay_tile::Tile>() -> [Shape; 2] {
    let mut descriptions = Descriptions::default();
    descriptions.tile::<T>();
    match descriptions.all.pop() {
        Some(Description::Tile(tile)) => [tile.input.unwrap(), tile.output.unwrap()],
        other => panic!("no tile: {other:?}"),
    }
}

fn sample() -> Everything {
    Everything {
        flag: true,
        small: -5,
        wide: i64::MIN,
        widest: u128::MAX,
        float: 1.5,
        letter: 'ß',
        text: "a \"text\"".into(),
        bytes: vec![0, 255],
        digest: [1, 2, 3, 4],
        maybe: None,
        nested: Some(None),
        pairs: vec![(300, "x".into())],
        named: [("k".to_owned(), 7)].into(),
        numbered: [(9, ())].into(),
        choice: Choice::Fields { x: -1, y: vec![Choice::None, Choice::One(1 << 40), Choice::Two(1, -300)] },
        wrapped: Wrapped(70_000),
    }
}

#[test]
fn every_kind_of_value_has_its_json() {
    let [shape, _] = shapes::<echo>();
    let value = decode(&postcard::to_allocvec(&sample()).unwrap(), &shape).unwrap();
    insta::assert_json_snapshot!(value);
}

fn round_trip<T: Serialize + Debug>(value: &T, shape: &Shape) {
    let bytes = postcard::to_allocvec(value).unwrap();
    let json = decode(&bytes, shape).unwrap();
    // As a person has it: through text.
    let json: Value = serde_json::from_str(&json.to_string()).unwrap();
    assert_eq!(encode(&json, shape).unwrap(), bytes, "{json}");
}

proptest! {
    #[test]
    fn what_is_decoded_encodes_to_the_same_bytes(
        small: i8, wide: i64, widest: u128, text: String, bytes: Vec<u8>, maybe: Option<u32>, nested: Option<Option<u8>>,
        letter: char, float in proptest::num::f64::NORMAL | proptest::num::f64::ZERO, two: (u8, i16),
    ) {
        let [shape, _] = shapes::<echo>();
        let choice = Choice::Two(two.0, two.1);
        round_trip(&Everything { small, wide, widest, float, letter, text, bytes, maybe, nested, choice, ..sample() }, &shape);
    }

    #[test]
    fn no_bytes_make_decoding_panic(bytes: Vec<u8>) {
        let [shape, _] = shapes::<echo>();
        let _ = decode(&bytes, &shape);
    }
}

#[test]
fn no_argument_is_null_and_several_are_a_list() {
    let [none, unit] = shapes::<nothing>();
    assert_eq!(encode(&Value::Null, &none).unwrap(), Vec::<u8>::new());
    assert_eq!(encode(&json!([]), &none).unwrap(), Vec::<u8>::new());
    assert_eq!(decode(&[], &unit).unwrap(), Value::Null);
    let [three, _] = shapes::<three>();
    assert_eq!(encode(&json!([7, true, "ab"]), &three).unwrap(), [7, 1, 2, b'a', b'b']);
    assert_eq!(name(&three.format), "(u8, bool, String)");
}

#[test]
fn each_mistake_in_json_is_told_with_its_place() {
    let [shape, _] = shapes::<echo>();
    let good = decode(&postcard::to_allocvec(&sample()).unwrap(), &shape).unwrap();
    let mut errors = Vec::new();
    for (field, bad) in [
        ("flag", json!(1)),
        ("small", json!(200)),
        ("wide", json!(1.5)),
        ("letter", json!("ab")),
        ("bytes", json!("0g")),
        ("digest", json!("010203")),
        ("nested", json!(3)),
        ("pairs", json!([[1, "a"], [2]])),
        ("named", json!([["k", 1]])),
        ("choice", json!("Nothing")),
        ("choice", json!("One")),
        ("choice", json!({"Fields": {"x": 1, "y": ["None", {"Two": [1, 99999]}]}})),
        ("unknown", json!(0)),
    ] {
        let mut value = good.clone();
        value[field] = bad;
        errors.push(encode(&value, &shape).unwrap_err().to_string());
    }
    errors.push(encode(&json!([1, 2]), &shape).unwrap_err().to_string());
    errors.push(encode(&json!({}), &shape).unwrap_err().to_string());
    insta::assert_snapshot!(errors.join("\n"));
}

#[test]
fn bytes_that_are_no_value_or_more_than_one_are_refused() {
    let [shape, output] = shapes::<three>();
    for (bytes, says) in [
        (&[7][..], "1 bytes are no value of type (u8, bool, String)"),
        (&[7, 2, 0], "are no value"),
        (&[7, 1, 0, 0], "1 bytes follow"),
    ] {
        let error = decode(bytes, &shape).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
    assert!(decode(&[], &output).is_err());
    let [shape, _] = shapes::<echo>();
    let index = postcard::to_allocvec(&sample()).unwrap().len();
    assert!(index > 0);
    assert!(matches!(shape.types.get("Choice"), Some(ContainerFormat::Enum(variants)) if variants.len() == 4));
}

#[derive(Serialize, Deserialize)]
struct Chain(Option<Box<Chain>>);

#[tile]
fn chained(_chain: Chain) -> Vec<()> {
    Vec::new()
}

#[test]
fn depth_and_number_of_values_are_limited_whatever_the_bytes_say() {
    let [chain, list] = shapes::<chained>();
    let deep = decode(&[1; 1000], &chain).unwrap_err().to_string();
    assert!(deep.contains("values inside of one another"), "{deep}");
    let many = decode(&[0xff, 0xff, 0xff, 0xff, 0x0f], &list).unwrap_err().to_string();
    assert!(many.contains("more than 4194304 values"), "{many}");
}

#[test]
fn every_tile_of_a_program_is_listed_wherever_it_stands() {
    mod deeper {
        #[assay_tile::tile]
        fn hidden(number: u8) -> u8 {
            number
        }
        #[assay_tile::sequence(hidden, hidden)]
        fn twice_hidden(number: u8) -> u8;
    }
    let listed: Vec<_> = assay_tile::described()
        .iter()
        .map(|description| match description {
            Description::Tile(tile) => format!("tile {}", tile.id),
            Description::Sequence(sequence) => format!("sequence {} of {}", sequence.id, sequence.tiles.join(", ")),
        })
        .collect();
    let expected = ["tile chained", "tile echo", "tile hashes", "tile hidden", "tile nothing", "tile three"];
    assert_eq!(listed, [&expected[..], &["sequence twice-hidden of hidden, hidden"]].concat());
}

#[test]
fn arrays_of_bytes_are_hex_outside_of_named_types_too() {
    let [input, output] = shapes::<hashes>();
    assert_eq!(name(&input.format), "Vec<[u8; 4]>");
    let bytes = encode(&json!(["00010203", [4, 5, 6, 7]]), &input).unwrap();
    assert_eq!(bytes, [2, 0, 1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(decode(&bytes, &input).unwrap(), json!(["00010203", "04050607"]));
    assert_eq!(decode(&bytes[1..5], &output).unwrap(), json!("00010203"));
    assert!(encode(&json!(["000102"]), &input).is_err());
}
