/* The accelerators of the zkVM standards: what Ethereum's precompiles compute, a call each.

   https://github.com/eth-act/zkvm-standards, standards/c-interface-accelerators. How a call is computed is the
   platform's; `assay platform show` says it. A call that fails leaves its output as it was. A pointer must be valid,
   and aligned as its type is; null ends the guest with a panic. Numbers in bytes are big-endian, points are x and then
   y, with infinity as zeros. */
#ifndef ZKVM_ACCELERATORS_H
#define ZKVM_ACCELERATORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define ZKVM_ALIGNED alignas(8)
#else
#define ZKVM_ALIGNED _Alignas(8)
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    ZKVM_EOK = 0,
    ZKVM_EFAIL = -1
} zkvm_status;

/* Structs are whole words of 8 bytes, and aligned to them. */
typedef struct { ZKVM_ALIGNED uint8_t data[16]; } zkvm_bytes_16;
typedef struct { ZKVM_ALIGNED uint8_t data[32]; } zkvm_bytes_32;
typedef struct { ZKVM_ALIGNED uint8_t data[48]; } zkvm_bytes_48;
typedef struct { ZKVM_ALIGNED uint8_t data[64]; } zkvm_bytes_64;
typedef struct { ZKVM_ALIGNED uint8_t data[96]; } zkvm_bytes_96;
typedef struct { ZKVM_ALIGNED uint8_t data[128]; } zkvm_bytes_128;
typedef struct { ZKVM_ALIGNED uint8_t data[192]; } zkvm_bytes_192;

typedef zkvm_bytes_32 zkvm_keccak256_hash;
typedef zkvm_bytes_32 zkvm_sha256_hash;
/* 12 zero bytes, then the digest. */
typedef zkvm_bytes_32 zkvm_ripemd160_hash;

typedef zkvm_bytes_32 zkvm_secp256k1_hash;
/* r, then s. */
typedef zkvm_bytes_64 zkvm_secp256k1_signature;
typedef zkvm_bytes_64 zkvm_secp256k1_pubkey;

typedef zkvm_bytes_32 zkvm_secp256r1_hash;
typedef zkvm_bytes_64 zkvm_secp256r1_signature;
typedef zkvm_bytes_64 zkvm_secp256r1_pubkey;

typedef zkvm_bytes_64 zkvm_bn254_g1_point;
/* Of x and of y the imaginary part, then the real one. */
typedef zkvm_bytes_128 zkvm_bn254_g2_point;
typedef zkvm_bytes_32 zkvm_bn254_scalar;

typedef struct {
    zkvm_bn254_g1_point g1;
    zkvm_bn254_g2_point g2;
} zkvm_bn254_pairing_pair;

typedef zkvm_bytes_64 zkvm_blake2f_state;
typedef zkvm_bytes_128 zkvm_blake2f_message;
typedef zkvm_bytes_16 zkvm_blake2f_offset;

/* Compressed points. */
typedef zkvm_bytes_48 zkvm_kzg_commitment;
typedef zkvm_bytes_48 zkvm_kzg_proof;
typedef zkvm_bytes_32 zkvm_kzg_field_element;

typedef zkvm_bytes_48 zkvm_bls12_381_fp;
/* The real part, then the imaginary one. */
typedef zkvm_bytes_96 zkvm_bls12_381_fp2;
typedef zkvm_bytes_96 zkvm_bls12_381_g1_point;
typedef zkvm_bytes_192 zkvm_bls12_381_g2_point;
typedef zkvm_bytes_32 zkvm_bls12_381_scalar;

typedef struct {
    zkvm_bls12_381_g1_point point;
    zkvm_bls12_381_scalar scalar;
} zkvm_bls12_381_g1_msm_pair;

typedef struct {
    zkvm_bls12_381_g2_point point;
    zkvm_bls12_381_scalar scalar;
} zkvm_bls12_381_g2_msm_pair;

typedef struct {
    zkvm_bls12_381_g1_point g1;
    zkvm_bls12_381_g2_point g2;
} zkvm_bls12_381_pairing_pair;

/* Keccak-256 with the padding that Ethereum kept, not SHA-3's. */
zkvm_status zkvm_keccak256(const uint8_t *data, size_t len, zkvm_keccak256_hash *output);

/* Whether a signature is good; a high s is. Fails if the key is no point. */
zkvm_status zkvm_secp256k1_verify(
    const zkvm_secp256k1_hash *msg,
    const zkvm_secp256k1_signature *sig,
    const zkvm_secp256k1_pubkey *pubkey,
    bool *verified);

/* The key that signed. recid is the parity of y, plus 2 if x is r + n. Fails if there is no such key. */
zkvm_status zkvm_secp256k1_ecrecover(
    const zkvm_secp256k1_hash *msg,
    const zkvm_secp256k1_signature *sig,
    uint8_t recid,
    zkvm_secp256k1_pubkey *output);

/* SHA-256. */
zkvm_status zkvm_sha256(const uint8_t *data, size_t len, zkvm_sha256_hash *output);

/* RIPEMD-160. */
zkvm_status zkvm_ripemd160(const uint8_t *data, size_t len, zkvm_ripemd160_hash *output);

/* base ^ exp % modulus, as mod_len bytes. 0 ^ 0 is 1, and modulo 0 is 0. Fails for a number of more than 1024 bytes. */
zkvm_status zkvm_modexp(
    const uint8_t *base,
    size_t base_len,
    const uint8_t *exp,
    size_t exp_len,
    const uint8_t *modulus,
    size_t mod_len,
    uint8_t *output);

/* p1 + p2. Fails for a coordinate of p or more, and off the curve. */
zkvm_status zkvm_bn254_g1_add(
    const zkvm_bn254_g1_point *p1,
    const zkvm_bn254_g1_point *p2,
    zkvm_bn254_g1_point *result);

/* scalar * point; the scalar may be any number. Fails as the sum does. */
zkvm_status zkvm_bn254_g1_mul(
    const zkvm_bn254_g1_point *point,
    const zkvm_bn254_scalar *scalar,
    zkvm_bn254_g1_point *result);

/* Whether the product of the pairings is 1. Fails as the sum does, and for a g2 outside of the subgroup. */
zkvm_status zkvm_bn254_pairing(const zkvm_bn254_pairing_pair *pairs, size_t num_pairs, bool *verified);

/* So many rounds of BLAKE2b's compression, in h; words are little-endian. Fails if f is neither 0 nor 1. */
zkvm_status zkvm_blake2f(
    uint32_t rounds,
    zkvm_blake2f_state *h,
    const zkvm_blake2f_message *m,
    const zkvm_blake2f_offset *t,
    uint8_t f);

/* Whether what was committed to is y at z. Fails for a number of the group's order or more, and for no point. */
zkvm_status zkvm_kzg_point_eval(
    const zkvm_kzg_commitment *commitment,
    const zkvm_kzg_field_element *z,
    const zkvm_kzg_field_element *y,
    const zkvm_kzg_proof *proof,
    bool *verified);

/* p1 + p2, in the subgroup or not. Fails for a coordinate of p or more, and off the curve. */
zkvm_status zkvm_bls12_g1_add(
    const zkvm_bls12_381_g1_point *p1,
    const zkvm_bls12_381_g1_point *p2,
    zkvm_bls12_381_g1_point *result);

/* The sum of scalar * point; scalars may be any numbers. Fails as the sum of two does, outside of the subgroup, and for
   no pairs. */
zkvm_status zkvm_bls12_g1_msm(
    const zkvm_bls12_381_g1_msm_pair *pairs,
    size_t num_pairs,
    zkvm_bls12_381_g1_point *result);

/* As zkvm_bls12_g1_add. */
zkvm_status zkvm_bls12_g2_add(
    const zkvm_bls12_381_g2_point *p1,
    const zkvm_bls12_381_g2_point *p2,
    zkvm_bls12_381_g2_point *result);

/* As zkvm_bls12_g1_msm. */
zkvm_status zkvm_bls12_g2_msm(
    const zkvm_bls12_381_g2_msm_pair *pairs,
    size_t num_pairs,
    zkvm_bls12_381_g2_point *result);

/* Whether the product of the pairings is 1. Fails as zkvm_bls12_g1_msm. */
zkvm_status zkvm_bls12_pairing(const zkvm_bls12_381_pairing_pair *pairs, size_t num_pairs, bool *verified);

/* The point of the subgroup that an element is mapped to. Fails for an element of p or more. */
zkvm_status zkvm_bls12_map_fp_to_g1(const zkvm_bls12_381_fp *field_element, zkvm_bls12_381_g1_point *result);

/* As zkvm_bls12_map_fp_to_g1. */
zkvm_status zkvm_bls12_map_fp2_to_g2(
    const zkvm_bls12_381_fp2 *field_element,
    zkvm_bls12_381_g2_point *result);

/* As zkvm_secp256k1_verify. */
zkvm_status zkvm_secp256r1_verify(
    const zkvm_secp256r1_hash *msg,
    const zkvm_secp256r1_signature *sig,
    const zkvm_secp256r1_pubkey *pubkey,
    bool *verified);

#ifdef __cplusplus
}
#endif

#endif
