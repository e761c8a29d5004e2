//! The 19 functions of `zkvm_accelerators.h`: names, selectors, parameters, rules. Whoever calls, carries out, encodes or
//! lists them goes by this table.
//!
//! The functions and their parameters are those of the zkVM standards' header (`c-interface-accelerators`, with
//! `zkvm_status` 0 and -1 and `bool *verified`); their rules are those of the EIPs that the header names, in the header's
//! widths: BLS12-381 field elements are 48 bytes, without the padding to 64 that EIP-2537 has.

use std::fmt;

/// Most bytes that one call hashes. 2^24 gas, the most that a transaction of Ethereum may use (EIP-7825), pay for
/// 89,478,485 of them (Keccak-256).
pub const HASH_BYTES_MAX: u64 = 1 << 27;
/// Most bytes of base, exponent and modulus each: EIP-7823 makes more of them an error.
pub const MODEXP_BYTES_MAX: u64 = 1024;
/// Most rounds of one call of `blake2f`, one per gas of the most that a transaction may use (EIP-7825).
pub const BLAKE2F_ROUNDS_MAX: u32 = 1 << 24;
/// Most pairs of one pairing check. 2^24 gas (EIP-7825) pay for 513 (EIP-2537) or 492 (EIP-1108).
pub const PAIRING_PAIRS_MAX: u64 = 1024;
/// Most pairs of one multi-scalar multiplication. 2^24 gas (EIP-7825) pay for 2693 in G1 (EIP-2537).
pub const MSM_PAIRS_MAX: u64 = 4096;

/// What a call returns in a0 for success.
pub const STATUS_OK: i32 = 0;
/// What a call returns in a0 for failure; its outputs are then left as they were.
pub const STATUS_FAIL: i32 = -1;

/// Alignment of all structs that calls take pointers to.
pub const STRUCT_ALIGNMENT: u64 = 8;

/// One accelerator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as in the table, which says what it does")]
pub enum Function {
    Keccak256,
    Secp256k1Verify,
    Secp256k1Ecrecover,
    Sha256,
    Ripemd160,
    Modexp,
    Bn254G1Add,
    Bn254G1Mul,
    Bn254Pairing,
    Blake2f,
    KzgPointEval,
    Bls12G1Add,
    Bls12G1Msm,
    Bls12G2Add,
    Bls12G2Msm,
    Bls12Pairing,
    Bls12MapFpToG1,
    Bls12MapFp2ToG2,
    Secp256r1Verify,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Signature {
    /// Which function it is about.
    pub function: Function,
    /// What the standard calls it, such as `keccak256`; in C behind `zkvm_`.
    pub name: &'static str,
    /// What t0 holds for it on the platform `standard`.
    pub selector: u64,
    /// Its C parameters in order. On the platform `standard` they are in a0 and on, one a register, as the C calling
    /// convention has them.
    pub parameters: &'static [Parameter],
    /// What is valid, and what comes of what is not.
    pub rule: &'static str,
    /// Where the rule stands.
    pub source: &'static str,
}

/// One C parameter.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// As in the header.
    pub name: &'static str,
    /// As in the header, without the name.
    pub c_type: &'static str,
    /// What is behind it.
    pub kind: Kind,
}

/// What is behind a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A pointer to bytes of any alignment; the next parameter is their [`Kind::Length`].
    Data(Bound),
    /// How many bytes are behind the pointer before.
    Length,
    /// A pointer to an array of structs of so many bytes each; the next parameter is their [`Kind::Count`].
    Array {
        /// Bytes of each struct.
        bytes: u64,
        /// Most structs.
        bound: Bound,
    },
    /// How many structs are behind the pointer before.
    Count,
    /// A pointer to a struct of so many bytes that is read.
    Struct {
        /// Bytes of the struct.
        bytes: u64,
    },
    /// A number: the lowest 32 bits of the register.
    U32,
    /// A number: the lowest 8 bits of the register.
    U8,
    /// A pointer to a struct of so many bytes that is read, and then written.
    InOut {
        /// Bytes of the struct.
        bytes: u64,
    },
    /// A pointer to a struct of so many bytes that is written.
    Out {
        /// Bytes of the struct.
        bytes: u64,
    },
    /// A pointer to a `bool` that is written: one byte, 0 or 1.
    OutBool,
    /// A pointer to bytes of any alignment that are written, as many as the [`Kind::Data`] before last has.
    OutData,
}

/// How much may be behind a pointer, and what comes of more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The most.
    pub most: u64,
    /// What comes of more.
    pub beyond: Beyond,
}

/// What comes of more than a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beyond {
    /// It is invalid: the call fails.
    Fails,
    /// It is valid, and more work than this implementation does: it says so, and nothing about the guest.
    TooMuch,
}

const fn parameter(name: &'static str, c_type: &'static str, kind: Kind) -> Parameter {
    Parameter { name, c_type, kind }
}

const fn hashed(beyond: Beyond, most: u64) -> Kind {
    Kind::Data(Bound { most, beyond })
}

const DATA: Parameter = parameter("data", "const uint8_t *", hashed(Beyond::TooMuch, HASH_BYTES_MAX));
const LEN: Parameter = parameter("len", "size_t", Kind::Length);
const COUNT: Parameter = parameter("num_pairs", "size_t", Kind::Count);
const VERIFIED: Parameter = parameter("verified", "bool *", Kind::OutBool);

const fn number_data(name: &'static str) -> Parameter {
    parameter(name, "const uint8_t *", hashed(Beyond::Fails, MODEXP_BYTES_MAX))
}
const fn length(name: &'static str) -> Parameter {
    parameter(name, "size_t", Kind::Length)
}
const fn input(name: &'static str, c_type: &'static str, bytes: u64) -> Parameter {
    parameter(name, c_type, Kind::Struct { bytes })
}
const fn output(name: &'static str, c_type: &'static str, bytes: u64) -> Parameter {
    parameter(name, c_type, Kind::Out { bytes })
}
const fn pairs(c_type: &'static str, bytes: u64, most: u64) -> Parameter {
    parameter("pairs", c_type, Kind::Array { bytes, bound: Bound { most, beyond: Beyond::TooMuch } })
}

/// All functions, in the order of their selectors.
#[rustfmt::skip]
pub const TABLE: [Signature; 19] = [
    Signature {
        function: Function::Keccak256, name: "keccak256", selector: 0x100,
        parameters: &[DATA, LEN, output("output", "zkvm_keccak256_hash *", 32)],
        rule: "Keccak with capacity 512 and the padding that Ethereum kept, not SHA-3's",
        source: "Keccak submission, version 3; Ethereum yellow paper",
    },
    Signature {
        function: Function::Secp256k1Verify, name: "secp256k1_verify", selector: 0x101,
        parameters: &[
            input("msg", "const zkvm_secp256k1_hash *", 32), input("sig", "const zkvm_secp256k1_signature *", 64),
            input("pubkey", "const zkvm_secp256k1_pubkey *", 64), VERIFIED,
        ],
        rule: "r and s outside of 1..n are a signature that does not verify, a high s verifies; a key that is no point fails",
        source: "SEC 1, section 4.1.4",
    },
    Signature {
        function: Function::Secp256k1Ecrecover, name: "secp256k1_ecrecover", selector: 0x102,
        parameters: &[
            input("msg", "const zkvm_secp256k1_hash *", 32), input("sig", "const zkvm_secp256k1_signature *", 64),
            parameter("recid", "uint8_t", Kind::U8), output("output", "zkvm_secp256k1_pubkey *", 64),
        ],
        rule: "recid 0 to 3, 2 and 3 for an x of r + n; a high s is recovered from; r or s outside of 1..n, no point of that x, or a key at infinity fail",
        source: "SEC 1, section 4.1.6",
    },
    Signature {
        function: Function::Sha256, name: "sha256", selector: 0x103,
        parameters: &[DATA, LEN, output("output", "zkvm_sha256_hash *", 32)],
        rule: "SHA-256",
        source: "FIPS 180-4",
    },
    Signature {
        function: Function::Ripemd160, name: "ripemd160", selector: 0x104,
        parameters: &[DATA, LEN, output("output", "zkvm_ripemd160_hash *", 32)],
        rule: "12 zero bytes, then the digest of 20",
        source: "RIPEMD-160 (Dobbertin, Bosselaers, Preneel 1996)",
    },
    Signature {
        function: Function::Modexp, name: "modexp", selector: 0x105,
        parameters: &[
            number_data("base"), length("base_len"), number_data("exp"), length("exp_len"),
            number_data("modulus"), length("mod_len"), parameter("output", "uint8_t *", Kind::OutData),
        ],
        rule: "numbers are big-endian, of no bytes 0; 0^0 is 1; modulo 0 is 0; a number of more than 1024 bytes fails",
        source: "EIP-198, EIP-7823",
    },
    Signature {
        function: Function::Bn254G1Add, name: "bn254_g1_add", selector: 0x106,
        parameters: &[
            input("p1", "const zkvm_bn254_g1_point *", 64), input("p2", "const zkvm_bn254_g1_point *", 64),
            output("result", "zkvm_bn254_g1_point *", 64),
        ],
        rule: "coordinates are big-endian and below p, else it fails; infinity is all zeros; a point off the curve fails",
        source: "EIP-196",
    },
    Signature {
        function: Function::Bn254G1Mul, name: "bn254_g1_mul", selector: 0x107,
        parameters: &[
            input("point", "const zkvm_bn254_g1_point *", 64), input("scalar", "const zkvm_bn254_scalar *", 32),
            output("result", "zkvm_bn254_g1_point *", 64),
        ],
        rule: "as bn254_g1_add; the scalar may be any 256-bit number",
        source: "EIP-196",
    },
    Signature {
        function: Function::Bn254Pairing, name: "bn254_pairing", selector: 0x108,
        parameters: &[pairs("const zkvm_bn254_pairing_pair *", 192, PAIRING_PAIRS_MAX), COUNT, VERIFIED],
        rule: "a pair is G1 then G2, of G2 the imaginary parts first; G2 points must be in the subgroup, else it fails; no pairs verify",
        source: "EIP-197",
    },
    Signature {
        function: Function::Blake2f, name: "blake2f", selector: 0x109,
        parameters: &[
            parameter("rounds", "uint32_t", Kind::U32),
            parameter("h", "zkvm_blake2f_state *", Kind::InOut { bytes: 64 }),
            input("m", "const zkvm_blake2f_message *", 128), input("t", "const zkvm_blake2f_offset *", 16),
            parameter("f", "uint8_t", Kind::U8),
        ],
        rule: "words are little-endian, rounds is a number; f is 0 or 1, else it fails",
        source: "EIP-152",
    },
    Signature {
        function: Function::KzgPointEval, name: "kzg_point_eval", selector: 0x10a,
        parameters: &[
            input("commitment", "const zkvm_kzg_commitment *", 48), input("z", "const zkvm_kzg_field_element *", 32),
            input("y", "const zkvm_kzg_field_element *", 32), input("proof", "const zkvm_kzg_proof *", 48), VERIFIED,
        ],
        rule: "z and y are big-endian and below the order of the group, commitment and proof compressed points of the subgroup, else it fails",
        source: "EIP-4844",
    },
    Signature {
        function: Function::Bls12G1Add, name: "bls12_g1_add", selector: 0x10b,
        parameters: &[
            input("p1", "const zkvm_bls12_381_g1_point *", 96), input("p2", "const zkvm_bls12_381_g1_point *", 96),
            output("result", "zkvm_bls12_381_g1_point *", 96),
        ],
        rule: "coordinates are big-endian and below p, else it fails; infinity is all zeros; off the curve fails; the subgroup is not asked for",
        source: "EIP-2537",
    },
    Signature {
        function: Function::Bls12G1Msm, name: "bls12_g1_msm", selector: 0x10c,
        parameters: &[
            pairs("const zkvm_bls12_381_g1_msm_pair *", 128, MSM_PAIRS_MAX), COUNT,
            output("result", "zkvm_bls12_381_g1_point *", 96),
        ],
        rule: "points must be in the subgroup, else it fails; a scalar may be any 256-bit number; no pairs fail",
        source: "EIP-2537",
    },
    Signature {
        function: Function::Bls12G2Add, name: "bls12_g2_add", selector: 0x10d,
        parameters: &[
            input("p1", "const zkvm_bls12_381_g2_point *", 192), input("p2", "const zkvm_bls12_381_g2_point *", 192),
            output("result", "zkvm_bls12_381_g2_point *", 192),
        ],
        rule: "as bls12_g1_add; elements of Fp2 have the real part first",
        source: "EIP-2537",
    },
    Signature {
        function: Function::Bls12G2Msm, name: "bls12_g2_msm", selector: 0x10e,
        parameters: &[
            pairs("const zkvm_bls12_381_g2_msm_pair *", 224, MSM_PAIRS_MAX), COUNT,
            output("result", "zkvm_bls12_381_g2_point *", 192),
        ],
        rule: "as bls12_g1_msm",
        source: "EIP-2537",
    },
    Signature {
        function: Function::Bls12Pairing, name: "bls12_pairing", selector: 0x10f,
        parameters: &[pairs("const zkvm_bls12_381_pairing_pair *", 288, PAIRING_PAIRS_MAX), COUNT, VERIFIED],
        rule: "a pair is G1 then G2; points must be in the subgroup, else it fails; no pairs fail",
        source: "EIP-2537",
    },
    Signature {
        function: Function::Bls12MapFpToG1, name: "bls12_map_fp_to_g1", selector: 0x110,
        parameters: &[
            input("field_element", "const zkvm_bls12_381_fp *", 48), output("result", "zkvm_bls12_381_g1_point *", 96),
        ],
        rule: "the element is below p, else it fails; the point is in the subgroup (its cofactor is cleared)",
        source: "EIP-2537; RFC 9380, sections 6.6.3 and 8.8.1",
    },
    Signature {
        function: Function::Bls12MapFp2ToG2, name: "bls12_map_fp2_to_g2", selector: 0x111,
        parameters: &[
            input("field_element", "const zkvm_bls12_381_fp2 *", 96), output("result", "zkvm_bls12_381_g2_point *", 192),
        ],
        rule: "as bls12_map_fp_to_g1; the real part first",
        source: "EIP-2537; RFC 9380, sections 6.6.3 and 8.8.2",
    },
    Signature {
        function: Function::Secp256r1Verify, name: "secp256r1_verify", selector: 0x112,
        parameters: &[
            input("msg", "const zkvm_secp256r1_hash *", 32), input("sig", "const zkvm_secp256r1_signature *", 64),
            input("pubkey", "const zkvm_secp256r1_pubkey *", 64), VERIFIED,
        ],
        rule: "r and s outside of 1..n are a signature that does not verify, a high s verifies; a key that is no point fails",
        source: "EIP-7951",
    },
];

impl Function {
    /// Every function, in the order of the selectors.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.function)
    }

    /// Its row of the table.
    pub fn signature(self) -> &'static Signature {
        &TABLE[self as usize]
    }

    /// What the standard calls it.
    pub fn name(self) -> &'static str {
        self.signature().name
    }

    /// The function with that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().find(|function| function.name() == name)
    }

    /// The function with that selector.
    pub fn from_selector(selector: u64) -> Option<Self> {
        TABLE.iter().find(|row| row.selector == selector).map(|row| row.function)
    }
}

impl fmt::Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Signature {
    /// Its parameters that carry something into the function, in order: a length or a count goes with its pointer.
    pub fn inputs(&self) -> impl Iterator<Item = &'static Parameter> {
        self.parameters.iter().filter(|parameter| parameter.kind.is_input())
    }

    /// The one parameter through which it gives its result.
    ///
    /// # Panics
    ///
    /// Never: a test says that each function has one.
    pub fn output(&self) -> &'static Parameter {
        self.parameters.iter().find(|parameter| parameter.kind.is_output()).expect("each function has one output")
    }

    /// Its declaration in C.
    pub fn declaration(&self) -> String {
        let parameters = self.parameters.iter().map(|parameter| {
            let between = if parameter.c_type.ends_with('*') { "" } else { " " };
            format!("{}{between}{}", parameter.c_type, parameter.name)
        });
        format!("zkvm_status zkvm_{}({});", self.name, parameters.collect::<Vec<_>>().join(", "))
    }
}

impl Kind {
    /// Whether it carries something into the function by itself.
    pub fn is_input(self) -> bool {
        matches!(
            self,
            Self::Data(_) | Self::Array { .. } | Self::Struct { .. } | Self::U32 | Self::U8 | Self::InOut { .. }
        )
    }

    /// Whether the result goes there.
    pub fn is_output(self) -> bool {
        matches!(self, Self::InOut { .. } | Self::Out { .. } | Self::OutBool | Self::OutData)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_and_selectors_are_pairwise_distinct_and_rows_stand_where_their_function_says() {
        for (index, row) in TABLE.iter().enumerate() {
            assert_eq!(row.function as usize, index);
            assert_eq!(row.selector, 0x100 + index as u64);
            assert_eq!(Function::from_name(row.name), Some(row.function));
            assert_eq!(Function::from_selector(row.selector), Some(row.function));
        }
        assert_eq!(TABLE.iter().map(|row| row.name).collect::<BTreeSet<_>>().len(), TABLE.len());
        assert_eq!(TABLE.iter().map(|row| row.selector).collect::<BTreeSet<_>>().len(), TABLE.len());
    }

    #[test]
    fn each_length_follows_its_pointer_and_each_function_has_one_output() {
        for row in &TABLE {
            assert_eq!(row.parameters.iter().filter(|parameter| parameter.kind.is_output()).count(), 1, "{}", row.name);
            assert!(row.parameters.len() <= 8, "{}: more than a0 to a7 hold", row.name);
            for (index, parameter) in row.parameters.iter().enumerate() {
                let next = row.parameters.get(index + 1).map(|next| next.kind);
                match parameter.kind {
                    Kind::Data(_) => assert_eq!(next, Some(Kind::Length), "{}", row.name),
                    Kind::Array { .. } => assert_eq!(next, Some(Kind::Count), "{}", row.name),
                    Kind::OutData => assert_eq!(row.parameters[index - 1].kind, Kind::Length, "{}", row.name),
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn declarations_read_as_in_the_header() {
        let declaration = |name| Function::from_name(name).unwrap().signature().declaration();
        assert_eq!(
            declaration("keccak256"),
            "zkvm_status zkvm_keccak256(const uint8_t *data, size_t len, zkvm_keccak256_hash *output);"
        );
        assert_eq!(
            declaration("blake2f"),
            "zkvm_status zkvm_blake2f(uint32_t rounds, zkvm_blake2f_state *h, const zkvm_blake2f_message *m, \
             const zkvm_blake2f_offset *t, uint8_t f);"
        );
    }
}
