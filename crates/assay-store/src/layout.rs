//! Where things lie in a store, and how large they may be.
//!
//! ```text
//! store.json            marks the folder as a store
//! summary.csv           a row for each compared pair, appended
//! runs/RUN.json         a run log
//! guests/ inputs/       what was run, named by digest: with a run log, all that it takes to run it again
//! receipts/ traces/     named by digest
//! findings/FINDING/     input.json guest.elf seed.json run_log.json repro.sh report.md finding.json minimized/
//! shrinks/FINDING.json  how far the shrink of a finding got
//! reports/              what `assay report` wrote
//! pending/RUN.json      findings of a run that is being kept, until they are in their folders
//! index.db              derived
//! locks/                what processes lock; their content means nothing
//! ```

use std::path::{Path, PathBuf};

use assay_spec::{Digest, FindingId, RunId};

/// Largest run log, finding or other JSON file, in bytes.
pub const JSON_BYTES_MAX: u64 = 256 << 20;

/// Largest guest, input, receipt or trace that is read whole, in bytes.
pub const BLOB_BYTES_MAX: u64 = 2 << 30;

/// Most files that are read from the folder of a finding.
pub const FINDING_FILES_MAX: usize = 1000;

/// What is named by its digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BlobKind {
    /// An ELF.
    Guest,
    /// Input bytes.
    Input,
    /// A receipt file.
    Receipt,
    /// Trace records.
    Trace,
}

impl BlobKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Guest, Self::Input, Self::Receipt, Self::Trace];

    /// Its folder in a store.
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Guest => "guests",
            Self::Input => "inputs",
            Self::Receipt => "receipts",
            Self::Trace => "traces",
        }
    }
}

/// Paths within a store.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub(crate) root: PathBuf,
}

impl Layout {
    pub(crate) fn marker(&self) -> PathBuf {
        self.root.join("store.json")
    }

    pub(crate) fn summary(&self) -> PathBuf {
        self.root.join("summary.csv")
    }

    pub(crate) fn index(&self) -> PathBuf {
        self.root.join("index.db")
    }

    pub(crate) fn locks(&self) -> PathBuf {
        self.root.join("locks")
    }

    pub(crate) fn store_lock(&self) -> PathBuf {
        self.locks().join("store")
    }

    pub(crate) fn content_lock(&self) -> PathBuf {
        self.locks().join("content")
    }

    pub(crate) fn runs(&self) -> PathBuf {
        self.root.join("runs")
    }

    pub(crate) fn run(&self, run_id: &RunId) -> PathBuf {
        self.runs().join(format!("{run_id}.json"))
    }

    pub(crate) fn pending(&self) -> PathBuf {
        self.root.join("pending")
    }

    pub(crate) fn pending_of(&self, run_id: &RunId) -> PathBuf {
        self.pending().join(format!("{run_id}.json"))
    }

    pub(crate) fn findings(&self) -> PathBuf {
        self.root.join("findings")
    }

    pub(crate) fn finding(&self, finding_id: &FindingId) -> PathBuf {
        self.findings().join(finding_id.as_str())
    }

    pub(crate) fn shrinks(&self) -> PathBuf {
        self.root.join("shrinks")
    }

    pub(crate) fn shrink(&self, finding_id: &FindingId) -> PathBuf {
        self.shrinks().join(format!("{finding_id}.json"))
    }

    pub(crate) fn reports(&self) -> PathBuf {
        self.root.join("reports")
    }

    pub(crate) fn blobs(&self, kind: BlobKind) -> PathBuf {
        self.root.join(kind.folder())
    }

    pub(crate) fn blob(&self, kind: BlobKind, digest: &Digest) -> PathBuf {
        self.blobs(kind).join(digest.to_string())
    }

    /// Every folder of a store.
    pub(crate) fn folders(&self) -> Vec<PathBuf> {
        let mut folders = vec![self.locks(), self.runs(), self.pending(), self.findings(), self.reports()];
        folders.extend(BlobKind::ALL.map(|kind| self.blobs(kind)));
        folders
    }

    /// `path` as people see it: from the store on.
    pub(crate) fn within(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }
}

/// Names of files in the folder of a finding.
pub(crate) mod finding_file {
    pub(crate) const FINDING: &str = "finding.json";
    pub(crate) const RUN_LOG: &str = "run_log.json";
    pub(crate) const INPUT: &str = "input.json";
    pub(crate) const SEED: &str = "seed.json";
    pub(crate) const REPRO: &str = "repro.sh";
    pub(crate) const REPORT: &str = "report.md";
    pub(crate) const MINIMIZED: &str = "minimized";
    /// In the form of `sha256sum`: every file that does not change after the folder was made.
    pub(crate) const DIGESTS: &str = "SHA256SUMS";
}
