//! The list of a crate's tiles: from the bytes that its program says, from and to the file that is kept, and what of it
//! is checked. The program is the author's, so nothing in it is believed.

use std::collections::BTreeSet;

use assay_guest::{TileProgram, is_tile_id};
use assay_spec::{Digest, KeptTile, KeptTiles, ListedSequence, TileAbi, TileShape, schema::Versioned as _};
use assay_tile::{Description, RUNTIME_VERSION, SequenceDescription, Shape, TileDescription, tile_digest};

use super::Listed;
use crate::{TileError, value};

/// Most tiles of a crate, most sequences, and most tiles of a sequence.
pub const LISTED_MAX: usize = 1024;

/// Longest description of a tile or sequence, in bytes.
pub const DESCRIPTION_BYTES_MAX: usize = 16 << 10;

/// Longest version of a crate, in bytes.
const VERSION_BYTES_MAX: usize = 128;

/// What the program says, which is JSON of all [`Description`]s.
pub(super) fn parse(package: &str, said: &[u8]) -> Result<Listed, TileError> {
    let all: Vec<Description> = serde_json::from_slice(said).map_err(|error| {
        let reason = format!("the {} bytes that their program says are no list: {error}", said.len());
        TileError::List { package: package.to_owned(), reason }
    })?;
    let (mut tiles, mut sequences) = (Vec::new(), Vec::new());
    for one in all {
        match one {
            Description::Tile(tile) => tiles.push(tile),
            Description::Sequence(sequence) => sequences.push(sequence),
        }
    }
    Ok((tiles, sequences))
}

/// Refuses a list that no crate of tiles can have.
pub(super) fn check(
    package: &str,
    tiles: &[TileDescription],
    sequences: &[SequenceDescription],
) -> Result<(), TileError> {
    let wrong = |reason: String| TileError::List { package: package.to_owned(), reason };
    let lengths = sequences.iter().map(|sequence| sequence.tiles.len());
    if lengths.chain([tiles.len(), sequences.len()]).any(|count| count > LISTED_MAX) {
        return Err(wrong(format!("there are more than {LISTED_MAX} of them, or in one sequence")));
    }
    let sequence_texts = sequences.iter().map(|sequence| (&sequence.id, &sequence.description));
    for (id, description) in tiles.iter().map(|tile| (&tile.id, &tile.description)).chain(sequence_texts) {
        if !is_tile_id(id) {
            return Err(wrong(format!("{:?} is no id", super::clipped(id))));
        }
        if description.len() > DESCRIPTION_BYTES_MAX {
            let bytes = description.len();
            return Err(wrong(format!("{id} is described in {bytes} bytes; the limit is {DESCRIPTION_BYTES_MAX}")));
        }
    }
    let mut ids = BTreeSet::new();
    for tile in tiles {
        if !ids.insert(tile.id.as_str()) {
            return Err(wrong(format!(
                "two tiles are called {}; one may be of a crate that {package} depends on: rename one of them",
                tile.id
            )));
        }
        if !assay_guest::project::is_name(&tile.package) || tile.version.len() > VERSION_BYTES_MAX {
            return Err(wrong(format!("tile {} is of a crate without a sound name and version", tile.id)));
        }
        if tile.digest != tile_digest(&tile.package, &tile.version, &tile.id) {
            return Err(wrong(format!("tile {} has another digest than its crate, version and id have", tile.id)));
        }
    }
    let mut sequence_ids = BTreeSet::new();
    for sequence in sequences {
        if !sequence_ids.insert(sequence.id.as_str()) {
            return Err(wrong(format!("two sequences are called {}; rename one of them", sequence.id)));
        }
        if let Some(unknown) = sequence.tiles.iter().find(|tile| !ids.contains(tile.as_str())) {
            let unknown = super::clipped(unknown);
            return Err(wrong(format!("the sequence {} has a tile {unknown:?} that is not listed", sequence.id)));
        }
        if sequence.tiles.is_empty() {
            return Err(wrong(format!("the sequence {} has no tiles", sequence.id)));
        }
    }
    if own_version(package, tiles).is_none() {
        return Err(TileError::NoTiles { package: package.to_owned() });
    }
    Ok(())
}

/// The version of `package`, as its tiles say it.
pub(crate) fn own_version<'a>(package: &str, tiles: &'a [TileDescription]) -> Option<&'a str> {
    tiles.iter().find(|tile| tile.package == package).map(|tile| tile.version.as_str())
}

/// What programs are built around.
pub(super) fn programs(tiles: &[TileDescription]) -> Vec<TileProgram> {
    tiles.iter().map(|tile| TileProgram { id: tile.id.clone(), digest: tile.digest }).collect()
}

/// What goes into a tile and comes out of it, as it is written down.
pub(crate) fn abi(tile: &TileDescription) -> TileAbi {
    TileAbi { input: shape(&tile.input), output: shape(&tile.output), error: shape(&tile.error) }
}

pub(super) fn listed_sequence(sequence: &SequenceDescription) -> ListedSequence {
    ListedSequence {
        id: sequence.id.clone(),
        description: sequence.description.clone(),
        tiles: sequence.tiles.clone(),
        input: shape(&sequence.input),
        output: shape(&sequence.output),
    }
}

fn shape(shape: &Result<Shape, String>) -> Result<TileShape, String> {
    let Shape { format, types } = shape.as_ref().map_err(Clone::clone)?;
    let json = "formats are names, numbers and lists of them";
    Ok(TileShape {
        name: value::name(format),
        format: serde_json::to_value(format).expect(json),
        types: serde_json::to_value(types).expect(json),
    })
}

/// A shape as it was written down; `None` if that is no shape.
fn from_shape(shape: Result<TileShape, String>) -> Option<Result<Shape, String>> {
    Some(match shape {
        Ok(TileShape { format, types, .. }) => {
            Ok(Shape { format: serde_json::from_value(format).ok()?, types: serde_json::from_value(types).ok()? })
        }
        Err(reason) => Err(reason),
    })
}

pub(super) fn to_kept(
    source_hash: Digest,
    package: &str,
    tiles: &[TileDescription],
    sequences: &[SequenceDescription],
) -> KeptTiles {
    let kept = |tile: &TileDescription| KeptTile {
        id: tile.id.clone(),
        description: tile.description.clone(),
        budget_cycles: tile.budget_cycles,
        package: tile.package.clone(),
        package_version: tile.version.clone(),
        tile_digest: Digest(tile.digest),
        abi: abi(tile),
    };
    KeptTiles {
        schema: KeptTiles::tag(),
        source_hash,
        runtime_version: RUNTIME_VERSION,
        package: package.to_owned(),
        tiles: tiles.iter().map(kept).collect(),
        sequences: sequences.iter().map(listed_sequence).collect(),
    }
}

/// What was kept; `None` if a shape is none.
pub(super) fn from_kept(tiles: Vec<KeptTile>, sequences: Vec<ListedSequence>) -> Option<Listed> {
    let tile = |kept: KeptTile| {
        Some(TileDescription {
            id: kept.id,
            description: kept.description,
            budget_cycles: kept.budget_cycles,
            package: kept.package,
            version: kept.package_version,
            digest: kept.tile_digest.0,
            input: from_shape(kept.abi.input)?,
            output: from_shape(kept.abi.output)?,
            error: from_shape(kept.abi.error)?,
        })
    };
    let sequence = |kept: ListedSequence| {
        Some(SequenceDescription {
            id: kept.id,
            description: kept.description,
            tiles: kept.tiles,
            input: from_shape(kept.input)?,
            output: from_shape(kept.output)?,
        })
    };
    Some((
        tiles.into_iter().map(tile).collect::<Option<_>>()?,
        sequences.into_iter().map(sequence).collect::<Option<_>>()?,
    ))
}
