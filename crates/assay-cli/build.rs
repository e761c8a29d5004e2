//! Which compiler builds Assay: kept runs say so.

use std::{env, process::Command};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let said = Command::new(rustc).arg("--version").output();
    let version = said.ok().and_then(|said| String::from_utf8(said.stdout).ok()).unwrap_or_default();
    let version = version.lines().next().filter(|line| !line.is_empty()).unwrap_or("unknown");
    println!("cargo::rustc-env=ASSAY_RUSTC_VERSION={version}");
}
