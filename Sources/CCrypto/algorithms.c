#include "algorithms.h"

#include <pthread.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static EVP_MD *sha256;
static EVP_CIPHER *gcm;
static EVP_MAC *hmac;

static void fetch(void) {
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
    hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
}

EVP_MD *ccrypto_sha256_algorithm(void) {
    pthread_once(&once, fetch);
    return sha256;
}

EVP_CIPHER *ccrypto_gcm_algorithm(void) {
    pthread_once(&once, fetch);
    return gcm;
}

EVP_MAC *ccrypto_hmac_algorithm(void) {
    pthread_once(&once, fetch);
    return hmac;
}
