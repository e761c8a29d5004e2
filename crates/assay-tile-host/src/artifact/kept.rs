//! Loading an artifact: what is read, in which order it is doubted, and what becomes of it.

use assay_backend::{BackendError, identities::IMAGE_ID_BYTES_MAX};
use assay_guest::{Guest, GuestError};
use assay_spec::{Digest, Platform, TileManifest};
use assay_store::{Bundle, Bundles, StoreError};
use assay_tile::tile_digest;

use super::{Artifact, ELF_BYTES_MAX, ELF_FILE, MANIFEST_FILE, METHOD_ID_FILE, Wanted};
use crate::TileError;

/// Longest manifest, in bytes.
const MANIFEST_BYTES_MAX: u64 = 8 << 20;

/// Most characters of a value that an error shows.
const SHOWN_MAX: usize = 120;

/// The artifact `name`, if there is one and it is current.
///
/// What makes no sense in itself is refused before anybody asks whether it is current, so that no change goes unnoticed
/// because the sources have changed as well.
pub(super) fn load(
    bundles: &Bundles,
    name: &str,
    wanted: &Wanted<'_>,
    identify: &mut dyn FnMut(&Guest) -> Result<String, BackendError>,
) -> Result<Option<Artifact>, TileError> {
    let Some(bundle) = bundles.open(name).map_err(changed)? else { return Ok(None) };
    let found: TileManifest = bundle.read_sealed(MANIFEST_FILE, MANIFEST_BYTES_MAX).map_err(changed)?;
    let elf = bundle.read(ELF_FILE, ELF_BYTES_MAX).map_err(changed)?;
    let line = bundle.read(METHOD_ID_FILE, IMAGE_ID_BYTES_MAX as u64 + 1).map_err(changed)?;
    let loaded = Loaded { bundle, found, line: String::from_utf8_lossy(&line).into_owned() };
    loaded.is_itself(wanted, &elf)?;
    if loaded.is_stale(wanted) {
        loaded.same_method_id_twice()?;
        return Ok(None);
    }
    let guest = loaded.guest(wanted, elf)?;
    if loaded.found.isa.as_deref() != guest.isa().map(|isa| isa.to_string()).as_deref() {
        return Err(loaded.manifest_error("isa", &loaded.found.isa, &guest.isa().map(|isa| isa.to_string())));
    }
    if guest.isa().map(|isa| isa.xlen) != wanted.target.xlen() {
        return Ok(None);
    }
    loaded.is_of_this_tile(wanted, &guest)?;
    let computed = identify(&guest)?;
    for (kept_in, kept) in
        [(METHOD_ID_FILE, loaded.line.trim_end_matches('\n')), (MANIFEST_FILE, loaded.found.method_id.as_str())]
    {
        if kept != computed {
            return Err(loaded.identity_error("method id", kept_in, kept, &computed));
        }
    }
    Ok(Some(Artifact { folder: loaded.bundle.path().to_owned(), guest, manifest: loaded.found }))
}

/// What was read of an artifact.
struct Loaded {
    bundle: Bundle,
    found: TileManifest,
    /// The content of the file `method_id`.
    line: String,
}

impl Loaded {
    /// Refuses what cannot be, whatever it was built of: another ELF than the manifest describes, another folder's
    /// manifest.
    fn is_itself(&self, wanted: &Wanted<'_>, elf: &[u8]) -> Result<(), TileError> {
        let Self { found, .. } = self;
        if found.elf_size != elf.len() as u64 {
            let (kept, computed) = (found.elf_size.to_string(), elf.len().to_string());
            return Err(self.identity_error("length in bytes", MANIFEST_FILE, &kept, &computed));
        }
        let digest = Digest::of(elf);
        if found.elf_digest != digest {
            let (kept, computed) = (found.elf_digest.to_string(), digest.to_string());
            return Err(self.identity_error("SHA-256", MANIFEST_FILE, &kept, &computed));
        }
        self.equal("tile_id", &found.tile_id, &wanted.tile.id)?;
        let tile = Digest(tile_digest(&found.package, &found.package_version, &found.tile_id));
        self.equal("tile_digest", &found.tile_digest, &tile)?;
        self.equal("backend", &found.backend, &wanted.target.backend)?;
        self.equal("platform", &found.platform, &wanted.target.platform)?;
        self.equal("publish", &found.publish, &wanted.publish)
    }

    /// Whether it was built of something else, by something else, or for another version of the backend.
    fn is_stale(&self, wanted: &Wanted<'_>) -> bool {
        let Self { found, .. } = self;
        found.source_hash != wanted.source_hash
            || found.toolchain != wanted.toolchain
            || found.backend_version != wanted.target.backend_version
    }

    /// Where the id cannot be computed, because it is for another version of the backend: at least it is written twice.
    fn same_method_id_twice(&self) -> Result<(), TileError> {
        self.equal("method_id", &self.found.method_id.as_str(), &self.line.trim_end_matches('\n'))
    }

    /// Refuses a current artifact whose manifest says something else than the crate: all that is not about the ELF.
    fn is_of_this_tile(&self, wanted: &Wanted<'_>, guest: &Guest) -> Result<(), TileError> {
        let Self { found, .. } = self;
        let right = wanted.manifest(guest, &found.method_id);
        self.equal("description", &found.description, &right.description)?;
        self.equal("package", &found.package, &right.package)?;
        self.equal("package_version", &found.package_version, &right.package_version)?;
        self.equal("tile_digest", &found.tile_digest, &right.tile_digest)?;
        self.equal("budget_cycles", &found.budget_cycles, &right.budget_cycles)?;
        self.equal("runtime_version", &found.runtime_version, &right.runtime_version)?;
        self.equal("abi", &found.abi, &right.abi)
    }

    fn guest(&self, wanted: &Wanted<'_>, elf: Vec<u8>) -> Result<Guest, TileError> {
        let name = wanted.tile.id.clone();
        let guest = match wanted.target.platform {
            Platform::Native => Ok(Guest::native(name, elf)),
            platform => Guest::from_elf(name, elf, platform),
        };
        guest.map(Guest::on_runtime).map_err(|error: GuestError| TileError::Artifact {
            path: self.bundle.path().join(ELF_FILE),
            reason: error.to_string(),
        })
    }

    fn equal<T: PartialEq + std::fmt::Debug>(
        &self,
        field: &'static str,
        found: &T,
        right: &T,
    ) -> Result<(), TileError> {
        if found == right { Ok(()) } else { Err(self.manifest_error(field, found, right)) }
    }

    fn manifest_error<T: std::fmt::Debug>(&self, field: &'static str, found: &T, right: &T) -> TileError {
        let (found, expected) = (shown(found), shown(right));
        TileError::Manifest { path: self.bundle.path().join(MANIFEST_FILE), field, found, expected }
    }

    fn identity_error(&self, what: &'static str, kept_in: &'static str, kept: &str, computed: &str) -> TileError {
        TileError::Identity {
            folder: self.bundle.path().to_owned(),
            what,
            kept_in,
            kept: kept.chars().take(SHOWN_MAX).collect(),
            computed: computed.to_owned(),
        }
    }
}

fn shown<T: std::fmt::Debug>(value: &T) -> String {
    format!("{value:?}").chars().take(SHOWN_MAX).collect()
}

/// A file of an artifact that is not as it was written. That the system cannot read or write it says nothing about it.
pub(super) fn changed(error: StoreError) -> TileError {
    match error {
        StoreError::Damaged { path, source } => TileError::Artifact { path, reason: source.to_string() },
        StoreError::Format { path, source } => TileError::Artifact { path, reason: source.to_string() },
        StoreError::Inconsistent { path, why } => TileError::Artifact { path, reason: why },
        StoreError::TooLarge { path, bytes_max } => {
            TileError::Artifact { path, reason: format!("it has more than {bytes_max} bytes") }
        }
        StoreError::Read { path, source } | StoreError::Write { path, source, .. } => TileError::io(&path)(source),
        other => TileError::Store(other),
    }
}
