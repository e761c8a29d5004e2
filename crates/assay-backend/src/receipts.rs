//! The checks of a receipt, in their order: envelope, ELF digest, image id, proof, claims.
//!
//! The one place that decides whether a receipt is accepted. The zkVM's own verifier is one of five checks; the others
//! are the comparisons that are the caller's duty and that SDKs leave to them. It knows no zkVM: what can only be
//! computed with an SDK is asked of a [`Verifier`].

use std::time::Instant;

use assay_spec::{
    Digest, HexBytes, ProofClaims, Receipt, Rejection, RunnerDescription, Verification,
    protocol::{ProofVerdict, Verified},
    receipt::Check,
    schema::Versioned as _,
    verification::{CheckState, MadeCheck, VerificationReport, VerifierEffort},
};

use crate::{
    backend::{BackendError, milliseconds},
    registry::check_name,
};

/// What only a zkVM's SDK can do for a verifier of receipts.
pub trait Verifier {
    /// What the SDK's runner says of itself: its proof kinds say what each is worth.
    fn description(&self) -> &RunnerDescription;

    /// The image id of an ELF, as proofs of `kind` carry it.
    fn identify(&mut self, elf: &[u8], kind: &str) -> Result<String, BackendError>;

    /// Verifies a proof of `kind` against `image_id`.
    fn verify(&mut self, proof: &[u8], kind: &str, image_id: &str) -> Result<Verified, BackendError>;
}

/// What a receipt must be of, to be accepted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Expected<'a> {
    /// The guest's ELF. Without it and without an image id, a receipt says no more than that some guest ran.
    pub elf: Option<&'a [u8]>,
    /// The image id.
    pub image_id: Option<&'a str>,
    /// The exit code. A proof of a run that failed is a sound proof, and hardly ever the one that is wanted.
    pub exit_code: u32,
    /// The public output.
    pub output: Option<&'a [u8]>,
    /// Whether proofs that may not be relied on are accepted too.
    pub insecure: bool,
}

/// Reads a receipt file: the first half of the first check. A file that is none, and one that nothing called a runner
/// can have made, is rejected, with a report.
pub fn read_receipt(bytes: &[u8]) -> Result<Receipt, Box<VerificationReport>> {
    let rejected = |receipt: Option<&Receipt>, error: String| {
        let mut checks = Checks::default();
        let verification = checks.fail(Check::Envelope, error);
        Box::new(checks.report(Digest::of(bytes), receipt, verification, None))
    };
    let receipt = Receipt::from_bytes(bytes).map_err(|error| rejected(None, error.to_string()))?;
    match check_name(&receipt.header.backend.name) {
        Ok(()) => Ok(receipt),
        Err(error) => Err(rejected(Some(&receipt), format!("not made by Assay: {error}"))),
    }
}

/// Makes the checks, in their order, up to the first that fails. An error means that nothing can be said of the receipt.
pub fn verify_receipt(
    receipt: &Receipt,
    expected: &Expected<'_>,
    verifier: &mut dyn Verifier,
) -> Result<VerificationReport, BackendError> {
    let mut checks = Checks::default();
    let mut effort = None;
    let verification = match judge(receipt, expected, verifier, &mut checks, &mut effort)? {
        Ok(claims) => Verification::Verified(claims),
        Err((check, error)) => checks.fail(check, error),
    };
    let digest = Digest::of(&receipt.to_bytes());
    Ok(checks.report(digest, Some(receipt), verification, effort))
}

type Failed = (Check, String);

fn judge(
    receipt: &Receipt,
    expected: &Expected<'_>,
    verifier: &mut dyn Verifier,
    checks: &mut Checks,
    effort: &mut Option<VerifierEffort>,
) -> Result<Result<ProofClaims, Failed>, BackendError> {
    let header = &receipt.header;
    match envelope(receipt, expected, verifier.description()) {
        Ok(detail) => checks.pass(Check::Envelope, detail),
        Err(error) => return Ok(Err((Check::Envelope, error))),
    }

    match expected.elf.map(Digest::of) {
        None => checks.skip(Check::ElfDigest, "no ELF was given"),
        Some(found) if found == header.elf_digest => checks.pass(Check::ElfDigest, found.to_string()),
        Some(found) => {
            let error = format!("the given ELF is {found}, and the receipt is about {}", header.elf_digest);
            return Ok(Err((Check::ElfDigest, error)));
        }
    }

    let mut identify_ms = None;
    let mut seen = Vec::new();
    if let Some(elf) = expected.elf {
        let started = Instant::now();
        let found = verifier.identify(elf, &header.kind)?;
        identify_ms = Some(milliseconds(started.elapsed()));
        if found != header.image_id {
            let error = format!("the given ELF has {found}, and the receipt says {}", header.image_id);
            return Ok(Err((Check::ImageId, error)));
        }
        seen.push("computed from the ELF");
    }
    if let Some(asked) = expected.image_id {
        if asked != header.image_id {
            let error = format!("{asked} was asked for, and the receipt says {}", header.image_id);
            return Ok(Err((Check::ImageId, error)));
        }
        seen.push("as asked for");
    }
    match seen.as_slice() {
        [] => checks
            .skip(Check::ImageId, &format!("{}, by the receipt's own word: give --elf or --image-id", header.image_id)),
        seen => checks.pass(Check::ImageId, format!("{}, {}", header.image_id, seen.join(" and "))),
    }

    let verified = verifier.verify(&receipt.proof, &header.kind, &header.image_id)?;
    *effort = Some(VerifierEffort {
        verify_ms: verified.verify_ms,
        setup_ms: verified.setup_ms,
        identify_ms,
        peak_memory_bytes: verified.peak_memory_bytes,
    });
    let claims = match verified.verdict {
        ProofVerdict::Accepted(claims) => claims,
        ProofVerdict::Rejected(error) => return Ok(Err((Check::Proof, error))),
    };
    let description = verifier.description();
    checks.pass(
        Check::Proof,
        format!("by the verifier of {} {}, kind {}", description.name, description.sdk_version, header.kind),
    );
    if let Some(error) = claims_differ(&claims, &header.claims, expected) {
        return Ok(Err((Check::Claims, error)));
    }
    checks.pass(Check::Claims, format!("exit code {}, {} bytes of output", claims.exit_code, claims.output.0.len()));
    Ok(Ok(claims))
}

/// Who made the proof, and whether it is of a kind that may be relied on.
fn envelope(receipt: &Receipt, expected: &Expected<'_>, verifier: &RunnerDescription) -> Result<String, String> {
    let header = &receipt.header;
    let (name, version) = (&header.backend.name, &header.backend.version);
    if *name != verifier.name || *version != verifier.sdk_version {
        return Err(format!(
            "made by {name} {version}, and this verifier is of {} {}; install the runner that made it",
            verifier.name, verifier.sdk_version
        ));
    }
    let Some(kind) = verifier.proof_kinds.iter().find(|kind| kind.name == header.kind) else {
        let known: Vec<_> = verifier.proof_kinds.iter().map(|kind| kind.name.as_str()).collect();
        return Err(format!("{name} has no proof kind {:?}; it has {}", header.kind, known.join(", ")));
    };
    if kind.security != header.security {
        return Err(format!(
            "it claims another security than proofs of kind {} of {name} {version} have ({}); it was not made by Assay",
            kind.name, kind.security.basis
        ));
    }
    if !kind.security.secure && !expected.insecure {
        return Err(format!(
            "proofs of kind {} are insecure ({}); --accept-insecure accepts them all the same",
            kind.name, kind.security.basis
        ));
    }
    let worth = match (kind.security.secure, kind.security.bits) {
        (false, _) => "INSECURE".to_owned(),
        (true, Some(bits)) => format!("{bits} bits"),
        (true, None) => "secure".to_owned(),
    };
    Ok(format!("{}, {} by {name} {version}, {worth}", header.schema, kind.name))
}

/// What is wrong with the claims of a sound proof, if anything.
fn claims_differ(proved: &ProofClaims, header: &ProofClaims, expected: &Expected<'_>) -> Option<String> {
    if proved.output_digest != Digest::of(&proved.output.0) {
        return Some("the verifier's output digest is not that of its output".to_owned());
    }
    if (proved.exit_code, &proved.output) != (header.exit_code, &header.output) {
        return Some(format!(
            "the proof says exit code {} and output {}, the receipt's header exit code {} and output {}",
            proved.exit_code,
            abridged(&proved.output),
            header.exit_code,
            abridged(&header.output)
        ));
    }
    if proved != header {
        return Some(
            "the proof binds another input or domain, or another digest, than the receipt's header".to_owned(),
        );
    }
    if proved.exit_code != expected.exit_code {
        return Some(format!(
            "the guest exited with {0}, and {1} was expected; --expect-exit-code {0} accepts it",
            proved.exit_code, expected.exit_code
        ));
    }
    match expected.output {
        Some(output) if output != proved.output.0 => Some(format!(
            "the output is {}, and {} was expected",
            abridged(&proved.output),
            abridged(&HexBytes(output.to_vec()))
        )),
        _ => None,
    }
}

fn abridged(bytes: &HexBytes) -> String {
    const SHOWN: usize = 32;
    match bytes.0.get(..SHOWN) {
        Some(first) if bytes.0.len() > SHOWN => {
            format!("{}… ({} bytes, SHA-256 {})", HexBytes(first.to_vec()), bytes.0.len(), bytes.digest().short())
        }
        _ => format!("{bytes} ({} bytes)", bytes.0.len()),
    }
}

/// The checks so far.
#[derive(Default)]
struct Checks(Vec<MadeCheck>);

impl Checks {
    const ALL: [Check; 5] = [Check::Envelope, Check::ElfDigest, Check::ImageId, Check::Proof, Check::Claims];

    fn pass(&mut self, check: Check, detail: String) {
        self.0.push(MadeCheck { check, state: CheckState::Passed, detail });
    }

    fn skip(&mut self, check: Check, detail: &str) {
        self.0.push(MadeCheck { check, state: CheckState::NotAsked, detail: detail.to_owned() });
    }

    fn fail(&mut self, check: Check, error: String) -> Verification {
        self.0.push(MadeCheck { check, state: CheckState::Failed, detail: error.clone() });
        Verification::Rejected(Rejection { check, error })
    }

    fn report(
        mut self,
        receipt_digest: Digest,
        receipt: Option<&Receipt>,
        verification: Verification,
        effort: Option<VerifierEffort>,
    ) -> VerificationReport {
        for check in Self::ALL.into_iter().skip(self.0.len()) {
            let detail = "a check before it failed".to_owned();
            self.0.push(MadeCheck { check, state: CheckState::NotReached, detail });
        }
        VerificationReport {
            schema: VerificationReport::tag(),
            receipt_digest,
            header: receipt.map(|receipt| receipt.header.clone()),
            verification,
            checks: self.0,
            effort,
        }
    }
}

#[cfg(test)]
mod tests;
