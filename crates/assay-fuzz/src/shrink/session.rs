//! The one place where cases are tested: the cache, the budget, the workers, the steps taken.
//!
//! Passes hand over candidates in order and get the first that is interesting. Several workers test ahead, and what they
//! find beyond the first is kept for later, so that the steps taken, and the tests that they are said to need, are those of
//! one worker.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Instant,
};

use assay_spec::{
    Digest, ShrinkAnswer, ShrinkEnd, ShrinkState, ShrinkStep, TestedCase, schema::Versioned, shrink::TESTED_CASES_MAX,
};

use super::{
    Counts, Observer, Stage,
    case::Case,
    options::{Confirm, Options},
    predicate::{Answer, Predicate},
    weight::Weight,
};

/// A smaller case and what makes it so, in words.
pub(crate) struct Candidate {
    pub(crate) case: Case,
    pub(crate) change: String,
}

/// What is known of a case.
#[derive(Clone, Copy)]
struct Known {
    answer: ShrinkAnswer,
    tests: u32,
    /// Whether a pass has asked for it, and not only a worker ahead of need.
    asked: bool,
    /// Whether it was tested in this shrink and not in the one that is resumed.
    fresh: bool,
}

/// A shrink that goes on.
pub(crate) struct Session<'a> {
    predicate: &'a dyn Predicate,
    pub(crate) options: &'a Options,
    observer: &'a mut dyn Observer,
    started: Instant,
    original: Case,
    pub(crate) best: Case,
    weight: Weight,
    known: HashMap<Digest, Known>,
    tested: Vec<TestedCase>,
    steps: Vec<ShrinkStep>,
    counts: Counts,
    stage: Stage,
    /// Tests that count against the budget.
    spent: u64,
}

impl<'a> Session<'a> {
    pub(crate) fn new(
        original: Case,
        tested: &[TestedCase],
        predicate: &'a dyn Predicate,
        options: &'a Options,
        observer: &'a mut dyn Observer,
    ) -> Self {
        let known =
            |tested: &TestedCase| Known { answer: tested.answer, tests: tested.tests, asked: false, fresh: false };
        Self {
            predicate,
            options,
            observer,
            started: Instant::now(),
            best: original.clone(),
            weight: Weight::of(&original, options.scratch),
            original,
            known: tested.iter().map(|tested| (tested.case, known(tested))).collect(),
            tested: tested.to_vec(),
            steps: Vec::new(),
            counts: Counts::default(),
            stage: Stage::Reduce,
            spent: 0,
        }
    }

    /// Tests the case that everything begins with.
    pub(crate) fn test_original(&mut self) -> Result<Answer, ShrinkEnd> {
        let digest = self.original.digest();
        let mut reason = None;
        if !self.known.contains_key(&digest) {
            self.may_go_on()?;
            let ask = Ask { predicate: self.predicate, confirm: self.options.confirm, original: true };
            let (answer, tests, why) = ask.judge(&self.original);
            reason = why;
            self.learn(digest, answer, tests);
        }
        let answer = self.consume(&digest);
        self.report();
        Ok(match answer? {
            ShrinkAnswer::Interesting => Answer::Interesting,
            ShrinkAnswer::Boring | ShrinkAnswer::Unconfirmed => Answer::Boring,
            ShrinkAnswer::Unresolved => {
                Answer::Unresolved(reason.unwrap_or_else(|| "it could not be judged".to_owned()))
            }
        })
    }

    /// From now on tests are counted as this stage's.
    pub(crate) fn enter(&mut self, stage: Stage) {
        self.stage = stage;
    }

    pub(crate) fn weight(&self) -> &Weight {
        &self.weight
    }

    /// Makes the first interesting candidate the best case; returns its position, or `None` if none is. Candidates that are
    /// not smaller than the best case are passed over.
    pub(crate) fn first(&mut self, candidates: impl Iterator<Item = Candidate>) -> Result<Option<usize>, ShrinkEnd> {
        let mut candidates = candidates.enumerate();
        loop {
            let (batch, exhausted) = self.batch(&mut candidates);
            self.test_unknown(&batch)?;
            for (position, digest, candidate) in batch {
                if self.consume(&digest)? == ShrinkAnswer::Interesting {
                    self.accept(candidate, digest);
                    return Ok(Some(position));
                }
            }
            self.report();
            if exhausted {
                return Ok(None);
            }
        }
    }

    /// The next candidates that can be judged together: known ones, and as many unknown ones as there are workers.
    fn batch(
        &self,
        candidates: &mut impl Iterator<Item = (usize, Candidate)>,
    ) -> (Vec<(usize, Digest, Candidate)>, bool) {
        let affordable = self.options.tests_max.saturating_sub(self.spent).max(1);
        let most = self.options.workers.get().min(usize::try_from(affordable).unwrap_or(usize::MAX));
        let mut batch: Vec<(usize, Digest, Candidate)> = Vec::new();
        let mut unknown = 0;
        for (position, candidate) in candidates {
            if Weight::of(&candidate.case, self.options.scratch) >= self.weight {
                continue;
            }
            let digest = candidate.case.digest();
            let known = self.known.get(&digest);
            unknown += usize::from(known.is_none());
            batch.push((position, digest, candidate));
            if unknown == most || known.is_some_and(|known| known.answer == ShrinkAnswer::Interesting) {
                return (batch, false);
            }
        }
        (batch, true)
    }

    /// Tests what of the batch nobody knows yet. Untested is what comes after the first interesting one.
    fn test_unknown(&mut self, batch: &[(usize, Digest, Candidate)]) -> Result<(), ShrinkEnd> {
        let mut open: Vec<(&Digest, &Case)> = Vec::new();
        for (_, digest, candidate) in batch {
            if !self.known.contains_key(digest) && open.iter().all(|(other, _)| *other != digest) {
                open.push((digest, &candidate.case));
            }
        }
        if open.is_empty() {
            return Ok(());
        }
        self.may_go_on()?;
        let ask = Ask { predicate: self.predicate, confirm: self.options.confirm, original: false };
        let answers = if open.len() == 1 { vec![Some(ask.judge(open[0].1))] } else { ask.judge_all(&open) };
        for ((digest, _), (answer, tests, _)) in
            open.iter().zip(answers).filter_map(|(open, answer)| Some((open, answer?)))
        {
            self.learn(**digest, answer, tests);
        }
        Ok(())
    }

    fn may_go_on(&self) -> Result<(), ShrinkEnd> {
        if self.options.cancel.is_cancelled() {
            return Err(ShrinkEnd::Cancelled);
        }
        if self.options.wall.is_some_and(|wall| self.started.elapsed() >= wall) {
            return Err(ShrinkEnd::Deadline);
        }
        if self.spent >= self.options.tests_max || self.tested.len() >= TESTED_CASES_MAX {
            return Err(ShrinkEnd::TestBudget);
        }
        Ok(())
    }

    fn learn(&mut self, case: Digest, answer: ShrinkAnswer, tests: u32) {
        self.counts.predicate_calls += u64::from(tests);
        self.known.insert(case, Known { answer, tests, asked: false, fresh: true });
        self.tested.push(TestedCase { case, answer, tests });
    }

    /// What is known of a case that a pass asks for; the first time it costs its tests.
    fn consume(&mut self, digest: &Digest) -> Result<ShrinkAnswer, ShrinkEnd> {
        let known =
            self.known.get_mut(digest).expect("a batch is consumed up to its first success, which is all tested");
        if known.asked {
            self.counts.cache_hits += 1;
            return Ok(known.answer);
        }
        if known.fresh {
            if self.spent >= self.options.tests_max {
                return Err(ShrinkEnd::TestBudget);
            }
            self.spent += u64::from(known.tests);
        } else {
            self.counts.remembered += 1;
        }
        known.asked = true;
        *self.counts.of(self.stage) += u64::from(known.tests);
        Ok(known.answer)
    }

    fn accept(&mut self, candidate: Candidate, digest: Digest) {
        self.weight = Weight::of(&candidate.case, self.options.scratch);
        self.best = candidate.case;
        self.steps.push(ShrinkStep {
            change: candidate.change,
            case: digest,
            instructions: self.best.instructions.len() as u64,
            tests: self.counts.tests(),
        });
        let state = self.state();
        let step = self.steps.last().expect("it was pushed");
        self.observer.accepted(step, &self.best, &state);
        self.report();
    }

    fn report(&mut self) {
        self.observer.tested(&self.counts, &self.best);
    }

    pub(crate) fn finish(self, end: ShrinkEnd) -> super::Shrunk {
        let state = ShrinkState { end: Some(end), ..self.state() };
        super::Shrunk { best: self.best, end, counts: self.counts, state }
    }

    fn state(&self) -> ShrinkState {
        ShrinkState {
            schema: ShrinkState::tag(),
            settings: self.options.digest(),
            isa: self.original.isa.to_string(),
            original: self.original.record(),
            best: self.best.record(),
            steps: self.steps.clone(),
            tested: self.tested.clone(),
            end: None,
        }
    }
}

/// How cases are judged.
#[derive(Clone, Copy)]
struct Ask<'a> {
    predicate: &'a dyn Predicate,
    confirm: Confirm,
    /// The case that everything begins with: if it fails once it may still hold often enough.
    original: bool,
}

type Judged = (ShrinkAnswer, u32, Option<String>);

impl Ask<'_> {
    /// Each case's answer, but of those that come after the first interesting one.
    fn judge_all(self, cases: &[(&Digest, &Case)]) -> Vec<Option<Judged>> {
        let next = AtomicUsize::new(0);
        let first = AtomicUsize::new(usize::MAX);
        let work = || {
            let mut answers = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= cases.len() || index > first.load(Ordering::Relaxed) {
                    return answers;
                }
                let judged = self.judge(cases[index].1);
                if judged.0 == ShrinkAnswer::Interesting {
                    first.fetch_min(index, Ordering::Relaxed);
                }
                answers.push((index, judged));
            }
        };
        let mut answers: Vec<Option<Judged>> = vec![None; cases.len()];
        thread::scope(|scope| {
            let workers: Vec<_> = cases.iter().map(|_| scope.spawn(work)).collect();
            for worker in workers {
                let judged = worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                for (index, judged) in judged {
                    answers[index] = Some(judged);
                }
            }
        });
        answers
    }

    /// The answer, how many tests it took, and the reason if there is none.
    fn judge(self, case: &Case) -> Judged {
        let first = self.predicate.test(case);
        let Confirm { times, holds } = self.confirm;
        let holds = holds.min(times);
        match first {
            Answer::Interesting if times == 0 => return (ShrinkAnswer::Interesting, 1, None),
            Answer::Interesting => {}
            _ if self.original && holds > 0 => {}
            Answer::Boring => return (ShrinkAnswer::Boring, 1, None),
            Answer::Unresolved(reason) => return (ShrinkAnswer::Unresolved, 1, Some(reason)),
        }
        let (mut tests, mut held) = (0, 0);
        while held < holds && times - tests >= holds - held {
            tests += 1;
            held += u32::from(self.predicate.test(case) == Answer::Interesting);
        }
        let answer = if held >= holds { ShrinkAnswer::Interesting } else { ShrinkAnswer::Unconfirmed };
        (answer, tests + 1, None)
    }
}
