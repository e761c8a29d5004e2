//! Tests of the store from outside: as its users, its crashes and its disk see it.

#[path = "store/support.rs"]
mod support;

#[path = "store/index.rs"]
mod index;
#[path = "store/keeping.rs"]
mod keeping;
#[path = "store/pruning.rs"]
mod pruning;
#[path = "store/summary.rs"]
mod summary;
