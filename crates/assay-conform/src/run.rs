//! Runs cases on a backend, one after the other, and says what came of each.

use std::time::Instant;

use assay_backend::{Backend, BackendError, Job, Limits};
use assay_spec::{ConformCase, ConformCounts, ConformResult, ConformRun, Outcome, RunReport, SkippedCase, Status};

use crate::{
    case::Case,
    declared::Declared,
    judge::{self, Judgement},
    program::{Guests, Made},
};

/// Most instructions of a case, several times what the longest takes anywhere.
pub const STEPS_MAX: u64 = 2_000_000_000;

/// What is told of a run while it goes on.
pub trait Watcher {
    /// The case `name` begins, which is the one with number `index` from 0 of `count`.
    fn doing(&mut self, index: usize, count: usize, name: &str);

    /// A line of the compiler that builds a guest.
    fn building(&mut self, line: &str);
}

/// Runs `cases` on `backend`, whose guests `guests` makes.
///
/// An error means that the backend could not be asked at all, or that somebody asked to give up.
pub fn run(
    backend: &mut dyn Backend,
    name: &str,
    guests: &mut Guests,
    cases: &[Case],
    limits: &Limits,
    watcher: &mut dyn Watcher,
) -> Result<ConformRun, BackendError> {
    let declared = Declared::shipped();
    let mut results = Vec::new();
    let mut elapsed_ms = 0.0;
    for (index, case) in cases.iter().enumerate() {
        watcher.doing(index, cases.len(), &case.name);
        let made = guests.make(&case.program, &mut |line| watcher.building(line));
        let started = Instant::now();
        let result = one(backend, name, case, made, guests, limits, &declared)?;
        let ms = started.elapsed().as_secs_f64() * 1000.0;
        elapsed_ms += ms;
        results.push(ConformCase {
            name: case.name.clone(),
            about: case.about.clone(),
            expected: case.expect.to_string(),
            elapsed_ms: if matches!(result, ConformResult::Skipped(SkippedCase { unjudged: false, .. })) {
                0.0
            } else {
                ms
            },
            result,
        });
    }
    let counts = ConformCounts::of(results.iter().map(|case| &case.result));
    let target = guests.target();
    let description = backend.description();
    let id = assay_spec::BackendId {
        name: name.to_owned(),
        version: description.sdk_version.clone(),
        platform: target.platform,
        isa: target.isa.map_or_else(|| std::env::consts::ARCH.to_owned(), |isa| isa.to_string()),
    };
    Ok(ConformRun { backend: id, cases: results, counts, elapsed_ms })
}

fn one(
    backend: &mut dyn Backend,
    name: &str,
    case: &Case,
    made: Made,
    guests: &Guests,
    limits: &Limits,
    declared: &Declared,
) -> Result<ConformResult, BackendError> {
    let skipped = |reason, unjudged| Ok(ConformResult::Skipped(SkippedCase { reason, unjudged }));
    let target = guests.target();
    let guest = match made {
        // The reference machine has no loader but Assay's own, which has refused already.
        Made::Unread(guest, why) if name == assay_backend::Reference::NAME => {
            let run = RunReport::new(Status::Unsupported).with_message(why);
            let held = judge::judge_run(&case.expect, target, &guest, &run);
            return Ok(classified(held, case, name, guests, declared, &guest, &run));
        }
        Made::Guest(guest) | Made::Unread(guest, _) => guest,
        Made::NotApplicable(why) => return skipped(why, false),
        Made::Unbuilt(why) => return skipped(format!("its guest was not built: {why}"), true),
    };
    let job = Job { guest: &guest, input: &case.input, limits, cost: false };
    let Outcome { run, .. } = backend.execute(&job)?;
    let judgement = judge::judge_run(&case.expect, target, &guest, &run);
    Ok(classified(judgement, case, name, guests, declared, &guest, &run))
}

fn classified(
    judgement: Judgement,
    case: &Case,
    name: &str,
    guests: &Guests,
    declared: &Declared,
    guest: &assay_guest::Guest,
    run: &RunReport,
) -> ConformResult {
    let seen = judge::seen(&case.expect, guest, run);
    match judgement {
        Judgement::Held => ConformResult::Pass,
        Judgement::Differs | Judgement::Unjudged => {
            match declared.classify(&case.name, name, guests.target().platform, &judge::end(run), seen) {
                ConformResult::Fail(failed) if judgement == Judgement::Unjudged => {
                    ConformResult::Skipped(SkippedCase { reason: failed.seen, unjudged: true })
                }
                result => result,
            }
        }
    }
}
