//! Which toolchain sources ask for, and which one builds them.
//!
//! Old commits pin toolchains that a machine need not have. They are built by an installed one, and that is said.

use std::{fs, io::Read as _, path::Path};

use serde::Deserialize;

/// Longest toolchain file.
const BYTES_MAX: u64 = 64 << 10;

/// Longest name of a toolchain.
const NAME_BYTES_MAX: usize = 100;

/// The toolchain that sources ask for, in the file that rustup reads; `None` where they ask for none.
pub fn asked_for(sources: &Path) -> Option<String> {
    ["rust-toolchain.toml", "rust-toolchain"].iter().find_map(|name| {
        let path = sources.join(name);
        // Not through a link: it may lead to another snapshot's.
        if !fs::symlink_metadata(&path).ok()?.is_file() {
            return None;
        }
        let mut text = String::new();
        fs::File::open(path).ok()?.take(BYTES_MAX).read_to_string(&mut text).ok()?;
        channel(&text)
    })
}

/// Whether rustup can have a toolchain of that name, and nothing else is meant by it.
pub fn is_name(name: &str) -> bool {
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    (1..=NAME_BYTES_MAX).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(legal)
}

fn channel(text: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct File {
        toolchain: Toolchain,
    }
    #[derive(Deserialize)]
    struct Toolchain {
        channel: Option<String>,
    }
    // The older form is the name alone.
    let name = match toml::from_str::<File>(text) {
        Ok(file) => file.toolchain.channel?,
        Err(_) => text.trim().to_owned(),
    };
    is_name(&name).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_the_file_are_read_and_nothing_else_is() {
        assert_eq!(channel("[toolchain]\nchannel = \"1.85.0\"\ncomponents = []\n").as_deref(), Some("1.85.0"));
        assert_eq!(channel("nightly-2025-02-14\n").as_deref(), Some("nightly-2025-02-14"));
        for bad in ["", "[toolchain]\npath = \"/x\"", "../x", "-x", "a b", "[toolchain]\nchannel = \"../../x\""] {
            assert_eq!(channel(bad), None, "{bad}");
        }
    }
}
