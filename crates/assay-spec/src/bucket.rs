//! Buckets as scripts see them: the catalogue, and what a trace hit.
//!
//! `bucket_hits.json` is a plain JSON array of [`BucketHit`]; what is asked for with `--format json` has a schema.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::schema::{SchemaTag, Versioned};

/// A place in a trace where a bucket matches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BucketHit {
    /// Id of the bucket.
    pub bucket: String,
    /// The instruction that it belongs to; absent where the records belong to no single one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u64>,
    /// Positions of the records that it was seen in: the instruction, its rows, their messages.
    pub seq: Vec<u64>,
    /// For people. Never part of the signature.
    pub details: BTreeMap<String, String>,
}

/// How often a bucket was hit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BucketCount {
    /// Its id.
    pub bucket: String,
    /// Hits, all of one step being one.
    pub hits: u64,
    /// Hits that were kept: there is a cap.
    pub hits_kept: u64,
}

/// What a trace hit (`assay.bucket_report/1`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BucketReport {
    /// `assay.bucket_report/1`.
    pub schema: SchemaTag,
    /// Ids of the buckets that were hit, sorted, joined by `;`.
    pub signature: String,
    /// Input signals that were seen.
    pub signals: Vec<String>,
    /// Records of the trace.
    pub records: u64,
    /// The buckets that were hit, by id.
    pub buckets: Vec<BucketCount>,
    /// The hits that were kept, in the order of the trace.
    pub hits: Vec<BucketHit>,
}

impl Versioned for BucketReport {
    const NAME: &'static str = "assay.bucket_report";
    const MAJOR: u32 = 1;
}

/// Every bucket (`assay.bucket_list/1`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BucketList {
    /// `assay.bucket_list/1`.
    pub schema: SchemaTag,
    /// In the order of the catalogue.
    pub buckets: Vec<ListedBucket>,
    /// Names of the input signals, which are no buckets.
    pub signals: Vec<String>,
}

impl Versioned for BucketList {
    const NAME: &'static str = "assay.bucket_list";
    const MAJOR: u32 = 1;
}

/// A bucket of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListedBucket {
    /// Stable for ever.
    pub id: String,
    /// What sort of circuit logic it is about.
    pub category: String,
    /// What it matches.
    pub matches: String,
    /// Backends whose traces hold what it needs.
    pub backends: Vec<String>,
    /// Public bugs of that territory.
    pub bugs: Vec<KnownBug>,
    /// Assembly that reaches it.
    pub example: String,
}

/// A public bug.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KnownBug {
    /// Which zkVM, and what was wrong.
    pub what: String,
    /// Where that is said.
    pub reference: String,
}

/// What an import made of a log (`assay.trace_import/1`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImportReport {
    /// `assay.trace_import/1`.
    pub schema: SchemaTag,
    /// Instruction records.
    pub instructions: u64,
    /// Chip-row records.
    pub chip_rows: u64,
    /// Interaction records.
    pub interactions: u64,
    /// Records of the log that could not be read.
    pub skipped: u64,
    /// Why, by how often.
    pub reasons: BTreeMap<String, u64>,
    /// Where the records are.
    pub records_file: String,
}

impl Versioned for ImportReport {
    const NAME: &'static str = "assay.trace_import";
    const MAJOR: u32 = 1;
}
