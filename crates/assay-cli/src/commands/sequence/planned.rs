//! A sequence before it is run: its tiles' programs, and one backend for each name that was chosen.

use assay_backend::Backend;
use assay_spec::{ExitCode, TilePublish};
use assay_tile_host::{Artifact, BuildTarget, TileInputBytes, TileProject, chain::KnownSequence, sequence::Step};

use super::{choice::for_each_tile, tile};
use crate::{
    arguments::{StepChoice, TileInputArguments},
    failure::Failure,
    session::{REFERENCE, Session},
};

/// What a sequence is planned for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Run,
    Prove,
}

/// What runs a sequence.
pub(super) struct Planned {
    pub(super) known: KnownSequence,
    pub(super) input: TileInputBytes,
    programs: Vec<Program>,
    ids: Vec<String>,
    /// For each tile its program.
    tiles: Vec<usize>,
}

/// One backend for each name, whose process stays warm between tiles.
#[derive(Default)]
pub(super) struct Backends {
    pub(super) open: Vec<Box<dyn Backend>>,
    /// What each of them is, in that order.
    targets: Vec<BuildTarget>,
    names: Vec<String>,
}

/// A tile's program for a backend.
struct Program {
    tile: String,
    backend: usize,
    artifact: Artifact,
}

impl Planned {
    /// The sequence `id`, each tile on the backend that was chosen for it. What is not built, or not current, is built.
    pub(super) fn new(
        session: &Session,
        project: &TileProject,
        id: &str,
        choices: &[StepChoice],
        input: &TileInputArguments,
        purpose: Purpose,
    ) -> Result<(Self, Backends), Failure> {
        let failed = |error| tile::failure(session, error);
        let sequence = project.sequence(id).map_err(failed)?;
        let known = KnownSequence::of(project, id).map_err(failed)?;
        let chosen = for_each_tile("--backend", choices, &sequence.tiles)?;
        let given = tile::input(input, &sequence.input)?;
        // Before anything is proved that only who has it can show the input of.
        tile::keep_salt(input, &given)?;
        let (mut planned, mut backends) = (
            Self { known, input: given, programs: Vec::new(), ids: sequence.tiles.clone(), tiles: Vec::new() },
            Backends::default(),
        );
        let mut numbers = Vec::with_capacity(chosen.len());
        for name in chosen {
            numbers.push(backends.find(session, name.unwrap_or(REFERENCE), purpose)?);
        }
        for (tile_id, backend) in sequence.tiles.iter().zip(numbers) {
            let program = planned.program(session, project, tile_id, backend, &mut backends)?;
            planned.tiles.push(program);
        }
        Ok((planned, backends))
    }

    /// The number of a tile's program for a backend. A tile that is there several times has one.
    fn program(
        &mut self,
        session: &Session,
        project: &TileProject,
        tile_id: &str,
        backend: usize,
        backends: &mut Backends,
    ) -> Result<usize, Failure> {
        let same = |program: &Program| program.tile == tile_id && program.backend == backend;
        if let Some(place) = self.programs.iter().position(same) {
            return Ok(place);
        }
        let (target, open) = (&backends.targets[backend], backends.open[backend].as_mut());
        let artifact = tile::artifact(session, project, tile_id, target, TilePublish::Claim, open)?;
        self.programs.push(Program { tile: tile_id.to_owned(), backend, artifact });
        Ok(self.programs.len() - 1)
    }

    /// Ids of the tiles, in order.
    pub(super) fn tiles(&self) -> &[String] {
        &self.ids
    }

    /// For each tile its program and what runs it; with the kind of proof that was chosen for it.
    pub(super) fn steps<'a>(&'a self, kinds: &[Option<&'a str>]) -> Vec<Step<'a>> {
        let step = |(index, &program): (usize, &usize)| {
            let Program { backend, artifact, .. } = &self.programs[program];
            Step { artifact, backend: *backend, kind: kinds.get(index).copied().flatten() }
        };
        self.tiles.iter().enumerate().map(step).collect()
    }
}

impl Backends {
    /// The number of the backend `name`, which is opened if it is not.
    fn find(&mut self, session: &Session, name: &str, purpose: Purpose) -> Result<usize, Failure> {
        if let Some(number) = self.names.iter().position(|other| other == name) {
            return Ok(number);
        }
        let (target, backend) = tile::backend(session, name)?;
        if purpose == Purpose::Prove && backend.description().proof_kinds.is_empty() {
            return Err(Failure::new(ExitCode::BackendMissing, format!("{name} proves nothing"))
                .help("choose a zkVM, such as -b risc0; assay backend list shows them"));
        }
        self.targets.push(target);
        self.open.push(backend);
        self.names.push(name.to_owned());
        Ok(self.names.len() - 1)
    }
}
