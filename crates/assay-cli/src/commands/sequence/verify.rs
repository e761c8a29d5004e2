//! `assay sequence verify`: proofs of a sequence, each checked in a process that has never proved anything.

use std::{fs, path::Path};

use assay_backend::{RunnerVerifier, read_receipt};
use assay_spec::{
    Digest, ExitCode, Receipt, SequenceReceipt, TilePublish, TileReceipt, TileShape, Verification, schema,
    tile_sequence::{SequenceVerdict, SequenceVerification},
    tile_verification::TileProgramBinding,
};
use assay_tile_host::{
    Artifact, TileError, TileInputBytes, TileProject,
    chain::KnownSequence,
    sequence::{Against, ExpectedProgram, ExpectedSequence, SEQUENCE_FILE, Surroundings, verify_sequence},
};

use super::{choice::for_each_tile, text, tile};
use crate::{
    arguments::{Format, SequenceVerifyArguments},
    commands::{print, print_json, verify::RECEIPT_BYTES_MAX},
    failure::Failure,
    report::printable,
    session::Session,
    subject::read_file,
    terminal::{self, Progress},
};

/// Largest file that ties receipts together, in bytes.
const SEQUENCE_BYTES_MAX: u64 = 64 << 20;
/// Longest name of a receipt's file.
const NAME_BYTES_MAX: usize = 255;

pub(super) fn run(arguments: &SequenceVerifyArguments) -> Result<ExitCode, Failure> {
    let file = read(&arguments.folder)?;
    let session = Session::open(&arguments.run);
    let project = project(&session, arguments, &file)?;
    let ids: Vec<String> = file.tiles.iter().map(|tile| tile.tile_id.clone()).collect();
    let binding = match &project {
        Some(project) => Binding::Crate(project),
        None => Binding::MethodIds(for_each_tile("--method-id", &arguments.method_id, &ids)?),
    };
    if let Some(asked) = arguments.sequence.as_ref().filter(|&asked| *asked != file.sequence_id) {
        let found = printable(&file.sequence_id);
        return Err(Failure::new(
            ExitCode::NotVerified,
            format!("sequence {asked} was asked for, and this is {found}"),
        ));
    }
    let (takes, gives) = shapes(&session, project.as_ref(), &file)?;
    let input = tile::expected_input(&arguments.expected, &takes)?;
    let output = tile::expected_output(&arguments.expected, &gives)?;
    let wanted = Wanted {
        commitment: arguments.commitment,
        input: input.as_ref(),
        output: output.as_deref(),
        insecure: arguments.expected.accept_insecure,
    };
    let progress = Progress::start(format!("verifying {}", printable(&file.sequence_id)));
    let mut kept = Kept::new(&session, &arguments.folder, binding);
    let report = kept.verify(&file, wanted);
    drop(progress);
    let report = report?;
    match arguments.run.output.format {
        Format::Json => print_json(&report)?,
        Format::Human => print(&text::verification(&report))?,
    }
    Ok(match &report.verification {
        SequenceVerdict::Verified(_) => {
            if report.bound.programs == TileProgramBinding::Nothing {
                terminal::note(&format!(
                    "warning: nothing says which programs this is a proof of, and anybody can write one that claims \
                     the same; give --path with the crate, or --commitment, to bind {} to them",
                    arguments.folder.display()
                ));
            }
            ExitCode::Ok
        }
        SequenceVerdict::Rejected(_) => ExitCode::NotVerified,
        SequenceVerdict::NotRequested => ExitCode::Inconclusive,
    })
}

/// What ties the receipts of a folder together.
fn read(folder: &Path) -> Result<SequenceReceipt, Failure> {
    let path = folder.join(SEQUENCE_FILE);
    let bytes = read_file(&path, SEQUENCE_BYTES_MAX)?;
    let read = schema::read(&bytes).map_err(|error| {
        Failure::new(ExitCode::NotVerified, format!("{} ties no proofs together", path.display())).because(error)
    })?;
    Ok(read.value)
}

/// The crate that was named; else that of the current folder, if it may have the sequence.
fn project(
    session: &Session,
    arguments: &SequenceVerifyArguments,
    file: &SequenceReceipt,
) -> Result<Option<TileProject>, Failure> {
    if let Some(path) = &arguments.path {
        return tile::open(session, path).map(Some);
    }
    let here = Path::new(".");
    if !arguments.method_id.is_empty() || !tile::is_crate_of_tiles(here) {
        return Ok(None);
    }
    // Somebody else's proofs may be verified anywhere; then nothing here says what they must be of.
    let project = tile::open(session, here)?;
    let has_it = project.package() == file.package && project.sequence(&file.sequence_id).is_ok();
    Ok(has_it.then_some(project))
}

type Shapes = (Result<TileShape, String>, Result<TileShape, String>);

/// The shapes of what goes in and comes out: the crate's, else what the file says they are.
fn shapes(session: &Session, project: Option<&TileProject>, file: &SequenceReceipt) -> Result<Shapes, Failure> {
    let Some(project) = project else {
        let nothing = || Err("the file has no tiles".to_owned());
        let takes = file.steps.first().map_or_else(nothing, |link| link.tile.abi.input.clone());
        let gives = file.steps.last().map_or_else(nothing, |link| link.tile.abi.output.clone());
        return Ok((takes, gives));
    };
    project.sequence(&file.sequence_id).map_err(|error| tile::failure(session, error))?;
    let listed = project.list().sequences.into_iter().find(|sequence| sequence.id == file.sequence_id);
    let listed = listed.expect("a sequence that is there is listed");
    Ok((listed.input, listed.output))
}

/// What proofs must be of, besides the programs.
#[derive(Clone, Copy, Default)]
pub(super) struct Wanted<'a> {
    pub(super) commitment: Option<Digest>,
    pub(super) input: Option<&'a TileInputBytes>,
    pub(super) output: Option<&'a [u8]>,
    pub(super) insecure: bool,
}

/// What says which programs proofs are to be of.
pub(super) enum Binding<'a> {
    /// The crate that has them.
    Crate(&'a TileProject),
    /// What the zkVMs call them, for each tile where that is known.
    MethodIds(Vec<Option<&'a str>>),
}

/// The proofs of a folder.
pub(super) struct Kept<'a> {
    session: &'a Session,
    folder: &'a Path,
    binding: Binding<'a>,
    /// The program of the proof that is being verified.
    artifact: Option<Artifact>,
}

impl<'a> Kept<'a> {
    pub(super) fn new(session: &'a Session, folder: &'a Path, binding: Binding<'a>) -> Self {
        Self { session, folder, binding, artifact: None }
    }

    pub(super) fn verify(
        &mut self,
        file: &SequenceReceipt,
        wanted: Wanted<'_>,
    ) -> Result<SequenceVerification, Failure> {
        let known = match self.binding {
            Binding::Crate(project) => Some(KnownSequence::of(project, &file.sequence_id)),
            Binding::MethodIds(_) => None,
        };
        let session = self.session;
        let known = known.transpose().map_err(|error| tile::failure(session, error))?;
        let Wanted { commitment, input, output, insecure } = wanted;
        let expected = ExpectedSequence { known: known.as_ref(), commitment, input, output, insecure };
        verify_sequence(file, &expected, self).map_err(|error| match error {
            Stopped::Failure(failure) => failure,
            Stopped::Tile(error) => tile::failure(session, error),
        })
    }
}

/// Why proofs could not be judged.
pub(super) enum Stopped {
    Failure(Failure),
    Tile(TileError),
}

impl From<TileError> for Stopped {
    fn from(error: TileError) -> Self {
        Self::Tile(error)
    }
}

impl Surroundings for Kept<'_> {
    type Verifier = RunnerVerifier;
    type Error = Stopped;

    fn receipt(&mut self, _: usize, link: &TileReceipt) -> Result<Receipt, String> {
        let name = link.receipt_file.as_str();
        if !is_plain(name) {
            return Err(format!("{:?} is no name of a receipt's file", name.chars().take(80).collect::<String>()));
        }
        let path = self.folder.join(name);
        let shown = path.display();
        // Neither a link, which leads anywhere, nor a pipe, which never ends.
        match fs::symlink_metadata(&path) {
            Ok(metadata) if metadata.is_file() => {}
            Ok(_) => return Err(format!("{shown} is no plain file")),
            Err(error) => return Err(format!("could not read {shown}: {error}")),
        }
        let bytes = read_file(&path, RECEIPT_BYTES_MAX).map_err(|failure| failure.to_string())?;
        read_receipt(&bytes).map_err(|report| match report.verification {
            Verification::Rejected(rejection) => format!("{shown}: {}", rejection.error),
            Verification::Verified(_) | Verification::NotRequested => format!("{shown} is no receipt"),
        })
    }

    fn against(&mut self, index: usize, link: &TileReceipt) -> Result<Against<'_, RunnerVerifier>, Stopped> {
        let verifier = self.session.verifier(&link.backend).map_err(Stopped::Failure)?;
        let program = match &self.binding {
            Binding::Crate(project) => {
                let (target, mut backend) = tile::backend(self.session, &link.backend).map_err(Stopped::Failure)?;
                let backend = backend.as_mut();
                let artifact =
                    tile::artifact(self.session, project, &link.tile_id, &target, TilePublish::Claim, backend);
                let artifact = self.artifact.insert(artifact.map_err(Stopped::Failure)?);
                let (manifest, elf) = (Some(&artifact.manifest), Some(artifact.guest.elf.as_slice()));
                ExpectedProgram { manifest, elf, method_id: None }
            }
            Binding::MethodIds(ids) => {
                ExpectedProgram { method_id: ids.get(index).copied().flatten(), ..ExpectedProgram::default() }
            }
        };
        Ok(Against { program, verifier })
    }
}

/// Whether a file of the folder can be called so, and nothing outside of it.
fn is_plain(name: &str) -> bool {
    let sound = |b: u8| b.is_ascii_alphanumeric() || b"-_.+".contains(&b);
    !name.starts_with('.') && (1..=NAME_BYTES_MAX).contains(&name.len()) && name.bytes().all(sound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_is_a_file_of_the_folder() {
        for name in ["001-double.receipt", "tile.receipt", "a"] {
            assert!(is_plain(name), "{name}");
        }
        for name in ["", ".", "..", ".hidden", "../up", "a/b", "/etc/passwd", "a\0b", "a\nb", &"a".repeat(256)] {
            assert!(!is_plain(name), "{name:?}");
        }
    }
}
