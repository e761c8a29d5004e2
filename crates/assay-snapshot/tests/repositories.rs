//! Snapshots and mirrors of small git repositories that the tests make.

#![expect(clippy::unwrap_used, reason = "what is not as expected fails the test")]

#[path = "repositories/build.rs"]
mod build;
#[path = "repositories/dependency.rs"]
mod dependency;
#[path = "repositories/materialise.rs"]
mod materialise;
#[path = "repositories/mirror.rs"]
mod mirror;
#[path = "repositories/repository.rs"]
mod repository;
