//! Findings: what is kept of a divergence, a crash or a soundness violation, once for each bug.

use std::fmt;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Digest, FindingId, RunId,
    schema::{SchemaTag, Versioned},
};

/// A stored, deduplicated finding (`assay.finding/1`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// `assay.finding/1`.
    pub schema: SchemaTag,
    /// Its name: a digest of its identity.
    pub finding_id: FindingId,
    /// What makes two occurrences the same finding.
    pub identity: Identity,
    /// One line for people.
    pub title: String,
    /// What somebody thinks of it.
    pub state: FindingState,
    /// Why it is in that state; required for [`FindingState::FalsePositive`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How often it was seen.
    pub occurrences: u64,
    /// When it was first seen.
    pub first_seen: Timestamp,
    /// When it was last seen.
    pub last_seen: Timestamp,
    /// The run whose guest, input and log lie beside this file.
    pub exemplar: RunId,
    /// The latest runs that showed it, the newest last; at most [`RECENT_RUNS_MAX`].
    pub recent_runs: Vec<RunId>,
    /// The finding that this one turned out to be, if it was merged into another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<FindingId>,
    /// What shrinking came to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimized: Option<Minimized>,
}

/// Most entries of [`Finding::recent_runs`].
pub const RECENT_RUNS_MAX: usize = 32;

/// What makes two occurrences the same finding: not the bytes that triggered it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Identity {
    /// What sort of finding.
    pub kind: FindingKind,
    /// In what they differ, each once, sorted, such as `output` or `register`: at the first instruction that diverges where
    /// that is known, else in the end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differs_in: Vec<String>,
    /// The first instruction that diverges, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instruction: Option<InstructionClass>,
    /// What it was compared with, such as `reference`; absent where nothing was compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<String>,
    /// The backend that it is about.
    pub target: String,
    /// The platform that the target ran on.
    pub platform: String,
    /// The core that does otherwise on one platform than on another, where that is the finding: it, and not a backend, is
    /// at fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub core: Option<String>,
    /// The constraint that should have been violated, or was, for findings about proofs; what the runner died of, without
    /// numbers, for crashes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub constraint: Option<String>,
}

impl Identity {
    /// The digest of the identity: of its JSON, whose fields have one order.
    ///
    /// # Panics
    ///
    /// Never: text, lists and numbers can be encoded.
    pub fn digest(&self) -> Digest {
        Digest::of(&serde_json::to_vec(self).expect("text, lists and numbers can be encoded"))
    }

    /// The name of the finding.
    pub fn finding_id(&self) -> FindingId {
        FindingId::of(self.digest())
    }
}

/// What sort of finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// Two backends that must agree did not.
    Divergence,
    /// The zkVM panicked, where the guest did not.
    Panic,
    /// The runner process died.
    Crash,
    /// A backend did not come to an end where another did.
    Timeout,
    /// A proof of something that did not happen was accepted.
    Soundness,
    /// A run that is as it should be could not be proved, or its proof was rejected.
    Completeness,
}

impl FindingKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Divergence, Self::Panic, Self::Crash, Self::Timeout, Self::Soundness, Self::Completeness];
}

impl fmt::Display for FindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Divergence => "divergence",
            Self::Panic => "panic",
            Self::Crash => "crash",
            Self::Timeout => "timeout",
            Self::Soundness => "soundness",
            Self::Completeness => "completeness",
        })
    }
}

/// An instruction without the values that it happened to have.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct InstructionClass {
    /// Such as `divu`.
    pub mnemonic: String,
    /// Classes of its operands, in the order of the assembly text.
    pub operands: Vec<OperandClass>,
}

/// What an operand is like, as far as it tells bugs apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OperandClass {
    /// x0.
    ZeroRegister,
    /// Another register.
    Register,
    /// A register that an operand before names too.
    SameRegister,
    /// The immediate 0.
    ZeroImmediate,
    /// A positive immediate.
    PositiveImmediate,
    /// A negative immediate.
    NegativeImmediate,
}

impl fmt::Display for OperandClass {
    /// In the words of people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::ZeroRegister => "x0",
            Self::Register => "register",
            Self::SameRegister => "same register",
            Self::ZeroImmediate => "0",
            Self::PositiveImmediate => "positive",
            Self::NegativeImmediate => "negative",
        })
    }
}

impl fmt::Display for InstructionClass {
    /// Such as `divu register, same register, x0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.mnemonic)?;
        for (at, operand) in self.operands.iter().enumerate() {
            write!(f, "{} {operand}", if at == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

/// What somebody thinks of a finding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FindingState {
    /// Nobody has looked.
    #[default]
    New,
    /// It is a bug.
    Confirmed,
    /// It has been shrunk.
    Minimised,
    /// It no longer happens.
    Fixed,
    /// It is no bug, for the reason given.
    FalsePositive,
}

impl FindingState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::New, Self::Confirmed, Self::Minimised, Self::Fixed, Self::FalsePositive];
}

impl fmt::Display for FindingState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::New => "new",
            Self::Confirmed => "confirmed",
            Self::Minimised => "minimised",
            Self::Fixed => "fixed",
            Self::FalsePositive => "false-positive",
        })
    }
}

/// What shrinking came to. The case itself lies in `minimized/` beside the finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Minimized {
    /// Instructions that are left; absent for a core.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instructions: Option<u64>,
    /// Bytes of input that are left.
    pub input_bytes: u64,
    /// How often backends were run for it.
    pub tests: u64,
    /// Whether nothing smaller was found, as opposed to a budget that ran out.
    pub complete: bool,
    /// The sequence in assembly.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disassembly: Vec<String>,
}

impl Versioned for Finding {
    const NAME: &'static str = "assay.finding";
    const MAJOR: u32 = 1;
}

/// Findings (`assay.finding_list/1`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FindingList {
    /// `assay.finding_list/1`.
    pub schema: SchemaTag,
    /// Those that were seen last come first.
    pub findings: Vec<Finding>,
}

impl Versioned for FindingList {
    const NAME: &'static str = "assay.finding_list";
    const MAJOR: u32 = 1;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity() -> Identity {
        Identity {
            kind: FindingKind::Divergence,
            differs_in: vec!["output".into(), "register".into()],
            instruction: Some(InstructionClass {
                mnemonic: "divu".into(),
                operands: vec![OperandClass::Register, OperandClass::SameRegister, OperandClass::ZeroRegister],
            }),
            baseline: Some("reference".into()),
            target: "openvm".into(),
            platform: "openvm".into(),
            core: None,
            constraint: None,
        }
    }

    /// Names of findings are compared across machines and versions: this one must never change.
    #[test]
    fn an_identity_has_the_same_name_for_ever() {
        assert_eq!(identity().finding_id().as_str(), "F3b872d5199848361");
        let other = Identity { target: "sp1".into(), ..identity() };
        assert_ne!(other.finding_id(), identity().finding_id());
    }

    #[test]
    fn states_and_kinds_are_spelled_alike_in_json_and_text() {
        for state in FindingState::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), state.to_string());
        }
        for kind in FindingKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.to_string());
        }
    }
}
