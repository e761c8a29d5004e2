//! `assay tile verify`: a proof of a tile, checked in a process that has never proved anything.

use std::{
    fmt::Write as _,
    fs,
    path::{Component, Path, PathBuf},
};

use assay_backend::read_receipt;
use assay_guest::ProjectError;
use assay_spec::{
    ExitCode, Receipt, TileManifest, TileProgramBinding, TileReceipt, TileShape, TileVerdict, TileVerification, schema,
    verification::CheckState,
};
use assay_tile::Shape;
use assay_tile_host::{Artifact, ENVELOPE_FILE, ExpectedTile, TileInputBytes, TileProject, answer::shape, verify_tile};

use super::{
    answer_text,
    input::{bytes, from_json, salt},
    input_text, is_json,
    open::{artifact, backend, failure, open},
};
use crate::{
    arguments::{TileExpectedArguments, TileVerifyArguments},
    commands::{print, print_json, verify as receipts},
    failure::Failure,
    report::printable,
    session::Session,
    subject::{ELF_BYTES_MAX, read_file},
    terminal::{self, BAD, GOOD, Progress, QUIET, UNSURE, styled, table, table_text},
};

/// Largest file beside a receipt, in bytes: it has the output twice, once as JSON.
const ENVELOPE_BYTES_MAX: u64 = 256 << 20;

pub(super) fn run(arguments: &TileVerifyArguments) -> Result<ExitCode, Failure> {
    let session = Session::open(&arguments.run);
    let proof = Proof::read(&arguments.proof)?;
    let Proof { envelope, receipt } = &proof;
    let program = Program::find(&session, arguments, &proof)?;
    let manifest = program.manifest();
    let abi = manifest.map_or(&envelope.abi, |manifest| &manifest.abi);
    let input = expected_input(&arguments.expected, &abi.input)?;
    let output = expected_output(&arguments.expected, &abi.output)?;
    let expected = ExpectedTile {
        manifest,
        elf: program.elf(),
        method_id: arguments.method_id.as_deref(),
        input: input.as_ref(),
        output: output.as_deref(),
        tile_id: arguments.tile.as_deref(),
        insecure: arguments.expected.accept_insecure,
    };
    let mut verifier = session.verifier(&receipt.header.backend.name)?;
    let progress = Progress::start(format!("verifying with {}", printable(&receipt.header.backend.name)));
    let done = verify_tile(receipt, envelope, &expected, &mut verifier).map_err(|error| failure(&session, error))?;
    drop(progress);
    if is_json(arguments.run.output.format) {
        print_json(&done)?;
    } else {
        print(&human(&done))?;
        let rejected_program = matches!(&done.verification, TileVerdict::Rejected(_)) && elf_differs(&done);
        if rejected_program && matches!(program, Program::Built(_)) {
            let note =
                "note: the proof is of another program than the crate is built into; have its sources changed since?";
            terminal::note(&note);
        }
    }
    Ok(match done.verification {
        TileVerdict::Verified(_) => ExitCode::Ok,
        TileVerdict::Rejected(_) => ExitCode::NotVerified,
        TileVerdict::NotRequested => ExitCode::Inconclusive,
    })
}

/// Whether the receipt is about another ELF than the one that was given.
fn elf_differs(done: &TileVerification) -> bool {
    let is_elf = |check: &assay_spec::verification::MadeCheck| check.check == assay_spec::receipt::Check::ElfDigest;
    done.receipt.checks.iter().any(|check| is_elf(check) && check.state == CheckState::Failed)
}

/// The two files of a proof.
struct Proof {
    envelope: TileReceipt,
    receipt: Receipt,
}

impl Proof {
    /// Reads a folder of a proof, or the file that says what the receipt beside it proves.
    fn read(path: &Path) -> Result<Self, Failure> {
        let file = if path.is_dir() { path.join(ENVELOPE_FILE) } else { path.to_owned() };
        let text = read_file(&file, ENVELOPE_BYTES_MAX)
            .map_err(|failure| failure.help("give the folder that `assay tile prove` keeps a proof in"))?;
        let envelope = schema::read::<TileReceipt>(&text)
            .map_err(|error| rejected(format!("{} is no envelope of a tile's proof", file.display())).because(error))?
            .value;
        let receipt = file.with_file_name(plain_name(&envelope.receipt_file)?);
        let bytes = read_file(&receipt, receipts::RECEIPT_BYTES_MAX)?;
        let receipt = read_receipt(&bytes).map_err(|report| {
            rejected(format!("{} is no receipt", receipt.display())).because(report_error(&report))
        })?;
        Ok(Self { envelope, receipt })
    }
}

fn report_error(report: &assay_spec::verification::VerificationReport) -> String {
    match &report.verification {
        assay_spec::Verification::Rejected(rejection) => rejection.error.clone(),
        _ => "it was not read".to_owned(),
    }
}

fn rejected(message: String) -> Failure {
    Failure::new(ExitCode::NotVerified, message)
}

/// The name of a file in the same folder: an envelope must not lead elsewhere.
fn plain_name(name: &str) -> Result<PathBuf, Failure> {
    let mut components = Path::new(name).components();
    match (components.next(), components.next()) {
        (Some(Component::Normal(only)), None) if only == name => Ok(PathBuf::from(name)),
        _ => {
            Err(rejected(format!("the envelope names {} as its receipt, which is no file beside it", printable(name))))
        }
    }
}

/// What says which program a proof must be of.
enum Program {
    /// The tile's, of a crate.
    Built(Box<Artifact>),
    /// An ELF.
    Elf(Vec<u8>),
    /// Nothing here; perhaps a method id.
    Absent,
}

impl Program {
    fn find(session: &Session, arguments: &TileVerifyArguments, proof: &Proof) -> Result<Self, Failure> {
        if let Some(path) = &arguments.elf {
            return read_file(path, ELF_BYTES_MAX).map(Self::Elf);
        }
        // A proof of another tile than was asked for is rejected, whatever that one's program is.
        let other = arguments.tile.as_ref().is_some_and(|asked| *asked != proof.envelope.tile_id);
        if arguments.method_id.is_some() || other {
            return Ok(Self::Absent);
        }
        let asked = arguments.path.is_some();
        let path = arguments.path.clone().unwrap_or_else(|| PathBuf::from("."));
        if !asked && !is_crate_of_tiles(&path) {
            return Ok(Self::Absent);
        }
        let project = open(session, &path)?;
        let id = &proof.envelope.tile_id;
        match project.tile(id) {
            Ok(_) => Self::build(session, &project, id, proof),
            // Somebody else's proof may be verified anywhere; then nothing here says what it must be of.
            Err(_) if !asked => Ok(Self::Absent),
            Err(error) => Err(failure(session, error)),
        }
    }

    fn build(session: &Session, project: &TileProject, id: &str, proof: &Proof) -> Result<Self, Failure> {
        // What is in a receipt chooses for which backend something is built; the name was checked as the receipt was
        // read.
        let name = &proof.receipt.header.backend.name;
        let (target, mut backend) = backend(session, name)?;
        let publish = proof.envelope.publish;
        artifact(session, project, id, &target, publish, backend.as_mut()).map(|built| Self::Built(Box::new(built)))
    }

    fn manifest(&self) -> Option<&TileManifest> {
        match self {
            Self::Built(artifact) => Some(&artifact.manifest),
            Self::Elf(_) | Self::Absent => None,
        }
    }

    fn elf(&self) -> Option<&[u8]> {
        match self {
            Self::Built(artifact) => Some(&artifact.guest.elf),
            Self::Elf(elf) => Some(elf),
            Self::Absent => None,
        }
    }
}

/// Whether the folder has a crate that depends on what tiles are written against. Nothing is built to find out.
pub(crate) fn is_crate_of_tiles(path: &Path) -> bool {
    let has_manifest = fs::symlink_metadata(path.join("Cargo.toml")).is_ok();
    has_manifest
        && !matches!(
            assay_guest::Project::open_tiles(path),
            Err(ProjectError::NoRuntime { .. } | ProjectError::Workspace { .. } | ProjectError::NoLibrary { .. })
        )
}

/// What a proof must be of the input of, with its salt if it is private; the input has this shape.
pub(crate) fn expected_input(
    given: &TileExpectedArguments,
    written: &Result<TileShape, String>,
) -> Result<Option<TileInputBytes>, Failure> {
    let salt = given.salt.as_deref().map(salt).transpose()?;
    if !given.input.is_given() {
        return match salt {
            None => Ok(None),
            Some(_) => Err(Failure::usage("--salt says nothing without the input that it hides")
                .help("give the input besides, with --input-json or --input")),
        };
    }
    Ok(Some(TileInputBytes { bytes: bytes(&given.input, &known(written))?, salt }))
}

/// The output that a proof must have: JSON, which has this shape, or postcard.
pub(crate) fn expected_output(
    given: &TileExpectedArguments,
    written: &Result<TileShape, String>,
) -> Result<Option<Vec<u8>>, Failure> {
    if let Some(hex) = &given.expect_output_hex {
        return Ok(Some(hex.0.clone()));
    }
    let json = given.expect_output.as_ref();
    json.map(|text| from_json(text.as_bytes(), "--expect-output", &known(written))).transpose()
}

/// A shape as it is written, for encoding.
fn known(written: &Result<TileShape, String>) -> Result<Shape, String> {
    written.as_ref().map_err(Clone::clone).and_then(|written| shape(written).map_err(|error| error.to_string()))
}

/// What is said of a proof that verifies and that nobody may rely on.
pub(crate) const INSECURE: &str = "Verified (INSECURE)";

/// Whether a proof that verifies is of a kind for tests; that its receipt says so truly was checked.
pub(crate) fn is_insecure(done: &TileVerification) -> bool {
    done.receipt.header.as_ref().is_some_and(|header| !header.security.secure)
}

/// The result, the checks of the tile, and those of the receipt where one of them failed.
pub(super) fn human(done: &TileVerification) -> String {
    let said = &done.envelope;
    let which = format!(
        "{} of {} {} on {} {}",
        printable(&said.tile_id),
        printable(&said.package),
        printable(&said.package_version),
        printable(&said.backend),
        printable(&said.backend_version)
    );
    let mut text = match &done.verification {
        TileVerdict::Verified(proved) => {
            let verified = if is_insecure(done) { styled(UNSURE, INSECURE) } else { styled(GOOD, "Verified") };
            let mut text = match done.program {
                TileProgramBinding::Nothing => format!(
                    "{verified}, {}: {which}\n",
                    styled(BAD, "but nothing says which program this is a proof of")
                ),
                TileProgramBinding::Elf | TileProgramBinding::MethodId => format!("{verified}: {which}\n"),
            };
            if done.program == TileProgramBinding::Nothing {
                let advice = "any program can claim this: bind it to one with --path, --elf or --method-id";
                let _ = writeln!(text, "{}", styled(UNSURE, advice));
            }
            let _ = writeln!(text, "proved: {}", answer_text(&proved.answer));
            let _ = writeln!(text, "input: {}", input_text(&proved.input));
            text
        }
        TileVerdict::Rejected(rejection) => {
            format!("{} at {}: {}\n", styled(BAD, "Rejected"), rejection.check, printable(&rejection.error))
        }
        TileVerdict::NotRequested => format!("{}\n", styled(UNSURE, "not verified")),
    };
    text.push_str(&receipts::human_checks(&done.receipt.checks));
    let mut checks = table(&["check of the tile", "result", "detail"]);
    for made in &done.checks {
        let (style, detail) = match made.state {
            CheckState::Passed => (GOOD, printable(&made.detail)),
            // Said in full above.
            CheckState::Failed => (BAD, String::new()),
            CheckState::NotAsked => (UNSURE, printable(&made.detail)),
            CheckState::NotReached => (QUIET, String::new()),
        };
        checks.add_row([made.check.to_string(), styled(style, made.state), detail]);
    }
    text.push_str(&table_text(&checks));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_envelope_names_a_file_beside_it_and_no_other() {
        assert_eq!(plain_name("tile.receipt").unwrap(), Path::new("tile.receipt"));
        for name in ["", ".", "..", "../tile.receipt", "/etc/passwd", "a/b", "a/", "./a"] {
            assert!(plain_name(name).is_err(), "{name}");
        }
    }
}
