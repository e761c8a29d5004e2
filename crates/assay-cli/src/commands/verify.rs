//! `assay verify`: a receipt, checked in a process that has never proved anything.

use std::fmt::Write as _;

use assay_backend::{Expected, read_receipt, verify_receipt};
use assay_spec::{
    Digest, ExitCode, Verification,
    receipt::{HEADER_BYTES_MAX, PROOF_BYTES_MAX},
    verification::{CheckState, MadeCheck, VerificationReport},
};

use super::{print, print_json};
use crate::{
    arguments::{Format, VerifyArguments},
    failure::Failure,
    report::printable,
    session::Session,
    subject::{ELF_BYTES_MAX, read_file},
    terminal::{self, BAD, GOOD, Progress, QUIET, UNSURE, styled, table, table_text},
};

/// Largest receipt file, in bytes.
pub(crate) const RECEIPT_BYTES_MAX: u64 = PROOF_BYTES_MAX + HEADER_BYTES_MAX as u64 + 64;
/// Largest expected output, in bytes.
const OUTPUT_BYTES_MAX: u64 = 64 << 20;

pub(crate) fn run(arguments: &VerifyArguments) -> Result<ExitCode, Failure> {
    let bytes = read_file(&arguments.receipt, RECEIPT_BYTES_MAX)?;
    let elf = arguments.elf.as_deref().map(|path| read_file(path, ELF_BYTES_MAX)).transpose()?;
    let output = match (&arguments.expect_output, &arguments.expect_output_file) {
        (Some(hex), _) => Some(hex.0.clone()),
        (None, Some(path)) => Some(read_file(path, OUTPUT_BYTES_MAX)?),
        (None, None) => None,
    };
    let report = match read_receipt(&bytes) {
        Err(report) => *report,
        Ok(receipt) => {
            let session = Session::open(&arguments.run);
            // Before a runner is looked for: what is in a receipt chooses which program is started.
            let name = &receipt.header.backend.name;
            let mut verifier = session.verifier(name)?;
            let progress = Progress::start(format!("verifying with {}", printable(name)));
            let expected = Expected {
                elf: elf.as_deref(),
                image_id: arguments.image_id.as_deref(),
                exit_code: arguments.expect_exit_code,
                output: output.as_deref(),
                insecure: arguments.accept_insecure,
            };
            let mut report =
                verify_receipt(&receipt, &expected, &mut verifier).map_err(|error| session.failure(error))?;
            drop(progress);
            // Of the file as it is: one with spaces in its header, or fields of a newer version, is another than ours.
            report.receipt_digest = Digest::of(&bytes);
            report
        }
    };
    match arguments.run.output.format {
        Format::Json => print_json(&report)?,
        Format::Human => {
            let bound = report.header.as_ref().filter(|_| elf.is_none() && arguments.image_id.is_none());
            print(&human(&report))?;
            if bound.is_some() && matches!(report.verification, Verification::Verified(_)) {
                terminal::note(&format!(
                    "note: nothing says which program this is a proof of; give --elf or --image-id to bind {} to one",
                    printable(&arguments.receipt.display().to_string())
                ));
            }
        }
    }
    Ok(match report.verification {
        Verification::Verified(_) => ExitCode::Ok,
        Verification::Rejected(_) => ExitCode::NotVerified,
        Verification::NotRequested => ExitCode::Inconclusive,
    })
}

/// The result, the checks, and what the verifier took.
pub(crate) fn human(report: &VerificationReport) -> String {
    let mut text = match &report.verification {
        Verification::Verified(claims) => format!(
            "{}: exit code {}, {} bytes of output\n",
            styled(GOOD, "Verified"),
            claims.exit_code,
            claims.output.0.len()
        ),
        Verification::Rejected(rejection) => {
            format!("{} at {}: {}\n", styled(BAD, "Rejected"), rejection.check, printable(&rejection.error))
        }
        Verification::NotRequested => format!("{}\n", styled(UNSURE, "not verified")),
    };
    text.push_str(&human_checks(&report.checks));
    if let Some(effort) = &report.effort {
        let identify = effort.identify_ms.map_or_else(String::new, |ms| format!(", image id {ms:.0} ms"));
        let memory = effort.peak_memory_bytes.map_or_else(String::new, |bytes| format!(", {} MiB", bytes >> 20));
        let _ =
            writeln!(text, "verifier: {:.0} ms, set-up {:.0} ms{identify}{memory}", effort.verify_ms, effort.setup_ms);
    }
    text
}

/// The checks of a receipt, made or not.
pub(crate) fn human_checks(made: &[MadeCheck]) -> String {
    let mut checks = table(&["check", "result", "detail"]);
    for check in made {
        let (style, detail) = match check.state {
            CheckState::Passed => (GOOD, printable(&check.detail)),
            // Said in full above.
            CheckState::Failed => (BAD, String::new()),
            CheckState::NotAsked => (UNSURE, printable(&check.detail)),
            CheckState::NotReached => (QUIET, String::new()),
        };
        checks.add_row([check.check.to_string(), styled(style, check.state), detail]);
    }
    table_text(&checks)
}
