//! The infrastructure pass, which is the same in every family: the helper crate, and packages that depend on it.
//!
//! What the helper crate is for is in its own docs (`template/fuzzer_utils`). It has no dependencies, so that it can be
//! added to any dependency graph without changing a lockfile but for itself.

use crate::edit::{Action, Anchor, Edit, Package, Pass, PassKind};

/// Name of the helper crate, and of its folder in the source root.
pub const HELPER: &str = "fuzzer_utils";

/// Files of the helper crate: path within its folder, text.
pub const HELPER_FILES: &[(&str, &str)] = &[
    ("Cargo.toml", include_str!("../../template/fuzzer_utils/Cargo.toml.in")),
    ("src/lib.rs", include_str!("../../template/fuzzer_utils/src/lib.rs")),
    ("src/sink.rs", include_str!("../../template/fuzzer_utils/src/sink.rs")),
    ("src/sink/section.rs", include_str!("../../template/fuzzer_utils/src/sink/section.rs")),
    ("src/sink/writer.rs", include_str!("../../template/fuzzer_utils/src/sink/writer.rs")),
    ("src/sink/json.rs", include_str!("../../template/fuzzer_utils/src/sink/json.rs")),
    ("src/relax.rs", include_str!("../../template/fuzzer_utils/src/relax.rs")),
    ("src/inject.rs", include_str!("../../template/fuzzer_utils/src/inject.rs")),
];

/// Adds the helper crate to the source root and to the dependencies of each package.
pub fn pass(packages: &[Package]) -> Pass {
    let mut edits: Vec<Edit> = HELPER_FILES
        .iter()
        .map(|(path, text)| {
            Edit::create(
                format!("infrastructure.{HELPER}.{path}"),
                format!("{HELPER}/{path}"),
                *text,
                "The sink of records, the switches of guards and the injection points.",
            )
        })
        .collect();
    edits.extend(packages.iter().map(|package| {
        Edit::new(
            format!("infrastructure.depend.{}", package.name),
            package.name,
            "Cargo.toml",
            Anchor::toml("dependencies", HELPER),
            Action::Set(format!("{{ path = \"{{root}}/{HELPER}\" }}").into()),
            "Patched code calls the helper crate.",
        )
    }));
    Pass { kind: PassKind::Infrastructure, edits }
}
