//! Where the registry and the sources of runners are on this machine.

use std::{
    env,
    path::{Path, PathBuf},
};

/// `$ASSAY_CACHE`, else `$HOME/.cache/assay`. Empty variables count as unset.
pub(crate) fn cache() -> Option<PathBuf> {
    folder_variable("ASSAY_CACHE").or_else(|| Some(folder_variable("HOME")?.join(".cache/assay")))
}

/// The folder of runner sources: `explicit`, else `$ASSAY_RUNNERS_DIR`, else `runners` in the first folder upwards of
/// the current one that has runners, else the one of the source tree that this program was built from.
pub(crate) fn runners(explicit: Option<PathBuf>) -> Option<PathBuf> {
    explicit
        .or_else(|| folder_variable("ASSAY_RUNNERS_DIR"))
        .or_else(|| upwards_of(&env::current_dir().ok()?))
        .or_else(|| upwards_of(Path::new(env!("CARGO_MANIFEST_DIR"))))
}

fn folder_variable(name: &str) -> Option<PathBuf> {
    env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// A `runners` folder counts only beside the kit that runners are built with: a folder of that name may hold anything.
fn upwards_of(folder: &Path) -> Option<PathBuf> {
    folder
        .ancestors()
        .filter(|tree| tree.join("crates/assay-runner-kit/Cargo.toml").is_file())
        .map(|tree| tree.join("runners"))
        .find(|runners| runners.is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_found_from_within_the_source_tree_and_not_from_elsewhere() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let found = upwards_of(&here.join("src/registry")).unwrap();
        assert_eq!(found, here.ancestors().nth(2).unwrap().join("runners"));

        let elsewhere = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(elsewhere.path().join("runners/sp1")).unwrap();
        assert_eq!(upwards_of(elsewhere.path()), None);
    }

    #[test]
    fn what_is_given_by_name_wins() {
        assert_eq!(runners(Some("/x".into())), Some(PathBuf::from("/x")));
    }
}
