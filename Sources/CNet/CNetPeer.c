#define _GNU_SOURCE
#include "CNetPeer.h"

#include <netinet/in.h>
#include <sys/socket.h>

const uint8_t *cnet_peer_address(const struct curl_sockaddr *peer, size_t *count) {
    switch (peer->family) {
    case AF_INET:
        *count = 4;
        return (const uint8_t *)&((const struct sockaddr_in *)&peer->addr)->sin_addr;
    case AF_INET6:
        *count = 16;
        return (const uint8_t *)&((const struct sockaddr_in6 *)&peer->addr)->sin6_addr;
    default:
        return NULL;
    }
}

curl_socket_t cnet_peer_socket(const struct curl_sockaddr *peer) {
    return socket(peer->family, peer->socktype | SOCK_CLOEXEC, peer->protocol);
}
