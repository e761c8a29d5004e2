//! Which backend runs which tile of a sequence, as it is said on the command line.

use crate::{arguments::StepChoice, failure::Failure};

/// For each of `tiles` what was chosen: for its step or its id, else for all, else nothing. `option` is where it was
/// said.
pub(super) fn for_each_tile<'a>(
    option: &str,
    choices: &'a [StepChoice],
    tiles: &[String],
) -> Result<Vec<Option<&'a str>>, Failure> {
    let mut for_all = None;
    let mut chosen: Vec<Option<&str>> = vec![None; tiles.len()];
    for choice in choices {
        let value = choice.value.as_str();
        let Some(step) = &choice.step else {
            if for_all.replace(value).is_some() {
                return Err(Failure::usage(format!("{option} {value}: there is one for all tiles already"))
                    .help(format!("say which tile another is for, by its place or its id: {option} 1={value}")));
            }
            continue;
        };
        let named = matching(step, tiles);
        if named.is_empty() {
            let (last, ids) = (tiles.len(), tiles.join(", "));
            return Err(Failure::usage(format!("{option} {step}={value}: the sequence has no such tile"))
                .help(format!("its tiles are {ids}; by place they are 1 to {last}")));
        }
        for index in named {
            if chosen[index].replace(value).is_some() {
                let (place, id) = (index + 1, &tiles[index]);
                return Err(Failure::usage(format!("{option} {step}={value}: tile {place}, {id}, has one already")));
            }
        }
    }
    Ok(chosen.into_iter().map(|value| value.or(for_all)).collect())
}

/// The tiles that are meant by a place, counted from 1, or by an id, which may be there several times.
fn matching(step: &str, tiles: &[String]) -> Vec<usize> {
    let place = step.parse::<usize>().ok().and_then(|place| place.checked_sub(1)).filter(|&index| index < tiles.len());
    match place {
        Some(index) => vec![index],
        None => (0..tiles.len()).filter(|&index| tiles[index] == step).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(choices: &[&str]) -> Result<Vec<Option<String>>, String> {
        let choices: Vec<StepChoice> = choices.iter().map(|text| text.parse().unwrap()).collect();
        let tiles = ["double", "keccak256", "double"].map(str::to_owned);
        let chosen = for_each_tile("--backend", &choices, &tiles);
        let owned = |chosen: Vec<Option<&str>>| chosen.into_iter().map(|value| value.map(str::to_owned)).collect();
        chosen.map(owned).map_err(Failure::report)
    }

    #[test]
    fn a_tile_has_what_was_chosen_for_it_and_else_what_was_chosen_for_all() {
        for (choices, expected) in [
            (&[][..], [None, None, None]),
            (&["sp1"], [Some("sp1"), Some("sp1"), Some("sp1")]),
            (&["2=openvm@2.0.2", "sp1"], [Some("sp1"), Some("openvm@2.0.2"), Some("sp1")]),
            (&["double=sp1"], [Some("sp1"), None, Some("sp1")]),
            (&["3=sp1", "1=risc0"], [Some("risc0"), None, Some("sp1")]),
        ] {
            assert_eq!(chosen(choices), Ok(expected.map(|value| value.map(str::to_owned)).to_vec()), "{choices:?}");
        }
    }

    #[test]
    fn what_is_chosen_twice_or_for_nothing_is_told() {
        for (choices, expected) in [
            (&["sp1", "risc0"][..], "there is one for all tiles already"),
            (&["1=sp1", "double=risc0"], "tile 1, double, has one already"),
            (&["4=sp1"], "the sequence has no such tile"),
            (&["0=sp1"], "by place they are 1 to 3"),
            (&["divide=sp1"], "its tiles are double, keccak256, double"),
        ] {
            let told = chosen(choices).unwrap_err();
            assert!(told.contains(expected), "{choices:?}: {told}");
        }
    }
}
