//! What is kept beside materialised zkVM sources, and how snapshots are listed and checked.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    bytes::Digest,
    schema::{SchemaTag, Versioned},
};

/// What a snapshot is of and what was done to it (`assay.snapshot/1`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SnapshotManifest {
    /// `assay.snapshot/1`.
    pub schema: SchemaTag,
    /// The zkVM, such as `openvm`.
    pub zkvm: String,
    /// The snapshot's name among those of the zkVM: an alias of the catalogue, the first 12 hex digits of a commit, or
    /// the version of a published crate.
    pub name: String,
    /// Where its sources come from.
    pub origin: SnapshotOrigin,
    /// What stands beside the sources of a commit: packages that passes edit and that the commit takes from elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dependencies: Vec<SnapshotDependency>,
    /// The family of pass sets that is meant for it; absent where none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// Files and links of the sources as they were materialised.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// SHA-256 of the list of them, `sources.jsonl`.
    pub sources: Digest,
    /// The toolchain that the sources ask for; absent where they ask for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub toolchain: Option<String>,
    /// In what the snapshot is not what its origin says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deviations: Vec<Deviation>,
    /// What patching did; absent while nothing is patched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patch: Option<PatchRecord>,
    /// The last build of its runner; absent where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build: Option<SnapshotBuild>,
}

/// Where sources come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SnapshotOrigin {
    /// A commit of a git repository.
    Git(GitOrigin),
    /// Crates of a registry.
    Crates(Vec<PublishedCrate>),
}

/// A commit that was materialised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GitOrigin {
    /// Its whole id.
    pub commit: String,
    /// The id of its tree. Every object below it was checked against its id.
    pub tree: String,
    /// The folder or URL that it was read from.
    pub repository: String,
}

/// A published crate that was materialised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PublishedCrate {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of its archive, which was checked.
    pub checksum: Digest,
}

/// Sources of packages that a commit takes from elsewhere, as its lockfile says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SnapshotDependency {
    /// Their folder below the sources.
    pub folder: String,
    /// The URL by which the commit names their repository; absent for a published crate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What they are, and where they were read from.
    pub origin: SnapshotOrigin,
}

/// One way in which a snapshot, or its build, is not what its origin says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Deviation {
    /// In what.
    pub kind: DeviationKind,
    /// How, for people.
    pub detail: String,
}

/// In what a snapshot deviates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeviationKind {
    /// A path of the sources is left out.
    ExcludedPath,
    /// A submodule is left out.
    Submodule,
    /// Another toolchain builds it than the one that it asks for.
    Toolchain,
    /// A locked version is another one.
    LockUpdate,
    /// A package is built that the commit's lockfile does not have.
    LockAddition,
    /// A git dependency comes from another place than the one that it names.
    Mirror,
    /// A tag or branch of a mirror is not what the lockfile says; the lockfile holds.
    MovedReference,
    /// Crates come from a folder in place of their registry.
    Vendored,
    /// Features differ.
    Features,
    /// The build profile differs.
    Profile,
}

impl fmt::Display for DeviationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::ExcludedPath => "excluded path",
            Self::Submodule => "submodule",
            Self::Toolchain => "toolchain",
            Self::LockUpdate => "lock update",
            Self::LockAddition => "lock addition",
            Self::Mirror => "mirror",
            Self::MovedReference => "moved reference",
            Self::Vendored => "vendored",
            Self::Features => "features",
            Self::Profile => "profile",
        })
    }
}

/// What the passes of a family did to a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PatchRecord {
    /// The family of the pass set, such as `openvm-2.0`.
    pub family: String,
    /// The passes that are applied, in order.
    pub passes: Vec<AppliedPass>,
    /// Every file that they touch.
    pub files: Vec<TouchedFile>,
}

/// One pass that is applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AppliedPass {
    /// Its name: `infrastructure`, `relax` or `collect`.
    pub name: String,
    /// The ids of its edits, in order.
    pub edits: Vec<String>,
}

/// One file that passes touched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TouchedFile {
    /// Its path below the sources, with `/` between names.
    pub path: String,
    /// SHA-256 before the passes; absent for a file that they made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Digest>,
    /// SHA-256 after them.
    pub after: Digest,
}

/// One build of a snapshot's runner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SnapshotBuild {
    /// What the runner was built from: SHA-256 over sources, patch, template, lockfile and what of Assay it uses.
    pub key: Digest,
    /// What of Assay it was built from: SHA-256 over the template and the crates of the source tree that it uses. Absent of a
    /// build by an Assay that did not look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assay: Option<Digest>,
    /// The template, where it was not the family's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// The state of the sources that it was built from: SHA-256 over them and what passes made of them.
    pub state: Digest,
    /// The compiler, as it names itself.
    pub toolchain: String,
    /// What of the build is not as the sources say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deviations: Vec<Deviation>,
    /// How far it came.
    pub status: SnapshotStatus,
    /// Why no further, where it is blocked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked: Option<String>,
    /// Seconds that the build took.
    pub seconds: f64,
    /// Whether build scripts ran without the network and with most folders read-only, and what was missing of that.
    pub sandbox: String,
}

/// How far a snapshot is known to come on this machine. Nothing is claimed that was not seen here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SnapshotStatus {
    /// Nobody tried.
    Untested,
    /// It was tried and does not build.
    Blocked,
    /// Its runner builds and answers.
    Builds,
    /// It runs a guest and agrees with the reference machine.
    Runs,
    /// It proves a guest, and its verifier accepts.
    Proves,
}

impl fmt::Display for SnapshotStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Untested => "untested",
            Self::Blocked => "blocked",
            Self::Builds => "builds",
            Self::Runs => "runs",
            Self::Proves => "proves",
        })
    }
}

/// One file of a snapshot's sources, a line of `sources.jsonl`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceFile {
    /// Its path below the sources, with `/` between names.
    pub path: String,
    /// What it is.
    pub kind: SourceKind,
    /// Bytes of its content; of a link, of what it names.
    pub bytes: u64,
    /// SHA-256 of the same.
    pub sha256: Digest,
}

/// What an entry of the sources is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// A file.
    File,
    /// A file that may be executed.
    Executable,
    /// A symbolic link to something below the sources.
    Link,
}

/// Snapshots that can be had and that are there (`assay.snapshot_list/1`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SnapshotList {
    /// `assay.snapshot_list/1`.
    pub schema: SchemaTag,
    /// One per entry of the catalogue, then one per snapshot that is in no catalogue.
    pub snapshots: Vec<ListedSnapshot>,
}

/// One snapshot that can be had or is there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListedSnapshot {
    /// The zkVM.
    pub zkvm: String,
    /// Its name.
    pub name: String,
    /// The commit, or the crates, that it is of.
    pub of: String,
    /// The family of pass sets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// What is wrong with the code at this place, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root_cause: Option<String>,
    /// Where it is written down.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    /// Whether its sources are here.
    pub installed: bool,
    /// Whether they are patched.
    pub patched: bool,
    /// How far it is known to come on this machine.
    pub status: SnapshotStatus,
    /// Why no further, where it is blocked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked: Option<String>,
}

/// What checking a snapshot's files found (`assay.snapshot_check/1`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SnapshotCheck {
    /// `assay.snapshot_check/1`.
    pub schema: SchemaTag,
    /// The backend name of the snapshot, such as `openvm@2.0.2`.
    pub snapshot: String,
    /// Files that were looked at.
    pub files: u64,
    /// Files that are not what the manifest says; at most as many as are worth reading.
    pub differences: Vec<SourceDifference>,
}

/// One file that is not what the manifest says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceDifference {
    /// Its path below the sources.
    pub path: String,
    /// In what.
    pub what: String,
}

impl Versioned for SnapshotManifest {
    const NAME: &'static str = "assay.snapshot";
    const MAJOR: u32 = 1;
}

impl Versioned for SnapshotList {
    const NAME: &'static str = "assay.snapshot_list";
    const MAJOR: u32 = 1;
}

impl Versioned for SnapshotCheck {
    const NAME: &'static str = "assay.snapshot_check";
    const MAJOR: u32 = 1;
}

impl SnapshotManifest {
    /// The state of the sources: SHA-256 over them as they were materialised, and over what passes made of them.
    pub fn state(&self) -> Digest {
        let mut text = format!("{}\n", self.sources);
        for file in self.patch.iter().flat_map(|patch| &patch.files) {
            text.extend([&file.after.to_string(), " ", &file.path, "\n"]);
        }
        Digest::of(text.as_bytes())
    }

    /// The last build, where it was of the sources as they are.
    pub fn current_build(&self) -> Option<&SnapshotBuild> {
        self.build.as_ref().filter(|build| build.state == self.state())
    }

    /// The name of the snapshot as a backend, such as `openvm@2.0.2`.
    pub fn backend(&self) -> String {
        format!("{}@{}", self.zkvm, self.name)
    }
}
