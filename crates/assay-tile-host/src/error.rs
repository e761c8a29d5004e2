//! Why something was not done with a tile or a sequence, each cause with the facts and with what to do next.

use std::{
    io,
    path::{Path, PathBuf},
};

use assay_backend::BackendError;
use assay_guest::{BuildError, ProjectError};
use assay_store::StoreError;
use assay_tile::{CLAIM_BYTES, ClaimError, FrameError};

use crate::{chain::ChainError, device::DeviceError, input::INPUT_BYTES_MAX, value::ValueError};

/// Most ids that an error names.
const NAMED_MAX: usize = 8;

/// Why something was not done with a tile or a sequence.
#[derive(Debug, thiserror::Error)]
pub enum TileError {
    /// A file or folder.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The crate of tiles cannot be read.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// A program does not build.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// A backend could not be asked.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// Something was not kept.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The program that lists a crate's tiles said nothing to go by.
    #[error("the tiles of {package} cannot be listed: {reason}")]
    List {
        /// The crate.
        package: String,
        /// Why not.
        reason: String,
    },
    /// A crate without tiles of its own.
    #[error(
        "{package} has no tile; put #[tile] in front of a function of it: `assay tile new` makes a crate that has one"
    )]
    NoTiles {
        /// The crate.
        package: String,
    },
    /// No such tile.
    #[error("{package} has no tile {id:?}; {}", choice(near, known))]
    NoSuchTile {
        /// What was asked for.
        id: String,
        /// The crate.
        package: String,
        /// Ids that are alike.
        near: Vec<String>,
        /// All ids.
        known: Vec<String>,
    },
    /// No such sequence.
    #[error("{package} has no sequence {id:?}; {}", choice(near, known))]
    NoSuchSequence {
        /// What was asked for.
        id: String,
        /// The crate.
        package: String,
        /// Ids that are alike.
        near: Vec<String>,
        /// All ids.
        known: Vec<String>,
    },
    /// A backend that no folder can be called after.
    #[error("{backend:?} is no name of a backend: {reason}; `assay backend list` shows those that there are")]
    Target {
        /// What was asked for.
        backend: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The artifact's ELF is another program than what stands beside it says. Nothing was executed.
    #[error(
        "{}: {kept_in} says {kept}, and the {what} of guest.elf is {computed}; the artifact was changed after it was built: \
         remove the folder, and it is built again",
        folder.display()
    )]
    Identity {
        /// The artifact.
        folder: PathBuf,
        /// Which of its identities: `method id`, `SHA-256` or `length in bytes`.
        what: &'static str,
        /// The file that says otherwise: `method_id` or `manifest.json`.
        kept_in: &'static str,
        /// What that file says.
        kept: String,
        /// What was computed from the very bytes.
        computed: String,
    },
    /// The artifact's manifest says something that cannot be. Nothing was executed.
    #[error(
        "{}: {field} is {found}, and has to be {expected}; the manifest was changed after it was written: remove its \
         folder, and the artifact is built again",
        path.display()
    )]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// Its field.
        field: &'static str,
        /// What it says.
        found: String,
        /// What it has to say.
        expected: String,
    },
    /// A file of an artifact is none that Assay has written. Nothing was executed.
    #[error("{}: {reason}; remove the artifact's folder, and it is built again", path.display())]
    Artifact {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A value does not fit its type.
    #[error(transparent)]
    Value(#[from] ValueError),
    /// An input does not fit a frame.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// A public output is no claim.
    #[error(transparent)]
    Claim(#[from] ClaimError),
    /// Steps or proofs are none of the sequence.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// An input that is longer than inputs may be.
    #[error("the input has {bytes} bytes in postcard; the limit is {INPUT_BYTES_MAX}")]
    InputTooLong {
        /// How many.
        bytes: usize,
    },
    /// The system has no random bytes for a salt.
    #[error("the system gives no random bytes for a salt ({reason}); choose 32 of your own and give them with --salt")]
    NoRandom {
        /// What it said.
        reason: String,
    },
    /// An output that the backend has no room for. Nothing was proved.
    #[error(transparent)]
    OutputLimit(#[from] OutputLimit),
    /// A backend does not prove where it was asked to. Nothing was proved.
    #[error(transparent)]
    Device(#[from] DeviceError),
}

/// An output that a backend has no room for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{backend} has no room for the public output of tile {tile}: {said}{}; let the tile return less, such as a digest{}",
    if *claim { format!(" ({CLAIM_BYTES} of the bytes are its claim)") } else { String::new() },
    if *claim { ", or leave the claim out: --plain" } else { "" },
)]
pub struct OutputLimit {
    /// The tile.
    pub tile: String,
    /// The backend.
    pub backend: String,
    /// How much there is and how much there may be, as the backend or the program says it.
    pub said: String,
    /// Whether a claim is part of the output.
    pub claim: bool,
}

impl TileError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { path: path.to_owned(), source }
    }
}

/// What there is instead: what is alike, else all.
fn choice(near: &[String], known: &[String]) -> String {
    match (near, known) {
        ([], []) => "it has none at all".to_owned(),
        ([], known) if known.len() > NAMED_MAX => {
            format!("it has {} and {} more", known[..NAMED_MAX].join(", "), known.len() - NAMED_MAX)
        }
        ([], known) => format!("it has {}", known.join(", ")),
        (near, _) => format!("did you mean {}?", near.join(" or ")),
    }
}
