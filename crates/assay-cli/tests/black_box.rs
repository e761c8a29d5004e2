//! Black-box tests of the binary that need no zkVM.

#![expect(clippy::unwrap_used, reason = "what is not as expected fails the test")]

#[path = "black_box/support.rs"]
mod support;

#[path = "black_box/bucket.rs"]
mod bucket;
#[path = "black_box/bugs.rs"]
mod bugs;
#[path = "black_box/conform.rs"]
mod conform;
#[path = "black_box/conformance.rs"]
mod conformance;
#[path = "black_box/cores.rs"]
mod cores;
#[path = "black_box/diff.rs"]
mod diff;
#[path = "black_box/findings.rs"]
mod findings;
#[path = "black_box/git.rs"]
mod git;
#[path = "black_box/guest.rs"]
mod guest;
#[path = "black_box/install.rs"]
mod install;
#[path = "black_box/platform.rs"]
mod platform;
#[path = "black_box/prove.rs"]
mod prove;
#[path = "black_box/replay.rs"]
mod replay;
#[path = "black_box/report.rs"]
mod report;
#[path = "black_box/run.rs"]
mod run;
#[path = "black_box/sequence.rs"]
mod sequence;
#[path = "black_box/shrink.rs"]
mod shrink;
#[path = "black_box/snapshot.rs"]
mod snapshot;
#[path = "black_box/store.rs"]
mod store;
#[path = "black_box/terminal.rs"]
mod terminal;
#[path = "black_box/tile.rs"]
mod tile;
#[path = "black_box/tile_new.rs"]
mod tile_new;
#[path = "black_box/trace.rs"]
mod trace;
#[path = "black_box/usage.rs"]
mod usage;
