//! Verdicts on pairs of outcomes as text for people: what differs, and the instruction at which the traces part.

use std::fmt::Write as _;

use assay_guest::Guest;
use assay_isa::{decode, disassemble_aliased, disassemble_word};
use assay_report::Difference;
use assay_spec::{
    Basis, Comparison, Divergence, FirstDivergence, HexBytes, Outcome, Verdict, trace::InstructionRecord,
    verdict::FirstDifference,
};

use super::printable;
use crate::terminal::{BAD, GOOD, UNSURE, styled};

/// Lines of disassembly around the first diverging instruction: itself, and two before and after it.
const CONTEXT_INSTRUCTIONS: u64 = 2;
/// Bytes of output that are shown before the first that differs.
const OUTPUT_BYTES_BEFORE: usize = 8;
/// Bytes of output that are shown from the first on that differs.
const OUTPUT_BYTES_FROM: usize = 16;

/// One side of a comparison.
pub(crate) struct Side<'a> {
    /// What it is called.
    pub(crate) name: &'a str,
    pub(crate) outcome: &'a Outcome,
    pub(crate) guest: &'a Guest,
}

/// The verdict on one pair, and what it rests on.
pub(crate) fn comparison(comparison: &Comparison, sides: [&Side<'_>; 2]) -> String {
    let mut text = String::new();
    let across = match comparison.basis {
        Basis::SameGuest => "",
        Basis::SameCore => ", as far as the core goes",
        Basis::SameSequence => ", as far as the sequence goes",
    };
    let pair = format!("{} and {}", printable(&comparison.baseline), printable(&comparison.target));
    match &comparison.verdict {
        Verdict::Agree => {
            let _ = writeln!(text, "{}: {pair}{across}", styled(GOOD, "Agree"));
        }
        Verdict::SameFailure(differences) => {
            let _ =
                writeln!(text, "{}: {pair} failed alike; they describe it differently:", styled(GOOD, "SameFailure"));
            text.push_str(&difference_lines(differences, sides));
        }
        Verdict::Inconclusive(reason) => {
            let reason = first_line(&reason.to_string());
            let _ = writeln!(text, "{}: {pair}: {reason}", styled(UNSURE, "Inconclusive"));
        }
        Verdict::Diverge(differences) => {
            let _ = writeln!(text, "{}: {pair} disagree{across}:", styled(BAD, "Diverge"));
            text.push_str(&difference_lines(differences, sides));
        }
    }
    for note in &comparison.notes {
        let _ = writeln!(text, "  note: {}", printable(note));
    }
    if let Some(first) = &comparison.first_divergence {
        text.push_str(&first_divergence(first, comparison.basis, sides));
    }
    text
}

/// What there is of it beyond the first line stands with the outcome that it is about.
fn first_line(text: &str) -> String {
    let mut lines = text.lines();
    let first = printable(lines.next().unwrap_or_default());
    if lines.next().is_some() { first + " …" } else { first }
}

fn difference_lines(differences: &[Divergence], [left, right]: [&Side<'_>; 2]) -> String {
    let mut text = String::new();
    for difference in differences {
        let mut spelled = Difference::from(difference);
        if let Divergence::Message { baseline, target } = difference {
            let quoted = |text: &Option<String>| format!("{:?}", printable(text.as_deref().unwrap_or("")));
            (spelled.baseline, spelled.target) = (quoted(baseline), quoted(target));
        }
        let Difference { what, baseline, target } = spelled;
        let _ = writeln!(text, "  {what:<22} {} {baseline}, {} {target}", left.name, right.name);
        if let Divergence::Output { first_difference, .. } = difference {
            text.push_str(&output_around(*first_difference, [left, right]));
        }
    }
    text
}

/// The bytes of both outputs around the first that differs, which stands behind `|`.
fn output_around(first: u64, sides: [&Side<'_>; 2]) -> String {
    let mut text = String::new();
    let width = label_width(sides);
    let first = usize::try_from(first).unwrap_or(usize::MAX);
    for side in sides {
        let bytes = &side.outcome.run.output.0;
        let at = first.min(bytes.len());
        let (from, to) =
            (at.saturating_sub(OUTPUT_BYTES_BEFORE), bytes.len().min(at.saturating_add(OUTPUT_BYTES_FROM)));
        let hex = |range: std::ops::Range<usize>| HexBytes(bytes[range].to_vec()).to_string();
        let before = if from > 0 { "…" } else { "" };
        let rest = match (at == bytes.len(), to < bytes.len()) {
            (true, _) => "(ends here)",
            (false, true) => "…",
            (false, false) => "",
        };
        let _ = writeln!(
            text,
            "    {:<width$}  at byte {from}: {before}{}|{}{rest}",
            side.name,
            hex(from..at),
            hex(at..to)
        );
    }
    text
}

fn label_width(sides: [&Side<'_>; 2]) -> usize {
    sides.into_iter().map(|side| side.name.chars().count()).max().unwrap_or(0)
}

fn first_divergence(first: &FirstDivergence, basis: Basis, sides: [&Side<'_>; 2]) -> String {
    let mut text = String::new();
    let both = sides.into_iter().zip([&first.baseline, &first.target]);
    let Some((side, record)) = both.clone().find_map(|(side, record)| Some((side, record.as_ref()?))) else {
        return text;
    };
    let place = side
        .guest
        .harness
        .as_ref()
        .and_then(|layout| layout.body_index(record.pc.0))
        .map_or_else(String::new, |index| format!(" (instruction {} of the sequence)", index + 1));
    let counted = match basis {
        Basis::SameGuest | Basis::SameCore => format!("step {}", first.index),
        Basis::SameSequence => format!("step {} within the sequence,", first.index),
    };
    let _ = writeln!(text, "first diverging instruction: {counted} at pc {}{place}", record.pc);
    text.push_str(&listing(side.guest, record.pc.0));
    let width = label_width(sides);
    for (side, record) in both {
        let did = record.as_ref().map_or_else(|| end(side.outcome), |record| effect(record, &first.parts));
        let _ = writeln!(text, "  {:<width$}  {did}", side.name);
    }
    text
}

/// Disassembly around `pc`, the instruction itself marked.
fn listing(guest: &Guest, pc: u64) -> String {
    let mut text = String::new();
    let around = CONTEXT_INSTRUCTIONS * 4;
    let first = pc.saturating_sub(around);
    for address in (first..=pc.saturating_add(around)).step_by(4) {
        let Some((word, isa)) = guest.read_word(address).zip(guest.isa()) else { continue };
        let spelled = decode(word, isa)
            .map_or_else(|_| disassemble_word(word, isa), |instruction| disassemble_aliased(&instruction, None));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_of_many_lines_is_one_line_that_says_there_are_more() {
        assert_eq!(first_line("timeout"), "timeout");
        assert_eq!(first_line("it died:\nframe 1\nframe 2\n"), "it died: …");
        assert_eq!(first_line("\u{1b}[31m"), "\u{fffd}[31m");
        assert_eq!(first_line(""), "");
    }
}
