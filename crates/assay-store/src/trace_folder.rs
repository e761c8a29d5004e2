//! What `assay trace` leaves behind: the records, their manifest, and what the backend's process printed.

use std::{
    fs::File,
    io::{self, BufReader},
    path::{Path, PathBuf},
};

use assay_spec::{
    Outcome,
    schema::Versioned as _,
    trace::{TraceManifest, TraceSummary},
};
use assay_trace::{JsonlReader, TraceError, write_json_array};

use crate::{Folder, StoreError};

/// Name of the manifest in a trace folder.
pub const MANIFEST_FILE: &str = "trace.json";

/// Name of the outcome in a trace folder.
pub const OUTCOME_FILE: &str = "outcome.json";

/// How records are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordsFormat {
    /// One JSON array.
    Json,
    /// One record a line.
    Jsonl,
}

impl RecordsFormat {
    /// Name of the records file.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Json => "micro_op_records.json",
            Self::Jsonl => "micro_op_records.jsonl",
        }
    }
}

/// A traced run, ready to be kept.
#[derive(Debug)]
pub struct TraceArtifacts<'a> {
    /// What the backend did.
    pub outcome: &'a Outcome,
    /// What the records are.
    pub summary: &'a TraceSummary,
    /// The records as JSON Lines, in a scratch file.
    pub records: &'a Path,
    /// What the backend's process printed, as kept by its supervisor.
    pub stdout: &'a [u8],
    /// The same of standard error.
    pub stderr: &'a [u8],
}

/// Writes a trace into `folder`; returns the path of the records file.
pub fn write_trace(folder: &Folder, trace: &TraceArtifacts<'_>, format: RecordsFormat) -> Result<PathBuf, StoreError> {
    let name = format.file_name();
    let path = folder.path().join(name);
    let failed = |source| StoreError::Trace { path: path.clone(), source };
    let mut records = BufReader::new(File::open(trace.records).map_err(|error| failed(error.into()))?);
    let records_digest = folder
        .write_with(name, |mut writer| match format {
            RecordsFormat::Json => write_json_array(JsonlReader::new(records), &mut writer).map(drop),
            RecordsFormat::Jsonl => io::copy(&mut records, &mut writer).map(drop).map_err(TraceError::Io),
        })?
        .map_err(failed)?;

    let backend = &trace.outcome.backend;
    // The runner of a snapshot is called after its zkVM and the snapshot, which the folder is called after already.
    let zkvm = backend.name.split('@').next().unwrap_or_default();
    folder.write(&format!("{zkvm}_run.stdout.txt"), trace.stdout)?;
    folder.write(&format!("{zkvm}_run.stderr.txt"), trace.stderr)?;
    folder.write_json(OUTCOME_FILE, trace.outcome)?;
    let manifest = TraceManifest {
        schema: TraceManifest::tag(),
        backend: backend.clone(),
        guest: trace.outcome.guest.clone(),
        input_digest: trace.outcome.input_digest,
        records_file: name.to_owned(),
        records_digest,
        summary: trace.summary.clone(),
    };
    folder.write_json(MANIFEST_FILE, &manifest)?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use assay_spec::{
        BackendId, Digest, Elapsed, GuestId, MicroOp, Mode, Platform, RunReport, Status, Verification, Word, schema,
        trace::InstructionRecord,
    };
    use assay_trace::JsonlWriter;

    use super::*;

    fn outcome() -> Outcome {
        Outcome {
            schema: Outcome::tag(),
            backend: BackendId {
                name: "reference".into(),
                version: "1".into(),
                platform: Platform::Standard,
                isa: "rv32im".into(),
            },
            guest: GuestId { digest: Digest::of(b"elf"), image_id: None, name: "seed".into() },
            input_digest: Digest::of(b""),
            mode: Mode::Execute,
            run: RunReport::new(Status::Ok),
            elapsed: Elapsed::default(),
            receipt: None,
            verification: Verification::NotRequested,
        }
    }

    fn records(count: u64) -> Vec<MicroOp> {
        let record = |step| InstructionRecord {
            seq: step,
            step,
            pc: Word(4 * step),
            next_pc: Word(4 * step + 4),
            word: None,
            opcode: 0x13,
            mnemonic: "addi".into(),
            operands: vec![],
            timestamp: 0,
            next_timestamp: 0,
            rd: None,
            mem: None,
        };
        (0..count).map(record).map(MicroOp::Instruction).collect()
    }

    fn scratch(records: &[MicroOp]) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut writer = JsonlWriter::new(file.as_file());
        for record in records {
            writer.record(record).unwrap();
        }
        file
    }

    fn write(folder: &Path, scratch: &Path, format: RecordsFormat) -> Result<PathBuf, StoreError> {
        let (outcome, summary) = (outcome(), TraceSummary { instructions: 3, ..TraceSummary::default() });
        let trace =
            TraceArtifacts { outcome: &outcome, summary: &summary, records: scratch, stdout: b"said", stderr: b"" };
        write_trace(&Folder::create(folder).unwrap(), &trace, format)
    }

    #[test]
    fn a_trace_folder_holds_records_manifest_outcome_and_what_was_printed() {
        let (folder, expected) = (tempfile::tempdir().unwrap(), records(3));
        let path = write(folder.path(), scratch(&expected).path(), RecordsFormat::Json).unwrap();
        let file = fs::read(path).unwrap();
        assert_eq!(serde_json::from_slice::<Vec<MicroOp>>(&file).unwrap(), expected);
        assert_eq!(fs::read(folder.path().join("reference_run.stdout.txt")).unwrap(), b"said");
        assert_eq!(fs::read(folder.path().join("reference_run.stderr.txt")).unwrap(), b"");

        let manifest = fs::read(folder.path().join(MANIFEST_FILE)).unwrap();
        let manifest: TraceManifest = schema::read(&manifest).unwrap().value;
        assert_eq!(manifest.records_digest, Digest::of(&file));
        assert_eq!(manifest.records_file, "micro_op_records.json");
        let kept: Outcome = schema::read(&fs::read(folder.path().join(OUTCOME_FILE)).unwrap()).unwrap().value;
        assert_eq!(kept, outcome());
    }

    #[test]
    fn json_lines_are_kept_as_they_are() {
        let (folder, scratch) = (tempfile::tempdir().unwrap(), scratch(&records(2)));
        let path = write(folder.path(), scratch.path(), RecordsFormat::Jsonl).unwrap();
        assert_eq!(fs::read(path).unwrap(), fs::read(scratch.path()).unwrap());
    }

    #[test]
    fn damaged_records_leave_no_records_file() {
        let folder = tempfile::tempdir().unwrap();
        let scratch = tempfile::NamedTempFile::new().unwrap();
        fs::write(scratch.path(), "{\"type\":\"instr").unwrap();
        let error = write(folder.path(), scratch.path(), RecordsFormat::Json).unwrap_err();
        assert!(matches!(error, StoreError::Trace { .. }), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
