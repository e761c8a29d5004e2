//! `assay tile new`.

use std::path::Path;

use assay_guest::template;
use assay_spec::ExitCode;

use super::super::{new_folder::NewFolder, print};
use crate::failure::Failure;

pub(super) fn run(folder: &Path) -> Result<ExitCode, Failure> {
    let new = NewFolder::at(folder);
    if !template::is_crate_name(&new.name) {
        return Err(new.bad_name("a crate of tiles"));
    }
    new.fill(&template::tile_files(&new.name))?;
    let path = new.path();
    print(&format!(
        "{} is a crate of tiles. Its functions are in src/lib.rs. Try one, and see what it costs:\n\n    \
         assay tile list --path {path}\n    \
         assay tile preview double --path {path} --input-json 21 -b risc0\n    \
         assay sequence preview quadruple --path {path} --input-json 5\n",
        new.shown
    ))?;
    Ok(ExitCode::Ok)
}
