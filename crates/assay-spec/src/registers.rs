//! Integer registers and what they hold.

use std::{borrow::Cow, collections::BTreeMap, fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::bytes::{Word, spelled_as_text};

/// An integer register, x0 to x31; spelled `x5` in every file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Register(u8);

/// Register contents by register, in register order. A register that was not observed is absent.
pub type RegisterFile = BTreeMap<Register, Word>;

/// Not one of x0 to x31.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a register from x0 to x31, found {0:?}")]
pub struct NotARegister(String);

impl Register {
    /// Register `xN`; `None` above x31.
    pub fn new(index: u8) -> Option<Self> {
        (index < 32).then_some(Self(index))
    }

    /// N of xN, 0 to 31.
    pub fn index(self) -> u8 {
        self.0
    }

    /// x0 to x31 in order.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..32).map(Self)
    }
}

impl fmt::Display for Register {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("x{}", self.0))
    }
}

impl FromStr for Register {
    type Err = NotARegister;

    fn from_str(text: &str) -> Result<Self, NotARegister> {
        text.strip_prefix('x')
            .filter(|digits| *digits == "0" || digits.starts_with(|c: char| ('1'..='9').contains(&c)))
            .and_then(|digits| digits.parse().ok())
            .and_then(Self::new)
            .ok_or_else(|| NotARegister(text.chars().take(20).collect()))
    }
}

spelled_as_text!(Register, "Register", "^x([0-9]|[12][0-9]|3[01])$");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn register_files_are_keyed_by_name_in_register_order() {
        let file: RegisterFile = [(Register(10), Word(1)), (Register(2), Word(2))].into_iter().collect();
        let json = serde_json::to_string(&file).unwrap();
        assert_eq!(json, r#"{"x2":"0x2","x10":"0x1"}"#);
        assert_eq!(serde_json::from_str::<RegisterFile>(&json).unwrap(), file);
    }

    #[test]
    fn only_x0_to_x31_are_registers() {
        for bad in ["", "x", "x32", "x05", "x-1", "x+1", "5", "X5", "x256"] {
            assert!(bad.parse::<Register>().is_err(), "{bad}");
        }
        assert_eq!("x0".parse::<Register>().unwrap().index(), 0);
        assert_eq!("x31".parse::<Register>().unwrap().index(), 31);
    }
}
