//! `assay tile prove`: a tile on one backend, proved; the proof kept, and verified as somebody else would.

use std::{fmt::Write as _, path::PathBuf};

use assay_spec::{
    ExitCode, Outcome, TileAnswer, TileProofReport, TileRun, TileVerdict, TileVerification, schema::Versioned as _,
};
use assay_store::StoreError;
use assay_tile_host::{
    Artifact, BuildTarget, ENVELOPE_FILE, ExpectedTile, ProofFolder, ProvedTile, TileInputBytes,
    artifact::{ELF_FILE, MANIFEST_FILE},
    prove_tile, verify_tile,
};

use super::{
    Cost, input, is_json, keep_salt,
    open::{artifact, backend, check_gpu, failure, open, tile_id},
    run::{exit_code_of_run, publish},
    text, verify,
};
use crate::{
    arguments::TileProveArguments,
    commands::{backend_folder, print, print_json},
    failure::Failure,
    report::printable,
    session::{NATIVE, REFERENCE, Session},
    terminal::{self, Progress},
};

pub(super) fn run(arguments: &TileProveArguments) -> Result<ExitCode, Failure> {
    let session = Session::open(&arguments.run);
    refuse_what_proves_nothing(&arguments.backend)?;
    let project = open(&session, &arguments.place.path)?;
    let id = tile_id(&session, &project, arguments.tile.as_deref())?;
    let tile = project.tile(&id).map_err(|error| failure(&session, error))?;
    let input = input(&arguments.input, &tile.input)?;
    let (target, mut backend) = backend(&session, &arguments.backend)?;
    check_gpu(arguments.gpu, backend.as_ref())?;
    let artifact = artifact(&session, &project, &id, &target, publish(arguments.plain), backend.as_mut())?;
    let path = arguments.out.clone().unwrap_or_else(|| default_folder(&target, &id));
    // Before hours of proving, and not after them.
    let folder =
        ProofFolder::create(&path).map_err(|error| Failure::usage("there is no place for the proof").because(error))?;
    keep_salt(&arguments.input, &input)?;

    let progress = Progress::start(format!("proving {id} on {}", arguments.backend));
    backend.on_progress(progress.callback());
    let proved = prove_tile(backend.as_mut(), &artifact, &input, session.limits(), arguments.kind.as_deref());
    let proved = proved.map_err(|error| failure(&session, error))?;
    // The process that proved holds its keys and tables; whoever verifies needs none of that.
    drop(backend);

    // Before it is verified: that may fail for reasons that say nothing about the proof, which would be lost then.
    let kept = keep(&folder, &proved, &artifact);
    let verified = if arguments.no_verify {
        Ok(None)
    } else {
        progress.say("verifying");
        verification(&session, arguments, &proved, &artifact, &input).transpose()
    };
    drop(progress);
    let (verification, unverified) = match verified {
        Ok(verification) => (verification, None),
        Err(failure) => (None, Some(failure)),
    };
    let ProvedTile { mut run, envelope, .. } = proved;
    let there = envelope.is_some() && kept.is_ok();
    if let Some((facts, said)) = run.outcome.receipt.as_mut().zip(envelope.as_ref()).filter(|_| there) {
        facts.path = Some(path.join(&said.receipt_file).display().to_string());
    }
    let place = there.then(|| path.display().to_string());
    let schema = TileProofReport::tag();
    let report = TileProofReport { schema, run, envelope, folder: place, verification };
    if is_json(arguments.run.output.format) {
        print_json(&report)?;
    } else {
        print(&human(&report))?;
    }
    if let Some(failure) = unverified {
        return Err(match &report.folder {
            Some(folder) => {
                failure.but_kept(&format!("the proof was kept; verify it with: assay tile verify {folder}"))
            }
            None => failure,
        });
    }
    if let Err(error) = kept {
        terminal::note(&format!("warning: the proof was not kept: {error}"));
        return Ok(ExitCode::RecordingFailed);
    }
    Ok(exit_code(&report))
}

/// What only executes has no proofs, and a native program is none that is proved.
fn refuse_what_proves_nothing(name: &str) -> Result<(), Failure> {
    let is = |what: &str| name == what || name.strip_prefix(what).is_some_and(|rest| rest.starts_with('@'));
    let what = match () {
        () if is(REFERENCE) => "the reference machine proves nothing",
        () if is(NATIVE) => "a native run proves nothing",
        () => return Ok(()),
    };
    Err(Failure::new(ExitCode::BackendMissing, what)
        .help("choose a zkVM, such as -b risc0; assay backend list shows them"))
}

/// `out/BACKEND-VERSION/tile-ID`.
fn default_folder(target: &BuildTarget, id: &str) -> PathBuf {
    PathBuf::from("out").join(backend_folder(&target.backend, &target.backend_version)).join(format!("tile-{id}"))
}

/// The proof, what it says, and the program that it is of: all that somebody else needs to verify it. Nothing if there
/// is none.
fn keep(folder: &ProofFolder, proved: &ProvedTile, artifact: &Artifact) -> Result<(), StoreError> {
    let (Some(envelope), Some(receipt)) = (&proved.envelope, &proved.receipt) else { return Ok(()) };
    folder.keep(envelope, receipt)?;
    folder.files().write(ELF_FILE, &artifact.guest.elf)?;
    folder.files().write_json(MANIFEST_FILE, &artifact.manifest)?;
    // Last: a folder with it has all that it names.
    folder.complete(envelope)
}

/// Verifies what was just proved; `None` if there is nothing.
fn verification(
    session: &Session,
    arguments: &TileProveArguments,
    proved: &ProvedTile,
    artifact: &Artifact,
    input: &TileInputBytes,
) -> Option<Result<TileVerification, Failure>> {
    let (envelope, receipt) = proved.envelope.as_ref().zip(proved.receipt.as_ref())?;
    let manifest = &artifact.manifest;
    let output = match &proved.run.answer {
        TileAnswer::Output { bytes, .. } => Some(bytes.0.as_slice()),
        TileAnswer::Failure { .. } | TileAnswer::Nothing { .. } => None,
    };
    let bound = manifest.publish == assay_spec::TilePublish::Claim;
    let expected = ExpectedTile {
        manifest: Some(manifest),
        // The method id is computed anew: what the prover says it proved is not taken from the prover.
        elf: Some(&artifact.guest.elf),
        method_id: None,
        input: Some(input).filter(|_| bound),
        output,
        tile_id: Some(&manifest.tile_id),
        insecure: true,
    };
    let verify = || {
        let mut verifier = session.verifier(&arguments.backend)?;
        verify_tile(receipt, envelope, &expected, &mut verifier).map_err(|error| failure(session, error))
    };
    Some(verify())
}

fn exit_code(report: &TileProofReport) -> ExitCode {
    if report.envelope.is_none() {
        return match exit_code_of_run(&report.run, Cost::Left) {
            ExitCode::Ok => ExitCode::Inconclusive,
            exit => exit,
        };
    }
    match report.verification.as_ref().map(|done| &done.verification) {
        Some(TileVerdict::Rejected(_)) => ExitCode::NotVerified,
        _ => exit_code_of_run(&report.run, Cost::Left),
    }
}

fn human(report: &TileProofReport) -> String {
    let mut text = text::runs(std::slice::from_ref(&report.run), Cost::Left);
    if report.envelope.is_none() {
        let why = match (&report.run.answer, report.run.publish) {
            (TileAnswer::Failure { .. }, assay_spec::TilePublish::Plain) => ": in plain mode a failure has none",
            _ => ": the tile came to no answer",
        };
        let _ = writeln!(text, "no proof{why}");
        return text;
    }
    text.push_str(&proof_line(&report.run));
    let _ = writeln!(text, "method id: {}", printable(&report.run.method_id));
    if let Some((folder, said)) = report.folder.as_ref().zip(report.envelope.as_ref()) {
        let (folder, receipt) = (printable(folder), printable(&said.receipt_file));
        let _ = writeln!(text, "kept in {folder}: {ENVELOPE_FILE}, {receipt}, {ELF_FILE}, {MANIFEST_FILE}");
    }
    match &report.verification {
        Some(verification) => text.push_str(&verify::human(verification)),
        None => {
            let _ = writeln!(text, "input: {}\nnot verified", super::input_text(&report.run.input));
        }
    }
    text
}

fn proof_line(run: &TileRun) -> String {
    let outcome: &Outcome = &run.outcome;
    let Some(facts) = &outcome.receipt else { return String::new() };
    format!(
        "proof: {}{}, {} bytes, {} segment{}, {:.1} s proving{}\n",
        printable(&facts.kind),
        if facts.security.secure { "" } else { " (INSECURE)" },
        facts.bytes,
        facts.segments,
        if facts.segments == 1 { "" } else { "s" },
        outcome.elapsed.prove_ms.unwrap_or_default() / 1000.0,
        run.proof_device.map_or_else(String::new, |device| format!(" on the {device}")),
    )
}
