//! Known bugs that show only where a run is proved: it ends as it should, and there is no proof of it.

use assay_backend::{Backend as _, Job, Limits};
use assay_guest::Guest;
use assay_spec::{BugCheck, ProofKind};

use crate::{failure::Failure, session::Session};

/// How much longer a proof may take than a run: as the default wall limits of `prove` and of `run` are to each other.
const WALL_FACTOR: u32 = 5;

/// Proves the run with the kind that costs least, and says whether that failed, and how.
pub(super) fn judge(
    runner: &str,
    guest: &Guest,
    input: &[u8],
    session: &Session,
) -> Result<(BugCheck, String), Failure> {
    let mut backend = session.runner_backend(runner)?;
    let kinds = &backend.description().proof_kinds;
    let Some(kind) = cheapest(kinds).map(|kind| kind.name.clone()) else {
        return Ok((BugCheck::Inconclusive, format!("{runner} makes no proofs")));
    };
    let asked = session.limits();
    let limits = Limits { wall: asked.wall.saturating_mul(WALL_FACTOR), ..*asked };
    let job = Job { guest, input, limits: &limits, cost: false };
    let proved = backend.prove(&job, Some(&kind)).map_err(|error| session.failure(error))?;
    let run = proved.outcome.run;
    if proved.receipt.is_some() {
        return Ok((BugCheck::NotReproduced, format!("the run is proved ({kind})")));
    }
    let first_line = |text: &str| text.lines().next().unwrap_or_default().to_owned();
    Ok(match (run.refusal, run.message) {
        (Some(refusal), _) => (BugCheck::Reproduced, format!("no proof ({kind}): {}", first_line(&refusal))),
        // The prover was not asked, or did not answer.
        (None, message) => {
            let said = first_line(&message.unwrap_or_default());
            (BugCheck::Inconclusive, format!("the run that was to be proved ended with {}: {said}", run.status))
        }
    })
}

/// The one for tests, where there is one: what a prover takes does not depend on how much a proof is worth.
fn cheapest(kinds: &[ProofKind]) -> Option<&ProofKind> {
    kinds.iter().find(|kind| kind.name.ends_with("-insecure-fast")).or_else(|| kinds.first())
}
