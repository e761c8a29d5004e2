//! `assay tile diff`: a tile natively, on the reference machine and on zkVMs, compared as `assay diff` compares guests.

use assay_guest::Guest;
use assay_spec::{ExitCode, Platform, Source};
use assay_tile_host::{TileInputBytes, TileProject};

use super::{
    input::bytes,
    open::{artifact, backend, failure, open, tile_id},
    run::publish,
};
use crate::{
    arguments::TileDiffArguments,
    commands::diff::{Between, Compared, Input, compare},
    failure::Failure,
    session::{NATIVE, REFERENCE, Session, registry},
};

pub(super) fn run(arguments: &TileDiffArguments) -> Result<ExitCode, Failure> {
    let session = Session::open(&arguments.run);
    let project = open(&session, &arguments.place.path)?;
    let id = tile_id(&session, &project, arguments.tile.as_deref())?;
    let tile = project.tile(&id).map_err(|error| failure(&session, error))?;
    let input = TileInputBytes { bytes: bytes(&arguments.input, &tile.input)?, salt: None };
    let backends = match arguments.backend.as_slice() {
        [] => all_installed()?,
        named => named.to_vec(),
    };
    let subject = TileSubject {
        framed: input.framed().map_err(|error| failure(&session, error))?,
        has_arguments: !input.bytes.is_empty(),
        session: &session,
        project: &project,
        id: &id,
        plain: arguments.plain,
    };
    let between = Between {
        backends: &backends,
        platform: None,
        run: &arguments.run,
        store: &arguments.store,
        out: arguments.out.as_deref(),
        planted_faults: &arguments.plant_fault,
    };
    compare(&subject, &between, &session)
}

/// Native, the reference machine, and every zkVM that is installed; snapshots are asked for by name.
fn all_installed() -> Result<Vec<String>, Failure> {
    let registry = registry()?;
    let zkvms = registry.names().into_iter().filter(|name| !name.contains('@'));
    let there = zkvms.filter(|name| registry.installed(name).is_ok());
    Ok([NATIVE, REFERENCE].map(str::to_owned).into_iter().chain(there).collect())
}

/// A tile, which is built for whatever platform it is to run on.
struct TileSubject<'a> {
    framed: Vec<u8>,
    has_arguments: bool,
    session: &'a Session,
    project: &'a TileProject,
    id: &'a str,
    plain: bool,
}

impl Compared for TileSubject<'_> {
    fn guest(&self, platform: Platform) -> Result<Guest, Failure> {
        // What is compared are programs of platforms, whatever the zkVM on them calls them.
        let name = if platform == Platform::Native { NATIVE.to_owned() } else { format!("{REFERENCE}@{platform}") };
        let (target, mut backend) = backend(self.session, &name)?;
        let publish = publish(self.plain);
        Ok(artifact(self.session, self.project, self.id, &target, publish, backend.as_mut())?.guest)
    }

    fn is_for_any_platform(&self) -> bool {
        true
    }

    fn input(&self) -> Input<'_> {
        let name = if self.has_arguments { "arguments" } else { "none" };
        Input { bytes: &self.framed, name, json: None }
    }

    fn record(&self, _: &Guest) -> Result<Source, Failure> {
        Ok(Source::Core { name: format!("{}/{}", self.project.package(), self.id) })
    }
}
