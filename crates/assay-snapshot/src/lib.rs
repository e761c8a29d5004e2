//! Pinned zkVM sources: materialised from git or from published crates, and patched by loud, deterministic passes.

pub mod edit;
pub mod passes;
