//! Why a store did not do what was asked.

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use assay_spec::{Digest, FindingId, RunId, schema::ReadError};

use crate::{disk::Step, seal::SealError};

/// What helps besides another folder, up to that.
fn or_choose(reason: &io::Error) -> &'static str {
    match reason.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "free space or choose ",
        io::ErrorKind::PermissionDenied => "make it yours to write or choose ",
        _ => "choose ",
    }
}

/// Why an artifact was not written, or not read. What stood there before still stands there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file system.
    #[error("could not {what} {}: {source}; {}another folder with --out", path.display(), or_choose(source))]
    Io {
        /// What was being done.
        what: &'static str,
        /// To what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file system, under a store.
    #[error("could not {step} {}: {source}; {}another folder with --store", path.display(), or_choose(source))]
    Write {
        /// What was being done.
        step: Step,
        /// To what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Something that is there could not be read.
    #[error("could not read {}: {source}", path.display())]
    Read {
        /// What.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The content could not be read or encoded.
    #[error("could not encode {}: {source}", path.display())]
    Encode {
        /// The artifact.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
    /// The trace records could not be read or written.
    #[error("could not keep the trace {}: {source}", path.display())]
    Trace {
        /// The artifact.
        path: PathBuf,
        /// Why.
        source: assay_trace::TraceError,
    },
    /// Nothing is there.
    #[error("there is no store {} yet: the first run that is kept makes it; name another with --store", .0.display())]
    NoStore(PathBuf),
    /// The folder is no store.
    #[error("{} is not a store: it has no store.json; name the folder with --store", .0.display())]
    NotAStore(PathBuf),
    /// There is no store and none may be made there.
    #[error("{} is not empty and not a store; choose another folder with --store", .0.display())]
    NotEmpty(PathBuf),
    /// The store may be read only.
    #[error("the store {} is open for reading only: {why}", path.display())]
    ReadOnly {
        /// The store.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// Another process held the lock too long.
    #[error("the store {} was busy for {} s; try again when the other Assay is done", path.display(), waited.as_secs())]
    Busy {
        /// The lock.
        path: PathBuf,
        /// How long it was waited for.
        waited: Duration,
    },
    /// A file is larger than anything that a store writes.
    #[error("{} has more than {bytes_max} bytes; the store does not hold files of that size", path.display())]
    TooLarge {
        /// Which.
        path: PathBuf,
        /// The limit.
        bytes_max: u64,
    },
    /// A file does not have the checksum that it was written with.
    #[error("{} is damaged: {source}", path.display())]
    Damaged {
        /// Which.
        path: PathBuf,
        /// In which way.
        source: SealError,
    },
    /// A file has its checksum and cannot be understood.
    #[error("{}: {source}", path.display())]
    Format {
        /// Which.
        path: PathBuf,
        /// Why.
        source: ReadError,
    },
    /// A guest, an input, a receipt or a trace is not what its name says.
    #[error("{} is damaged: its SHA-256 is {found}", path.display())]
    WrongDigest {
        /// Which; its name is the digest that it should have.
        path: PathBuf,
        /// What it has.
        found: Digest,
    },
    /// Something in a finding's folder or a run log does not fit the rest.
    #[error("{} is damaged: {why}", path.display())]
    Inconsistent {
        /// Which.
        path: PathBuf,
        /// In which way.
        why: String,
    },
    /// A run whose guest was neither given nor is in the store could not be run again.
    #[error("the run cannot be kept: the guest of {outcome} ({digest}) was not given; this is a bug of Assay")]
    GuestMissing {
        /// Name of the outcome.
        outcome: String,
        /// Which guest.
        digest: Digest,
    },
    /// The input that was given is not the one that the log is about.
    #[error(
        "the run cannot be kept: its input has the SHA-256 {found} and its log says {expected}; this is a bug of Assay"
    )]
    OtherInput {
        /// What the log says.
        expected: Digest,
        /// What was given.
        found: Digest,
    },
    /// A finding names a comparison that the log does not have.
    #[error(
        "the run cannot be kept: a finding is about comparison {comparison}, and there are {comparisons}; this is a bug of Assay"
    )]
    NoSuchComparison {
        /// Which.
        comparison: usize,
        /// How many there are.
        comparisons: usize,
    },
    /// The run is kept; its row in `summary.csv`, its findings or its place in the index are not. The next that opens the
    /// store completes them.
    #[error(
        "the run {run_id} is kept, its findings and its row in summary.csv come when the store is opened next: {source}"
    )]
    Unsettled {
        /// The run.
        run_id: RunId,
        /// Why.
        source: Box<StoreError>,
    },
    /// No such run.
    #[error("there is no run {run_id} in {}; see: assay store list", store.display())]
    NoSuchRun {
        /// Which.
        run_id: RunId,
        /// The store.
        store: PathBuf,
    },
    /// No such finding.
    #[error("there is no finding {finding_id} in {}; see: assay findings list", store.display())]
    NoSuchFinding {
        /// Which.
        finding_id: FindingId,
        /// The store.
        store: PathBuf,
    },
    /// A finding is a false positive only for a reason.
    #[error("say why {0} is no bug, with --reason")]
    ReasonMissing(FindingId),
    /// A finding cannot be merged into itself, be it by way of others.
    #[error("{from} cannot be merged into {}", if from == into { "itself".to_owned() } else { format!("{into}, which was merged into {from}") })]
    MergedInCircle {
        /// Which.
        from: FindingId,
        /// Into which.
        into: FindingId,
    },
    /// A name within `minimized/` that is not a plain file name.
    #[error("{0:?} cannot be the name of a file in minimized/")]
    BadFileName(String),
    /// The index.
    #[error("the index {}: {source}; rebuild it: assay store rebuild", path.display())]
    Index {
        /// Where it is.
        path: PathBuf,
        /// What `SQLite` said.
        source: rusqlite::Error,
    },
    /// The index is damaged, and was again after it had been made anew.
    #[error("the index {} cannot be used; remove it and rebuild it: assay store rebuild", .0.display())]
    IndexLost(PathBuf),
    /// Rows could not be written where they were to go.
    #[error("could not write the rows: {0}")]
    Export(io::Error),
    /// `summary.csv` does not begin as this version writes it.
    #[error("{} does not begin with the columns of a summary; the file was left alone: move it away to go on", .0.display())]
    OtherHeader(PathBuf),
}

impl StoreError {
    pub(crate) fn io(step: Step, path: &Path, source: io::Error) -> Self {
        Self::Write { step, path: path.to_owned(), source }
    }

    pub(crate) fn read(path: &Path, source: io::Error) -> Self {
        Self::Read { path: path.to_owned(), source }
    }

    pub(crate) fn inconsistent(path: &Path, why: impl Into<String>) -> Self {
        Self::Inconsistent { path: path.to_owned(), why: why.into() }
    }

    /// Whether a name was already taken.
    pub(crate) fn is_taken(&self) -> bool {
        matches!(self, Self::Write { source, .. } if source.kind() == io::ErrorKind::AlreadyExists)
    }

    /// Whether it says that something in the store is not as it was written, as opposed to trouble with getting at it.
    pub fn is_damage(&self) -> bool {
        matches!(
            self,
            Self::Damaged { .. }
                | Self::Format { .. }
                | Self::WrongDigest { .. }
                | Self::Inconsistent { .. }
                | Self::TooLarge { .. }
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_helps_depends_on_what_the_system_said() {
        let said = |kind: io::ErrorKind| {
            let path = PathBuf::from("out");
            StoreError::Io { what: "make", path, source: kind.into() }.to_string()
        };
        assert!(said(io::ErrorKind::StorageFull).ends_with("; free space or choose another folder with --out"));
        assert!(said(io::ErrorKind::PermissionDenied).contains("; make it yours to write or choose another folder"));
        assert!(said(io::ErrorKind::ReadOnlyFilesystem).ends_with("; choose another folder with --out"));
    }
}
