//! Guest programs: from an executable, a seed, instruction words or assembly text to something that a backend can run.
//!
//! - [`Elf`] reads and writes static RISC-V executables, strictly.
//! - [`Guest`] is an executable with its platform, ISA and identity.
//! - [`Harness`] wraps an instruction sequence into a guest that reports its final registers.
//! - [`read_seeds`], [`parse_words`] and [`body_from_text`] read the forms in which people hand over sequences.
//! - [`PlatformFacts`] is the one table of what a guest must know of its platform.
//!
//! What this crate refuses to know: how a guest is executed and what came of it, files and folders (it takes bytes and
//! text), and any zkVM's SDK. All input is hostile: nothing here panics on it, and every count and size has a limit.

mod body;
pub mod elf;
mod guest;
pub mod harness;
pub mod platform;
pub mod seeds;

pub use body::{BodyError, WordsError, body_from_text, is_words, parse_words};
pub use elf::{Elf, ElfError, ElfSegment, ElfWarning, SegmentFlags};
pub use guest::{Guest, GuestError, Program};
pub use harness::{Commitment, Harness, HarnessError, HarnessLayout};
pub use platform::{ExitConvention, PlatformFacts};
pub use seeds::{SeedError, read_seeds};
