//! What a tile was built into for a backend, kept in a folder, and looked at hard before anything is done with it.
//!
//! `target/assay/tiles/TILE/BACKEND/` of the crate has `guest.elf`, `method_id` (what the zkVM calls the program, and a
//! line end) and `manifest.json`. In plain mode the folder is `BACKEND-plain`; where a platform has programs of two
//! widths, those of the one that is not its first have it in the folder's name. The three files are put in place
//! together or not at all.
//!
//! Whoever loads an artifact gets one that is current and itself: built of the crate's sources as they are, by the
//! toolchain that there is, for the backend's version; the ELF the one that the manifest describes, the method id
//! computed anew from the very bytes, and everything else as this crate says it. A *stale* artifact is built again; one
//! that was *changed* is refused and stays where it is, because whoever changed it should know. That a whole artifact
//! was forged along with its checksums cannot be seen in it: then it is a program of another method id, which is what
//! proofs are bound to.

mod kept;

use std::path::PathBuf;

use assay_backend::{Backend, BackendError, Limits, registry::NAME_BYTES_MAX};
use assay_guest::{Guest, PlatformFacts};
use assay_isa::{Isa, Xlen};
use assay_spec::{Digest, Platform, TileManifest, TilePublish, schema::Versioned as _};
use assay_store::sealed;
use assay_tile::{RUNTIME_VERSION, TileDescription};

use crate::{
    TileError,
    project::{TileProject, abi, ignore},
};

/// The files of an artifact.
pub const ELF_FILE: &str = "guest.elf";
/// What the zkVM calls the program.
pub const METHOD_ID_FILE: &str = "method_id";
/// `assay.tile_manifest/1`.
pub const MANIFEST_FILE: &str = "manifest.json";

/// Longest program, in bytes.
pub const ELF_BYTES_MAX: u64 = 64 << 20;

/// What a backend runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildTarget {
    /// The backend: `risc0`, `sp1`, `openvm`, `native`, `reference@PLATFORM`, or that of a snapshot, such as
    /// `openvm@2.0.2`.
    pub backend: String,
    /// Its version: another one may call the same program differently.
    pub backend_version: String,
    /// What programs see.
    pub platform: Platform,
    /// The platform's ISA with the registers that are wanted; `None` for its 32-bit one, else its only one.
    pub isa: Option<Isa>,
}

/// A tile's program for a backend.
#[derive(Clone, Debug)]
pub struct Artifact {
    /// Where it is.
    pub folder: PathBuf,
    /// The program, called after the tile.
    pub guest: Guest,
    /// What is known of it.
    pub manifest: TileManifest,
}

/// What `backend` calls `guest`: the id that proofs of its first kind carry; for one that proves nothing the ELF's
/// SHA-256.
pub fn method_id(backend: &mut dyn Backend, guest: &Guest, limits: &Limits) -> Result<String, BackendError> {
    let kind = backend.description().proof_kinds.first().map(|kind| kind.name.clone());
    match kind {
        Some(kind) => backend.identify(guest, &kind, limits),
        None => Ok(Digest::of(&guest.elf).to_string()),
    }
}

impl TileProject {
    /// The program of `tile` for `target`: loaded if it is there and current, else built, with all other tiles of the
    /// crate, and kept. `identify` says what the backend calls a program ([`method_id`]), and is asked about the very
    /// bytes in both cases.
    ///
    /// Lines of the compiler go to `show`; for a current artifact cargo is not started.
    pub fn artifact(
        &self,
        tile: &str,
        target: &BuildTarget,
        publish: TilePublish,
        identify: &mut dyn FnMut(&Guest) -> Result<String, BackendError>,
        show: &mut dyn FnMut(&str),
    ) -> Result<Artifact, TileError> {
        let tile = self.tile(tile)?;
        let name = format!("tiles/{}/{}", tile.id, target.folder_name(publish)?);
        let wanted = Wanted {
            tile,
            target,
            publish,
            source_hash: self.source_hash,
            toolchain: self.toolchain(target.platform)?,
        };
        if let Some(artifact) = kept::load(&self.bundles, &name, &wanted, identify)? {
            return Ok(artifact);
        }
        let guest = self.build(&tile.id, target.platform, target.isa, publish, show)?;
        let guest = Guest { name: tile.id.clone(), ..guest };
        let method_id = identify(&guest)?;
        let manifest = wanted.manifest(&guest, &method_id);
        ignore(&self.bundles)?;
        let folder = self.bundles.path_of(&name);
        let json = sealed(&folder.join(MANIFEST_FILE), &manifest)?;
        let line = format!("{method_id}\n");
        let files = [(ELF_FILE, guest.elf.as_slice()), (METHOD_ID_FILE, line.as_bytes()), (MANIFEST_FILE, &json)];
        self.bundles.put(&name, &files).map_err(kept::changed)?;
        Ok(Artifact { folder, guest, manifest })
    }
}

impl BuildTarget {
    /// What the folder of artifacts for it is called. All that a name of a backend may have is sound in a file's name.
    fn folder_name(&self, publish: TilePublish) -> Result<String, TileError> {
        let wrong = |reason| TileError::Target { backend: self.backend.chars().take(NAME_BYTES_MAX).collect(), reason };
        let name = &self.backend;
        let sound = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_@.+".contains(&b);
        if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.bytes().all(sound) {
            return Err(wrong("expected lower-case letters, digits, -, _, @, . and +, beginning with a letter"));
        }
        if name.len() > NAME_BYTES_MAX {
            return Err(wrong("it is too long"));
        }
        if ["-plain", "-rv32", "-rv64"].iter().any(|end| name.ends_with(end)) {
            return Err(wrong("it ends as folders of artifacts do that are built in a special way"));
        }
        let width = match self.xlen().filter(|xlen| Some(*xlen) != default_xlen(self.platform)) {
            Some(Xlen::Rv32) => "-rv32",
            Some(Xlen::Rv64) => "-rv64",
            None => "",
        };
        let plain = if publish == TilePublish::Plain { "-plain" } else { "" };
        Ok(format!("{name}{width}{plain}"))
    }

    /// The width of registers; `None` for programs of this machine.
    fn xlen(&self) -> Option<Xlen> {
        self.isa.map(|isa| isa.xlen).or_else(|| default_xlen(self.platform))
    }
}

/// The width that a platform's programs have if none is asked for.
fn default_xlen(platform: Platform) -> Option<Xlen> {
    let facts = PlatformFacts::find(platform)?;
    facts.isa(Xlen::Rv32).or_else(|| facts.isas.first().copied()).map(|isa| isa.xlen)
}

/// What an artifact is to be of.
struct Wanted<'a> {
    tile: &'a TileDescription,
    target: &'a BuildTarget,
    publish: TilePublish,
    source_hash: Digest,
    toolchain: String,
}

impl Wanted<'_> {
    /// The manifest of an artifact that is as it is to be, of these bytes.
    fn manifest(&self, guest: &Guest, method_id: &str) -> TileManifest {
        let Self { tile, target, publish, source_hash, toolchain } = self;
        TileManifest {
            schema: TileManifest::tag(),
            tile_id: tile.id.clone(),
            description: tile.description.clone(),
            package: tile.package.clone(),
            package_version: tile.version.clone(),
            tile_digest: Digest(tile.digest),
            budget_cycles: tile.budget_cycles,
            backend: target.backend.clone(),
            backend_version: target.backend_version.clone(),
            platform: target.platform,
            isa: guest.isa().map(|isa| isa.to_string()),
            method_id: method_id.to_owned(),
            elf_digest: Digest::of(&guest.elf),
            elf_size: guest.elf.len() as u64,
            source_hash: *source_hash,
            toolchain: toolchain.clone(),
            runtime_version: RUNTIME_VERSION,
            publish: *publish,
            abi: abi(tile),
        }
    }
}

#[cfg(test)]
mod tests;
