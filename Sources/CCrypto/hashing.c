#include "CCrypto.h"
#include "algorithms.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>
#include <openssl/rand.h>

bool ccrypto_random(uint8_t *bytes, size_t count) {
    return count <= INT32_MAX && RAND_bytes(bytes, (int)count) == 1;
}

bool ccrypto_equal(const uint8_t *a, const uint8_t *b, size_t count) {
    return CRYPTO_memcmp(a, b, count) == 0;
}

ccrypto_hash *ccrypto_sha256_new(void) {
    EVP_MD *algorithm = ccrypto_sha256_algorithm();
    EVP_MD_CTX *context = algorithm ? EVP_MD_CTX_new() : NULL;
    if (context && EVP_DigestInit_ex2(context, algorithm, NULL) != 1) {
        EVP_MD_CTX_free(context);
        return NULL;
    }
    return (ccrypto_hash *)context;
}

bool ccrypto_sha256_update(ccrypto_hash *hash, const uint8_t *bytes, size_t count) {
    return EVP_DigestUpdate((EVP_MD_CTX *)hash, bytes, count) == 1;
}

bool ccrypto_sha256_final(ccrypto_hash *hash, uint8_t digest[32]) {
    return EVP_DigestFinal_ex((EVP_MD_CTX *)hash, digest, NULL) == 1;
}

void ccrypto_sha256_free(ccrypto_hash *hash) { EVP_MD_CTX_free((EVP_MD_CTX *)hash); }

static bool hmac(
    const char *digest, const uint8_t *key, size_t key_count, const uint8_t *bytes, size_t count, uint8_t *code,
    size_t code_count) {
    EVP_MAC *algorithm = ccrypto_hmac_algorithm();
    EVP_MAC_CTX *context = algorithm ? EVP_MAC_CTX_new(algorithm) : NULL;
    if (!context) return false;
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)digest, 0), OSSL_PARAM_construct_end()};
    // A NULL key would mean "keep the former one".
    const uint8_t none = 0;
    bool done = EVP_MAC_init(context, key_count ? key : &none, key_count, parameters) == 1
        && EVP_MAC_update(context, bytes, count) == 1 && EVP_MAC_final(context, code, NULL, code_count) == 1;
    EVP_MAC_CTX_free(context);
    return done;
}

bool ccrypto_hmac_sha256(
    const uint8_t *key, size_t key_count, const uint8_t *bytes, size_t count, uint8_t code[32]) {
    return hmac("SHA256", key, key_count, bytes, count, code, 32);
}

bool ccrypto_hmac_sha1(
    const uint8_t *key, size_t key_count, const uint8_t *bytes, size_t count, uint8_t code[20]) {
    return hmac("SHA1", key, key_count, bytes, count, code, 20);
}
