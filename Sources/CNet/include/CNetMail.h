// Mail through libcurl, in one call that blocks.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Asked before a socket to this address (4 or 16 bytes) is made. False: no packet leaves.
typedef bool (*cnet_mail_admit)(const uint8_t *address, size_t count);

typedef struct cnet_mail {
    /// `smtp://host[:port]/name` or `smtps://…`; the name is what we greet with.
    const char *url;
    /// NULL for none.
    const char *user;
    const char *password;
    /// Trusted beside the system's authorities; NULL for none.
    const char *extra_ca_file;
    /// Bare addresses.
    const char *from;
    const char *const *to;
    size_t to_count;
    /// The message with CRLF line ends; dots at the start of a line are doubled here.
    const char *bytes;
    size_t count;
    /// Without it, nothing is said before TLS stands.
    bool may_be_plain;
    cnet_mail_admit admit;
    long timeout_ms;
} cnet_mail;

typedef struct cnet_mail_outcome {
    /// libcurl's code; 0 when the server has taken the message for every recipient.
    int code;
    /// The last reply of the server, 0 for none.
    long reply;
    /// libcurl's own words, "" for none.
    char words[256];
} cnet_mail_outcome;

/// Safe from any thread once `cnet_curl_start` has run.
cnet_mail_outcome cnet_mail_send(const cnet_mail *mail);

typedef enum cnet_url_part {
    CNET_URL_SCHEME,
    CNET_URL_HOST,
    CNET_URL_PORT,
    CNET_URL_USER,
    CNET_URL_PASSWORD,
    CNET_URL_PATH,
    CNET_URL_QUERY,
} cnet_url_part;

/// Writes a part of any absolute URL, decoded and NUL-terminated. False for what is none, has no such part, or does
/// not fit.
bool cnet_url_read(const char *url, cnet_url_part part, char *into, size_t room);
