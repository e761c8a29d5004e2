//! What can be said to `assay tile`.

use std::path::PathBuf;

use assay_spec::HexBytes;
use clap::{Args, Subcommand, ValueEnum};

use super::{CommonArguments, KeepArguments, OutputArguments};

#[derive(Debug, Subcommand)]
pub(crate) enum TileCommand {
    /// Begin a crate of tiles that builds and runs as it is
    New {
        /// The folder, which must not be there yet, or be empty; its name is the crate's
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    /// Show the tiles and sequences of a crate: what goes in and out of them, and what they are built for
    List {
        #[command(flatten)]
        place: TilePlaceArguments,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Run a tile without proving it
    ///
    /// Exit codes: 0 it gave an output, 2 backends answered differently, 4 it failed, 5 nothing could be concluded.
    #[command(mut_arg("max_steps", |arg| arg.default_value(MAX_STEPS)), mut_arg("input_base", |arg| arg.hide(true)))]
    Run(Box<TileRunArguments>),
    /// Run a tile without proving it, and say what a proof would cost: cycles, the backend's measure, memory, budget
    ///
    /// Exit codes as for `run`, and 4 where the tile took more cycles than its budget.
    #[command(mut_arg("max_steps", |arg| arg.default_value(MAX_STEPS)), mut_arg("input_base", |arg| arg.hide(true)))]
    Preview(Box<TileRunArguments>),
    /// Run a tile on several backends and say where they disagree
    ///
    /// Natively, on the reference machine and on every installed zkVM, unless backends are named; the first is the
    /// baseline. Compared and kept as `assay diff` does it. Exit codes as for `assay diff`.
    #[command(mut_arg("max_steps", |arg| arg.default_value(MAX_STEPS)))]
    Diff(Box<TileDiffArguments>),
    /// Prove a tile and keep the proof, verified in a process of its own
    ///
    /// What is proved is which tile of which version gave which output to which input, or how it failed. Exit codes: 0
    /// proved, 3 the proof does not verify, 4 the tile failed, which is proved, too, unless with --plain, 5 there is no
    /// proof, 6 the backend has no room for the output, or does not prove on what --gpu says.
    #[command(
        mut_arg("timeout", |arg| arg.default_value("15m")),
        mut_arg("memory_limit", |arg| arg.default_value("16384")),
        mut_arg("max_steps", |arg| arg.default_value(MAX_STEPS)),
        mut_arg("input_base", |arg| arg.hide(true)),
    )]
    Prove(Box<TileProveArguments>),
    /// Verify a proof of a tile: its receipt, then what it claims about tile, version, input and output
    ///
    /// Bound to the tile of the crate in --path, if that has it: its program is built, if need be, and its id computed
    /// anew. Else --elf or --method-id say which program it must be of. Exit codes: 0 verified, also where what is
    /// proved is a failure, 3 not verified.
    #[command(
        mut_arg("timeout", |arg| arg.default_value("5m").help("Wall limit, such as 30, 30s, 500ms, 5m")),
        mut_arg("memory_limit", |arg| arg.default_value("8192").help("Memory limit in MiB")),
        mut_arg("max_steps", |arg| arg.hide(true)),
        mut_arg("input_base", |arg| arg.hide(true)),
    )]
    Verify(Box<TileVerifyArguments>),
}

/// Most instructions of a tile, unless another number is given.
pub(super) const MAX_STEPS: &str = "1000000000";

/// Where tiles are.
#[derive(Clone, Debug, Args)]
pub(crate) struct TilePlaceArguments {
    /// The crate of tiles
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) path: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct TileRunArguments {
    /// The tile [default: the only one of the crate]
    #[arg(value_name = "ID")]
    pub(crate) tile: Option<String>,
    #[command(flatten)]
    pub(crate) place: TilePlaceArguments,
    /// What runs the tile: a zkVM, native, reference, or reference@sp1 for the reference machine of its platform;
    /// repeat it
    #[arg(short, long, value_name = "NAME", default_value = "reference")]
    pub(crate) backend: Vec<String>,
    #[command(flatten)]
    pub(crate) input: TileInputArguments,
    /// Make the output alone public: no claim about tile, version, input and failure
    #[arg(long)]
    pub(crate) plain: bool,
    #[command(flatten)]
    pub(crate) run: CommonArguments,
}

#[derive(Debug, Args)]
pub(crate) struct TileDiffArguments {
    /// The tile [default: the only one of the crate]
    #[arg(value_name = "ID")]
    pub(crate) tile: Option<String>,
    #[command(flatten)]
    pub(crate) place: TilePlaceArguments,
    /// What runs the tile, such as sp1, or reference@sp1; repeat it [default: native, reference, every installed zkVM]
    #[arg(short, long, value_name = "NAME")]
    pub(crate) backend: Vec<String>,
    #[command(flatten)]
    pub(crate) input: TileValueArguments,
    /// Make the output alone public: no claim about tile, version, input and failure
    #[arg(long)]
    pub(crate) plain: bool,
    #[command(flatten)]
    pub(crate) store: KeepArguments,
    /// Keep a copy of guest, input and run log in this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Plant a fault in a second reference machine and compare it too: shows that faults are found
    #[arg(long, value_name = "FAULT", hide = true)]
    pub(crate) plant_fault: Vec<String>,
    #[command(flatten)]
    pub(crate) run: CommonArguments,
}

#[derive(Debug, Args)]
pub(crate) struct TileProveArguments {
    /// The tile [default: the only one of the crate]
    #[arg(value_name = "ID")]
    pub(crate) tile: Option<String>,
    #[command(flatten)]
    pub(crate) place: TilePlaceArguments,
    /// What proves
    #[arg(short, long, value_name = "NAME")]
    pub(crate) backend: String,
    /// Which proof; kinds with `insecure` in their name are for tests [default: the backend's first]
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<String>,
    #[command(flatten)]
    pub(crate) input: TileInputArguments,
    /// Make the output alone public: the proof then binds neither input nor tile, and a failure has none
    #[arg(long)]
    pub(crate) plain: bool,
    /// What proves: auto (whatever the backend proves on), on (a GPU), off (no GPU)
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) gpu: Gpu,
    /// Where tile.json, its receipt, guest.elf and manifest.json go, in place of an earlier proof
    /// [default: out/BACKEND-VERSION/tile-ID]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Do not verify the proof
    #[arg(long)]
    pub(crate) no_verify: bool,
    #[command(flatten)]
    pub(crate) run: CommonArguments,
}

#[derive(Debug, Args)]
pub(crate) struct TileVerifyArguments {
    /// The folder with tile.json and the receipt, as `assay tile prove` keeps it, or that file
    #[arg(value_name = "DIR|FILE")]
    pub(crate) proof: PathBuf,
    /// The crate that has the tile [default: the current folder, if it is one]
    #[arg(long, value_name = "DIR", help_heading = "Expected")]
    pub(crate) path: Option<PathBuf>,
    /// The tile
    #[arg(long, value_name = "ID", help_heading = "Expected")]
    pub(crate) tile: Option<String>,
    /// The tile's program, from which its id is computed anew
    #[arg(long, value_name = "FILE", conflicts_with = "path", help_heading = "Expected")]
    pub(crate) elf: Option<PathBuf>,
    /// What the zkVM calls the program
    #[arg(long, value_name = "ID", conflicts_with = "path", help_heading = "Expected")]
    pub(crate) method_id: Option<String>,
    #[command(flatten)]
    pub(crate) expected: TileExpectedArguments,
    #[command(flatten)]
    pub(crate) run: CommonArguments,
}

/// What went into a tile and came out of it, or into and out of a sequence, and how much its proof must be worth.
#[derive(Debug, Args)]
pub(crate) struct TileExpectedArguments {
    #[command(flatten)]
    pub(crate) input: TileValueArguments,
    /// The salt of a private input: 64 hex digits, or a file with them
    #[arg(long, value_name = "HEX|FILE", help_heading = "Input")]
    pub(crate) salt: Option<String>,
    /// The output as JSON
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, help_heading = "Expected")]
    pub(crate) expect_output: Option<String>,
    /// The output in hex, as postcard
    #[arg(long, value_name = "HEX", conflicts_with = "expect_output", help_heading = "Expected")]
    pub(crate) expect_output_hex: Option<HexBytes>,
    /// Accept proofs that nobody may rely on: of insecure kinds, for tests
    #[arg(long, help_heading = "Expected")]
    pub(crate) accept_insecure: bool,
}

/// What goes into a tile, and whether others are to know.
#[derive(Debug, Args)]
pub(crate) struct TileInputArguments {
    #[command(flatten)]
    pub(crate) value: TileValueArguments,
    /// Keep the input private: what is public is a commitment to it and a random salt, in place of its digest
    #[arg(long, help_heading = "Input")]
    pub(crate) private_input: bool,
    /// The salt of a private input, in place of a random one: 64 hex digits, or a file with them
    #[arg(long, value_name = "HEX|FILE", help_heading = "Input")]
    pub(crate) salt: Option<String>,
    /// Keep the salt in this new file, which only you can read, in place of showing it
    #[arg(long, value_name = "FILE", requires = "private_input", conflicts_with = "salt", help_heading = "Input")]
    pub(crate) salt_out: Option<PathBuf>,
}

/// A tile's arguments: one as itself, several as a list. A tile that has none needs none of this.
#[derive(Debug, Args)]
pub(crate) struct TileValueArguments {
    /// The tile's arguments as JSON, such as 21, or [7, 2] for two
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, help_heading = "Input")]
    pub(crate) input_json: Option<String>,
    /// A file with them: JSON, or postcard if its name ends in .bin
    #[arg(short, long, value_name = "FILE", conflicts_with = "input_json", help_heading = "Input")]
    pub(crate) input: Option<PathBuf>,
    /// The arguments in hex, as postcard
    #[arg(long, value_name = "HEX", conflicts_with_all = ["input_json", "input"], help_heading = "Input")]
    pub(crate) input_hex: Option<HexBytes>,
}

impl TileValueArguments {
    /// Whether any were given.
    pub(crate) fn is_given(&self) -> bool {
        self.input_json.is_some() || self.input.is_some() || self.input_hex.is_some()
    }
}

/// Whether a GPU proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Gpu {
    /// Whatever the backend proves on
    Auto,
    /// A GPU; a backend that does not prove on one is an error
    On,
    /// No GPU; a backend that always proves on one is an error
    Off,
}
