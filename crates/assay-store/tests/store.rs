//! Tests of the store from outside: as its users, its crashes and its disk see it.

#[path = "store/scenario.rs"]
mod scenario;
#[path = "store/support.rs"]
mod support;

#[path = "store/bundles.rs"]
mod bundles;
#[path = "store/damage.rs"]
mod damage;
#[path = "store/faults.rs"]
mod faults;
#[path = "store/index.rs"]
mod index;
#[path = "store/keeping.rs"]
mod keeping;
#[path = "store/many.rs"]
mod many;
#[path = "store/pruning.rs"]
mod pruning;
#[path = "store/summary.rs"]
mod summary;
