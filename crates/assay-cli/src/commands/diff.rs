//! `assay diff`: one guest on several backends, and where they disagree.

pub(crate) mod comparing;
mod judge;
pub(crate) mod plan;
pub(crate) mod recording;
mod text;

use std::path::Path;

use assay_guest::Guest;
use assay_spec::{ExitCode, Platform, Provenance, RunLog, Source};
use assay_store::{Folder, StoreError};

use self::{
    comparing::{Comparing, Guests, StandIns, asked, exit_code, found},
    plan::{Asked, Plan, Role},
    recording::{Asking, record},
};
use super::{keep, print, print_json};
use crate::{
    arguments::{CommonArguments, DiffArguments, Format, KeepArguments},
    failure::Failure,
    session::Session,
    subject::{Purpose, Subject},
};

/// What is compared: a guest for each platform that it can be had for, and an input.
pub(crate) trait Compared {
    /// The guest for `platform`.
    fn guest(&self, platform: Platform) -> Result<Guest, Failure>;

    /// Whether there is a guest for any platform; else there is one for whichever is asked for first.
    fn is_for_any_platform(&self) -> bool;

    /// The private bytes, and what is kept of where they came from.
    fn input(&self) -> Input<'_>;

    /// What is kept of it with a run. `baseline` is its guest on the platform of the baseline.
    fn record(&self, baseline: &Guest) -> Result<Source, Failure>;
}

/// The input of what is compared.
pub(crate) struct Input<'a> {
    pub(crate) bytes: &'a [u8],
    /// What people call it.
    pub(crate) name: &'a str,
    /// The fields that it is the encoding of, for a core.
    pub(crate) json: Option<&'a serde_json::Value>,
}

impl Compared for Subject<'_> {
    fn guest(&self, platform: Platform) -> Result<Guest, Failure> {
        self.guest_for(platform, Purpose::Execute)
    }

    fn is_for_any_platform(&self) -> bool {
        self.is_sequence() || self.is_core()
    }

    fn input(&self) -> Input<'_> {
        Input { bytes: &self.input, name: &self.input_name, json: self.input_json.as_ref() }
    }

    fn record(&self, baseline: &Guest) -> Result<Source, Failure> {
        Self::record(self, baseline)
    }
}

/// Between what it is compared, and where that goes.
pub(crate) struct Between<'a> {
    pub(crate) backends: &'a [String],
    /// The platform that was asked for.
    pub(crate) platform: Option<Platform>,
    pub(crate) run: &'a CommonArguments,
    pub(crate) store: &'a KeepArguments,
    pub(crate) out: Option<&'a Path>,
    pub(crate) planted_faults: &'a [String],
}

pub(crate) fn run(arguments: &DiffArguments) -> Result<ExitCode, Failure> {
    let between = Between {
        backends: &arguments.backend,
        platform: arguments.guest.platform,
        run: &arguments.run,
        store: &arguments.store,
        out: arguments.out.as_deref(),
        planted_faults: &arguments.plant_fault,
    };
    compare(&Subject::read(&arguments.guest)?, &between, &Session::open(&arguments.run))
}

/// Runs what is compared on every backend, says where they disagree, and keeps the run.
pub(crate) fn compare(subject: &dyn Compared, between: &Between<'_>, session: &Session) -> Result<ExitCode, Failure> {
    let stand_ins = StandIns::new();
    let fault = !between.planted_faults.is_empty();
    let asked = asked(between.backends, between.platform, fault, session, &stand_ins)?;
    let plan = Plan::new(&asked);
    if plan.entries.len() < 2 {
        return Err(Failure::usage("diff needs two backends").help("repeat -b, such as -b reference -b openvm"));
    }
    let guests = guests(&plan, subject)?;
    let input = subject.input();
    let comparing = Comparing {
        plan: &plan,
        guests: &guests,
        input: input.bytes,
        planted_faults: between.planted_faults,
        stand_ins: &stand_ins,
    };
    let mut log = comparing.run(session)?;
    let found = found(&log, &guests);
    let exit = exit_code(&log.comparisons, &found);

    let keep_run = |log: &RunLog| -> Result<Option<_>, Failure> {
        let Some(place) = between.store.place() else { return Ok(None) };
        let asking = Asking {
            source: subject.record(&guests[&plan.entries[plan.baseline].platform])?,
            input_name: input.name.to_owned(),
            input_json: input.json.cloned(),
            input: input.bytes,
            guests: &guests,
            backends: backends(between, &asked),
            planted_faults: between.planted_faults,
            provenance: Provenance::default(),
        };
        Ok(Some(record(place, log, &found, session, asking)))
    };
    // Nobody waits for the store to see what people read; a document has the name of its run in it.
    let kept = match between.run.output.format {
        Format::Json => {
            let kept = keep_run(&log)?;
            if let Some(Ok(recorded)) = &kept {
                log = recorded.log.clone();
            }
            print_json(&log)?;
            kept
        }
        Format::Human => {
            print(&text::human(&log, &guests))?;
            let kept = keep_run(&log)?;
            if let Some(Ok(recorded)) = &kept {
                log = recorded.log.clone();
                print(&recording::human(recorded, &found))?;
            }
            kept
        }
    };
    let exit = match kept {
        Some(Err(error)) => {
            recording::warn(&error);
            ExitCode::RecordingFailed
        }
        _ => exit,
    };
    Ok(match between.out {
        Some(folder) => keep(folder, |folder| keep_log(folder, &log, &guests, input.bytes), exit),
        None => exit,
    })
}

/// The backends as they were asked for, each with its platform where that does not follow from its name.
fn backends(between: &Between<'_>, asked: &[Asked]) -> Vec<String> {
    let given = between.backends.iter().zip(asked);
    given
        .map(|(given, asked)| {
            let follows = asked.role == Role::Native || asked.role == Role::Runner && between.platform.is_none();
            if follows { given.clone() } else { format!("{}@{}", asked.backend, asked.platform) }
        })
        .collect()
}

fn guests(plan: &Plan, subject: &dyn Compared) -> Result<Guests, Failure> {
    let mut guests = Guests::new();
    for entry in &plan.entries {
        if !guests.contains_key(&entry.platform) {
            if !subject.is_for_any_platform() && !guests.is_empty() {
                let all: Vec<_> = plan
                    .entries
                    .iter()
                    .map(|entry| format!("{} runs guests of {}", entry.name, entry.platform))
                    .collect();
                return Err(Failure::usage(format!("an ELF is built for one platform, but {}", all.join(", "))).help(
                    "name backends of one platform, or give an instruction sequence or a core, which become a guest for each",
                ));
            }
            guests.insert(entry.platform, subject.guest(entry.platform)?);
        }
    }
    Ok(guests)
}

/// `guest.elf` for one platform, `guest@PLATFORM.elf` for several; `input.bin` where there was an input; the log.
fn keep_log(folder: &Folder, log: &RunLog, guests: &Guests, input: &[u8]) -> Result<(), StoreError> {
    for (platform, guest) in guests {
        let name = if guests.len() == 1 { "guest.elf".to_owned() } else { format!("guest@{platform}.elf") };
        folder.write(&name, &guest.elf)?;
    }
    if !input.is_empty() {
        folder.write("input.bin", input)?;
    }
    folder.write_json("run_log.json", log).map(drop)
}
