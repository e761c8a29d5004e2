//! Text in Markdown (`CommonMark` with the tables of GitHub) that is text and nothing else, on one line of its own making.

use crate::{
    limits::LINE_CHARS_MAX,
    text::{line, lines},
};

/// Text among other text.
///
/// What GitHub makes a link or a mention of is put into a code span, because no escape keeps it from that.
pub(super) fn inline(text: &str) -> String {
    let text = line(text, LINE_CHARS_MAX);
    let mut previous = ' ';
    let linked = text.chars().any(|c| {
        let begins_word = !std::mem::replace(&mut previous, c).is_alphanumeric();
        begins_word && matches!(c, '@' | '#')
    }) || text.contains("://")
        || text.contains("www.");
    if linked {
        return span(&text);
    }
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        // Punctuation that may mean something: escaped where it does not, it is still itself.
        if matches!(
            c,
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '(' | ')' | '#' | '!' | '|' | '~' | '&' | '$'
        ) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    // At the beginning of a line these would make lists, headings and rules.
    if escaped.starts_with(['-', '+', '=']) {
        escaped.insert(0, '\\');
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
            escaped.push_str(&format!("&#{};", c as u32));
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
        text.push_str(&format!("| {} |\n", row.as_ref().join(" | ")));
    }
    text
}
