//! What running something again says: the same as it did, something else, or nothing any more.
//!
//! Times, costs, versions and traces' own numbers are no part of it. Of a run that a limit or the machinery ended, only how
//! it ended is compared: how far it came is chance.

use assay_spec::{
    Comparison, Identity, NamedOutcome, RunLog, Verdict,
    replay::{CHANGES_MAX, ReplayResult},
};

/// A kept run, and what of it is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Kept<'a> {
    /// What it showed.
    pub log: &'a RunLog,
    /// The findings in it.
    pub findings: &'a [Identity],
    /// The finding that alone is looked for; everything is, if absent.
    pub wanted: Option<&'a Identity>,
}

/// What a repetition says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repetition {
    /// In a word.
    pub result: ReplayResult,
    /// In what it differs from the kept run, a sentence each; at most [`CHANGES_MAX`]. A wanted finding may be reproduced in
    /// a run that otherwise differs.
    pub changes: Vec<String>,
}

/// Judges a repetition: its log, and the findings in it under the names of the backends that stand in the kept log.
pub fn repetition(kept: Kept<'_>, log: &RunLog, findings: &[Identity]) -> Repetition {
    let mut changes = Vec::new();
    for before in &kept.log.outcomes {
        match log.outcome(&before.name) {
            Some(after) => outcome_changes(before, after, &mut changes),
            None => changes.push(format!("{} was not run", before.name)),
        }
    }
    for before in &kept.log.comparisons {
        let same_pair = |after: &&Comparison| (&after.baseline, &after.target) == (&before.baseline, &before.target);
        if let Some(after) = log.comparisons.iter().find(same_pair) {
            comparison_changes(before, after, &mut changes);
        }
    }
    let wanted: Vec<&Identity> = kept.wanted.map_or_else(|| kept.findings.iter().collect(), |wanted| vec![wanted]);
    let missing = wanted.iter().filter(|wanted| !findings.contains(wanted)).count();
    let others = findings.iter().filter(|found| !kept.findings.contains(found) && !wanted.contains(found));
    let others: Vec<_> = others.map(crate::title).collect();
    changes.extend(others.iter().map(|title| format!("another finding: {title}")));

    let result = if missing == 0 && (changes.is_empty() || kept.wanted.is_some()) {
        ReplayResult::Reproduced
    } else if broke_off(kept.log, log) {
        ReplayResult::Inconclusive
    } else if missing > 0 && missing == wanted.len() && others.is_empty() {
        ReplayResult::NoLonger
    } else {
        ReplayResult::Changed
    };
    changes.truncate(CHANGES_MAX);
    Repetition { result, changes }
}

/// Whether a run did not come to its own end that had come to it before.
fn broke_off(before: &RunLog, after: &RunLog) -> bool {
    let ended = |run: &NamedOutcome| run.outcome.run.status.is_guest_verdict();
    before.outcomes.iter().any(|run| ended(run) && after.outcome(&run.name).is_some_and(|again| !ended(again)))
}

fn outcome_changes(before: &NamedOutcome, after: &NamedOutcome, changes: &mut Vec<String>) {
    let name = &before.name;
    let (before, after) = (&before.outcome.run, &after.outcome.run);
    if before.status != after.status {
        changes.push(format!("{name}: status {}, was {}", after.status, before.status));
        return;
    }
    if !before.status.is_guest_verdict() {
        return;
    }
    let spell = |number: Option<u64>| number.map_or_else(|| "none".to_owned(), |number| number.to_string());
    if before.exit_code != after.exit_code {
        let [before, after] = [before, after].map(|run| spell(run.exit_code.map(u64::from)));
        changes.push(format!("{name}: exit code {after}, was {before}"));
    }
    if before.trap != after.trap {
        let [before, after] =
            [before, after].map(|run| run.trap.as_ref().map_or_else(|| "no trap".to_owned(), ToString::to_string));
        changes.push(format!("{name}: {after}, was {before}"));
    }
    if before.output != after.output {
        let same = before.output.0.iter().zip(&after.output.0).take_while(|(left, right)| left == right).count();
        changes.push(format!("{name}: another output from byte {same} on"));
    }
    for (register, was) in before.registers.iter().flatten() {
        let is = after.registers.as_ref().and_then(|registers| registers.get(register));
        if let Some(is) = is.filter(|is| *is != was) {
            changes.push(format!("{name}: {register} is {is}, was {was}"));
        }
    }
    if before.instructions.zip(after.instructions).is_some_and(|(before, after)| before != after) {
        let [before, after] = [before, after].map(|run| spell(run.instructions));
        changes.push(format!("{name}: {after} instructions, were {before}"));
    }
}

fn comparison_changes(before: &Comparison, after: &Comparison, changes: &mut Vec<String>) {
    let pair = format!("{} and {}", before.baseline, before.target);
    if std::mem::discriminant(&before.verdict) != std::mem::discriminant(&after.verdict) {
        changes.push(format!("{pair}: {}, was {}", after.verdict, before.verdict));
    } else if matches!(before.verdict, Verdict::Diverge(_)) {
        let place = |comparison: &Comparison| comparison.first_divergence.as_ref().map(|first| first.index);
        match (place(before), place(after)) {
            (was, is) if was == is => {}
            (Some(was), Some(is)) => changes.push(format!("{pair}: they part at step {is}, was {was}")),
            (Some(_), None) => changes.push(format!("{pair}: the first diverging instruction was not found")),
            (None, _) => changes.push(format!("{pair}: the first diverging instruction was found")),
        }
    }
}

#[cfg(test)]
mod tests {
    use assay_spec::{
        BackendId, Basis, Digest, Divergence, Elapsed, FindingKind, GuestId, Mode, Outcome, Platform, RunReport,
        Status, Verification, schema::Versioned as _,
    };

    use super::*;

    fn log(edit: impl FnOnce(&mut RunReport), verdict: Verdict) -> RunLog {
        let outcome = |name: &str, edit: &mut dyn FnMut(&mut RunReport)| {
            let mut run = RunReport {
                exit_code: Some(0),
                instructions: Some(9),
                output: vec![1, 2].into(),
                ..RunReport::new(Status::Ok)
            };
            edit(&mut run);
            let platform = Platform::Sp1;
            let outcome = Outcome {
                schema: Outcome::tag(),
                backend: BackendId { name: name.into(), version: "1".into(), platform, isa: "rv64im".into() },
                guest: GuestId { digest: Digest::of(b"elf"), image_id: None, name: "asm".into() },
                input_digest: Digest::of(b""),
                mode: Mode::Execute,
                run,
                elapsed: Elapsed::default(),
                receipt: None,
                verification: Verification::NotRequested,
            };
            NamedOutcome { name: name.to_owned(), sequence: None, outcome }
        };
        let mut edit = Some(edit);
        RunLog {
            schema: RunLog::tag(),
            record: None,
            subject: "asm".into(),
            input_digest: Digest::of(b""),
            baseline: "reference".into(),
            outcomes: vec![
                outcome("reference", &mut |_| ()),
                outcome("sp1", &mut |run| edit.take().into_iter().for_each(|edit| edit(run))),
            ],
            comparisons: vec![Comparison {
                baseline: "reference".into(),
                target: "sp1".into(),
                basis: Basis::SameGuest,
                verdict,
                first_divergence: None,
                notes: vec![],
            }],
            through_references: vec![],
        }
    }

    fn diverges() -> Verdict {
        Verdict::Diverge(vec![Divergence::Output { first_difference: 0, baseline_bytes: 2, target_bytes: 2 }])
    }

    fn identity(what: &str) -> Identity {
        Identity {
            kind: FindingKind::Divergence,
            differs_in: vec![what.to_owned()],
            instruction: None,
            baseline: Some("reference".into()),
            target: "sp1".into(),
            platform: "sp1".into(),
            core: None,
            constraint: None,
        }
    }

    fn all(log: &RunLog, findings: &[Identity], again: &RunLog, found: &[Identity]) -> Repetition {
        repetition(Kept { log, findings, wanted: None }, again, found)
    }

    #[test]
    fn the_same_again_is_reproduced_whatever_it_took() {
        let passing = log(|_| (), Verdict::Agree);
        let mut slower = log(|run| run.execute_ms = Some(9.0), Verdict::Agree);
        slower.outcomes[1].outcome.backend.version = "2".into();
        slower.outcomes[1].outcome.elapsed.execute_ms = 99.0;
        assert_eq!(all(&passing, &[], &slower, &[]), Repetition { result: ReplayResult::Reproduced, changes: vec![] });
        let (failing, found) = (log(|run| run.output = vec![7, 2].into(), diverges()), [identity("output")]);
        assert_eq!(all(&failing, &found, &failing, &found).result, ReplayResult::Reproduced);
    }

    #[test]
    fn what_is_not_there_any_more_is_told_from_what_is_something_else() {
        let failing = log(|run| run.output = vec![7, 2].into(), diverges());
        let (found, other) = ([identity("output")], [identity("register")]);
        let gone = all(&failing, &found, &log(|_| (), Verdict::Agree), &[]);
        assert_eq!(gone.result, ReplayResult::NoLonger);
        assert_eq!(gone.changes, ["sp1: another output from byte 0 on", "reference and sp1: Agree, was Diverge"]);
        let changed = all(&failing, &found, &failing, &other);
        assert_eq!(changed.result, ReplayResult::Changed);
        assert_eq!(changed.changes, ["another finding: sp1 differs from reference in register"]);
        // The same finding in another run: changed if everything was looked for, and there if only that was.
        let elsewhere = log(|run| run.output = vec![1, 7].into(), diverges());
        assert_eq!(all(&failing, &found, &elsewhere, &found).result, ReplayResult::Changed);
        let wanted = Kept { log: &failing, findings: &found, wanted: Some(&found[0]) };
        let there = repetition(wanted, &elsewhere, &found);
        assert_eq!((there.result, there.changes.len()), (ReplayResult::Reproduced, 1));
    }

    #[test]
    fn a_passing_run_that_fails_has_changed() {
        let passing = log(|_| (), Verdict::Agree);
        let failing = log(|run| run.exit_code = Some(3), diverges());
        let changed = all(&passing, &[], &failing, &[identity("exit_code")]);
        assert_eq!(changed.result, ReplayResult::Changed);
        assert_eq!(changed.changes[0], "sp1: exit code 3, was 0");
    }

    #[test]
    fn a_run_that_breaks_off_says_nothing_unless_it_did_before() {
        let broken = || log(|run| run.status = Status::Timeout, Verdict::Agree);
        let failing = log(|run| run.output = vec![7, 2].into(), diverges());
        let found = [identity("output")];
        assert_eq!(all(&failing, &found, &broken(), &[]).result, ReplayResult::Inconclusive);
        let mut later = broken();
        later.outcomes[1].outcome.run.instructions = Some(10_000);
        assert_eq!(all(&broken(), &[], &later, &[]).result, ReplayResult::Reproduced);
    }

    #[test]
    fn changes_are_limited() {
        let mut many = log(|_| (), Verdict::Agree);
        many.outcomes =
            (0..1000).map(|at| NamedOutcome { name: format!("b{at}"), ..many.outcomes[0].clone() }).collect();
        let changes = all(&many, &[], &log(|_| (), Verdict::Agree), &[]).changes;
        assert_eq!(changes.len(), CHANGES_MAX);
    }
}
