//! What `guest new` and `tile new` share: a folder that was not there, or empty, filled.

use std::{collections::BTreeMap, fs, path::Path};

use assay_spec::ExitCode;
use assay_store::{Folder, StoreError};

use crate::{failure::Failure, report::printable};

/// A folder that is to be made.
pub(super) struct NewFolder<'a> {
    folder: &'a Path,
    /// The last part of its path.
    pub(super) name: String,
    /// Its path, for messages.
    pub(super) shown: String,
}

impl<'a> NewFolder<'a> {
    pub(super) fn at(folder: &'a Path) -> Self {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Self { folder, name, shown: printable(&folder.display().to_string()) }
    }

    /// `what` cannot have this name.
    pub(super) fn bad_name(&self, what: &str) -> Failure {
        Failure::usage(format!("{} is no name for {what}", printable(&self.name)))
            .help("letters, digits, _ and -, beginning with a letter, and no word of Rust's own")
    }

    /// Fills it: content by path, with `/` between names.
    pub(super) fn fill(&self, files: &BTreeMap<String, Vec<u8>>) -> Result<(), Failure> {
        if fs::read_dir(self.folder).is_ok_and(|mut entries| entries.next().is_some()) {
            return Err(Failure::usage(format!("{} is not empty", self.shown))
                .help("choose another folder; nothing was changed"));
        }
        for (file, bytes) in files {
            write_below(self.folder, file, bytes).map_err(|error| {
                Failure::new(ExitCode::RecordingFailed, format!("{} could not be made", self.shown)).because(error)
            })?;
        }
        Ok(())
    }

    /// How commands are to name it: a name alone could be that of something that comes with Assay.
    pub(super) fn path(&self) -> String {
        if self.folder.is_absolute() || self.shown.starts_with('.') {
            self.shown.clone()
        } else {
            format!("./{}", self.shown)
        }
    }
}

/// Writes the artifact `file`, in folders below `folder` that are made where there are none.
pub(super) fn write_below(folder: &Path, file: &str, bytes: &[u8]) -> Result<(), StoreError> {
    let (inner, name) = file.rsplit_once('/').map_or((None, file), |(inner, name)| (Some(inner), name));
    let folder = inner.map_or_else(|| folder.to_owned(), |inner| folder.join(inner));
    Folder::create(folder)?.write(name, bytes).map(drop)
}
