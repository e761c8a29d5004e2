//! The kinds of proofs, and how much they are worth in the words of OpenVM's makers.

use assay_openvm_sdk::{SECURITY_BITS, Strength};
use assay_runner_kit::error;
use assay_spec::{
    protocol::{ErrorKind, RunnerError},
    receipt::{ProofKind, Security},
};

/// A kind of proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// OpenVM's app proof, one STARK per segment, with the SDK's parameters.
    App,
    /// The same with parameters that are worth nothing.
    AppInsecureFast,
}

impl Kind {
    /// The default first.
    pub(crate) const ALL: [Self; 2] = [Self::App, Self::AppInsecureFast];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::AppInsecureFast => "app-insecure-fast",
        }
    }

    /// The kind of that name. The kit asks for none that is not described.
    pub(crate) fn named(name: &str) -> Result<Self, RunnerError> {
        let kind = Self::ALL.into_iter().find(|kind| kind.name() == name);
        kind.ok_or_else(|| error(ErrorKind::BadRequest, format!("OpenVM has no proof kind {name:?}")))
    }

    pub(crate) fn strength(self) -> Strength {
        match self {
            Self::App => Strength::Standard,
            Self::AppInsecureFast => Strength::InsecureFast,
        }
    }

    pub(crate) fn described(self) -> ProofKind {
        let (bits, basis) = match self {
            Self::App => (
                Some(SECURITY_BITS),
                "OpenVM's app_params_with_100_bits_security: round-by-round soundness, proven, with WHIR in the \
                 unique-decoding regime over BabyBear^4 and Poseidon2 over BabyBear",
            ),
            Self::AppInsecureFast => {
                (None, "few WHIR queries and one bit of grinding, for tests: anyone can forge such a proof")
            }
        };
        let parameters = self.strength().parameters();
        let parameters = parameters.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let security = Security { secure: self == Self::App, bits, basis: basis.to_owned(), parameters };
        ProofKind { name: self.name().to_owned(), security }
    }
}
