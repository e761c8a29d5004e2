//! Limits on what sources may be. Sources, archives and catalogues are hostile: each size and count has one here.

/// Most files and links of a snapshot. The largest zkVM repository known has about 20,000.
pub const FILES_MAX: usize = 200_000;

/// Longest file.
pub const FILE_BYTES_MAX: u64 = 256 << 20;

/// Most bytes of all files together.
pub const SOURCE_BYTES_MAX: u64 = 8 << 30;

/// Most folders that a file may be in.
pub const DEPTH_MAX: usize = 64;

/// Longest path below the sources.
pub const PATH_BYTES_MAX: usize = 1024;

/// Longest name of a file or folder, as file systems have it.
pub const NAME_BYTES_MAX: usize = 255;

/// Longest object of a git repository that is a folder or a commit.
pub const TREE_BYTES_MAX: u64 = 16 << 20;

/// Longest archive of a published crate, packed. Registries take 10 MiB; the largest known has 60 MiB.
pub const ARCHIVE_BYTES_MAX: u64 = 128 << 20;

/// Longest text of a link.
pub const LINK_BYTES_MAX: u64 = 4096;

/// Longest lockfile.
pub const LOCKFILE_BYTES_MAX: u64 = 8 << 20;

/// Longest list of sources: a line per file.
pub const LISTING_BYTES_MAX: u64 = (FILES_MAX as u64) * 1536;

/// Longest manifest of a snapshot.
pub const MANIFEST_BYTES_MAX: u64 = 64 << 20;

/// Longest list of the commits at which a shallow mirror's history ends.
pub const SHALLOW_BYTES_MAX: u64 = 1 << 20;

/// Longest catalogue.
pub const CATALOGUE_BYTES_MAX: u64 = 1 << 20;

/// Differences that a check lists before it only counts.
pub const DIFFERENCES_MAX: usize = 100;
