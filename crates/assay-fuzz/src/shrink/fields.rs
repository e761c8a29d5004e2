//! The fields of a core's input: shorter lists and strings, plainer numbers, `false`.
//!
//! Fields of objects are not removed: a core's schema needs them.

use assay_spec::ShrinkEnd;
use serde_json::{Number, Value};

use super::{
    case::Case,
    model::{Beliefs, Prior},
    operands::plainer_values,
    reduce::{chunk_sizes, remove_units},
    session::{Candidate, Session},
    weight::plainness_of_number,
};

/// Most values that are looked at; the rest of a great document is left as it is.
const VALUES_MAX: usize = 10_000;

/// One step into a document.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Key {
    Index(usize),
    Name(String),
}

type Path = Vec<Key>;

/// Reduces every value, those outside before those inside.
pub(super) fn reduce(session: &mut Session<'_>) -> Result<(), ShrinkEnd> {
    // A list that became shorter has fewer values inside, so these are looked up when their turn comes.
    let mut open = vec![Path::new()];
    let mut looked_at = 0;
    while let Some(path) = open.pop().filter(|_| looked_at < VALUES_MAX) {
        looked_at += 1;
        match value(&session.best, &path) {
            Some(Value::Array(items)) => {
                let length = items.len();
                shorten_list(session, &path, length)?;
            }
            Some(Value::String(_) | Value::Number(_) | Value::Bool(_)) => simplify(session, &path)?,
            Some(Value::Null | Value::Object(_)) | None => {}
        }
        let inside = value(&session.best, &path).map(keys).unwrap_or_default();
        open.extend(inside.into_iter().rev().map(|key| [path.clone(), vec![key]].concat()));
    }
    Ok(())
}

fn keys(value: &Value) -> Vec<Key> {
    match value {
        Value::Array(items) => (0..items.len()).map(Key::Index).collect(),
        Value::Object(map) => map.keys().cloned().map(Key::Name).collect(),
        _ => Vec::new(),
    }
}

fn value<'a>(case: &'a Case, path: &[Key]) -> Option<&'a Value> {
    path.iter().try_fold(case.fields.as_ref()?, |value, key| match key {
        Key::Index(index) => value.get(index),
        Key::Name(name) => value.get(name),
    })
}

fn value_mut<'a>(case: &'a mut Case, path: &[Key]) -> Option<&'a mut Value> {
    path.iter().try_fold(case.fields.as_mut()?, |value, key| match key {
        Key::Index(index) => value.get_mut(index),
        Key::Name(name) => value.get_mut(name),
    })
}

/// The case with another value at a place that has one.
fn with(case: &Case, path: &[Key], new: Value) -> Case {
    let mut case = case.clone();
    if let Some(value) = value_mut(&mut case, path) {
        *value = new;
    }
    case
}

/// The place as people write it: `items[3].name`.
fn spelled(path: &[Key]) -> String {
    let text: String = path
        .iter()
        .map(|key| match key {
            Key::Index(index) => format!("[{index}]"),
            Key::Name(name) => format!(".{}", name.escape_debug()),
        })
        .collect();
    let text = text.strip_prefix('.').unwrap_or(&text).to_owned();
    if text.is_empty() { "the input".to_owned() } else { text }
}

fn shorten_list(session: &mut Session<'_>, path: &[Key], length: usize) -> Result<(), ShrinkEnd> {
    if length == 0 {
        return Ok(());
    }
    let change = format!("emptied {}", spelled(path));
    let empty = Candidate { case: with(&session.best, path, Value::Array(Vec::new())), change };
    if session.first([empty].into_iter())?.is_some() {
        return Ok(());
    }
    for size in chunk_sizes(length) {
        let Some(Value::Array(items)) = value(&session.best, path) else { return Ok(()) };
        let chunks = items.len().div_ceil(size);
        let build = |case: &Case, gone: &[bool]| {
            let items = value(case, path).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            let kept = items.chunks(size).zip(gone).filter(|(_, gone)| !**gone).flat_map(|(chunk, _)| chunk);
            with(case, path, Value::Array(kept.cloned().collect()))
        };
        let beliefs = Beliefs::new((0..chunks).map(|_| Prior::Unknown));
        remove_units(session, chunks, beliefs, build, |_| format!("shortened {}", spelled(path)))?;
    }
    Ok(())
}

fn simplify(session: &mut Session<'_>, path: &[Key]) -> Result<(), ShrinkEnd> {
    while let Some(value) = value(&session.best, path).cloned() {
        let case = session.best.clone();
        let candidates = simpler(&value).into_iter().map(|simpler| Candidate {
            case: with(&case, path, simpler),
            change: format!("a simpler {}", spelled(path)),
        });
        if session.first(candidates)?.is_none() {
            break;
        }
    }
    Ok(())
}

/// What to try instead of a value, the simplest first.
fn simpler(value: &Value) -> Vec<Value> {
    match value {
        Value::Bool(true) => vec![Value::Bool(false)],
        Value::Number(number) => simpler_numbers(number),
        Value::String(text) => shorter_texts(text).into_iter().map(Value::String).collect(),
        _ => Vec::new(),
    }
}

fn simpler_numbers(number: &Number) -> Vec<Value> {
    let values: Vec<i64> = match (number.as_i64(), number.as_u64(), number.as_f64()) {
        (Some(value), ..) => {
            // A number of things often has to be just so great: one less is the last that is tried.
            let one_less = value - value.signum();
            plainer_values(value).into_iter().chain([one_less]).collect()
        }
        (None, Some(value), _) => plainer_values(i64::MAX).into_iter().chain([i64::MAX, (value / 2) as i64]).collect(),
        (None, None, Some(value)) => vec![0, 1, -1, value as i64],
        (None, None, None) => Vec::new(),
    };
    let plainer = |value: &i64| plainness_of_number(&Number::from(*value)) < plainness_of_number(number);
    values.into_iter().filter(plainer).map(Value::from).collect()
}

/// Nothing, halves, without the first or the last character.
fn shorter_texts(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let (first, second) = characters.split_at(characters.len() / 2);
    let [without_first, without_last] = match characters.as_slice() {
        [] => return Vec::new(),
        [_, rest @ ..] => [rest, &characters[..characters.len() - 1]],
    };
    [&[][..], first, second, without_last, without_first].map(|part| part.iter().collect()).to_vec()
}

#[cfg(test)]
mod tests {
    use assay_isa::Isa;
    use serde_json::json;

    use super::*;
    use crate::shrink::{Answer, Options, Unobserved, shrink};

    fn shrunk(fields: Value, interesting: impl Fn(&Value) -> bool + Sync) -> Value {
        let predicate = |case: &Case| {
            if interesting(case.fields.as_ref().unwrap()) { Answer::Interesting } else { Answer::Boring }
        };
        let case = Case::from_fields(fields, Isa::RV32IM);
        shrink(case, &predicate, &Options::default(), &mut Unobserved).unwrap().best.fields.unwrap()
    }

    #[test]
    fn lists_strings_numbers_and_booleans_become_simple() {
        let fields =
            json!({"n": 24, "deep": {"list": [5, 17, 9, 1, 4], "flag": true}, "name": "a long name", "none": null});
        assert_eq!(
            shrunk(fields.clone(), |_| true),
            json!({"n": 0, "deep": {"list": [], "flag": false}, "name": "", "none": null})
        );
        let needs = |value: &Value| {
            let list = value["deep"]["list"].as_array().unwrap();
            list.iter().any(|item| item.as_i64().unwrap() > 16) && value["name"].as_str().unwrap().contains('g')
        };
        assert_eq!(
            shrunk(fields, needs),
            json!({"n": 0, "deep": {"list": [17], "flag": false}, "name": "g", "none": null})
        );
    }

    #[test]
    fn a_number_that_must_be_great_ends_at_the_least_that_does() {
        assert_eq!(shrunk(json!({"n": 93}), |value| value["n"].as_i64().unwrap() >= 46)["n"], 64);
        assert_eq!(shrunk(json!({"n": -93}), |value| value["n"].as_i64().unwrap() <= -46)["n"], -46);
        assert_eq!(shrunk(json!([2.5]), |value| value[0].as_f64().is_some_and(|n| n > 1.5)), json!([2]));
        let great = json!({"n": u64::MAX});
        assert_eq!(shrunk(great, |value| value["n"].as_u64().is_some_and(|n| n > 1 << 62))["n"], (1u64 << 62) + 1);
    }

    #[test]
    fn places_are_spelled_for_people() {
        let path = [Key::Name("a".into()), Key::Index(3), Key::Name("b\u{1b}".into())];
        assert_eq!(spelled(&path), "a[3].b\\u{1b}");
        assert_eq!(spelled(&[]), "the input");
    }
}
