//! ECDSA over secp256k1 and P-256: messages are hashed by the caller, signatures are r then s, keys x then y.
//!
//! An s in the upper half of the range is as good as its negative, which is ECDSA; that some protocols forbid it is theirs
//! to check.

use k256::ecdsa::{RecoveryId, signature::hazmat::PrehashVerifier as _};

/// The first byte of a key with both coordinates (SEC 1, section 2.3.3).
const UNCOMPRESSED: u8 = 4;

/// `None` if the key is no point of the curve.
pub(super) fn secp256k1_verify(message: &[u8; 32], signature: &[u8; 64], key: &[u8; 64]) -> Option<bool> {
    let key = k256::ecdsa::VerifyingKey::from_sec1_bytes(&uncompressed(key)).ok()?;
    let Ok(signature) = k256::ecdsa::Signature::from_slice(signature) else {
        return Some(false);
    };
    // The crate takes the lower s only.
    Some(key.verify_prehash(message, &signature.normalize_s()).is_ok())
}

/// `None` if the key is no point of the curve.
pub(super) fn secp256r1_verify(message: &[u8; 32], signature: &[u8; 64], key: &[u8; 64]) -> Option<bool> {
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&uncompressed(key)).ok()?;
    let Ok(signature) = p256::ecdsa::Signature::from_slice(signature) else {
        return Some(false);
    };
    Some(key.verify_prehash(message, &signature).is_ok())
}

/// The key whose signature it is; `None` if there is none.
pub(super) fn secp256k1_recover(message: &[u8; 32], signature: &[u8; 64], recid: u32) -> Option<[u8; 64]> {
    let recid = RecoveryId::from_byte(u8::try_from(recid).ok()?)?;
    let signature = k256::ecdsa::Signature::from_slice(signature).ok()?;
    let key = k256::ecdsa::VerifyingKey::recover_from_prehash(message, &signature, recid).ok()?;
    key.to_sec1_point(false).as_bytes().get(1..)?.try_into().ok()
}

fn uncompressed(key: &[u8; 64]) -> [u8; 65] {
    let mut bytes = [UNCOMPRESSED; 65];
    bytes[1..].copy_from_slice(key);
    bytes
}
