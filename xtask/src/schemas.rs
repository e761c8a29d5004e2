//! JSON Schemas of every format, generated from the types into docs/schemas/.

use std::{fs, path::Path};

use assay_spec::{
    BackendDoctorReport, BackendList, BucketHit, BucketList, BucketReport, Bug, BugList, BugReport, ConformList,
    ConformReport, DoctorReport, Finding, FindingList, GuestBuildReport, GuestList, GuestManifest, ImportReport,
    InstalledRunner, KeptTiles, KnownIdentity, MicroOp, Outcome, PlatformReport, ReceiptHeader, ReplayReport, RunList,
    RunLog, RunnerDescription, SavedInput, Seed, SequenceProofReport, SequenceReceipt, SequenceReport,
    SequenceVerification, ShrinkReport, ShrinkState, SnapshotCheck, SnapshotList, SnapshotManifest, StoreCheckReport,
    StoreMarker, StorePruneReport, TileList, TileManifest, TileProofReport, TileReceipt, TileReport, TileVerification,
    protocol::{ReplyFrame, RequestFrame},
    schema::Versioned,
    trace::TraceManifest,
    verification::VerificationReport,
};
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};

const FOLDER: &str = "docs/schemas";

/// Writes the schemas, or with `check` compares them; returns a summary.
pub(crate) fn run(root: &Path, check: bool) -> Result<String, String> {
    let folder = root.join(FOLDER);
    let mut stale = Vec::new();
    for (name, text) in all() {
        let path = folder.join(&name);
        if check {
            if fs::read_to_string(&path).ok().as_deref() != Some(&text) {
                stale.push(name);
            }
            continue;
        }
        fs::create_dir_all(&folder)
            .and_then(|()| fs::write(&path, text))
            .map_err(|error| format!("could not write {}: {error}", path.display()))?;
    }
    if stale.is_empty() {
        Ok(format!("{} schemas", all().len()))
    } else {
        Err(format!("{FOLDER}: {} differ from the code; run `cargo xtask schemas`", stale.join(", ")))
    }
}

fn all() -> Vec<(String, String)> {
    vec![
        versioned::<Outcome>(),
        versioned::<RunLog>(),
        versioned::<Finding>(),
        versioned::<SavedInput>(),
        versioned::<StoreMarker>(),
        versioned::<RunList>(),
        versioned::<StoreCheckReport>(),
        versioned::<StorePruneReport>(),
        versioned::<FindingList>(),
        versioned::<ReplayReport>(),
        versioned::<Bug>(),
        versioned::<BugList>(),
        versioned::<BugReport>(),
        versioned::<ConformReport>(),
        versioned::<ConformList>(),
        versioned::<TraceManifest>(),
        versioned::<ReceiptHeader>(),
        versioned::<VerificationReport>(),
        versioned::<InstalledRunner>(),
        versioned::<KnownIdentity>(),
        versioned::<GuestManifest>(),
        versioned::<GuestBuildReport>(),
        versioned::<GuestList>(),
        versioned::<BackendList>(),
        versioned::<DoctorReport>(),
        versioned::<BackendDoctorReport>(),
        versioned::<PlatformReport>(),
        versioned::<BucketList>(),
        versioned::<BucketReport>(),
        versioned::<ImportReport>(),
        plain::<Vec<BucketHit>>("assay.bucket_hits-1"),
        versioned::<ShrinkState>(),
        versioned::<ShrinkReport>(),
        versioned::<SnapshotManifest>(),
        versioned::<SnapshotList>(),
        versioned::<SnapshotCheck>(),
        versioned::<TileManifest>(),
        versioned::<TileList>(),
        versioned::<KeptTiles>(),
        versioned::<TileReport>(),
        versioned::<TileReceipt>(),
        versioned::<TileVerification>(),
        versioned::<TileProofReport>(),
        versioned::<SequenceReport>(),
        versioned::<SequenceReceipt>(),
        versioned::<SequenceProofReport>(),
        versioned::<SequenceVerification>(),
        plain::<MicroOp>("assay.micro_op-1"),
        plain::<Seed>("assay.seed-1"),
        plain::<RequestFrame>("assay.runner-1.request"),
        plain::<ReplyFrame>("assay.runner-1.reply"),
        plain::<RunnerDescription>("assay.runner-1.description"),
    ]
}

fn versioned<T: Versioned>() -> (String, String) {
    plain::<T>(&T::tag().to_string().replace('/', "-"))
}

fn plain<T: JsonSchema>(name: &str) -> (String, String) {
    let schema = SchemaGenerator::new(SchemaSettings::draft2020_12()).into_root_schema_for::<T>();
    let mut text = serde_json::to_string_pretty(&schema).expect("a schema is plain JSON");
    text.push('\n');
    (format!("{name}.schema.json"), text)
}

#[cfg(test)]
mod tests {
    use assay_spec::{
        BackendId, Digest, Elapsed, GuestId, Mode, Platform, Register, RunReport, Status, Trap, TrapKind, Verification,
        Word,
    };

    use super::*;

    fn outcome() -> Outcome {
        let mut run = RunReport::new(Status::Trap).with_message("text");
        run.trap = Some(Trap { kind: TrapKind::LoadFault, pc: Word(4), address: Some(Word(u64::MAX)) });
        run.registers = Some(Register::all().map(|register| (register, Word(7))).collect());
        Outcome {
            schema: Outcome::tag(),
            backend: BackendId {
                name: "openvm".into(),
                version: "2.0.2".into(),
                platform: Platform::OpenVm,
                isa: "rv32im".into(),
            },
            guest: GuestId { digest: Digest::of(b""), image_id: None, name: "seed".into() },
            input_digest: Digest::of(b""),
            mode: Mode::Execute,
            run,
            elapsed: Elapsed::default(),
            receipt: None,
            verification: Verification::NotRequested,
        }
    }

    #[test]
    fn what_the_code_writes_fits_its_schema_and_other_things_do_not() {
        let (_, schema) = versioned::<Outcome>();
        let schema = serde_json::from_str(&schema).unwrap();
        let good = serde_json::to_value(outcome()).unwrap();
        assert!(jsonschema::is_valid(&schema, &good));
        for (pointer, bad) in [("/run/status", "ok"), ("/input_digest", "00"), ("/run/trap/pc", "4")] {
            let mut value = good.clone();
            *value.pointer_mut(pointer).unwrap() = bad.into();
            assert!(!jsonschema::is_valid(&schema, &value), "{pointer}");
        }
    }
}
