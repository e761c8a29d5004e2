//! Items of a Rust file by path.
//!
//! A path is what a reader of the file would say: `impl Chip for AluChip :: fn rows`. How its segments are spelled is
//! in [`crate::edit::Anchor::item`].

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{ImplItem, Item, TraitItem, spanned::Spanned as _};

/// Separates segments.
const SEPARATOR: &str = " :: ";

/// An item, wherever it stands.
#[derive(Clone, Copy)]
pub(super) enum Node<'a> {
    /// In a file, a module or a block.
    Item(&'a Item),
    /// In an `impl`.
    Impl(&'a ImplItem),
    /// In a `trait`.
    Trait(&'a TraitItem),
}

/// Why a path names no one item.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PathError {
    /// A segment cannot be read.
    Segment(String),
    /// Nothing is called that; the paths that there are.
    Missing(Vec<String>),
    /// So many are called that.
    Ambiguous(usize),
}

/// A segment that was read.
struct Segment {
    kind: &'static str,
    /// Name, or the tokens after `impl`, or of `use`.
    name: String,
    /// From 1.
    nth: Option<usize>,
}

const KINDS: &[&str] =
    &["fn", "struct", "enum", "union", "trait", "mod", "const", "static", "type", "macro", "impl", "use"];

/// The item of `file` at `path`.
pub(super) fn find<'a>(file: &'a syn::File, path: &str) -> Result<Node<'a>, PathError> {
    let mut here: Vec<Node<'a>> = file.items.iter().map(Node::Item).collect();
    let mut known = String::new();
    let mut segments = path.split(SEPARATOR).peekable();
    while let Some(text) = segments.next() {
        let segment = Segment::read(text.trim())?;
        let found: Vec<Node<'a>> = here.iter().copied().filter(|node| segment.names(*node)).collect();
        let chosen = match segment.nth {
            Some(nth) => found.get(nth - 1).copied(),
            None if found.len() > 1 => return Err(PathError::Ambiguous(found.len())),
            None => found.first().copied(),
        };
        let Some(node) = chosen else {
            let paths = here.iter().filter_map(|node| node.label()).map(|label| format!("{known}{label}"));
            return Err(PathError::Missing(paths.collect()));
        };
        if segments.peek().is_none() {
            return Ok(node);
        }
        known = format!("{known}{}{SEPARATOR}", text.trim());
        here = node.children();
    }
    Err(PathError::Segment(path.to_owned()))
}

impl Segment {
    fn read(text: &str) -> Result<Self, PathError> {
        let wrong = || PathError::Segment(text.to_owned());
        let (text, nth) = match text.rsplit_once(" #") {
            Some((text, nth)) => (text, Some(nth.parse().ok().filter(|&nth| nth > 0).ok_or_else(wrong)?)),
            None => (text, None),
        };
        let (kind, name) = text.split_once([' ', '<']).ok_or_else(wrong)?;
        let kind = KINDS.iter().find(|known| **known == kind).ok_or_else(wrong)?;
        let name = if text[kind.len()..].starts_with('<') { &text[kind.len()..] } else { name };
        let tokens: TokenStream = name.parse().map_err(|_| wrong())?;
        Ok(Self { kind, name: spelled(tokens), nth })
    }

    fn names(&self, node: Node<'_>) -> bool {
        if self.kind == "impl" {
            let Node::Item(Item::Impl(node)) = node else { return false };
            return self.names_impl(node);
        }
        node.name().is_some_and(|(kind, name)| kind == self.kind && name == self.name)
    }

    fn names_impl(&self, node: &syn::ItemImpl) -> bool {
        let mut rest = self.name.as_str();
        if rest.starts_with("< ") {
            let generics = spelled(node.generics.to_token_stream());
            let Some(after) = rest.strip_prefix(&generics) else { return false };
            rest = after.trim_start();
        }
        let (ours, wanted) = match (rest.split_once(" for "), &node.trait_) {
            (Some((path, target)), Some((not, found, _))) => {
                let found = spelled(quote::quote!(#not #found));
                if !same_type(path, &found) {
                    return false;
                }
                (spelled(node.self_ty.to_token_stream()), target)
            }
            (None, None) => (spelled(node.self_ty.to_token_stream()), rest),
            _ => return false,
        };
        same_type(wanted, &ours)
    }
}

impl<'a> Node<'a> {
    /// Its tokens, docs and attributes among them.
    pub(super) fn span(self) -> proc_macro2::Span {
        match self {
            Self::Item(item) => item.span(),
            Self::Impl(item) => item.span(),
            Self::Trait(item) => item.span(),
        }
    }

    /// Its function, if it is one.
    pub(super) fn function(self) -> Option<(&'a syn::Signature, &'a syn::Block)> {
        match self {
            Self::Item(Item::Fn(function)) => Some((&function.sig, &function.block)),
            Self::Impl(ImplItem::Fn(function)) => Some((&function.sig, &function.block)),
            Self::Trait(TraitItem::Fn(function)) => function.default.as_ref().map(|block| (&function.sig, block)),
            _ => None,
        }
    }

    /// Its braces.
    pub(super) fn braces(self) -> Option<syn::token::Brace> {
        if let Some((_, block)) = self.function() {
            return Some(block.brace_token);
        }
        match self {
            Self::Item(Item::Impl(item)) => Some(item.brace_token),
            Self::Item(Item::Trait(item)) => Some(item.brace_token),
            Self::Item(Item::Enum(item)) => Some(item.brace_token),
            Self::Item(Item::Mod(item)) => item.content.as_ref().map(|(brace, _)| *brace),
            Self::Item(Item::Struct(item)) => match &item.fields {
                syn::Fields::Named(fields) => Some(fields.brace_token),
                _ => None,
            },
            _ => None,
        }
    }

    /// The items in it.
    fn children(self) -> Vec<Self> {
        if let Some((_, block)) = self.function() {
            let items = block.stmts.iter().filter_map(|statement| match statement {
                syn::Stmt::Item(item) => Some(Self::Item(item)),
                _ => None,
            });
            return items.collect();
        }
        match self {
            Self::Item(Item::Mod(item)) => item.content.iter().flat_map(|(_, items)| items).map(Self::Item).collect(),
            Self::Item(Item::Impl(item)) => item.items.iter().map(Self::Impl).collect(),
            Self::Item(Item::Trait(item)) => item.items.iter().map(Self::Trait).collect(),
            _ => Vec::new(),
        }
    }

    /// Kind and name, of all but `impl`s.
    fn name(self) -> Option<(&'static str, String)> {
        let (kind, name) = match self {
            Self::Item(item) => match item {
                Item::Fn(item) => ("fn", &item.sig.ident),
                Item::Struct(item) => ("struct", &item.ident),
                Item::Enum(item) => ("enum", &item.ident),
                Item::Union(item) => ("union", &item.ident),
                Item::Trait(item) => ("trait", &item.ident),
                Item::Mod(item) => ("mod", &item.ident),
                Item::Const(item) => ("const", &item.ident),
                Item::Static(item) => ("static", &item.ident),
                Item::Type(item) => ("type", &item.ident),
                Item::Macro(item) => ("macro", item.ident.as_ref()?),
                Item::Use(item) => return Some(("use", spelled(item.tree.to_token_stream()))),
                _ => return None,
            },
            Self::Impl(item) => match item {
                ImplItem::Fn(item) => ("fn", &item.sig.ident),
                ImplItem::Const(item) => ("const", &item.ident),
                ImplItem::Type(item) => ("type", &item.ident),
                _ => return None,
            },
            Self::Trait(item) => match item {
                TraitItem::Fn(item) => ("fn", &item.sig.ident),
                TraitItem::Const(item) => ("const", &item.ident),
                TraitItem::Type(item) => ("type", &item.ident),
                _ => return None,
            },
        };
        Some((kind, name.to_string()))
    }

    /// The segment that names it.
    fn label(self) -> Option<String> {
        if let Self::Item(Item::Impl(item)) = self {
            let target = compact(&spelled(item.self_ty.to_token_stream()));
            return Some(match &item.trait_ {
                Some((not, path, _)) => format!("impl {} for {target}", compact(&spelled(quote::quote!(#not #path)))),
                None => format!("impl {target}"),
            });
        }
        self.name().map(|(kind, name)| format!("{kind} {}", compact(&name)))
    }
}

/// Tokens with one space between any two.
fn spelled(tokens: TokenStream) -> String {
    let tokens: Vec<String> = super::tokens::flatten(tokens, 0).into_iter().map(|token| token.text).collect();
    tokens.join(" ")
}

/// As people write it, near enough.
fn compact(spelled: &str) -> String {
    let mut text = spelled.replace(" : :", "::").replace(":: ", "::").replace(" <", "<").replace("< ", "<");
    text = text.replace(" >", ">").replace(" ,", ",").replace("& ", "&").replace("' ", "'");
    text
}

/// Whether a type or trait is the one that is wanted; without generics it may have any.
fn same_type(wanted: &str, found: &str) -> bool {
    wanted == found || (!wanted.contains('<') && wanted == without_generics(found))
}

fn without_generics(spelled: &str) -> String {
    let mut depth = 0_usize;
    let mut kept: Vec<&str> = Vec::new();
    let mut last = "";
    for token in spelled.split(' ') {
        match token {
            "<" => depth += 1,
            // The end of `->` is none.
            ">" if last != "-" && depth > 0 => depth -= 1,
            _ if depth == 0 => kept.push(token),
            _ => {}
        }
        last = token;
    }
    // `Vec::<u8>` leaves its colons.
    while kept.last() == Some(&":") {
        kept.pop();
    }
    kept.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "
        use std::fmt;
        mod inner { fn f() {} pub struct S; }
        impl<F: Field, const N: usize> Chip<F> for AluChip<F, N> { fn rows(&self) -> u8 { fn deep() {} 1 } const K: u8 = 1; }
        impl<F> AluChip<F, 4> { fn rows(&self) {} }
        impl<F> AluChip<F, 8> { fn rows(&self) {} }
        impl fmt::Debug for &mut [u8; 4] { fn fmt(&self) {} }
        trait T { fn with_default() {} type A; }
        macro_rules! m { () => {} }
        enum E { A }
    ";

    fn found(path: &str) -> Result<String, PathError> {
        let file = syn::parse_file(SOURCE).unwrap();
        find(&file, path).map(|node| SOURCE[node.span().byte_range()].chars().take(40).collect())
    }

    #[test]
    fn items_are_found_by_path() {
        for (path, begins) in [
            ("mod inner :: fn f", "fn f() {}"),
            ("mod inner :: struct S", "pub struct S;"),
            ("impl Chip for AluChip", "impl<F: Field, const N: usize> Chip<F> f"),
            ("impl<F: Field, const N: usize> Chip<F> for AluChip<F, N> :: const K", "const K: u8 = 1;"),
            ("impl Chip for AluChip :: fn rows :: fn deep", "fn deep() {}"),
            ("impl AluChip<F, 8> :: fn rows", "fn rows(&self) {}"),
            ("impl AluChip #1", "impl<F> AluChip<F, 4> { fn rows(&self) {"),
            ("impl fmt::Debug for &mut [u8; 4]", "impl fmt::Debug for &mut [u8; 4] { fn fm"),
            ("trait T :: type A", "type A;"),
            ("macro m", "macro_rules! m { () => {} }"),
            ("use std::fmt", "use std::fmt;"),
        ] {
            assert_eq!(found(path).as_deref(), Ok(begins), "{path}");
        }
    }

    #[test]
    fn what_is_missing_or_ambiguous_is_said() {
        assert_eq!(found("impl AluChip :: fn rows"), Err(PathError::Ambiguous(2)));
        assert!(matches!(found("impl AluChip #3"), Err(PathError::Missing(_))));
        assert_eq!(found("func f"), Err(PathError::Segment("func f".to_owned())));
        let Err(PathError::Missing(paths)) = found("impl Chip for AluChip :: fn row") else { panic!() };
        assert_eq!(paths, ["impl Chip for AluChip :: fn rows", "impl Chip for AluChip :: const K"]);
        let Err(PathError::Missing(paths)) = found("struct E") else { panic!() };
        assert!(paths.contains(&"impl fmt::Debug for &mut [ u8 ; 4 ]".to_owned()), "{paths:?}");
    }
}
