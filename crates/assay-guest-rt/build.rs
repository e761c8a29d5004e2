//! Puts the platform's linker script where `-Tlink.x` finds it.

use std::{env, fs, path::Path};

/// What every platform's script ends with.
const SECTIONS: &str = include_str!("link/sections.x");

/// Addresses by platform, which is a feature of this crate.
const PLATFORMS: [(&str, &str); 4] = [
    ("STANDARD", include_str!("link/standard.x")),
    ("RISC0", include_str!("link/risc0.x")),
    ("SP1", include_str!("link/sp1.x")),
    ("OPENVM", include_str!("link/openvm.x")),
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=link");
    if env::var("CARGO_CFG_TARGET_OS").as_deref() != Ok("none") {
        return;
    }
    let chosen = |feature: &str| env::var_os(format!("CARGO_FEATURE_{feature}")).is_some();
    // Without a platform, or with two, the crate itself does not compile and says why.
    let Some((_, addresses)) = PLATFORMS.into_iter().find(|(feature, _)| chosen(feature)) else { return };
    let folder = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&folder).join("link.x"), format!("{addresses}\n{SECTIONS}")).expect("OUT_DIR is writable");
    println!("cargo::rustc-link-search={folder}");
}
