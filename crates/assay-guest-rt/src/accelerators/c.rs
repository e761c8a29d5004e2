//! The accelerators under their names in C, as `include/zkvm_accelerators.h` declares them.
//!
//! As the standard asks, a null pointer is a panic; whatever else a pointer must be is the caller's to promise.
#![expect(unsafe_code, reason = "pointers of C")]

use core::{ptr, slice};

use super::functions::{
    self as rust, Bls12G1MsmPair, Bls12G2MsmPair, Bls12PairingPair, Bn254PairingPair, Bytes, Failed,
};

/// `zkvm_status`: `ZKVM_EOK` or `ZKVM_EFAIL`.
type Status = i32;

const EOK: Status = 0;
const EFAIL: Status = -1;

/// # Safety
///
/// Null, or a `T` that nothing writes meanwhile.
unsafe fn at<'a, T>(pointer: *const T) -> &'a T {
    // SAFETY: as promised by the caller.
    unsafe { pointer.as_ref() }.expect("a pointer that an accelerator is given is not null")
}

/// # Safety
///
/// Null, or so many `T` that nothing writes meanwhile.
unsafe fn all<'a, T>(pointer: *const T, count: usize) -> &'a [T] {
    if count == 0 {
        return &[];
    }
    assert!(!pointer.is_null(), "a pointer that an accelerator is given is not null");
    // SAFETY: as promised by the caller.
    unsafe { slice::from_raw_parts(pointer, count) }
}

/// Writes the result if there is one.
///
/// # Safety
///
/// Null, or a place for a `T`.
unsafe fn put<T>(output: *mut T, result: Result<T, Failed>) -> Status {
    assert!(!output.is_null(), "a pointer that an accelerator is given is not null");
    match result {
        Ok(value) => {
            // SAFETY: as promised by the caller.
            unsafe { ptr::write(output, value) };
            EOK
        }
        Err(Failed) => EFAIL,
    }
}

/// Functions of the header from pointers to structs, arrays and numbers to a pointer for the result.
macro_rules! functions {
    ($($c:ident = $rust:ident($($name:ident: $kind:tt $type:ty),*) -> $output:ty;)*) => {$(
        #[doc = concat!("[`", stringify!($rust), "`](rust::", stringify!($rust), ") for C.")]
        ///
        /// # Safety
        ///
        /// Pointers must be what the header says, aligned as its types are.
        #[unsafe(no_mangle)]
        pub(super) unsafe extern "C" fn $c($($name: functions!(@type $kind $type),)* output: *mut $output) -> Status {
            // SAFETY: as promised by the caller.
            unsafe { put(output, functions!(@result $rust($(functions!(@value $kind $name)),*))) }
        }
    )*};
    (@type & $type:ty) => { *const $type };
    (@type = $type:ty) => { $type };
    (@value & $name:ident) => { at($name) };
    (@value = $name:ident) => { $name };
    (@result $rust:ident($($value:expr),*)) => { rust::$rust($($value),*) };
}

/// Functions of the header from an array to a pointer for the result.
macro_rules! functions_of_arrays {
    ($($c:ident = $rust:expr, [$item:ty] -> $output:ty;)*) => {$(
        /// The function of [`rust`] of that name for C.
        ///
        /// # Safety
        ///
        /// Pointers must be what the header says, aligned as its types are.
        #[unsafe(no_mangle)]
        pub(super) unsafe extern "C" fn $c(items: *const $item, count: usize, output: *mut $output) -> Status {
            // SAFETY: as promised by the caller.
            unsafe { put(output, $rust(all(items, count))) }
        }
    )*};
}

functions_of_arrays! {
    zkvm_keccak256 = |data: &[u8]| Ok(rust::keccak256(data)), [u8] -> Bytes<32>;
    zkvm_sha256 = |data: &[u8]| Ok(rust::sha256(data)), [u8] -> Bytes<32>;
    zkvm_ripemd160 = |data: &[u8]| Ok(rust::ripemd160(data)), [u8] -> Bytes<32>;
    zkvm_bn254_pairing = rust::bn254_pairing, [Bn254PairingPair] -> bool;
    zkvm_bls12_g1_msm = rust::bls12_g1_msm, [Bls12G1MsmPair] -> Bytes<96>;
    zkvm_bls12_g2_msm = rust::bls12_g2_msm, [Bls12G2MsmPair] -> Bytes<192>;
    zkvm_bls12_pairing = rust::bls12_pairing, [Bls12PairingPair] -> bool;
}

functions! {
    zkvm_secp256k1_verify = secp256k1_verify(msg: & Bytes<32>, sig: & Bytes<64>, pubkey: & Bytes<64>) -> bool;
    zkvm_secp256k1_ecrecover = secp256k1_ecrecover(msg: & Bytes<32>, sig: & Bytes<64>, recid: = u8) -> Bytes<64>;
    zkvm_bn254_g1_add = bn254_g1_add(p1: & Bytes<64>, p2: & Bytes<64>) -> Bytes<64>;
    zkvm_bn254_g1_mul = bn254_g1_mul(point: & Bytes<64>, scalar: & Bytes<32>) -> Bytes<64>;
    zkvm_kzg_point_eval =
        kzg_point_eval(commitment: & Bytes<48>, z: & Bytes<32>, y: & Bytes<32>, proof: & Bytes<48>) -> bool;
    zkvm_bls12_g1_add = bls12_g1_add(p1: & Bytes<96>, p2: & Bytes<96>) -> Bytes<96>;
    zkvm_bls12_g2_add = bls12_g2_add(p1: & Bytes<192>, p2: & Bytes<192>) -> Bytes<192>;
    zkvm_bls12_map_fp_to_g1 = bls12_map_fp_to_g1(field_element: & Bytes<48>) -> Bytes<96>;
    zkvm_bls12_map_fp2_to_g2 = bls12_map_fp2_to_g2(field_element: & Bytes<96>) -> Bytes<192>;
    zkvm_secp256r1_verify = secp256r1_verify(msg: & Bytes<32>, sig: & Bytes<64>, pubkey: & Bytes<64>) -> bool;
}

/// [`modexp`](rust::modexp) for C.
///
/// # Safety
///
/// Pointers must be what the header says; `output` has `mod_len` bytes.
#[unsafe(no_mangle)]
pub(super) unsafe extern "C" fn zkvm_modexp(
    base: *const u8,
    base_len: usize,
    exp: *const u8,
    exp_len: usize,
    modulus: *const u8,
    mod_len: usize,
    output: *mut u8,
) -> Status {
    // In a place of its own, because C may give an input as the output.
    let mut place = [0; rust::MODEXP_BYTES_MAX];
    let Some(result) = place.get_mut(..mod_len) else { return EFAIL };
    assert!(mod_len == 0 || !output.is_null(), "a pointer that an accelerator is given is not null");
    // SAFETY: as promised by the caller.
    let (base, exp, modulus) = unsafe { (all(base, base_len), all(exp, exp_len), all(modulus, mod_len)) };
    let status = status(rust::modexp(base, exp, modulus, result));
    if status == EOK && mod_len > 0 {
        // SAFETY: as promised by the caller.
        unsafe { ptr::copy_nonoverlapping(result.as_ptr(), output, mod_len) };
    }
    status
}

/// [`blake2f`](rust::blake2f) for C.
///
/// # Safety
///
/// Pointers must be what the header says, aligned as its types are.
#[unsafe(no_mangle)]
pub(super) unsafe extern "C" fn zkvm_blake2f(
    rounds: u32,
    h: *mut Bytes<64>,
    m: *const Bytes<128>,
    t: *const Bytes<16>,
    f: u8,
) -> Status {
    // SAFETY: as promised by the caller.
    let (mut state, m, t) = unsafe { (*at(h), at(m), at(t)) };
    let result = rust::blake2f(rounds, &mut state, m, t, f);
    // SAFETY: as promised by the caller.
    unsafe { put(h, result.map(|()| state)) }
}

fn status(result: Result<(), Failed>) -> Status {
    result.map_or(EFAIL, |()| EOK)
}
