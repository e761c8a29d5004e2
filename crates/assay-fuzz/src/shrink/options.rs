//! How a shrink is set up.

use std::{num::NonZeroUsize, time::Duration};

use assay_backend::CancelToken;
use assay_guest::harness::DEFAULT_SCRATCH;
use assay_spec::{Digest, Platform, Register};

/// Raised whenever the engine takes other steps than before on the same case: a state of another generation is not replayed.
const GENERATION: u32 = 1;

/// How a shrink is set up.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many cases are tested at a time. The result does not depend on it, the time does.
    pub workers: NonZeroUsize,
    /// Most tests, confirmations included. Tests ahead of need, which several workers make and which may turn out not to be
    /// needed, are not counted: up to `workers - 1` for each that is.
    pub tests_max: u64,
    /// Most time.
    pub wall: Option<Duration>,
    /// Asked between tests.
    pub cancel: CancelToken,
    /// Whether an interesting case is tested again before it is believed.
    pub confirm: Confirm,
    /// Where the runs part, if that is known. It saves the search for it.
    pub focus: Option<Focus>,
    /// The platform in front of which the reference machine runs the original, in this process, to see which values it
    /// computes; `None` if that makes no sense for these cases. What is seen decides what is tried first and is never taken
    /// for granted.
    pub observe: Option<Platform>,
    /// The register that the harness keeps for itself: it is neither renamed nor a new name of another.
    pub scratch: Register,
}

/// The instruction at which the runs of the original part: where the first diverging step of two traces stands in the
/// sequence ([`HarnessLayout::body_index`](assay_guest::HarnessLayout::body_index) of its pc).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Focus {
    /// Its position in the sequence, from 0.
    pub index: usize,
    /// Which of its executions, from 0, if that is known.
    pub visit: Option<u64>,
}

/// How often an interesting answer has to be given, for predicates that do not always answer alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Confirm {
    /// How often an interesting case is tested again.
    pub times: u32,
    /// How many of these must be interesting again; more than `times` counts as `times`.
    pub holds: u32,
}

impl Options {
    /// Default of [`Self::tests_max`].
    pub const DEFAULT_TESTS_MAX: u64 = 5_000;
}

impl Default for Options {
    fn default() -> Self {
        Self {
            workers: NonZeroUsize::MIN,
            tests_max: Self::DEFAULT_TESTS_MAX,
            wall: None,
            cancel: CancelToken::new(),
            confirm: Confirm::default(),
            focus: None,
            observe: Some(Platform::Standard),
            scratch: Register::new(DEFAULT_SCRATCH).expect("x3 is a register"),
        }
    }
}

impl Options {
    /// What decides which cases are tested in which order.
    pub(crate) fn digest(&self) -> Digest {
        let Self { confirm, focus, observe, scratch, workers: _, tests_max: _, wall: _, cancel: _ } = self;
        let observe = observe.map(|platform| platform.to_string());
        Digest::of(format!("{GENERATION} {confirm:?} {focus:?} {observe:?} {scratch}").as_bytes())
    }
}

impl Focus {
    /// Whichever execution of the instruction at `index`.
    pub fn at(index: usize) -> Self {
        Self { index, visit: None }
    }
}

impl Confirm {
    /// All of `times` further tests must be interesting.
    pub fn all(times: u32) -> Self {
        Self { times, holds: times }
    }
}
