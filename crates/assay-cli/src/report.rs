//! Outcomes and verdicts as text for people.

use std::fmt::Write as _;

use assay_guest::{Guest, HarnessLayout};
use assay_isa::{decode, disassemble_aliased, disassemble_word, registers};
use assay_spec::{
    Comparison, Divergence, FirstDivergence, Outcome, RegisterFile, Verdict, trace::InstructionRecord,
    verdict::FirstDifference,
};

use crate::terminal::{BAD, GOOD, QUIET, UNSURE, styled, table, table_text};

/// Lines of disassembly around the first diverging instruction: itself, and two before and after it.
const CONTEXT_INSTRUCTIONS: u64 = 2;
/// Bytes of output that are shown; the rest is counted.
const OUTPUT_BYTES_SHOWN: usize = 64;
/// Lines of a message that are shown.
const MESSAGE_LINES_SHOWN: usize = 8;

/// One line for each outcome: backend, status, exit code, instructions, cycles, time.
pub(crate) fn outcomes(outcomes: &[Outcome]) -> String {
    let mut table = table(&["backend", "platform", "status", "exit", "instructions", "cycles", "cells", "time"]);
    let number = |value: Option<u64>| value.map_or_else(|| "-".to_owned(), |value| value.to_string());
    for outcome in outcomes {
        let run = &outcome.run;
        table.add_row([
            printable(&outcome.backend.to_string()),
            outcome.backend.platform.to_string(),
            run.status.to_string(),
            number(run.exit_code.map(u64::from)),
            number(run.instructions),
            number(run.cycles.as_ref().map(|cycles| cycles.total)),
            number(run.cost.openvm_cells),
            format!("{:.1} ms", outcome.elapsed.execute_ms),
        ]);
    }
    // A column that no backend fills says nothing.
    for index in (0..8).rev() {
        let empty = table.row_iter().all(|row| row.cell_iter().nth(index).is_some_and(|cell| cell.content() == "-"));
        if empty && let Some(column) = table.column_mut(index) {
            column.set_constraint(comfy_table::ColumnConstraint::Hidden);
        }
    }
    table_text(&table)
}

/// What went wrong in a run, where something did: trap, message, what the guest printed.
pub(crate) fn details(outcome: &Outcome) -> String {
    let mut text = String::new();
    let name = &outcome.backend.name;
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

/// The verdict on one target, and what it rests on.
pub(crate) fn comparison(comparison: &Comparison, outcomes: [&Outcome; 2], guest: &Guest) -> String {
    let mut text = String::new();
    let pair = format!("{} and {}", comparison.baseline, comparison.target);
    match &comparison.verdict {
        Verdict::Agree => {
            let _ = writeln!(text, "{}: {pair}", styled(GOOD, "Agree"));
        }
        Verdict::SameFailure(differences) => {
            let _ =
                writeln!(text, "{}: {pair} failed alike; they describe it differently:", styled(GOOD, "SameFailure"));
            text.push_str(&difference_lines(differences, comparison));
        }
        Verdict::Inconclusive(reason) => {
            let reason = reason.to_string();
            let _ = writeln!(text, "{}: {pair}: {}", styled(UNSURE, "Inconclusive"), printable(&reason));
        }
        Verdict::Diverge(differences) => {
            let _ = writeln!(text, "{}: {pair} disagree:", styled(BAD, "Diverge"));
            text.push_str(&difference_lines(differences, comparison));
        }
    }
    for note in &comparison.notes {
        let _ = writeln!(text, "  note: {}", printable(note));
    }
    if let Some(first) = &comparison.first_divergence {
        text.push_str(&first_divergence(first, outcomes, guest));
    }
    text
}

fn difference_lines(differences: &[Divergence], comparison: &Comparison) -> String {
    let (baseline_name, target_name) = (&comparison.baseline, &comparison.target);
    let mut text = String::new();
    let mut line = |what: &str, baseline: String, target: String| {
        let _ = writeln!(text, "  {what:<22} {baseline_name} {baseline}, {target_name} {target}");
    };
    let or_none = |value: Option<String>| value.unwrap_or_else(|| "none".to_owned());
    for difference in differences {
        match difference {
            Divergence::Status { baseline, target } => line("status", baseline.to_string(), target.to_string()),
            Divergence::ExitCode { baseline, target } => {
                line("exit code", or_none(baseline.map(|c| c.to_string())), or_none(target.map(|c| c.to_string())));
            }
            Divergence::Trap { baseline, target } => {
                let spell = |trap: &Option<assay_spec::Trap>| or_none(trap.as_ref().map(ToString::to_string));
                line("trap", spell(baseline), spell(target));
            }
            Divergence::Message { baseline, target } => {
                let spell = |text: &Option<String>| format!("{:?}", printable(text.as_deref().unwrap_or("")));
                line("panic message", spell(baseline), spell(target));
            }
            Divergence::Output { first_difference, baseline_bytes, target_bytes } => line(
                &format!("output from byte {first_difference}"),
                format!("{baseline_bytes} bytes"),
                format!("{target_bytes} bytes"),
            ),
            Divergence::Register { register, baseline, target } => {
                let name = format!("{register}/{}", registers::name(register.index()));
                line(&format!("register {name}"), baseline.to_string(), target.to_string());
            }
            Divergence::Instructions { baseline, target } => {
                line("instructions", baseline.to_string(), target.to_string());
            }
        }
    }
    text
}

fn first_divergence(first: &FirstDivergence, outcomes: [&Outcome; 2], guest: &Guest) -> String {
    let mut text = String::new();
    let record = first.baseline.as_ref().or(first.target.as_ref());
    let Some(record) = record else { return text };
    let place = guest
        .harness
        .as_ref()
        .and_then(|layout| layout.body_index(record.pc.0))
        .map_or_else(String::new, |index| format!(" (instruction {} of the sequence)", index + 1));
    let _ = writeln!(text, "first diverging instruction: step {} at pc {}{place}", first.index, record.pc);
    text.push_str(&listing(guest, record.pc.0));
    let width = outcomes.map(|outcome| outcome.backend.name.len()).into_iter().max().unwrap_or(0);
    for (outcome, record) in outcomes.into_iter().zip([&first.baseline, &first.target]) {
        let did = record.as_ref().map_or_else(|| end(outcome), |record| effect(record, &first.parts));
        let _ = writeln!(text, "  {:<width$}  {did}", outcome.backend.name);
    }
    text
}

/// Disassembly around `pc`, the instruction itself marked.
fn listing(guest: &Guest, pc: u64) -> String {
    let mut text = String::new();
    let around = CONTEXT_INSTRUCTIONS * 4;
    let first = pc.saturating_sub(around);
    for address in (first..=pc.saturating_add(around)).step_by(4) {
        let Some(word) = guest.parsed.read_word(address) else { continue };
        let spelled = decode(word, guest.isa)
            .map_or_else(|_| disassemble_word(word, guest.isa), |instruction| disassemble_aliased(&instruction, None));
        let mark = if address == pc { styled(BAD, ">") } else { " ".to_owned() };
        let _ = writeln!(text, "  {mark} {address:#010x}  {word:08x}  {spelled}");
    }
    text
}

/// How a run ended whose trace has no more instructions.
fn end(outcome: &Outcome) -> String {
    match &outcome.run.trap {
        Some(trap) => format!("ended before it: {trap}"),
        None => format!("had ended with {}", outcome.run.status),
    }
}

/// What an instruction did, as far as it differs.
fn effect(record: &InstructionRecord, parts: &[FirstDifference]) -> String {
    let mut said = Vec::new();
    for part in parts {
        match part {
            FirstDifference::Pc => said.push(format!("pc {}", record.pc)),
            FirstDifference::NextPc => said.push(format!("next pc {}", record.next_pc)),
            FirstDifference::Register => said.push(record.rd.map_or_else(
                || "wrote no register".to_owned(),
                |rd| format!("{} {} -> {}", rd.reg, rd.before, rd.after),
            )),
            FirstDifference::Memory => {
                if let Some(mem) = record.mem {
                    said.push(format!(
                        "{:?} {} bytes at {}: {} -> {}",
                        mem.kind, mem.size, mem.addr, mem.before, mem.after
                    ));
                }
            }
            FirstDifference::End => said.push(format!("went on at pc {}", record.pc)),
        }
    }
    said.join("; ")
}

/// Text from a guest or a runner without control characters: it must not drive the terminal.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\t' { '\u{fffd}' } else { c }).collect()
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
}
