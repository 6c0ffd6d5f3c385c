// libcurl under names of our own: its option functions are variadic, which Swift cannot call.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What libcurl asks of a transfer's owner while it runs. `self` is the pointer given to `cnet_transfer_prepare`.
typedef struct cnet_owner {
    /// Copies the next bytes of the request's body and says how many; negative stops the transfer.
    int64_t (*read)(void *self, char *into, size_t room);
    /// libcurl wants to send the body a second time; false forbids it (CURLE_SEND_FAIL_REWIND).
    bool (*rewind)(void *self);
    /// One line of the answer's head, with its line end. False stops the transfer.
    bool (*header)(void *self, const char *line, size_t count);
    /// A piece of the answer's body. False stops the transfer.
    bool (*body)(void *self, const char *bytes, size_t count);
    /// Asked before a socket to this address (4 or 16 bytes) is made. False: no packet leaves.
    bool (*admit)(void *self, const uint8_t *address, size_t count);
    /// Asked when connected, also on a connection used before, right before the request leaves.
    bool (*depart)(void *self, const uint8_t *address, size_t count);
} cnet_owner;

typedef struct cnet_request {
    const char *method;
    const char *url;
    const char *user_agent;
    /// Trusted beside the system's authorities; NULL for none.
    const char *extra_ca_file;
    /// Negative: the request has no body.
    int64_t body_size;
    bool head_only;
    /// Neither takes a kept connection nor leaves one behind.
    bool fresh_connection;
    long timeout_ms;
    long connect_timeout_ms;
} cnet_request;

typedef struct cnet_outcome {
    long status;
    /// Head bytes written to the connection.
    int64_t head_size;
    int64_t total_microseconds;
    /// libcurl's own words, "" if it has none; valid until the transfer's next use.
    const char *message;
} cnet_outcome;

typedef struct cnet_transfer cnet_transfer;
typedef struct cnet_multi cnet_multi;

/// Once per process, before everything else here.
int cnet_curl_start(void);
/// What a result code of libcurl means, in its own words.
const char *cnet_curl_message(int code);

/// Writes the host that libcurl itself would connect to, lower case, IPv6 without brackets, NUL-terminated.
/// False for what is not an absolute http or https URL, carries a user name, or does not fit.
bool cnet_url_host(const char *url, char *into, size_t room);

cnet_transfer *cnet_transfer_create(void);
void cnet_transfer_free(cnet_transfer *transfer);
/// Adds `Name: value`. Call before `cnet_transfer_prepare`.
bool cnet_transfer_add_header(cnet_transfer *transfer, const char *line);
/// 0 or the code of the option that libcurl refused.
int cnet_transfer_prepare(cnet_transfer *transfer, const cnet_request *request, cnet_owner owner, void *self);
/// Valid once the transfer has ended.
cnet_outcome cnet_transfer_outcome(cnet_transfer *transfer);
/// Forgets the request, keeps the memory for the next one. Call when it is in no multi handle.
void cnet_transfer_reset(cnet_transfer *transfer);

cnet_multi *cnet_multi_create(long kept_connections);
void cnet_multi_free(cnet_multi *multi);
int cnet_multi_add(cnet_multi *multi, cnet_transfer *transfer);
void cnet_multi_remove(cnet_multi *multi, cnet_transfer *transfer);
int cnet_multi_perform(cnet_multi *multi);
int cnet_multi_poll(cnet_multi *multi, int milliseconds);
/// The one call that any thread may make.
void cnet_multi_wakeup(cnet_multi *multi);
/// The next transfer that has ended, already removed from `multi`, and its code; NULL when there is none.
cnet_transfer *cnet_multi_next_done(cnet_multi *multi, int *code);
