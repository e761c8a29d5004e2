//! `#[sequence]`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{
    Attribute, Error, FnArg, Pat, Result, ReturnType, Signature, Token, Type, Visibility,
    parse::{Parse, ParseStream},
    spanned::Spanned,
};

use crate::{
    arguments::Arguments,
    id::{id, listed, taken},
};

/// Most tiles of a sequence.
const TILES_MAX: usize = 256;

/// A function without a body.
struct Declaration {
    attributes: Vec<Attribute>,
    visibility: Visibility,
    signature: Signature,
}

impl Parse for Declaration {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let signature: Signature = input.parse()?;
        if input.peek(syn::token::Brace) {
            return Err(input.error("a sequence has no body: its tiles are what it does; end it with ;"));
        }
        input.parse::<Token![;]>()?;
        Ok(Self { attributes, visibility, signature })
    }
}

/// The function with its body, the type that stands for it, and its symbol.
pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let arguments = Arguments::parse(arguments, true)?;
    let Declaration { attributes, visibility, signature } = syn::parse2(item)?;
    check(&signature)?;
    let (first, last) = match arguments.tiles.as_slice() {
        [] => return Err(Error::new(signature.ident.span(), "a sequence has tiles: #[sequence(first, second)]")),
        [first, .., last] => (first, last),
        [only] => (only, only),
    };
    if let Some(path) = arguments.tiles.get(TILES_MAX) {
        return Err(Error::new(path.span(), format!("a sequence has at most {TILES_MAX} tiles")));
    }
    let id = id(arguments.name.as_ref(), &signature.ident)?;
    let description = arguments.description(&attributes)?;
    let (parameters, value) = parameters(&signature)?;
    let name = &signature.ident;
    let output = match &signature.output {
        ReturnType::Default => quote!(()),
        ReturnType::Type(_, ty) => quote!(#ty),
    };
    let tiles = &arguments.tiles;
    // Each step has the span of its tile, so that what does not fit is told of the tile that cannot take it.
    let steps = tiles.iter().map(|tile| {
        quote_spanned! {tile.span()=>
            let value: <#tile as ::assay_tile::Tile>::Input = value;
            let value = ::assay_tile::step::<#tile>(value)?;
        }
    });
    let result = quote_spanned!(output.span()=> let value: #output = value;);
    let describe = listed(&quote!(sequence::<#name>));
    let taken = taken("sequence", &id);
    let about = format!("The sequence `{id}`.");
    Ok(quote! {
        #(#attributes)*
        #[allow(clippy::let_unit_value)]
        #visibility fn #name(#parameters) -> ::core::result::Result<#output, ::assay_tile::SequenceFailure> {
            let value = #value;
            #(#steps)*
            #result
            ::core::result::Result::Ok(value)
        }

        #[doc = #about]
        #[allow(non_camel_case_types)]
        #visibility enum #name {}

        impl ::assay_tile::Sequence for #name {
            type Input = <#first as ::assay_tile::Tile>::Input;
            type Output = <#last as ::assay_tile::Tile>::Output;

            const ID: &'static str = #id;
            const DESCRIPTION: &'static str = #description;
            const TILES: &'static [&'static str] = &[#(<#tiles as ::assay_tile::Tile>::ID),*];
        }

        #taken

        const _: () = {
            #describe
        };
    })
}

fn check(signature: &Signature) -> Result<()> {
    let refuse = |span, what: &str| Err(Error::new(span, format!("a sequence cannot be {what}")));
    if let Some(token) = &signature.asyncness {
        return refuse(token.span(), "async");
    }
    if let Some(token) = &signature.unsafety {
        return refuse(token.span(), "unsafe");
    }
    if let Some(token) = &signature.constness {
        return refuse(token.span(), "const");
    }
    if let Some(abi) = &signature.abi {
        return refuse(abi.span(), "of another ABI");
    }
    if !signature.generics.params.is_empty() {
        return refuse(signature.generics.params.span(), "generic");
    }
    match &signature.output {
        ReturnType::Type(_, ty) => match &**ty {
            Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Result") => {
                Err(Error::new(
                    ty.span(),
                    "a sequence is declared with what its last tile gives; that it can fail is added",
                ))
            }
            _ => Ok(()),
        },
        ReturnType::Default => Ok(()),
    }
}

/// The parameters as they are declared, and the one value that they are for the first tile.
fn parameters(signature: &Signature) -> Result<(TokenStream, TokenStream)> {
    let mut names = Vec::new();
    for argument in &signature.inputs {
        match argument {
            FnArg::Typed(typed) => match &*typed.pat {
                Pat::Ident(name) => names.push(name.ident.clone()),
                other => return Err(Error::new(other.span(), "an argument of a sequence is a name")),
            },
            FnArg::Receiver(receiver) => {
                return Err(Error::new(receiver.span(), "a sequence is a function of its own, without self"));
            }
        }
    }
    let inputs = &signature.inputs;
    let value = if let [one] = names.as_slice() { quote!(#one) } else { quote!((#(#names),*)) };
    Ok((quote!(#inputs), value))
}
