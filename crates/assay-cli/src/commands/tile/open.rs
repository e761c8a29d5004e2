//! A crate of tiles and what runs them, and what their errors stand for.

use std::path::Path;

use assay_backend::{Backend, BackendError, Identities, Limits};
use assay_guest::ProjectBuilder;
use assay_spec::{ExitCode, Platform, TilePublish};
use assay_tile_host::{Artifact, BuildTarget, DeviceError, Gpu, TileError, TileProject, check_device, method_id};

use crate::{
    arguments,
    commands::{build_failure, store_failure},
    failure::Failure,
    session::{NATIVE, REFERENCE, Session, reference_platform, registry_failure},
    terminal::Progress,
};

/// The crate of tiles in `path`. Its tiles are listed anew if its sources have changed.
pub(crate) fn open(session: &Session, path: &Path) -> Result<TileProject, Failure> {
    let builder = ProjectBuilder::new().map_err(|error| failure(session, error.into()))?;
    let builder = builder.given_up_by(session.cancel_token());
    let mut native = session.backend(NATIVE)?;
    // Listing takes what it takes: limits that are asked for are those of tiles.
    let limits = Limits::default();
    shown("listing the tiles", |show| TileProject::open(path, &builder, native.as_mut(), &limits, show))
        .map_err(|error| failure(session, error))
}

/// The backend `name`, such as `sp1`, `native`, `reference` or `reference@sp1`, and what tiles are built for it.
pub(crate) fn backend(session: &Session, name: &str) -> Result<(BuildTarget, Box<dyn Backend>), Failure> {
    let target = |backend: String, version: &str, platform| BuildTarget {
        backend,
        backend_version: version.to_owned(),
        platform,
        isa: None,
    };
    if let Some(platform) = reference_platform(name) {
        let platform = platform?.unwrap_or(Platform::Standard);
        let reference = session.reference();
        let version = reference.description().sdk_version.clone();
        return Ok((target(format!("{REFERENCE}@{platform}"), &version, platform), Box::new(reference)));
    }
    if name == NATIVE {
        let native = session.backend(NATIVE)?;
        let version = native.description().sdk_version.clone();
        return Ok((target(NATIVE.to_owned(), &version, Platform::Native), native));
    }
    let platform = session.platform(name, None)?;
    let identities = Identities::from_environment().map_err(|error| registry_failure(&error))?;
    let runner = session.runner_backend(name)?.with_identities(identities);
    let version = runner.description().sdk_version.clone();
    Ok((target(name.to_owned(), &version, platform), Box::new(runner)))
}

/// The program of a tile for `target`, built if need be; `backend` says what it calls it.
pub(crate) fn artifact(
    session: &Session,
    project: &TileProject,
    tile: &str,
    target: &BuildTarget,
    publish: TilePublish,
    backend: &mut dyn Backend,
) -> Result<Artifact, Failure> {
    let mut identify = |guest: &_| method_id(backend, guest, session.limits());
    let what = format!("building tiles for {}", target.backend);
    shown(&what, |show| project.artifact(tile, target, publish, &mut identify, show))
        .map_err(|error| failure(session, error))
}

/// The tile that was asked for, or the only one that there is.
pub(super) fn tile_id(session: &Session, project: &TileProject, asked: Option<&str>) -> Result<String, Failure> {
    match (asked, project.tiles()) {
        (Some(asked), _) => project.tile(asked).map(|tile| tile.id.clone()).map_err(|error| failure(session, error)),
        (None, [only]) => Ok(only.id.clone()),
        (None, all) => {
            let ids: Vec<_> = all.iter().map(|tile| tile.id.as_str()).collect();
            Err(Failure::usage(format!("{} has several tiles", project.package()))
                .help(format!("name one of them: {}", ids.join(", "))))
        }
    }
}

/// Does what may start a compiler, with what that says as progress; where no spinner is seen, one line says that it
/// runs.
fn shown<T>(what: &str, work: impl FnOnce(&mut dyn FnMut(&str)) -> T) -> T {
    let progress = Progress::start(what);
    work(&mut |line| progress.say_of_build(line, |_| what.to_owned()))
}

/// Whether the backend proves where it is asked to; nothing was proved yet.
pub(crate) fn check_gpu(asked: arguments::Gpu, backend: &dyn Backend) -> Result<(), Failure> {
    let asked = match asked {
        arguments::Gpu::Auto => Gpu::Auto,
        arguments::Gpu::On => Gpu::On,
        arguments::Gpu::Off => Gpu::Off,
    };
    check_device(backend.description(), asked).map_err(|error| wrong_device(&error))
}

fn wrong_device(error: &DeviceError) -> Failure {
    let (option, instead) = match error {
        DeviceError::NoGpu { .. } => ("--gpu on", "the CPU proves"),
        DeviceError::GpuAlways { .. } => ("--gpu off", "its GPU proves"),
    };
    Failure::new(ExitCode::BackendMissing, format!("{option}: {error}")).help(format!(
        "leave --gpu out, and {instead}; `assay backend list --format json` has the capability prove_gpu where it is"
    ))
}

/// What stands for something that was not done with tiles.
pub(crate) fn failure(session: &Session, error: TileError) -> Failure {
    if session.cancel_token().is_cancelled() {
        return Failure::interrupted();
    }
    let exit = match error {
        TileError::Backend(error @ BackendError::NoSuchProofKind { .. }) => {
            return Failure::usage("--kind").because(error);
        }
        TileError::Backend(error) => return session.failure(error),
        TileError::Store(error) => return store_failure(error),
        TileError::Build(error) => return build_failure(error, "the tiles could not be built"),
        TileError::List { .. } => ExitCode::GuestFailed,
        TileError::Identity { .. }
        | TileError::Manifest { .. }
        | TileError::Artifact { .. }
        | TileError::Claim(_)
        | TileError::Chain(_) => ExitCode::NotVerified,
        TileError::Device(error) => return wrong_device(&error),
        TileError::OutputLimit(_) => ExitCode::BackendMissing,
        TileError::NoRandom { .. } => ExitCode::Inconclusive,
        TileError::Io { .. }
        | TileError::Project(_)
        | TileError::NoTiles { .. }
        | TileError::NoSuchTile { .. }
        | TileError::NoSuchSequence { .. }
        | TileError::Target { .. }
        | TileError::Value(_)
        | TileError::Frame(_)
        | TileError::InputTooLong { .. } => ExitCode::Usage,
    };
    Failure::new(exit, error.to_string())
}
