//! Who decides whether a case still shows what is looked for.

use super::Case;

/// What a predicate says of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It shows what is looked for.
    Interesting,
    /// It does not.
    Boring,
    /// It cannot be said: a limit, a crash of the machinery. Never taken for interesting. The reason is shown to people.
    Unresolved(String),
}

/// Judges cases; asked from several threads at a time. A panic ends the shrink.
///
/// The engine knows nothing of backends, verdicts or identities of findings: they are behind this.
pub trait Predicate: Sync {
    /// Judges a case. The same case is expected to get the same answer; where it may not, see
    /// [`Confirm`](super::Confirm).
    fn test(&self, case: &Case) -> Answer;
}

impl<F: Fn(&Case) -> Answer + Sync> Predicate for F {
    fn test(&self, case: &Case) -> Answer {
        self(case)
    }
}
