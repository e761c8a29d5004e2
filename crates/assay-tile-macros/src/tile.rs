//! `#[tile]`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::{
    Error, FnArg, GenericArgument, ItemFn, PathArguments, Result, ReturnType, Signature, Type, spanned::Spanned,
};

use crate::{
    arguments::Arguments,
    id::{id, listed, symbol, taken},
};

/// Most arguments of a tile; serde has tuples of up to sixteen.
const ARGUMENTS_MAX: usize = 12;

/// The function as it was, the type that stands for it, and its symbols.
pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let arguments = Arguments::parse(arguments, false)?;
    let function: ItemFn = syn::parse2(item)
        .map_err(|error| Error::new(error.span(), format!("#[tile] stands on a function: {error}")))?;
    check(&function.sig)?;
    let id = id(arguments.name.as_ref(), &function.sig.ident)?;
    let description = arguments.description(&function.attrs)?;
    let none = quote!(::core::option::Option::None);
    let budget = arguments.budget.map_or(none, |cycles| quote!(::core::option::Option::Some(#cycles)));
    let types = argument_types(&function.sig)?;
    let [input, pattern, values] = shape(&types);
    let (output, error) = returned(&function.sig.output)?;
    let name = &function.sig.ident;
    let visibility = &function.vis;
    let call = quote!(#name(#values));
    let call = if error.is_some() { call } else { quote!(::core::result::Result::Ok(#call)) };
    let error = error.map_or_else(|| quote!(::assay_tile::NoError), |error| quote!(#error));
    let entry = format_ident!("{}", symbol("tile_entry", &id));
    let describe = listed(&quote!(tile::<#name>));
    let checks = bounds(&types);
    let taken = taken("tile", &id);
    let about = format!("The tile `{id}`, for sequences and for whoever runs it.");
    Ok(quote! {
        #function

        #[doc = #about]
        #[allow(non_camel_case_types)]
        #visibility enum #name {}

        impl ::assay_tile::Tile for #name {
            type Input = #input;
            type Output = #output;
            type Error = #error;

            const ID: &'static str = #id;
            const DESCRIPTION: &'static str = #description;
            const BUDGET_CYCLES: ::core::option::Option<u64> = #budget;
            const PACKAGE: &'static str = env!("CARGO_PKG_NAME");
            const VERSION: &'static str = env!("CARGO_PKG_VERSION");

            fn call(input: Self::Input) -> ::core::result::Result<Self::Output, Self::Error> {
                let #pattern = input;
                #call
            }
        }

        #taken

        const _: () = {
            #checks

            #[allow(unsafe_code)]
            #[unsafe(no_mangle)]
            fn #entry(input: &[u8]) -> ::assay_tile::Answer {
                ::assay_tile::answer::<#name>(input)
            }

            #describe
        };
    })
}

/// What a program that is started from nothing cannot be.
fn check(signature: &Signature) -> Result<()> {
    let refuse = |span, what: &str| Err(Error::new(span, format!("a tile cannot be {what}")));
    if let Some(token) = &signature.asyncness {
        return refuse(token.span(), "async: a zkVM runs one thing from beginning to end");
    }
    if let Some(token) = &signature.unsafety {
        return refuse(token.span(), "unsafe: its input is anybody's");
    }
    if let Some(abi) = &signature.abi {
        return refuse(abi.span(), "of another ABI: its entry is made for it");
    }
    if let Some(token) = &signature.variadic {
        return refuse(token.span(), "variadic");
    }
    if !signature.generics.params.is_empty() {
        return refuse(signature.generics.params.span(), "generic: name the types that it is proved for");
    }
    if let Some(clause) = &signature.generics.where_clause {
        return refuse(clause.span(), "generic: name the types that it is proved for");
    }
    if signature.inputs.len() > ARGUMENTS_MAX {
        let one_too_many = &signature.inputs[ARGUMENTS_MAX];
        return Err(Error::new(one_too_many.span(), format!("a tile takes at most {ARGUMENTS_MAX} arguments")));
    }
    Ok(())
}

fn argument_types(signature: &Signature) -> Result<Vec<Type>> {
    let types = signature.inputs.iter().map(|argument| match argument {
        FnArg::Receiver(receiver) => Err(Error::new(receiver.span(), "a tile is a function of its own, without self")),
        FnArg::Typed(typed) => {
            owned(&typed.ty)?;
            Ok((*typed.ty).clone())
        }
    });
    types.collect()
}

/// Input is decoded into what owns it.
fn owned(ty: &Type) -> Result<()> {
    match ty {
        Type::Reference(reference) => Err(Error::new(
            reference.and_token.span(),
            "a tile owns what it takes and returns: String for &str, Vec<T> for &[T]",
        )),
        Type::ImplTrait(unnamed) => Err(Error::new(unnamed.span(), "a tile names the types that it takes and returns")),
        Type::Paren(inner) => owned(&inner.elem),
        _ => Ok(()),
    }
}

/// The input as one type, the pattern that takes it apart, and the values to call with: none as `()`, one as itself, several
/// as a tuple.
fn shape(types: &[Type]) -> [TokenStream; 3] {
    let names: Vec<_> = (0..types.len()).map(|index| format_ident!("argument_{index}")).collect();
    match types {
        [] => [quote!(()), quote!(()), quote!()],
        [one] => [quote!(#one), quote!(argument_0), quote!(argument_0)],
        _ => [quote!((#(#types,)*)), quote!((#(#names,)*)), quote!(#(#names),*)],
    }
}

/// What is returned if all is well, and the type of errors, if there is one.
fn returned(output: &ReturnType) -> Result<(TokenStream, Option<TokenStream>)> {
    let ty = match output {
        ReturnType::Default => return Ok((quote!(()), None)),
        ReturnType::Type(_, ty) => &**ty,
    };
    owned(ty)?;
    if let Type::Never(never) = ty {
        return Err(Error::new(never.span(), "a tile returns a value"));
    }
    let Type::Path(path) = ty else { return Ok((quote!(#ty), None)) };
    let last = path.path.segments.last().expect("a path has a segment");
    if last.ident != "Result" {
        return Ok((quote!(#ty), None));
    }
    let both = match &last.arguments {
        PathArguments::AngleBracketed(given) => given.args.iter().collect::<Vec<_>>(),
        _ => Vec::new(),
    };
    match both.as_slice() {
        [GenericArgument::Type(value), GenericArgument::Type(error)] => {
            owned(value)?;
            owned(error)?;
            Ok((quote!(#value), Some(quote!(#error))))
        }
        _ => Err(Error::new(last.span(), "a tile that can fail returns Result<Value, Error>, with both types named")),
    }
}

/// Checks of several arguments' types where each is written: that of a tuple of them is told of no token in particular.
fn bounds(types: &[Type]) -> TokenStream {
    if types.len() < 2 {
        return TokenStream::new();
    }
    let inputs = types.iter().map(|ty| quote_spanned!(ty.span()=> ::assay_tile::check::value::<#ty>();));
    quote!(const _: fn() = || { #(#inputs)* };)
}
