//! What builds the programs of a crate of tiles, as far as the rest has to know of it.

use std::path::Path;

use assay_guest::{BuildError, Guest, Project, ProjectBuilder, TileProgram};
use assay_isa::Isa;
use assay_spec::{Digest, Platform, TilePublish};

/// A crate of tiles that can be built. Only tests have another one than [`Crate`].
pub(crate) trait Source: Send + Sync {
    /// The crate's name.
    fn name(&self) -> &str;

    /// The crate's folder.
    fn folder(&self) -> &Path;

    /// SHA-256 over all sources, and what Assay brings along.
    fn digest(&self) -> Digest;

    /// The native program that lists the crate's tiles.
    fn list(&self, show: &mut dyn FnMut(&str)) -> Result<Guest, BuildError>;

    /// The programs around tiles, in order.
    fn build(
        &self,
        tiles: &[TileProgram],
        publish: TilePublish,
        platform: Platform,
        isa: Option<Isa>,
        show: &mut dyn FnMut(&str),
    ) -> Result<Vec<Guest>, BuildError>;

    /// Compiler and linker for `platform`; nothing is built.
    fn toolchain(&self, platform: Platform) -> Result<String, BuildError>;
}

/// Sources as they were read, and what builds them.
pub(super) struct Crate {
    project: Project,
    builder: ProjectBuilder,
}

impl Crate {
    pub(super) fn new(project: Project, builder: ProjectBuilder) -> Self {
        Self { project, builder }
    }
}

impl Source for Crate {
    fn name(&self) -> &str {
        self.project.name()
    }

    fn folder(&self) -> &Path {
        self.project.folder()
    }

    fn digest(&self) -> Digest {
        self.project.digest()
    }

    fn list(&self, show: &mut dyn FnMut(&str)) -> Result<Guest, BuildError> {
        self.builder.build_tile_list(&self.project, show).map(|built| built.guest)
    }

    fn build(
        &self,
        tiles: &[TileProgram],
        publish: TilePublish,
        platform: Platform,
        isa: Option<Isa>,
        show: &mut dyn FnMut(&str),
    ) -> Result<Vec<Guest>, BuildError> {
        let built = self.builder.build_tiles(&self.project, tiles, publish, platform, isa, show)?;
        Ok(built.into_iter().map(|built| built.guest).collect())
    }

    fn toolchain(&self, platform: Platform) -> Result<String, BuildError> {
        ProjectBuilder::toolchain_summary(&self.project, platform)
    }
}
