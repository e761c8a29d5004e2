//! A Rust file, and where in it the anchors of edits are.

use std::ops::Range;

use proc_macro2::TokenStream;
use syn::{Expr, Stmt, spanned::Spanned as _, visit::Visit};

use super::{
    AnchorError, Nearest, Spot,
    items::{self, Node, PathError},
    tokens::{Pattern, Token, flatten},
};
use crate::edit::{Nth, Place};

/// Longest Rust file that is read, in bytes. The longest of published zkVM crates that is written by hand has 0.3 MiB.
pub const RUST_BYTES_MAX: usize = 4 << 20;

/// Most that a parser may recurse by: see [`weight`].
const WEIGHT_MAX: usize = 40_000;

/// Most groups within each other.
const NESTING_MAX: usize = 200;

/// How alike a place must be to be named as the nearest one.
const SIMILARITY_MIN: f64 = 0.2;

/// Characters of a place that are shown.
const SHOWN_CHARS_MAX: usize = 200;

/// A Rust file that was read.
pub(super) struct Source<'a> {
    text: &'a str,
    /// Bytes of what is no Rust: a byte-order mark, a `#!` line.
    offset: usize,
    file: syn::File,
    tokens: Vec<Token>,
}

/// Why a file is not read: what is wrong, and the line if it is known.
pub(super) type Unreadable = (String, Option<usize>);

impl<'a> Source<'a> {
    /// Reads `text`. Needs a large stack: see [`super::with_stack`].
    pub(super) fn read(text: &'a str) -> Result<Self, Unreadable> {
        if text.len() > RUST_BYTES_MAX {
            return Err((format!("it has over {RUST_BYTES_MAX} bytes"), None));
        }
        let mut offset = text.len() - text.strip_prefix('\u{feff}').unwrap_or(text).len();
        let rest = &text[offset..];
        if rest.starts_with("#!") && !rest[2..].trim_start().starts_with('[') {
            offset += rest.find('\n').unwrap_or(rest.len());
        }
        let rest = &text[offset..];
        let line_of = |span: proc_macro2::Span| line_at(text, span.byte_range().start + offset);
        let stream: TokenStream = rest
            .parse()
            .map_err(|error: proc_macro2::LexError| (format!("it is no Rust: {error}"), Some(line_of(error.span()))))?;
        let tokens = flatten(stream.clone(), offset);
        if weight(&tokens).is_none() {
            return Err(("it nests too deep to be read".to_owned(), None));
        }
        let file =
            syn::parse2(stream).map_err(|error| (format!("it is no Rust: {error}"), Some(line_of(error.span()))))?;
        Ok(Self { text, offset, file, tokens })
    }

    /// The first or last place for items.
    pub(super) fn end(&self, place: Place) -> Spot {
        match place {
            Place::Start => {
                let after = self.file.attrs.last().map(|attribute| self.range(attribute.span()).end);
                Spot::Line { at: after.unwrap_or(self.offset), first: after.is_none(), indent: String::new() }
            }
            Place::End => Spot::Line { at: self.text.len(), first: false, indent: String::new() },
        }
    }

    /// The item at `path`.
    pub(super) fn item(&self, path: &str) -> Result<Spot, AnchorError> {
        let node = self.find(path)?;
        Ok(Spot::Block(self.range(node.span())))
    }

    /// A place in the braces of the item at `path`.
    pub(super) fn body(&self, path: &str, place: Place) -> Result<Spot, AnchorError> {
        let node = self.find(path)?;
        let Some(braces) = node.braces() else {
            return Err(AnchorError::BadEdit(format!("{path} has no braces")));
        };
        let (open, close) = (self.range(braces.span.open()), self.range(braces.span.close()));
        if let (Place::End, Some(value)) = (place, node.function().and_then(|(sig, block)| value_of(sig, block))) {
            let range = self.range(value);
            return Ok(Spot::Block(range.start..range.start));
        }
        // Of a body of one line, the line's; else the closing brace's, whatever the signature looks like.
        let indent = format!("{}    ", indent_at(self.text, close.start));
        Ok(match place {
            Place::Start => Spot::Line { at: open.end, first: false, indent },
            Place::End => Spot::Last { at: close.start, indent },
        })
    }

    /// A statement of the item at `path`.
    pub(super) fn statement(&self, path: &str, like: &str, nth: Nth) -> Result<Spot, AnchorError> {
        struct Statements<'a, 'b>(&'b Source<'a>, Vec<Range<usize>>);
        impl Visit<'_> for Statements<'_, '_> {
            fn visit_stmt(&mut self, statement: &Stmt) {
                self.1.push(self.0.range(statement.span()));
                syn::visit::visit_stmt(self, statement);
            }
        }
        let mut all = Statements(self, Vec::new());
        self.visit(path, &mut all)?;
        self.choose(path, like, nth, &all.1).map(Spot::Block)
    }

    /// An expression of the item at `path`.
    pub(super) fn expression(&self, path: &str, like: &str, nth: Nth) -> Result<Spot, AnchorError> {
        struct Expressions<'a, 'b>(&'b Source<'a>, Vec<Range<usize>>);
        impl Visit<'_> for Expressions<'_, '_> {
            fn visit_expr(&mut self, expression: &Expr) {
                self.1.push(self.0.range(expression.span()));
                syn::visit::visit_expr(self, expression);
            }
        }
        let mut all = Expressions(self, Vec::new());
        self.visit(path, &mut all)?;
        self.choose(path, like, nth, &all.1).map(Spot::Inline)
    }

    fn visit(&self, path: &str, visitor: &mut impl for<'v> Visit<'v>) -> Result<(), AnchorError> {
        if path.is_empty() {
            visitor.visit_file(&self.file);
            return Ok(());
        }
        match self.find(path)? {
            Node::Item(item) => visitor.visit_item(item),
            Node::Impl(item) => visitor.visit_impl_item(item),
            Node::Trait(item) => visitor.visit_trait_item(item),
        }
        Ok(())
    }

    fn choose(&self, path: &str, like: &str, nth: Nth, places: &[Range<usize>]) -> Result<Range<usize>, AnchorError> {
        let pattern = Pattern::read(like).map_err(|why| AnchorError::BadEdit(format!("{like:?}: {why}")))?;
        let mut found: Vec<&Range<usize>> =
            places.iter().filter(|place| pattern.matches(self.tokens_of(place), self.text)).collect();
        found.dedup();
        match nth {
            Nth::Only if found.len() == 1 => Ok(found[0].clone()),
            Nth::At { index, of } if found.len() == of && index < of => Ok(found[index].clone()),
            _ if found.is_empty() => {
                let alike = places.iter().map(|place| (pattern.similarity(self.tokens_of(place)), place));
                let nearest = alike.max_by(|(one, _), (other, _)| one.total_cmp(other));
                let nearest = nearest.filter(|(similarity, _)| *similarity >= SIMILARITY_MIN);
                Err(AnchorError::Missing {
                    expected: expected(path, like),
                    nearest: nearest.map(|(_, place)| self.nearest(place)),
                })
            }
            _ => Err(AnchorError::Count {
                expected: expected(path, like),
                wanted: if let Nth::At { of, .. } = nth { of } else { 1 },
                lines: found.iter().map(|place| line_at(self.text, place.start)).collect(),
            }),
        }
    }

    fn find(&self, path: &str) -> Result<Node<'_>, AnchorError> {
        items::find(&self.file, path).map_err(|error| match error {
            PathError::Segment(segment) => {
                AnchorError::BadEdit(format!("{segment:?} is no segment of a path of items"))
            }
            PathError::Ambiguous(count) => {
                AnchorError::Count { expected: path.to_owned(), wanted: 1, lines: vec![0; count] }
            }
            PathError::Missing(paths) => {
                let alike = paths.into_iter().map(|known| (strsim::jaro_winkler(path, &known), known));
                let nearest = alike.max_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, known)| known);
                let nearest = nearest.map(|known| {
                    let line = items::find(&self.file, &known).ok().map(|node| self.range(node.span()).start);
                    Nearest { line: line.map(|at| line_at(self.text, at)), text: known }
                });
                AnchorError::Missing { expected: path.to_owned(), nearest }
            }
        })
    }

    /// The tokens of a place.
    fn tokens_of(&self, place: &Range<usize>) -> &[Token] {
        let start = self.tokens.partition_point(|token| token.range.start < place.start);
        let end = self.tokens.partition_point(|token| token.range.start < place.end);
        &self.tokens[start..end]
    }

    fn nearest(&self, place: &Range<usize>) -> Nearest {
        Nearest { line: Some(line_at(self.text, place.start)), text: shown(&self.text[place.clone()]) }
    }

    fn range(&self, span: proc_macro2::Span) -> Range<usize> {
        let range = span.byte_range();
        range.start + self.offset..range.end + self.offset
    }
}

/// The trailing expression that is the value of a function, if it has one.
fn value_of(signature: &syn::Signature, block: &syn::Block) -> Option<proc_macro2::Span> {
    let last = block.stmts.last()?;
    let unit = matches!(signature.output, syn::ReturnType::Default);
    match last {
        Stmt::Expr(Expr::ForLoop(_) | Expr::While(_), None) => None,
        Stmt::Expr(Expr::If(_) | Expr::Match(_) | Expr::Loop(_) | Expr::Block(_) | Expr::Unsafe(_), None) if unit => {
            None
        }
        Stmt::Expr(value, None) => Some(value.span()),
        Stmt::Macro(call) if call.semi_token.is_none() && !unit => Some(call.span()),
        _ => None,
    }
}

/// How deep a parser that recurses once per token at most could go, if that is within bounds: in groups that are within
/// each other, the tokens since the last `;` or `,`; and what a `,` need not end, generics and closures, by `<` and
/// `|`.
fn weight(tokens: &[Token]) -> Option<usize> {
    #[derive(Default)]
    struct Level {
        run: usize,
        brackets: usize,
    }
    let mut outer: Vec<Level> = Vec::new();
    let mut level = Level::default();
    let mut outer_runs = 0;
    let mut heaviest = 0;
    for token in tokens {
        match token.text.as_str() {
            ")" | "]" | "}" => {
                level = outer.pop().unwrap_or_default();
                outer_runs -= level.run;
            }
            ";" => level = Level::default(),
            "," => level.run = level.brackets,
            text => {
                level.run += 1;
                level.brackets += usize::from(matches!(text, "<" | "|"));
                heaviest = heaviest.max(outer_runs + level.run);
                if token.group.is_some() {
                    outer_runs += level.run;
                    outer.push(std::mem::take(&mut level));
                }
            }
        }
        if outer.len() > NESTING_MAX || heaviest > WEIGHT_MAX {
            return None;
        }
    }
    Some(heaviest)
}

fn expected(path: &str, like: &str) -> String {
    let place = if path.is_empty() { String::new() } else { format!(" in {path}") };
    format!("`{}`{place}", shown(like))
}

/// The beginning of `text`, on one line.
pub(super) fn shown(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(SHOWN_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// The line, from 1, that byte `at` is on.
pub(super) fn line_at(text: &str, at: usize) -> usize {
    text[..at.min(text.len())].matches('\n').count() + 1
}

/// The white space that begins the line which byte `at` is on.
pub(super) fn indent_at(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = &text[start..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}
