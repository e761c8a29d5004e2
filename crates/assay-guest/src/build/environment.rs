//! What cargo sees of our environment when it builds for us: guests here, runners elsewhere.

use std::ffi::OsString;

/// Variables that cargo and its compilers see. What changes how code is compiled (`RUSTFLAGS`, `CARGO_BUILD_…`,
/// `RUSTUP_TOOLCHAIN`, `RUSTC_WRAPPER` and their kin) is withheld: the same sources are to give the same program.
const VARIABLES: [&str; 19] = [
    "PATH",
    "HOME",
    "CARGO_HOME",
    "RUSTUP_HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "ALL_PROXY",
    "CARGO_BUILD_JOBS",
    "PROTOC",
    "PROTOC_INCLUDE",
];

/// Prefixes of more such variables: where crates come from.
const PREFIXES: [&str; 3] = ["CARGO_NET_", "CARGO_HTTP_", "CARGO_REGISTRIES_"];

/// Those of `all` that a build of ours may see.
pub fn environment(all: impl Iterator<Item = (OsString, OsString)>) -> impl Iterator<Item = (OsString, OsString)> {
    all.filter(|(name, _)| {
        name.to_str()
            .is_some_and(|name| VARIABLES.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_of_the_surrounding_build_are_withheld() {
        let names = ["PATH", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_NET_OFFLINE", "RUSTUP_TOOLCHAIN", "RUSTC"];
        let all = names.map(|name| (OsString::from(name), OsString::new()));
        let kept: Vec<_> = environment(all.into_iter()).map(|(name, _)| name).collect();
        assert_eq!(kept, ["PATH", "CARGO_NET_OFFLINE"]);
    }
}
