//! `assay guest new`.

use std::path::Path;

use assay_guest::{Language, project::is_name, template};
use assay_spec::ExitCode;

use super::{super::new_folder::NewFolder, print};
use crate::{arguments::GuestLanguage, failure::Failure};

pub(super) fn run(folder: &Path, language: GuestLanguage) -> Result<ExitCode, Failure> {
    let new = NewFolder::at(folder);
    let (language, good) = match language {
        GuestLanguage::Rust => (Language::Rust, template::is_crate_name(&new.name)),
        GuestLanguage::C => (Language::C, is_name(&new.name)),
    };
    if !good {
        return Err(new.bad_name("a guest"));
    }
    new.fill(&template::files(&new.name, language))?;
    let path = new.path();
    print(&format!(
        "{} is a guest. Try it, and build it for every platform:\n\n    \
         assay diff --core {path} --input-hex 68656c6c6f -b native -b reference\n    \
         assay guest build {path} --out {path}/out\n",
        new.shown
    ))?;
    Ok(ExitCode::Ok)
}
