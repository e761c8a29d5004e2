//! Text from outside in a page: escaped, on one line or several, with what cannot be seen spelled out and marked.

use std::fmt::Write as _;

use maud::{Escaper, Markup, PreEscaped, Render, html};

use crate::{
    limits::{CELL_CHARS_MAX, LINE_CHARS_MAX, TEXT_CHARS_MAX},
    text::{SPELLED, line, lines},
};

/// One line of text from outside.
pub(super) struct Line<'a>(pub(super) &'a str);

/// One line of text from outside in a table of many rows.
pub(super) struct Short<'a>(pub(super) &'a str);

/// Text from outside that may have lines; goes into `pre`.
pub(super) struct Lines<'a>(pub(super) &'a str);

impl Render for Line<'_> {
    fn render_to(&self, buffer: &mut String) {
        marked(&line(self.0, LINE_CHARS_MAX), buffer);
    }
}

impl Render for Short<'_> {
    fn render_to(&self, buffer: &mut String) {
        marked(&line(self.0, CELL_CHARS_MAX), buffer);
    }
}

impl Render for Lines<'_> {
    fn render_to(&self, buffer: &mut String) {
        marked(&lines(self.0, TEXT_CHARS_MAX), buffer);
    }
}

/// Escapes; what was spelled out (or looks as if) stands in a span of its own.
fn marked(text: &str, buffer: &mut String) {
    let mut rest = text;
    while let Some(begin) = rest.find(SPELLED[0]) {
        let Some(length) = rest[begin..].find(SPELLED[1]) else { break };
        let end = begin + length + SPELLED[1].len_utf8();
        escaped(&rest[..begin], buffer);
        buffer.push_str("<span class=\"spelled\">");
        escaped(&rest[begin..end], buffer);
        buffer.push_str("</span>");
        rest = &rest[end..];
    }
    escaped(rest, buffer);
}

fn escaped(text: &str, buffer: &mut String) {
    Escaper::new(buffer).write_str(text).expect("writing to memory does not fail");
}

/// A name among other text: whatever direction it is written in, what stands around it stays where it is.
pub(super) fn name(text: &str) -> Markup {
    html! { bdi { (Line(text)) } }
}

/// The same in a table of many rows.
pub(super) fn short(text: &str) -> Markup {
    html! { bdi { (Short(text)) } }
}

/// The same in the script of code.
pub(super) fn code(text: &str) -> Markup {
    html! { code { (Line(text)) } }
}

/// A sentence on what is not shown, if there is any.
pub(super) fn left_out(count: usize, what: &str) -> Markup {
    html! {
        @if count > 0 { p.left-out { "Left out here: " (crate::text::grouped(count as u64)) " more " (what) "." } }
    }
}

/// What a screen reader reads and nobody sees.
pub(super) fn unseen(text: &str) -> Markup {
    html! { span.unseen { (text) } }
}

/// Text of ours that is part of the page as it is.
pub(super) fn verbatim(text: &'static str) -> PreEscaped<&'static str> {
    PreEscaped(text)
}
