//! Shrinking: the smallest case that still shows what is looked for.
//!
//! [`shrink()`] takes a [`Case`], a [`Predicate`] that says whether a case is still interesting, [`Options`] and an
//! [`Observer`]. It reduces instructions, registers, memory, input bytes and the fields of a core's input, and then makes what
//! is left canonical: registers renamed, constants towards 0, 1 and powers of two. Each step is a case that the predicate
//! called interesting, and each is strictly smaller than the one before.
//!
//! Runs on a zkVM are slow, so the engine asks as little as it can. It looks at the original with the reference machine, in
//! this process: which instructions run, what depends on what, which values there are. Where it is known or found
//! at which instruction the runs part, that instruction alone with the values that it meets is usually enough; else what
//! does not contribute to it goes first. Where such guesses are wrong, probabilistic delta debugging over what remains
//! does the work (see `model.rs`).
//!
//! The result depends on case, predicate and options alone, not on the number of workers and not on whether the shrink was
//! interrupted: [`resume()`] goes the same way again, taking the answers from the [`ShrinkState`], and on from where
//! it was.
//!
//! ```
//! use assay_fuzz::shrink::{Answer, Case, Focus, Observer, Options, resume, shrink};
//! use assay_isa::Isa;
//! use assay_spec::{Platform, ShrinkEnd, ShrinkState, ShrinkStep};
//!
//! /// Writes each state down; here it only keeps the last.
//! #[derive(Default)]
//! struct Journal(Option<ShrinkState>);
//!
//! impl Observer for Journal {
//!     fn accepted(&mut self, _: &ShrinkStep, _: &Case, state: &ShrinkState) {
//!         self.0 = Some(state.clone());
//!     }
//! }
//!
//! // Twenty products, of which the last alone is wrong.
//! let case = Case { instructions: vec![0x0273_02b3; 20], ..Case::empty(Isa::RV32IM) };
//! let predicate = |case: &Case| if case.instructions.is_empty() { Answer::Boring } else { Answer::Interesting };
//! let options = Options {
//!     workers: 4.try_into().unwrap(),
//!     // Where the first diverging instruction stands in the sequence, and whose platform it is on.
//!     focus: Some(Focus::at(19)),
//!     observe: Some(Platform::Standard),
//!     ..Options::default()
//! };
//! let mut journal = Journal::default();
//! let begun = shrink(case, &predicate, &Options { tests_max: 3, ..options.clone() }, &mut journal)?;
//! assert_eq!(begun.end, ShrinkEnd::TestBudget);
//!
//! let done = resume(&journal.0.unwrap(), &predicate, &options, &mut Journal::default())?;
//! assert_eq!(done.end, ShrinkEnd::Minimal);
//! assert_eq!(done.best.instructions.len(), 1);
//! # Ok::<(), assay_fuzz::shrink::ShrinkError>(())
//! ```
//!
//! What this module refuses to know: backends, verdicts, findings, files. The one exception is [`ExternalPredicate`], which
//! runs a command of the user's own.

mod case;
mod external;
mod fields;
mod focus;
mod model;
mod observed;
mod operands;
mod options;
mod predicate;
mod program;
mod reduce;
mod rename;
mod session;
mod state;
mod weight;

#[cfg(test)]
mod tests;

use assay_spec::{ShrinkEnd, ShrinkState, ShrinkStep};

pub use case::Case;
pub use external::{ExternalPredicate, UNRESOLVED_EXIT_CODE};
pub use options::{Confirm, Focus, Options};
pub use predicate::{Answer, Predicate};

use session::Session;

/// Is told how a shrink goes on, in the thread that called [`shrink()`].
pub trait Observer {
    /// A smaller interesting case was found. `state` is what [`resume()`] needs: write it down.
    fn accepted(&mut self, step: &ShrinkStep, best: &Case, state: &ShrinkState) {
        let _ = (step, best, state);
    }

    /// Some cases were tested.
    fn tested(&mut self, counts: &Counts, best: &Case) {
        let _ = (counts, best);
    }
}

/// Nobody is told.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unobserved;

impl Observer for Unobserved {}

/// What a shrink has done so far. But for `predicate_calls` it does not depend on the number of workers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Tests needed to reduce the case, confirmations included; those made before a resumption, too.
    pub to_reduce: u64,
    /// Tests needed to make it canonical.
    pub to_canonicalise: u64,
    /// Cases that were asked for again and not tested again.
    pub cache_hits: u64,
    /// Cases that the resumed state knew.
    pub remembered: u64,
    /// Calls of the predicate in this shrink, those ahead of need included.
    pub predicate_calls: u64,
}

impl Counts {
    /// Tests needed altogether.
    pub fn tests(&self) -> u64 {
        self.to_reduce + self.to_canonicalise
    }

    fn of(&mut self, stage: Stage) -> &mut u64 {
        match stage {
            Stage::Reduce => &mut self.to_reduce,
            Stage::Canonicalise => &mut self.to_canonicalise,
        }
    }
}

/// What a shrink is busy with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Reduce,
    Canonicalise,
}

/// The result of a shrink.
#[derive(Clone, Debug, PartialEq)]
pub struct Shrunk {
    /// The smallest case that was found interesting; [`Case::disassembly`] shows its instructions.
    pub best: Case,
    /// Why it ended.
    pub end: ShrinkEnd,
    /// What it took.
    pub counts: Counts,
    /// The whole state, for [`resume()`] with a greater budget.
    pub state: ShrinkState,
}

/// Why nothing was shrunk.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShrinkError {
    /// The original does not show what is looked for, or not as often as was asked for.
    #[error(
        "the case to be shrunk is not interesting to begin with; check the predicate, or ask for fewer confirmations"
    )]
    NotInteresting,
    /// The original could not be judged.
    #[error("the case to be shrunk could not be judged: {reason}")]
    Unresolved {
        /// What the predicate said.
        reason: String,
    },
    /// It ended before the original was tested.
    #[error("the shrink ended before its first test: {0}; allow more tests or more time")]
    NotBegun(ShrinkEnd),
    /// A state for an ISA that is not known.
    #[error("the state of the shrink is for the ISA {0:?}, which this version does not know; begin the shrink anew")]
    UnknownIsa(String),
    /// More instructions than a harness takes.
    #[error(
        "the case has {instructions} instructions; the limit is {}: cut it by hand first",
        assay_guest::harness::BODY_INSTRUCTIONS_MAX
    )]
    TooLong {
        /// How many.
        instructions: usize,
    },
}

/// Shrinks `original` while `predicate` calls it interesting.
///
/// A budget that ends early is no error: the result has the best case so far and says why it ended.
pub fn shrink(
    original: Case,
    predicate: &dyn Predicate,
    options: &Options,
    observer: &mut dyn Observer,
) -> Result<Shrunk, ShrinkError> {
    run(Session::new(original, &[], predicate, options, observer))
}

/// Goes on with a shrink that was interrupted. No case that `state` knows is tested again, but for the best one if the
/// options that decide what is tested are others than before; then the shrink begins anew from there.
///
/// With the same predicate and options the result is that of a shrink that was not interrupted. The budget is a fresh one.
pub fn resume(
    state: &ShrinkState,
    predicate: &dyn Predicate,
    options: &Options,
    observer: &mut dyn Observer,
) -> Result<Shrunk, ShrinkError> {
    let (original, tested) = state::restore(state, options)?;
    run(Session::new(original, &tested, predicate, options, observer))
}

fn run(mut session: Session<'_>) -> Result<Shrunk, ShrinkError> {
    let instructions = session.best.instructions.len();
    if instructions > assay_guest::harness::BODY_INSTRUCTIONS_MAX {
        return Err(ShrinkError::TooLong { instructions });
    }
    match session.test_original().map_err(ShrinkError::NotBegun)? {
        Answer::Interesting => {}
        Answer::Boring => return Err(ShrinkError::NotInteresting),
        Answer::Unresolved(reason) => return Err(ShrinkError::Unresolved { reason }),
    }
    let end = match reduce::to_the_end(&mut session) {
        Ok(()) => ShrinkEnd::Minimal,
        Err(end) => end,
    };
    Ok(session.finish(end))
}
