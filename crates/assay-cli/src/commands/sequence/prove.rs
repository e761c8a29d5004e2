//! `assay sequence prove`: a receipt for each tile, kept as soon as it is there, and what ties them together, kept last,
//! in place of an earlier proof.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use assay_spec::{
    ExitCode, SequenceReceipt, SequenceReport,
    schema::Versioned as _,
    tile_sequence::{SequenceProofReport, SequenceVerdict, SequenceVerification},
};
use assay_tile_host::{ProofFolder, TileInputBytes, TileProject, sequence::prove_sequence};

use super::{
    choice::for_each_tile,
    exit_code_of_run,
    planned::{Planned, Purpose},
    text, tile,
    verify::{Binding, Kept, Wanted},
};
use crate::{
    arguments::{Format, SequenceProveArguments},
    commands::{print, print_json},
    failure::Failure,
    report::printable,
    session::Session,
    terminal::{self, Progress},
};

pub(super) fn run(arguments: &SequenceProveArguments) -> Result<ExitCode, Failure> {
    let session = Session::open(&arguments.run);
    let project = tile::open(&session, &arguments.place.path)?;
    let id = &arguments.sequence;
    let (planned, mut backends) =
        Planned::new(&session, &project, id, &arguments.backend, &arguments.input, Purpose::Prove)?;
    for backend in &backends.open {
        tile::check_gpu(arguments.gpu, backend.as_ref())?;
    }
    let kinds = for_each_tile("--kind", &arguments.kind, planned.tiles())?;
    let path = arguments.out.clone().unwrap_or_else(|| PathBuf::from("out").join("sequences").join(id));
    // Before hours of proving, and not after them.
    let folder = ProofFolder::create(&path)
        .map_err(|error| Failure::usage("there is no place for the proofs").because(error))?;

    let progress = Progress::start(format!("proving {id}"));
    for backend in &mut backends.open {
        backend.on_progress(progress.callback());
    }
    let count = planned.tiles().len();
    let mut receipts = 0_usize;
    let proved = prove_sequence(
        &planned.known,
        &planned.steps(&kinds),
        &mut backends.open,
        &planned.input,
        session.limits(),
        &mut |step| progress.say(&format!("tile {step} of {count}")),
        &mut |tile, receipt| {
            folder.keep(tile, receipt)?;
            receipts += 1;
            Ok(())
        },
    );
    let proved = proved.map_err(|error| {
        let failure = tile::failure(&session, error);
        match receipts {
            0 => failure,
            _ => failure.but_kept(&format!(
                "receipts of the first {receipts} of {count} tiles are in {}; nothing ties them together",
                path.display()
            )),
        }
    })?;
    // The processes that proved hold their keys and tables; whoever verifies needs none of that.
    drop(backends);
    let (mut report, envelope) = (proved.report, proved.envelope);
    let mut verified = Ok(None);
    let mut kept = Ok(());
    if let Some(envelope) = &envelope {
        kept = folder.complete(envelope);
        name_receipts(&mut report, envelope, &path);
        if !arguments.no_verify {
            progress.say("verifying");
            verified = verify(&session, &project, envelope, &path, &planned.input).map(Some);
        }
    }
    drop(progress);
    let exit = exit_code_of_run(&report);
    let (verification, unverified) = match verified {
        Ok(verification) => (verification, None),
        Err(failure) => (None, Some(failure)),
    };
    let rejected = matches!(&verification, Some(made) if !matches!(made.verification, SequenceVerdict::Verified(_)));
    let shown = path.display().to_string();
    let folder = (envelope.is_some() && kept.is_ok()).then(|| shown.clone());
    let proof = SequenceProofReport { schema: SequenceProofReport::tag(), run: report, envelope, folder, verification };
    match arguments.run.output.format {
        Format::Json => print_json(&proof)?,
        Format::Human => print(&human(&proof))?,
    }
    if let Some(failure) = unverified {
        return Err(failure.but_kept(&format!("the proofs were kept; verify them with: assay sequence verify {shown}")));
    }
    if let Err(error) = kept {
        terminal::note(&format!("warning: what ties the proofs together was not kept: {error}"));
        return Ok(ExitCode::RecordingFailed);
    }
    Ok(match exit {
        _ if rejected => ExitCode::NotVerified,
        ExitCode::Ok if proof.envelope.is_none() => ExitCode::Inconclusive,
        exit => exit,
    })
}

/// Says in each outcome where its receipt is.
fn name_receipts(report: &mut SequenceReport, envelope: &SequenceReceipt, folder: &Path) {
    for (run, link) in report.steps.iter_mut().zip(&envelope.steps) {
        if let Some(facts) = &mut run.outcome.receipt {
            facts.path = Some(folder.join(&link.tile.receipt_file).display().to_string());
        }
    }
}

/// Verifies what was just proved, from its files.
fn verify(
    session: &Session,
    project: &TileProject,
    envelope: &SequenceReceipt,
    folder: &Path,
    input: &TileInputBytes,
) -> Result<SequenceVerification, Failure> {
    let mut kept = Kept::new(session, folder, Binding::Crate(project));
    kept.verify(envelope, Wanted { input: Some(input), insecure: true, ..Wanted::default() })
}

fn human(proof: &SequenceProofReport) -> String {
    let mut text = text::run(&proof.run);
    for (index, run) in proof.run.steps.iter().enumerate() {
        let (Some(facts), step) = (&run.outcome.receipt, index + 1) else { continue };
        let seconds = run.outcome.elapsed.prove_ms.unwrap_or_default() / 1000.0;
        let insecure = if facts.security.secure { "" } else { " (INSECURE)" };
        let device = run.proof_device.map_or_else(String::new, |device| format!(" on the {device}"));
        let _ = writeln!(
            text,
            "proof {step}, {}: {}{insecure}, {seconds:.1} s proving{device}, {} bytes",
            printable(&run.tile_id),
            printable(&facts.kind),
            facts.bytes
        );
    }
    match (&proof.envelope, &proof.folder) {
        (Some(envelope), folder) => {
            let _ = writeln!(text, "commitment: {}", envelope.commitment);
            if let Some(folder) = folder {
                let _ = writeln!(text, "proofs: {}", printable(folder));
            }
        }
        (None, _) => text.push_str("no proof: a tile came to no end that was proved\n"),
    }
    if let Some(verification) = &proof.verification {
        text.push_str(&text::verification(verification));
    }
    text
}
