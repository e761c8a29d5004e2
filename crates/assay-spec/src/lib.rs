//! Every type that Assay writes to disk or sends across a process border.
//!
//! One home for the words of the product: ids, [`Outcome`], [`Verdict`], trace records, seeds, the runner
//! protocol and the exit codes. The crate knows shapes and their versions and nothing else: it does no I/O,
//! reads no clock and takes no decision about what a value means.
//!
//! Rules that hold for every format: a `schema` field with name and version; a newer minor version is read,
//! a newer major version is refused; no serde `untagged` or `flatten`; bytes are lower-case hex, addresses and
//! words are `0x…` strings, counts are numbers.

pub mod accelerator;
pub mod bucket;
pub mod bug;
pub mod bytes;
pub mod conform;
pub mod description;
pub mod exit;
pub mod finding;
pub mod frame;
pub mod guest_manifest;
pub mod installed_runner;
pub mod known_identity;
pub mod listing;
pub mod outcome;
pub mod platform;
pub mod platform_report;
pub mod protocol;
pub mod receipt;
pub mod registers;
pub mod replay;
pub mod run_id;
pub mod run_log;
pub mod run_record;
pub mod schema;
pub mod seed;
pub mod shrink;
pub mod snapshot;
pub mod store;
pub mod tile;
pub mod tile_kept;
pub mod tile_sequence;
pub mod tile_verification;
pub mod trace;
pub mod verdict;
pub mod verification;

pub use bucket::{BucketCount, BucketHit, BucketList, BucketReport, ImportReport, KnownBug, ListedBucket};
pub use bug::{Bug, BugCheck, BugList, BugReport, CheckedBug, CoreTrigger, ExpectedFinding, Trigger};
pub use bytes::{Digest, HexBytes, Word};
pub use conform::{
    ConformCase, ConformCounts, ConformList, ConformReport, ConformResult, ConformRun, Failed, KnownLimit, ListedCase,
    SkippedCase,
};
pub use description::{Capability, GuestLimits, RunnerDescription};
pub use exit::ExitCode;
pub use finding::{
    Finding, FindingKind, FindingList, FindingState, Identity, InstructionClass, Minimized, OperandClass,
};
pub use guest_manifest::{BuiltFile, GuestBuildReport, GuestList, GuestManifest, ListedField, ListedGuest};
pub use installed_runner::InstalledRunner;
pub use known_identity::KnownIdentity;
pub use listing::{
    BackendDoctorReport, BackendList, Check, CheckResult, DoctorReport, InstallState, ListedBackend, VerbCheck,
};
pub use outcome::{
    BackendId, Cost, Cycles, Elapsed, GuestId, Mode, Outcome, Rejection, RunReport, Status, Trap, TrapKind,
    UnalignedSite, Verification,
};
pub use platform::Platform;
pub use platform_report::{
    AddressRange, DescribedAccelerator, DescribedCall, DescribedLimit, DescribedPlatform, PlatformReport,
};
pub use receipt::{ProofClaims, ProofKind, Receipt, ReceiptFacts, ReceiptHeader, Security};
pub use registers::{Register, RegisterFile};
pub use replay::{ReplayReport, ReplayResult, SeenAgain};
pub use run_id::{FindingId, NotAnId, RunId};
pub use run_log::{Basis, Comparison, NamedOutcome, RunLog, SequencePlace, ThroughReferences};
pub use run_record::{Generator, InputRecord, Provenance, RunFinding, RunLimits, RunRecord, SequenceSource, Source};
pub use seed::{MemoryInit, Seed};
pub use shrink::{ReducibleCase, ShrinkAnswer, ShrinkEnd, ShrinkReport, ShrinkState, ShrinkStep, TestedCase};
pub use snapshot::{
    Deviation, DeviationKind, ListedSnapshot, SnapshotBuild, SnapshotCheck, SnapshotList, SnapshotManifest,
    SnapshotOrigin, SnapshotStatus,
};
pub use store::{
    RowOutcome, RunList, RunRow, SavedInput, StoreCheckReport, StoreDamage, StoreMarker, StorePruneReport, VerdictName,
};
pub use tile::{
    ListedSequence, ListedTile, ProofDevice, TileAbi, TileAnswer, TileBudget, TileFailureKind, TileInput, TileList,
    TileManifest, TilePublish, TileReceipt, TileReport, TileRun, TileShape, proof_cycles,
};
pub use tile_kept::{KeptTile, KeptTiles};
pub use tile_sequence::{
    SequenceLink, SequenceProofReport, SequenceReceipt, SequenceReport, SequenceTile, SequenceTotal, SequenceVerdict,
    SequenceVerification,
};
pub use tile_verification::{
    MadeTileCheck, ProvedClaim, TileCheck, TileProgramBinding, TileProofReport, TileRejection, TileVerdict,
    TileVerification,
};
pub use trace::MicroOp;
pub use verdict::{AlignedInstructions, Divergence, FirstDivergence, Inconclusive, Verdict};
