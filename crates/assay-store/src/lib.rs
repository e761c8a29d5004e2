//! The only crate that writes artifacts: whole or not at all.
//!
//! Every artifact goes to a temporary name in its own folder, is synced, renamed, and the folder is synced. A
//! reader, or a second Assay, never sees half a file; a crash leaves at most a temporary file behind. The crate
//! does not know what ran or why; it takes values of `assay-spec` and puts them where they belong.

mod folder;
mod trace_folder;

pub use folder::{Folder, StoreError};
pub use trace_folder::{MANIFEST_FILE, OUTCOME_FILE, RecordsFormat, TraceArtifacts, write_trace};
