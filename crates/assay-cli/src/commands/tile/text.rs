//! What came of tiles, as text for people.

use std::fmt::Write as _;

use assay_spec::{TileAnswer, TileFailureKind, TileInput, TilePublish, TileRun};

use super::Cost;
use crate::{
    report::{self, printable},
    terminal::{BAD, GOOD, QUIET, UNSURE, styled, table, table_text},
};

/// Characters of a value that are shown.
const VALUE_CHARS_SHOWN: usize = 2048;

/// Segments whose size is shown.
const SEGMENTS_SHOWN: usize = 16;

/// What came of a tile, in a line.
pub(crate) fn answer_text(answer: &TileAnswer) -> String {
    match answer {
        TileAnswer::Output { value: Some(value), .. } => shortened(&value.to_string()),
        TileAnswer::Output { value: None, bytes } => {
            format!("{} (postcard, {} bytes; JSON is not known of it)", shortened(&bytes.to_string()), bytes.0.len())
        }
        TileAnswer::Failure { kind, message, error, .. } => {
            let kind = match kind {
                TileFailureKind::Tile => "the tile failed",
                TileFailureKind::Input => "the input does not fit the tile",
                TileFailureKind::Frame => "the input is not framed",
            };
            let error =
                error.as_ref().map_or_else(String::new, |error| format!(" [{}]", shortened(&error.to_string())));
            format!("{}: {}{error}", styled(BAD, kind), printable(message))
        }
        TileAnswer::Nothing { reason } => {
            let reason = reason.lines().map(printable).collect::<Vec<_>>().join(" · ");
            format!("{}: {}", styled(UNSURE, "no answer"), shortened(&reason))
        }
    }
}

/// How an input is bound.
pub(crate) fn input_text(input: &TileInput) -> String {
    match input {
        TileInput::Digest(digest) => format!("digest {digest}"),
        TileInput::Commitment(digest) => format!("private, commitment {digest}"),
        TileInput::Unbound => "not bound: plain mode makes the output alone public".to_owned(),
    }
}

fn shortened(text: &str) -> String {
    let mut shown: String = printable(&text.chars().take(VALUE_CHARS_SHOWN).collect::<String>());
    let rest = text.chars().count().saturating_sub(VALUE_CHARS_SHOWN);
    if rest > 0 {
        let _ = write!(shown, "… and {rest} more characters (--format json has them)");
    }
    shown
}

/// Runs of one tile: a table, what came of each, and what is to be known about them.
pub(super) fn runs(runs: &[TileRun], cost: Cost) -> String {
    let mut text = figures(runs, cost);
    for run in runs {
        let on = if runs.len() > 1 { format!(" ({})", printable(&run.outcome.backend.name)) } else { String::new() };
        let what = match &run.answer {
            TileAnswer::Output { .. } => "output",
            TileAnswer::Failure { .. } => "failure",
            TileAnswer::Nothing { .. } => "answer",
        };
        let _ = writeln!(text, "{what}{on}: {}", answer_text(&run.answer));
        if let (TileAnswer::Nothing { .. }, Some(log)) = (&run.answer, &run.outcome.run.guest_log) {
            for line in log.lines().take(SEGMENTS_SHOWN) {
                let _ = writeln!(text, "{}", styled(QUIET, format_args!("  its log: {}", printable(line))));
            }
        }
    }
    if cost == Cost::Asked {
        for run in runs {
            text.push_str(&segments(run));
            text.push_str(&budget(run));
        }
        text.push_str(&proof_devices(runs));
    }
    if runs.iter().any(|run| run.publish == TilePublish::Plain) {
        let plain = "plain mode: a proof would bind neither input nor tile, and a failure would have none";
        let _ = writeln!(text, "{}", styled(QUIET, plain));
    }
    text
}

/// A line for each run: what ran, what it took, and with `cost` what a proof takes.
fn figures(runs: &[TileRun], cost: Cost) -> String {
    let mut header = vec!["tile", "backend", "version", "platform", "result", "cycles"];
    if cost == Cost::Asked {
        header.extend(["proof cycles", "cost", "memory"]);
    }
    header.push("time");
    let mut table = table(&header);
    let number = |value: Option<u64>| value.map_or_else(|| "-".to_owned(), |value| value.to_string());
    for run in runs {
        let outcome = &run.outcome;
        let result = match run.answer {
            TileAnswer::Output { .. } => styled(GOOD, "output"),
            TileAnswer::Failure { .. } => styled(BAD, "failure"),
            TileAnswer::Nothing { .. } => styled(UNSURE, outcome.run.status),
        };
        let mut row = vec![
            printable(&run.tile_id),
            printable(&outcome.backend.name),
            printable(&outcome.backend.version),
            outcome.backend.platform.to_string(),
            result,
            number(run.cycles),
        ];
        if cost == Cost::Asked {
            let memory = outcome.run.peak_memory_bytes.map(|bytes| format!("{} MiB", bytes >> 20));
            row.extend([number(run.proof_cycles), report::cost(&outcome.run.cost), memory.unwrap_or("-".to_owned())]);
        }
        row.push(format!("{:.1} ms", run.elapsed_ms));
        table.add_row(row);
    }
    table_text(&table)
}

/// What would make proofs on the backends of these runs, each backend once; nothing where none of them proves.
pub(crate) fn proof_devices(runs: &[TileRun]) -> String {
    let mut named: Vec<String> = Vec::new();
    for run in runs {
        let Some(device) = run.proof_device else { continue };
        let on = format!("{} on the {device}", printable(&run.outcome.backend.name));
        if !named.contains(&on) {
            named.push(on);
        }
    }
    if named.is_empty() { String::new() } else { format!("proofs are made by {}\n", named.join(", ")) }
}

/// How large the segments are that a run splits into, where the backend says it.
fn segments(run: &TileRun) -> String {
    let po2 = &run.outcome.run.cost.risc0_segment_po2;
    if po2.is_empty() {
        return String::new();
    }
    let mut shown: Vec<String> = po2.iter().take(SEGMENTS_SHOWN).map(|po2| format!("2^{po2}")).collect();
    if po2.len() > SEGMENTS_SHOWN {
        shown.push(format!("… {} in all", po2.len()));
    }
    format!("rows of each segment on {}: {}\n", printable(&run.outcome.backend.name), shown.join(", "))
}

fn budget(run: &TileRun) -> String {
    let Some(budget) = &run.budget else { return String::new() };
    let cycles = run.cycles.unwrap_or_default();
    let name = printable(&run.outcome.backend.name);
    if budget.kept {
        format!("budget on {name}: {cycles} of {} cycles\n", budget.cycles)
    } else {
        let exceeded = styled(BAD, "EXCEEDED");
        format!("budget on {name}: {exceeded}, {cycles} cycles where {} are allowed\n", budget.cycles)
    }
}
