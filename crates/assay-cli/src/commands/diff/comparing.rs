//! Runs guests on backends and compares what they did. Where the guests come from, what was asked for and where the log
//! goes is somebody else's business: comparing anew, replaying and checking known bugs are the same from here on.

use std::collections::BTreeMap;

use assay_backend::{Backend, Job};
use assay_guest::Guest;
use assay_isa::Xlen;
use assay_oracle::{Sighting, sightings};
use assay_spec::{
    Basis, Comparison, Digest, ExitCode, Identity, NamedOutcome, Platform, RunLog, SequencePlace, ThroughReferences,
    Verdict, Word, schema::Versioned as _,
};

use super::{
    judge::{Side, judge, locate},
    plan::{Asked, Pair, Plan, Role},
};
use crate::{
    commands::with_reported_registers,
    failure::Failure,
    session::{NATIVE, REFERENCE, Session},
    terminal::Progress,
};

/// One guest for each platform.
pub(crate) type Guests = BTreeMap<Platform, Guest>;

/// Runners that stand in for backends: what is called, by the name that it is asked for with.
pub(crate) type StandIns = BTreeMap<String, String>;

/// Guests, and what runs them.
pub(crate) struct Comparing<'a> {
    pub(crate) plan: &'a Plan,
    /// One for each platform of the plan.
    pub(crate) guests: &'a Guests,
    pub(crate) input: &'a [u8],
    pub(crate) planted_faults: &'a [String],
    pub(crate) stand_ins: &'a StandIns,
}

/// How wide the registers are of a guest that is an instruction sequence, or the one ELF that runs on one platform; `None`
/// for a core, whose builds for several platforms have nothing in common but what it does.
fn width(guests: &Guests, platform: Platform) -> Option<Xlen> {
    let is_core = guests.len() > 1 && guests.values().any(|guest| guest.harness.is_none());
    let guest = guests.get(&platform).filter(|_| !is_core)?;
    guest.isa().map(|isa| isa.xlen)
}

impl Comparing<'_> {
    /// Runs everything, compares, and looks for the first diverging instructions.
    pub(crate) fn run(&self, session: &Session) -> Result<RunLog, Failure> {
        self.run_on(&mut self.backends(session)?, session)
    }

    /// What the plan runs on, an entry each, ready to run.
    pub(crate) fn backends(&self, session: &Session) -> Result<Vec<Box<dyn Backend>>, Failure> {
        self.plan
            .entries
            .iter()
            .map(|entry| match entry.role {
                Role::Faulty => session.planted(self.planted_faults),
                Role::Reference | Role::Runner | Role::Native => {
                    session.backend(stand_in(self.stand_ins, &entry.backend))
                }
            })
            .collect()
    }

    /// The same as [`Self::run`] on backends that may be warm.
    pub(crate) fn run_on(&self, backends: &mut [Box<dyn Backend>], session: &Session) -> Result<RunLog, Failure> {
        let Self { plan, guests, input, .. } = *self;
        let outcomes = self.execute(backends, session)?;

        let name = |entry: usize| plan.entries[entry].name.clone();
        let mut comparisons = Vec::new();
        let mut through_references = Vec::new();
        for pair in plan.pairs(|platform| width(guests, platform)) {
            match pair {
                Pair::Directly { baseline, target, basis } => {
                    let side =
                        |entry: usize| Side { guest: &guests[&plan.entries[entry].platform], run: &outcomes[entry] };
                    let (left, right) = (side(baseline), side(target));
                    let mut comparison = judge(basis, &left, &right);
                    if matches!(comparison.verdict, Verdict::Diverge(_))
                        && let Ok(both) = backends.get_disjoint_mut([baseline, target])
                    {
                        locate(&mut comparison, session, input, [&left, &right], both);
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
        note_platforms(&mut comparisons, plan);
        Ok(RunLog {
            schema: RunLog::tag(),
            record: None,
            subject: guests.values().next().map_or_else(String::new, |guest| guest.name.clone()),
            input_digest: Digest::of(input),
            baseline: name(plan.baseline),
            outcomes,
            comparisons,
            through_references,
        })
    }

    fn execute(&self, backends: &mut [Box<dyn Backend>], session: &Session) -> Result<Vec<NamedOutcome>, Failure> {
        let mut outcomes = Vec::new();
        for (entry, backend) in self.plan.entries.iter().zip(backends) {
            let progress = Progress::start(format!("running on {}", entry.name));
            backend.on_progress(progress.callback());
            let guest = &self.guests[&entry.platform];
            let job = Job { guest, input: self.input, limits: session.limits(), cost: false };
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
}

/// The backends in `names`, each with its platform, such as `sp1` or `reference@sp1`; those without one of their own are on
/// `platform`. With a fault to plant, a wrong reference machine on the platform of the first.
pub(crate) fn asked(
    names: &[String],
    platform: Option<Platform>,
    fault: bool,
    session: &Session,
    stand_ins: &StandIns,
) -> Result<Vec<Asked>, Failure> {
    let mut asked = Vec::new();
    let mut anywhere = Vec::new();
    for (at, given) in names.iter().enumerate() {
        let (name, own) = match given.split_once('@') {
            None => (given.as_str(), None),
            Some((name, platform)) => match platform.parse::<Platform>() {
                Ok(platform) => (name, Some(platform)),
                Err(error) if [REFERENCE, NATIVE].contains(&name) => {
                    return Err(Failure::usage(format!("-b {given}")).because(error));
                }
                // What stands behind the sign is a part of the name: a snapshot's.
                Err(_) => (given.as_str(), None),
            },
        };
        let role = match name {
            REFERENCE => Role::Reference,
            NATIVE => Role::Native,
            _ => Role::Runner,
        };
        let platform = match (role, own.or(platform)) {
            (Role::Reference, None) => {
                anywhere.push(at);
                Platform::Standard
            }
            (_, wanted) => session.platform(stand_in(stand_ins, name), wanted)?,
        };
        asked.push(Asked { backend: name.to_owned(), platform, role });
    }
    // A reference machine that may be on any platform is there for the first backend whose platform is known.
    let may_be = |at: &usize| !anywhere.contains(at) && asked[*at].role != Role::Native;
    let known = (0..asked.len()).find(may_be).map(|at| asked[at].platform);
    for at in anywhere {
        asked[at].platform = known.unwrap_or(Platform::Standard);
    }
    if let (Some(first), true) = (asked.iter().find(|asked| asked.role != Role::Native), fault) {
        let backend = assay_backend::Reference::FAULTY_NAME.to_owned();
        asked.push(Asked { backend, platform: first.platform, role: Role::Faulty });
    }
    Ok(asked)
}

/// The identity with the names of backends in place of those of the runners that stand in for them.
pub(crate) fn as_asked_for(identity: Identity, stand_ins: &StandIns) -> Identity {
    let original = |name: String| {
        let stood_for = stand_ins.iter().find(|(_, runner)| **runner == name);
        stood_for.map_or(name, |(backend, _)| backend.clone())
    };
    Identity { baseline: identity.baseline.map(original), target: original(identity.target), ..identity }
}

fn stand_in<'a>(stand_ins: &'a StandIns, name: &'a str) -> &'a str {
    stand_ins.get(name).map_or(name, String::as_str)
}

/// The findings in a log, whose guests are at hand.
pub(crate) fn found(log: &RunLog, guests: &Guests) -> Vec<Sighting> {
    sightings(log, |run, pc| guests.get(&run.outcome.backend.platform)?.read_word(pc.0))
}

/// A divergence or another finding outweighs what could not be judged, which outweighs agreement.
pub(crate) fn exit_code(comparisons: &[Comparison], found: &[Sighting]) -> ExitCode {
    let any = |test: fn(&Verdict) -> bool| comparisons.iter().any(|comparison| test(&comparison.verdict));
    if !found.is_empty() || any(|verdict| matches!(verdict, Verdict::Diverge(_))) {
        ExitCode::Divergence
    } else if any(|verdict| matches!(verdict, Verdict::Inconclusive(_))) {
        ExitCode::Inconclusive
    } else {
        ExitCode::Ok
    }
}

/// Where two platforms differ and each backend does as the reference machine of its own, neither zkVM is at fault. A
/// native run has none to do otherwise than.
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
        let both_right =
            [&comparison.baseline, &comparison.target].into_iter().all(|name| as_its_reference.contains(name));
        if !both_right || !matches!(comparison.verdict, Verdict::Diverge(_)) {
            continue;
        }
        let note = match comparison.basis {
            Basis::SameGuest => continue,
            Basis::SameSequence => {
                "both do as the reference machines of their platforms: the difference is one of the platforms"
            }
            Basis::SameCore => {
                "no backend is at fault: the core itself does otherwise on one platform than on the other"
            }
        };
        comparison.notes.push(note.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use assay_spec::{FindingKind, Identity, Inconclusive};

    use super::*;

    fn comparison(verdict: Verdict) -> Comparison {
        let (baseline, target) = ("reference".to_owned(), "sp1".to_owned());
        Comparison { baseline, target, basis: Basis::SameGuest, verdict, first_divergence: None, notes: vec![] }
    }

    #[test]
    fn a_finding_outweighs_what_could_not_be_judged_which_outweighs_agreement() {
        let unjudged = || comparison(Verdict::Inconclusive(Inconclusive::NotComparable { why: "a crash".into() }));
        let crash = Sighting {
            identity: Identity {
                kind: FindingKind::Crash,
                differs_in: vec![],
                instruction: None,
                baseline: None,
                target: "sp1".into(),
                platform: "sp1".into(),
                core: None,
                constraint: None,
            },
            target: "sp1".into(),
            comparison: 0,
        };
        assert_eq!(exit_code(&[comparison(Verdict::Agree)], &[]), ExitCode::Ok);
        assert_eq!(exit_code(&[comparison(Verdict::Agree), unjudged()], &[]), ExitCode::Inconclusive);
        assert_eq!(exit_code(&[unjudged()], &[crash]), ExitCode::Divergence);
        // A difference of the platforms is no finding, and a difference all the same.
        assert_eq!(exit_code(&[unjudged(), comparison(Verdict::Diverge(vec![]))], &[]), ExitCode::Divergence);
    }
}
