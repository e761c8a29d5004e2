//! Text put in, all places of a file at once, and not a byte changed elsewhere.

use std::ops::Range;

use super::{AnchorError, Spot, source::indent_at};
use crate::edit::{Action, Text};

/// One change of a file's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Splice {
    /// What it takes the place of: empty where text is put in.
    range: Range<usize>,
    text: String,
    rank: Rank,
    /// Which edit of the pass wants it.
    pub(super) edit: usize,
}

/// The order of changes that begin at one byte: what ends there, what stands there, what begins there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// End of a wrapping; that of the one that begins last, and of equals the later edit, comes first.
    Suffix { start: std::cmp::Reverse<usize>, edit: std::cmp::Reverse<usize> },
    /// After an anchor that ends there.
    After,
    /// At a place, or before an anchor.
    Before,
    /// Beginning of a wrapping; that of the one that ends last comes first.
    Prefix { end: std::cmp::Reverse<usize> },
    /// In place of an anchor.
    Replace,
}

/// Two edits want the same bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Overlap {
    pub(super) first: usize,
    pub(super) second: usize,
    pub(super) at: usize,
}

/// What `action` does at `spot` of `text`.
pub(super) fn plan(text: &str, spot: &Spot, action: &Action, edit: usize) -> Result<Vec<Splice>, AnchorError> {
    let newline = newline_of(text);
    let one = |range: Range<usize>, text: String, rank: Rank| vec![Splice { range, text, rank, edit }];
    let at = |at: usize| at..at;
    Ok(match (spot, action) {
        (Spot::Block(range), Action::Before(new)) => {
            let indent = indent_at(text, range.start);
            let new = format!("{}{newline}{indent}", lines(new, indent, newline));
            one(at(range.start), new, Rank::Before)
        }
        (Spot::Block(range), Action::After(new)) => {
            let indent = indent_at(text, range.start);
            let new = format!("{newline}{indent}{}", lines(new, indent, newline));
            one(at(range.end), new, Rank::After)
        }
        (Spot::Block(range), Action::Replace(new)) if !range.is_empty() => {
            one(range.clone(), lines(new, indent_at(text, range.start), newline), Rank::Replace)
        }
        (Spot::Inline(range), Action::Before(new)) => one(at(range.start), with_newlines(new, newline), Rank::Before),
        (Spot::Inline(range), Action::After(new)) => one(at(range.end), with_newlines(new, newline), Rank::After),
        (Spot::Inline(range), Action::Replace(new)) => one(range.clone(), with_newlines(new, newline), Rank::Replace),
        (Spot::Block(range) | Spot::Inline(range), Action::Wrap(prefix, suffix)) if !range.is_empty() => {
            use std::cmp::Reverse;
            let suffix_rank = Rank::Suffix { start: Reverse(range.start), edit: Reverse(edit) };
            let prefix_rank = Rank::Prefix { end: Reverse(range.end) };
            let mut both = one(at(range.start), with_newlines(prefix, newline), prefix_rank);
            both.extend(one(at(range.end), with_newlines(suffix, newline), suffix_rank));
            both
        }
        (Spot::Line { at: place, first, indent }, Action::Before(new) | Action::After(new)) => {
            let new = format!("{indent}{}", lines(new, indent, newline));
            let rest = text[*place..].split('\n').next().unwrap_or_default().trim();
            let open = *place > 0 && !text[..*place].ends_with('\n');
            let mut put = String::new();
            // The end of a file has its newline already, and gets its next.
            if !first && open {
                put.push_str(newline);
            }
            put.push_str(&new);
            if *first || !rest.is_empty() || *place == text.len() {
                put.push_str(newline);
            }
            if !first && !rest.is_empty() {
                // What followed on the line of a `{`: its own body, or the closing brace.
                let outer = indent.strip_suffix("    ").unwrap_or(indent);
                put.push_str(if rest.starts_with('}') { outer } else { indent });
            }
            one(at(*place), put, Rank::Before)
        }
        (Spot::Last { at: place, indent }, Action::Before(new) | Action::After(new)) => {
            let outer = indent.strip_suffix("    ").unwrap_or(indent);
            let start = text[..*place].rfind('\n').map_or(0, |newline| newline + 1);
            let own_line = text[start..*place].trim().is_empty();
            let lead = if own_line { "    ".to_owned() } else { format!("{newline}{indent}") };
            one(at(*place), format!("{lead}{}{newline}{outer}", lines(new, indent, newline)), Rank::Before)
        }
        (Spot::Value { insert, .. }, Action::Set(_)) => one(insert.0.clone(), insert.1.clone(), Rank::Replace),
        _ => return Err(AnchorError::BadEdit("its action does not suit its anchor".to_owned())),
    })
}

/// `text` with all changes made.
pub(super) fn apply(text: &str, mut splices: Vec<Splice>) -> Result<String, Overlap> {
    // Stable: edits that put text in at one place do so in their order.
    splices.sort_by(|one, other| (one.range.start, &one.rank).cmp(&(other.range.start, &other.rank)));
    let mut result = String::with_capacity(text.len() + splices.iter().map(|splice| splice.text.len()).sum::<usize>());
    let mut copied = 0;
    let mut taken: Option<&Splice> = None;
    for splice in &splices {
        if let Some(taken) = taken.filter(|taken| splice.range.start < taken.range.end) {
            return Err(Overlap { first: taken.edit, second: splice.edit, at: splice.range.start });
        }
        result.push_str(&text[copied..splice.range.start]);
        result.push_str(&splice.text);
        copied = splice.range.end;
        if !splice.range.is_empty() {
            taken = Some(splice);
        }
    }
    result.push_str(&text[copied..]);
    Ok(result)
}

/// How the file ends its lines.
pub(super) fn newline_of(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

fn with_newlines(new: &Text, newline: &str) -> String {
    if newline == "\n" { new.to_string() } else { new.replace('\n', newline) }
}

/// `new` without line breaks around it, its lines after the first indented.
fn lines(new: &Text, indent: &str, newline: &str) -> String {
    let new = new.trim_matches('\n');
    // A string that goes on over lines would get the indentation as content.
    let indent = if has_long_literal(new) { "" } else { indent };
    let mut text = String::new();
    for (index, line) in new.split('\n').enumerate() {
        if index > 0 {
            text.push_str(newline);
            if !line.is_empty() {
                text.push_str(indent);
            }
        }
        text.push_str(line);
    }
    text
}

fn has_long_literal(text: &str) -> bool {
    fn any(stream: proc_macro2::TokenStream) -> bool {
        stream.into_iter().any(|tree| match tree {
            proc_macro2::TokenTree::Group(group) => any(group.stream()),
            proc_macro2::TokenTree::Literal(literal) => literal.to_string().contains('\n'),
            _ => false,
        })
    }
    text.contains('\n') && text.contains('"') && text.parse().is_ok_and(any)
}
