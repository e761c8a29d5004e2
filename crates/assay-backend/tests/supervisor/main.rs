//! The supervisor against a runner that misbehaves in one way at a time: a typed outcome for each, no process left
//! behind, and the next request works.

mod bench;
mod deaths;
mod faults;
mod limits;
mod protocol;
mod sandbox;
mod upkeep;
