//! `#[derive(Failure)]`: messages of errors.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, LitStr, Result, Variant, spanned::Spanned};

/// `Display` for an enum each of whose variants has its message.
pub(crate) fn expand(item: TokenStream) -> Result<TokenStream> {
    let input: DeriveInput = syn::parse2(item)?;
    let Data::Enum(data) = &input.data else {
        return Err(Error::new(
            input.ident.span(),
            "an error of tiles is an enum, so that its kinds can be told apart",
        ));
    };
    let arms = data.variants.iter().map(arm).collect::<Result<Vec<_>>>()?;
    let name = &input.ident;
    let (implemented, types, bounds) = input.generics.split_for_impl();
    Ok(quote! {
        impl #implemented ::core::fmt::Display for #name #types #bounds {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                match self { #(#arms)* }
            }
        }
    })
}

fn arm(variant: &Variant) -> Result<TokenStream> {
    let given = variant.attrs.iter().find(|attribute| attribute.path().is_ident("failure"));
    let attribute = given
        .ok_or_else(|| Error::new(variant.span(), "say what is the matter: #[failure(\"the divisor is zero\")]"))?;
    let message: LitStr = attribute.parse_args()?;
    let name = &variant.ident;
    Ok(match &variant.fields {
        Fields::Unit => quote!(Self::#name => ::core::write!(formatter, #message),),
        Fields::Named(fields) => {
            let names = fields.named.iter().map(|field| &field.ident);
            // A message need not speak of every field.
            quote!(#[allow(unused_variables)] Self::#name { #(#names),* } => ::core::write!(formatter, #message),)
        }
        Fields::Unnamed(fields) => {
            return Err(Error::new(fields.span(), "name the fields of an error, so that messages can speak of them"));
        }
    })
}
