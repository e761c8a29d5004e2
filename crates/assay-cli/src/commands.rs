//! One file per subcommand. A command returns the exit code that its result stands for.

pub(crate) mod backend;
pub(crate) mod bucket;
pub(crate) mod bugs;
pub(crate) mod conform;
pub(crate) mod diff;
pub(crate) mod doctor;
pub(crate) mod findings;
pub(crate) mod guest;
mod new_folder;
pub(crate) mod platform;
pub(crate) mod prove;
pub(crate) mod replay;
pub(crate) mod run;
pub(crate) mod sequence;
pub(crate) mod shrink;
pub(crate) mod snapshot;
pub(crate) mod store;
pub(crate) mod store_report;
pub(crate) mod tile;
pub(crate) mod trace;
pub(crate) mod verify;

use std::path::{Path, PathBuf};

pub(crate) use self::guest::build_failure;
use assay_guest::Guest;
use assay_spec::{Check, CheckResult, DoctorReport, ExitCode, Outcome, RegisterFile, Status, schema::Versioned};
use assay_store::{Folder, StoreError};

use crate::{
    arguments::Format,
    failure::Failure,
    report::printable,
    terminal::{self, BAD, GOOD, UNSURE, styled, table, table_text},
};

/// What the status of a single run stands for, where how the guest fares is the question.
pub(crate) fn exit_code_of(outcome: &Outcome) -> ExitCode {
    match outcome.run.status {
        Status::Ok => ExitCode::Ok,
        Status::Failed | Status::Panic | Status::Trap => ExitCode::GuestFailed,
        Status::Unsupported => ExitCode::BackendMissing,
        Status::Timeout | Status::OutOfMemory | Status::OutputLimit | Status::RunnerCrash | Status::ProtocolError => {
            ExitCode::Inconclusive
        }
    }
}

/// Registers that the harness of `guest` made public; output of a run that did not end well is not that.
pub(crate) fn reported(guest: &Guest, outcome: &Outcome) -> Option<RegisterFile> {
    let layout = guest.harness.as_ref().filter(|_| outcome.run.status == Status::Ok)?;
    layout.registers(&outcome.run.output.0)
}

/// The outcome with the registers that the harness reported, where it did: what the hart holds after the epilogue says
/// nothing about the sequence. After a failure the hart's own registers stand.
pub(crate) fn with_reported_registers(guest: &Guest, mut outcome: Outcome) -> Outcome {
    if let Some(registers) = reported(guest, &outcome) {
        outcome.run.registers = Some(registers);
    }
    outcome
}

/// `out/<backend>-<version>/from-insts`, or `from-elf`.
pub(crate) fn default_folder(outcome: &Outcome, sequence: bool) -> PathBuf {
    let folder = backend_folder(&outcome.backend.name, &outcome.backend.version);
    PathBuf::from("out").join(folder).join(kind_folder(sequence))
}

/// `<backend>-<version>` as the name of a folder.
pub(crate) fn backend_folder(name: &str, version: &str) -> String {
    match name.split_once('@') {
        // With the rest of the snapshot, whose sources say more than a version.
        Some((zkvm, snapshot)) => plain(&format!("{zkvm}-{snapshot}")),
        None => plain(&format!("{name}-{version}")),
    }
}

/// The folder of what came of an instruction sequence, or of a whole guest.
pub(crate) fn kind_folder(sequence: bool) -> &'static str {
    if sequence { "from-insts" } else { "from-elf" }
}

/// `text` as the name of one file or folder: the version in it is what a runner says, and must not lead elsewhere.
fn plain(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+');
    text.chars().map(|c| if plain(c) { c } else { '_' }).collect()
}

/// What stands for a store that did not do what was asked: what was asked for, or what the disk or the store says.
#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` gives")]
pub(crate) fn store_failure(error: StoreError) -> Failure {
    let exit = match error {
        StoreError::NoStore(_)
        | StoreError::NotAStore(_)
        | StoreError::NotEmpty(_)
        | StoreError::NoSuchRun { .. }
        | StoreError::NoSuchFinding { .. }
        | StoreError::ReasonMissing(_)
        | StoreError::MergedInCircle { .. }
        | StoreError::BadFileName(_) => ExitCode::Usage,
        _ => ExitCode::RecordingFailed,
    };
    Failure::new(exit, error.to_string())
}

/// Prints a result as JSON.
pub(crate) fn print_json<T: Versioned>(value: &T) -> Result<(), Failure> {
    let json = serde_json::to_string_pretty(value)
        .map_err(|error| Failure::new(ExitCode::Bug, "the result could not be encoded").because(error))?;
    print(&format!("{json}\n"))
}

/// Prints what a doctor found.
pub(crate) fn print_checks(checks: Vec<Check>, format: Format) -> Result<(), Failure> {
    if format == Format::Json {
        return print_json(&DoctorReport { schema: DoctorReport::tag(), checks });
    }
    let mut table = table(&["what", "result", "detail"]);
    for check in &checks {
        let result = match check.result {
            CheckResult::Ok => styled(GOOD, "works"),
            CheckResult::Absent => styled(UNSURE, "absent"),
            CheckResult::Failing => styled(BAD, "FAILS"),
        };
        table.add_row([check.what.clone(), result, printable(&check.detail)]);
    }
    print(&table_text(&table))
}

/// Prints a result.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    terminal::print(&text).map_err(|error| Failure::usage("could not write the result to stdout").because(error))
}

/// Keeps what was run beside what came of it: `guest.elf`, and `input.bin` where there was an input.
pub(crate) fn keep_subject(folder: &Folder, guest: &Guest, input: &[u8]) -> Result<(), StoreError> {
    folder.write("guest.elf", &guest.elf)?;
    if !input.is_empty() {
        folder.write("input.bin", input)?;
    }
    Ok(())
}

/// Keeps a result; failing to keep it does not take the result away, but has an exit code of its own.
pub(crate) fn keep(folder: &Path, write: impl FnOnce(&Folder) -> Result<(), StoreError>, exit: ExitCode) -> ExitCode {
    match Folder::create(folder).and_then(|folder| write(&folder)) {
        Ok(()) => exit,
        Err(error) => {
            terminal::note(&format!("warning: the result was not kept: {error}"));
            ExitCode::RecordingFailed
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_cannot_lead_out_of_the_folder() {
        assert_eq!(plain("openvm-2.0.2+a_b"), "openvm-2.0.2+a_b");
        assert_eq!(plain("x-/../../etc\n"), "x-_.._.._etc_");
    }
}
