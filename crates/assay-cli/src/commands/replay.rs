//! `assay replay`: a kept run again, from what was kept only, and whether it does the same.

pub(crate) mod kept;
mod text;

use assay_backend::Sandbox;
use assay_oracle::{Kept, repetition};
use assay_spec::{ExitCode, Identity, Platform, ReplayReport, ReplayResult, RunLog, SeenAgain, schema::Versioned as _};

use self::kept::KeptRun;
use super::{
    diff::{
        comparing::{Comparing, Guests, StandIns, as_asked_for, asked, found},
        plan::{Asked, Plan},
    },
    print, print_json,
};
use crate::{
    arguments::{AgainArguments, Format, ReplayArguments},
    failure::Failure,
    session::Session,
};

/// Most different things that repetitions show and that are told apart; more are counted with the last.
const SEEN_MAX: usize = 100;

pub(crate) fn run(arguments: &ReplayArguments) -> Result<ExitCode, Failure> {
    let kept = KeptRun::read(&arguments.what, &arguments.store)?;
    let report = replay(arguments, &kept)?;
    match arguments.output.format {
        Format::Json => print_json(&report)?,
        Format::Human => print(&text::human(&report, &kept))?,
    }
    Ok(match report.result {
        ReplayResult::Reproduced => ExitCode::Ok,
        ReplayResult::Changed | ReplayResult::NoLonger | ReplayResult::Flaky => ExitCode::Divergence,
        ReplayResult::Inconclusive => ExitCode::Inconclusive,
    })
}

fn replay(arguments: &ReplayArguments, kept: &KeptRun) -> Result<ReplayReport, Failure> {
    let record = &kept.record;
    let guests = kept.guests()?;
    let session = session(&arguments.again, kept, &guests);
    let stand_ins = stand_ins(&arguments.again);
    let plan = Plan::new(&asked_again(kept, &session, &stand_ins)?);
    kept.check_plan(&plan, &guests)?;
    let comparing = Comparing {
        plan: &plan,
        guests: &guests,
        input: &kept.saved.input,
        planted_faults: if arguments.without_planted_faults { &[] } else { &record.planted_faults },
        stand_ins: &stand_ins,
    };
    let before = identities(&kept.saved.log, &guests, &StandIns::new());
    let wanted = kept.finding.as_ref().map(|finding| &finding.identity);
    let mut backends = comparing.backends(&session)?;
    let mut seen: Vec<SeenAgain> = Vec::new();
    let mut log = None;
    for _ in 0..arguments.times {
        let again = comparing.run_on(&mut backends, &session)?;
        let after = identities(&again, &guests, &stand_ins);
        let repeated = repetition(Kept { log: &kept.saved.log, findings: &before, wanted }, &again, &after);
        let same = |seen: &SeenAgain| seen.result == repeated.result && seen.changes == repeated.changes;
        let full = seen.len() == SEEN_MAX;
        match seen.iter().position(same).or_else(|| full.then(|| seen.len() - 1)) {
            Some(at) => seen[at].times += 1,
            None => seen.push(SeenAgain { result: repeated.result, changes: repeated.changes, times: 1 }),
        }
        log = Some(again);
    }
    let times_of = |result| seen.iter().filter(|seen| seen.result == result).map(|seen| seen.times).sum::<u64>();
    let unanimous = seen.iter().all(|other| other.result == seen[0].result);
    Ok(ReplayReport {
        schema: ReplayReport::tag(),
        run_id: record.run_id.clone(),
        finding_id: kept.finding.as_ref().map(|finding| finding.finding_id.clone()),
        result: if unanimous { seen[0].result } else { ReplayResult::Flaky },
        times: arguments.times,
        reproduced: times_of(ReplayResult::Reproduced),
        stand_ins,
        log: log.expect("it ran at least once"),
        seen,
    })
}

/// The findings in a log, as they were asked for.
fn identities(log: &RunLog, guests: &Guests, stand_ins: &StandIns) -> Vec<Identity> {
    found(log, guests).into_iter().map(|sighting| as_asked_for(sighting.identity, stand_ins)).collect()
}

/// What a kept run is run again with: its own limits, but for what the arguments say.
pub(crate) fn session(arguments: &AgainArguments, kept: &KeptRun, guests: &Guests) -> Session {
    // A folder may come from anybody, and what it brings along is run here as it is.
    let foreign = kept.is_foreign && guests.contains_key(&Platform::Native);
    let sandbox = arguments.sandbox.unwrap_or(if foreign { Sandbox::Required } else { Sandbox::BestEffort });
    Session::with_limits(&kept.record.limits, arguments.timeout, arguments.install, sandbox)
}

/// The backends that were kept, on those that stand in for them.
pub(crate) fn asked_again(kept: &KeptRun, session: &Session, stand_ins: &StandIns) -> Result<Vec<Asked>, Failure> {
    let record = &kept.record;
    let asked = asked(&record.backends, None, !record.planted_faults.is_empty(), session, stand_ins)?;
    match stand_ins.keys().find(|name| asked.iter().all(|asked| asked.backend != **name)) {
        None => Ok(asked),
        Some(unknown) => Err(Failure::usage(format!("--with {unknown}: the kept run has no backend of that name"))
            .help(format!("it has {}", record.backends.join(", ")))),
    }
}

/// Runners by the backends that they stand in for.
pub(crate) fn stand_ins(arguments: &AgainArguments) -> StandIns {
    arguments.stand_ins.iter().map(|stand_in| (stand_in.backend.clone(), stand_in.runner.clone())).collect()
}
