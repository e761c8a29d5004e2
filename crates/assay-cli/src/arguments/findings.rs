//! The command line of keeping runs, running them again, and findings.

#![expect(clippy::doc_markdown, reason = "what stands here is read in a terminal, not in rendered Markdown")]

use std::{path::PathBuf, str::FromStr, time::Duration};

use assay_backend::Sandbox;
use assay_guest::harness::DEFAULT_SCRATCH;
use assay_spec::{FindingId, FindingKind, FindingState, Register};
use clap::{Args, Subcommand};

use super::{CommonArguments, GuestArguments, OutputArguments, parse_duration};
use crate::store_place::store_place;

/// Where runs are kept.
#[derive(Debug, Args)]
pub(crate) struct StoreArguments {
    /// The store of runs and findings [default: $ASSAY_STORE, or out/store]
    #[arg(long, value_name = "DIR")]
    pub(crate) store: Option<PathBuf>,
}

impl StoreArguments {
    pub(crate) fn place(&self) -> PathBuf {
        store_place(self.store.clone())
    }
}

/// Where a run is kept, if it is.
#[derive(Debug, Args)]
pub(crate) struct KeepArguments {
    /// Keep the run in this store [default: $ASSAY_STORE, or out/store]
    #[arg(long, value_name = "DIR", conflicts_with = "no_store")]
    pub(crate) store: Option<PathBuf>,
    /// Do not keep the run
    #[arg(long)]
    pub(crate) no_store: bool,
}

impl KeepArguments {
    /// `None` if it is not to be kept.
    pub(crate) fn place(&self) -> Option<PathBuf> {
        (!self.no_store).then(|| store_place(self.store.clone()))
    }
}

#[derive(Debug, Args)]
pub(crate) struct ReplayArguments {
    /// A run, a finding, or the folder of a finding, wherever it was copied to
    #[arg(value_name = "RUN|FINDING|FOLDER")]
    pub(crate) what: String,
    #[command(flatten)]
    pub(crate) store: StoreArguments,
    /// Run it so often, and say how often it is reproduced
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=TIMES_MAX))]
    pub(crate) times: u64,
    #[command(flatten)]
    pub(crate) again: AgainArguments,
    /// Leave planted faults out: shows that a finding that is no longer there is told
    #[arg(long, hide = true)]
    pub(crate) without_planted_faults: bool,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

/// How a kept run is run again.
#[derive(Debug, Args)]
pub(crate) struct AgainArguments {
    /// Run it on this installed runner in place of the backend's own, such as sp1=sp1-5; repeat it
    #[arg(long = "with", visible_alias = "backend-version", value_name = "BACKEND=RUNNER")]
    pub(crate) stand_ins: Vec<StandIn>,
    /// Wall limit of each run [default: that of the kept run]
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub(crate) timeout: Option<Duration>,
    /// Whether runners are started in a sandbox: off, best-effort, required [default: best-effort; required for a program of
    /// this machine that a folder brings along]
    #[arg(long, value_name = "MODE")]
    pub(crate) sandbox: Option<Sandbox>,
    /// Build missing runners without asking
    #[arg(long)]
    pub(crate) install: bool,
}

/// Greatest `--times`.
const TIMES_MAX: u64 = 1_000_000;

/// `sp1=sp1-5`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StandIn {
    pub(crate) backend: String,
    pub(crate) runner: String,
}

impl FromStr for StandIn {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((backend, runner)) if !backend.is_empty() && !runner.is_empty() => {
                Ok(Self { backend: backend.to_owned(), runner: runner.to_owned() })
            }
            _ => Err("expected BACKEND=RUNNER, such as sp1=sp1-5".to_owned()),
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum FindingsCommand {
    /// Show findings, those that were seen last first
    List(FindingsListArguments),
    /// Show a finding: what it is, how often it was seen, the first diverging instruction, how to run it again
    Show {
        /// Such as F0123456789abcdef
        #[arg(value_name = "FINDING")]
        finding: FindingId,
        #[command(flatten)]
        common: FindingsArguments,
    },
    /// Say what you think of a finding
    Label {
        /// Such as F0123456789abcdef
        #[arg(value_name = "FINDING")]
        finding: FindingId,
        /// new, confirmed, minimised, fixed or false-positive
        #[arg(value_name = "STATE", value_parser = parse_state)]
        state: FindingState,
        /// Why; required for a false positive
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
        #[command(flatten)]
        common: FindingsArguments,
    },
    /// Say that a finding is the same bug as another, and count it there
    Merge {
        /// The finding that goes
        #[arg(value_name = "FINDING")]
        from: FindingId,
        /// The finding that stays
        #[arg(value_name = "INTO")]
        into: FindingId,
        #[command(flatten)]
        common: FindingsArguments,
    },
}

#[derive(Debug, Args)]
pub(crate) struct FindingsListArguments {
    /// Only those in this state: new, confirmed, minimised, fixed, false-positive; repeat it
    #[arg(long, value_name = "STATE", value_parser = parse_state)]
    pub(crate) state: Vec<FindingState>,
    /// Only those about this backend; repeat it
    #[arg(short, long, value_name = "NAME")]
    pub(crate) backend: Vec<String>,
    /// Only those of this kind: divergence, panic, crash, timeout, soundness, completeness; repeat it
    #[arg(long, value_name = "KIND", value_parser = parse_kind)]
    pub(crate) kind: Vec<FindingKind>,
    #[command(flatten)]
    pub(crate) common: FindingsArguments,
}

/// Where findings are, and how they are shown.
#[derive(Debug, Args)]
pub(crate) struct FindingsArguments {
    #[command(flatten)]
    pub(crate) store: StoreArguments,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

fn parse_state(text: &str) -> Result<FindingState, String> {
    let known = FindingState::ALL.into_iter().find(|state| state.to_string() == text);
    known.ok_or_else(|| {
        let names: Vec<_> = FindingState::ALL.iter().map(ToString::to_string).collect();
        format!("unknown state {text:?}; expected {}", names.join(", "))
    })
}

fn parse_kind(text: &str) -> Result<FindingKind, String> {
    let known = FindingKind::ALL.into_iter().find(|kind| kind.to_string() == text);
    known.ok_or_else(|| {
        let names: Vec<_> = FindingKind::ALL.iter().map(ToString::to_string).collect();
        format!("unknown kind {text:?}; expected {}", names.join(", "))
    })
}

#[derive(Debug, Subcommand)]
pub(crate) enum BugsCommand {
    /// Show every known bug
    List {
        #[command(flatten)]
        registry: BugsArguments,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Look for known bugs on the installed backends
    ///
    /// Exit codes: 0 each shows where it should and nowhere else, 2 one does not, or shows where it should not, 5 a limit or
    /// the backend's own machinery ended a run, 6 a backend that was asked for is not installed.
    Check(Box<BugsCheckArguments>),
}

/// Where known bugs are written down.
#[derive(Debug, Args)]
pub(crate) struct BugsArguments {
    /// The folder with a TOML file for each bug [default: bugs, in Assay's source tree]
    #[arg(long, value_name = "DIR")]
    pub(crate) bugs: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct BugsCheckArguments {
    /// Which bugs [default: all]
    #[arg(value_name = "ID")]
    pub(crate) ids: Vec<String>,
    /// Only bugs of this backend; repeat it
    #[arg(short, long, value_name = "NAME")]
    pub(crate) backend: Vec<String>,
    /// Look on this installed runner in place of the backend's own, such as sp1=sp1-5; repeat it
    #[arg(long = "with", value_name = "BACKEND=RUNNER")]
    pub(crate) stand_ins: Vec<StandIn>,
    #[command(flatten)]
    pub(crate) registry: BugsArguments,
    #[command(flatten)]
    pub(crate) run: CommonArguments,
}

impl GuestArguments {
    /// As if somebody had said `--core NAME --input-json INPUT`.
    pub(crate) fn of_core(name: &str, input: Option<String>) -> Self {
        Self {
            elf: None,
            asm: Vec::new(),
            insts: None,
            words: None,
            seed: None,
            core: Some(name.to_owned()),
            reg: Vec::new(),
            mem: Vec::new(),
            scratch_register: Register::new(DEFAULT_SCRATCH).expect("x3 is a register"),
            safe_registers: false,
            platform: None,
            isa: None,
            input: None,
            input_hex: None,
            input_json: input,
        }
    }
}
