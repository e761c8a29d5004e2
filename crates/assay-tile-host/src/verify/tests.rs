//! Proofs that are not of what was asked for, each rejected at the check that is about it.

use std::collections::BTreeMap;

use assay_backend::BackendError;
use assay_spec::{
    BackendId, HexBytes, Platform, ReceiptHeader, RunnerDescription, Security, TileAbi, TileShape,
    description::GuestLimits,
    protocol::{ProofVerdict, Verified},
    receipt::ProofKind,
};
use assay_tile::{InputBinding, SALT_BYTES, Status};
use serde_json::json;

use super::*;

/// A zkVM whose proof is its public output: what it accepts is what the bytes say.
struct Toy(RunnerDescription);

const ELF: &[u8] = b"the program";
const SALT: [u8; SALT_BYTES] = [9; SALT_BYTES];

impl Toy {
    fn on(platform: Platform) -> Self {
        let kind = |name: &str, secure| ProofKind { name: name.into(), security: security(secure) };
        Self(RunnerDescription {
            name: "toy".into(),
            sdk_version: "1".into(),
            platforms: vec![platform],
            isa: "rv32im".into(),
            capabilities: Vec::new(),
            proof_kinds: vec![kind("whole", true), kind("fake", false)],
            limits: GuestLimits::default(),
            notes: Vec::new(),
        })
    }
}

impl Verifier for Toy {
    fn description(&self) -> &RunnerDescription {
        &self.0
    }

    fn identify(&mut self, elf: &[u8], kind: &str) -> Result<String, BackendError> {
        Ok(format!("{kind}-{}", Digest::of(elf).short()))
    }

    fn verify(&mut self, proof: &[u8], _: &str, _: &str) -> Result<Verified, BackendError> {
        let verdict = match proof {
            b"broken" => ProofVerdict::Rejected("the proof is broken".into()),
            output => ProofVerdict::Accepted(ProofClaims::new(0, output.to_vec())),
        };
        Ok(Verified { verdict, verify_ms: 1.0, setup_ms: 0.0, peak_memory_bytes: None })
    }
}

fn security(secure: bool) -> Security {
    Security { secure, bits: None, basis: "a test".into(), parameters: BTreeMap::new() }
}

fn abi() -> TileAbi {
    let shape = |name: &str, format| Ok(TileShape { name: name.into(), format, types: json!({}) });
    TileAbi {
        input: shape("u64", json!("U64")),
        output: shape("u64", json!("U64")),
        error: shape("String", json!("STR")),
    }
}

fn manifest(publish: TilePublish) -> TileManifest {
    TileManifest {
        schema: TileManifest::tag(),
        tile_id: "double".into(),
        description: String::new(),
        package: "demo".into(),
        package_version: "0.1.0".into(),
        tile_digest: Digest(tile_digest("demo", "0.1.0", "double")),
        budget_cycles: None,
        backend: "toy".into(),
        backend_version: "1".into(),
        platform: Platform::Standard,
        isa: Some("rv32im".into()),
        method_id: format!("whole-{}", Digest::of(ELF).short()),
        elf_digest: Digest::of(ELF),
        elf_size: ELF.len() as u64,
        source_hash: Digest::of(b"sources"),
        toolchain: "rustc".into(),
        runtime_version: RUNTIME_VERSION,
        publish,
        abi: abi(),
    }
}

/// What was proved, and what is written about it.
#[derive(Clone)]
struct Case {
    claim: Claim,
    answer: Vec<u8>,
    publish: TilePublish,
    platform: Platform,
    kind: &'static str,
}

fn input(bytes: &[u8]) -> TileInputBytes {
    TileInputBytes::public(bytes.to_vec())
}

impl Case {
    fn new() -> Self {
        let claim = Claim {
            tile: tile_digest("demo", "0.1.0", "double"),
            runtime_version: RUNTIME_VERSION,
            input: InputBinding::of(&[21], None),
            status: Status::Ok,
            length: 1,
        };
        let publish = TilePublish::Claim;
        Self { claim, answer: vec![42], publish, platform: Platform::Standard, kind: "whole" }
    }

    fn failing() -> Self {
        let error = postcard::to_allocvec("too big").unwrap();
        let failure = assay_tile::Failure { kind: assay_tile::FailureKind::Tile, message: "too big".into(), error };
        let answer = postcard::to_allocvec(&failure).unwrap();
        let length = u32::try_from(answer.len()).unwrap();
        let case = Self::new();
        Self { claim: Claim { status: Status::TileFailed, length, ..case.claim }, answer, ..case }
    }

    fn plain() -> Self {
        Self { publish: TilePublish::Plain, ..Self::new() }
    }

    fn public(&self) -> Vec<u8> {
        let mut public = match self.publish {
            TilePublish::Claim => self.claim.encode().to_vec(),
            TilePublish::Plain => Vec::new(),
        };
        public.extend_from_slice(&self.answer);
        if is_padded(self.platform) {
            public.resize(256, 0);
        }
        public
    }

    fn receipt(&self) -> Receipt {
        let header = ReceiptHeader {
            schema: ReceiptHeader::tag(),
            backend: BackendId {
                name: "toy".into(),
                version: "1".into(),
                platform: self.platform,
                isa: "rv32im".into(),
            },
            elf_digest: Digest::of(ELF),
            image_id: format!("{}-{}", self.kind, Digest::of(ELF).short()),
            claims: ProofClaims::new(0, self.public()),
            kind: self.kind.into(),
            security: security(self.kind == "whole"),
            encoding: "bytes".into(),
            proof_digest: Digest::of(b""),
            proof_bytes: 0,
        };
        Receipt::new(header, self.public())
    }

    /// As an honest prover writes it.
    fn envelope(&self) -> TileReceipt {
        let receipt = self.receipt();
        let manifest = manifest(self.publish);
        let published = published(&self.public(), self.publish, is_padded(self.platform), &abi());
        TileReceipt {
            schema: TileReceipt::tag(),
            tile_id: manifest.tile_id,
            package: manifest.package,
            package_version: manifest.package_version,
            tile_digest: manifest.tile_digest,
            runtime_version: self.claim.runtime_version,
            backend: "toy".into(),
            backend_version: "1".into(),
            method_id: receipt.header.image_id.clone(),
            publish: self.publish,
            input: match self.publish {
                TilePublish::Claim => binding(self.claim.input),
                TilePublish::Plain => TileInput::Unbound,
            },
            answer: published.map_or(TileAnswer::Nothing { reason: String::new() }, |published| published.answer),
            abi: abi(),
            receipt_file: "tile.receipt".into(),
            receipt_digest: Digest::of(&receipt.to_bytes()),
            proof_device: None,
        }
    }

    fn verify(&self, expected: &ExpectedTile<'_>) -> TileVerification {
        self.verify_with(&self.envelope(), expected)
    }

    fn verify_with(&self, envelope: &TileReceipt, expected: &ExpectedTile<'_>) -> TileVerification {
        // What the file says is what comes from a file.
        let text = serde_json::to_vec(envelope).unwrap();
        let envelope = assay_spec::schema::read::<TileReceipt>(&text).unwrap().value;
        let done = verify_tile(&self.receipt(), &envelope, expected, &mut Toy::on(self.platform)).unwrap();
        let checks: Vec<_> = done.checks.iter().map(|made| made.check).collect();
        assert_eq!(checks, TileCheck::ALL, "every check is listed, made or not");
        done
    }
}

fn accepted(verification: &TileVerification) -> &ProvedClaim {
    match &verification.verification {
        TileVerdict::Verified(proved) => proved,
        other => panic!("{other:?}"),
    }
}

/// That it is rejected by this check, with these words.
fn rejected(verification: &TileVerification, check: TileCheck, words: &str) {
    let TileVerdict::Rejected(rejection) = &verification.verification else {
        panic!("accepted: {:?}", verification.verification);
    };
    assert_eq!(rejection.check, check, "{rejection:?}");
    assert!(rejection.error.contains(words), "{rejection:?}");
}

#[test]
fn an_honest_proof_verifies_with_all_that_can_be_expected_of_it() {
    let manifest = manifest(TilePublish::Claim);
    let input = input(&[21]);
    let expected = ExpectedTile {
        manifest: Some(&manifest),
        elf: Some(ELF),
        method_id: Some(&manifest.method_id),
        input: Some(&input),
        output: Some(&[42]),
        tile_id: Some("double"),
        insecure: false,
    };
    let done = Case::new().verify(&expected);
    assert!(done.checks.iter().all(|made| made.state == CheckState::Passed), "{:?}", done.checks);
    assert_eq!(done.program, TileProgramBinding::Elf);
    let proved = accepted(&done);
    assert_eq!(proved.tile_digest, Some(manifest.tile_digest));
    assert_eq!(proved.answer, TileAnswer::Output { value: Some(json!(42)), bytes: HexBytes(vec![42]) });
    let padded = Case { platform: Platform::OpenVm, ..Case::new() };
    accepted(&padded.verify(&expected));
}

#[test]
fn a_proved_failure_verifies_as_the_failure_that_it_is() {
    let done = Case::failing().verify(&ExpectedTile { elf: Some(ELF), ..ExpectedTile::default() });
    assert!(matches!(&accepted(&done).answer, TileAnswer::Failure { error: Some(error), .. } if error == "too big"));
    let wanted = ExpectedTile { output: Some(&[42]), ..ExpectedTile::default() };
    rejected(&Case::failing().verify(&wanted), TileCheck::Output, "a failure");
}

#[test]
fn without_a_program_the_result_says_that_nothing_names_one() {
    let done = Case::new().verify(&ExpectedTile::default());
    accepted(&done);
    assert_eq!(done.program, TileProgramBinding::Nothing);
    let manifest = manifest(TilePublish::Claim);
    let done = Case::new().verify(&ExpectedTile { manifest: Some(&manifest), ..ExpectedTile::default() });
    assert_eq!(done.program, TileProgramBinding::MethodId);
}

#[test]
fn a_proof_of_another_program_or_none_fails_with_the_receipt() {
    let of = |elf: Option<&'static [u8]>, method_id| ExpectedTile { elf, method_id, ..ExpectedTile::default() };
    rejected(&Case::new().verify(&of(Some(b"another"), None)), TileCheck::Receipt, "ELF digest");
    rejected(&Case::new().verify(&of(None, Some("whole-0"))), TileCheck::Receipt, "image id");
    let manifest = TileManifest { method_id: "whole-0".into(), ..manifest(TilePublish::Claim) };
    let expected = ExpectedTile { manifest: Some(&manifest), ..ExpectedTile::default() };
    rejected(&Case::new().verify(&expected), TileCheck::Receipt, "image id");
    let broken = Receipt::new(Case::new().receipt().header, b"broken".to_vec());
    let envelope = TileReceipt { receipt_digest: Digest::of(&broken.to_bytes()), ..Case::new().envelope() };
    let toy = &mut Toy::on(Platform::Standard);
    let done = verify_tile(&broken, &envelope, &ExpectedTile::default(), toy).unwrap();
    rejected(&done, TileCheck::Receipt, "the proof is broken");
    assert!(done.checks[1..].iter().all(|made| made.state == CheckState::NotReached));
}

#[test]
fn insecure_kinds_are_refused_unless_asked_for_and_bound_by_the_elf_alone() {
    let fake = Case { kind: "fake", ..Case::new() };
    let manifest = manifest(TilePublish::Claim);
    let expected = ExpectedTile { manifest: Some(&manifest), elf: Some(ELF), ..ExpectedTile::default() };
    rejected(&fake.verify(&expected), TileCheck::Receipt, "insecure");
    accepted(&fake.verify(&ExpectedTile { insecure: true, ..expected }));
}

/// Each lie of the file beside the receipt, and what of it is noticed.
#[test]
fn every_lie_of_the_envelope_is_noticed() {
    let lie = |change: fn(&mut TileReceipt), check, words: &str| {
        let mut envelope = Case::new().envelope();
        change(&mut envelope);
        rejected(&Case::new().verify_with(&envelope, &ExpectedTile::default()), check, words);
    };
    lie(|said| said.receipt_digest = Digest::of(b"another"), TileCheck::Envelope, "the receipt's digest");
    lie(|said| said.backend = "risc0".into(), TileCheck::Envelope, "the backend");
    lie(|said| said.backend_version = "2".into(), TileCheck::Envelope, "version");
    lie(|said| said.method_id = "whole-0".into(), TileCheck::Envelope, "the method id");
    lie(|said| said.publish = TilePublish::Plain, TileCheck::Claim, "is a claim");
    lie(|said| said.tile_id = "triple".into(), TileCheck::Tile, "triple of demo 0.1.0 has the digest");
    lie(|said| said.package_version = "0.2.0".into(), TileCheck::Tile, "0.2.0");
    lie(|said| said.package = "other".into(), TileCheck::Tile, "other");
    lie(|said| said.tile_digest = Digest::of(b"another"), TileCheck::Tile, "the envelope says");
    lie(
        |said| {
            said.tile_id = "triple".into();
            said.tile_digest = Digest(tile_digest("demo", "0.1.0", "triple"));
        },
        TileCheck::Tile,
        "the claim is about the tile",
    );
    lie(|said| said.runtime_version = 2, TileCheck::Runtime, "the runtime version");
    lie(|said| said.input = TileInput::Unbound, TileCheck::Input, "no input");
    lie(|said| said.input = input(&[22]).bound(TilePublish::Claim), TileCheck::Input, "is bound to");
    lie(
        |said| said.answer = TileAnswer::Output { value: Some(json!(42)), bytes: vec![43].into() },
        TileCheck::Output,
        "something else",
    );
    lie(
        |said| said.answer = TileAnswer::Output { value: Some(json!(43)), bytes: vec![42].into() },
        TileCheck::Output,
        "something else",
    );
    lie(|said| said.answer = Case::failing().envelope().answer, TileCheck::Status, "an output");
    lie(
        |said| said.abi.output = Ok(TileShape { name: "bool".into(), format: json!("BOOL"), types: json!({}) }),
        TileCheck::Output,
        "something else",
    );
}

#[test]
fn the_manifest_of_what_is_built_here_counts_and_not_the_envelope() {
    let manifest = manifest(TilePublish::Claim);
    let differs = |change: fn(&mut TileManifest), words: &str| {
        let mut other = manifest.clone();
        change(&mut other);
        let expected = ExpectedTile { manifest: Some(&other), elf: Some(ELF), ..ExpectedTile::default() };
        rejected(&Case::new().verify(&expected), TileCheck::Envelope, words);
    };
    differs(|built| built.tile_id = "triple".into(), "the tile");
    differs(|built| built.package = "other".into(), "the crate");
    differs(|built| built.package_version = "0.2.0".into(), "the crate's version");
    differs(|built| built.publish = TilePublish::Plain, "the mode");
    differs(|built| built.runtime_version = 2, "the runtime version");
    differs(|built| built.method_id = "whole-0".into(), "the method id");
    differs(|built| built.elf_digest = Digest::of(b"another"), "the ELF's digest");
    // One that reads the same bytes as something else, and shows it in the envelope.
    let shape = Ok(TileShape { name: "i64".into(), format: json!("I64"), types: json!({}) });
    let lying = TileAbi { output: shape, ..abi() };
    let answer = published(&Case::new().public(), TilePublish::Claim, false, &lying).unwrap().answer;
    assert_eq!(answer, TileAnswer::Output { value: Some(json!(21)), bytes: vec![42].into() });
    let envelope = TileReceipt { abi: lying, answer, ..Case::new().envelope() };
    let expected = ExpectedTile { manifest: Some(&manifest), ..ExpectedTile::default() };
    rejected(&Case::new().verify_with(&envelope, &expected), TileCheck::Envelope, "another shape");
}

#[test]
fn a_proof_of_another_input_or_of_the_same_with_another_salt_is_rejected() {
    let public = Case::new();
    let check = |case: &Case, given: &TileInputBytes| {
        case.verify(&ExpectedTile { input: Some(given), ..ExpectedTile::default() })
    };
    accepted(&check(&public, &input(&[21])));
    rejected(&check(&public, &input(&[22])), TileCheck::Input, "what was given has");
    let salted = TileInputBytes { salt: Some(SALT), ..input(&[21]) };
    rejected(&check(&public, &salted), TileCheck::Input, "not private");
    let private = Case { claim: Claim { input: salted.binding(), ..public.claim }, ..public };
    accepted(&check(&private, &salted));
    rejected(&check(&private, &input(&[21])), TileCheck::Input, "--salt");
    let other = TileInputBytes { salt: Some([8; SALT_BYTES]), ..input(&[21]) };
    rejected(&check(&private, &other), TileCheck::Input, "commitment");
}

#[test]
fn another_tile_or_output_than_was_asked_for_is_rejected() {
    let expected = ExpectedTile { tile_id: Some("triple"), ..ExpectedTile::default() };
    rejected(&Case::new().verify(&expected), TileCheck::Tile, "triple was asked for");
    let expected = ExpectedTile { output: Some(&[43]), ..ExpectedTile::default() };
    rejected(&Case::new().verify(&expected), TileCheck::Output, "were expected");
}

#[test]
fn what_is_no_claim_or_of_another_runtime_is_rejected() {
    let rejects = |change: fn(&mut Case), check, words: &str| {
        let mut case = Case::new();
        change(&mut case);
        rejected(&case.verify(&ExpectedTile::default()), check, words);
    };
    rejects(|case| case.claim.length = 2, TileCheck::Claim, "2 bytes follow, and 1 do");
    rejects(|case| case.answer.push(0), TileCheck::Claim, "1 bytes follow, and 2 do");
    rejects(|case| case.claim.runtime_version = 2, TileCheck::Runtime, "runtime version 2");
    rejects(|case| case.claim.status = Status::BadFrame, TileCheck::Status, "no answer");
    let plain = Case { answer: vec![42], ..Case::plain() };
    let envelope = TileReceipt { publish: TilePublish::Claim, ..plain.envelope() };
    rejected(&plain.verify_with(&envelope, &ExpectedTile::default()), TileCheck::Claim, "80 bytes in front");
}

#[test]
fn plain_mode_proves_an_output_and_promises_nothing_else() {
    let manifest = manifest(TilePublish::Plain);
    let by_program = ExpectedTile { manifest: Some(&manifest), elf: Some(ELF), ..ExpectedTile::default() };
    let done = Case::plain().verify(&ExpectedTile { output: Some(&[42]), tile_id: Some("double"), ..by_program });
    let proved = accepted(&done);
    assert_eq!((proved.tile_digest, proved.input), (None, TileInput::Unbound));
    accepted(&Case { platform: Platform::OpenVm, ..Case::plain() }.verify(&by_program));
    let given = input(&[21]);
    let expected = ExpectedTile { input: Some(&given), ..by_program };
    rejected(&Case::plain().verify(&expected), TileCheck::Input, "bound to no input");
    let expected = ExpectedTile { tile_id: Some("double"), ..ExpectedTile::default() };
    rejected(&Case::plain().verify(&expected), TileCheck::Tile, "--path");
}
