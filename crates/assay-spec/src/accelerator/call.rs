//! What a call comes to, for those that carry it out and for those that let it be carried out.

use super::{
    encoding::Input,
    table::{Beyond, Bound, Function},
};

/// Why a call has no output.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The inputs are invalid by the function's rule: the call returns -1.
    #[error("the inputs are invalid")]
    Failed,
    /// The inputs may be valid, and are more work than is done here. It says nothing of the guest.
    #[error("{amount} {unit} are more than the {most} that this implementation takes in one call")]
    TooMuch {
        /// How much was asked for.
        amount: u64,
        /// The most that is done.
        most: u64,
        /// Of what.
        unit: &'static str,
    },
    /// The inputs are not those that the function has: a mistake of the caller's, not of a guest.
    #[error("these are not the inputs of {0}")]
    NotItsInputs(Function),
}

/// What carries out a call: its output, of as many bytes as its output parameter has, or why there is none. The inputs are
/// those parameters that carry something in, in the header's order.
pub type Compute = fn(Function, &[Input]) -> Result<Vec<u8>, Refusal>;

impl Bound {
    /// Whether so much, in the unit that `kind` counts in, is within the bound, and what comes of it otherwise.
    pub fn admit(self, amount: u64, unit: &'static str) -> Result<(), Refusal> {
        match self.beyond {
            _ if amount <= self.most => Ok(()),
            Beyond::Fails => Err(Refusal::Failed),
            Beyond::TooMuch => Err(Refusal::TooMuch { amount, most: self.most, unit }),
        }
    }
}
