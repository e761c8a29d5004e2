//! What a kept run is besides what it showed: its name, and all that it takes to run it again.

use std::fmt;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{FindingId, Register, RunId, Seed, Word};

/// What a kept run is besides what it showed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunRecord {
    /// Its name.
    pub run_id: RunId,
    /// When it was kept.
    pub recorded_at: Timestamp,
    /// Version of Assay that ran it.
    pub assay_version: String,
    /// `rustc --version` of what built that Assay, such as `rustc 1.95.0 (…)`.
    pub rustc_version: String,
    /// What was run. The guests that were made of it are kept too, by the digests in the outcomes.
    pub source: Source,
    /// What the input was.
    pub input: InputRecord,
    /// The backends as they were asked for, such as `sp1` or `reference@sp1`, in that order.
    pub backends: Vec<String>,
    /// How far each run could go.
    pub limits: RunLimits,
    /// Faults that were planted on purpose in a reference machine.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub planted_faults: Vec<String>,
    /// Where the guest and its input came from.
    pub provenance: Provenance,
    /// The findings that it showed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<RunFinding>,
}

/// A finding that a run showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RunFinding {
    /// Position of the comparison in the run log, from 0.
    pub comparison: usize,
    /// The finding, by the identity that this run showed; it may have been merged into another since.
    pub finding_id: FindingId,
}

/// What was run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", content = "detail", rename_all = "snake_case")]
pub enum Source {
    /// A guest that is written once and built for each platform.
    Core {
        /// Its name.
        name: String,
    },
    /// An instruction sequence, which became a guest for each platform.
    Sequence(Box<SequenceSource>),
    /// An ELF for one platform.
    Elf {
        /// Name of the file.
        name: String,
        /// Instruction set that was asked for in place of the platform's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        isa: Option<String>,
    },
}

impl Source {
    /// What people call it.
    pub fn name(&self) -> &str {
        match self {
            Self::Core { name } | Self::Elf { name, .. } => name,
            Self::Sequence(sequence) => &sequence.name,
        }
    }
}

/// An instruction sequence and how its harness was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SequenceSource {
    /// What people call it: a file name, or `asm`.
    pub name: String,
    /// The sequence as the baseline ran it, with the registers and memory that it started from.
    pub seed: Seed,
    /// Instruction set that was asked for in place of the platform's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub isa: Option<String>,
    /// The register whose final value is not reported.
    pub scratch: Register,
    /// Whether only safe registers were allowed.
    #[serde(default)]
    pub safe_registers: bool,
}

/// What an input was. Its bytes are kept by their digest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InputRecord {
    /// What people call it: a file name, `hex`, or `none`.
    pub name: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// The fields that the bytes are the encoding of, for a core.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub json: Option<serde_json::Value>,
}

/// How far a run could go, and where its input was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RunLimits {
    /// Wall time, in milliseconds.
    pub timeout_ms: u64,
    /// Instructions.
    pub max_steps: u64,
    /// Memory, in bytes.
    pub memory_limit_bytes: u64,
    /// Where the reference machine had the input of guests for `standard`, if not at its default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_base: Option<Word>,
}

/// Where a guest and its input came from: columns of `summary.csv`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Provenance {
    /// Who made it.
    pub generator: Generator,
    /// The seed that it was mutated from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_seed: Option<String>,
    /// What was done to that seed, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mutation_ops: Vec<String>,
    /// The seed of the random numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rng_seed: Option<u64>,
}

/// Who made a guest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Generator {
    /// A person.
    #[default]
    HandWritten,
    /// A mutator, from a seed.
    Mutated,
    /// A generator, from nothing.
    Generated,
    /// `RustSmith`, the generator of Rust programs.
    Rustsmith,
    /// A corpus.
    Corpus,
}

impl fmt::Display for Generator {
    /// As in `summary.csv`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::HandWritten => "hand_written",
            Self::Mutated => "mutated",
            Self::Generated => "generated",
            Self::Rustsmith => "rustsmith",
            Self::Corpus => "corpus",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generators_are_spelled_alike_in_json_and_csv() {
        for generator in
            [Generator::HandWritten, Generator::Mutated, Generator::Generated, Generator::Rustsmith, Generator::Corpus]
        {
            assert_eq!(serde_json::to_value(generator).unwrap(), generator.to_string());
        }
    }
}
