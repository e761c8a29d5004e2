//! What stands in the parentheses of `#[tile(…)]` and `#[sequence(…)]`.

use proc_macro2::{Ident, TokenStream};
use syn::{
    Attribute, Error, Expr, ExprLit, Lit, LitInt, LitStr, Meta, Path, Result, Token,
    parse::{Parse, ParseStream, Parser},
    punctuated::Punctuated,
    spanned::Spanned,
};

/// Longest description, in characters.
const DESCRIPTION_CHARS_MAX: usize = 200;

/// What was given.
#[derive(Default)]
pub(crate) struct Arguments {
    /// `name = "…"`.
    pub(crate) name: Option<LitStr>,
    /// `description = "…"`.
    pub(crate) description: Option<LitStr>,
    /// `budget = …`, in cycles.
    pub(crate) budget: Option<u64>,
    /// Paths, in their order: the tiles of a sequence.
    pub(crate) tiles: Vec<Path>,
}

enum Argument {
    Name(LitStr),
    Description(LitStr),
    Budget(LitInt),
    Tile(Path),
}

/// An argument and where it begins.
struct Spanned1(Argument, Ident);

impl Parse for Spanned1 {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let path: Path = input.call(Path::parse_mod_style)?;
        let first = path.segments[0].ident.clone();
        if !input.peek(Token![=]) {
            return Ok(Self(Argument::Tile(path), first));
        }
        input.parse::<Token![=]>()?;
        let argument = match path.get_ident().map(ToString::to_string).as_deref() {
            Some("name") => Argument::Name(input.parse()?),
            Some("description") => Argument::Description(input.parse()?),
            Some("budget") => Argument::Budget(input.parse()?),
            _ => return Err(Error::new(path.span(), "expected name, description or budget")),
        };
        Ok(Self(argument, first))
    }
}

impl Arguments {
    /// Reads them; `tiles` says whether paths may be among them.
    pub(crate) fn parse(tokens: TokenStream, tiles: bool) -> Result<Self> {
        let parsed = Punctuated::<Spanned1, Token![,]>::parse_terminated.parse2(tokens)?;
        let mut all = Self::default();
        for Spanned1(argument, first) in parsed {
            let twice = match argument {
                Argument::Name(value) => all.name.replace(value).is_some(),
                Argument::Description(value) => all.description.replace(value).is_some(),
                Argument::Budget(_) if tiles => {
                    return Err(Error::new(first.span(), "a sequence has no budget of its own; its tiles have theirs"));
                }
                Argument::Budget(value) => all.budget.replace(cycles(&value)?).is_some(),
                Argument::Tile(path) if tiles => {
                    all.tiles.push(path);
                    false
                }
                Argument::Tile(_) => {
                    return Err(Error::new(
                        first.span(),
                        "expected name = \"...\", description = \"...\" or budget = N",
                    ));
                }
            };
            if twice {
                return Err(Error::new(first.span(), format!("{first} is given twice")));
            }
        }
        Ok(all)
    }

    /// The description that is given, or else the first line of the item's documentation.
    pub(crate) fn description(&self, attributes: &[Attribute]) -> Result<String> {
        let text = match &self.description {
            Some(literal) => literal.value(),
            None => attributes.iter().find_map(doc_line).unwrap_or_default(),
        };
        let chars = text.chars().count();
        match &self.description {
            Some(literal) if chars > DESCRIPTION_CHARS_MAX || text.contains('\n') => Err(Error::new(
                literal.span(),
                format!("a description is one line of at most {DESCRIPTION_CHARS_MAX} characters"),
            )),
            _ => Ok(text.chars().take(DESCRIPTION_CHARS_MAX).collect()),
        }
    }
}

fn cycles(literal: &LitInt) -> Result<u64> {
    match literal.base10_parse() {
        Ok(0) | Err(_) => Err(Error::new(literal.span(), "a budget is a number of cycles between 1 and 2^64 - 1")),
        Ok(cycles) if literal.suffix().is_empty() || literal.suffix() == "u64" => Ok(cycles),
        Ok(_) => Err(Error::new(literal.span(), "a budget is a u64")),
    }
}

fn doc_line(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value().trim().to_owned()),
            _ => None,
        },
        _ => None,
    }
}
