//! Inputs in JSON are encoded as postcard encodes the values that they stand for.

use std::fmt::Write as _;

use assay_guest::Core;
use proptest::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};

use super::description as core;

/// A field of each type that there is.
const EVERY_TYPE: &str = r#"
description = "."
output = "."
example = '{"a":0,"b":0,"c":0,"d":0,"e":0,"f":0,"g":0,"h":0,"i":true,"j":"","k":"","l":[],"m":null,"n":"x","o":{"p":[]}}'
input = [
    { name = "a", type = "u8" }, { name = "b", type = "u16" }, { name = "c", type = "u32" }, { name = "d", type = "u64" },
    { name = "e", type = "i8" }, { name = "f", type = "i16" }, { name = "g", type = "i32" }, { name = "h", type = "i64" },
    { name = "i", type = "bool" }, { name = "j", type = "string" }, { name = "k", type = "bytes" },
    { name = "l", type = "list of i16" }, { name = "m", type = "option of list of option of u64" },
    { name = "n", type = "E" }, { name = "o", type = "S" },
]
types = [
    { name = "E", variants = [{ name = "x" }, { name = "y", fields = [{ name = "q", type = "i64" }, { name = "r", type = "S" }] }] },
    { name = "S", fields = [{ name = "p", type = "list of E" }] },
]
"#;

#[derive(Clone, Debug, Serialize)]
struct Every {
    a: u8,
    b: u16,
    c: u32,
    d: u64,
    e: i8,
    f: i16,
    g: i32,
    h: i64,
    i: bool,
    j: String,
    k: Vec<u8>,
    l: Vec<i16>,
    m: Option<Vec<Option<u64>>>,
    n: E,
    o: S,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
enum E {
    X,
    Y { q: i64, r: S },
}

#[derive(Clone, Debug, Serialize)]
struct S {
    p: Vec<E>,
}

fn s() -> impl Strategy<Value = S> {
    let leaf = prop_oneof![Just(E::X), any::<i64>().prop_map(|q| E::Y { q, r: S { p: vec![] } })];
    let e = leaf.prop_recursive(4, 16, 4, |inner| {
        (any::<i64>(), prop::collection::vec(inner, 0..4)).prop_map(|(q, p)| E::Y { q, r: S { p } })
    });
    prop::collection::vec(e, 0..4).prop_map(|p| S { p })
}

fn every() -> impl Strategy<Value = Every> {
    let numbers = any::<(u8, u16, u32, u64, i8, i16, i32, i64, bool)>();
    let long = (any::<String>(), any::<Vec<u8>>(), any::<Vec<i16>>(), any::<Option<Vec<Option<u64>>>>());
    (numbers, long, s(), s()).prop_map(|((a, b, c, d, e, f, g, h, i), (j, k, l, m), r, o)| {
        let n = if i { E::X } else { E::Y { q: h, r } };
        Every { a, b, c, d, e, f, g, h, i, j, k, l, m, n, o }
    })
}

/// As JSON, with bytes in hex.
fn json_of(every: &Every) -> Value {
    let mut json = serde_json::to_value(every).unwrap();
    json["k"] = assay_spec::HexBytes(every.k.clone()).to_string().into();
    json
}

proptest! {
    #[test]
    fn values_of_every_type_are_encoded_as_postcard_does(every in every()) {
        let core = Core::parse("every", EVERY_TYPE).unwrap();
        prop_assert_eq!(core.encode(&json_of(&every)).unwrap(), postcard::to_allocvec(&every).unwrap());
    }

    #[test]
    fn any_json_is_encoded_or_refused(text in ".{0,200}", key in "[a-p]", number in any::<f64>()) {
        let core = Core::parse("every", EVERY_TYPE).unwrap();
        let _ = core.encode_json(text.as_bytes());
        let mut json = core.example.clone();
        json[key.as_str()] = json!([text, number, null]);
        prop_assert!(core.encode(&json).is_err());
    }
}

#[test]
fn a_cores_example_is_what_its_own_types_encode() {
    #[derive(Serialize)]
    struct Fib {
        n: u32,
    }
    assert_eq!(core("fib").encode(&json!({"n": 24})).unwrap(), postcard::to_allocvec(&Fib { n: 24 }).unwrap());
}

#[test]
fn each_mistake_in_an_input_is_named_with_its_place() {
    let mut errors = String::new();
    let mut tell = |name: &str, json: Value| {
        let error = core(name).encode(&json).unwrap_err();
        writeln!(errors, "{json}\n{error}\n").unwrap();
    };
    for json in [
        json!({"m": 24}),
        json!({"n": 24, "m": 1}),
        json!({}),
        json!(24),
        json!({"n": "24"}),
        json!({"n": -1}),
        json!({"n": 4_294_967_296u64}),
        json!({"n": 1.5}),
        json!({"n": 1e30}),
        json!({"n": [1, 2]}),
        json!({"n": null}),
    ] {
        tell("fib", json);
    }
    let account = |field: &str, value: Value| {
        let mut example = core("simple_struct").example.clone();
        example["account"][field] = value;
        example
    };
    for json in [
        account("colour", json!(1)),
        account("tags", json!(["a", 1])),
        account("limit", json!(-1)),
        account("kind", json!("joint")),
        account("kind", json!("other")),
        account("kind", json!({"plain": {}, "joint": {}})),
        account("kind", json!({"savings": {"rate": 40_000, "term": "open"}})),
        account("open", json!(0)),
    ] {
        tell("simple_struct", json);
    }
    for json in [json!({"data": "0"}), json!({"data": "zz"}), json!({"data": [1, 2]})] {
        tell("io_echo", json);
    }
    writeln!(errors, "{}", core("fib").encode_json(b"{n: 24}").unwrap_err()).unwrap();
    insta::assert_snapshot!(errors);
}

#[test]
fn sizes_and_depths_have_limits() {
    use assay_guest::cores::{INPUT_BYTES_MAX, InputError};
    let echo = core("io_echo");
    let longest = "00".repeat(INPUT_BYTES_MAX - 4);
    assert_eq!(echo.encode(&json!({ "data": longest })).unwrap().len(), INPUT_BYTES_MAX);
    let error = echo.encode(&json!({"data": format!("{longest}00")})).unwrap_err();
    assert!(matches!(error, InputError::TooLong));

    let core = Core::parse("every", EVERY_TYPE).unwrap();
    let mut deep = json!({"p": []});
    for _ in 0..40 {
        deep = json!({"p": [{"y": {"q": 0, "r": deep}}]});
    }
    let mut json = core.example.clone();
    json["o"] = deep;
    assert!(matches!(core.encode(&json).unwrap_err(), InputError::TooDeep { .. }));
}
