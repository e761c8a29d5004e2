//! What can be said to `assay sequence`.

use std::{path::PathBuf, str::FromStr};

use assay_spec::Digest;
use clap::{Args, Subcommand};

use super::{
    CommonArguments, OutputArguments,
    tile::{Gpu, MAX_STEPS, TileExpectedArguments, TileInputArguments, TilePlaceArguments},
};

#[derive(Debug, Subcommand)]
pub(crate) enum SequenceCommand {
    /// Show the sequences of a crate, and what goes in and out of them
    List {
        #[command(flatten)]
        place: TilePlaceArguments,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Run a sequence without proving it: what comes out, and what each tile costs
    ///
    /// Ends with the first tile that fails. Exit codes: 0 it came to its end, 4 a tile failed or took more cycles
    /// than its budget, 5 nothing could be concluded.
    #[command(mut_arg("max_steps", |arg| arg.default_value(MAX_STEPS)), mut_arg("input_base", |arg| arg.hide(true)))]
    Preview(Box<SequencePreviewArguments>),
    /// Prove a sequence: a receipt for each tile, and a file that chains them
    ///
    /// A tile that fails is proved, too, and is the last. Exit codes: 0 all of it is proved, 3 a proof does not verify,
    /// 4 a tile failed, 5 there is no proof, 6 a backend has no room for an output, or does not prove on what --gpu says.
    #[command(
        mut_arg("timeout", |arg| arg.default_value("15m").help("Wall limit of each tile, such as 30, 30s, 500ms, 5m")),
        mut_arg("memory_limit", |arg| arg.default_value("16384")),
        mut_arg("max_steps", |arg| arg.default_value(MAX_STEPS)),
        mut_arg("input_base", |arg| arg.hide(true)),
    )]
    Prove(Box<SequenceProveArguments>),
    /// Verify proofs of a sequence: each of them, and that they are one run of it
    ///
    /// Bound to the crate in --path if that has the sequence: its programs are built, if need be, and their ids
    /// computed anew. Exit codes: 0 verified, also where what is proved is a failure, 3 not.
    #[command(
        mut_arg("timeout", |arg| arg.default_value("5m").help("Wall limit of each proof, such as 30, 30s, 500ms, 5m")),
        mut_arg("memory_limit", |arg| arg.default_value("8192").help("Memory limit in MiB")),
        mut_arg("max_steps", |arg| arg.hide(true)),
        mut_arg("input_base", |arg| arg.hide(true)),
    )]
    Verify(Box<SequenceVerifyArguments>),
}

#[derive(Debug, Args)]
pub(crate) struct SequencePreviewArguments {
    /// The sequence
    #[arg(value_name = "ID")]
    pub(crate) sequence: String,
    #[command(flatten)]
    pub(crate) place: TilePlaceArguments,
    /// What runs the tiles, such as sp1; TILE=NAME for one of them, by its place from 1 or its id [default: reference]
    #[arg(short, long, value_name = "[TILE=]NAME")]
    pub(crate) backend: Vec<StepChoice>,
    #[command(flatten)]
    pub(crate) input: TileInputArguments,
    #[command(flatten)]
    pub(crate) run: CommonArguments,
}

#[derive(Debug, Args)]
pub(crate) struct SequenceProveArguments {
    /// The sequence
    #[arg(value_name = "ID")]
    pub(crate) sequence: String,
    #[command(flatten)]
    pub(crate) place: TilePlaceArguments,
    /// What proves the tiles, such as sp1; TILE=NAME for one of them, by its place from 1 or its id; repeat it
    #[arg(short, long, value_name = "[TILE=]NAME", required = true)]
    pub(crate) backend: Vec<StepChoice>,
    /// Which proof; TILE=KIND for one tile; kinds with `insecure` in their name are for tests [default: the backend's
    /// first]
    #[arg(long, value_name = "[TILE=]KIND")]
    pub(crate) kind: Vec<StepChoice>,
    #[command(flatten)]
    pub(crate) input: TileInputArguments,
    /// What proves: auto (whatever a backend proves on), on (a GPU), off (no GPU)
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) gpu: Gpu,
    /// Where sequence.json and its receipts go, in place of an earlier proof [default: out/sequences/ID]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Do not verify the proofs
    #[arg(long)]
    pub(crate) no_verify: bool,
    #[command(flatten)]
    pub(crate) run: CommonArguments,
}

#[derive(Debug, Args)]
pub(crate) struct SequenceVerifyArguments {
    /// The folder with sequence.json and the receipts, as `assay sequence prove` keeps it
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// The crate of tiles [default: the current folder, if its crate has the sequence]
    #[arg(long, value_name = "DIR", help_heading = "Expected")]
    pub(crate) path: Option<PathBuf>,
    /// The sequence
    #[arg(long, value_name = "ID", help_heading = "Expected")]
    pub(crate) sequence: Option<String>,
    /// The commitment, as `assay sequence prove` shows it: it stands for sequence, programs, input and output
    #[arg(long, value_name = "HEX", help_heading = "Expected")]
    pub(crate) commitment: Option<Digest>,
    /// What the zkVM calls the program of a tile, by the tile's place from 1 or its id; repeat it
    #[arg(long, value_name = "TILE=ID", conflicts_with = "path", help_heading = "Expected")]
    pub(crate) method_id: Vec<StepChoice>,
    #[command(flatten)]
    pub(crate) expected: TileExpectedArguments,
    #[command(flatten)]
    pub(crate) run: CommonArguments,
}

/// `NAME`, for all tiles, or `TILE=NAME`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StepChoice {
    /// A tile by its place, counted from 1, or by its id.
    pub(crate) step: Option<String>,
    pub(crate) value: String,
}

impl FromStr for StepChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (step, value) = match text.split_once('=') {
            Some((step, value)) => (Some(step), value),
            None => (None, text),
        };
        if value.is_empty() || step.is_some_and(str::is_empty) {
            return Err("expected NAME or TILE=NAME, such as sp1, 2=openvm or double=risc0".to_owned());
        }
        Ok(Self { step: step.map(str::to_owned), value: value.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_for_all_tiles_or_for_one() {
        let choice =
            |step: Option<&str>, value: &str| StepChoice { step: step.map(str::to_owned), value: value.to_owned() };
        for (text, expected) in [
            ("sp1", choice(None, "sp1")),
            ("2=openvm@2.0.2", choice(Some("2"), "openvm@2.0.2")),
            ("double=reference@sp1", choice(Some("double"), "reference@sp1")),
        ] {
            assert_eq!(text.parse(), Ok(expected), "{text}");
        }
        for bad in ["", "=", "2=", "=sp1"] {
            assert!(bad.parse::<StepChoice>().is_err(), "{bad}");
        }
    }
}
