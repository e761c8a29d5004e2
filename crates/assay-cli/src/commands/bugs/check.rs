//! One known bug on one backend: whether it shows as its file says.

use assay_backend::registry::State;
use assay_guest::{Commitment, Guest, Harness, PlatformFacts, body_from_text};
use assay_isa::{Isa, Xlen};
use assay_oracle::{Sighting, title};
use assay_spec::{
    BugCheck, CheckedBug, CoreTrigger, ExpectedFinding, FindingKind, Identity, Platform, RunLog, Seed, Verdict,
};
use semver::{Version, VersionReq};

use super::{
    proving,
    registry::{Known, Shown},
};
use crate::{
    arguments::{GuestArguments, parse_isa},
    commands::diff::{
        comparing::{Comparing, Guests, StandIns, asked, found},
        plan::Plan,
    },
    failure::Failure,
    session::{self, Session},
    subject::Subject,
};

/// Looks for a bug. A backend that is not installed is an error only where it was asked for.
pub(super) fn check(
    known: &Known,
    session: &Session,
    stand_ins: &StandIns,
    asked_for: bool,
) -> Result<CheckedBug, Failure> {
    let bug = &known.bug;
    let runner = stand_ins.get(&bug.zkvm).map_or(bug.zkvm.as_str(), String::as_str);
    let checked = |version: Option<&str>, result, detail: String| CheckedBug {
        id: bug.id.clone(),
        title: bug.title.clone(),
        backend: runner.to_owned(),
        affected: version.is_some_and(|version| is_affected(&bug.affected, &bug.fixed, version)),
        version: version.map(str::to_owned),
        result,
        detail,
    };
    if !asked_for && !is_there(runner)? {
        return Ok(checked(None, BugCheck::NotRun, "the backend is not installed".to_owned()));
    }
    let wanted = bug.platform.map_or_else(|| bug.zkvm.clone(), |platform| format!("{}@{platform}", bug.zkvm));
    let asked = asked(&[wanted], None, false, session, stand_ins)?;
    let plan = Plan::new(&asked);
    let platform = asked[0].platform;
    let (guest, input) = guest(known, platform)?;
    let guests = Guests::from([(platform, guest)]);
    let comparing = Comparing { plan: &plan, guests: &guests, input: &input, planted_faults: &[], stand_ins };
    let log = comparing.run(session)?;
    let version = log.outcomes.iter().find(|run| run.name == plan.entries[plan.baseline].name);
    let version = version.map(|run| run.outcome.backend.version.as_str());
    let found = found(&log, &guests);
    let (result, detail) = if bug.expected.kind == FindingKind::Completeness && found.is_empty() {
        proving::judge(runner, &guests[&platform], &input, session)?
    } else {
        judge(&bug.expected, &log, &found)
    };
    let (result, detail) = or_open(&bug.expected, result, detail);
    Ok(checked(version, result, detail))
}

fn is_there(runner: &str) -> Result<bool, Failure> {
    if runner == session::REFERENCE {
        return Ok(true);
    }
    let state = session::registry()?.state(runner).map_err(|error| session::registry_failure(&error))?;
    Ok(matches!(state, State::Installed(_) | State::Stale(_)))
}

/// The guest and its input.
fn guest(known: &Known, platform: Platform) -> Result<(Guest, Vec<u8>), Failure> {
    let bug = &known.bug;
    let bad = || Failure::usage(format!("{}: no guest for platform {platform} can be made of its trigger", bug.id));
    let facts = PlatformFacts::find(platform).ok_or_else(bad)?;
    let isa = match &bug.isa {
        None => facts.isa(Xlen::Rv32).unwrap_or(facts.isas[0]),
        Some(isa) => parse_isa(isa).map_err(|error| bad().because(error))?,
    };
    let harness = match known.trigger()? {
        Shown::Core(core) => return core_guest(&core, platform),
        Shown::Seed(seed) => Harness::from_seed(&seed, platform, isa),
        Shown::Text(text) => assembled(&text, &bug.id, platform, isa).map_err(|error| bad().because(error))?,
    };
    // What is to be proved commits to its output; elsewhere that would only make the run longer.
    let is_proved = bug.expected.kind == FindingKind::Completeness;
    let commitment = if is_proved { Commitment::Digest } else { harness.commitment };
    let harness = Harness { commitment, ..harness };
    Ok((harness.build(&bug.id).map_err(|error| bad().because(error))?, Vec::new()))
}

/// A core as `assay run --core` has it.
fn core_guest(core: &CoreTrigger, platform: Platform) -> Result<(Guest, Vec<u8>), Failure> {
    let arguments = GuestArguments::of_core(&core.name, core.input.as_ref().map(ToString::to_string));
    let subject = Subject::read(&arguments)?;
    Ok((subject.guest(platform)?, subject.input))
}

fn assembled(text: &str, name: &str, platform: Platform, isa: Isa) -> Result<Harness, assay_guest::BodyError> {
    let empty = Harness::from_seed(&Seed::default(), platform, isa);
    let body = body_from_text(text, isa, name, empty.body_start())?;
    Ok(Harness { body, ..empty })
}

/// Whether what was found is what was expected, and what was seen in words.
fn judge(expected: &ExpectedFinding, log: &RunLog, found: &[Sighting]) -> (BugCheck, String) {
    if let Some(sighting) = found.iter().find(|sighting| fits(expected, &sighting.identity)) {
        return (BugCheck::Reproduced, title(&sighting.identity));
    }
    if let Some(sighting) = found.first() {
        return (BugCheck::NotReproduced, format!("something else: {}", title(&sighting.identity)));
    }
    let inconclusive = log.comparisons.iter().find_map(|comparison| match &comparison.verdict {
        Verdict::Inconclusive(reason) => Some(reason.to_string()),
        _ => None,
    });
    match inconclusive {
        Some(reason) => (BugCheck::Inconclusive, reason.lines().next().unwrap_or_default().to_owned()),
        None => (BugCheck::NotReproduced, "it does as the reference machine".to_owned()),
    }
}

/// What does not show where it need not is open: the zkVM may have it all the same.
fn or_open(expected: &ExpectedFinding, result: BugCheck, detail: String) -> (BugCheck, String) {
    match &expected.only_where {
        Some(only) if result == BugCheck::NotReproduced => {
            (BugCheck::Inconclusive, format!("{detail}; it shows only where {only}"))
        }
        _ => (result, detail),
    }
}

fn fits(expected: &ExpectedFinding, identity: &Identity) -> bool {
    // That a zkVM panics where it should trap is a divergence to people, whatever it is called.
    let kind = expected.kind == identity.kind
        || (expected.kind == FindingKind::Divergence && identity.kind == FindingKind::Panic);
    let instruction = identity.instruction.as_ref().map(|class| class.mnemonic.as_str());
    kind && (expected.differs_in.is_empty() || expected.differs_in == identity.differs_in)
        && expected.instruction.as_deref().is_none_or(|wanted| instruction == Some(wanted))
}

/// Whether a version is among those affected and not mended. What begins with a digit is one version or commit; anything
/// else a requirement such as `>=2.0, <2.1`.
fn is_affected(affected: &[String], fixed: &[String], version: &str) -> bool {
    let parsed = Version::parse(version).ok();
    let is = |said: &String| {
        let required = VersionReq::parse(said).ok().filter(|_| said.starts_with(['<', '>', '=', '~', '^', '*']));
        match (required, &parsed) {
            (Some(required), Some(version)) => required.matches(version),
            _ => said == version,
        }
    };
    let mended = fixed.iter().filter_map(|fixed| Version::parse(fixed).ok());
    let is_mended = parsed.as_ref().is_some_and(|version| {
        mended
            .into_iter()
            .any(|fixed| fixed <= *version && (fixed.major, fixed.minor) == (version.major, version.minor))
    });
    affected.iter().any(is) && !is_mended
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shows_on_some_machines_only_is_open_where_it_does_not_show() {
        let expected = |only_where: Option<&str>| ExpectedFinding {
            kind: FindingKind::Crash,
            differs_in: Vec::new(),
            instruction: None,
            only_where: only_where.map(str::to_owned),
        };
        let seen = |only_where, result| or_open(&expected(only_where), result, "it ends".to_owned());
        let (result, detail) = seen(Some("memory is small"), BugCheck::NotReproduced);
        assert_eq!((result, detail.as_str()), (BugCheck::Inconclusive, "it ends; it shows only where memory is small"));
        for result in [BugCheck::Reproduced, BugCheck::Inconclusive] {
            assert_eq!(seen(Some("memory is small"), result), (result, "it ends".to_owned()));
        }
        assert_eq!(seen(None, BugCheck::NotReproduced).0, BugCheck::NotReproduced);
    }

    #[test]
    fn versions_are_affected_by_name_or_by_requirement() {
        let affected = |affected: &[&str], fixed: &[&str], version| {
            let own = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
            is_affected(&own(affected), &own(fixed), version)
        };
        assert!(affected(&["2.0.2"], &[], "2.0.2"));
        assert!(!affected(&["2.0.2"], &[], "2.0.3"));
        assert!(affected(&[">=2.0, <2.1", "1.0.0"], &[], "2.0.9"));
        assert!(!affected(&[">=2.0, <2.1"], &[], "2.1.0"));
        assert!(!affected(&[">=2.0"], &["2.0.5"], "2.0.6"));
        assert!(affected(&[">=2.0"], &["2.0.5"], "2.0.4"));
        // A commit is itself and nothing else, also one that reads as a number.
        assert!(affected(&["4a1b2c3"], &[], "4a1b2c3"));
        assert!(!affected(&["4a1b2c3", ">=1"], &[], "9f"));
    }
}
