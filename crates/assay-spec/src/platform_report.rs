//! What `assay platform show` says: each platform's memory, calls and limits, and how guests get at accelerators.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    bytes::Word,
    platform::Platform,
    schema::{SchemaTag, Versioned},
};

/// Platforms and accelerators (`assay.platforms/1`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlatformReport {
    /// `assay.platforms/1`.
    pub schema: SchemaTag,
    /// The platforms that were asked for.
    pub platforms: Vec<DescribedPlatform>,
    /// The 19 functions of the standard C interface, in the order of its header.
    pub accelerators: Vec<DescribedAccelerator>,
}

impl Versioned for PlatformReport {
    const NAME: &'static str = "assay.platforms";
    const MAJOR: u32 = 1;
}

/// A platform, as the reference machine has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DescribedPlatform {
    /// Which.
    pub platform: Platform,
    /// The ISAs of its guests, one per width of registers.
    pub isas: Vec<String>,
    /// What a guest may access.
    pub memory: Vec<AddressRange>,
    /// Its calls, in the order of their numbers.
    pub calls: Vec<DescribedCall>,
    /// How a guest ends with an exit code.
    pub exit: String,
    /// What it has not without end.
    pub limits: Vec<DescribedLimit>,
}

/// A range of addresses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AddressRange {
    /// The first.
    pub first: Word,
    /// The last; absent where the input's size decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Word>,
    /// What is there, and what a guest may do with it.
    pub what: String,
}

/// A call of a platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DescribedCall {
    /// Its number; absent for an instruction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<Word>,
    /// What the platform calls it.
    pub name: String,
    /// Whether the reference machine carries it out.
    pub supported: bool,
}

/// A limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DescribedLimit {
    /// Of what, with its unit.
    pub what: String,
    /// The most.
    pub most: u64,
}

/// One of the 19 functions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DescribedAccelerator {
    /// Its name without `zkvm_`.
    pub name: String,
    /// What t0 holds for it on the platform `standard`.
    pub selector: Word,
    /// In C.
    pub declaration: String,
    /// What is valid, and what comes of what is not.
    pub rule: String,
    /// Where the rule stands.
    pub source: String,
    /// How guests get it done, by platform: an ecall of the reference machine, calls of the zkVM, or guest code.
    pub means: BTreeMap<String, String>,
}
