//! From the guest arguments to a guest for a platform.

mod core;

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

use assay_guest::{Commitment, Guest, Harness, PlatformFacts, body_from_text, parse_words, read_seeds};
use assay_isa::{Isa, Xlen};
use assay_spec::{MemoryInit, Platform, RegisterFile, Seed, SequenceSource, Word};

use self::core::{CoreSource, Input};
pub(crate) use self::core::{open_project, project_path};
use crate::{arguments::GuestArguments, failure::Failure, report::printable, terminal};

/// Largest file of assembly, words or seeds, in bytes.
const TEXT_BYTES_MAX: u64 = 64 << 20;
/// Largest input, in bytes.
const INPUT_BYTES_MAX: u64 = 64 << 20;
/// Largest ELF, in bytes; the ELF reader has a limit of its own below that.
pub(crate) const ELF_BYTES_MAX: u64 = 256 << 20;

/// What is to be run, before it is known on which platform.
pub(crate) struct Subject<'a> {
    arguments: &'a GuestArguments,
    source: Source,
    /// The guest's private bytes.
    pub(crate) input: Vec<u8>,
    /// What people call the input: its file, `hex`, `json` or `none`.
    pub(crate) input_name: String,
    /// The fields that the input is the encoding of, for a core.
    pub(crate) input_json: Option<serde_json::Value>,
}

/// What a guest is wanted for. A sequence that is to be proved has an epilogue that commits to its output in the zkVM's
/// own way, which a short trace is better without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Execute,
    Prove,
}

enum Source {
    Core(CoreSource),
    Elf { name: String, bytes: Vec<u8> },
    Text { name: String, text: String },
    Words(String),
    Seed { name: String, seed: Seed },
}

impl<'a> Subject<'a> {
    /// Reads the files that the arguments name.
    pub(crate) fn read(arguments: &'a GuestArguments) -> Result<Self, Failure> {
        let source = if let Some(name) = &arguments.core {
            Source::Core(CoreSource::find(name)?)
        } else if let Some(path) = &arguments.elf {
            Source::Elf { name: file_name(path), bytes: read_file(path, ELF_BYTES_MAX)? }
        } else if let Some(path) = &arguments.insts {
            Source::Text { name: file_name(path), text: read_text(path)? }
        } else if let Some(words) = &arguments.words {
            Source::Words(words.clone())
        } else if let Some(spec) = &arguments.seed {
            read_seed(spec)?
        } else {
            Source::Text { name: "asm".to_owned(), text: arguments.asm.join("\n") }
        };
        if arguments.input_json.is_some() && arguments.core.is_none() {
            return Err(Failure::usage("--input-json is for cores, which say how their input is encoded")
                .help("name one with --core, or give the bytes with --input or --input-hex"));
        }
        let input = match (&source, &arguments.input, &arguments.input_hex) {
            (Source::Core(core), ..) => core.input(arguments)?,
            (_, Some(path), _) => Input { bytes: read_file(path, INPUT_BYTES_MAX)?, name: file_name(path), json: None },
            (_, None, Some(hex)) => Input { bytes: hex.0.clone(), name: "hex".to_owned(), json: None },
            (_, None, None) => Input { name: "none".to_owned(), ..Input::default() },
        };
        Ok(Self { arguments, source, input: input.bytes, input_name: input.name, input_json: input.json })
    }

    /// Whether it is a core, which is built for whatever platform it is to run on.
    pub(crate) fn is_core(&self) -> bool {
        matches!(self.source, Source::Core(_))
    }

    /// Whether the guest is an instruction sequence in a harness.
    pub(crate) fn is_sequence(&self) -> bool {
        !matches!(self.source, Source::Elf { .. } | Source::Core(_))
    }

    /// What is kept of it with a run, so that it can be looked at and changed. `baseline` is its guest on the platform of
    /// the baseline.
    pub(crate) fn record(&self, baseline: &Guest) -> Result<assay_spec::Source, Failure> {
        let isa = self.arguments.isa.map(|isa| isa.to_string());
        let (name, seed) = match &self.source {
            Source::Core(core) => return Ok(assay_spec::Source::Core { name: core.name().to_owned() }),
            Source::Elf { name, .. } => return Ok(assay_spec::Source::Elf { name: name.clone(), isa }),
            Source::Seed { name, seed } => (name.as_str(), seed.clone()),
            Source::Text { name, .. } => (name.as_str(), Seed::default()),
            Source::Words(_) => ("words", Seed::default()),
        };
        let mut seed = Seed { instructions: body(baseline), ..seed };
        if let Some(isa) = baseline.isa() {
            seed.registers.extend(self.registers(isa)?);
        }
        seed.memory.extend(self.memory());
        Ok(assay_spec::Source::Sequence(Box::new(SequenceSource {
            name: name.to_owned(),
            seed,
            isa,
            scratch: self.arguments.scratch_register,
            safe_registers: self.arguments.safe_registers,
        })))
    }

    /// The guest for `platform`, to be executed.
    pub(crate) fn guest(&self, platform: Platform) -> Result<Guest, Failure> {
        self.guest_for(platform, Purpose::Execute)
    }

    /// The guest for `platform`.
    pub(crate) fn guest_for(&self, platform: Platform, purpose: Purpose) -> Result<Guest, Failure> {
        match &self.source {
            Source::Core(core) => core.build(platform, self.arguments.isa),
            _ if platform == Platform::Native => {
                Err(Failure::usage("the backend native runs cores, which are built for this machine")
                    .help("name a core, such as --core fib, or choose another backend"))
            }
            Source::Elf { name, bytes } => self.elf(name, bytes, platform),
            Source::Text { .. } | Source::Words(_) | Source::Seed { .. } => self.sequence(platform, purpose),
        }
    }

    fn elf(&self, name: &str, bytes: &[u8], platform: Platform) -> Result<Guest, Failure> {
        let guest = match self.arguments.isa {
            None => Guest::from_elf(name, bytes.to_vec(), platform),
            Some(isa) => Guest::from_elf_with_isa(name, bytes.to_vec(), platform, isa),
        };
        guest.map_err(|error| Failure::usage(format!("{name} is not a guest that can be run")).because(error))
    }

    fn sequence(&self, platform: Platform, purpose: Purpose) -> Result<Guest, Failure> {
        let isa = self.isa(platform);
        let mut harness = match &self.source {
            Source::Seed { seed, .. } => Harness::from_seed(seed, platform, isa),
            _ => Harness::new(platform, isa, Vec::new()),
        };
        harness.registers.extend(self.registers(isa)?);
        harness.memory.extend(self.memory());
        harness.scratch = self.arguments.scratch_register;
        harness.safe_registers = self.arguments.safe_registers;
        harness.commitment = match purpose {
            Purpose::Execute => Commitment::Absent,
            Purpose::Prove => Commitment::Digest,
        };
        let name = match &self.source {
            Source::Words(text) => {
                harness.body = parse_words(text)
                    .map_err(|error| Failure::usage("--words is not a list of instruction words").because(error))?;
                "words"
            }
            Source::Text { name, text } => {
                harness.body = body_from_text(text, isa, name, harness.body_start())
                    .map_err(|error| Failure::usage("there is no instruction sequence to run").because(error))?;
                name
            }
            Source::Seed { name, .. } | Source::Elf { name, .. } => name,
            Source::Core(core) => core.name(),
        };
        for word in harness.undecodable() {
            terminal::note(&format!(
                "warning: instruction {} ({:#010x}) is not of {isa}: {}",
                word.index + 1,
                word.word,
                word.error
            ));
        }
        harness.build(name).map_err(|error| {
            Failure::usage(format!("no guest for platform {platform} can be made of this sequence")).because(error)
        })
    }

    /// Values of `--reg` over those of the seed.
    fn registers(&self, isa: Isa) -> Result<RegisterFile, Failure> {
        let bits = isa.xlen.bits();
        let range = -(1i128 << (bits - 1))..(1i128 << bits);
        let values = self.arguments.reg.iter().map(|value| {
            if !range.contains(&value.value) {
                return Err(Failure::usage(format!(
                    "--reg {}={}: does not fit {bits} bits",
                    value.register, value.value
                ))
                .help("choose a smaller value, or --isa rv64im"));
            }
            Ok((value.register, Word(isa.xlen.truncate(value.value as u64))))
        });
        // A register that is set to 0 starts at 0 anyway; x0 set to 0 is no error.
        values.collect()
    }

    /// What `--mem` puts into memory besides that of the seed.
    fn memory(&self) -> impl Iterator<Item = MemoryInit> {
        self.arguments.mem.iter().map(|value| MemoryInit { addr: value.address, hex: value.bytes.clone() })
    }

    fn isa(&self, platform: Platform) -> Isa {
        let facts = PlatformFacts::of(platform);
        match self.arguments.isa {
            None => facts.isa(Xlen::Rv32).unwrap_or(facts.isas[0]),
            // What the platform's guests have on top, such as OpenVM's own instructions, is not asked of users.
            Some(asked) if platform != Platform::Standard && asked.xlen == Xlen::Rv32 && !asked.ext.a => {
                facts.isa(asked.xlen).unwrap_or(asked)
            }
            Some(asked) => asked,
        }
    }
}

/// The instruction sequence in a guest that a harness made.
pub(crate) fn body(guest: &Guest) -> Vec<u32> {
    let layout = guest.harness.iter();
    layout
        .flat_map(|layout| (layout.body_start..layout.body_end).step_by(4))
        .filter_map(|address| guest.read_word(address))
        .collect()
}

/// `FILE` or `FILE#N`, N from 1.
fn read_seed(spec: &str) -> Result<Source, Failure> {
    let (path, number) = match spec.rsplit_once('#') {
        Some((path, number)) if number.chars().all(|c| c.is_ascii_digit()) && !number.is_empty() => {
            // No file has as many seeds as a number that is too long for this: it is said how many there are.
            match number.parse().unwrap_or(usize::MAX) {
                0 => return Err(Failure::usage(format!("--seed {spec}: seeds are numbered from 1"))),
                number => (path, Some(number)),
            }
        }
        _ => (spec, None),
    };
    let name = file_name(Path::new(path));
    let read = read_seeds(&read_file(Path::new(path), TEXT_BYTES_MAX)?)
        .map_err(|error| Failure::usage(format!("{name} is not a seed file")).because(error))?;
    if !read.unknown_fields.is_empty() {
        let fields = printable(&read.unknown_fields.join(", "));
        terminal::note(&format!("warning: {name} has fields that a seed does not have; they are left out: {fields}"));
    }
    let mut seeds = read.value;
    let count = seeds.len();
    match number {
        Some(number) if number <= count => {
            Ok(Source::Seed { name: format!("{name}#{number}"), seed: seeds.swap_remove(number - 1) })
        }
        Some(number) => Err(Failure::usage(format!("{name} has {count} seeds; there is no seed {number}"))),
        None if count == 1 => Ok(Source::Seed { name, seed: seeds.swap_remove(0) }),
        None if count == 0 => Err(Failure::usage(format!("{name} has no seeds"))),
        None => Err(Failure::usage(format!("{name} has {count} seeds"))
            .help(format!("choose one: --seed '{path}#1' to '{path}#{count}'"))),
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn read_text(path: &Path) -> Result<String, Failure> {
    String::from_utf8(read_file(path, TEXT_BYTES_MAX)?).map_err(|error| {
        Failure::usage(format!("{} is not text", path.display()))
            .because(error)
            .help("give an ELF file as an argument without an option")
    })
}

/// Reads at most `limit` bytes, also from what has no size (a pipe, a device).
pub(crate) fn read_file(path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(limit + 1).read_to_end(&mut bytes));
    match read {
        Ok(_) if bytes.len() as u64 > limit => Err(Failure::usage(format!(
            "{} is larger than {} MiB, the limit for such a file",
            path.display(),
            limit >> 20
        ))),
        Ok(_) => Ok(bytes),
        Err(error) => {
            let failure = Failure::usage(format!("could not read {}", path.display()));
            let failure = match error.kind() {
                io::ErrorKind::NotFound => failure.help("check the name; it is taken relative to the current folder"),
                _ => failure,
            };
            Err(failure.because(error))
        }
    }
}
