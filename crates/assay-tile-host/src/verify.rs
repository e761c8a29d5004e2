//! The checks of a tile's proof, in their order: those of the receipt, then those of what it says about the tile.
//!
//! The one place that decides whether a proof of a tile is accepted. The file beside a receipt and the shapes in it are
//! anybody's word: what counts is what the zkVM's verifier says was made public, and by which program. Where nothing
//! says which program that was, the result says so and is worth little. What is shown, and where files are, is not
//! known here.

use assay_backend::{Expected, Verifier, verify_receipt};
use assay_spec::{
    Digest, ProofClaims, Receipt, TileAnswer, TileInput, TileManifest, TilePublish, TileReceipt, Verification,
    schema::Versioned as _,
    tile_verification::{
        MadeTileCheck, ProvedClaim, TileCheck, TileProgramBinding, TileRejection, TileVerdict, TileVerification,
    },
    verification::{CheckState, VerificationReport},
};
use assay_tile::{Claim, RUNTIME_VERSION, tile_digest};

use crate::{
    answer::{Published, binding, is_padded, published},
    error::TileError,
    input::TileInputBytes,
};

/// What a proof of a tile must be of, to be accepted.
///
/// Without ELF, manifest and method id a proof says no more than that some program claimed something.
#[derive(Clone, Copy, Debug, Default)]
pub struct ExpectedTile<'a> {
    /// The manifest of the tile's artifact: which tile, of which version, with which shapes.
    pub manifest: Option<&'a TileManifest>,
    /// The tile's program.
    pub elf: Option<&'a [u8]>,
    /// What the zkVM calls the program.
    pub method_id: Option<&'a str>,
    /// What went in; with its salt if it is private.
    pub input: Option<&'a TileInputBytes>,
    /// What came out, in postcard.
    pub output: Option<&'a [u8]>,
    /// The tile.
    pub tile_id: Option<&'a str>,
    /// Whether proofs that may not be relied on are accepted too.
    pub insecure: bool,
}

/// Makes the checks, in their order, up to the first that fails. An error means that nothing can be said of the proof.
pub fn verify_tile(
    receipt: &Receipt,
    envelope: &TileReceipt,
    expected: &ExpectedTile<'_>,
    verifier: &mut dyn Verifier,
) -> Result<TileVerification, TileError> {
    // Method ids are kept of the first kind of proof; of others the ELF says which program it is.
    let kept = expected.manifest.filter(|_| expected.elf.is_none()).map(|manifest| manifest.method_id.as_str());
    let image_id = expected.method_id.or(kept);
    let of_receipt = Expected { elf: expected.elf, image_id, exit_code: 0, output: None, insecure: expected.insecure };
    let report = verify_receipt(receipt, &of_receipt, verifier)?;
    let program = match (expected.elf, image_id) {
        (Some(_), _) => TileProgramBinding::Elf,
        (None, Some(_)) => TileProgramBinding::MethodId,
        (None, None) => TileProgramBinding::Nothing,
    };
    let description = verifier.description();
    let default_kind = description.proof_kinds.first().is_some_and(|kind| kind.name == receipt.header.kind);
    let padded = description.platforms.iter().any(|&platform| is_padded(platform));
    let judging = Judging { receipt, envelope, expected, program, default_kind, padded };
    let mut checks = Checks::default();
    let verification = match judging.judge(&report, &mut checks) {
        Ok(proved) => TileVerdict::Verified(proved),
        Err((check, error)) => {
            checks.0.push(MadeTileCheck { check, state: CheckState::Failed, detail: error.clone() });
            TileVerdict::Rejected(TileRejection { check, error })
        }
    };
    Ok(TileVerification {
        schema: TileVerification::tag(),
        envelope: envelope.clone(),
        receipt: report,
        checks: checks.all(),
        program,
        verification,
    })
}

type Failed = (TileCheck, String);

/// A proof, and what it must be.
struct Judging<'a> {
    receipt: &'a Receipt,
    envelope: &'a TileReceipt,
    expected: &'a ExpectedTile<'a>,
    program: TileProgramBinding,
    /// Whether the proof is of the kind that method ids are kept of.
    default_kind: bool,
    /// Whether the platform adds zeros to what is public.
    padded: bool,
}

impl Judging<'_> {
    fn judge(&self, report: &VerificationReport, checks: &mut Checks) -> Result<ProvedClaim, Failed> {
        let claims = match &report.verification {
            Verification::Verified(claims) => claims,
            Verification::Rejected(rejection) => {
                return Err((TileCheck::Receipt, format!("{}: {}", rejection.check, rejection.error)));
            }
            Verification::NotRequested => return Err((TileCheck::Receipt, "it was not verified".to_owned())),
        };
        checks.pass(TileCheck::Receipt, format!("kind {}", self.receipt.header.kind));
        let said = self.envelope().map_err(|error| (TileCheck::Envelope, error))?;
        checks.pass(TileCheck::Envelope, said);
        let published = self.published(claims).map_err(|error| (TileCheck::Claim, error))?;
        match self.envelope.publish {
            TilePublish::Claim => checks.pass(TileCheck::Claim, "a claim, and what it claims".to_owned()),
            TilePublish::Plain => checks.skip(TileCheck::Claim, "plain mode: the output is public, and nothing else"),
        }
        self.tile(&published, checks).map_err(|error| (TileCheck::Tile, error))?;
        self.runtime(&published, checks).map_err(|error| (TileCheck::Runtime, error))?;
        self.input(&published, checks).map_err(|error| (TileCheck::Input, error))?;
        let status = self.status(&published.answer).map_err(|error| (TileCheck::Status, error))?;
        checks.pass(TileCheck::Status, status.to_owned());
        let output = self.output(&published).map_err(|error| (TileCheck::Output, error))?;
        checks.pass(TileCheck::Output, output);
        Ok(ProvedClaim {
            tile_digest: published.claim.map(|claim| Digest(claim.tile)),
            runtime_version: published.claim.map(|claim| claim.runtime_version),
            method_id: self.receipt.header.image_id.clone(),
            input: published.claim.map_or(TileInput::Unbound, |claim| binding(claim.input)),
            answer: published.answer,
        })
    }

    /// Whether the file beside the receipt is about it, and says of the program what its manifest says.
    fn envelope(&self) -> Result<String, String> {
        let (said, header) = (self.envelope, &self.receipt.header);
        let digest = Digest::of(&self.receipt.to_bytes());
        same("the receipt's digest", &said.receipt_digest, &digest)?;
        same("the backend", &said.backend, &header.backend.name)?;
        same("the backend's version", &said.backend_version, &header.backend.version)?;
        same("the method id", &said.method_id, &header.image_id)?;
        let Some(manifest) = self.expected.manifest else { return Ok("it is about this receipt".to_owned()) };
        same_as_built("the tile", &said.tile_id, &manifest.tile_id)?;
        same_as_built("the crate", &said.package, &manifest.package)?;
        same_as_built("the crate's version", &said.package_version, &manifest.package_version)?;
        same_as_built("the mode", &said.publish, &manifest.publish)?;
        same_as_built("the runtime version", &said.runtime_version, &manifest.runtime_version)?;
        same_as_built("the ELF's digest", &header.elf_digest, &manifest.elf_digest)?;
        if self.default_kind {
            same_as_built("the method id", &header.image_id, &manifest.method_id)?;
        }
        if said.abi != manifest.abi {
            return Err("it says another shape of input, output or error than the tile was built with".to_owned());
        }
        Ok("it is about this receipt, and says what the tile's manifest says".to_owned())
    }

    fn published(&self, claims: &ProofClaims) -> Result<Published, String> {
        let envelope = self.envelope;
        if envelope.publish == TilePublish::Plain && Claim::decode(&claims.output.0, self.padded).is_ok() {
            return Err("what is public is a claim, and the envelope says that there is none".to_owned());
        }
        published(&claims.output.0, envelope.publish, self.padded, &envelope.abi).map_err(|error| error.to_string())
    }

    fn tile(&self, published: &Published, checks: &mut Checks) -> Result<(), String> {
        let said = self.envelope;
        if let Some(asked) = self.expected.tile_id.filter(|&asked| asked != said.tile_id) {
            return Err(format!("tile {asked} was asked for, and this is a proof of tile {}", said.tile_id));
        }
        let digest = Digest(tile_digest(&said.package, &said.package_version, &said.tile_id));
        let named = format!("{} of {} {}", said.tile_id, said.package, said.package_version);
        if digest != said.tile_digest {
            return Err(format!("{named} has the digest {digest}, and the envelope says {}", said.tile_digest));
        }
        match published.claim.map(|claim| Digest(claim.tile)) {
            Some(claimed) if claimed == digest => checks.pass(TileCheck::Tile, named),
            Some(claimed) => {
                return Err(format!("the claim is about the tile {claimed}, and {named} is {digest}"));
            }
            None if self.expected.manifest.is_some() => {
                checks.pass(TileCheck::Tile, format!("{named}, because the program is"));
            }
            None if self.expected.tile_id.is_some() => {
                return Err(
                    "a proof in plain mode does not say which tile it is of: give the crate that has the tile, with \
                            --path"
                        .to_owned(),
                );
            }
            None => checks.skip(TileCheck::Tile, "plain mode: the proof does not say which tile it is of"),
        }
        Ok(())
    }

    fn runtime(&self, published: &Published, checks: &mut Checks) -> Result<(), String> {
        let Some(claim) = published.claim else {
            checks.skip(TileCheck::Runtime, "plain mode: the proof does not say it");
            return Ok(());
        };
        same("the runtime version", &self.envelope.runtime_version, &claim.runtime_version)?;
        if claim.runtime_version != RUNTIME_VERSION {
            let found = claim.runtime_version;
            return Err(format!("the claim has runtime version {found}, and {RUNTIME_VERSION} is the one known here"));
        }
        checks.pass(TileCheck::Runtime, claim.runtime_version.to_string());
        Ok(())
    }

    fn input(&self, published: &Published, checks: &mut Checks) -> Result<(), String> {
        let claimed = published.claim.map_or(TileInput::Unbound, |claim| binding(claim.input));
        if claimed != self.envelope.input {
            return Err(format!(
                "the proof is bound to {}, and the envelope says {}",
                named(&claimed),
                named(&self.envelope.input)
            ));
        }
        let Some(input) = self.expected.input else {
            checks.skip(TileCheck::Input, &format!("none was given; the proof is bound to {}", named(&claimed)));
            return Ok(());
        };
        let given = input.bound(self.envelope.publish);
        match (claimed, given) {
            (TileInput::Unbound, _) => {
                Err("a proof in plain mode is bound to no input: none can be checked against it".to_owned())
            }
            (claimed, given) if claimed == given => {
                checks.pass(TileCheck::Input, format!("{}, of what was given", named(&claimed)));
                Ok(())
            }
            (TileInput::Commitment(_), TileInput::Digest(_)) => {
                Err("the input is private: give its salt besides, with --salt".to_owned())
            }
            (TileInput::Digest(_), TileInput::Commitment(_)) => {
                Err("the input is not private: it has no salt".to_owned())
            }
            (claimed, given) => {
                Err(format!("the proof is bound to {}, and what was given has {}", named(&claimed), named(&given)))
            }
        }
    }

    fn status(&self, proved: &TileAnswer) -> Result<&'static str, String> {
        let name = |answer: &TileAnswer| match answer {
            TileAnswer::Output { .. } => "an output",
            TileAnswer::Failure { .. } => "a failure",
            TileAnswer::Nothing { .. } => "no answer",
        };
        if let TileAnswer::Nothing { reason } = proved {
            return Err(format!("what was proved is no answer: {reason}"));
        }
        let (proved, said) = (name(proved), name(&self.envelope.answer));
        if proved == said { Ok(proved) } else { Err(format!("the proof says {proved}, and the envelope says {said}")) }
    }

    fn output(&self, published: &Published) -> Result<String, String> {
        let proved = &published.answer;
        if *proved != self.envelope.answer {
            return Err("the envelope shows something else than what was proved".to_owned());
        }
        match (self.expected.output, proved) {
            (None, _) => {}
            (Some(wanted), TileAnswer::Output { bytes, .. }) if wanted == bytes.0 => {}
            (Some(wanted), TileAnswer::Output { bytes, .. }) => {
                return Err(format!(
                    "the output has {} bytes with SHA-256 {}, and {} bytes with {} were expected",
                    bytes.0.len(),
                    bytes.digest(),
                    wanted.len(),
                    Digest::of(wanted)
                ));
            }
            (Some(_), _) => return Err("an output was expected, and what was proved is a failure".to_owned()),
        }
        let asked = if self.expected.output.is_some() { ", as expected" } else { "" };
        let shape = match (self.expected.manifest, self.program) {
            (Some(_), _) => "",
            // Which program it is does not say how its bytes are to be read.
            (None, _) => "; shown by the shape that the envelope has",
        };
        let length = published.bytes.len();
        Ok(format!("{length} byte{}{asked}{shape}", if length == 1 { "" } else { "s" }))
    }
}

fn same<T: PartialEq + std::fmt::Display>(what: &str, said: &T, found: &T) -> Result<(), String> {
    if said == found { Ok(()) } else { Err(format!("{what}: the envelope says {said}, and the receipt {found}")) }
}

fn same_as_built<T: PartialEq + std::fmt::Display>(what: &str, proved: &T, built: &T) -> Result<(), String> {
    if proved == built {
        Ok(())
    } else {
        Err(format!("{what}: the proof is of {proved}, and what is built here has {built}"))
    }
}

fn named(input: &TileInput) -> String {
    match input {
        TileInput::Digest(digest) => format!("the input with digest {digest}"),
        TileInput::Commitment(digest) => format!("a private input with commitment {digest}"),
        TileInput::Unbound => "no input".to_owned(),
    }
}

/// The checks so far.
#[derive(Default)]
struct Checks(Vec<MadeTileCheck>);

impl Checks {
    fn pass(&mut self, check: TileCheck, detail: String) {
        self.0.push(MadeTileCheck { check, state: CheckState::Passed, detail });
    }

    fn skip(&mut self, check: TileCheck, detail: &str) {
        self.0.push(MadeTileCheck { check, state: CheckState::NotAsked, detail: detail.to_owned() });
    }

    fn all(mut self) -> Vec<MadeTileCheck> {
        for check in TileCheck::ALL.into_iter().skip(self.0.len()) {
            let detail = "a check before it failed".to_owned();
            self.0.push(MadeTileCheck { check, state: CheckState::NotReached, detail });
        }
        self.0
    }
}

#[cfg(test)]
mod tests;
