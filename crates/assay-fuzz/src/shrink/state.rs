//! From a stored state to a shrink that goes on.

use assay_spec::{ShrinkAnswer, ShrinkState, TestedCase};

use super::{
    ShrinkError,
    case::{Case, parse_isa},
    options::Options,
};

/// The case to begin with, and what is known of others.
///
/// With the options of before, that is the original: going through all steps again costs no test. With others the steps
/// would be others; then it is the best case, and nothing counts as interesting that was not found so under these options.
pub(super) fn restore(state: &ShrinkState, options: &Options) -> Result<(Case, Vec<TestedCase>), ShrinkError> {
    let isa = parse_isa(&state.isa).ok_or_else(|| ShrinkError::UnknownIsa(state.isa.chars().take(40).collect()))?;
    if state.settings == options.digest() {
        return Ok((Case::from_record(&state.original, isa), state.tested.clone()));
    }
    let known = state.tested.iter().filter(|tested| tested.answer != ShrinkAnswer::Interesting);
    Ok((Case::from_record(&state.best, isa), known.copied().collect()))
}
