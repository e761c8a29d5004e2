//! Cases about proofs: of guests that fail, and with claims that were changed.
//!
//! Two proofs are made of one guest that exits with 0 and with another code; most cases are about them. What must not verify
//! is changed where a forger would change it: in the receipt's header, whose digests are made anew, so that it is the zkVM's
//! verifier, or the comparison of what it says with what was claimed, that has to notice. A third proof is of a guest that
//! executes every instruction.

use std::time::Instant;

use assay_backend::{Backend, BackendError, Expected, Job, Limits, Verifier, verify_receipt};
use assay_guest::{Commitment, Guest};
use assay_spec::{
    Capability, ConformCase, ConformResult, Failed, ListedCase, ProofClaims, Receipt, RunnerDescription, SkippedCase,
    Verification,
};

use crate::{
    case::{Group, Program, Sequence, Target},
    cases::proof::{CORE, EXIT_CODE, OTHER_CORE, OUTPUT, exit_input},
    declared::matches,
    isa,
    program::{Guests, Made, sequence_guest},
    run::Watcher,
};

/// What must come out of a changed receipt.
const REJECTED: &str = "the receipt is rejected";

/// The case of a guest that is no core.
const INSTRUCTIONS: &str = "every-instruction";

/// The cases: name, what is tried, what must come out.
const CASES: [(&str, &str, &str); 8] = [
    ("success", "A run that exits with 0 is proved", "the proof verifies, with this exit code and output"),
    ("changed-output", "The receipt of it claims another output", REJECTED),
    ("changed-exit-code", "The receipt of it claims another exit code", REJECTED),
    ("changed-image-id", "The receipt of it claims another image id", REJECTED),
    ("other-guest", "The receipt of it claims to be of another guest, with that guest's digest and image id", REJECTED),
    (
        "failing-guest",
        "A run that exits with 42 is proved",
        "no proof (type 1), or one that verifies with this exit code only (type 2), as the backend says of itself",
    ),
    ("failing-guest-as-success", "The receipt of it claims exit code 0", REJECTED),
    (
        INSTRUCTIONS,
        "All programs of the group isa but that of FENCE are proved as one run",
        "the proof verifies, and the output has every result right",
    ),
];

/// The cases, for a list.
pub fn list() -> impl Iterator<Item = ListedCase> + Clone {
    CASES.iter().map(|&(name, about, expected)| ListedCase {
        name: full_name(name),
        about: about.to_owned(),
        expected: expected.to_owned(),
    })
}

fn full_name(name: &str) -> String {
    format!("{}/{name}", Group::Proof)
}

/// What proves and verifies.
pub struct Provers<'a> {
    /// Proves.
    pub backend: &'a mut dyn Backend,
    /// Verifies, in other processes than the one that proved.
    pub verifier: &'a mut dyn Verifier,
    /// How far a proof may go.
    pub limits: &'a Limits,
}

/// Runs those cases whose names are as one of `patterns` has it; all if there are none.
pub fn run(
    provers: &mut Provers<'_>,
    guests: &mut Guests,
    patterns: &[String],
    watcher: &mut dyn Watcher,
) -> Result<Vec<ConformCase>, BackendError> {
    let is_chosen =
        |name: &str| patterns.is_empty() || patterns.iter().any(|pattern| matches(pattern, &full_name(name)));
    let chosen: Vec<_> = CASES.iter().filter(|(name, ..)| is_chosen(name)).collect();
    if chosen.is_empty() {
        return Ok(Vec::new());
    }
    let target = guests.target();
    let mut made = |core| match guests.make(&Program::Core(core), &mut |line| watcher.building(line)) {
        Made::Guest(guest) => Ok(*guest),
        Made::Unread(_, why) | Made::NotApplicable(why) | Made::Unbuilt(why) => Err(why),
    };
    let both = made(CORE).and_then(|guest| Ok((guest, made(OTHER_CORE)?)));
    let kind = cheapest(provers.backend.description());
    let mut proofs = Proofs { provers, kind, receipts: [None, None] };
    let mut results = Vec::new();
    for (index, (name, about, expected)) in chosen.iter().enumerate() {
        watcher.doing(index, chosen.len(), &full_name(name));
        let started = Instant::now();
        let result = match &both {
            _ if *name == INSTRUCTIONS => proofs.instructions(target)?,
            Ok((guest, other)) => proofs.one(name, guest, other)?,
            Err(why) => skipped(format!("its guest was not built: {why}"), true),
        };
        results.push(ConformCase {
            name: full_name(name),
            about: (*about).to_owned(),
            expected: (*expected).to_owned(),
            result,
            elapsed_ms: started.elapsed().as_secs_f64() * 1000.0,
        });
    }
    Ok(results)
}

/// The kind whose proofs cost least and are proofs all the same.
fn cheapest(description: &RunnerDescription) -> Option<String> {
    let kinds = &description.proof_kinds;
    let fast = kinds.iter().find(|kind| kind.name.ends_with("-insecure-fast"));
    fast.or_else(|| kinds.iter().find(|kind| kind.security.secure)).map(|kind| kind.name.clone())
}

/// The proofs that were made so far.
struct Proofs<'a, 'b> {
    provers: &'a mut Provers<'b>,
    kind: Option<String>,
    /// Of the run that exits with 0, and of the one that fails: a receipt, or how the run ended without one.
    receipts: [Option<Result<Receipt, String>>; 2],
}

impl Proofs<'_, '_> {
    fn one(&mut self, name: &str, guest: &Guest, other: &Guest) -> Result<ConformResult, BackendError> {
        let fails = name.starts_with("failing-guest");
        let receipt = match self.receipt(guest, fails)? {
            Ok(receipt) => receipt,
            Err(why) if name == "failing-guest" => return Ok(self.unprovable(&why)),
            Err(why) if fails => return Ok(skipped(format!("there is no proof of such a run: {why}"), false)),
            Err(why) if name == "success" => return Ok(failed(format!("no proof: {why}"))),
            Err(_) => return Ok(skipped("there is no proof to change".to_owned(), false)),
        };
        if matches!(name, "success" | "failing-guest") {
            return self.sound(&receipt, guest, fails);
        }
        let forged = self.forged(name, receipt, other)?;
        let claims = &forged.header.claims;
        let (exit_code, output) = (claims.exit_code, claims.output.0.clone());
        Ok(match self.verify(&forged, None, exit_code, &output)? {
            Verification::Rejected(_) => ConformResult::Pass,
            other => failed(format!("it verifies: {}", spelled(&other))),
        })
    }

    /// The receipt of a run, proved by the first case that needs it.
    fn receipt(&mut self, guest: &Guest, fails: bool) -> Result<Result<Receipt, String>, BackendError> {
        let place = usize::from(fails);
        if self.receipts[place].is_none() {
            let input = exit_input(if fails { EXIT_CODE } else { 0 });
            self.receipts[place] = Some(self.prove(guest, &input)?);
        }
        Ok(self.receipts[place].clone().expect("it was just made"))
    }

    /// A receipt of the run, or how it ended without one.
    fn prove(&mut self, guest: &Guest, input: &[u8]) -> Result<Result<Receipt, String>, BackendError> {
        let job = Job { guest, input, limits: self.provers.limits, cost: false };
        let proved = self.provers.backend.prove(&job, self.kind.as_deref())?;
        let run = proved.outcome.run;
        let ended = || format!("{} {}", run.status, run.message.as_deref().unwrap_or_default());
        Ok(proved.receipt.ok_or_else(ended))
    }

    /// Every instruction in one run, which makes the results that it found public.
    fn instructions(&mut self, target: Target) -> Result<ConformResult, BackendError> {
        let Some(xlen) = target.xlen() else { return Ok(skipped("a native guest has no hart".to_owned(), false)) };
        let whole = isa::whole(xlen);
        let sequence = Sequence { text: whole.source, registers: whole.registers, memory: whole.memory };
        let guest = match sequence_guest(&sequence, target, Commitment::Digest) {
            Ok(guest) => guest,
            Err(why) => return Ok(skipped(format!("its guest was not built: {why}"), true)),
        };
        let receipt = match self.prove(&guest, &[])? {
            Ok(receipt) => receipt,
            Err(why) => return Ok(failed(format!("no proof: {why}"))),
        };
        let output = receipt.header.claims.output.0.clone();
        let registers = guest.harness.as_ref().and_then(|layout| layout.registers(&output)).unwrap_or_default();
        for (register, value) in whole.expected {
            if registers.get(&register) != Some(&value) {
                let found = registers.get(&register).map_or_else(|| "unknown".to_owned(), ToString::to_string);
                return Ok(failed(format!("{register} = {found}, not {value}")));
            }
        }
        Ok(match self.verify(&receipt, Some(&guest), 0, &output)? {
            Verification::Verified(_) => ConformResult::Pass,
            other => failed(spelled(&other)),
        })
    }

    /// A failed run has no proof: as the backend says of itself, or not.
    fn unprovable(&self, why: &str) -> ConformResult {
        if self.provers.backend.description().capabilities.contains(&Capability::ProveFailure) {
            return failed(format!("no proof, though the backend says that it proves failed runs: {why}"));
        }
        ConformResult::Pass
    }

    /// A proof that nothing was changed in, which is of a run that failed or not.
    fn sound(&mut self, receipt: &Receipt, guest: &Guest, fails: bool) -> Result<ConformResult, BackendError> {
        let exit_code = if fails { u32::from(EXIT_CODE) } else { 0 };
        let output = receipt.header.claims.output.0.clone();
        if !output.starts_with(OUTPUT) {
            return Ok(failed(format!("the receipt claims another output: {}", receipt.header.claims.output)));
        }
        if let other @ Verification::Rejected(_) = self.verify(receipt, Some(guest), exit_code, &output)? {
            return Ok(failed(spelled(&other)));
        }
        if !fails {
            return Ok(ConformResult::Pass);
        }
        // Type 2: whoever expects a success must not be content with it.
        if !matches!(self.verify(receipt, Some(guest), 0, &output)?, Verification::Rejected(_)) {
            return Ok(failed("it verifies where exit code 0 is expected".to_owned()));
        }
        if !self.provers.backend.description().capabilities.contains(&Capability::ProveFailure) {
            return Ok(failed("a proof, though the backend does not say that it proves failed runs".to_owned()));
        }
        Ok(ConformResult::Pass)
    }

    /// The receipt with the claim that `name` is about changed.
    fn forged(&mut self, name: &str, receipt: Receipt, other: &Guest) -> Result<Receipt, BackendError> {
        let mut header = receipt.header;
        match name {
            "changed-output" => {
                let mut output = header.claims.output.0;
                output[0] ^= 1;
                header.claims = ProofClaims::new(header.claims.exit_code, output);
            }
            "changed-exit-code" => header.claims.exit_code = u32::from(EXIT_CODE),
            "failing-guest-as-success" => header.claims.exit_code = 0,
            "changed-image-id" => header.image_id = changed_digit(&header.image_id),
            _ => {
                header.image_id = self.provers.verifier.identify(&other.elf, &header.kind)?;
                header.elf_digest = other.digest;
            }
        }
        Ok(Receipt::new(header, receipt.proof))
    }

    fn verify(
        &mut self,
        receipt: &Receipt,
        guest: Option<&Guest>,
        exit_code: u32,
        output: &[u8],
    ) -> Result<Verification, BackendError> {
        let elf = guest.map(|guest| guest.elf.as_slice());
        let expected = Expected { elf, image_id: None, exit_code, output: Some(output), insecure: true };
        Ok(verify_receipt(receipt, &expected, self.provers.verifier)?.verification)
    }
}

/// An image id with its last hexadecimal digit changed.
fn changed_digit(id: &str) -> String {
    let mut id = id.to_owned();
    let last = id.pop();
    id.push(if last == Some('0') { '1' } else { '0' });
    id
}

fn failed(seen: String) -> ConformResult {
    ConformResult::Fail(Failed { seen, bug: None })
}

fn skipped(reason: String, unjudged: bool) -> ConformResult {
    ConformResult::Skipped(SkippedCase { reason, unjudged })
}

fn spelled(verification: &Verification) -> String {
    match verification {
        Verification::NotRequested => "not verified".to_owned(),
        Verification::Verified(claims) => format!("exit code {}, output {}", claims.exit_code, claims.output),
        Verification::Rejected(rejection) => format!("rejected by {}: {}", rejection.check, rejection.error),
    }
}
