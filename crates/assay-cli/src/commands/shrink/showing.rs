//! Whether a case shows the same finding: guests are made of it, run on the two backends that the finding is about, and
//! compared as `assay diff` does.

use std::sync::Mutex;

use assay_backend::Backend;
use assay_fuzz::shrink::{Answer, Case, Focus, Predicate};
use assay_guest::{Core, GuestSources, Harness, cores};
use assay_isa::Isa;
use assay_oracle::Sighting;
use assay_spec::{Identity, Platform, RunLog, SequenceSource, Source};

use crate::{
    commands::{
        diff::{
            comparing::{Comparing, Guests, StandIns, as_asked_for, found},
            plan::{Asked, Plan},
        },
        replay::{asked_again, kept::KeptRun},
    },
    failure::Failure,
    session::Session,
    subject::body,
};

/// What a case is a case of, and with that how guests and input are made of it.
pub(super) enum Form<'a> {
    /// An instruction sequence: each case has guests of its own.
    Sequence(&'a SequenceSource),
    /// A core whose input has fields: the guests stay, the input is encoded anew.
    Core(Box<Core>),
    /// The bytes of the input alone; the guests stay.
    Input,
}

/// The finding, and what it takes to look for it.
pub(super) struct Showing<'a> {
    kept: &'a KeptRun,
    pub(super) wanted: &'a Identity,
    pub(super) form: Form<'a>,
    session: &'a Session,
    stand_ins: &'a StandIns,
    plan: Plan,
    guests: Guests,
    /// Name of the outcome that the finding is about, in the kept log, and the comparison that shows it.
    sighting: Sighting,
    /// Backends that are warm and that no test has at the moment, a set for each test at a time.
    idle: Mutex<Vec<Vec<Box<dyn Backend>>>>,
}

/// A case that was run once more.
pub(super) struct Repeated {
    pub(super) log: RunLog,
    pub(super) found: Vec<Sighting>,
    pub(super) guests: Guests,
    pub(super) input: Vec<u8>,
}

impl<'a> Showing<'a> {
    pub(super) fn new(
        kept: &'a KeptRun,
        guests: Guests,
        wanted: &'a Identity,
        session: &'a Session,
        stand_ins: &'a StandIns,
    ) -> Result<Self, Failure> {
        let log = &kept.saved.log;
        let sighting =
            found(log, &guests).into_iter().find(|sighting| sighting.identity == *wanted).ok_or_else(|| {
                Failure::usage("the kept run does not show the finding as this version tells findings apart")
                    .help("run it again to have it filed anew: assay diff")
            })?;
        let comparison = &log.comparisons[sighting.comparison];
        let whole = Plan::new(&asked_again(kept, session, stand_ins)?);
        kept.check_plan(&whole, &guests)?;
        // The two sides alone: what else was run says nothing about this finding.
        let sides = [&comparison.baseline, &comparison.target];
        let sides = whole.entries.iter().filter(|entry| sides.contains(&&entry.name));
        let plan = Plan::new(
            &sides
                .map(|entry| Asked { backend: entry.backend.clone(), platform: entry.platform, role: entry.role })
                .collect::<Vec<_>>(),
        );
        let form = match &kept.record.source {
            Source::Sequence(sequence) => Form::Sequence(sequence),
            Source::Core { name } if kept.record.input.json.is_some() => Form::Core(Box::new(core(name)?)),
            Source::Core { .. } | Source::Elf { .. } => Form::Input,
        };
        Ok(Self { kept, wanted, form, session, stand_ins, plan, guests, sighting, idle: Mutex::default() })
    }

    /// The platform and the ISA that the finding is about.
    fn target(&self) -> (Platform, Isa) {
        let run = self.kept.saved.log.outcome(&self.sighting.target);
        let platform = run.map_or(Platform::Standard, |run| run.outcome.backend.platform);
        let isa = self.guests.get(&platform).and_then(assay_guest::Guest::isa);
        (platform, isa.unwrap_or(Isa::RV32IM))
    }

    /// The case that the finding was seen with.
    pub(super) fn original(&self) -> Case {
        let (platform, isa) = self.target();
        let input = self.kept.saved.input.clone();
        match (&self.form, &self.kept.record.input.json) {
            (Form::Sequence(sequence), _) => {
                let mut case = Case::from_seed(&sequence.seed, isa).with_input(input);
                // Text may have become other words on each platform; the seed has those of the baseline.
                if let Some(guest) = self.guests.get(&platform) {
                    case.instructions = body(guest);
                }
                case
            }
            (Form::Core(_), Some(fields)) => Case::from_fields(fields.clone(), isa),
            (Form::Core(_) | Form::Input, _) => Case::empty(isa).with_input(input),
        }
    }

    /// Where the runs part in the sequence, where the kept run says so.
    pub(super) fn focus(&self) -> Option<Focus> {
        let first = self.kept.saved.log.comparisons[self.sighting.comparison].first_divergence.as_ref()?;
        let pc = first.target.as_ref().or(first.baseline.as_ref())?.pc.0;
        let layout = self.guests.get(&self.target().0)?.harness.as_ref()?;
        layout.body_index(pc).map(Focus::at)
    }

    /// The platform on which the reference machine may look at the original first.
    pub(super) fn observed(&self) -> Option<Platform> {
        matches!(self.form, Form::Sequence(_)).then(|| self.target().0)
    }

    /// Runs a case once more and says whether it shows the finding; `None` if it does not.
    pub(super) fn repeat(&self, case: &Case) -> Result<Option<Repeated>, Failure> {
        let repeated = self.compare(case)?;
        Ok(repeated.found.iter().any(|sighting| sighting.identity == *self.wanted).then_some(repeated))
    }

    fn compare(&self, case: &Case) -> Result<Repeated, Failure> {
        let guests = self.guests_of(case)?;
        let input = self.form.input(case)?;
        let comparing = Comparing {
            plan: &self.plan,
            guests: &guests,
            input: &input,
            planted_faults: &self.kept.record.planted_faults,
            stand_ins: self.stand_ins,
        };
        let idle = self.idle.lock().map_or(None, |mut idle| idle.pop());
        let mut backends = match idle {
            Some(backends) => backends,
            None => comparing.backends(self.session)?,
        };
        // A set that failed is not used again.
        let log = comparing.run_on(&mut backends, self.session)?;
        if let Ok(mut idle) = self.idle.lock() {
            idle.push(backends);
        }
        let found = found(&log, &guests)
            .into_iter()
            .map(|sighting| Sighting { identity: as_asked_for(sighting.identity, self.stand_ins), ..sighting });
        let found = found.collect();
        Ok(Repeated { log, found, guests, input })
    }

    fn guests_of(&self, case: &Case) -> Result<Guests, Failure> {
        let Form::Sequence(sequence) = &self.form else { return Ok(self.guests.clone()) };
        let mut guests = Guests::new();
        for entry in &self.plan.entries {
            let platform = entry.platform;
            if guests.contains_key(&platform) {
                continue;
            }
            let Some(isa) = self.guests.get(&platform).and_then(assay_guest::Guest::isa) else { continue };
            let mut harness = Harness::from_seed(&case.seed(), platform, isa);
            harness.scratch = sequence.scratch;
            harness.safe_registers = sequence.safe_registers;
            let guest = harness.build(&sequence.name).map_err(|error| {
                Failure::usage(format!("no guest for platform {platform} can be made of this case")).because(error)
            })?;
            guests.insert(platform, guest);
        }
        Ok(guests)
    }

    pub(super) fn kept(&self) -> &'a KeptRun {
        self.kept
    }

    pub(super) fn session(&self) -> &'a Session {
        self.session
    }

    /// The backends of the plan, as they are asked for.
    pub(super) fn backends(&self) -> Vec<String> {
        let entries = self.plan.entries.iter().filter(|entry| entry.asked);
        entries
            .filter(|entry| entry.role != crate::commands::diff::plan::Role::Faulty)
            .map(|entry| match entry.platform {
                Platform::Native => entry.backend.clone(),
                platform => format!("{}@{platform}", entry.backend),
            })
            .collect()
    }
}

impl Predicate for Showing<'_> {
    fn test(&self, case: &Case) -> Answer {
        match self.repeat(case) {
            Ok(Some(_)) => Answer::Interesting,
            Ok(None) => Answer::Boring,
            Err(failure) => Answer::Unresolved(failure.in_a_line()),
        }
    }
}

impl Form<'_> {
    /// The input of a case.
    pub(super) fn input(&self, case: &Case) -> Result<Vec<u8>, Failure> {
        match (self, &case.fields) {
            (Self::Core(core), Some(fields)) => {
                core.encode(fields).map_err(|error| Failure::usage("not an input of the core").because(error))
            }
            _ => Ok(case.input.clone()),
        }
    }
}

fn core(name: &str) -> Result<Core, Failure> {
    let failed = |error: cores::CoreError| {
        Failure::usage(format!("how the input of the core {name} is encoded is not known")).because(error)
    };
    let sources = GuestSources::find(None).map_err(|error| failed(error.into()))?;
    cores::find(&sources, name).map_err(failed)
}
