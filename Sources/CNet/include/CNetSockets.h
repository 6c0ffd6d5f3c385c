#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Sockets, epoll and eventfd: GNU and Linux interfaces that Swift's Glibc module does not show.
// Every descriptor made here is close-on-exec and non-blocking. Failures are -errno.

enum { CNET_READABLE = 1, CNET_WRITABLE = 2, CNET_HUNG_UP = 4 };

typedef struct {
    uint64_t token;
    uint32_t flags;
} cnet_event;

// A listening socket on a numeric IPv4 or IPv6 address; `shared` sets SO_REUSEPORT, so that each loop has its own.
int cnet_listen(const char *address, uint16_t port, bool shared);
int cnet_bound_port(int fd);
// The next connection, with TCP_NODELAY; `peer` gets its address as IPv6, IPv4 mapped.
int cnet_accept(int fd, uint8_t peer[16]);

int cnet_epoll(void);
// Level-triggered, readable only: for listeners and the wake-up descriptor.
int cnet_watch(int epoll, int fd, uint64_t token);
// Edge-triggered, both directions, registered once for a connection's whole life.
int cnet_watch_edges(int epoll, int fd, uint64_t token);
int cnet_unwatch(int epoll, int fd);
// Waits up to `milliseconds` (-1: for ever); returns how many events were put, 0 also when interrupted.
int cnet_wait(int epoll, cnet_event *events, int capacity, int milliseconds);

int cnet_eventfd(void);
void cnet_wake(int fd);
void cnet_drain(int fd);

// Bytes received; 0 at the peer's end; -EAGAIN when there is nothing now.
long cnet_receive(int fd, void *bytes, size_t count);
// Bytes taken by the kernel, never raising SIGPIPE; `more` says that another call follows at once.
long cnet_send(int fd, const void *bytes, size_t count, bool more);
void cnet_close(int fd);
// No more will be sent; the peer reads its end.
void cnet_shut_down_sending(int fd);
int cnet_cores(void);
// Raises the limit of open files to what the system allows this process.
void cnet_raise_file_limit(void);
