//! The command line: what can be said, and what is said about it. Nothing is done here.

mod bucket;
mod conform;
mod findings;
mod guest;
mod platform;
mod report;
mod sequence;
mod shrink;
mod snapshot;
mod store;
mod tile;

use std::{path::PathBuf, str::FromStr, time::Duration};

use assay_backend::Sandbox;
use assay_isa::{Isa, registers};
use assay_spec::{HexBytes, Platform, Register, Word};
use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum, builder::Styles};

pub(crate) use self::bucket::{BucketCommand, BucketRunArguments, ImportArguments, TraceCommand, TraceSubcommand};
pub(crate) use self::conform::ConformArguments;
pub(crate) use self::findings::{
    AgainArguments, BugsArguments, BugsCheckArguments, BugsCommand, FindingsArguments, FindingsCommand,
    FindingsListArguments, KeepArguments, ReplayArguments, StoreArguments,
};
pub(crate) use self::guest::{GuestBuildArguments, GuestCommand, GuestLanguage, GuestLibraryArguments, PlatformChoice};
pub(crate) use self::platform::PlatformCommand;
pub(crate) use self::report::{ReportArguments, ReportForm};
pub(crate) use self::sequence::{
    SequenceCommand, SequencePreviewArguments, SequenceProveArguments, SequenceVerifyArguments, StepChoice,
};
pub(crate) use self::shrink::ShrinkArguments;
pub(crate) use self::snapshot::{
    BuildWithArguments, PlaceArguments, SnapshotBuildArguments, SnapshotCommand, SnapshotInstallArguments,
    WhichArguments,
};
pub(crate) use self::store::{
    ExportColumns, ExportFormat, Kept, StoreCommand, StoreCommonArguments, StoreExportArguments, StoreListArguments,
    StorePruneArguments,
};
pub(crate) use self::tile::{
    Gpu, TileCommand, TileDiffArguments, TileExpectedArguments, TileInputArguments, TilePlaceArguments,
    TileProveArguments, TileRunArguments, TileValueArguments, TileVerifyArguments,
};

/// Differential testing of zkVMs: one guest, a reference RISC-V machine and real zkVMs, and where they disagree.
#[derive(Debug, Parser)]
#[command(
    name = "assay",
    version,
    styles = Styles::styled(),
    max_term_width = 110,
    after_help = "Exit codes: 0 agreed or done · 1 usage · 2 divergence · 3 not verified · 4 guest failed · 5 inconclusive · \
                  6 backend missing · 7 recording failed · 101 a bug of Assay",
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a guest on one backend and show what it did
    Run(RunArguments),
    /// Run a guest and keep its micro-ops: instructions, chip rows, interactions
    Trace(Box<TraceCommand>),
    /// Prove a run and keep its receipt, verified in a process of its own
    #[command(mut_arg("timeout", |arg| arg.default_value("15m")), mut_arg("memory_limit", |arg| arg.default_value("16384")),
        mut_arg("input_base", |arg| arg.hide(true)))]
    #[command(override_usage = "assay prove [OPTIONS] --backend <NAME> <ELF|--asm|--insts|--words|--seed|--core>")]
    Prove(ProveArguments),
    /// Verify a receipt: envelope, ELF digest, image id, proof, claims, in this order
    #[command(
        mut_arg("timeout", |arg| arg.default_value("5m").help("Wall limit, such as 30, 30s, 500ms, 5m")),
        mut_arg("memory_limit", |arg| arg.default_value("8192").help("Memory limit in MiB")),
        mut_arg("max_steps", |arg| arg.hide(true)),
        mut_arg("input_base", |arg| arg.hide(true)),
    )]
    Verify(VerifyArguments),
    /// Run a guest on several backends and say where they disagree
    ///
    /// Each backend is judged against the reference machine of its own platform, which runs without being asked for. The
    /// others are compared with the first besides: in everything on one platform; across platforms in what the instruction
    /// sequence did, each platform having a guest of its own; and through their references only, where registers differ in
    /// width. The builds of a core are compared in what the core says, whatever the platforms.
    #[command(override_usage = "assay diff [OPTIONS] --backend <NAME> <ELF|--asm|--insts|--words|--seed|--core>")]
    Diff(DiffArguments),
    /// Run a kept run or finding again and say whether it does the same
    ///
    /// From what was kept only: guests, input, limits, and faults that were planted. Exit codes: 0 reproduced, 2 changed, no
    /// longer there, or flaky, 5 a limit or a backend's own machinery ended a run.
    Replay(ReplayArguments),
    /// Make the case of a finding as small and plain as it can be while it still shows the finding
    ///
    /// Instructions, registers, memory and input are reduced, the fields of a core's input too; then registers are renamed and
    /// constants made plain. Goes on where an interrupted shrink ended. Exit codes: 0 done, also where a budget ended it, 5
    /// the finding does not show.
    Shrink(Box<ShrinkArguments>),
    /// List, show, label and merge findings
    #[command(subcommand)]
    Findings(FindingsCommand),
    /// List, show, prune, export, rebuild and check what is kept
    #[command(subcommand)]
    Store(Box<StoreCommand>),
    /// List known bugs of zkVMs, and look for them on the installed backends
    #[command(subcommand)]
    Bugs(BugsCommand),
    /// Say whether a backend keeps what its platform promises guests: input, output, ends, traps, instructions
    ///
    /// Each case is a guest with an input and what must come out. A declared limit of a backend shows as `limit` with its
    /// source, and is neither a pass nor a failure. Exit codes: 0 no failure, 2 a failure, 5 a case could not be judged.
    #[command(mut_arg("max_steps", |arg| arg.default_value("2000000000")))]
    Conform(Box<ConformArguments>),
    /// Say which buckets a trace hits: conditions that mark where zkVM circuits have gone wrong
    #[command(subcommand)]
    Bucket(Box<BucketCommand>),
    /// Pin sources of a zkVM, patch them, and build them into a backend
    ///
    /// A snapshot is a commit of a zkVM, or published crates of it, in a folder of its own: out/ZKVM-NAME. Its runner is the
    /// backend ZKVM@NAME, which every other command takes.
    #[command(subcommand)]
    Snapshot(Box<SnapshotCommand>),
    /// List, build and begin guests
    #[command(subcommand)]
    Guest(GuestCommand),
    /// Run, preview, prove and verify tiles: functions that are programs of their own on every zkVM
    #[command(subcommand)]
    Tile(TileCommand),
    /// Run, prove and verify sequences: tiles, each of which takes what the one before it gave
    #[command(subcommand)]
    Sequence(SequenceCommand),
    /// Show what each platform gives guests: memory, calls, limits, accelerators
    #[command(subcommand)]
    Platform(PlatformCommand),
    /// Write what the store holds as one page, as Markdown or as XML for CI
    ///
    /// The page needs no network: numbers, a time line, the findings with both traces side by side, the runs. The path of what
    /// was written is printed.
    Report(ReportArguments),
    /// List, install and try backends
    #[command(subcommand)]
    Backend(BackendCommand),
    /// Check that this machine has what Assay needs
    Doctor(DoctorArguments),
}

#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    #[command(flatten)]
    pub(crate) guest: GuestArguments,
    #[command(flatten)]
    pub(crate) run: CommonArguments,
    /// What runs the guest, such as sp1, or reference@sp1 for the reference machine of its platform
    #[arg(short, long, value_name = "NAME", default_value = "reference")]
    pub(crate) backend: String,
    /// Keep the outcome in this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Say which instructions made misaligned accesses, and how many; on the reference machine
    #[arg(long)]
    pub(crate) unaligned_sites: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TraceArguments {
    #[command(flatten)]
    pub(crate) guest: GuestArguments,
    #[command(flatten)]
    pub(crate) run: CommonArguments,
    /// What runs the guest, such as sp1, or reference@sp1 for the reference machine of its platform
    #[arg(short, long, value_name = "NAME", default_value = "reference")]
    pub(crate) backend: String,
    /// Where the trace goes [default: out/BACKEND-VERSION/from-insts, or from-elf]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// How records are kept
    #[arg(long, value_name = "FORM", default_value = "json")]
    pub(crate) records: RecordsForm,
    /// Keep instruction records only: faster, and small
    #[arg(long)]
    pub(crate) instructions_only: bool,
    /// Most records to keep; the trace is marked as truncated beyond it
    #[arg(long, value_name = "N", default_value_t = 20_000_000)]
    pub(crate) max_records: u64,
}

#[derive(Debug, Args)]
pub(crate) struct ProveArguments {
    #[command(flatten)]
    pub(crate) guest: GuestArguments,
    #[command(flatten)]
    pub(crate) run: CommonArguments,
    /// What proves
    #[arg(short, long, value_name = "NAME")]
    pub(crate) backend: String,
    /// Which proof; kinds with `insecure` in their name are for tests [default: the backend's first]
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<String>,
    /// Where proof.receipt, guest.elf and outcome.json go [default: out/BACKEND-VERSION/from-insts, or from-elf]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Do not verify the receipt
    #[arg(long)]
    pub(crate) no_verify: bool,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArguments {
    /// The receipt, as `assay prove` keeps it
    #[arg(value_name = "FILE")]
    pub(crate) receipt: PathBuf,
    /// The guest's ELF, from which the image id is computed anew
    #[arg(long, value_name = "FILE", help_heading = "Expected")]
    pub(crate) elf: Option<PathBuf>,
    /// The image id, as `assay prove` shows it
    #[arg(long, value_name = "ID", help_heading = "Expected")]
    pub(crate) image_id: Option<String>,
    /// The guest's exit code
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Expected")]
    pub(crate) expect_exit_code: u32,
    /// The public output, in hex
    #[arg(long, value_name = "HEX", conflicts_with = "expect_output_file", help_heading = "Expected")]
    pub(crate) expect_output: Option<HexBytes>,
    /// A file with the public output
    #[arg(long, value_name = "FILE", help_heading = "Expected")]
    pub(crate) expect_output_file: Option<PathBuf>,
    /// Accept proofs that nobody may rely on: of insecure kinds, for tests
    #[arg(long, help_heading = "Expected")]
    pub(crate) accept_insecure: bool,
    #[command(flatten)]
    pub(crate) run: CommonArguments,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArguments {
    #[command(flatten)]
    pub(crate) guest: GuestArguments,
    #[command(flatten)]
    pub(crate) run: CommonArguments,
    /// What runs the guest, such as sp1, or reference@sp1 for its platform; repeat it, the first is the baseline
    #[arg(short, long, value_name = "NAME", required = true)]
    pub(crate) backend: Vec<String>,
    #[command(flatten)]
    pub(crate) store: KeepArguments,
    /// Keep a copy of guest, input and run log in this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Plant a fault in a second reference machine and compare it too: shows that faults are found
    #[arg(long, value_name = "FAULT", hide = true)]
    pub(crate) plant_fault: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BackendCommand {
    /// Show every backend, its version, limits and whether it is installed
    List {
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Build a runner with cargo and register it
    Install {
        /// Which backends
        #[arg(value_name = "NAME", required_unless_present = "all", conflicts_with = "all")]
        names: Vec<String>,
        /// Every backend
        #[arg(long)]
        all: bool,
        /// Register this runner binary instead of building one
        #[arg(long, value_name = "FILE", conflicts_with = "all")]
        binary: Option<PathBuf>,
        /// Build it even if the installed one is up to date
        #[arg(long, conflicts_with = "binary")]
        force: bool,
    },
    /// Run a built-in guest through every verb of a backend and show what works
    Doctor {
        /// Which backends [default: every installed one]
        #[arg(value_name = "NAME")]
        names: Vec<String>,
        #[command(flatten)]
        output: OutputArguments,
    },
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArguments {
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

/// Which guest, and what it starts from.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("form").required(true).args(["elf", "asm", "insts", "words", "seed", "core"]))]
pub(crate) struct GuestArguments {
    /// A guest as a static RISC-V ELF file
    #[arg(value_name = "ELF")]
    pub(crate) elf: Option<PathBuf>,
    /// A line of assembly; repeat it, the lines are assembled together
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, help_heading = "Guest")]
    pub(crate) asm: Vec<String>,
    /// A file of assembly, or of hex instruction words, one a line
    #[arg(long, value_name = "FILE", help_heading = "Guest")]
    pub(crate) insts: Option<PathBuf>,
    /// Instruction words in hex, separated by blanks or commas
    #[arg(long, value_name = "HEX", help_heading = "Guest")]
    pub(crate) words: Option<String>,
    /// A seed file (JSON Lines); `FILE#2` takes its second seed
    #[arg(long, value_name = "FILE[#N]", help_heading = "Guest")]
    pub(crate) seed: Option<String>,
    /// A guest by its name, such as fib, or by its path (a crate, C): built for each platform, and natively for -b native
    #[arg(long, value_name = "CORE", help_heading = "Guest")]
    pub(crate) core: Option<String>,
    /// A register to start from, such as x6=28, a0=0xff, t0=-1; repeat it
    #[arg(long, value_name = "REG=VALUE", allow_hyphen_values = true, conflicts_with_all = ["elf", "core"], help_heading = "Guest")]
    pub(crate) reg: Vec<RegisterValue>,
    /// Memory to start from, such as 0x400000=deadbeef; repeat it
    #[arg(long, value_name = "ADDR=HEX", conflicts_with_all = ["elf", "core"], help_heading = "Guest")]
    pub(crate) mem: Vec<MemoryValue>,
    /// The register that the epilogue needs and whose final value is not reported
    #[arg(long, value_name = "REG", default_value = "gp", value_parser = parse_register, conflicts_with_all = ["elf", "core"], help_heading = "Guest")]
    pub(crate) scratch_register: Register,
    /// Refuse instructions that use others than x0, x5-x7, x10-x17, x28-x31
    #[arg(long, conflicts_with_all = ["elf", "core"], help_heading = "Guest")]
    pub(crate) safe_registers: bool,
    /// The platform that the guest is built for [default: the zkVM's, or standard]
    #[arg(long, value_name = "NAME", help_heading = "Guest")]
    pub(crate) platform: Option<Platform>,
    /// Instruction set: rv32im, rv64im, rv32ima, rv64ima [default: the platform's, 32-bit, or the ELF's]
    #[arg(long, value_name = "ISA", value_parser = parse_isa, help_heading = "Guest")]
    pub(crate) isa: Option<Isa>,
    /// A file with the guest's input; for a core that says what its input is it is JSON, unless its name ends in .bin
    #[arg(short, long, value_name = "FILE", conflicts_with = "input_hex", help_heading = "Guest")]
    pub(crate) input: Option<PathBuf>,
    /// The guest's input in hex
    #[arg(long, value_name = "HEX", help_heading = "Guest")]
    pub(crate) input_hex: Option<HexBytes>,
    /// A core's input as JSON, such as '{"n": 24}' [default: the core's example]
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["input", "input_hex"], help_heading = "Guest")]
    pub(crate) input_json: Option<String>,
}

/// How to run, whatever is run.
#[derive(Debug, Args)]
pub(crate) struct CommonArguments {
    /// Wall limit of each run, such as 30, 30s, 500ms, 5m
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = parse_duration, help_heading = "Limits")]
    pub(crate) timeout: Duration,
    /// Most instructions of each run
    #[arg(long, value_name = "N", default_value_t = 10_000_000, help_heading = "Limits")]
    pub(crate) max_steps: u64,
    /// Memory limit of each run in MiB, runner included
    #[arg(long, value_name = "MIB", default_value_t = 4096, help_heading = "Limits",
        value_parser = clap::value_parser!(u64).range(1..=MEMORY_LIMIT_MIB_MAX))]
    pub(crate) memory_limit: u64,
    /// Whether runners are started in a sandbox: off, best-effort (as far as the kernel gives one), required
    #[arg(long, value_name = "MODE", default_value = "best-effort", help_heading = "Limits")]
    pub(crate) sandbox: Sandbox,
    /// Build missing runners without asking
    #[arg(long)]
    pub(crate) install: bool,
    /// Where the reference machine has the input of guests for the platform standard, a multiple of 8 [default: 0x80000000]
    #[arg(long, value_name = "ADDR", value_parser = parse_input_base, help_heading = "Guest")]
    pub(crate) input_base: Option<Word>,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

#[derive(Debug, Args)]
pub(crate) struct OutputArguments {
    /// What is printed
    #[arg(long, value_name = "FORM", default_value = "human")]
    pub(crate) format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Human,
    /// One JSON document
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RecordsForm {
    /// One JSON array
    Json,
    /// One record a line
    Jsonl,
}

/// `x6=28`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RegisterValue {
    pub(crate) register: Register,
    /// As it was written: -1 is all ones in either width.
    pub(crate) value: i128,
}

/// `0x400000=deadbeef`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MemoryValue {
    pub(crate) address: Word,
    pub(crate) bytes: HexBytes,
}

impl FromStr for RegisterValue {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = text.split_once('=').ok_or("expected REG=VALUE, such as x6=28 or a0=0xff")?;
        Ok(Self { register: parse_register(name)?, value: parse_integer(value)? })
    }
}

impl FromStr for MemoryValue {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (address, bytes) = text.split_once('=').ok_or("expected ADDR=HEX, such as 0x400000=deadbeef")?;
        let address = u64::try_from(parse_integer(address)?).map_err(|_| format!("{address} is not an address"))?;
        Ok(Self { address: Word(address), bytes: bytes.parse().map_err(|error| format!("{error}"))? })
    }
}

fn parse_register(text: &str) -> Result<Register, String> {
    registers::parse(text)
        .and_then(Register::new)
        .ok_or_else(|| format!("{text:?} is not a register; expected x0 to x31 or an ABI name such as a0"))
}

/// Decimal, `0x…` or `0b…`, with or without a sign, between -2^63 and 2^64 - 1.
fn parse_integer(text: &str) -> Result<i128, String> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let (digits, radix) = match digits.get(..2) {
        Some("0x" | "0X") => (&digits[2..], 16),
        Some("0b" | "0B") => (&digits[2..], 2),
        _ => (digits, 10),
    };
    let digits: String = digits.chars().filter(|&c| c != '_').collect();
    let magnitude = (!digits.starts_with(['+', '-'])).then(|| i128::from_str_radix(&digits, radix).ok()).flatten();
    let value = magnitude.map(|magnitude| if negative { -magnitude } else { magnitude });
    value
        .filter(|value| (i128::from(i64::MIN)..=i128::from(u64::MAX)).contains(value))
        .ok_or_else(|| format!("{text:?} is not a 64-bit integer such as 28, -1 or 0xff"))
}

fn parse_input_base(text: &str) -> Result<Word, String> {
    let address = u64::try_from(parse_integer(text)?).ok().filter(|address| address.is_multiple_of(8));
    address.map(Word).ok_or_else(|| format!("{text:?} is not an address that is a multiple of 8"))
}

pub(crate) fn parse_isa(text: &str) -> Result<Isa, String> {
    [Isa::RV32IM, Isa::RV64IM, Isa::RV32IMA, Isa::RV64IMA]
        .into_iter()
        .find(|isa| isa.to_string() == text || isa.to_string().strip_suffix("_zifencei") == Some(text))
        .ok_or_else(|| format!("unknown instruction set {text:?}; expected rv32im, rv64im, rv32ima or rv64ima"))
}

/// Greatest `--memory-limit`: 16 TiB. Its bytes must be a number, and more is a slip of the hand.
const MEMORY_LIMIT_MIB_MAX: u64 = 1 << 24;

/// Longest `--timeout`: a day. Longer ones are a slip of the hand, and overflow clocks.
const TIMEOUT_SECONDS_MAX: u64 = 24 * 3600;

fn parse_duration(text: &str) -> Result<Duration, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| format!("{text:?} is not a time such as 30, 30s, 500ms or 5m"))?;
    let duration = match unit {
        "" | "s" => Duration::from_secs(number),
        "ms" => Duration::from_millis(number),
        "m" => Duration::from_secs(number.saturating_mul(60)),
        "h" => Duration::from_secs(number.saturating_mul(3600)),
        _ => return Err(format!("{unit:?} is not a unit of time; expected ms, s, m or h")),
    };
    if duration.is_zero() || duration > Duration::from_secs(TIMEOUT_SECONDS_MAX) {
        return Err(format!("{text:?} is out of range; expected between 1ms and 24h"));
    }
    Ok(duration)
}

#[cfg(test)]
mod tests {
    use assay_guest::harness::{DEFAULT_SCRATCH, SAFE_REGISTERS};
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_default_scratch_register_is_gp() {
        assert_eq!(parse_register("gp").unwrap().index(), DEFAULT_SCRATCH);
        assert!(!SAFE_REGISTERS.contains(&DEFAULT_SCRATCH));
    }

    #[test]
    fn integers_are_read_in_every_usual_spelling_and_nothing_else() {
        for (text, value) in [("28", 28), ("-1", -1), ("0xff", 255), ("-0x10", -16), ("0b101", 5), ("1_000", 1000)] {
            assert_eq!(parse_integer(text), Ok(value), "{text}");
        }
        assert_eq!(parse_integer("0xffffffffffffffff"), Ok(i128::from(u64::MAX)));
        for bad in ["", "-", "0x", "x", "1e3", "--1", "+1", "0x-1", "18446744073709551616", "-9223372036854775809"] {
            assert!(parse_integer(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_input_stands_at_a_multiple_of_8() {
        assert_eq!(parse_input_base("0x40000000"), Ok(Word(0x4000_0000)));
        for bad in ["4", "-8", "0x40000001", "x"] {
            assert!(parse_input_base(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn times_have_units_and_bounds() {
        for (text, ms) in [("30", 30_000), ("500ms", 500), ("5m", 300_000), ("1h", 3_600_000)] {
            assert_eq!(parse_duration(text), Ok(Duration::from_millis(ms)), "{text}");
        }
        for bad in ["", "s", "0", "1d", "-1", "1.5s", "25h", "99999999999999999999", "18446744073709551615h"] {
            assert!(parse_duration(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn isas_are_named_as_users_write_them() {
        for (name, isa) in
            [("rv32im", Isa::RV32IM), ("rv64im", Isa::RV64IM), ("rv32ima", Isa::RV32IMA), ("rv64ima", Isa::RV64IMA)]
        {
            assert_eq!(parse_isa(name), Ok(isa), "{isa}");
        }
        assert!(parse_isa("rv32gc").is_err());
    }

    #[test]
    fn exactly_one_form_of_guest_is_needed() {
        let parse = |arguments: &[&str]| Arguments::try_parse_from([&["assay", "run"], arguments].concat());
        assert!(parse(&[]).is_err());
        assert!(parse(&["--asm", "nop", "--words", "13"]).is_err());
        assert!(parse(&["x.elf", "--reg", "x5=1"]).is_err());
        assert!(parse(&["--asm", "nop", "--asm", "-8"]).is_ok());
        assert!(parse(&["--asm", "nop", "--reg", "x5=-1", "--reg", "a0=0x10"]).is_ok());
    }
}
