//! What is kept beside a guest that Assay built, and how the guests that can be built are listed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    bytes::Digest,
    platform::Platform,
    schema::{SchemaTag, Versioned},
};

/// What a guest was built from (`assay.guest/1.1`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GuestManifest {
    /// `assay.guest/1.1`.
    pub schema: SchemaTag,
    /// Name of the guest, such as `fib`.
    pub name: String,
    /// What it is built for.
    pub platform: Platform,
    /// Its ISA, such as `rv32im`; absent for a native program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub isa: Option<String>,
    /// Compiler and linker, with their versions.
    pub toolchain: String,
    /// SHA-256 over the sources and lockfile that it was built from.
    pub source_hash: Digest,
    /// SHA-256 of the executable.
    pub elf_digest: Digest,
    /// What the zkVM calls the guest, as its installed runner computes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_id: Option<String>,
    /// Why there is no image id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_id_absent: Option<String>,
    /// Whether it is built on Assay's guest runtime, which reports panics.
    pub runtime: bool,
}

impl Versioned for GuestManifest {
    const NAME: &'static str = "assay.guest";
    const MAJOR: u32 = 1;
    const MINOR: u32 = 1;
}

/// Guests that were built (`assay.guest_build/1`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GuestBuildReport {
    /// `assay.guest_build/1`.
    pub schema: SchemaTag,
    /// One per guest and platform.
    pub guests: Vec<BuiltFile>,
}

/// One guest that was built.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BuiltFile {
    /// The executable.
    pub file: String,
    /// Its length.
    pub bytes: u64,
    /// What it was built from.
    pub manifest: GuestManifest,
}

impl Versioned for GuestBuildReport {
    const NAME: &'static str = "assay.guest_build";
    const MAJOR: u32 = 1;
}

/// The guests that can be built by name (`assay.guest_list/1`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GuestList {
    /// `assay.guest_list/1`.
    pub schema: SchemaTag,
    /// One per guest, by name.
    pub guests: Vec<ListedGuest>,
}

/// One guest that can be built by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListedGuest {
    /// Its name.
    pub name: String,
    /// What it does.
    pub description: String,
    /// The fields of its input: name, type and meaning.
    pub input: Vec<ListedField>,
    /// What its output is.
    pub output: String,
    /// An input that it takes.
    pub example: serde_json::Value,
}

/// One field of a guest's input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListedField {
    /// Its name.
    pub name: String,
    /// Its type, such as `u32` or `list of string`.
    #[serde(rename = "type")]
    pub type_name: String,
    /// What it means.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
}

impl Versioned for GuestList {
    const NAME: &'static str = "assay.guest_list";
    const MAJOR: u32 = 1;
}
