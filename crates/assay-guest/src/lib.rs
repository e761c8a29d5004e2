//! Guest programs: from an executable, a seed, instruction words or assembly text to something that a backend can run.
//!
//! - [`Elf`] reads and writes static RISC-V executables, strictly.
//! - [`Guest`] is an executable with its platform, ISA and identity.
//! - [`Harness`] wraps an instruction sequence into a guest that reports its final registers.
//! - [`read_seeds`], [`parse_words`] and [`body_from_text`] read the forms in which people hand over sequences.
//! - [`PlatformFacts`] is the one table of what a guest must know of its platform.
//! - [`cores`] are the guests that Assay ships, with their inputs, and [`GuestBuilder`] builds them for any platform.
//! - [`Project`] is a guest of another maker, in Rust or C, and [`ProjectBuilder`] builds it.
//!
//! What this crate refuses to know: how a guest is executed and what came of it, and any zkVM's SDK. Files, folders and
//! compilers are known where guests are built, and nowhere else: all else takes bytes and text. All input is hostile: nothing here panics on it, and every count and size has a limit.

mod body;
pub mod build;
pub mod cores;
pub mod demos;
pub mod elf;
mod guest;
pub mod harness;
mod lockfile;
pub mod platform;
pub mod project;
pub mod runtime;
mod runtime_sources;
pub mod seeds;
pub mod sources;
pub mod template;
mod tile_sources;

pub use body::{BodyError, WordsError, body_from_text, is_words, parse_words};
pub use build::{BuildError, BuiltGuest, GiveUp, GuestBuilder, Library, ProjectBuilder};
pub use cores::{Core, CoreError};
pub use elf::{Elf, ElfError, ElfSegment, ElfWarning, SegmentFlags};
pub use guest::{Guest, GuestError, Program};
pub use harness::{Commitment, Harness, HarnessError, HarnessLayout};
pub use platform::{ExitConvention, PlatformFacts};
pub use project::{Language, Project, ProjectError, tiles::TileProgram, tiles::is_tile_id};
pub use runtime::panic_report;
pub use runtime_sources::headers as runtime_headers;
pub use seeds::{SeedError, read_seeds};
pub use sources::GuestSources;
