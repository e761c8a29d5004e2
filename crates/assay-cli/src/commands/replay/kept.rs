//! A kept run as it is found again: in a store by its name or its finding's, or in a folder that was copied from one.

use std::path::Path;

use assay_guest::{Guest, PlatformFacts};
use assay_isa::Isa;
use assay_spec::{Finding, FindingId, NamedOutcome, Platform, RunId, RunRecord, Source};
use assay_store::{FindingFolder, SavedRun, Store, StoreError};

use crate::{
    arguments::StoreArguments,
    commands::diff::{comparing::Guests, plan::Plan},
    failure::Failure,
};

/// Most backends, and most planted faults, of a kept run.
const BACKENDS_MAX: usize = 100;

pub(crate) struct KeptRun {
    pub(crate) saved: SavedRun,
    pub(crate) record: RunRecord,
    /// The finding that is looked for, if it is one and not the whole run.
    pub(crate) finding: Option<Finding>,
    /// Whether it is from a folder that may come from anybody, and not from the user's own store.
    pub(crate) is_foreign: bool,
}

impl KeptRun {
    /// What is called `what`: a run or a finding of the store, or the folder of a finding anywhere.
    pub(crate) fn read(what: &str, store: &StoreArguments) -> Result<Self, Failure> {
        let path = Path::new(what);
        let (run_id, finding_id) = (what.parse::<RunId>().ok(), what.parse::<FindingId>().ok());
        let named = run_id.is_some() || finding_id.is_some();
        // A folder that is called like a finding is one, unless the store has it too.
        if path.is_dir() && !(named && store.place().is_dir()) {
            return Self::of_folder(path);
        }
        if !named {
            return Err(Failure::usage(format!("{what:?} is neither a run, nor a finding, nor a folder")).help(
                "give a run such as 20260131_235959_fib_K7Q2MX, a finding such as F0123456789abcdef, or the folder of a finding",
            ));
        }
        let opened = Store::open_existing(store.place()).map_err(|error| not_read(what, &error))?;
        let found = match (run_id, finding_id) {
            (Some(run_id), _) => opened.saved_run(&run_id).and_then(|saved| Self::new(saved, None, path)),
            (None, Some(finding_id)) => opened.finding(&finding_id).and_then(|finding| {
                let folder = opened.finding_path(&finding_id);
                let read = FindingFolder::read(&folder)?;
                // The folder knows its own part only; the store knows state and merges, which do not matter here.
                Self::new(read.exemplar, Some(finding), &folder)
            }),
            (None, None) => unreachable!("it has a name"),
        };
        found.map_err(|error| not_read(what, &error))
    }

    fn of_folder(path: &Path) -> Result<Self, Failure> {
        let what = path.display().to_string();
        let read = FindingFolder::read(path).map_err(|error| not_read(&what, &error))?;
        let kept = Self::new(read.exemplar, Some(read.finding), path).map_err(|error| not_read(&what, &error))?;
        Ok(Self { is_foreign: true, ..kept })
    }

    fn new(saved: SavedRun, finding: Option<Finding>, place: &Path) -> Result<Self, StoreError> {
        let damaged = |why: &str| StoreError::Inconsistent { path: place.to_owned(), why: why.to_owned() };
        let record = saved.log.record.as_deref().cloned();
        let record = record.ok_or_else(|| damaged("its run log does not say how it was run"))?;
        if record.backends.len() > BACKENDS_MAX || record.planted_faults.len() > BACKENDS_MAX {
            return Err(damaged("its run log has more backends than any run"));
        }
        Ok(Self { saved, record, finding, is_foreign: false })
    }

    /// The guests, one for each platform, from the kept ELFs.
    pub(crate) fn guests(&self) -> Result<Guests, Failure> {
        let mut guests = Guests::new();
        for run in &self.saved.log.outcomes {
            let platform = run.outcome.backend.platform;
            let guest = match guests.remove(&platform) {
                Some(guest) => guest,
                None => self.guest(run)?,
            };
            if guest.digest != run.outcome.guest.digest {
                return Err(damaged(&format!("{} ran another guest than others of platform {platform}", run.name)));
            }
            guests.insert(platform, guest);
        }
        Ok(guests)
    }

    fn guest(&self, run: &NamedOutcome) -> Result<Guest, Failure> {
        let id = &run.outcome.guest;
        let elf = self.saved.guests.get(&id.digest).cloned();
        let elf = elf.ok_or_else(|| damaged(&format!("the guest of {} ({}) is missing", run.name, id.digest)))?;
        let backend = &run.outcome.backend;
        let guest = if backend.platform == Platform::Native {
            Guest::native(&id.name, elf)
        } else {
            let isa = isa(backend.platform, &backend.isa).ok_or_else(|| {
                damaged(&format!("{} ran on {:?}, which is no instruction set", run.name, backend.isa))
            })?;
            let guest = Guest::from_elf_with_isa(&id.name, elf, backend.platform, isa);
            guest.map_err(|error| damaged(&format!("the guest of {} is none", run.name)).because(error))?
        };
        let guest = match self.record.source {
            Source::Core { .. } => guest.on_runtime(),
            Source::Sequence(_) | Source::Elf { .. } => guest,
        };
        match &run.sequence {
            None => Ok(guest),
            Some(place) => guest
                .with_sequence(place)
                .map_err(|error| damaged(&format!("the sequence is not where {} ran it", run.name)).because(error)),
        }
    }

    /// Whether the plan is of what was kept: the same runs, each with a guest.
    pub(crate) fn check_plan(&self, plan: &Plan, guests: &Guests) -> Result<(), Failure> {
        let planned = plan.entries.iter().map(|entry| (entry.name.as_str(), entry.platform));
        let kept = self.saved.log.outcomes.iter().map(|run| (run.name.as_str(), run.outcome.backend.platform));
        if planned.eq(kept) && plan.entries.iter().all(|entry| guests.contains_key(&entry.platform)) {
            return Ok(());
        }
        Err(damaged("the run log does not fit the backends that it says were asked for"))
    }
}

/// The instruction set of that name, as guests of `platform` can have it.
fn isa(platform: Platform, name: &str) -> Option<Isa> {
    let own = PlatformFacts::find(platform).map_or(&[][..], |facts| facts.isas);
    let others = [Isa::RV32IM, Isa::RV64IM, Isa::RV32IMA, Isa::RV64IMA];
    own.iter().copied().chain(others).find(|isa| isa.to_string() == name)
}

fn not_read(what: &str, error: &StoreError) -> Failure {
    Failure::usage(format!("{what} cannot be run again")).because(error.to_string())
}

fn damaged(why: &str) -> Failure {
    Failure::usage("what was kept does not fit together").because(why.to_owned())
}
