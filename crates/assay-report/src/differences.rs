//! In what outcomes differ, in words: one place for every form of a report.

use assay_isa::registers;
use assay_spec::{Divergence, Register, Verdict};

/// One way in which two outcomes differ: what, and both values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) what: String,
    pub(crate) baseline: String,
    pub(crate) target: String,
}

/// In what they differ, or why nobody can say, on one line; empty where they agree.
pub(crate) fn detail(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Agree => String::new(),
        Verdict::Inconclusive(reason) => reason.to_string(),
        Verdict::SameFailure(differences) | Verdict::Diverge(differences) => {
            let spelled: Vec<String> = differences
                .iter()
                .map(|difference| {
                    let Difference { what, baseline, target } = difference.into();
                    format!("{what}: {baseline} / {target}")
                })
                .collect();
            spelled.join("; ")
        }
    }
}

/// In what they differ; empty where they do not, or where nobody can say.
pub(crate) fn differences(verdict: &Verdict) -> Vec<Difference> {
    match verdict {
        Verdict::Agree | Verdict::Inconclusive(_) => Vec::new(),
        Verdict::SameFailure(differences) | Verdict::Diverge(differences) => {
            differences.iter().map(Difference::from).collect()
        }
    }
}

/// `x7/t2`.
pub(crate) fn register_name(register: Register) -> String {
    format!("{register}/{}", registers::name(register.index()))
}

impl From<&Divergence> for Difference {
    fn from(difference: &Divergence) -> Self {
        let or_none = |value: Option<String>| value.unwrap_or_else(|| "none".to_owned());
        let (what, baseline, target) = match difference {
            Divergence::Status { baseline, target } => ("status".to_owned(), baseline.to_string(), target.to_string()),
            Divergence::ExitCode { baseline, target } => {
                let spell = |code: &Option<u32>| or_none(code.map(|code| code.to_string()));
                ("exit code".to_owned(), spell(baseline), spell(target))
            }
            Divergence::Trap { baseline, target } => {
                let spell = |trap: &Option<assay_spec::Trap>| or_none(trap.as_ref().map(ToString::to_string));
                ("trap".to_owned(), spell(baseline), spell(target))
            }
            Divergence::Message { baseline, target } => {
                ("panic message".to_owned(), or_none(baseline.clone()), or_none(target.clone()))
            }
            Divergence::Output { first_difference, baseline_bytes, target_bytes } => (
                format!("output from byte {first_difference}"),
                format!("{baseline_bytes} bytes"),
                format!("{target_bytes} bytes"),
            ),
            Divergence::Register { register, baseline, target } => {
                (format!("register {}", register_name(*register)), baseline.to_string(), target.to_string())
            }
            Divergence::Instructions { baseline, target } => {
                ("instructions".to_owned(), baseline.to_string(), target.to_string())
            }
        };
        Self { what, baseline, target }
    }
}
