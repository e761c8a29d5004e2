//! From the program of a case to a guest of its target: the only place of the kit that builds.

use std::collections::HashMap;

use assay_guest::{
    BodyError, BuildError, Guest, GuestBuilder, Harness, HarnessError, body_from_text, harness::Commitment,
};
use assay_isa::Isa;
use assay_spec::{Digest, Platform};

use crate::case::{Program, Sequence, Target};

/// Makes guests of cases, each core once.
pub struct Guests {
    builder: Result<GuestBuilder, String>,
    target: Target,
    cores: HashMap<&'static str, Result<Guest, String>>,
}

/// What is run for a case.
#[derive(Debug)]
pub(crate) enum Made {
    /// This.
    Guest(Box<Guest>),
    /// A file that Assay's own reader refuses for this reason, as a guest for a backend with a loader of its own.
    Unread(Box<Guest>, String),
    /// The case does not apply.
    NotApplicable(String),
    /// The guest cannot be built here.
    Unbuilt(String),
}

impl Guests {
    /// Guests of `target`, whose cores `builder` builds; without one, cases of cores are not run.
    pub fn new(target: Target, builder: Result<GuestBuilder, BuildError>) -> Self {
        Self { builder: builder.map_err(|error| error.to_string()), target, cores: HashMap::new() }
    }

    /// The target.
    pub fn target(&self) -> Target {
        self.target
    }

    /// The guest of a case. Lines of the compiler go to `show`.
    pub(crate) fn make(&mut self, program: &Program, show: &mut dyn FnMut(&str)) -> Made {
        let made = match program {
            Program::Core(name) => self.core(name, show),
            Program::Sequence(sequence) => sequence_guest(sequence, self.target, Commitment::Absent),
            Program::Executable { elf, layout } => {
                match Guest::from_elf("conform", elf.clone(), self.target.platform) {
                    Ok(guest) => Ok(Guest { harness: layout.clone(), ..guest }),
                    Err(error) => return Made::Unread(Box::new(unread(elf, self.target.platform)), error.to_string()),
                }
            }
            Program::NotApplicable(why) => return Made::NotApplicable(why.clone()),
        };
        made.map_or_else(Made::Unbuilt, |guest| Made::Guest(Box::new(guest)))
    }

    fn core(&mut self, name: &'static str, show: &mut dyn FnMut(&str)) -> Result<Guest, String> {
        let Self { builder, target, cores } = self;
        let build = || {
            let builder = builder.as_ref().map_err(Clone::clone)?;
            let built = builder.build_core(name, target.platform, target.isa, show);
            built.map(|built| built.guest).map_err(|error| error.to_string())
        };
        cores.entry(name).or_insert_with(build).clone()
    }
}

/// The guest of a sequence; its output is committed to if it is to be proved.
pub(crate) fn sequence_guest(sequence: &Sequence, target: Target, commitment: Commitment) -> Result<Guest, String> {
    let isa = target.isa.ok_or("a native guest has no hart")?;
    let body = words(&sequence.text, isa).map_err(|error| error.to_string())?;
    let harness = Harness {
        registers: sequence.registers.clone(),
        memory: sequence.memory.clone(),
        commitment,
        ..Harness::new(target.platform, isa, body)
    };
    harness.build("conform").map_err(|error: HarnessError| error.to_string())
}

/// The words of a sequence.
pub(crate) fn words(text: &str, isa: Isa) -> Result<Vec<u32>, BodyError> {
    body_from_text(text, isa, "the case", 0)
}

/// A file as it is, whatever it is.
fn unread(elf: &[u8], platform: Platform) -> Guest {
    Guest {
        name: "conform".to_owned(),
        digest: Digest::of(elf),
        elf: elf.to_vec(),
        platform,
        program: None,
        harness: None,
        runtime: false,
    }
}
