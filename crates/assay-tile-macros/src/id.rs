//! Ids of tiles and sequences.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::{Error, Ident, LitStr, Result};

/// Longest id, in bytes: it becomes a part of a symbol and of names of folders.
pub(crate) const ID_BYTES_MAX: usize = 64;

/// The id that is given, or that follows from the name of the function.
pub(crate) fn id(given: Option<&LitStr>, function: &Ident) -> Result<String> {
    let (id, span) = match given {
        Some(literal) => (literal.value(), literal.span()),
        None => (function.to_string().trim_start_matches("r#").replace('_', "-"), function.span()),
    };
    check(&id, span)?;
    Ok(id)
}

fn check(id: &str, span: Span) -> Result<()> {
    let sound = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if id.len() > ID_BYTES_MAX {
        return Err(Error::new(
            span,
            format!("an id has at most {ID_BYTES_MAX} characters, and this has {}", id.len()),
        ));
    }
    if !id.starts_with(|c: char| c.is_ascii_lowercase()) || !id.chars().all(sound) || id.ends_with('-') {
        let message = format!(
            "{id:?} cannot be an id: expected lower-case letters, digits and -, beginning with a letter, such as \
             merkle-root; name = \"...\" gives another"
        );
        return Err(Error::new(span, message));
    }
    Ok(())
}

/// The symbol of what `kind` says about the tile or sequence `id`.
pub(crate) fn symbol(kind: &str, id: &str) -> String {
    format!("__assay_{kind}_{}", id.replace('-', "_"))
}

/// What makes a second `kind` of this id in the same crate a compile error: exported macros all stand at the root of a crate,
/// wherever they are written. (Two equal symbols would be an error too, but not of a mere check.)
pub(crate) fn taken(kind: &str, id: &str) -> TokenStream {
    let name = format_ident!("{}", symbol(&format!("{kind}_id"), id));
    quote! {
        #[doc(hidden)]
        #[macro_export]
        macro_rules! #name { () => {}; }
    }
}

/// What puts a tile or sequence on the list of all that are linked into a program of this machine: `described` is the method of
/// `Descriptions` that describes it. The list is a section of the executable; guests have none.
pub(crate) fn listed(described: &TokenStream) -> TokenStream {
    quote! {
        #[cfg(not(target_os = "none"))]
        const _: () = {
            fn describe(descriptions: &mut ::assay_tile::Descriptions) {
                descriptions.#described();
            }

            #[allow(unsafe_code)]
            #[used]
            #[unsafe(link_section = "assay_tiles")]
            static LISTED: ::assay_tile::Describe = describe;
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_follows_from_the_name_of_the_function() {
        let of = |name: &str| id(None, &Ident::new(name, Span::call_site())).map_err(|error| error.to_string());
        assert_eq!(of("merkle_root").unwrap(), "merkle-root");
        assert_eq!(of("sha256").unwrap(), "sha256");
        for bad in ["Double", "_private", "trailing_", &"x".repeat(65)] {
            assert!(of(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn symbols_have_no_hyphens() {
        assert_eq!(symbol("tile_entry", "merkle-root"), "__assay_tile_entry_merkle_root");
    }
}
