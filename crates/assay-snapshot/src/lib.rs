//! Pinned zkVM sources: materialised from git or from published crates, and patched by loud, deterministic passes.

pub mod catalogue;
pub mod checkout;
pub mod dependency;
pub mod edit;
pub mod engine;
pub mod install;
pub mod limits;
pub mod lock;
pub mod manifest;
pub mod mirror;
pub mod passes;
pub mod patch;
pub mod request;
pub mod runner;
pub mod source;
pub mod toolchain;
