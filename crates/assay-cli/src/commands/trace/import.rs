//! `assay trace import`: another tool's log as a trace.

use std::{
    fmt::Write as _,
    fs::File,
    io::{self, BufReader, Read},
    os::fd::AsFd as _,
};

use assay_backend::CancelToken;
use assay_spec::{ExitCode, ImportReport, MicroOp, schema::Versioned as _};
use assay_store::{Folder, RecordsFormat};
use assay_trace::{TraceError, import::import};
use nix::{
    errno::Errno,
    poll::{PollFd, PollFlags, PollTimeout, poll},
};

use super::super::{bucket, print, print_json};
use crate::{
    arguments::{Format, ImportArguments},
    failure::Failure,
    report::printable,
    session::cancel_on_interrupt,
    terminal::{table, table_text},
};

/// How long a silent log is waited for until it is asked whether somebody wants to give up.
const LOOK_INTERVAL_MS: u16 = 100;

pub(super) fn run(arguments: &ImportArguments) -> Result<ExitCode, Failure> {
    let file = bucket::log(&arguments.log)?;
    let cancel = cancel_on_interrupt();
    let log = BufReader::new(Log { file, cancel: cancel.clone() });
    let not_kept = |error| Failure::new(ExitCode::RecordingFailed, "the records were not kept").because(error);
    let folder = Folder::create(&arguments.out).map_err(not_kept)?;
    let name = RecordsFormat::Json.file_name();
    let mut imported = None;
    let written = folder.write_with(name, |mut writer| {
        let mut count = 0u64;
        writer.write_all(b"[")?;
        let found = import(log, &mut |record: &MicroOp| {
            writer.write_all(if count == 0 { b"\n" } else { b",\n" })?;
            serde_json::to_writer(&mut writer, record).map_err(io::Error::from)?;
            count += 1;
            Ok(())
        })?;
        writer.write_all(b"\n]\n")?;
        imported = Some(found);
        Ok::<(), TraceError>(())
    });
    if cancel.is_cancelled() {
        return Err(Failure::interrupted());
    }
    written
        .map_err(not_kept)?
        .map_err(|error| Failure::usage(format!("{} could not be imported", arguments.log.display())).because(error))?;
    let imported = imported.unwrap_or_default();
    let report = ImportReport {
        schema: ImportReport::tag(),
        instructions: imported.instructions,
        chip_rows: imported.chip_rows,
        interactions: imported.interactions,
        skipped: imported.skipped_total(),
        reasons: imported.skipped,
        records_file: folder.path().join(name).display().to_string(),
    };
    match arguments.output.format {
        Format::Json => print_json(&report)?,
        Format::Human => print(&text(&report))?,
    }
    // A log in which nothing was found is most likely not what was meant.
    let nothing = report.instructions + report.chip_rows + report.interactions == 0;
    Ok(if nothing { ExitCode::Inconclusive } else { ExitCode::Ok })
}

/// A log that ends with an error where somebody gives up, also while a pipe says nothing: what was written so far is then
/// removed.
struct Log {
    file: File,
    cancel: CancelToken,
}

impl Read for Log {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.cancel.is_cancelled() {
                return Err(io::Error::other("interrupted"));
            }
            let mut polled = [PollFd::new(self.file.as_fd(), PollFlags::POLLIN)];
            match poll(&mut polled, PollTimeout::from(LOOK_INTERVAL_MS)) {
                Ok(0) | Err(Errno::EINTR) => {}
                Ok(_) => return self.file.read(buffer),
                Err(errno) => return Err(errno.into()),
            }
        }
    }
}

fn text(report: &ImportReport) -> String {
    let mut text = format!(
        "{} instructions, {} chip rows, {} interactions; {} records skipped\n",
        report.instructions, report.chip_rows, report.interactions, report.skipped
    );
    if !report.reasons.is_empty() {
        let mut reasons = table(&["skipped", "because"]);
        for (reason, count) in &report.reasons {
            reasons.add_row([count.to_string(), printable(reason)]);
        }
        text.push_str(&table_text(&reasons));
    }
    let _ = writeln!(text, "records: {}", printable(&report.records_file));
    text
}
