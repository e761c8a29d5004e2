//! What the build scripts of runners share.
//!
//! A runner says which version of its SDK it holds, and receipts say it after it. The lockfile is the one place that states
//! it; this crate takes it from there, so that no second place does. It has no dependencies, as it is built once more
//! for build scripts, and it knows no zkVM.

use std::fs;

/// The lockfile of the workspace whose build script runs: cargo starts it in its package's folder.
const LOCKFILE: &str = "Cargo.lock";

/// Sets the environment variable `variable`, for `env!` in the crate that is built, to the version of `package` in
/// its lockfile.
///
/// # Panics
///
/// Where there is no lockfile or no such package in it, which ends the build.
pub fn say_version(package: &str, variable: &str) {
    println!("cargo:rerun-if-changed={LOCKFILE}");
    let lockfile = fs::read_to_string(LOCKFILE).expect("a runner's workspace has a lockfile");
    let version = version_of(package, &lockfile).unwrap_or_else(|| panic!("{LOCKFILE} has no package {package}"));
    println!("cargo:rustc-env={variable}={version}");
}

/// The version of `package` in the text of a lockfile, of format 3 or 4 of cargo's.
fn version_of<'a>(package: &str, lockfile: &'a str) -> Option<&'a str> {
    let name = format!("\nname = \"{package}\"\n");
    let entry = lockfile.split("[[package]]").find(|entry| entry.contains(&name))?;
    entry.split_once("\nversion = \"")?.1.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_that_of_the_package_of_exactly_this_name() {
        let lockfile = "version = 4\n\n[[package]]\nname = \"sdk-core\"\nversion = \"9.9.9\"\ndependencies = [\n \"sdk\",\n]\n\n\
                        [[package]]\nname = \"sdk\"\nversion = \"6.10.0\"\nsource = \"registry\"\n";
        assert_eq!(version_of("sdk", lockfile), Some("6.10.0"));
        assert_eq!(version_of("sdk-core", lockfile), Some("9.9.9"));
        assert_eq!(version_of("core", lockfile), None);
    }
}
