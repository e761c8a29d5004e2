//! The accelerators as ECALLs of the platform `standard`: parameters in a0 and on as the C calling convention has them, the
//! status in a0.
#![expect(unsafe_code, reason = "calls take pointers")]

use core::arch::asm;

use super::functions::{Bls12G1MsmPair, Bls12G2MsmPair, Bls12PairingPair, Bn254PairingPair, Bytes, Failed};

/// One register.
type Argument = usize;

/// Calls the selector with these arguments; the others are 0.
///
/// # Safety
///
/// The pointers among the arguments must be what the selector reads and writes.
unsafe fn call<const N: usize>(selector: usize, arguments: [Argument; N]) -> Result<(), Failed> {
    let mut a = [0; 7];
    a[..N].copy_from_slice(&arguments);
    let status: usize;
    // SAFETY: as promised by the caller; no register but a0 changes.
    unsafe {
        asm!(
            "ecall",
            in("t0") selector,
            inlateout("a0") a[0] => status,
            in("a1") a[1],
            in("a2") a[2],
            in("a3") a[3],
            in("a4") a[4],
            in("a5") a[5],
            in("a6") a[6],
            options(nostack),
        );
    }
    if status == 0 { Ok(()) } else { Err(Failed) }
}

fn read<T: ?Sized>(value: &T) -> Argument {
    (&raw const *value).cast::<u8>().expose_provenance()
}

/// Calls with a place for the output as last argument.
///
/// # Safety
///
/// As for [`call`]; the selector writes at most a `T` to its last argument.
unsafe fn give<T, const N: usize>(selector: usize, mut output: T, mut arguments: [Argument; N]) -> Result<T, Failed> {
    arguments[N - 1] = (&raw mut output).expose_provenance();
    // SAFETY: as promised by the caller.
    unsafe { call(selector, arguments) }?;
    Ok(output)
}

/// Where [`give`] puts the output's address.
const OUTPUT: Argument = 0;

/// Data or pairs as two arguments, and one for the output.
fn sized<T>(values: &[T]) -> [Argument; 3] {
    [read(values), values.len(), OUTPUT]
}

fn hash(selector: usize, data: &[u8]) -> Bytes<32> {
    // SAFETY: it reads the data and writes 32 bytes.
    let output = unsafe { give(selector, Bytes::ZERO, sized(data)) };
    output.expect("no data fails to have a hash")
}

pub(super) fn keccak256(data: &[u8]) -> Bytes<32> {
    hash(0x100, data)
}

pub(super) fn secp256k1_verify(hash: &Bytes<32>, signature: &Bytes<64>, key: &Bytes<64>) -> Result<bool, Failed> {
    // SAFETY: it reads the three and writes a byte of 0 or 1.
    unsafe { give(0x101, false, [read(hash), read(signature), read(key), OUTPUT]) }
}

pub(super) fn secp256k1_ecrecover(hash: &Bytes<32>, signature: &Bytes<64>, recovery: u8) -> Result<Bytes<64>, Failed> {
    // SAFETY: it reads the two and writes 64 bytes.
    unsafe { give(0x102, Bytes::ZERO, [read(hash), read(signature), recovery.into(), OUTPUT]) }
}

pub(super) fn sha256(data: &[u8]) -> Bytes<32> {
    hash(0x103, data)
}

pub(super) fn ripemd160(data: &[u8]) -> Bytes<32> {
    hash(0x104, data)
}

pub(super) fn modexp(base: &[u8], exponent: &[u8], modulus: &[u8], output: &mut [u8]) -> Result<(), Failed> {
    let [base, base_bytes, _] = sized(base);
    let [exponent, exponent_bytes, _] = sized(exponent);
    let [modulus, modulus_bytes, _] = sized(modulus);
    let output = output.as_mut_ptr().expose_provenance();
    let arguments = [base, base_bytes, exponent, exponent_bytes, modulus, modulus_bytes, output];
    // SAFETY: it reads the three numbers and writes as many bytes as the modulus has, which is the output's length.
    unsafe { call(0x105, arguments) }
}

pub(super) fn bn254_g1_add(one: &Bytes<64>, other: &Bytes<64>) -> Result<Bytes<64>, Failed> {
    // SAFETY: it reads the two and writes 64 bytes.
    unsafe { give(0x106, Bytes::ZERO, [read(one), read(other), OUTPUT]) }
}

pub(super) fn bn254_g1_mul(point: &Bytes<64>, scalar: &Bytes<32>) -> Result<Bytes<64>, Failed> {
    // SAFETY: it reads the two and writes 64 bytes.
    unsafe { give(0x107, Bytes::ZERO, [read(point), read(scalar), OUTPUT]) }
}

pub(super) fn bn254_pairing(pairs: &[Bn254PairingPair]) -> Result<bool, Failed> {
    // SAFETY: it reads the pairs and writes a byte of 0 or 1.
    unsafe { give(0x108, false, sized(pairs)) }
}

pub(super) fn blake2f(rounds: u32, h: &mut Bytes<64>, m: &Bytes<128>, t: &Bytes<16>, last: u8) -> Result<(), Failed> {
    let h = (&raw mut *h).expose_provenance();
    // SAFETY: it reads the three and writes the state.
    unsafe { call(0x109, [rounds as usize, h, read(m), read(t), last.into()]) }
}

pub(super) fn kzg_point_eval(
    commitment: &Bytes<48>,
    z: &Bytes<32>,
    y: &Bytes<32>,
    proof: &Bytes<48>,
) -> Result<bool, Failed> {
    // SAFETY: it reads the four and writes a byte of 0 or 1.
    unsafe { give(0x10a, false, [read(commitment), read(z), read(y), read(proof), OUTPUT]) }
}

pub(super) fn bls12_g1_add(one: &Bytes<96>, other: &Bytes<96>) -> Result<Bytes<96>, Failed> {
    // SAFETY: it reads the two and writes 96 bytes.
    unsafe { give(0x10b, Bytes::ZERO, [read(one), read(other), OUTPUT]) }
}

pub(super) fn bls12_g1_msm(pairs: &[Bls12G1MsmPair]) -> Result<Bytes<96>, Failed> {
    // SAFETY: it reads the pairs and writes 96 bytes.
    unsafe { give(0x10c, Bytes::ZERO, sized(pairs)) }
}

pub(super) fn bls12_g2_add(one: &Bytes<192>, other: &Bytes<192>) -> Result<Bytes<192>, Failed> {
    // SAFETY: it reads the two and writes 192 bytes.
    unsafe { give(0x10d, Bytes::ZERO, [read(one), read(other), OUTPUT]) }
}

pub(super) fn bls12_g2_msm(pairs: &[Bls12G2MsmPair]) -> Result<Bytes<192>, Failed> {
    // SAFETY: it reads the pairs and writes 192 bytes.
    unsafe { give(0x10e, Bytes::ZERO, sized(pairs)) }
}

pub(super) fn bls12_pairing(pairs: &[Bls12PairingPair]) -> Result<bool, Failed> {
    // SAFETY: it reads the pairs and writes a byte of 0 or 1.
    unsafe { give(0x10f, false, sized(pairs)) }
}

pub(super) fn bls12_map_fp_to_g1(element: &Bytes<48>) -> Result<Bytes<96>, Failed> {
    // SAFETY: it reads the element and writes 96 bytes.
    unsafe { give(0x110, Bytes::ZERO, [read(element), OUTPUT]) }
}

pub(super) fn bls12_map_fp2_to_g2(element: &Bytes<96>) -> Result<Bytes<192>, Failed> {
    // SAFETY: it reads the element and writes 192 bytes.
    unsafe { give(0x111, Bytes::ZERO, [read(element), OUTPUT]) }
}

pub(super) fn secp256r1_verify(hash: &Bytes<32>, signature: &Bytes<64>, key: &Bytes<64>) -> Result<bool, Failed> {
    // SAFETY: it reads the three and writes a byte of 0 or 1.
    unsafe { give(0x112, false, [read(hash), read(signature), read(key), OUTPUT]) }
}
