//! Text in Markdown (`CommonMark` with the tables of GitHub) that is text and nothing else, on one line of its own
//! making.

use std::fmt::Write as _;

use crate::{
    limits::LINE_CHARS_MAX,
    text::{line, lines},
};

/// Text among other text, also at the beginning of a line.
///
/// What GitHub makes a link or a mention of is put into a code span, because no escape keeps it from that.
pub(super) fn inline(text: &str) -> String {
    let text = line(text, LINE_CHARS_MAX);
    let linked = text.contains(['@', '#']) || text.contains("://") || text.contains("www.");
    let blank = text.is_empty() || text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace);
    if linked || blank {
        return span(&text);
    }
    let mut escaped = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let punctuation = matches!(
            c,
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '(' | ')' | '!' | '|' | '~' | '&' | '$'
        );
        // At the beginning of a line these make lists and rules.
        let begins = match c {
            '-' | '+' | '=' => at == 0,
            '.' => {
                let (before, after) = text.split_at(at);
                before.bytes().all(|byte| byte.is_ascii_digit())
                    && !after[1..].starts_with(|c: char| !c.is_whitespace())
            }
            _ => false,
        };
        if punctuation || begins {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// A code span, also in a table.
pub(super) fn code(text: &str) -> String {
    span(&line(text, LINE_CHARS_MAX))
}

fn span(text: &str) -> String {
    let plain = !text.is_empty() && !text.starts_with(' ') && !text.ends_with(' ') && !text.contains(['`', '|', '\\']);
    if plain {
        return format!("`{text}`");
    }
    // No fence of backticks holds every text in a table; entities do.
    let mut escaped = String::from("<code>");
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || c == ' ' || !c.is_ascii() {
            escaped.push(c);
        } else {
            let _ = write!(escaped, "&#{};", c as u32);
        }
    }
    escaped + "</code>"
}

/// A block of text as it is, fenced by more backticks than it holds.
pub(super) fn block(text: &str, language: &str, chars_max: usize) -> String {
    let text = lines(text, chars_max);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{text}{}{fence}\n", if text.ends_with('\n') || text.is_empty() { "" } else { "\n" })
}

/// A table; cells are Markdown already.
pub(super) fn table<H: AsRef<str>, R: AsRef<[String]>>(header: &[H], rows: impl IntoIterator<Item = R>) -> String {
    let names: Vec<_> = header.iter().map(AsRef::as_ref).collect();
    let mut text = format!("| {} |\n|{}\n", names.join(" | "), " --- |".repeat(header.len()));
    for row in rows {
        let _ = writeln!(text, "| {} |", row.as_ref().join(" | "));
    }
    text
}
