// The server's side of TLS, for tests alone: the program itself only ever speaks TLS as a client, through libcurl.
#pragma once

#include <stdbool.h>
#include <stddef.h>

typedef struct ctest_tls ctest_tls;
typedef struct ctest_tls_connection ctest_tls_connection;

/// A fresh key and a certificate for `host` that signs itself, written to `certificate_file` as PEM.
ctest_tls *ctest_tls_create(const char *host, bool offer_http2, const char *certificate_file);
void ctest_tls_free(ctest_tls *tls);

/// Shakes hands on a connected socket; NULL when that fails. The socket stays the caller's.
ctest_tls_connection *ctest_tls_accept(ctest_tls *tls, int socket);
void ctest_tls_connection_free(ctest_tls_connection *connection);
bool ctest_tls_is_http2(ctest_tls_connection *connection);
/// Bytes moved; 0 or less at the connection's end.
int ctest_tls_read(ctest_tls_connection *connection, void *into, size_t room);
int ctest_tls_write(ctest_tls_connection *connection, const void *bytes, size_t count);
