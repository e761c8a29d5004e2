//! `assay tile list`.

use std::fmt::Write as _;

use assay_spec::{ExitCode, TileList, TileShape};

use super::{is_json, open};
use crate::{
    arguments::{OutputArguments, TilePlaceArguments},
    commands::{print, print_json},
    failure::Failure,
    report::printable,
    session::Session,
    terminal::{GOOD, QUIET, styled},
};

pub(super) fn run(place: &TilePlaceArguments, output: &OutputArguments) -> Result<ExitCode, Failure> {
    let list = open(&Session::with_defaults(), &place.path)?.list();
    if is_json(output.format) {
        print_json(&list)?;
    } else {
        print(&human(&list))?;
    }
    Ok(ExitCode::Ok)
}

fn human(list: &TileList) -> String {
    let mut text = format!("{} {}\n\n", printable(&list.package), printable(&list.package_version));
    for tile in &list.tiles {
        let (takes, gives) = (name(&tile.abi.input), name(&tile.abi.output));
        let _ = writeln!(text, "{}  {takes} -> {gives}", styled(GOOD, printable(&tile.id)));
        line(&mut text, "", &tile.description);
        if tile.abi.error.as_ref().is_ok_and(|error| error.name != NO_ERROR) {
            line(&mut text, "fails with ", &name(&tile.abi.error));
        }
        if let Some(budget) = tile.budget_cycles {
            line(&mut text, "budget: ", &format!("{budget} cycles"));
        }
        line(&mut text, "built for ", &tile.built_for.join(", "));
    }
    if !list.sequences.is_empty() {
        text.push_str("\nsequences\n\n");
    }
    for sequence in &list.sequences {
        let (takes, gives) = (name(&sequence.input), name(&sequence.output));
        let _ = writeln!(text, "{}  {takes} -> {gives}", styled(GOOD, printable(&sequence.id)));
        line(&mut text, "", &sequence.description);
        line(&mut text, "tiles: ", &sequence.tiles.join(", "));
    }
    let _ = writeln!(text, "\n{}", styled(QUIET, "run one with: assay tile preview ID --input-json JSON -b BACKEND"));
    text
}

/// What the error of tiles is called that have none.
const NO_ERROR: &str = "NoError";

/// A line about a tile, if there is something to say.
fn line(text: &mut String, before: &str, what: &str) {
    for line in what.lines().filter(|line| !line.is_empty()) {
        let _ = writeln!(text, "    {before}{}", printable(line));
    }
}

fn name(shape: &Result<TileShape, String>) -> String {
    match shape {
        Ok(shape) => printable(&shape.name),
        Err(_) => "?".to_owned(),
    }
}
