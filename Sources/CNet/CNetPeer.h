#ifndef CNET_PEER_H
#define CNET_PEER_H

#include <curl/curl.h>
#include <stdint.h>

/// The bytes of the address that libcurl is about to connect to, in network order; NULL for a family that is not IP.
const uint8_t *cnet_peer_address(const struct curl_sockaddr *peer, size_t *count);

/// A socket for it that no child process inherits.
curl_socket_t cnet_peer_socket(const struct curl_sockaddr *peer);

#endif
