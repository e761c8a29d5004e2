//! Sequences as text for people.

use std::fmt::Write as _;

use assay_spec::{
    SequenceReport, TileAnswer, TileList, TileRun,
    tile_sequence::{SequenceVerdict, SequenceVerification},
    tile_verification::{TileProgramBinding, TileVerdict},
};

use assay_tile_host::chain::TILES_MAX;

use super::tile::{INSECURE, answer_text, input_text, is_insecure};
use crate::{
    report::printable,
    terminal::{BAD, GOOD, QUIET, UNSURE, styled, table, table_text},
};

/// Longest answer that is shown in a table, in characters.
const ANSWER_CHARS_SHOWN: usize = 40;

/// The sequences of a crate, with their tiles.
pub(super) fn listed(list: &TileList) -> String {
    let mut text = String::new();
    for sequence in &list.sequences {
        let _ = writeln!(text, "{}  {}", styled(GOOD, printable(&sequence.id)), printable(&sequence.description));
        let _ = writeln!(text, "    tiles: {}", printable(&sequence.tiles.join(", ")));
        for (what, shape) in [("input", &sequence.input), ("output", &sequence.output)] {
            let shape = match shape {
                Ok(shape) => printable(&shape.name),
                Err(reason) => format!("unknown: {}", printable(reason)),
            };
            let _ = writeln!(text, "    {what}: {shape}");
        }
    }
    if list.sequences.is_empty() {
        let _ = writeln!(text, "{} {} has no sequences", printable(&list.package), printable(&list.package_version));
    }
    text
}

/// A run, a line for each step, then the sums and what came of it.
pub(super) fn run(report: &SequenceReport) -> String {
    let header = ["step", "tile", "backend", "cycles", "proof cycles", "cost", "memory", "time", "answer"];
    let mut table = table(&header);
    for (index, run) in report.steps.iter().enumerate() {
        let outcome = &run.outcome;
        table.add_row([
            (index + 1).to_string(),
            printable(&run.tile_id),
            printable(&outcome.backend.name),
            number(run.cycles),
            number(run.proof_cycles),
            crate::report::cost(&outcome.run.cost),
            memory(outcome.run.peak_memory_bytes),
            format!("{:.1} ms", run.elapsed_ms),
            brief(&run.answer),
        ]);
    }
    let total = &report.total;
    table.add_row([
        String::new(),
        "all".to_owned(),
        String::new(),
        number(total.cycles),
        number(total.proof_cycles),
        "-".to_owned(),
        memory(total.peak_memory_bytes),
        format!("{:.1} ms", total.elapsed_ms),
        String::new(),
    ]);
    hide_empty(&mut table, header.len());
    let mut text = table_text(&table);
    for (index, run) in report.steps.iter().enumerate() {
        text.push_str(&budget(index + 1, run));
    }
    text.push_str(&result(report));
    text
}

/// What came of a sequence, and where it ended if it did not come to its end.
fn result(report: &SequenceReport) -> String {
    let line = answer_text(&report.answer);
    let last = report.steps.len();
    let tile = report.steps.last().map_or_else(String::new, |run| printable(&run.tile_id));
    match &report.answer {
        TileAnswer::Output { .. } => format!("output: {line}\n"),
        TileAnswer::Failure { .. } | TileAnswer::Nothing { .. } => {
            let ended = format!("ended at tile {last} of {}, {tile}", report.tiles);
            format!("{}: {line}\n", styled(BAD, ended))
        }
    }
}

/// What a tile took beyond its budget.
fn budget(step: usize, run: &TileRun) -> String {
    match (&run.budget, run.cycles) {
        (Some(budget), Some(cycles)) if !budget.kept => {
            let over = format!("{cycles} cycles are above its budget of {}", budget.cycles);
            format!("{}: {over}\n", styled(BAD, format!("step {step}, {}", printable(&run.tile_id))))
        }
        _ => String::new(),
    }
}

/// An answer as it fits into a table: its value in JSON where that is known, else its bytes.
fn brief(answer: &TileAnswer) -> String {
    let text = match answer {
        TileAnswer::Output { value: Some(value), .. } => value.to_string(),
        TileAnswer::Output { value: None, bytes } => format!("0x{bytes}"),
        TileAnswer::Failure { message, .. } => format!("failed: {message}"),
        TileAnswer::Nothing { .. } => "none".to_owned(),
    };
    match text.char_indices().nth(ANSWER_CHARS_SHOWN) {
        Some((end, _)) => format!("{}…", printable(&text[..end])),
        None => printable(&text),
    }
}

/// What verifying came to: the result, each step, and what it is bound to.
pub(super) fn verification(report: &SequenceVerification) -> String {
    let file = &report.envelope;
    let named = format!(
        "sequence {} of {} {}",
        printable(&file.sequence_id),
        printable(&file.package),
        printable(&file.package_version)
    );
    let mut text = match &report.verification {
        SequenceVerdict::Verified(run) => {
            let (proved, tiles) = (run.proved, run.tiles);
            let what = match &run.answer {
                TileAnswer::Output { .. } => "output".to_owned(),
                _ => styled(UNSURE, format!("proved failure at tile {proved} of {tiles}")),
            };
            let (answer, input) = (answer_text(&run.answer), input_text(&run.input));
            format!(
                "{}: {named}, {proved} of {tiles} tiles\n{what}: {answer}\ninput: {input}\ncommitment: {}\n",
                if report.steps.iter().any(is_insecure) { styled(UNSURE, INSECURE) } else { styled(GOOD, "Verified") },
                run.commitment
            )
        }
        SequenceVerdict::Rejected(rejection) => {
            let error = printable(&rejection.error);
            format!("{} at {}: {error}\n", styled(BAD, "Rejected"), rejection.check)
        }
        SequenceVerdict::NotRequested => format!("{}\n", styled(UNSURE, "not verified")),
    };
    text.push_str(&steps(report));
    let programs = match report.bound.programs {
        TileProgramBinding::Elf => "the very programs, whose method ids were computed anew",
        TileProgramBinding::MethodId => "programs by their method ids",
        TileProgramBinding::Nothing => "no programs",
    };
    let mut bound = vec![programs];
    if report.bound.sources {
        bound.push("the crate's sequence");
    }
    if report.bound.commitment {
        bound.push("the commitment that was asked for");
    }
    if matches!(report.verification, SequenceVerdict::Verified(_)) {
        let _ = writeln!(text, "{}", styled(QUIET, format!("bound to {}", bound.join(", "))));
    }
    text
}

fn steps(report: &SequenceVerification) -> String {
    let mut table = table(&["step", "tile", "backend", "result", "answer"]);
    // One that was rejected for its length may be as long as somebody wrote it.
    for (index, link) in report.envelope.steps.iter().take(TILES_MAX).enumerate() {
        let tile = &link.tile;
        let made = report.steps.get(index);
        let result = match made.map(|step| &step.verification) {
            Some(TileVerdict::Verified(_)) if made.is_some_and(is_insecure) => styled(UNSURE, "verified, INSECURE"),
            Some(TileVerdict::Verified(_)) => styled(GOOD, "verified"),
            Some(TileVerdict::Rejected(_)) => styled(BAD, "REJECTED"),
            Some(TileVerdict::NotRequested) | None => styled(UNSURE, "not verified"),
        };
        let backend = format!("{} {}", printable(&tile.backend), printable(&tile.backend_version));
        table.add_row([(index + 1).to_string(), printable(&tile.tile_id), backend, result, brief(&tile.answer)]);
    }
    table_text(&table)
}

/// Hides columns that no row fills.
fn hide_empty(table: &mut comfy_table::Table, columns: usize) {
    for index in 0..columns {
        let empty = |cell: &comfy_table::Cell| matches!(cell.content().as_str(), "-" | "");
        let all = table.row_iter().all(|row| row.cell_iter().nth(index).is_none_or(empty));
        if all && let Some(column) = table.column_mut(index) {
            column.set_constraint(comfy_table::ColumnConstraint::Hidden);
        }
    }
}

fn number(value: Option<u64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

fn memory(bytes: Option<u64>) -> String {
    bytes.map_or_else(|| "-".to_owned(), |bytes| format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20)))
}
