//! A crate of tiles: which tiles and sequences it has, as its own program lists them.
//!
//! The list is kept with the artifacts and holds for exactly the sources that it was made of, so that no compiler is
//! asked for a crate that has not changed. All of it stands in `target/assay` of the crate's own folder, wherever cargo
//! has its target folder: several crates may share that one, and what tiles are called is only unique within a crate.
//!
//! | path in `target/assay` | what |
//! |---|---|
//! | `listing/tiles.json` | `assay.kept_tiles/1` |
//! | `tiles/TILE/BACKEND/` | an artifact: see [`crate::artifact`] |
//!
//! How a tile is built and run is not known here.

mod listing;
mod source;

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use assay_backend::{Backend, Job, Limits};
use assay_guest::{Guest, Project, ProjectBuilder};
use assay_isa::Isa;
use assay_spec::{Digest, KeptTiles, ListedTile, Platform, Status, TileList, TilePublish, schema::Versioned as _};
use assay_store::{Bundles, Folder, sealed};
use assay_tile::{RUNTIME_VERSION, SequenceDescription, TileDescription};

pub use self::listing::{DESCRIPTION_BYTES_MAX, LISTED_MAX};
pub(crate) use self::{
    listing::{abi, own_version},
    source::Source,
};
use crate::TileError;

/// Where, in the crate's folder, everything is kept.
const FOLDER: &str = "target/assay";

/// The bundle with the list, and its file.
const LISTING: &str = "listing";
const LISTING_FILE: &str = "tiles.json";

/// Longest kept list, in bytes.
const LISTING_BYTES_MAX: u64 = 32 << 20;

/// Ids are near to one another from this likeness on, and this many are named.
const LIKENESS_MIN: f64 = 0.8;
const NEAR_MAX: usize = 3;

/// A crate of tiles, with its artifacts in `target/assay/tiles` of the crate's folder.
pub struct TileProject {
    pub(crate) source: Box<dyn Source>,
    pub(crate) bundles: Bundles,
    /// SHA-256 over all that its programs are built of, but for the toolchain.
    pub(crate) source_hash: Digest,
    package: String,
    package_version: String,
    tiles: Vec<TileDescription>,
    sequences: Vec<SequenceDescription>,
    built: Mutex<Vec<Built>>,
    /// Of this machine's programs, or not.
    toolchains: Mutex<Vec<(bool, String)>>,
}

/// What was built at once.
struct Built {
    platform: Platform,
    isa: Option<Isa>,
    publish: TilePublish,
    /// One per tile, in order.
    guests: Vec<Guest>,
}

impl TileProject {
    /// The crate in the folder `path`.
    ///
    /// Its list is as it was kept, if that was of the same sources: then cargo is not started. Else the program that
    /// lists tiles is built, whose lines go to `show`, and run by `native` within `limits`.
    pub fn open(
        path: &Path,
        builder: &ProjectBuilder,
        native: &mut dyn Backend,
        limits: &Limits,
        show: &mut dyn FnMut(&str),
    ) -> Result<Self, TileError> {
        let project = Project::open_tiles(path)?;
        Self::open_source(Box::new(source::Crate::new(project, builder.clone())), native, limits, show)
    }

    pub(crate) fn open_source(
        source: Box<dyn Source>,
        native: &mut dyn Backend,
        limits: &Limits,
        show: &mut dyn FnMut(&str),
    ) -> Result<Self, TileError> {
        let bundles = Bundles::at(source.folder().join(FOLDER));
        let source_hash = source_hash(source.digest());
        let (tiles, sequences) = if let Some(kept) = kept(&bundles, source_hash, source.name()) {
            kept
        } else {
            let listed = ask(source.as_ref(), native, limits, show)?;
            keep(&bundles, &listing::to_kept(source_hash, source.name(), &listed.0, &listed.1))?;
            listed
        };
        let package = source.name().to_owned();
        let package_version = own_version(&package, &tiles).unwrap_or_default().to_owned();
        let (built, toolchains) = (Mutex::default(), Mutex::default());
        Ok(Self { source, bundles, source_hash, package, package_version, tiles, sequences, built, toolchains })
    }

    /// The crate's folder.
    pub fn folder(&self) -> &Path {
        self.source.folder()
    }

    /// The crate's name.
    pub fn package(&self) -> &str {
        &self.package
    }

    /// The crate's version.
    pub fn package_version(&self) -> &str {
        &self.package_version
    }

    /// Its tiles, by id.
    pub fn tiles(&self) -> &[TileDescription] {
        &self.tiles
    }

    /// Its sequences, by id.
    pub fn sequences(&self) -> &[SequenceDescription] {
        &self.sequences
    }

    /// The tile `id`.
    pub fn tile(&self, id: &str) -> Result<&TileDescription, TileError> {
        self.tiles.iter().find(|tile| tile.id == id).ok_or_else(|| {
            let known: Vec<String> = self.tiles.iter().map(|tile| tile.id.clone()).collect();
            let (id, near) = (clipped(id), near(id, &known));
            TileError::NoSuchTile { id, package: self.package.clone(), near, known }
        })
    }

    /// The sequence `id`.
    pub fn sequence(&self, id: &str) -> Result<&SequenceDescription, TileError> {
        self.sequences.iter().find(|sequence| sequence.id == id).ok_or_else(|| {
            let known: Vec<String> = self.sequences.iter().map(|sequence| sequence.id.clone()).collect();
            let (id, near) = (clipped(id), near(id, &known));
            TileError::NoSuchSequence { id, package: self.package.clone(), near, known }
        })
    }

    /// Its tiles and sequences, with the artifacts that there are.
    pub fn list(&self) -> TileList {
        let listed = |tile: &TileDescription| ListedTile {
            id: tile.id.clone(),
            description: tile.description.clone(),
            budget_cycles: tile.budget_cycles,
            tile_digest: Digest(tile.digest),
            abi: abi(tile),
            // That a folder cannot be looked into says nothing about the tile.
            built_for: self.bundles.names_in(&format!("tiles/{}", tile.id)).unwrap_or_default(),
        };
        TileList {
            schema: TileList::tag(),
            package: self.package.clone(),
            package_version: self.package_version.clone(),
            tiles: self.tiles.iter().map(listed).collect(),
            sequences: self.sequences.iter().map(listing::listed_sequence).collect(),
        }
    }

    /// The program around the tile `id` for `platform`: all tiles of the crate are built at once, and once per process.
    pub(crate) fn build(
        &self,
        id: &str,
        platform: Platform,
        isa: Option<Isa>,
        publish: TilePublish,
        show: &mut dyn FnMut(&str),
    ) -> Result<Guest, TileError> {
        let index = self.tiles.iter().position(|tile| tile.id == id);
        let index = index.expect("who builds a tile has its description");
        let mut all = locked(&self.built);
        let same = |built: &Built| (built.platform, built.isa, built.publish) == (platform, isa, publish);
        let place = if let Some(place) = all.iter().position(same) {
            place
        } else {
            let guests = self.source.build(&listing::programs(&self.tiles), publish, platform, isa, show)?;
            if guests.len() != self.tiles.len() {
                let reason = format!("{} programs were built for {} tiles", guests.len(), self.tiles.len());
                return Err(TileError::List { package: self.package.clone(), reason });
            }
            all.push(Built { platform, isa, publish, guests });
            all.len() - 1
        };
        Ok(all[place].guests[index].clone())
    }

    /// Compiler and linker that programs for `platform` are built with. One toolchain builds for every zkVM: it and
    /// that of this machine are asked once per process each.
    pub(crate) fn toolchain(&self, platform: Platform) -> Result<String, TileError> {
        let native = platform == Platform::Native;
        let mut known = locked(&self.toolchains);
        if let Some((_, summary)) = known.iter().find(|(of, _)| *of == native) {
            return Ok(summary.clone());
        }
        let summary = self.source.toolchain(platform)?;
        known.push((native, summary.clone()));
        Ok(summary)
    }
}

/// Nothing that is kept behind these locks can be half done.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The digest of sources and of what this version of Assay makes of them: the programs around tiles, flags.
fn source_hash(sources: Digest) -> Digest {
    let text = format!("{sources}\nassay {}\nruntime {RUNTIME_VERSION}\n", env!("CARGO_PKG_VERSION"));
    Digest::of(text.as_bytes())
}

type Listed = (Vec<TileDescription>, Vec<SequenceDescription>);

/// The kept list, if it is of these sources. One that is damaged counts as none: it is made of the sources again.
fn kept(bundles: &Bundles, source_hash: Digest, package: &str) -> Option<Listed> {
    let bundle = bundles.open(LISTING).ok()??;
    let kept: KeptTiles = bundle.read_sealed(LISTING_FILE, LISTING_BYTES_MAX).ok()?;
    let same = kept.source_hash == source_hash && kept.runtime_version == RUNTIME_VERSION && kept.package == package;
    let listed = listing::from_kept(kept.tiles, kept.sequences).filter(|_| same)?;
    listing::check(package, &listed.0, &listed.1).ok()?;
    Some(listed)
}

/// Has the crate's own program list its tiles.
fn ask(
    source: &dyn Source,
    native: &mut dyn Backend,
    limits: &Limits,
    show: &mut dyn FnMut(&str),
) -> Result<Listed, TileError> {
    let package = source.name();
    let guest = source.list(show)?;
    let outcome = native.execute(&Job { guest: &guest, input: &[], limits, cost: false })?;
    if outcome.run.status != Status::Ok {
        let said = outcome.run.message.as_deref().unwrap_or("it says no more");
        let reason = format!("the program that lists them ended with {}: {said}", outcome.run.status);
        return Err(TileError::List { package: package.to_owned(), reason });
    }
    let (tiles, sequences) = listing::parse(package, &outcome.run.output.0)?;
    listing::check(package, &tiles, &sequences)?;
    Ok((tiles, sequences))
}

fn keep(bundles: &Bundles, kept: &KeptTiles) -> Result<(), TileError> {
    ignore(bundles)?;
    let path = bundles.path_of(LISTING).join(LISTING_FILE);
    Ok(bundles.put(LISTING, &[(LISTING_FILE, &sealed(&path, kept)?)])?)
}

/// Has version control leave out what is built, in a crate that says nothing of it, too.
pub(crate) fn ignore(bundles: &Bundles) -> Result<(), TileError> {
    const FILE: &str = ".gitignore";
    let there: PathBuf = bundles.path_of(FILE);
    if there.exists() {
        return Ok(());
    }
    Folder::create(bundles.root()).and_then(|folder| folder.write(FILE, b"*\n"))?;
    Ok(())
}

/// Those of `known` that `id` was perhaps meant to be, the likeliest first.
fn near(id: &str, known: &[String]) -> Vec<String> {
    let id: String = clipped(id).chars().map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }).collect();
    let mut near: Vec<(f64, &String)> = known
        .iter()
        .map(|known| (strsim::jaro_winkler(&id, known), known))
        .filter(|(like, _)| *like >= LIKENESS_MIN)
        .collect();
    near.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    near.into_iter().take(NEAR_MAX).map(|(_, known)| known.clone()).collect()
}

/// As much of an id that somebody asks for as an error shows.
fn clipped(id: &str) -> String {
    id.chars().take(80).collect()
}

#[cfg(test)]
pub(crate) mod tests;
