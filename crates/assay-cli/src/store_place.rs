//! Where runs and findings are kept unless somebody says otherwise.

use std::{env, path::PathBuf};

/// The store in `asked`, else in `$ASSAY_STORE`, else in `out/store` under the current folder.
pub(crate) fn store_place(asked: Option<PathBuf>) -> PathBuf {
    let from_environment = || env::var_os("ASSAY_STORE").filter(|place| !place.is_empty()).map(PathBuf::from);
    asked.or_else(from_environment).unwrap_or_else(|| PathBuf::from("out/store"))
}
