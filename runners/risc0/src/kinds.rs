//! The proofs that this runner makes, and what they are worth.

use assay_spec::receipt::{ProofKind, Security};

use crate::execute::SEGMENT_LIMIT_PO2;

/// One STARK per segment.
pub(crate) const COMPOSITE: &str = "composite";
/// A receipt without a proof, as RISC Zero's development mode makes them.
pub(crate) const FAKE: &str = "fake";

/// Security of a seal, in bits (`risc0-zkp` 3.0.5, `QUERIES`; `risc0-zkvm` 3.0.6, `DEFAULT_MAX_PO2`).
const BITS: u32 = 97;

/// Every kind, the default first.
pub(crate) fn kinds() -> Vec<ProofKind> {
    let parameters = [
        ("fri_fold", risc0_zkp::FRI_FOLD as u64),
        ("inverse_rate", risc0_zkp::INV_RATE as u64),
        ("queries", risc0_zkp::QUERIES as u64),
        ("segment_limit_po2", SEGMENT_LIMIT_PO2 as u64),
    ];
    vec![
        ProofKind {
            name: COMPOSITE.to_owned(),
            security: Security {
                secure: true,
                bits: Some(BITS),
                basis: "conjectured: RISC Zero's own analysis under the toy problem conjecture of ethSTARK, for segments up to po2 21"
                    .to_owned(),
                parameters: parameters.map(|(name, value)| (name.to_owned(), value)).into(),
            },
        },
        ProofKind {
            name: FAKE.to_owned(),
            security: Security {
                secure: false,
                bits: None,
                basis: "nothing is proved: a receipt of RISC Zero's development mode holds claims and no proof".to_owned(),
                parameters: [].into(),
            },
        },
    ]
}
