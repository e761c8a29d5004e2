//! What to remove next: a belief of each unit that it is needed, and a subset that can as well go as not.
//!
//! Plain delta debugging halves subsets without learning from failures. Here each failure makes the units of the removed
//! subset likelier to be needed (probabilistic delta debugging, Wang and others, ESEC/FSE 2021), and what is known of the
//! units beforehand is where the beliefs begin. There is no randomness in it: of equal beliefs the order decides.

/// What is known of a unit beforehand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Prior {
    /// Nothing that matters depends on it, as far as can be seen.
    Unused,
    /// Nothing is known.
    Unknown,
    /// Something that matters depends on it.
    Used,
    /// It was needed a moment ago.
    Needed,
}

impl Prior {
    /// How many of all units with this prior are expected to be needed, and the most that is believed of one.
    ///
    /// The first tests then remove about a third of what is unknown at once. Measured on bugs that need none to five of 20
    /// to 200 units: twice as many or half as many expected cost about as many tests.
    fn expectation(self) -> (f64, f64) {
        match self {
            Self::Unused => (0.1, 0.05),
            Self::Unknown => (2.0, 0.3),
            Self::Used => (3.0, 0.3),
            Self::Needed => (f64::INFINITY, 0.9),
        }
    }
}

/// A subset is removed that goes with about this probability: so each test tells most.
const SUCCESS: f64 = 0.5;

/// Beliefs about units 0 to n-1.
#[derive(Clone, Debug)]
pub(crate) struct Beliefs(Vec<Option<f64>>);

impl Beliefs {
    /// Beliefs that begin with what is known of each unit.
    pub(crate) fn new(priors: impl IntoIterator<Item = Prior>) -> Self {
        let priors: Vec<Prior> = priors.into_iter().collect();
        let belief = |prior: &Prior| {
            let (expected, most) = prior.expectation();
            let units = priors.iter().filter(|other| *other == prior).count();
            Some((expected / units as f64).min(most))
        };
        let [unused, unknown, used, needed] =
            [Prior::Unused, Prior::Unknown, Prior::Used, Prior::Needed].map(|prior| belief(&prior));
        let beliefs = priors.iter().map(|prior| match prior {
            Prior::Unused => unused,
            Prior::Unknown => unknown,
            Prior::Used => used,
            Prior::Needed => needed,
        });
        Self(beliefs.collect())
    }

    /// The units to be removed next, ascending; `None` if each of those left is needed by itself.
    pub(crate) fn next(&self) -> Option<Vec<usize>> {
        let mut open: Vec<(f64, usize)> = self
            .0
            .iter()
            .enumerate()
            .filter_map(|(unit, belief)| belief.filter(|&needed| needed < 1.0).map(|needed| (needed, unit)))
            .collect();
        open.sort_by(|left, right| left.0.total_cmp(&right.0).then(left.1.cmp(&right.1)));
        let likely = open.iter().scan(1.0, |unneeded, (needed, _)| {
            *unneeded *= 1.0 - needed;
            (*unneeded >= SUCCESS).then_some(())
        });
        let count = likely.count().max(1).min(open.len());
        let mut units: Vec<usize> = open[..count].iter().map(|open| open.1).collect();
        units.sort_unstable();
        (!units.is_empty()).then_some(units)
    }

    /// Without these units it was not interesting: at least one of them is needed.
    pub(crate) fn failed(&mut self, units: &[usize]) {
        let belief = |beliefs: &Self, unit: usize| beliefs.0[unit].unwrap_or(0.0);
        let unneeded: f64 = units.iter().map(|&unit| 1.0 - belief(self, unit)).product();
        for &unit in units {
            let after = belief(self, unit) / (1.0 - unneeded);
            // A lone unit is certain; rounding must not leave it open.
            self.0[unit] = Some(if units.len() == 1 || after >= 1.0 - f64::EPSILON { 1.0 } else { after });
        }
    }

    /// These units are gone.
    pub(crate) fn removed(&mut self, units: &[usize]) {
        for &unit in units {
            self.0[unit] = None;
        }
    }

    /// What is removed next, and next after that if it fails, and so on.
    pub(crate) fn if_all_fail(&self) -> impl Iterator<Item = Vec<usize>> + use<> {
        let mut beliefs = self.clone();
        std::iter::from_fn(move || {
            let units = beliefs.next()?;
            beliefs.failed(&units);
            Some(units)
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Removes from 0..n while `needed` is kept; returns what is left and how often it asked.
    fn reduce(beliefs: Beliefs, needed: &[usize]) -> (Vec<usize>, usize) {
        let mut beliefs = beliefs;
        let mut left: Vec<usize> = (0..beliefs.0.len()).collect();
        let mut tests = 0;
        while let Some(units) = beliefs.next() {
            tests += 1;
            if units.iter().any(|unit| needed.contains(unit)) {
                beliefs.failed(&units);
            } else {
                left.retain(|unit| !units.contains(unit));
                beliefs.removed(&units);
            }
        }
        (left, tests)
    }

    #[test]
    fn units_that_are_not_used_go_at_once() {
        let needed = [3, 70, 199];
        let beliefs =
            Beliefs::new((0..200).map(|unit| if needed.contains(&unit) { Prior::Used } else { Prior::Unused }));
        let (left, tests) = reduce(beliefs, &needed);
        assert_eq!(left, needed);
        assert!(tests <= 8, "{tests}");
    }

    proptest! {
        #[test]
        fn what_is_left_is_what_is_needed(
            priors in prop::collection::vec(prop_oneof![Just(Prior::Unknown), Just(Prior::Unused), Just(Prior::Used), Just(Prior::Needed)], 1..120),
            needed in prop::collection::btree_set(0usize..120, 0..9),
        ) {
            let needed: Vec<usize> = needed.into_iter().filter(|unit| *unit < priors.len()).collect();
            let (left, tests) = reduce(Beliefs::new(priors.clone()), &needed);
            prop_assert_eq!(left, needed);
            prop_assert!(tests < 40 * priors.len());
        }
    }
}
