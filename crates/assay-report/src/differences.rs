//! In what outcomes differ, in words: one place for every form of a report.

use assay_isa::registers;
use assay_spec::{Divergence, HexBytes, Register, Verdict};

use crate::{limits::OUTPUT_BYTES_MAX, text::counted};

/// One way in which two outcomes differ: what, and both values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Such as `exit code`.
    pub what: String,
    /// The baseline's value, or `none`.
    pub baseline: String,
    /// The target's value, or `none`.
    pub target: String,
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

/// In what they differ; empty where they do not, or where nobody can say. Where both outputs are known, a difference of
/// them shows the bytes.
pub(crate) fn differences(verdict: &Verdict, outputs: Option<[&[u8]; 2]>) -> Vec<Difference> {
    let (Verdict::SameFailure(differences) | Verdict::Diverge(differences)) = verdict else { return Vec::new() };
    let spelled = |difference: &Divergence| match (difference, outputs) {
        (Divergence::Output { first_difference, .. }, Some(outputs)) => {
            let [baseline, target] = outputs.map(|output| bytes_from(output, *first_difference));
            Difference { baseline, target, ..difference.into() }
        }
        _ => difference.into(),
    };
    differences.iter().map(spelled).collect()
}

/// The bytes of an output from one on, and how many it has.
fn bytes_from(output: &[u8], from: u64) -> String {
    let rest = usize::try_from(from).ok().and_then(|from| output.get(from..)).unwrap_or_default();
    let shown = HexBytes(rest[..rest.len().min(OUTPUT_BYTES_MAX)].to_vec());
    let all = counted(output.len() as u64, "byte");
    match rest.len() {
        0 => format!("ends after {all}"),
        length if length > OUTPUT_BYTES_MAX => format!("{shown}… of {all}"),
        _ => format!("{shown} of {all}"),
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
