//! Rust as a flat list of tokens with their places, and patterns over it.
//!
//! Docs are no tokens here: what a source says about itself may change without moving an anchor.

use std::{collections::HashSet, ops::Range};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::parse::Parser as _;

use crate::edit::ANY;

/// A token, or one end of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) text: String,
    /// Bytes of the file.
    pub(super) range: Range<usize>,
    /// Of an opening delimiter: how many tokens further the closing one is.
    pub(super) group: Option<usize>,
}

/// The tokens of `stream`, whose text begins at byte `offset` of its file.
pub(super) fn flatten(stream: TokenStream, offset: usize) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut open: Vec<(usize, &'static str, Range<usize>, proc_macro2::token_stream::IntoIter)> = Vec::new();
    let mut rest = stream.into_iter();
    let place = |span: proc_macro2::Span| {
        let range = span.byte_range();
        range.start + offset..range.end + offset
    };
    loop {
        let Some(tree) = rest.next() else {
            let Some((start, close, range, outer)) = open.pop() else { return tokens };
            rest = outer;
            tokens[start].group = Some(tokens.len() - start);
            tokens.push(Token { text: close.to_owned(), range, group: None });
            drop_docs(&mut tokens, start);
            continue;
        };
        let (text, range) = match tree {
            TokenTree::Group(group) => {
                let (first, last) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                let inner = std::mem::replace(&mut rest, group.stream().into_iter());
                open.push((tokens.len(), last, place(group.span_close()), inner));
                (first.to_owned(), place(group.span_open()))
            }
            TokenTree::Ident(ident) => (ident.to_string(), place(ident.span())),
            TokenTree::Punct(punct) => (punct.as_char().to_string(), place(punct.span())),
            TokenTree::Literal(literal) => (literal.to_string(), place(literal.span())),
        };
        tokens.push(Token { text, range, group: None });
    }
}

/// Drops `#[doc = "…"]`, whose bracket opens at `bracket` and has just been closed.
fn drop_docs(tokens: &mut Vec<Token>, bracket: usize) {
    let at = |index: usize| tokens.get(index).map(|token| token.text.as_str());
    if at(bracket) != Some("[") || at(bracket + 1) != Some("doc") || at(bracket + 2) != Some("=") {
        return;
    }
    let before = |back: usize| bracket.checked_sub(back).and_then(at);
    let start = match (before(1), before(2)) {
        (Some("#"), _) => bracket - 1,
        (Some("!"), Some("#")) => bracket - 2,
        _ => return,
    };
    tokens.truncate(start);
}

/// What an edit says that a place looks like.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    tokens: Vec<Token>,
}

impl Pattern {
    /// Reads a pattern; the error is the lexer's.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let stream: TokenStream = text.parse().map_err(|error: proc_macro2::LexError| error.to_string())?;
        let tokens = flatten(stream, 0);
        if tokens.is_empty() { Err("it is empty".to_owned()) } else { Ok(Self { tokens }) }
    }

    /// Whether `tokens` of `source` look like this.
    pub(super) fn matches(&self, tokens: &[Token], source: &str) -> bool {
        let tokens = if self.tokens[0].text == "#" { tokens } else { without_attributes(tokens) };
        Matching { pattern: &self.tokens, tokens, source, failed: HashSet::new() }.from(0, 0)
    }

    /// How much `tokens` have in common with this, from 0 to 1.
    pub(super) fn similarity(&self, tokens: &[Token]) -> f64 {
        fn pairs(tokens: &[Token]) -> Vec<(&str, &str)> {
            let mut pairs: Vec<_> =
                tokens.windows(2).map(|pair| (pair[0].text.as_str(), pair[1].text.as_str())).collect();
            pairs.extend(tokens.first().map(|first| ("", first.text.as_str())));
            pairs.sort_unstable();
            pairs
        }
        let tokens = without_attributes(tokens);
        // A place of another size altogether is not worth counting.
        if tokens.len() > 8 * self.tokens.len() + 64 {
            return 0.0;
        }
        let (ours, theirs) = (pairs(&self.tokens), pairs(tokens));
        let (mut first, mut second, mut common) = (0, 0, 0);
        while first < ours.len() && second < theirs.len() {
            match ours[first].cmp(&theirs[second]) {
                std::cmp::Ordering::Less => first += 1,
                std::cmp::Ordering::Greater => second += 1,
                std::cmp::Ordering::Equal => {
                    common += 1;
                    first += 1;
                    second += 1;
                }
            }
        }
        2.0 * f64::from(common) / (ours.len() + theirs.len()).max(1) as f64
    }
}

/// `tokens` without the `#[…]` that they begin with.
fn without_attributes(mut tokens: &[Token]) -> &[Token] {
    while let [hash, bracket, ..] = tokens
        && hash.text == "#"
        && bracket.text == "["
        && let Some(length) = bracket.group
    {
        tokens = &tokens[1 + length + 1..];
    }
    tokens
}

/// A comparison under way. Each pair of positions is tried once, so that a hostile source costs no more than their
/// number.
struct Matching<'a> {
    pattern: &'a [Token],
    tokens: &'a [Token],
    source: &'a str,
    failed: HashSet<(usize, usize)>,
}

impl Matching<'_> {
    /// Whether the tokens from `at` on look like the pattern from `want` on.
    fn from(&mut self, mut want: usize, mut at: usize) -> bool {
        loop {
            let Some(wanted) = self.pattern.get(want) else { return at == self.tokens.len() };
            if wanted.text == ANY {
                return self.any(want, at);
            }
            let Some(token) = self.tokens.get(at) else { return false };
            if wanted.text != token.text {
                return false;
            }
            let anything = wanted.group == Some(2) && self.pattern[want + 1].text == ANY;
            if let (true, Some(length)) = (anything, token.group) {
                want += 3;
                at += length + 1;
            } else {
                want += 1;
                at += 1;
            }
        }
    }

    /// The same where the pattern has [`ANY`] at `want`.
    fn any(&mut self, want: usize, at: usize) -> bool {
        if self.failed.contains(&(want, at)) {
            return false;
        }
        let mut end = at;
        while let Some(token) = self.tokens.get(end) {
            if matches!(token.text.as_str(), ")" | "]" | "}" | "," | ";") {
                break;
            }
            end += token.group.map_or(1, |length| length + 1);
            if self.from(want + 1, end) && self.is_one(at, end) {
                return true;
            }
        }
        self.failed.insert((want, at));
        false
    }

    /// Whether the tokens are one expression, type or pattern.
    fn is_one(&self, start: usize, end: usize) -> bool {
        let text = &self.source[self.tokens[start].range.start..self.tokens[end - 1].range.end];
        syn::parse_str::<syn::Expr>(text).is_ok()
            || syn::parse_str::<syn::Type>(text).is_ok()
            || syn::Pat::parse_multi.parse_str(text).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, source: &str) -> bool {
        let tokens = flatten(source.parse().unwrap(), 0);
        Pattern::read(pattern).unwrap().matches(&tokens, source)
    }

    #[test]
    fn spaces_comments_and_docs_play_no_part() {
        assert!(matches("let x = f(a, b);", "let  x = // why\n f( a,b ) ;"));
        assert!(matches("let x = 1;", "/// docs\nlet x = 1;"));
        assert!(matches("struct S { a: u8 }", "struct S { /// a field\n a: u8 }"));
        assert!(!matches("let x = f(a, b);", "let x = f(a, b, );"));
        assert!(!matches("let x = 1;", "let x = 1"));
    }

    #[test]
    fn a_blank_is_one_expression_type_or_pattern() {
        assert!(matches("assert!(__);", "assert!(a == b, \"why {}\", c);"));
        assert!(matches("let __ = g(__, 1);", "let (a, b) = g(x.y(1, 2)[3], 1);"));
        assert!(matches("let x: __ = __;", "let x: Vec<u8> = a + b;"));
        assert!(!matches("f(__, 1)", "f(a, b, 1)"), "two expressions");
        assert!(!matches("f(__)", "f"), "none");
        assert!(!matches("x = __;", "x = a b;"), "no expression");
        assert!(matches("for __ in __ { __ }", "for (i, row) in rows.iter().enumerate() { a(); b() }"));
        assert!(matches("f(__)", "f()"), "alone between delimiters it stands for all of it");
    }

    #[test]
    fn attributes_count_only_if_the_pattern_has_them() {
        assert!(matches("let x = 1;", "#[cfg(test)] #[a] let x = 1;"));
        assert!(matches("#[cfg(test)] let x = 1;", "#[cfg(test)] let x = 1;"));
        assert!(!matches("#[cfg(test)] let x = 1;", "let x = 1;"));
    }

    #[test]
    fn many_blanks_on_a_long_source_end_soon() {
        let source = format!("{}; 1", "a + ".repeat(2000) + "b");
        assert!(!matches("__ + __ + __ + __ + __ + __ == 2", &source[..source.len() - 3]));
    }

    #[test]
    fn places_are_bytes_of_the_file() {
        let source = "let é = \"ß\"; x";
        let tokens = flatten(source.parse().unwrap(), 10);
        assert_eq!(tokens.last().unwrap().range, source.len() - 1 + 10..source.len() + 10);
    }
}
