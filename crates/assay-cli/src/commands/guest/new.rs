//! `assay guest new`.

use std::{fs, path::Path};

use assay_guest::{Language, project::is_name, template};
use assay_spec::ExitCode;

use super::{print, write_below};
use crate::{arguments::GuestLanguage, failure::Failure, report::printable};

pub(super) fn run(folder: &Path, language: GuestLanguage) -> Result<ExitCode, Failure> {
    let shown = printable(&folder.display().to_string());
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (language, good) = match language {
        GuestLanguage::Rust => (Language::Rust, template::is_crate_name(&name)),
        GuestLanguage::C => (Language::C, is_name(&name)),
    };
    if !good {
        return Err(Failure::usage(format!("{} is no name for a guest", printable(&name)))
            .help("letters, digits, _ and -, beginning with a letter, and no word of Rust's own"));
    }
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Failure::usage(format!("{shown} is not empty")).help("choose another folder; nothing was changed"));
    }
    for (file, bytes) in template::files(&name, language) {
        write_below(folder, &file, &bytes).map_err(|error| {
            Failure::new(ExitCode::RecordingFailed, format!("{shown} could not be made")).because(error)
        })?;
    }
    // A name alone could be that of a guest that comes with Assay.
    let path = if folder.is_absolute() || shown.starts_with('.') { shown.clone() } else { format!("./{shown}") };
    print(&format!(
        "{shown} is a guest. Try it, and build it for every platform:\n\n    \
         assay diff --core {path} --input-hex 68656c6c6f -b native -b reference\n    \
         assay guest build {path} --out {path}/out\n"
    ))?;
    Ok(ExitCode::Ok)
}
