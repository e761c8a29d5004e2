//! `assay prove`: one guest on one backend, proved; the receipt kept, and verified as somebody else would.

use std::fmt::Write as _;

use assay_backend::{Backend as _, BackendError, Expected, Job, verify_receipt};
use assay_guest::Guest;
use assay_spec::{ExitCode, Outcome, Receipt, Verification, verification::VerificationReport};
use assay_store::{Folder, OUTCOME_FILE};

use super::{default_folder, exit_code_of, keep_subject, print, print_json, with_reported_registers};
use crate::{
    arguments::{Format, ProveArguments},
    failure::Failure,
    report::{self, printable},
    session::{NATIVE, Session, reference_platform},
    subject::{Purpose, Subject},
    terminal::{self, Progress},
};

/// Name of the receipt in the folder that a proof is kept in.
const RECEIPT_FILE: &str = "proof.receipt";

pub(crate) fn run(arguments: &ProveArguments) -> Result<ExitCode, Failure> {
    if reference_platform(&arguments.backend).is_some() {
        return Err(Failure::new(ExitCode::BackendMissing, "the reference machine proves nothing")
            .help("choose a zkVM, such as -b risc0; assay backend list shows them"));
    }
    if arguments.backend == NATIVE {
        return Err(Failure::new(ExitCode::BackendMissing, "a native run proves nothing")
            .help("choose a zkVM, such as -b risc0; assay backend list shows them"));
    }
    let subject = Subject::read(&arguments.guest)?;
    let session = Session::open(&arguments.run);
    let platform = session.platform(&arguments.backend, arguments.guest.platform)?;
    let guest = subject.guest_for(platform, Purpose::Prove)?;
    let mut backend = session.runner_backend(&arguments.backend)?;
    // Before hours of proving, and not after them.
    if let Some(folder) = &arguments.out {
        Folder::create(folder).map_err(|error| Failure::usage("there is no place for the receipt").because(error))?;
    }

    let progress = Progress::start(format!("proving on {}", arguments.backend));
    backend.on_progress(progress.callback());
    let job = Job { guest: &guest, input: &subject.input, limits: session.limits(), cost: true };
    let proved = backend.prove(&job, arguments.kind.as_deref()).map_err(|error| match error {
        BackendError::NoSuchProofKind { .. } => Failure::usage("--kind").because(error),
        error => session.failure(error),
    })?;
    let mut outcome = with_reported_registers(&guest, proved.outcome);
    let Some(receipt) = proved.receipt else {
        drop(progress);
        return without_receipt(arguments, &outcome);
    };
    // The process that proved holds its keys and tables; whoever verifies needs none of that.
    drop(backend);

    let folder = arguments.out.clone().unwrap_or_else(|| default_folder(&outcome, subject.is_sequence()));
    if let Some(facts) = &mut outcome.receipt {
        facts.path = Some(folder.join(RECEIPT_FILE).display().to_string());
    }
    // Before it is verified: that may fail for reasons that say nothing about the proof, which would be lost then.
    let kept = Folder::create(&folder).and_then(|folder| {
        keep_subject(&folder, &guest, &subject.input)?;
        folder.write(RECEIPT_FILE, &receipt.to_bytes())?;
        Ok(folder)
    });
    if let (Err(_), Some(facts)) = (&kept, &mut outcome.receipt) {
        facts.path = None;
    }
    let (mut report, mut unverified) = (None, None);
    if !arguments.no_verify {
        progress.say("verifying");
        match verified(&session, arguments, &guest, &receipt, &outcome) {
            Ok(verified) => {
                outcome.verification = verified.verification.clone();
                outcome.elapsed.verify_ms = verified.effort.as_ref().map(|effort| effort.verify_ms);
                report = Some(verified);
            }
            Err(failure) => unverified = Some(failure),
        }
    }
    drop(progress);
    let kept = kept.and_then(|folder| folder.write_json(OUTCOME_FILE, &outcome));

    match arguments.run.output.format {
        Format::Json => print_json(&outcome)?,
        Format::Human => {
            let mut text = report::outcomes(std::slice::from_ref(&outcome));
            text.push_str(&report::details(&outcome));
            text.push_str(&receipt_lines(&outcome));
            if let Some(report) = &report {
                text.push_str(&super::verify::human(report));
            }
            print(&text)?;
        }
    }
    if let Some(failure) = unverified {
        return Err(match outcome.receipt.and_then(|facts| facts.path) {
            Some(path) => failure.but_kept(&format!("the receipt was kept; verify it with: assay verify {path}")),
            None => failure,
        });
    }
    if let Err(error) = kept {
        let lost = if outcome.receipt.is_some_and(|facts| facts.path.is_some()) { "outcome" } else { "receipt" };
        terminal::note(&format!("warning: the {lost} was not kept: {error}"));
        return Ok(ExitCode::RecordingFailed);
    }
    Ok(match &outcome.verification {
        Verification::Rejected(_) => ExitCode::NotVerified,
        Verification::Verified(_) | Verification::NotRequested => exit_code_of(&outcome),
    })
}

/// Verifies what was just proved.
fn verified(
    session: &Session,
    arguments: &ProveArguments,
    guest: &Guest,
    receipt: &Receipt,
    outcome: &Outcome,
) -> Result<VerificationReport, Failure> {
    let expected = Expected {
        // The image id is computed anew: what the prover says it proved is not taken from the prover.
        elf: Some(&guest.elf),
        image_id: None,
        exit_code: outcome.run.exit_code.unwrap_or_default(),
        output: Some(&outcome.run.output.0),
        insecure: true,
    };
    let mut verifier = session.verifier(&arguments.backend)?;
    verify_receipt(receipt, &expected, &mut verifier).map_err(|error| session.failure(error))
}

/// There was nothing to prove: what the run did instead is the result.
fn without_receipt(arguments: &ProveArguments, outcome: &Outcome) -> Result<ExitCode, Failure> {
    match arguments.run.output.format {
        Format::Json => print_json(outcome)?,
        Format::Human => {
            let mut text = report::outcomes(std::slice::from_ref(outcome));
            text.push_str(&report::details(outcome));
            match &outcome.run.refusal {
                Some(reason) => {
                    let _ = writeln!(text, "no receipt: the prover refused: {}", printable(reason));
                }
                None => text.push_str("no receipt: the run came to no end that was proved\n"),
            }
            print(&text)?;
        }
    }
    Ok(match exit_code_of(outcome) {
        ExitCode::Ok => ExitCode::Inconclusive,
        exit => exit,
    })
}

fn receipt_lines(outcome: &Outcome) -> String {
    let Some(facts) = &outcome.receipt else { return String::new() };
    let mut text = String::new();
    let seconds = |ms: u64| ms as f64 / 1000.0;
    let _ = writeln!(
        text,
        "proof: {}{}, {} segment{}, {:.1} s proving ({:.1} s of processor time, {:.1} s set-up){}",
        facts.kind,
        if facts.security.secure { "" } else { " (INSECURE)" },
        facts.segments,
        if facts.segments == 1 { "" } else { "s" },
        outcome.elapsed.prove_ms.unwrap_or_default() / 1000.0,
        seconds(facts.cpu_ms),
        seconds(facts.setup_ms),
        outcome.run.peak_memory_bytes.map_or_else(String::new, |bytes| format!(", {} MiB", bytes >> 20)),
    );
    if let Some(image_id) = &outcome.guest.image_id {
        let _ = writeln!(text, "image id: {}", printable(image_id));
    }
    if let Some(path) = &facts.path {
        let _ = writeln!(text, "receipt: {} ({} bytes)", printable(path), facts.bytes);
    }
    text
}
