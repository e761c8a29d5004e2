//! The registry of pass-set families: what `--family` and catalogue entries name.
//!
//! A family is one module with a module per pass. Which catalogue entry uses which family is the catalogue's to say.

pub mod infrastructure;
mod openvm_2_0;
mod risc0_3_0;
mod sp1_6;

use crate::edit::PassSet;

/// Makes a pass set. The lists of edits are long, so that a family is made when it is asked for.
type Make = fn() -> PassSet;

/// Families by name, in the order in which they are listed.
const FAMILIES: &[(&str, Make)] =
    &[("openvm_2_0", openvm_2_0::passes), ("risc0_3_0", risc0_3_0::passes), ("sp1_6", sp1_6::passes)];

/// Names of the families.
pub fn families() -> impl Iterator<Item = &'static str> {
    FAMILIES.iter().map(|&(name, _)| name)
}

/// The family of that name.
pub fn family(name: &str) -> Option<PassSet> {
    FAMILIES.iter().find(|(known, _)| *known == name).map(|(_, make)| make())
}

#[cfg(test)]
mod tests;
