//! `summary.csv`: a row for each compared pair of outcomes, for spreadsheets and notebooks.
//!
//! Rows are lines: control characters in a cell are spelled out, so that a torn last line is known by its missing end. A
//! text cell that a spreadsheet would take for a formula gets a `'` in front.

use std::{
    fmt::Write as _,
    fs::{self, File},
    io::{self, Read as _, Seek as _, SeekFrom},
};

use assay_spec::{Comparison, Divergence, FindingId, Outcome, RunLog, Verdict};

use crate::{Store, StoreError};

/// The columns, in their order.
pub const COLUMNS: [&str; 21] = [
    "run_id",
    "core",
    "input",
    "baseline_status",
    "target_status",
    "equal",
    "reason",
    "elapsed_baseline_ms",
    "elapsed_target_ms",
    "timing_delta_ms",
    "repro_path",
    "generator",
    "base_seed",
    "mutation_ops",
    "rng_seed",
    "zkvm_target",
    "target_version",
    "rustc_version",
    "baseline",
    "verdict",
    "finding_id",
];

/// Names that columns had in older files, and still have in the older export. The last three columns are not in it.
pub(crate) const PHASE4_NAMES: [(&str, &str); 5] = [
    ("baseline_status", "native_status"),
    ("target_status", "sp1_status"),
    ("elapsed_baseline_ms", "elapsed_native_ms"),
    ("elapsed_target_ms", "elapsed_sp1_ms"),
    ("target_version", "sp1_version"),
];

/// Columns of the older export.
pub(crate) const PHASE4_COLUMNS: usize = 18;

/// Longest `reason`, in characters.
const REASON_CHARS_MAX: usize = 500;

/// The cells of a row, in the order of [`COLUMNS`].
pub(crate) type Row = [String; COLUMNS.len()];

/// The rows of a run, one for each comparison, in the order of its log. None for a log that is not kept.
pub(crate) fn rows(log: &RunLog, resolve: impl Fn(&FindingId) -> FindingId) -> Vec<Row> {
    let Some(record) = &log.record else { return Vec::new() };
    let provenance = &record.provenance;
    let row = |(at, comparison): (usize, &Comparison)| {
        let outcome = |name: &str| log.outcome(name).map(|named| &named.outcome);
        let (baseline, target) = (outcome(&comparison.baseline), outcome(&comparison.target));
        let elapsed = |outcome: Option<&Outcome>| outcome.map(|outcome| outcome.elapsed.execute_ms);
        let ms = |ms: Option<f64>| ms.map_or_else(String::new, |ms| format!("{ms:.3}"));
        let delta = elapsed(baseline).zip(elapsed(target)).map(|(baseline, target)| target - baseline);
        let status =
            |outcome: Option<&Outcome>| outcome.map_or_else(String::new, |outcome| outcome.run.status.to_string());
        let finding = record.findings.iter().find(|finding| finding.comparison == at);
        let finding = finding.map_or_else(String::new, |finding| resolve(&finding.finding_id).to_string());
        let repro = repro_path(&finding);
        [
            record.run_id.to_string(),
            text(record.source.name()),
            text(&record.input.name),
            status(baseline),
            status(target),
            equal(&comparison.verdict).to_owned(),
            text(&reason(&comparison.verdict)),
            ms(elapsed(baseline)),
            ms(elapsed(target)),
            ms(delta),
            repro,
            provenance.generator.to_string(),
            text(provenance.base_seed.as_deref().unwrap_or("")),
            text(&provenance.mutation_ops.join(";")),
            provenance.rng_seed.map_or_else(String::new, |seed| seed.to_string()),
            text(target.map_or(comparison.target.as_str(), |target| &target.backend.name)),
            text(target.map_or("", |target| &target.backend.version)),
            text(&record.rustc_version),
            text(&comparison.baseline),
            comparison.verdict.to_string(),
            finding,
        ]
    };
    log.comparisons.iter().enumerate().map(row).collect()
}

/// Where the script of that finding is, from the store on; empty for no finding.
pub(crate) fn repro_path(finding: &str) -> String {
    if finding.is_empty() { String::new() } else { format!("findings/{finding}/repro.sh") }
}

/// Whether two outcomes are equal; empty where that cannot be said.
fn equal(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Agree => "true",
        Verdict::SameFailure(differences) if differences.is_empty() => "true",
        Verdict::SameFailure(_) | Verdict::Diverge(_) => "false",
        Verdict::Inconclusive(_) => "",
    }
}

/// What a verdict rests on, in one line.
pub fn reason(verdict: &Verdict) -> String {
    let differences = match verdict {
        Verdict::Agree => return String::new(),
        Verdict::Inconclusive(why) => return why.to_string(),
        Verdict::SameFailure(differences) | Verdict::Diverge(differences) => differences,
    };
    differences.iter().map(difference).collect::<Vec<_>>().join("; ")
}

fn difference(difference: &Divergence) -> String {
    fn or_none<T: ToString>(value: Option<&T>) -> String {
        value.map_or_else(|| "none".to_owned(), ToString::to_string)
    }
    match difference {
        Divergence::Status { baseline, target } => format!("status {baseline} / {target}"),
        Divergence::ExitCode { baseline, target } => {
            format!("exit code {} / {}", or_none(baseline.as_ref()), or_none(target.as_ref()))
        }
        Divergence::Trap { baseline, target } => {
            format!("trap {} / {}", or_none(baseline.as_ref()), or_none(target.as_ref()))
        }
        Divergence::Message { baseline, target } => {
            format!("message {} / {}", or_none(baseline.as_ref()), or_none(target.as_ref()))
        }
        Divergence::Output { first_difference, baseline_bytes, target_bytes } => {
            format!("output from byte {first_difference} ({baseline_bytes} / {target_bytes} bytes)")
        }
        Divergence::Register { register, baseline, target } => format!("{register} {baseline} / {target}"),
        Divergence::Instructions { baseline, target } => format!("instructions {baseline} / {target}"),
    }
}

/// `text` as a cell: on one line, of bounded length, and no formula.
fn text(text: &str) -> String {
    let mut cell = String::new();
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        cell.push('\'');
    }
    for (at, c) in text.chars().enumerate() {
        if at == REASON_CHARS_MAX {
            cell.push('…');
            break;
        }
        match c {
            '\n' => cell.push_str("\\n"),
            '\r' => cell.push_str("\\r"),
            '\t' => cell.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(cell, "\\u{{{:x}}}", c as u32);
            }
            c => cell.push(c),
        }
    }
    cell
}

/// `cells` as a line, quoted where that is needed.
pub(crate) fn line<S: AsRef<[u8]>>(cells: impl IntoIterator<Item = S>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    writer.write_record(cells).expect("a vector takes every byte");
    writer.into_inner().expect("a vector takes every byte")
}

impl Store {
    /// Appends rows, all of them in one write, behind a header where there is none. What a crash left of a line is cut off
    /// first: it belongs to a run whose rows are still to come. The caller holds the store's lock.
    pub(crate) fn append_summary(&self, rows: &[Row]) -> Result<Option<File>, StoreError> {
        if rows.is_empty() {
            return Ok(None);
        }
        let path = self.layout.summary();
        let mut bytes = Vec::new();
        let header = line(COLUMNS);
        match self.whole_summary_bytes()? {
            0 => bytes.extend_from_slice(&header),
            whole => {
                let mut begin = vec![0; header.len()];
                let read = File::open(&path).and_then(|mut file| file.read_exact(&mut begin));
                if whole < header.len() as u64 || read.is_err() || begin != header {
                    return Err(StoreError::OtherHeader(path));
                }
            }
        }
        for row in rows {
            bytes.extend(line(row));
        }
        self.disk.append(&path, &bytes).map(Some)
    }

    /// Cuts `summary.csv` after its last whole line; returns how long it is then.
    pub(crate) fn whole_summary_bytes(&self) -> Result<u64, StoreError> {
        let path = self.layout.summary();
        let failed = |source| StoreError::read(&path, source);
        let bytes = match fs::metadata(&path) {
            Ok(metadata) => metadata.len(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
            Err(source) => return Err(failed(source)),
        };
        let mut file = File::open(&path).map_err(failed)?;
        let mut whole = bytes;
        let mut block = [0; 4096];
        while whole > 0 {
            let begin = whole.saturating_sub(block.len() as u64);
            let block = &mut block[..(whole - begin) as usize];
            file.seek(SeekFrom::Start(begin)).and_then(|_| file.read_exact(block)).map_err(failed)?;
            if let Some(at) = block.iter().rposition(|&byte| byte == b'\n') {
                whole = begin + at as u64 + 1;
                break;
            }
            whole = begin;
        }
        if whole < bytes {
            self.disk.truncate(&path, whole)?;
        }
        Ok(whole)
    }
}
