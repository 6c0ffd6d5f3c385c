#include "CTestTLS.h"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ctest_tls {
    SSL_CTX *context;
    bool offer_http2;
};

struct ctest_tls_connection {
    SSL *ssl;
};

static int choose_protocol(
    SSL *ssl, const unsigned char **out, unsigned char *out_count, const unsigned char *offered,
    unsigned int offered_count, void *tls) {
    (void)ssl;
    const char *wanted = ((ctest_tls *)tls)->offer_http2 ? "\x02h2\x08http/1.1" : "\x08http/1.1";
    int found = SSL_select_next_proto(
        (unsigned char **)out, out_count, (const unsigned char *)wanted, (unsigned int)strlen(wanted), offered,
        offered_count);
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

static bool add_extension(X509 *certificate, int nid, const char *value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    if (!extension) return false;
    bool added = X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

static X509 *self_signed(EVP_PKEY *key, const char *host) {
    X509 *certificate = X509_new();
    if (!certificate) return NULL;
    char names[300];
    snprintf(names, sizeof names, "DNS:%s", host);
    X509_NAME *name = X509_get_subject_name(certificate);
    bool made = X509_set_version(certificate, 2) == 1
        && ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1) == 1
        && X509_gmtime_adj(X509_getm_notBefore(certificate), -3600) != NULL
        && X509_gmtime_adj(X509_getm_notAfter(certificate), 86400) != NULL
        && X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)host, -1, -1, 0) == 1
        && X509_set_issuer_name(certificate, name) == 1
        && X509_set_pubkey(certificate, key) == 1
        && add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE")
        && add_extension(certificate, NID_subject_alt_name, names)
        && X509_sign(certificate, key, EVP_sha256()) > 0;
    if (made) return certificate;
    X509_free(certificate);
    return NULL;
}

static bool write_pem(X509 *certificate, const char *path) {
    FILE *file = fopen(path, "w");
    if (!file) return false;
    bool written = PEM_write_X509(file, certificate) == 1;
    return fclose(file) == 0 && written;
}

ctest_tls *ctest_tls_create(const char *host, bool offer_http2, const char *certificate_file) {
    ctest_tls *tls = calloc(1, sizeof *tls);
    if (!tls) return NULL;
    tls->offer_http2 = offer_http2;
    tls->context = SSL_CTX_new(TLS_server_method());
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = key ? self_signed(key, host) : NULL;
    bool made = tls->context && certificate && SSL_CTX_use_certificate(tls->context, certificate) == 1
        && SSL_CTX_use_PrivateKey(tls->context, key) == 1 && write_pem(certificate, certificate_file);
    if (made) SSL_CTX_set_alpn_select_cb(tls->context, choose_protocol, tls);
    X509_free(certificate);
    EVP_PKEY_free(key);
    if (made) return tls;
    ctest_tls_free(tls);
    return NULL;
}

void ctest_tls_free(ctest_tls *tls) {
    if (!tls) return;
    SSL_CTX_free(tls->context);
    free(tls);
}

ctest_tls_connection *ctest_tls_accept(ctest_tls *tls, int socket) {
    ctest_tls_connection *connection = calloc(1, sizeof *connection);
    if (!connection) return NULL;
    connection->ssl = SSL_new(tls->context);
    if (connection->ssl && SSL_set_fd(connection->ssl, socket) == 1 && SSL_accept(connection->ssl) == 1)
        return connection;
    ctest_tls_connection_free(connection);
    return NULL;
}

void ctest_tls_connection_free(ctest_tls_connection *connection) {
    if (!connection) return;
    SSL_free(connection->ssl);
    free(connection);
}

bool ctest_tls_is_http2(ctest_tls_connection *connection) {
    const unsigned char *protocol = NULL;
    unsigned int count = 0;
    SSL_get0_alpn_selected(connection->ssl, &protocol, &count);
    return count == 2 && memcmp(protocol, "h2", 2) == 0;
}

int ctest_tls_read(ctest_tls_connection *connection, void *into, size_t room) {
    return SSL_read(connection->ssl, into, (int)room);
}

int ctest_tls_write(ctest_tls_connection *connection, const void *bytes, size_t count) {
    return SSL_write(connection->ssl, bytes, (int)count);
}
