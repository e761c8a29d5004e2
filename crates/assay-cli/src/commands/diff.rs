//! `assay diff`: one guest on several backends, and where they disagree.

mod judge;
mod plan;
mod text;

use std::collections::BTreeMap;

use assay_backend::{Backend, Job};
use assay_guest::Guest;
use assay_isa::Xlen;
use assay_spec::{
    Basis, Comparison, Digest, ExitCode, NamedOutcome, Platform, RunLog, SequencePlace, ThroughReferences, Verdict,
    Word, schema::Versioned as _,
};
use assay_store::{Folder, StoreError};

use self::{
    judge::{Side, judge, locate},
    plan::{Asked, Pair, Plan, Role},
};
use super::{keep, print, print_json, with_reported_registers};
use crate::{
    arguments::{DiffArguments, Format},
    failure::Failure,
    session::{REFERENCE, Session},
    subject::Subject,
    terminal::Progress,
};

/// One guest for each platform.
type Guests = BTreeMap<Platform, Guest>;

pub(crate) fn run(arguments: &DiffArguments) -> Result<ExitCode, Failure> {
    let subject = Subject::read(&arguments.guest)?;
    let session = Session::open(&arguments.run);
    let asked = asked(arguments, &session)?;
    let plan = Plan::new(&asked);
    if plan.entries.len() < 2 {
        return Err(Failure::usage("diff needs two backends").help("repeat -b, such as -b reference -b openvm"));
    }
    let guests = guests(&plan, &subject)?;
    let mut backends = plan
        .entries
        .iter()
        .map(|entry| match entry.role {
            Role::Faulty => session.planted(&arguments.plant_fault),
            Role::Reference | Role::Runner => session.backend(&entry.backend),
        })
        .collect::<Result<Vec<_>, _>>()?;
    let outcomes = execute(&plan, &guests, &mut backends, &session, &subject.input)?;

    let name = |entry: usize| plan.entries[entry].name.clone();
    let mut comparisons = Vec::new();
    let mut through_references = Vec::new();
    for pair in plan.pairs(|platform| guests.get(&platform).and_then(Guest::isa).map_or(Xlen::Rv32, |isa| isa.xlen)) {
        match pair {
            Pair::Directly { baseline, target, basis } => {
                let side = |entry: usize| Side { guest: &guests[&plan.entries[entry].platform], run: &outcomes[entry] };
                let (left, right) = (side(baseline), side(target));
                let mut comparison = judge(basis, &left, &right);
                if matches!(comparison.verdict, Verdict::Diverge(_))
                    && let Ok(both) = backends.get_disjoint_mut([baseline, target])
                {
                    locate(&mut comparison, &session, &subject.input, [&left, &right], both);
                }
                comparisons.push(comparison);
            }
            Pair::ThroughReferences { baseline, target } => through_references.push(ThroughReferences {
                baseline: name(baseline),
                baseline_reference: name(plan.reference(baseline)),
                target: name(target),
                target_reference: name(plan.reference(target)),
            }),
        }
    }
    note_platforms(&mut comparisons, &plan);

    let exit = exit_code(&comparisons);
    let log = RunLog {
        schema: RunLog::tag(),
        record: None,
        subject: guests.values().next().map_or_else(String::new, |guest| guest.name.clone()),
        input_digest: Digest::of(&subject.input),
        baseline: name(plan.baseline),
        outcomes,
        comparisons,
        through_references,
    };
    match arguments.run.output.format {
        Format::Json => print_json(&log)?,
        Format::Human => print(&text::human(&log, &guests))?,
    }
    Ok(match &arguments.out {
        Some(folder) => keep(folder, |folder| keep_log(folder, &log, &guests, &subject.input), exit),
        None => exit,
    })
}

/// The backends that were asked for, each with its platform, and the planted fault on the platform of the first.
fn asked(arguments: &DiffArguments, session: &Session) -> Result<Vec<Asked>, Failure> {
    let mut asked = Vec::new();
    let mut anywhere = Vec::new();
    for (at, given) in arguments.backend.iter().enumerate() {
        let (name, own) = match given.split_once('@') {
            None => (given.as_str(), None),
            Some((name, platform)) => {
                let platform = platform.parse::<Platform>();
                (name, Some(platform.map_err(|error| Failure::usage(format!("-b {given}")).because(error))?))
            }
        };
        let role = if name == REFERENCE { Role::Reference } else { Role::Runner };
        let platform = match (role, own.or(arguments.guest.platform)) {
            (Role::Reference, None) => {
                anywhere.push(at);
                Platform::Standard
            }
            (_, wanted) => session.platform(name, wanted)?,
        };
        asked.push(Asked { backend: name.to_owned(), platform, role });
    }
    // A reference machine that may be on any platform is there for the first backend whose platform is known.
    let known = (0..asked.len()).find(|at| !anywhere.contains(at)).map(|at| asked[at].platform);
    for at in anywhere {
        asked[at].platform = known.unwrap_or(Platform::Standard);
    }
    if let (Some(first), false) = (asked.first(), arguments.plant_fault.is_empty()) {
        let backend = assay_backend::Reference::FAULTY_NAME.to_owned();
        asked.push(Asked { backend, platform: first.platform, role: Role::Faulty });
    }
    Ok(asked)
}

fn guests(plan: &Plan, subject: &Subject<'_>) -> Result<Guests, Failure> {
    let mut guests = Guests::new();
    for entry in &plan.entries {
        if !guests.contains_key(&entry.platform) {
            if !subject.is_sequence() && !guests.is_empty() {
                let all: Vec<_> = plan
                    .entries
                    .iter()
                    .map(|entry| format!("{} runs guests of {}", entry.name, entry.platform))
                    .collect();
                return Err(Failure::usage(format!("an ELF is built for one platform, but {}", all.join(", "))).help(
                    "name backends of one platform, or give an instruction sequence, which becomes a guest for each",
                ));
            }
            guests.insert(entry.platform, subject.guest(entry.platform)?);
        }
    }
    Ok(guests)
}

fn execute(
    plan: &Plan,
    guests: &Guests,
    backends: &mut [Box<dyn Backend>],
    session: &Session,
    input: &[u8],
) -> Result<Vec<NamedOutcome>, Failure> {
    let mut outcomes = Vec::new();
    for (entry, backend) in plan.entries.iter().zip(backends) {
        let progress = Progress::start(format!("running on {}", entry.name));
        backend.on_progress(progress.callback());
        let guest = &guests[&entry.platform];
        let job = Job { guest, input, limits: session.limits(), cost: false };
        let outcome = backend.execute(&job).map_err(|error| session.failure(error))?;
        let sequence = guest.harness.as_ref().map(|layout| SequencePlace {
            start: Word(layout.body_start),
            end: Word(layout.body_end),
            scratch: Some(layout.scratch),
        });
        let outcome = with_reported_registers(guest, outcome);
        outcomes.push(NamedOutcome { name: entry.name.clone(), sequence, outcome });
    }
    Ok(outcomes)
}

/// Where two platforms differ and each backend does as the reference machine of its own, neither zkVM is at fault.
fn note_platforms(comparisons: &mut [Comparison], plan: &Plan) {
    let as_its_reference: Vec<String> = plan
        .entries
        .iter()
        .enumerate()
        .filter(|&(at, entry)| {
            plan.reference(at) == at
                || comparisons.iter().any(|comparison| {
                    comparison.target == entry.name
                        && comparison.baseline == plan.entries[plan.reference(at)].name
                        && comparison.verdict == Verdict::Agree
                })
        })
        .map(|(_, entry)| entry.name.clone())
        .collect();
    for comparison in comparisons {
        let across = comparison.basis == Basis::SameSequence && matches!(comparison.verdict, Verdict::Diverge(_));
        if across && [&comparison.baseline, &comparison.target].into_iter().all(|name| as_its_reference.contains(name))
        {
            comparison.notes.push(
                "both do as the reference machines of their platforms: the difference is one of the platforms"
                    .to_owned(),
            );
        }
    }
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

/// A divergence outweighs what could not be judged, which outweighs agreement.
fn exit_code(comparisons: &[Comparison]) -> ExitCode {
    let any = |test: fn(&Verdict) -> bool| comparisons.iter().any(|comparison| test(&comparison.verdict));
    if any(|verdict| matches!(verdict, Verdict::Diverge(_))) {
        ExitCode::Divergence
    } else if any(|verdict| matches!(verdict, Verdict::Inconclusive(_))) {
        ExitCode::Inconclusive
    } else {
        ExitCode::Ok
    }
}
