//! Shrinks of findings: how far each got, and the smallest case as a folder of its own.

use std::path::PathBuf;

use assay_spec::{FindingId, ShrinkState};

use crate::{
    NewRun, Store, StoreError,
    disk::{names_in, read_file},
    layout::{BLOB_BYTES_MAX, finding_file},
    seal::{read_sealed, sealed},
};

impl Store {
    /// How far a shrink of that finding got; `None` if there was none.
    pub fn shrink_state(&self, finding_id: &FindingId) -> Result<Option<ShrinkState>, StoreError> {
        let path = self.layout.shrink(finding_id);
        if path.exists() { read_sealed(&path).map(Some) } else { Ok(None) }
    }

    /// Keeps how far a shrink of that finding got, in place of what was kept before.
    pub fn put_shrink_state(&self, finding_id: &FindingId, state: &ShrinkState) -> Result<(), StoreError> {
        self.writable()?;
        let path = self.layout.shrink(finding_id);
        let bytes = sealed(&path, state)?;
        let _lock = self.lock_store()?;
        self.disk.make_folder(&self.layout.shrinks())?;
        self.disk.replace(&path, &bytes)
    }

    /// Where the smallest case of that finding is, or would be.
    pub fn minimized_path(&self, finding_id: &FindingId) -> PathBuf {
        self.layout.finding(finding_id).join(finding_file::MINIMIZED)
    }
}

/// The files (name and bytes) of the folder that a store would make for the first finding of `run`: guests, input, log,
/// script and report, all that it takes to show the finding again. Nothing is kept by this.
pub fn finding_folder_of(run: NewRun<'_>) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
    let temporary = tempfile::Builder::new().prefix("assay-finding-").tempdir().map_err(|source| StoreError::Io {
        what: "make a folder in",
        path: std::env::temp_dir(),
        source,
    })?;
    let recorded = Store::open(temporary.path())?.record(run)?;
    let Some(finding) = recorded.findings.first() else { return Ok(Vec::new()) };
    let own = [finding_file::DIGESTS, finding_file::MINIMIZED];
    let names = names_in(&finding.folder)?.into_iter().filter(|name| !own.contains(&name.as_str()));
    names
        .map(|name| {
            let bytes = read_file(&finding.folder.join(&name), BLOB_BYTES_MAX)?;
            Ok((name, bytes))
        })
        .collect()
}
