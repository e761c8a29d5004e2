//! Tiles to begin with. Each is a program of its own on every zkVM; a sequence feeds one's output into the next.
#![no_std]

extern crate alloc;

use alloc::{string::String, vec::Vec};

use assay_tile::{Failure, sequence, tile};
use serde::{Deserialize, Serialize};
use sha3::{Digest as _, Keccak256};

/// What a node of a tree is called by.
pub type Hash = [u8; 32];

/// Doubles a number, modulo 2^64.
#[tile(budget = 65_536)]
pub fn double(number: u64) -> u64 {
    number.wrapping_mul(2)
}

/// Keccak-256 of a text.
#[tile]
pub fn keccak256(text: String) -> Hash {
    Keccak256::digest(text.as_bytes()).into()
}

/// The hashes of the words of a text, as leaves of a tree.
#[tile]
pub fn leaves(text: String) -> Vec<Hash> {
    // A leaf is told from a node, so that no tree can be passed off as another.
    text.split_whitespace().map(|word| node(&[&[0], word.as_bytes()])).collect()
}

/// The root of the binary Merkle tree over these leaves; one that has no neighbour goes up a level as it is.
#[tile]
pub fn merkle_root(leaves: Vec<Hash>) -> Result<Hash, MerkleError> {
    let mut level = leaves;
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => node(&[&[1], left, right]),
                alone => alone[0],
            })
            .collect();
    }
    level.first().copied().ok_or(MerkleError::NoLeaves)
}

/// Divides, unless it cannot.
#[tile]
pub fn divide(dividend: u64, divisor: u64) -> Result<u64, DivisionError> {
    dividend.checked_div(divisor).ok_or(DivisionError::ByZero { dividend })
}

/// The root of the tree over the words of a text.
#[sequence(leaves, merkle_root)]
pub fn document_root(text: String) -> Hash;

/// Eight times a number, modulo 2^64.
#[sequence(double, double, double)]
pub fn eightfold(number: u64) -> u64;

/// Why there is no root.
#[derive(Debug, PartialEq, Serialize, Deserialize, Failure)]
pub enum MerkleError {
    /// Nothing to hash.
    #[failure("a tree without leaves has no root")]
    NoLeaves,
}

/// Why a division has no result.
#[derive(Debug, PartialEq, Serialize, Deserialize, Failure)]
pub enum DivisionError {
    /// Division by zero.
    #[failure("{dividend} cannot be divided by zero")]
    ByZero {
        /// What was to be divided.
        dividend: u64,
    },
}

fn node(parts: &[&[u8]]) -> Hash {
    let mut hash = Keccak256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_nothing_is_the_known_one() {
        // Keccak-256 of the empty string, as Ethereum's yellow paper has it.
        let known = [
            0xc5, 0xd2, 0x46, 0x01, 0x86, 0xf7, 0x23, 0x3c, 0x92, 0x7e, 0x7d, 0xb2, 0xdc, 0xc7, 0x03, 0xc0, 0xe5, 0x00,
            0xb6, 0x53, 0xca, 0x82, 0x27, 0x3b, 0x7b, 0xfa, 0xd8, 0x04, 0x5d, 0x85, 0xa4, 0x70,
        ];
        assert_eq!(keccak256(String::new()), known);
    }

    #[test]
    fn a_root_depends_on_every_leaf_and_on_their_order() {
        let root = |text: &str| document_root(text.into());
        let base = root("one two three");
        for other in ["one two", "two one three", "one two four", "one two three four"] {
            assert_ne!(base, root(other), "{other}");
        }
        assert_eq!(root("  ").unwrap_err().tile, "merkle-root");
    }

    #[test]
    fn a_sequence_is_its_tiles_one_after_the_other() {
        assert_eq!(eightfold(5), Ok(40));
        assert_eq!(divide(7, 0), Err(DivisionError::ByZero { dividend: 7 }));
    }
}
