//! The only crate that writes artifacts: whole or not at all.
//!
//! Every artifact goes to a temporary name in its own folder, is synced, renamed, and the folder is synced. A
//! reader, or a second Assay, never sees half a file; a crash leaves at most a temporary file behind. The crate
//! does not know what ran or why; it takes values of `assay-spec` and puts them where they belong.
//!
//! A [`Folder`] is a place for the artifacts of one command; [`Bundles`] are folders that are put in place whole. A [`Store`] keeps runs and findings for good: [`Store::record`]
//! shows the order in which that is done, [`BlobKind`] and the folders beside it what lies where.

mod bundle;
mod check;
mod disk;
mod error;
mod export;
mod finding_folder;
mod findings;
mod folder;
mod index;
mod layout;
mod list;
mod lock;
mod new_run;
mod prune;
mod record;
mod repro;
mod seal;
mod settle;
mod shrinks;
mod store;
mod summary;
mod trace_folder;

pub use bundle::{Bundle, Bundles, sealed};
pub use disk::{FaultPlan, Faults, Moment, Step};
pub use error::StoreError;
pub use export::{ExportForm, ExportSchema, Exported, SUMMARY_BYTES_MAX};
pub use finding_folder::FindingFolder;
pub use folder::Folder;
pub use layout::{BLOB_BYTES_MAX, BlobKind, FINDING_FILES_MAX, JSON_BYTES_MAX};
pub use list::RunFilter;
pub use lock::LOCK_WAIT_MAX;
pub use new_run::{NewFinding, NewRun, Recorded, RecordedFinding};
pub use prune::PruneOptions;
pub use seal::SealError;
pub use shrinks::finding_folder_of;
pub use store::{SavedRun, Store};
pub use summary::{COLUMNS, reason};
pub use trace_folder::{MANIFEST_FILE, OUTCOME_FILE, RecordsFormat, TraceArtifacts, write_trace};
