//! What one backend did with one guest and one input.

use std::{collections::BTreeMap, fmt};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    bytes::{Digest, HexBytes, Word},
    platform::Platform,
    receipt::{Check, ProofClaims, ReceiptFacts},
    registers::RegisterFile,
    schema::{SchemaTag, Versioned},
};

/// What one backend did (`assay.outcome/1`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Outcome {
    /// `assay.outcome/1`.
    pub schema: SchemaTag,
    /// What ran the guest.
    pub backend: BackendId,
    /// What was run.
    pub guest: GuestId,
    /// SHA-256 of the input bytes.
    pub input_digest: Digest,
    /// How it was run.
    pub mode: Mode,
    /// What the run reported.
    pub run: RunReport,
    /// Wall times around the run.
    pub elapsed: Elapsed,
    /// The receipt of the run, for [`Mode::Prove`] and a run that could be proved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<ReceiptFacts>,
    /// Whether a proof of this run was verified; never a bare bool.
    pub verification: Verification,
}

impl Versioned for Outcome {
    const NAME: &'static str = "assay.outcome";
    const MAJOR: u32 = 1;
}

/// What the executor itself says of a run: the part of an [`Outcome`] that comes from inside a backend.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunReport {
    /// How the run ended.
    pub status: Status,
    /// The guest's exit code, where it came to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<u32>,
    /// Where and why the hart stopped, for [`Status::Trap`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trap: Option<Trap>,
    /// Guest panic text or the executor's own error, capped at [`MESSAGE_BYTES_MAX`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Of a run that was to be proved: why there is no proof though it came to an end. The zkVM's prover does not take the
    /// witness, or made a proof that its own verifier rejects. Capped at [`MESSAGE_BYTES_MAX`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    /// The guest's public bytes.
    pub output: HexBytes,
    /// Final registers, as far as they were observed: those that a harness reported, without its scratch register, else
    /// those of the hart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registers: Option<RegisterFile>,
    /// Retired guest instructions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instructions: Option<u64>,
    /// Cycles in the zkVM's own sense of the word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cycles: Option<Cycles>,
    /// Loads and stores whose address was not a multiple of their size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unaligned_accesses: Option<u64>,
    /// The instructions that made them, by address, where that was asked for; at most 4096 of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unaligned_sites: Option<Vec<UnalignedSite>>,
    /// The zkVM's own cost metrics.
    #[serde(default)]
    pub cost: Cost,
    /// Bytes that the guest printed for people (not public output), capped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guest_log: Option<String>,
    /// Greatest resident size of the process that ran the guest, in bytes, where it was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_memory_bytes: Option<u64>,
    /// Time that the executor itself took, without loading and talking, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub execute_ms: Option<f64>,
}

/// Longest [`RunReport::message`], in bytes.
pub const MESSAGE_BYTES_MAX: usize = 16 * 1024;

impl RunReport {
    /// A report with `status` and nothing else observed.
    pub fn new(status: Status) -> Self {
        Self {
            status,
            exit_code: None,
            trap: None,
            message: None,
            refusal: None,
            output: HexBytes::default(),
            registers: None,
            instructions: None,
            cycles: None,
            unaligned_accesses: None,
            unaligned_sites: None,
            cost: Cost::default(),
            guest_log: None,
            peak_memory_bytes: None,
            execute_ms: None,
        }
    }

    /// The same with a message, cut at [`MESSAGE_BYTES_MAX`] on a character border.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(cut(message.into()));
        self
    }

    /// The same of a run that the zkVM's prover refuses for this reason, cut like a message.
    #[must_use]
    pub fn refused(mut self, reason: impl Into<String>) -> Self {
        self.refusal = Some(cut(reason.into()));
        self
    }
}

/// `text`, cut at [`MESSAGE_BYTES_MAX`] on a character border.
fn cut(mut text: String) -> String {
    /// Counts into the limit.
    const CUT: char = '…';
    if text.len() > MESSAGE_BYTES_MAX {
        text.truncate(text.floor_char_boundary(MESSAGE_BYTES_MAX - CUT.len_utf8()));
        text.push(CUT);
    }
    text
}

/// What ran a guest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BackendId {
    /// Such as `reference` or `openvm`.
    pub name: String,
    /// Version of the zkVM's SDK, or of Assay for its own backends.
    pub version: String,
    /// The platform that the guest saw.
    pub platform: Platform,
    /// Such as `rv32im`.
    pub isa: String,
}

impl fmt::Display for BackendId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} {}", self.name, self.version))
    }
}

/// What was run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GuestId {
    /// SHA-256 of the ELF.
    pub digest: Digest,
    /// The backend's own commitment to the program, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_id: Option<String>,
    /// What people call it: a file name, or `seed`.
    pub name: String,
}

/// How a guest was run. Verification is a separate act with its own result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Executed, without a proof.
    Execute,
    /// Executed and proved.
    Prove,
}

/// How a run ended. Spelled the same in JSON, CSV, reports and the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Status {
    /// The guest halted with exit code 0.
    Ok,
    /// The guest halted with another exit code.
    Failed,
    /// The guest panicked.
    Panic,
    /// The hart stopped on something that the platform does not allow.
    Trap,
    /// The wall limit or the step limit was reached.
    Timeout,
    /// The memory limit was reached.
    OutOfMemory,
    /// The output limit was reached.
    OutputLimit,
    /// The runner process died.
    RunnerCrash,
    /// The runner process did not keep the protocol.
    ProtocolError,
    /// The backend does not support this guest.
    Unsupported,
}

impl Status {
    /// Every status, in the order in which they are shown.
    pub const ALL: [Self; 10] = [
        Self::Ok,
        Self::Failed,
        Self::Panic,
        Self::Trap,
        Self::Timeout,
        Self::OutOfMemory,
        Self::OutputLimit,
        Self::RunnerCrash,
        Self::ProtocolError,
        Self::Unsupported,
    ];

    /// Whether the guest itself came to this end, as opposed to a limit or the machinery around it.
    pub fn is_guest_verdict(self) -> bool {
        matches!(self, Self::Ok | Self::Failed | Self::Panic | Self::Trap)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{self:?}"))
    }
}

/// Where and why a hart stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Trap {
    /// Why.
    pub kind: TrapKind,
    /// Address of the instruction.
    pub pc: Word,
    /// Address that was accessed, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Word>,
}

/// Why a hart stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TrapKind {
    /// The word at pc is not an instruction of the machine's ISA.
    IllegalInstruction,
    /// A known instruction that the machine does not implement, such as a CSR read.
    UnsupportedInstruction,
    /// A jump to an address that is not a multiple of four.
    MisalignedFetch,
    /// pc is not in executable memory.
    FetchFault,
    /// A load from unmapped or unreadable memory.
    LoadFault,
    /// A store to unmapped or read-only memory.
    StoreFault,
    /// A misaligned access on a platform that has none, or a misaligned atomic.
    MisalignedAccess,
    /// EBREAK.
    Breakpoint,
    /// A call number that the platform does not have.
    UnknownCall,
    /// A call that the platform had once (standard: 0xF0, 0xF1; use `read_input`).
    RetiredCall,
    /// A call with an argument that the platform does not accept.
    BadCallArgument,
    /// The guest asked for more input than there is.
    InputExhausted,
    /// The zkVM's executor refused to go on for a reason of its own; see the message.
    Executor,
}

impl fmt::Display for TrapKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::IllegalInstruction => "illegal instruction",
            Self::UnsupportedInstruction => "unsupported instruction",
            Self::MisalignedFetch => "misaligned fetch",
            Self::FetchFault => "fetch fault",
            Self::LoadFault => "load fault",
            Self::StoreFault => "store fault",
            Self::MisalignedAccess => "misaligned access",
            Self::Breakpoint => "breakpoint",
            Self::UnknownCall => "unknown call",
            Self::RetiredCall => "retired call",
            Self::BadCallArgument => "bad call argument",
            Self::InputExhausted => "input exhausted",
            Self::Executor => "executor error",
        })
    }
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at pc {}", self.kind, self.pc)?;
        match self.address {
            Some(address) => write!(f, ", address {address}"),
            None => Ok(()),
        }
    }
}

/// An instruction that made misaligned accesses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnalignedSite {
    /// Address of the instruction.
    pub pc: Word,
    /// How many it made.
    pub accesses: u64,
}

/// Cycles as the zkVM counts them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Cycles {
    /// All of them.
    pub total: u64,
    /// Per segment or shard, in order, where the zkVM splits a run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_segment: Vec<u64>,
}

/// Cost metrics, each in the unit of the zkVM that gave it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Cost {
    /// RISC Zero: total proof cycles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof_cycles: Option<u64>,
    /// RISC Zero: binary logarithm of the rows of each segment, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub risc0_segment_po2: Vec<u32>,
    /// SP1: gas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sp1_gas: Option<u64>,
    /// OpenVM: trace cells by its metered cost interpreter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub openvm_cells: Option<u64>,
    /// OpenVM: rows of each AIR's trace, by the AIR's name, added up over the segments and before padding.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub openvm_trace_heights: BTreeMap<String, u64>,
    /// Segments (RISC Zero, OpenVM) or shards (SP1) that the run splits into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segments: Option<u64>,
}

/// Wall times in milliseconds, as seen from outside of the backend.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Elapsed {
    /// From the request to its answer.
    pub execute_ms: f64,
    /// Time for the proof.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prove_ms: Option<f64>,
    /// Time for its verification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verify_ms: Option<f64>,
}

/// Whether a proof was verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "result", content = "detail", rename_all = "snake_case")]
pub enum Verification {
    /// Nobody asked.
    NotRequested,
    /// It verified, with these claims.
    Verified(ProofClaims),
    /// It did not.
    Rejected(Rejection),
}

/// Why a receipt was rejected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Rejection {
    /// The check that failed; those after it were not made.
    pub check: Check,
    /// What the check, or the zkVM's verifier, said.
    pub error: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_message_is_cut_on_a_character_border_and_within_its_limit() {
        let message = |text: String| RunReport::new(Status::Panic).with_message(text).message.unwrap();
        for pad in 0..3 {
            let text = "x".repeat(pad) + &"é".repeat(MESSAGE_BYTES_MAX);
            let cut = message(text.clone());
            assert!((MESSAGE_BYTES_MAX - 1..=MESSAGE_BYTES_MAX).contains(&cut.len()), "{}", cut.len());
            assert!(text.starts_with(cut.strip_suffix('…').unwrap()));
        }
        let whole = "x".repeat(MESSAGE_BYTES_MAX);
        assert_eq!(message(whole.clone()), whole);
    }
}
