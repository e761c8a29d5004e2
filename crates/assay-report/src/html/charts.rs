//! Small drawings. Each stands beside the numbers that it draws, so that nobody needs to see it or its colours.

use assay_spec::{Status, VerdictName};
use maud::{Markup, html};

use crate::{
    text::counted,
    time_line::{Bin, TimeLine},
};

/// Height of the time line in its own units; its width is one unit a bar.
const HEIGHT: f64 = 100.0;

/// The class of a status: which colour it has, and whether it is the guest's end, a limit or the machinery's fault.
pub(super) fn class_of(status: Status) -> &'static str {
    match status {
        Status::Ok => "good",
        Status::Failed | Status::Panic | Status::Trap => "ended",
        Status::Timeout | Status::OutOfMemory | Status::OutputLimit => "unsure",
        Status::RunnerCrash | Status::ProtocolError => "bad",
        Status::Unsupported => "quiet",
    }
}

/// The class of a verdict.
pub(super) fn class_of_verdict(verdict: VerdictName) -> &'static str {
    match verdict {
        VerdictName::Agree => "good",
        VerdictName::SameFailure => "ended",
        VerdictName::Inconclusive => "unsure",
        VerdictName::Diverge => "bad",
    }
}

/// A sign besides the colour.
pub(super) fn sign_of_verdict(verdict: VerdictName) -> &'static str {
    match verdict {
        VerdictName::Agree => "✓",
        VerdictName::SameFailure => "≈",
        VerdictName::Inconclusive => "?",
        VerdictName::Diverge => "✗",
    }
}

/// A verdict in its colour with its sign.
pub(super) fn verdict(verdict: VerdictName) -> Markup {
    html! {
        span class={"verdict " (class_of_verdict(verdict))} {
            span aria-hidden="true" { (sign_of_verdict(verdict)) " " } (verdict)
        }
    }
}

/// How counts share a whole, as a bar of statuses.
pub(super) fn status_bar(counts: &[u64]) -> Markup {
    bar(counts.iter().zip(Status::ALL).map(|(&count, status)| (count, class_of(status))))
}

/// The same for verdicts.
pub(super) fn verdict_bar(counts: &[u64]) -> Markup {
    bar(counts.iter().zip(VerdictName::ALL).map(|(&count, verdict)| (count, class_of_verdict(verdict))))
}

fn bar(parts: impl Iterator<Item = (u64, &'static str)> + Clone) -> Markup {
    let total: u64 = parts.clone().map(|(count, _)| count).sum();
    let mut from = 0.0;
    html! {
        svg.bar viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
            @for (count, class) in parts.filter(|&(count, _)| count > 0) {
                @let width = count as f64 / total as f64 * 100.0;
                rect class=(class) x=(number(from)) y="0" width=(number(width)) height="1" {}
                @let () = from += width;
            }
        }
    }
}

/// Runs by their worst verdict, and under them where findings were first seen.
pub(super) fn time_line(line: &TimeLine) -> Markup {
    let highest = line.bins.iter().map(Bin::total).max().unwrap_or(0).max(1);
    let view = format!("0 0 {} {HEIGHT}", line.bins.len());
    html! {
        svg.time-line viewBox=(view) preserveAspectRatio="none" role="img" aria-labelledby="time-line-title" {
            title #time-line-title { "Runs over time by their worst verdict; the table below has the numbers" }
            @for (at, bin) in line.bins.iter().enumerate().filter(|(_, bin)| bin.total() > 0) {
                (column(line, at, bin, highest))
            }
        }
        svg.marks viewBox={"0 0 " (line.bins.len()) " 1"} preserveAspectRatio="none" role="img"
            aria-label="When findings were first seen"
        {
            @for (at, bin) in line.bins.iter().enumerate().filter(|(_, bin)| bin.findings > 0) {
                rect.finding x=(number(at as f64 + 0.08)) y="0" width="0.84" height="1" {
                    title { (line.label(bin)) ": " (counted(bin.findings, "new finding")) }
                }
            }
        }
    }
}

fn column(line: &TimeLine, at: usize, bin: &Bin, highest: u64) -> Markup {
    let mut top = HEIGHT;
    html! {
        g {
            title {
                (line.label(bin)) ": " (counted(bin.total(), "run"))
                @for (verdict, count) in VerdictName::ALL.into_iter().zip(bin.runs).filter(|&(_, count)| count > 0) {
                    ", " (count) " " (verdict)
                }
            }
            @for (verdict, count) in VerdictName::ALL.into_iter().zip(bin.runs).filter(|&(_, count)| count > 0) {
                // One run among thousands is still a pixel high.
                @let height = (count as f64 / highest as f64 * HEIGHT).max(1.0);
                @let () = top = (top - height).max(0.0);
                rect class=(class_of_verdict(verdict)) x=(number(at as f64 + 0.08)) y=(number(top)) width="0.84"
                    height=(number(height)) {}
            }
        }
    }
}

/// Three digits behind the point are less than a pixel.
fn number(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
