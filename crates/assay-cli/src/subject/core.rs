//! Cores: guests that are named, and built for whatever platform they are to run on, native among them.

use std::path::Path;

use assay_guest::{BuildError, Core, CoreError, Guest, GuestBuilder, GuestSources, PlatformFacts, cores};
use assay_isa::Isa;
use assay_spec::{ExitCode, Platform};
use serde_json::Value;

use super::{INPUT_BYTES_MAX, file_name, read_file};
use crate::{
    arguments::GuestArguments,
    failure::Failure,
    terminal::{self, Progress},
};

/// How much a name may look like another to be taken for a slip of the hand: 1 is the same.
const LIKENESS_MIN: f64 = 0.7;

/// A core, and what builds it.
pub(super) struct CoreSource {
    core: Core,
    builder: GuestBuilder,
}

/// The guest's private bytes, and where they came from.
#[derive(Default)]
pub(super) struct Input {
    pub(super) bytes: Vec<u8>,
    /// What people call it.
    pub(super) name: String,
    /// The fields that the bytes are the encoding of.
    pub(super) json: Option<Value>,
}

impl CoreSource {
    /// The core `name`. Nothing is built yet.
    pub(super) fn find(name: &str) -> Result<Self, Failure> {
        let sources = GuestSources::find(None).map_err(|error| Failure::usage("--core").because(error))?;
        let core = cores::find(&sources, name).map_err(|error| unknown(name, error))?;
        let builder = GuestBuilder::new(sources).map_err(|error| Failure::usage("--core").because(error))?;
        Ok(Self { core, builder })
    }

    pub(super) fn name(&self) -> &str {
        &self.core.name
    }

    /// The input that the arguments name: JSON is encoded as the core decodes it, and what is not called so is taken as it
    /// is. Without any, the core's own example.
    pub(super) fn input(&self, arguments: &GuestArguments) -> Result<Input, Failure> {
        if let Some(hex) = &arguments.input_hex {
            return Ok(Input { bytes: hex.0.clone(), name: "hex".to_owned(), json: None });
        }
        if let Some(path) = &arguments.input {
            let (name, bytes) = (file_name(path), read_file(path, INPUT_BYTES_MAX)?);
            return if is_raw(path) { Ok(Input { bytes, name, json: None }) } else { self.encoded(name, &bytes) };
        }
        if let Some(text) = &arguments.input_json {
            return self.encoded("json".to_owned(), text.as_bytes());
        }
        terminal::note(&format!("no input is given; taking the core's example: {}", self.core.example));
        self.encode("example".to_owned(), self.core.example.clone())
    }

    fn encoded(&self, name: String, json: &[u8]) -> Result<Input, Failure> {
        let value = serde_json::from_slice(json).map_err(|error| {
            Failure::usage(format!("the input {name} is not JSON"))
                .because(error)
                .help(format!("such as {}; a file whose name ends in .bin is taken as it is", self.core.example))
        })?;
        self.encode(name, value)
    }

    fn encode(&self, name: String, value: Value) -> Result<Input, Failure> {
        let bytes = self.core.encode(&value).map_err(|error| {
            Failure::usage(format!("the input {name} is none for the core {}", self.core.name))
                .because(error)
                .help(format!("such as {}", self.core.example))
        })?;
        Ok(Input { bytes, name, json: Some(value) })
    }

    /// The core for `platform`; built if it was not before. A width of registers that the platform does not have is not
    /// for it.
    pub(super) fn build(&self, platform: Platform, isa: Option<Isa>) -> Result<Guest, Failure> {
        let facts = PlatformFacts::find(platform);
        let isa = isa.filter(|isa| facts.is_some_and(|facts| facts.isa(isa.xlen).is_some()));
        let progress = Progress::start(format!("building the cores for {platform}"));
        let mut told = terminal::is_seen();
        let built = self.builder.build_core(&self.core.name, platform, isa, &mut |line| {
            if !told {
                terminal::note(&format!("building the cores for {platform}: {}", line.trim()));
                told = true;
            }
            progress.say(line.trim());
        });
        drop(progress);
        built.map(|built| built.guest).map_err(|error| {
            let exit = match &error {
                BuildError::Sources(_) | BuildError::Core(_) | BuildError::Guest(_) | BuildError::NativeIsa { .. } => {
                    ExitCode::Usage
                }
                _ => ExitCode::BackendMissing,
            };
            Failure::new(exit, format!("the core {} could not be built for {platform}", self.core.name)).because(error)
        })
    }
}

fn is_raw(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "bin")
}

fn unknown(name: &str, error: CoreError) -> Failure {
    let nearest = match &error {
        CoreError::Unknown { known, .. } => nearest(name, known),
        _ => None,
    };
    let failure = Failure::usage("--core").because(error);
    match nearest {
        Some(nearest) => failure.help(format!("did you mean --core {nearest}?")),
        None => failure,
    }
}

/// The name that `name` was perhaps meant to be.
fn nearest(name: &str, known: &[String]) -> Option<String> {
    let name: String = name.chars().take(80).map(|c| if c == '-' { '_' } else { c.to_ascii_lowercase() }).collect();
    let likeness = |other: &String| strsim::jaro_winkler(&name, other);
    let likely = known.iter().filter(|other| likeness(other) >= LIKENESS_MIN);
    likely.max_by(|one, other| likeness(one).total_cmp(&likeness(other))).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_hand_is_told_what_was_meant_and_nonsense_is_not() {
        let known: Vec<String> = ["fib", "io_echo", "panic_test", "sha256"].map(str::to_owned).to_vec();
        for (slip, meant) in
            [("fibb", "fib"), ("io-echo", "io_echo"), ("Panic_tset", "panic_test"), ("sha-256", "sha256")]
        {
            assert_eq!(nearest(slip, &known).as_deref(), Some(meant));
        }
        for nonsense in ["", "zzzz", "\u{1b}[31m"] {
            assert_eq!(nearest(nonsense, &known), None, "{nonsense}");
        }
    }
}
