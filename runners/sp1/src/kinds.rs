//! The proofs that this runner makes, and what they are worth.

use assay_sp1_sdk::ProofKind as Kind;
use assay_spec::receipt::{ProofKind, Security};

/// Security that SP1's parameters aim at (`sp1-primitives` 6.10.0, `SP1_TARGET_BITS_OF_SECURITY`).
const BITS: u32 = 100;

/// Every kind, the default first.
const KINDS: [(Kind, &str); 3] =
    [(Kind::Core, "core"), (Kind::Compressed, "compressed"), (Kind::CoreInsecureFast, "core-insecure-fast")];

/// How the runner describes its kinds.
pub(crate) fn kinds() -> Vec<ProofKind> {
    KINDS.map(|(kind, name)| ProofKind { name: name.to_owned(), security: security(kind) }).to_vec()
}

/// The kind that is called `name`.
pub(crate) fn kind(name: &str) -> Option<Kind> {
    KINDS.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
}

/// How the bytes of a proof are to be read.
pub(crate) fn encoding(kind: Kind) -> &'static str {
    match kind {
        Kind::Core | Kind::CoreInsecureFast => concat!(
            "ASSAYSP1, kind, bincode 1 of (MachineVerifyingKey, public values, shard proofs) of SP1 ",
            env!("SP1_VERSION")
        ),
        Kind::Compressed => concat!(
            "ASSAYSP1, kind, bincode 1 of (MachineVerifyingKey, public values, SP1RecursionProof) of SP1 ",
            env!("SP1_VERSION")
        ),
    }
}

fn security(kind: Kind) -> Security {
    let parameters = kind.parameters();
    let named = [
        ("log_blowup", parameters.log_blowup as u64),
        ("queries", parameters.queries as u64),
        ("proof_of_work_bits", parameters.proof_of_work_bits as u64),
        ("log_stacking_height", parameters.log_stacking_height.into()),
        ("max_log_row_count", parameters.max_log_row_count as u64),
    ];
    let (secure, bits, basis) = match kind {
        Kind::Core => (
            true,
            Some(BITS),
            "proven: SP1's parameters for queries within the unique decoding radius of the code, with proof of work",
        ),
        Kind::Compressed => (
            true,
            Some(BITS),
            "proven: SP1's parameters for queries within the unique decoding radius of the code, with proof of work, for \
             the recursion circuits that the parameters here are of, and for the shards of kind core that they verified",
        ),
        Kind::CoreInsecureFast => {
            (false, None, "parameters that make proofs cheap for tests: a forger needs no more than a few tries")
        }
    };
    let parameters = named.map(|(name, value)| (name.to_owned(), value)).into();
    Security { secure, bits, basis: basis.to_owned(), parameters }
}
