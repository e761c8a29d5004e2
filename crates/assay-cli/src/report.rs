//! Outcomes as text for people; comparisons of them are in [`comparison`].

pub(crate) mod comparison;

use std::fmt::Write as _;

use assay_guest::{Guest, HarnessLayout};
use assay_isa::{Isa, decode, registers};
use assay_spec::{Cost, Outcome, Platform, RegisterFile, Status, TrapKind};

use crate::terminal::{QUIET, styled, table, table_text};

/// Bytes of output that are shown; the rest is counted.
const OUTPUT_BYTES_SHOWN: usize = 64;
/// Instructions with misaligned accesses that are shown.
const SITES_SHOWN: usize = 32;
/// Lines of a message that are shown.
const MESSAGE_LINES_SHOWN: usize = 8;

/// One line for each outcome: backend, platform, ISA, status, exit code, instructions, cycles, time.
pub(crate) fn outcomes(outcomes: &[Outcome]) -> String {
    named_outcomes(outcomes.iter().map(|outcome| (outcome.backend.name.as_str(), outcome)))
}

/// The same with a name for each outcome that tells it from the others.
pub(crate) fn named_outcomes<'a>(outcomes: impl Iterator<Item = (&'a str, &'a Outcome)>) -> String {
    let header = ["backend", "version", "platform", "isa", "status", "exit", "instructions", "cycles", "cost", "time"];
    let mut table = table(&header);
    let number = |value: Option<u64>| value.map_or_else(|| "-".to_owned(), |value| value.to_string());
    for (name, outcome) in outcomes {
        let run = &outcome.run;
        table.add_row([
            printable(name),
            printable(&outcome.backend.version),
            outcome.backend.platform.to_string(),
            outcome.backend.isa.clone(),
            run.status.to_string(),
            number(run.exit_code.map(u64::from)),
            number(run.instructions),
            number(run.cycles.as_ref().map(|cycles| cycles.total)),
            cost(&run.cost),
            format!("{:.1} ms", outcome.elapsed.execute_ms),
        ]);
    }
    // A column that no backend fills says nothing.
    for index in 0..header.len() {
        let empty = table.row_iter().all(|row| row.cell_iter().nth(index).is_some_and(|cell| cell.content() == "-"));
        if empty && let Some(column) = table.column_mut(index) {
            column.set_constraint(comfy_table::ColumnConstraint::Hidden);
        }
    }
    table_text(&table)
}

/// The zkVM's own measure of what proving costs, and the segments or shards where there are several.
pub(crate) fn cost(cost: &Cost) -> String {
    let measures = [(cost.proof_cycles, "proof cycles"), (cost.sp1_gas, "gas"), (cost.openvm_cells, "cells")];
    let measure = measures.into_iter().find_map(|(value, unit)| value.map(|value| format!("{value} {unit}")));
    match (measure, cost.segments) {
        (Some(measure), Some(segments)) if segments > 1 => format!("{measure}, {segments} segments"),
        (measure, _) => measure.unwrap_or_else(|| "-".to_owned()),
    }
}

/// What went wrong in a run, where something did: trap, message, what the guest printed.
pub(crate) fn details(outcome: &Outcome) -> String {
    named_details(&outcome.backend.name, outcome)
}

/// The same for an outcome that is called `name`.
pub(crate) fn named_details(name: &str, outcome: &Outcome) -> String {
    let mut text = String::new();
    let name = printable(name);
    if let Some(trap) = &outcome.run.trap {
        let _ = writeln!(text, "{name}: {trap}");
    }
    if let Some(message) = &outcome.run.message {
        let mut lines = message.lines();
        for line in lines.by_ref().take(MESSAGE_LINES_SHOWN) {
            let _ = writeln!(text, "{name}: {}", printable(line));
        }
        let rest = lines.count();
        if rest > 0 {
            let _ = writeln!(text, "{name}: … {rest} more lines (--format json has them)");
        }
    }
    if let Some(log) = outcome.run.guest_log.as_deref().filter(|log| !log.is_empty()) {
        for line in log.lines().take(MESSAGE_LINES_SHOWN) {
            let _ = writeln!(text, "{name} guest: {}", printable(line));
        }
    }
    text
}

/// How many misaligned accesses a run made, where it made some, and which instructions made them, where that was asked for.
pub(crate) fn misaligned(outcome: &Outcome) -> String {
    let run = &outcome.run;
    let sites = run.unaligned_sites.as_deref();
    let Some(accesses) = run.unaligned_accesses.filter(|&accesses| accesses > 0 || sites.is_some()) else {
        return String::new();
    };
    let mut text = format!("misaligned loads and stores: {accesses}\n");
    let sites = sites.unwrap_or_default();
    for site in sites.iter().take(SITES_SHOWN) {
        let _ = writeln!(text, "  {}  {}", site.pc, site.accesses);
    }
    if sites.len() > SITES_SHOWN {
        let _ = writeln!(text, "  … at {} more places (--format json has them)", sites.len() - SITES_SHOWN);
    }
    text
}

/// What to try where an ELF was run as a guest of the platform `standard` and met something that another platform has.
///
/// OpenVM's own instructions tell that platform for sure; a call that does not exist, or words that are no instruction,
/// only that it may be another one.
pub(crate) fn platform_hint(guest: &Guest, outcome: &Outcome) -> Option<String> {
    let trap = outcome.run.trap.as_ref().filter(|_| outcome.run.status == Status::Trap)?;
    if guest.harness.is_some() || guest.platform != Platform::Standard {
        return None;
    }
    let word = guest.read_word(trap.pc.0).zip(guest.isa());
    let of_openvm = word.is_some_and(|(word, isa)| {
        decode(word, isa).is_err() && decode(word, Isa { xlen: isa.xlen, ..Isa::RV32IM_OPENVM }).is_ok()
    });
    if of_openvm {
        let name = Platform::OpenVm;
        return Some(format!("that is an instruction of OpenVM: run the guest with --platform {name}, or -b {name}"));
    }
    let calls = matches!(trap.kind, TrapKind::UnknownCall | TrapKind::RetiredCall | TrapKind::BadCallArgument);
    (calls || trap.kind == TrapKind::IllegalInstruction).then(|| {
        let others: Vec<_> =
            Platform::ALL.iter().filter(|&&other| other != guest.platform).map(|other| other.name()).collect();
        format!(
            "the guest ran on platform {}; if it was built for another, say so: --platform {}",
            guest.platform,
            others.join(", ")
        )
    })
}

/// The registers that the guest reported, those that are not 0, four a line; the scratch register by name.
pub(crate) fn reported_registers(reported: &RegisterFile, layout: &HarnessLayout) -> String {
    let mut text = String::new();
    let digits = layout.xlen.bytes() * 2;
    let shown: Vec<_> = reported.iter().filter(|(_, value)| value.0 != 0).collect();
    for four in shown.chunks(4) {
        for (register, value) in four {
            let name = format!("{register}/{}", registers::name(register.index()));
            let _ = write!(text, "  {name:<8} 0x{:0digits$x}", value.0);
        }
        text.push('\n');
    }
    let others = if shown.is_empty() { "all" } else { "others" };
    let scratch = format!("{}/{}", layout.scratch, registers::name(layout.scratch.index()));
    let _ = writeln!(
        text,
        "{}",
        styled(QUIET, format_args!("  {others} 0; {scratch} is the scratch register and not reported"))
    );
    text
}

/// The public output in hex, cut where it is long.
pub(crate) fn output(outcome: &Outcome) -> String {
    let bytes = &outcome.run.output.0;
    let shown = assay_spec::HexBytes(bytes[..bytes.len().min(OUTPUT_BYTES_SHOWN)].to_vec());
    let rest = bytes.len() - shown.0.len();
    match (bytes.len(), rest) {
        (0, _) => "output: none\n".to_owned(),
        (length, 0) => format!("output: {length} bytes {shown}\n"),
        (length, rest) => format!("output: {length} bytes {shown}… and {rest} more\n"),
    }
}

/// Text from a guest or a runner without what drives the terminal, or makes text look other than it is.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|c| if drives(c) { '\u{fffd}' } else { c }).collect()
}

/// Control characters, but for tabs; separators that are line ends to some; marks, embeddings, overrides and isolates that
/// change the direction of what follows (Unicode's UAX #9).
fn drives(c: char) -> bool {
    let direction =
        matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let line_end = matches!(c, '\u{2028}' | '\u{2029}');
    direction || line_end || (c.is_control() && c != '\t')
}

/// The same for text that may have lines.
pub(crate) fn printable_lines(text: &str) -> String {
    text.split('\n').map(printable).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_of_hostile_text_do_not_reach_the_terminal() {
        assert_eq!(printable("a\x1b[31mb\r\x07\tc\u{9b}x"), "a\u{fffd}[31mb\u{fffd}\u{fffd}\tc\u{fffd}x");
        assert_eq!(printable_lines("a\x1b\nb\n"), "a\u{fffd}\nb\n");
    }

    #[test]
    fn text_cannot_change_its_direction() {
        for c in
            "\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}\u{200e}\u{200f}\u{61c}".chars()
        {
            assert_eq!(printable(&format!("a{c}b")), "a\u{fffd}b", "{c:?}");
        }
        // What is written from right to left in itself stays, and so do marks on letters.
        assert_eq!(printable("\u{5e9}\u{5dc}e\u{301}\u{200d}"), "\u{5e9}\u{5dc}e\u{301}\u{200d}");
    }
}
