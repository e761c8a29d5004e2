//! Keeping what a comparison showed: the run, and its findings.

use std::{fmt::Write as _, path::PathBuf};

use assay_oracle::{Sighting, title};
use assay_report::{FindingMarkdownInput, finding_markdown};
use assay_spec::{Provenance, RunLimits, RunLog, Source};
use assay_store::{NewFinding, NewRun, Recorded, Store, StoreError};

use super::comparing::Guests;
use crate::{
    report::printable,
    session::Session,
    terminal::{self, BAD, QUIET, styled},
};

/// What is kept besides the log.
pub(crate) struct Asking<'a> {
    pub(crate) source: Source,
    pub(crate) input_name: String,
    pub(crate) input_json: Option<serde_json::Value>,
    pub(crate) input: &'a [u8],
    pub(crate) guests: &'a Guests,
    /// The backends as they were asked for, each so that it means the same next time.
    pub(crate) backends: Vec<String>,
    pub(crate) planted_faults: &'a [String],
    pub(crate) provenance: Provenance,
}

/// Keeps the run in the store at `place`, which is made where there is none.
pub(crate) fn record(
    place: PathBuf,
    log: &RunLog,
    found: &[Sighting],
    session: &Session,
    asking: Asking<'_>,
) -> Result<Recorded, StoreError> {
    let run = new_run(log, found, session, asking);
    Store::open(place)?.record(run)
}

/// The run as a store takes it.
pub(crate) fn new_run<'a>(log: &RunLog, found: &[Sighting], session: &Session, asking: Asking<'a>) -> NewRun<'a> {
    let findings = found.iter().map(|sighting| NewFinding {
        identity: sighting.identity.clone(),
        title: title(&sighting.identity),
        comparison: sighting.comparison,
        report_md: finding_markdown(&FindingMarkdownInput {
            identity: &sighting.identity,
            title: &title(&sighting.identity),
            run_log: log,
            comparison: sighting.comparison,
            source: &asking.source,
            input_bytes: asking.input.len() as u64,
            input_json: asking.input_json.as_ref(),
            assay_version: env!("CARGO_PKG_VERSION"),
            rustc_version: env!("ASSAY_RUSTC_VERSION"),
            repro_script: "./repro.sh",
        }),
    });
    let findings = findings.collect();
    let limits = session.limits();
    NewRun {
        log: log.clone(),
        source: asking.source,
        input_name: asking.input_name,
        input_json: asking.input_json,
        input: asking.input,
        guests: asking.guests.values().map(|guest| guest.elf.as_slice()).collect(),
        backends: asking.backends,
        limits: RunLimits {
            timeout_ms: limits.wall.as_millis() as u64,
            max_steps: limits.max_steps,
            memory_limit_bytes: limits.memory_limit_bytes,
            input_base: session.input_base(),
        },
        planted_faults: asking.planted_faults.to_vec(),
        provenance: asking.provenance,
        assay_version: env!("CARGO_PKG_VERSION").to_owned(),
        rustc_version: env!("ASSAY_RUSTC_VERSION").to_owned(),
        findings,
    }
}

/// Where the run is, and for each finding its name and how to show it again.
pub(crate) fn human(recorded: &Recorded, found: &[Sighting]) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{}", styled(QUIET, format_args!("run {}", recorded.run_id)));
    for (finding, sighting) in recorded.findings.iter().zip(found) {
        let how_often = if finding.is_new { "new" } else { "seen before" };
        let name = styled(BAD, &finding.finding_id);
        let _ = writeln!(text, "finding {name} ({how_often}): {}", printable(&title(&sighting.identity)));
        let _ = writeln!(text, "  {}", printable(&finding.folder.join("repro.sh").display().to_string()));
    }
    text
}

/// Says that a run was not kept.
pub(crate) fn warn(error: &StoreError) {
    terminal::note(&format!("warning: the run was not kept as it should be: {error}; --no-store keeps none"));
}
