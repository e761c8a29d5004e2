//! One finding as Markdown: what `report.md` in its folder says.

use std::fmt::Write as _;

use assay_spec::{Identity, RunLog, Source};

use super::escape::{block, code, inline, table};
use crate::{
    facts::{Case, Command, Facts, Ran},
    limits::{DIFFERENCES_MAX, NOTES_MAX, TEXT_CHARS_MAX},
    text::{line, shell_word},
    traces::{Cell, SideBySide, SideCells},
};

/// A finding that is to be kept, and the run that shows it.
#[derive(Clone, Copy, Debug)]
pub struct FindingMarkdownInput<'a> {
    /// What makes it the same as another.
    pub identity: &'a Identity,
    /// One line for people.
    pub title: &'a str,
    /// The run; its `record` is not looked at, because it may not be there yet.
    pub run_log: &'a RunLog,
    /// Position of the comparison in the log, from 0.
    pub comparison: usize,
    /// What was run.
    pub source: &'a Source,
    /// Length of the input in bytes.
    pub input_bytes: u64,
    /// The fields that the input is the encoding of, for a core.
    pub input_json: Option<&'a serde_json::Value>,
    /// Version of Assay.
    pub assay_version: &'a str,
    /// `rustc --version` of what built it.
    pub rustc_version: &'a str,
    /// Path of the script that repeats it, as seen from where the text is read: `./repro.sh` beside it.
    pub repro_script: &'a str,
}

/// One finding as Markdown: what diverges, the first diverging instruction on both sides, the case, commands, versions.
///
/// Every name and message in it is escaped; what cannot be seen is spelled out, such as `⟨U+202E⟩`.
pub fn finding_markdown(input: &FindingMarkdownInput<'_>) -> String {
    let ran = Ran {
        source: input.source,
        input_bytes: input.input_bytes,
        input_json: input.input_json,
        assay_version: input.assay_version,
        rustc_version: input.rustc_version,
    };
    let (id, log) = (input.identity.finding_id(), input.run_log);
    let compared = log.comparisons.get(input.comparison).map(|comparison| (log, comparison));
    let mut facts = Facts::new(&id, input.title, input.identity, Some(log), compared, Some(&ran));
    facts.commands = vec![
        Command {
            what: "run it again, from the files beside this one",
            line: shell_word(input.repro_script).into_owned(),
        },
        Command { what: "the same from the store", line: format!("assay replay {id}") },
        Command { what: "make it smaller", line: format!("assay shrink {id}") },
    ];
    let mut text = String::new();
    write(&mut text, &facts, 1);
    text
}

/// Writes the finding under a heading of that level.
pub(super) fn write(text: &mut String, facts: &Facts<'_>, level: usize) {
    let heading = |deeper: usize| "#".repeat(level + deeper);
    let _ = writeln!(text, "{} {}: {}\n", heading(0), facts.id, inline(facts.title));
    let pairs = facts.summary.iter().chain(&facts.identity);
    text.push_str(&table(&["", ""], pairs.map(|(name, value)| [format!("**{name}**"), code(value)])));
    let section = |text: &mut String, title: &str| {
        let _ = writeln!(text, "\n{} {title}\n", heading(1));
    };

    if let Some(comparison) = facts.comparison {
        section(text, "What differs");
        let names = [inline(&comparison.baseline), inline(&comparison.target)];
        if facts.differences.is_empty() {
            let _ = writeln!(text, "{}: {} and {}", comparison.verdict, names[0], names[1]);
        } else {
            let rows = facts.differences.iter().take(DIFFERENCES_MAX);
            text.push_str(&table(
                &["", &names[0], &names[1]],
                rows.map(|row| [inline(&row.what), code(&row.baseline), code(&row.target)]),
            ));
            left_out(text, facts.differences.len().saturating_sub(DIFFERENCES_MAX), "differences");
        }
        for note in comparison.notes.iter().take(NOTES_MAX) {
            let _ = writeln!(text, "\n> {}", inline(note));
        }
    }
    if let Some(traces) = &facts.traces {
        section(text, "First diverging instruction");
        side_by_side(text, traces);
    }
    for (case, title) in [(&facts.minimized, "Minimised case"), (&facts.original, "Case as it was found")] {
        if let Some(case) = case {
            section(text, title);
            write_case(text, case);
        }
    }
    section(text, "Commands");
    let commands: Vec<_> = facts
        .commands
        .iter()
        .map(|command| format!("# {}\n{}\n", command.what, line(&command.line, usize::MAX)))
        .collect();
    text.push_str(&block(&commands.concat(), "sh", TEXT_CHARS_MAX));
    if !facts.versions.is_empty() {
        section(text, "Versions");
        let rows = facts.versions.iter();
        text.push_str(&table(
            &["what", "version", "machine"],
            rows.map(|row| {
                [inline(&row.name), code(&row.version), row.machine.as_deref().map_or_else(String::new, inline)]
            }),
        ));
    }
}

fn side_by_side(text: &mut String, traces: &SideBySide) {
    let header = ["step", &inline(&traces.names[0]), &inline(&traces.names[1])].map(str::to_owned);
    let rows = traces.rows.iter().map(|row| {
        let side = |side: &Option<SideCells>| side.as_ref().map_or_else(|| "had ended".to_owned(), cells);
        let step = if row.diverges { format!("**{} ≠**", row.index) } else { row.index.to_string() };
        [step, side(&row.sides[0]), side(&row.sides[1])]
    });
    text.push_str(&table(&header, rows));
    left_out(text, traces.left_out, "steps");
}

fn cells(side: &SideCells) -> String {
    let cell = |cell: &Cell| if cell.differs { format!("**≠ {}**", code(&cell.text)) } else { code(&cell.text) };
    let effects: Vec<_> = side.effects.iter().map(cell).collect();
    let effects = if effects.is_empty() { String::new() } else { format!("<br>{}", effects.join("<br>")) };
    format!("{} {}{effects}", cell(&side.pc), cell(&side.instruction))
}

fn write_case(text: &mut String, case: &Case) {
    let effort = case.effort.as_ref().map_or_else(String::new, |effort| format!("; {effort}"));
    let _ = writeln!(text, "{}{effort}.", case.size);
    if !case.listing.is_empty() {
        let mut listing = String::new();
        for instruction in &case.listing {
            let mark = if instruction.diverges { ">" } else { " " };
            let word = instruction.word.map_or_else(String::new, |word| format!("{word:08x}  "));
            let _ = writeln!(listing, "{mark} {word}{}", line(&instruction.text, crate::limits::LINE_CHARS_MAX));
        }
        let _ = write!(text, "\n{}", block(&listing, "text", usize::MAX));
    }
    if !case.starts_from.is_empty() {
        let rows = case.starts_from.iter().map(|(name, value)| [inline(name), code(value)]);
        let _ = write!(text, "\n{}", table(&["starts from", ""], rows));
    }
    for sentence in &case.left_out {
        let _ = writeln!(text, "\nLeft out: {sentence}.");
    }
}

/// Says how many are not shown.
pub(super) fn left_out(text: &mut String, count: usize, what: &str) {
    if count > 0 {
        let _ = writeln!(text, "\nLeft out: {count} more {what}.");
    }
}
