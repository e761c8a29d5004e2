//! How each accelerator is computed, by platform: data only, so that it can be shown without any of it being built.
//!
//! What each function means and which bytes it takes is the standard's; nothing here computes.

/// The way in which a platform's guest gets a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// One ECALL of the reference machine, which computes it outside of the guest.
    Ecall,
    /// Guest code around calls of the zkVM, which are named.
    Precompile(&'static str),
    /// Guest code alone; the crate that does the arithmetic, or `assay-guest-rt`.
    GuestCode(&'static str),
}

/// One of the functions of the standard's `zkvm_accelerators.h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accelerator {
    /// Its name without the prefix `zkvm_`, as the Rust function is called.
    pub name: &'static str,
    /// Its name in C.
    pub c_name: &'static str,
    /// What t0 holds on the platform `standard`.
    pub selector: u32,
    /// On `standard`.
    pub standard: Means,
    /// On `risc0`.
    pub risc0: Means,
    /// On `sp1`.
    pub sp1: Means,
    /// On `openvm`, whose guests have only rv32im here: its extensions would be another circuit, and other image ids.
    pub openvm: Means,
    /// In a process of the host.
    pub native: Means,
}

impl Accelerator {
    /// On the platform of this name; `None` if there is no such platform.
    #[must_use]
    pub fn on(&self, platform: &str) -> Option<Means> {
        match platform {
            "standard" => Some(self.standard),
            "risc0" => Some(self.risc0),
            "sp1" => Some(self.sp1),
            "openvm" => Some(self.openvm),
            "native" => Some(self.native),
            _ => None,
        }
    }

    const fn sp1(self, calls: &'static str) -> Self {
        Self { sp1: Means::Precompile(calls), ..self }
    }

    const fn risc0(self, calls: &'static str) -> Self {
        Self { risc0: Means::Precompile(calls), ..self }
    }
}

/// Every accelerator, in the order of the header.
pub const TABLE: [Accelerator; 19] = [
    accelerator(0x100, "keccak256", "zkvm_keccak256", "keccak").sp1("KECCAK_PERMUTE"),
    accelerator(0x101, "secp256k1_verify", "zkvm_secp256k1_verify", "k256")
        .sp1("SECP256K1_ADD, SECP256K1_DOUBLE, UINT256_MUL")
        .risc0("bigint2"),
    accelerator(0x102, "secp256k1_ecrecover", "zkvm_secp256k1_ecrecover", "k256")
        .sp1("SECP256K1_ADD, SECP256K1_DOUBLE, UINT256_MUL")
        .risc0("bigint2"),
    accelerator(0x103, "sha256", "zkvm_sha256", "sha2").sp1("SHA_EXTEND, SHA_COMPRESS").risc0("sha"),
    accelerator(0x104, "ripemd160", "zkvm_ripemd160", "ripemd"),
    accelerator(0x105, "modexp", "zkvm_modexp", "aurora-engine-modexp")
        .sp1("UINT256_MUL, UINT256_MUL_CARRY, UINT256_ADD_CARRY")
        .risc0("bigint2"),
    accelerator(0x106, "bn254_g1_add", "zkvm_bn254_g1_add", "ark-bn254")
        .sp1("BN254_ADD, BN254_DOUBLE, UINT256_MUL")
        .risc0("bigint2"),
    accelerator(0x107, "bn254_g1_mul", "zkvm_bn254_g1_mul", "ark-bn254")
        .sp1("BN254_ADD, BN254_DOUBLE, UINT256_MUL")
        .risc0("bigint2"),
    accelerator(0x108, "bn254_pairing", "zkvm_bn254_pairing", "ark-bn254"),
    accelerator(0x109, "blake2f", "zkvm_blake2f", "assay-guest-rt"),
    accelerator(0x10a, "kzg_point_eval", "zkvm_kzg_point_eval", "ark-bls12-381"),
    accelerator(0x10b, "bls12_g1_add", "zkvm_bls12_g1_add", "ark-bls12-381")
        .sp1("BLS12381_ADD, BLS12381_DOUBLE, BLS12381_FP")
        .risc0("bigint2"),
    accelerator(0x10c, "bls12_g1_msm", "zkvm_bls12_g1_msm", "ark-bls12-381")
        .sp1("BLS12381_ADD, BLS12381_DOUBLE, BLS12381_FP")
        .risc0("bigint2"),
    accelerator(0x10d, "bls12_g2_add", "zkvm_bls12_g2_add", "ark-bls12-381"),
    accelerator(0x10e, "bls12_g2_msm", "zkvm_bls12_g2_msm", "ark-bls12-381"),
    accelerator(0x10f, "bls12_pairing", "zkvm_bls12_pairing", "ark-bls12-381"),
    accelerator(0x110, "bls12_map_fp_to_g1", "zkvm_bls12_map_fp_to_g1", "ark-bls12-381"),
    accelerator(0x111, "bls12_map_fp2_to_g2", "zkvm_bls12_map_fp2_to_g2", "ark-bls12-381"),
    accelerator(0x112, "secp256r1_verify", "zkvm_secp256r1_verify", "p256")
        .sp1("SECP256R1_ADD, SECP256R1_DOUBLE, UINT256_MUL")
        .risc0("bigint2"),
];

/// Guest code everywhere but on the reference machine's own platform.
const fn accelerator(selector: u32, name: &'static str, c_name: &'static str, with: &'static str) -> Accelerator {
    let code = Means::GuestCode(with);
    Accelerator { name, c_name, selector, standard: Means::Ecall, risc0: code, sp1: code, openvm: code, native: code }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_belong_together_and_selectors_follow_each_other() {
        for (accelerator, selector) in TABLE.iter().zip(0x100..) {
            assert_eq!(accelerator.c_name, format!("zkvm_{}", accelerator.name));
            assert_eq!(accelerator.selector, selector, "{}", accelerator.name);
        }
    }

    #[test]
    fn every_platform_has_its_column() {
        for platform in ["standard", "risc0", "sp1", "openvm", "native"] {
            assert!(TABLE.iter().all(|accelerator| accelerator.on(platform).is_some()), "{platform}");
        }
        assert_eq!(TABLE[0].on("miden"), None);
        assert_eq!(TABLE[3].on("risc0"), Some(Means::Precompile("sha")));
    }
}
