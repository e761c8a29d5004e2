//! What to remove next: a belief of each unit that it is needed, and the subset whose removal is expected to gain most.
//!
//! Plain delta debugging halves subsets without learning from failures. Here each failure makes the units of the removed
//! subset likelier to be needed (probabilistic delta debugging, Wang and others, ESEC/FSE 2021), and what is known of the
//! units beforehand is where the beliefs begin. There is no randomness in it: of equal beliefs the order decides.

/// A unit of which nothing is known.
pub(crate) const UNKNOWN: f64 = 0.1;
/// A unit that nothing that matters depends on, as far as can be seen.
pub(crate) const UNUSED: f64 = 0.001;
/// A unit that something that matters depends on.
pub(crate) const USED: f64 = 0.3;
/// A unit that was needed a moment ago.
pub(crate) const NEEDED: f64 = 0.9;

/// Beliefs about units 0 to n-1.
#[derive(Clone, Debug)]
pub(crate) struct Beliefs(Vec<Option<f64>>);

impl Beliefs {
    /// The probability of each unit that it is needed, above 0 and below 1.
    pub(crate) fn new(needed: impl IntoIterator<Item = f64>) -> Self {
        Self(needed.into_iter().map(Some).collect())
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
        let (mut unneeded, mut best, mut best_gain) = (1.0, 0, 0.0);
        for (count, (needed, _)) in open.iter().enumerate() {
            unneeded *= 1.0 - needed;
            let gain = (count + 1) as f64 * unneeded;
            if gain > best_gain {
                (best, best_gain) = (count + 1, gain);
            }
        }
        let mut units: Vec<usize> = open[..best].iter().map(|open| open.1).collect();
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
        units.iter().for_each(|&unit| self.0[unit] = None);
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
        let beliefs = Beliefs::new((0..200).map(|unit| if needed.contains(&unit) { USED } else { UNUSED }));
        let (left, tests) = reduce(beliefs, &needed);
        assert_eq!(left, needed);
        assert!(tests <= 8, "{tests}");
    }

    proptest! {
        #[test]
        fn what_is_left_is_what_is_needed(
            priors in prop::collection::vec(prop_oneof![Just(UNKNOWN), Just(UNUSED), Just(USED), Just(NEEDED)], 1..120),
            needed in prop::collection::btree_set(0usize..120, 0..9),
        ) {
            let needed: Vec<usize> = needed.into_iter().filter(|unit| *unit < priors.len()).collect();
            let (left, tests) = reduce(Beliefs::new(priors.clone()), &needed);
            prop_assert_eq!(left, needed);
            prop_assert!(tests < 40 * priors.len());
        }
    }
}
