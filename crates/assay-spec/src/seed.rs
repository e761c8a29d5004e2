//! Seeds: an instruction sequence, registers and memory to start from, and metadata. One per line (JSON Lines).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    bytes::{HexBytes, Word},
    registers::RegisterFile,
};

/// An instruction sequence and the state that it starts from. Only `instructions` is required.
///
/// Older files hold plain numbers as register values; both spellings are read, words are written.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Seed {
    /// RISC-V words, in order.
    pub instructions: Vec<u32>,
    /// Registers to start from; those that are absent start at 0.
    #[serde(default, skip_serializing_if = "RegisterFile::is_empty", deserialize_with = "lenient_registers")]
    pub registers: RegisterFile,
    /// Memory to start from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub memory: Vec<MemoryInit>,
    /// Whatever its maker noted; kept as it is.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub metadata: serde_json::Map<String, serde_json::Value>,
}

/// Bytes at an address before the first instruction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MemoryInit {
    /// Address of the first byte.
    pub addr: Word,
    /// The bytes.
    pub hex: HexBytes,
}

fn lenient_registers<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<RegisterFile, D::Error> {
    let values = std::collections::BTreeMap::<crate::Register, crate::trace::Cell>::deserialize(deserializer)?;
    Ok(values.into_iter().map(|(register, cell)| (register, Word(cell.0))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_lines_of_instructions_and_metadata_load_and_metadata_is_kept() {
        let line = r#"{"instructions":[19,1048691],"metadata":{"deep":{"n":[1]},"source":"corpus"}}"#;
        let seed: Seed = serde_json::from_str(line).unwrap();
        assert_eq!(seed.instructions, [0x13, 0x0010_0073]);
        assert_eq!(serde_json::to_string(&seed).unwrap(), line);
    }

    #[test]
    fn registers_load_from_numbers_and_words() {
        let seed: Seed = serde_json::from_str(r#"{"instructions":[],"registers":{"x5":11,"x6":"0x1c"}}"#).unwrap();
        assert_eq!(seed.registers.values().map(|word| word.0).collect::<Vec<_>>(), [11, 28]);
        assert!(serde_json::from_str::<Seed>(r#"{"instructions":[4294967296]}"#).is_err());
        assert!(serde_json::from_str::<Seed>(r#"{"instructions":[],"registers":{"x32":1}}"#).is_err());
    }
}
