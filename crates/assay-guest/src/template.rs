//! A new guest: the files of a folder that builds for every platform as it is.
//!
//! The one in Rust and the one in C do the same, so that each shows how the other is said.

use std::collections::BTreeMap;

use crate::{
    lockfile,
    project::Language,
    runtime_sources::{self, RUNTIME_CRATE},
    tile_sources::{self, MACROS_CRATE, TILE_CRATE},
};

/// The version of a new crate.
const VERSION: &str = "0.1.0";

/// What is built is no source.
const IGNORED: &str = "/target\n/out\n";

const MAIN_RS: &str = r#"//! Makes the 64-bit FNV-1a hash of its input public.
#![cfg_attr(target_os = "none", no_std, no_main)]

assay_guest_rt::main!(run);

/// What it returns is the exit code; 0 is success.
fn run() -> u8 {
    let input = assay_guest_rt::read_input();
    if input.is_empty() {
        assay_guest_rt::log("there is no input\n");
        return 1;
    }
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in input {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
    }
    assay_guest_rt::write_output(&hash.to_le_bytes());
    0
}
"#;

const MAIN_C: &str = r#"/* Makes the 64-bit FNV-1a hash of its input public. */
#include <assay_guest.h>

/* What it returns is the exit code; 0 is success. */
int main(void) {
    const uint8_t *input;
    size_t size;
    read_input(&input, &size);
    if (size == 0) {
        guest_log("there is no input\n");
        return 1;
    }
    uint64_t hash = 0xcbf29ce484222325;
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ input[i]) * 0x100000001b3;
    }
    uint8_t output[8];
    for (int i = 0; i < 8; i++) {
        output[i] = hash >> (8 * i);
    }
    write_output(output, sizeof output);
    return 0;
}
"#;

const TILES_RS: &str = r#"//! Tiles: functions that run as programs of their own on zkVMs.
#![cfg_attr(not(test), no_std)]

use assay_tile::{Failure, sequence, tile};
use serde::{Deserialize, Serialize};

/// Doubles a number.
#[tile(budget = 65_536)]
pub fn double(number: u64) -> Result<u64, Overflow> {
    number.checked_mul(2).ok_or(Overflow::TooLarge { number })
}

/// Four times a number.
#[sequence(double, double)]
pub fn quadruple(number: u64) -> u64;

/// Why there is no double. What a tile returns as an error can be proved as well as what it gives.
#[derive(Debug, PartialEq, Serialize, Deserialize, Failure)]
pub enum Overflow {
    /// More than 64 bits.
    #[failure("twice {number} has more than 64 bits")]
    TooLarge {
        /// What was to be doubled.
        number: u64,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_are_functions() {
        assert_eq!(double(21), Ok(42));
        assert_eq!(quadruple(5), Ok(20));
        assert!(double(u64::MAX).is_err());
    }
}
"#;

/// The files of a new crate of tiles `name`, which must be one by [`is_crate_name`]: content by path, with `/` between names.
///
/// It has a copy of what tiles are written against for editors and `cargo test`; what Assay builds has what is in Assay.
pub fn tile_files(name: &str) -> BTreeMap<String, Vec<u8>> {
    let mut files = tile_sources::files();
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"{VERSION}\"\nedition = \"2024\"\n\n\
         [dependencies]\n{TILE_CRATE} = {{ path = \"{TILE_CRATE}\" }}\n\
         serde = {{ version = \"1.0\", default-features = false, features = [\"alloc\", \"derive\"] }}\n\n\
         # A crate of its own, whatever is around it.\n[workspace]\n",
    );
    files.insert("Cargo.toml".to_owned(), manifest.into());
    files.insert("Cargo.lock".to_owned(), lockfile::lock_for_tiles(name, VERSION).into());
    files.insert("src/lib.rs".to_owned(), TILES_RS.into());
    files.insert(".gitignore".to_owned(), IGNORED.into());
    files
}

/// The files of a new guest `name`, which must be one by [`is_name`](crate::project::is_name): content by path, with `/`
/// between names.
///
/// A crate has a copy of the runtime for editors and `cargo check`; what Assay builds has the runtime that is in Assay.
pub fn files(name: &str, language: Language) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::from([(".gitignore".to_owned(), IGNORED.as_bytes().to_vec())]);
    match language {
        Language::C => drop(files.insert("main.c".to_owned(), MAIN_C.into())),
        Language::Rust => {
            let manifest = format!(
                "[package]\nname = \"{name}\"\nversion = \"{VERSION}\"\nedition = \"2024\"\n\n\
                 [dependencies]\n{RUNTIME_CRATE} = {{ path = \"{RUNTIME_CRATE}\" }}\n\n\
                 # A crate of its own, whatever is around it.\n[workspace]\n",
            );
            files.insert("Cargo.toml".to_owned(), manifest.into());
            files.insert("Cargo.lock".to_owned(), lockfile::lock_for(name, VERSION).into());
            files.insert("src/main.rs".to_owned(), MAIN_RS.into());
            for (file, bytes) in runtime_sources::files() {
                files.insert(format!("{RUNTIME_CRATE}/{file}"), bytes);
            }
        }
    }
    files
}

/// Whether a crate can have this name, which cargo is stricter about.
pub fn is_crate_name(name: &str) -> bool {
    const RESERVED: [&str; 8] = ["test", "core", "std", "alloc", "proc_macro", "self", "super", "crate"];
    crate::project::is_name(name)
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && !RESERVED.contains(&name)
        && ![RUNTIME_CRATE, TILE_CRATE, MACROS_CRATE].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_crate_names_the_runtime_beside_it() {
        let files = files("mine", Language::Rust);
        let manifest: toml::Table = String::from_utf8(files["Cargo.toml"].clone()).unwrap().parse().unwrap();
        assert_eq!(manifest["package"]["name"].as_str(), Some("mine"));
        assert_eq!(manifest["dependencies"][RUNTIME_CRATE]["path"].as_str(), Some(RUNTIME_CRATE));
        assert!(files.contains_key("assay-guest-rt/src/lib.rs") && files.contains_key("Cargo.lock"));
    }

    #[test]
    fn a_new_crate_of_tiles_names_what_stands_beside_it() {
        let files = tile_files("mine");
        let manifest: toml::Table = String::from_utf8(files["Cargo.toml"].clone()).unwrap().parse().unwrap();
        assert_eq!(manifest["dependencies"][TILE_CRATE]["path"].as_str(), Some(TILE_CRATE));
        for file in ["Cargo.lock", "src/lib.rs", "assay-tile/src/lib.rs", "assay-tile-macros/Cargo.toml"] {
            assert!(files.contains_key(file), "{file}");
        }
    }

    #[test]
    fn names_that_cargo_would_refuse_are_refused() {
        for (name, good) in
            [("mine", true), ("a-b_1", true), ("1a", false), ("core", false), ("a/b", false), ("", false)]
        {
            assert_eq!(is_crate_name(name), good, "{name}");
        }
    }
}
