//! What `assay diff` runs and compares: decided before anything runs, from names and platforms alone.
//!
//! Each backend is judged against the reference machine of its own platform, which is added where nobody asked for it.
//! The others are compared with the first besides: directly on one platform; by their sequence across platforms whose
//! registers have one width; and through their references only, if the widths differ. A core does the same everywhere, so
//! that its builds are compared whatever their platforms; a native one has no machine to be judged against.

use assay_isa::Xlen;
use assay_spec::{Basis, Platform};

/// One run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// What it is called in the log; unique.
    pub(crate) name: String,
    /// Name of the backend.
    pub(crate) backend: String,
    pub(crate) platform: Platform,
    pub(crate) role: Role,
    /// Whether it was asked for, and not only added as somebody's reference.
    pub(crate) asked: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Reference,
    Runner,
    /// What runs programs of this machine.
    Native,
    /// The reference machine with planted faults.
    Faulty,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) backend: String,
    pub(crate) platform: Platform,
    pub(crate) role: Role,
}

/// Runs by number, and which of them are compared.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) entries: Vec<Entry>,
    /// The first that was asked for.
    pub(crate) baseline: usize,
}

/// How two runs are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pair {
    Directly { baseline: usize, target: usize, basis: Basis },
    ThroughReferences { baseline: usize, target: usize },
}

impl Plan {
    /// The runs for `asked`, which is not empty.
    pub(crate) fn new(asked: &[Asked]) -> Self {
        let mut entries: Vec<Entry> = Vec::new();
        let mut baseline = None;
        for Asked { backend, platform, role } in asked {
            let reference =
                entries.iter().position(|entry| entry.role == Role::Reference && entry.platform == *platform);
            let place = match (role, reference) {
                // It runs anyway; now somebody asked for it.
                (Role::Reference, Some(place)) if !entries[place].asked => {
                    entries[place].asked = true;
                    place
                }
                _ => {
                    if matches!(role, Role::Runner | Role::Faulty) && reference.is_none() {
                        entries.push(Entry::new(assay_backend::Reference::NAME, *platform, Role::Reference, false));
                    }
                    entries.push(Entry::new(backend, *platform, *role, true));
                    entries.len() - 1
                }
            };
            baseline.get_or_insert(place);
        }
        name(&mut entries);
        Self { entries, baseline: baseline.unwrap_or_default() }
    }

    /// The run that `entry` is judged against: its platform's reference machine, which may be itself. A native run has none,
    /// and stands for itself.
    pub(crate) fn reference(&self, entry: usize) -> usize {
        let platform = self.entries[entry].platform;
        let reference = |other: &Entry| other.role == Role::Reference && other.platform == platform;
        if self.entries[entry].role == Role::Reference {
            return entry;
        }
        self.entries.iter().position(reference).unwrap_or(entry)
    }

    /// Which runs are compared, and how: with their own reference machines first, then with the baseline. `width` is that of
    /// the registers of a guest that is a sequence; `None` for a core.
    pub(crate) fn pairs(&self, width: impl Fn(Platform) -> Option<Xlen>) -> Vec<Pair> {
        let judged = (0..self.entries.len()).filter(|&target| self.reference(target) != target);
        let mut pairs: Vec<Pair> = judged
            .map(|target| Pair::Directly { baseline: self.reference(target), target, basis: Basis::SameGuest })
            .collect();
        let baseline = self.baseline;
        for (target, entry) in self.entries.iter().enumerate() {
            let own = self.reference(target) == baseline || self.reference(baseline) == target;
            let twin = entry.role == Role::Reference && self.entries[baseline].role == Role::Reference;
            if target == baseline || !entry.asked || (own && !twin) {
                continue;
            }
            let platform = self.entries[baseline].platform;
            pairs.push(if entry.platform == platform {
                Pair::Directly { baseline, target, basis: Basis::SameGuest }
            } else {
                match (width(platform), width(entry.platform)) {
                    (Some(one), Some(other)) if one == other => {
                        Pair::Directly { baseline, target, basis: Basis::SameSequence }
                    }
                    (Some(_), Some(_)) => Pair::ThroughReferences { baseline, target },
                    _ => Pair::Directly { baseline, target, basis: Basis::SameCore },
                }
            });
        }
        pairs
    }
}

impl Entry {
    fn new(backend: &str, platform: Platform, role: Role, asked: bool) -> Self {
        Self { name: String::new(), backend: backend.to_owned(), platform, role, asked }
    }
}

/// Names that are the backends' where that tells them apart, else with the platform, else with a number.
fn name(entries: &mut [Entry]) {
    for at in 0..entries.len() {
        let (before, entry) = (&entries[..at], &entries[at]);
        let elsewhere = entries.iter().any(|other| other.backend == entry.backend && other.platform != entry.platform);
        let twins =
            before.iter().filter(|other| other.backend == entry.backend && other.platform == entry.platform).count();
        let mut name = entry.backend.clone();
        if elsewhere {
            name = format!("{name}@{}", entry.platform);
        }
        if twins > 0 {
            name = format!("{name}#{}", twins + 1);
        }
        entries[at].name = name;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(names: &[(&str, Platform)]) -> Vec<Asked> {
        let role = |name: &str| match name {
            "reference" => Role::Reference,
            "reference+fault" => Role::Faulty,
            "native" => Role::Native,
            _ => Role::Runner,
        };
        names.iter().map(|&(name, platform)| Asked { backend: name.to_owned(), platform, role: role(name) }).collect()
    }

    /// Names in order, the baseline's, and each pair as `a~b` with a sign for how it is compared.
    fn shown(names: &[(&str, Platform)]) -> (Vec<String>, String, Vec<String>) {
        shown_of(names, |platform| Some(if platform == Platform::Sp1 { Xlen::Rv64 } else { Xlen::Rv32 }))
    }

    fn shown_of(
        names: &[(&str, Platform)],
        width: impl Fn(Platform) -> Option<Xlen>,
    ) -> (Vec<String>, String, Vec<String>) {
        let plan = Plan::new(&asked(names));
        let name = |at: usize| plan.entries[at].name.clone();
        let pairs = plan.pairs(width).into_iter().map(|pair| match pair {
            Pair::Directly { baseline, target, basis: Basis::SameGuest } => {
                format!("{} = {}", name(baseline), name(target))
            }
            Pair::Directly { baseline, target, basis: Basis::SameSequence } => {
                format!("{} ~ {}", name(baseline), name(target))
            }
            Pair::Directly { baseline, target, basis: Basis::SameCore } => {
                format!("{} : {}", name(baseline), name(target))
            }
            Pair::ThroughReferences { baseline, target } => format!("{} / {}", name(baseline), name(target)),
        });
        let pairs = pairs.collect();
        (plan.entries.iter().map(|entry| entry.name.clone()).collect(), name(plan.baseline), pairs)
    }

    #[test]
    fn one_backend_is_judged_against_the_reference_of_its_platform() {
        let (names, baseline, pairs) = shown(&[("openvm", Platform::OpenVm)]);
        assert_eq!((names, baseline.as_str()), (vec!["reference".to_owned(), "openvm".to_owned()], "openvm"));
        assert_eq!(pairs, ["reference = openvm"]);
        let both = [("reference", Platform::OpenVm), ("openvm", Platform::OpenVm)];
        assert_eq!((shown(&both).1.as_str(), shown(&both).2), ("reference", pairs.clone()));
        assert_eq!(shown(&[both[1], both[0]]).2, pairs);
    }

    #[test]
    fn three_zkvms_have_a_reference_each_and_are_compared_as_far_as_their_registers_go() {
        let (names, baseline, pairs) =
            shown(&[("openvm", Platform::OpenVm), ("risc0", Platform::Risc0), ("sp1", Platform::Sp1)]);
        assert_eq!(names, ["reference@openvm", "openvm", "reference@risc0", "risc0", "reference@sp1", "sp1"]);
        assert_eq!(baseline, "openvm");
        assert_eq!(
            pairs,
            [
                "reference@openvm = openvm",
                "reference@risc0 = risc0",
                "reference@sp1 = sp1",
                "openvm ~ risc0",
                "openvm / sp1"
            ]
        );
    }

    #[test]
    fn two_backends_of_one_platform_share_their_reference_and_are_compared_directly() {
        let (_, _, pairs) = shown(&[("sp1", Platform::Sp1), ("sp1-next", Platform::Sp1)]);
        assert_eq!(pairs, ["reference = sp1", "reference = sp1-next", "sp1 = sp1-next"]);
    }

    #[test]
    fn references_are_compared_with_each_other_where_they_were_asked_for() {
        let (names, _, pairs) = shown(&[("reference", Platform::Standard), ("reference", Platform::Standard)]);
        assert_eq!(
            (names, pairs),
            (vec!["reference".to_owned(), "reference#2".to_owned()], vec!["reference = reference#2".to_owned()])
        );
        let (names, _, pairs) = shown(&[("reference", Platform::Standard), ("reference", Platform::Risc0)]);
        assert_eq!(names, ["reference@standard", "reference@risc0"]);
        assert_eq!(pairs, ["reference@standard ~ reference@risc0"]);
    }

    #[test]
    fn a_core_is_compared_across_all_platforms_and_a_native_run_has_no_reference() {
        let all = [
            ("native", Platform::Native),
            ("reference", Platform::Risc0),
            ("risc0", Platform::Risc0),
            ("sp1", Platform::Sp1),
        ];
        let (names, baseline, pairs) = shown_of(&all, |_| None);
        assert_eq!(names, ["native", "reference@risc0", "risc0", "reference@sp1", "sp1"]);
        assert_eq!(baseline, "native");
        assert_eq!(
            pairs,
            [
                "reference@risc0 = risc0",
                "reference@sp1 = sp1",
                "native : reference@risc0",
                "native : risc0",
                "native : sp1"
            ]
        );
        let (names, _, pairs) = shown_of(&all[2..], |_| None);
        assert_eq!(names, ["reference@risc0", "risc0", "reference@sp1", "sp1"]);
        assert_eq!(pairs[2..], ["risc0 : sp1"]);
    }

    #[test]
    fn a_planted_fault_is_judged_like_a_backend() {
        let names = [("openvm", Platform::OpenVm), ("reference+fault", Platform::OpenVm)];
        assert_eq!(shown(&names).2, ["reference = openvm", "reference = reference+fault", "openvm = reference+fault"]);
        let alone = [("reference", Platform::Standard), ("reference+fault", Platform::Standard)];
        assert_eq!(shown(&alone).2, ["reference = reference+fault"]);
    }
}
