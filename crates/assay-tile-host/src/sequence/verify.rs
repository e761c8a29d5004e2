//! Verifying the proofs of a sequence: the chain over what they claim, then each of them.
//!
//! The chain is computed from what the receipts say that they claim, which costs nothing; then every receipt is
//! verified, and that includes that its proof claims what it says. So both together are about what was proved,
//! whichever comes first. The file that lists the proofs is anybody's word. Where files are, and what is shown, is
//! not known here.

use assay_backend::Verifier;
use assay_spec::{
    Digest, Receipt, SequenceLink, SequenceReceipt, TileManifest, TileReceipt,
    schema::Versioned as _,
    tile_sequence::{
        ProvedRun, SequenceBinding, SequenceCheck, SequenceRejection, SequenceVerdict, SequenceVerification,
    },
    tile_verification::{TileProgramBinding, TileVerdict, TileVerification},
};

use crate::{
    chain::{self, ChainError, KnownSequence, Proved},
    error::TileError,
    input::TileInputBytes,
    verify::{ExpectedTile, verify_tile},
};

/// What is known of the program of a step.
#[derive(Clone, Copy, Debug, Default)]
pub struct ExpectedProgram<'a> {
    /// The manifest of its artifact.
    pub manifest: Option<&'a TileManifest>,
    /// The program.
    pub elf: Option<&'a [u8]>,
    /// What the zkVM calls the program.
    pub method_id: Option<&'a str>,
}

/// What proofs of a sequence must be of, to be accepted.
///
/// Without a commitment and without programs they say no more than that some programs claimed something.
#[derive(Clone, Copy, Debug, Default)]
pub struct ExpectedSequence<'a> {
    /// The sequence.
    pub known: Option<&'a KnownSequence>,
    /// The commitment.
    pub commitment: Option<Digest>,
    /// What went into the first tile; with its salt if it is private.
    pub input: Option<&'a TileInputBytes>,
    /// What came out of the last, in postcard.
    pub output: Option<&'a [u8]>,
    /// Whether proofs that may not be relied on are accepted too.
    pub insecure: bool,
}

/// What one proof is verified against, and by what.
#[derive(Clone, Copy, Debug)]
pub struct Against<'a, V> {
    /// What is known of the tile's program.
    pub program: ExpectedProgram<'a>,
    /// What verifies proofs of what the link says made this one.
    pub verifier: V,
}

/// What verifying takes from around it.
pub trait Surroundings {
    /// What verifies proofs.
    type Verifier: Verifier;
    /// Why something could not be had.
    type Error: From<TileError>;

    /// The receipt of a link, counted from 0; or what is wrong with it, for people. Asked for twice.
    fn receipt(&mut self, index: usize, link: &TileReceipt) -> Result<Receipt, String>;

    /// What a proof is to be verified against. Asked for before each of them, once all are known to be one run.
    fn against(&mut self, index: usize, link: &TileReceipt) -> Result<Against<'_, Self::Verifier>, Self::Error>;
}

/// Makes the checks, in their order, up to the first that fails. An error means that nothing can be said of the proofs.
pub fn verify_sequence<S: Surroundings>(
    file: &SequenceReceipt,
    expected: &ExpectedSequence<'_>,
    around: &mut S,
) -> Result<SequenceVerification, S::Error> {
    let mut steps = Vec::new();
    let verification = match judge(file, expected, around, &mut steps)? {
        Ok(run) => SequenceVerdict::Verified(run),
        Err(rejection) => SequenceVerdict::Rejected(rejection),
    };
    let bound = bound(expected, &steps);
    let schema = SequenceVerification::tag();
    Ok(SequenceVerification { schema, envelope: file.clone(), bound, steps, verification })
}

fn judge<S: Surroundings>(
    file: &SequenceReceipt,
    expected: &ExpectedSequence<'_>,
    around: &mut S,
    steps: &mut Vec<TileVerification>,
) -> Result<Result<ProvedRun, SequenceRejection>, S::Error> {
    match tied(file, expected, around) {
        Ok(claims) => proofs(file, &claims, expected, around, steps),
        Err(rejection) => Ok(Err(rejection)),
    }
}

/// What the receipts say that their proofs claim, if that is one run of the sequence that is wanted.
fn tied(
    file: &SequenceReceipt,
    expected: &ExpectedSequence<'_>,
    around: &mut impl Surroundings,
) -> Result<Vec<Proved>, SequenceRejection> {
    let failed = |check| move |error: ChainError| rejection(check, error.to_string());
    // Its lists before what they name is looked for: they are as long as somebody wrote them.
    chain::lengths(file).map_err(failed(SequenceCheck::Chain))?;
    let claims = claims(file, around)?;
    chain::check(file, &claims).map_err(failed(SequenceCheck::Chain))?;
    if let Some(known) = expected.known {
        chain::is_of(file, known).map_err(failed(SequenceCheck::Sequence))?;
    }
    if let Some(commitment) = expected.commitment {
        chain::is_committed_to(file, commitment).map_err(failed(SequenceCheck::Commitment))?;
    }
    Ok(claims)
}

fn rejection(check: SequenceCheck, error: String) -> SequenceRejection {
    SequenceRejection { check, step: None, error }
}

fn rejection_at(index: usize, check: SequenceCheck, file: &SequenceReceipt, error: &str) -> SequenceRejection {
    let (step, tile) = (index + 1, &file.steps[index].tile.tile_id);
    SequenceRejection { check, step: Some(step as u64), error: format!("step {step}, tile {tile}: {error}") }
}

/// What the receipts say that their proofs claim.
fn claims(file: &SequenceReceipt, around: &mut impl Surroundings) -> Result<Vec<Proved>, SequenceRejection> {
    let claim = |(index, link): (usize, &SequenceLink)| {
        let at = |error: String| rejection_at(index, SequenceCheck::Receipts, file, &error);
        let receipt = around.receipt(index, &link.tile).map_err(at)?;
        Proved::claimed(&receipt).map_err(|error| at(error.to_string()))
    };
    file.steps.iter().enumerate().map(claim).collect()
}

/// Verifies each proof of a file whose receipts are tied together by `claims`.
fn proofs<S: Surroundings>(
    file: &SequenceReceipt,
    claims: &[Proved],
    expected: &ExpectedSequence<'_>,
    around: &mut S,
    made: &mut Vec<TileVerification>,
) -> Result<Result<ProvedRun, SequenceRejection>, S::Error> {
    let (mut input, mut answer) = (None, None);
    for (index, (link, claim)) in file.steps.iter().zip(claims).enumerate() {
        let rejected = |check, error: &str| Ok(Err(rejection_at(index, check, file, error)));
        let receipt = match around.receipt(index, &link.tile) {
            // What was tied together is what is verified, whoever changes files in the meantime.
            Ok(receipt) if Proved::claimed(&receipt).as_ref() == Ok(claim) => receipt,
            Ok(_) => return rejected(SequenceCheck::Receipts, "the receipt was exchanged while it was looked at"),
            Err(error) => return rejected(SequenceCheck::Receipts, &error),
        };
        let Against { program, mut verifier } = around.against(index, &link.tile)?;
        let of_tile = of_tile(file, index, expected, program);
        made.push(verify_tile(&receipt, &link.tile, &of_tile, &mut verifier)?);
        match made.last().map(|made| &made.verification) {
            Some(TileVerdict::Verified(proved)) => {
                input.get_or_insert(proved.input);
                answer = Some(proved.answer.clone());
            }
            Some(TileVerdict::Rejected(rejection)) => {
                let error = format!("{}: {}", rejection.check, rejection.error);
                return rejected(SequenceCheck::Proofs, &error);
            }
            Some(TileVerdict::NotRequested) | None => return rejected(SequenceCheck::Proofs, "it was not verified"),
        }
    }
    let (proved, tiles) = (file.steps.len(), file.tiles.len());
    if expected.output.is_some() && proved < tiles {
        let error = "an output was expected, and what was proved is a failure";
        return Ok(Err(rejection_at(proved - 1, SequenceCheck::Proofs, file, error)));
    }
    let (input, answer) = input.zip(answer).expect("a chain has at least one link");
    let (proved, tiles) = (proved as u64, tiles as u64);
    Ok(Ok(ProvedRun { input, answer, proved, tiles, commitment: file.commitment }))
}

/// What the proof of a step must be of.
fn of_tile<'a>(
    file: &'a SequenceReceipt,
    index: usize,
    expected: &ExpectedSequence<'a>,
    program: ExpectedProgram<'a>,
) -> ExpectedTile<'a> {
    let (first, last) = (index == 0, index + 1 == file.tiles.len());
    ExpectedTile {
        manifest: program.manifest,
        elf: program.elf,
        method_id: program.method_id,
        input: expected.input.filter(|_| first),
        output: expected.output.filter(|_| last),
        tile_id: Some(&file.tiles[index].tile_id),
        insecure: expected.insecure,
    }
}

/// What says which sequence was proved.
fn bound(expected: &ExpectedSequence<'_>, steps: &[TileVerification]) -> SequenceBinding {
    let commitment = expected.commitment.is_some();
    let all = |is: fn(TileProgramBinding) -> bool| !steps.is_empty() && steps.iter().all(|step| is(step.program));
    let programs = if all(|program| program == TileProgramBinding::Elf) {
        TileProgramBinding::Elf
    } else if commitment || all(|program| program != TileProgramBinding::Nothing) {
        // The commitment is over the method ids.
        TileProgramBinding::MethodId
    } else {
        TileProgramBinding::Nothing
    };
    SequenceBinding { sources: expected.known.is_some(), commitment, programs }
}
