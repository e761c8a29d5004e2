/* One call of an accelerator, through zkvm_accelerators.h. The first byte of the input is the function's place in the header;
   behind it are its inputs in order: structs as they are, numbers little-endian, data and arrays behind their length in bytes. */
#include <assay_guest.h>
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <zkvm_accelerators.h>

static const uint8_t *rest;
static size_t left;

static const uint8_t *take(size_t size) {
    assert(size <= left);
    const uint8_t *taken = rest;
    rest += size;
    left -= size;
    return taken;
}

static uint8_t byte(void) { return *take(1); }

static uint32_t word(void) {
    uint32_t value;
    memcpy(&value, take(sizeof value), sizeof value);
    return value;
}

struct bytes {
    const uint8_t *data;
    size_t size;
};

static struct bytes data(void) {
    size_t size = word();
    return (struct bytes){take(size), size};
}

/* Structs, where structs may be. */
static void *structs(size_t each, size_t *count) {
    struct bytes given = data();
    assert(given.size % each == 0);
    *count = given.size / each;
    void *copy = malloc(given.size + 1);
    assert(copy != NULL);
    return memcpy(copy, given.data, given.size);
}

static void give(zkvm_status status, const void *output, size_t size) {
    int32_t number = status;
    assert(left == 0);
    write_output((const uint8_t *)&number, sizeof number);
    if (status == ZKVM_EOK) write_output(output, size);
}

#define TAKE(type, name) \
    type name;           \
    memcpy(&name, take(sizeof name), sizeof name)
#define PAIRS(type) \
    size_t count;   \
    const type *pairs = structs(sizeof *pairs, &count)
/* What a call that fails must leave as it was. */
#define RESULT(type, name) \
    type name, name##_before;                    \
    memset(&name, 0x5a, sizeof name);            \
    memset(&name##_before, 0x5a, sizeof name)
#define GIVE(call, name)                                                                       \
    do {                                                                                       \
        zkvm_status status = (call);                                                           \
        assert(status == ZKVM_EOK || memcmp(&name, &name##_before, sizeof name) == 0);         \
        give(status, &name, sizeof name);                                                      \
    } while (0)

static void hash(zkvm_status (*of)(const uint8_t *, size_t, zkvm_bytes_32 *)) {
    struct bytes given = data();
    RESULT(zkvm_bytes_32, output);
    GIVE(of(given.data, given.size, &output), output);
}

static void verify(
    zkvm_status (*of)(const zkvm_bytes_32 *, const zkvm_bytes_64 *, const zkvm_bytes_64 *, bool *)) {
    TAKE(zkvm_bytes_32, message);
    TAKE(zkvm_bytes_64, signature);
    TAKE(zkvm_bytes_64, key);
    uint8_t verified = 0x5a;
    zkvm_status status = of(&message, &signature, &key, (bool *)&verified);
    assert(status == ZKVM_EOK || verified == 0x5a);
    give(status, &verified, 1);
}

static void modexp(void) {
    struct bytes base = data(), exponent = data(), modulus = data();
    uint8_t *output = calloc(modulus.size + 1, 1);
    assert(output != NULL);
    zkvm_status status =
        zkvm_modexp(base.data, base.size, exponent.data, exponent.size, modulus.data, modulus.size, output);
    give(status, output, modulus.size);
}

static void blake2f(void) {
    uint32_t rounds = word();
    TAKE(zkvm_blake2f_state, h);
    TAKE(zkvm_blake2f_message, m);
    TAKE(zkvm_blake2f_offset, t);
    zkvm_blake2f_state h_before = h;
    GIVE(zkvm_blake2f(rounds, &h, &m, &t, byte()), h);
}

static void kzg(void) {
    TAKE(zkvm_kzg_commitment, commitment);
    TAKE(zkvm_kzg_field_element, z);
    TAKE(zkvm_kzg_field_element, y);
    TAKE(zkvm_kzg_proof, proof);
    bool verified;
    give(zkvm_kzg_point_eval(&commitment, &z, &y, &proof, &verified), &verified, 1);
}

#define SUM(of, type)       \
    do {                    \
        TAKE(type, one);    \
        TAKE(type, other);  \
        RESULT(type, sum);  \
        GIVE(of(&one, &other, &sum), sum); \
    } while (0)
#define MSM(of, pair, type)        \
    do {                           \
        PAIRS(pair);               \
        RESULT(type, sum);         \
        GIVE(of(pairs, count, &sum), sum); \
    } while (0)
#define PAIRING(of, pair)                                   \
    do {                                                    \
        PAIRS(pair);                                        \
        bool verified;                                      \
        give(of(pairs, count, &verified), &verified, 1);    \
    } while (0)
#define MAP(of, from, to)          \
    do {                           \
        TAKE(from, element);       \
        RESULT(to, point);         \
        GIVE(of(&element, &point), point); \
    } while (0)

static void ecrecover(void) {
    TAKE(zkvm_secp256k1_hash, message);
    TAKE(zkvm_secp256k1_signature, signature);
    RESULT(zkvm_secp256k1_pubkey, key);
    GIVE(zkvm_secp256k1_ecrecover(&message, &signature, byte(), &key), key);
}

static void bn254_mul(void) {
    TAKE(zkvm_bn254_g1_point, point);
    TAKE(zkvm_bn254_scalar, scalar);
    RESULT(zkvm_bn254_g1_point, product);
    GIVE(zkvm_bn254_g1_mul(&point, &scalar, &product), product);
}

int main(void) {
    read_input(&rest, &left);
    switch (byte()) {
    case 0: hash(zkvm_keccak256); break;
    case 1: verify(zkvm_secp256k1_verify); break;
    case 2: ecrecover(); break;
    case 3: hash(zkvm_sha256); break;
    case 4: hash(zkvm_ripemd160); break;
    case 5: modexp(); break;
    case 6: SUM(zkvm_bn254_g1_add, zkvm_bn254_g1_point); break;
    case 7: bn254_mul(); break;
    case 8: PAIRING(zkvm_bn254_pairing, zkvm_bn254_pairing_pair); break;
    case 9: blake2f(); break;
    case 10: kzg(); break;
    case 11: SUM(zkvm_bls12_g1_add, zkvm_bls12_381_g1_point); break;
    case 12: MSM(zkvm_bls12_g1_msm, zkvm_bls12_381_g1_msm_pair, zkvm_bls12_381_g1_point); break;
    case 13: SUM(zkvm_bls12_g2_add, zkvm_bls12_381_g2_point); break;
    case 14: MSM(zkvm_bls12_g2_msm, zkvm_bls12_381_g2_msm_pair, zkvm_bls12_381_g2_point); break;
    case 15: PAIRING(zkvm_bls12_pairing, zkvm_bls12_381_pairing_pair); break;
    case 16: MAP(zkvm_bls12_map_fp_to_g1, zkvm_bls12_381_fp, zkvm_bls12_381_g1_point); break;
    case 17: MAP(zkvm_bls12_map_fp2_to_g2, zkvm_bls12_381_fp2, zkvm_bls12_381_g2_point); break;
    case 18: verify(zkvm_secp256r1_verify); break;
    default: guest_panic("there is no such accelerator");
    }
    return 0;
}
