#define _GNU_SOURCE
#include "CNetCurl.h"
#include "CNetPeer.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

struct cnet_transfer {
    CURL *easy;
    struct curl_slist *headers;
    cnet_owner owner;
    void *self;
    char message[CURL_ERROR_SIZE];
};

struct cnet_multi {
    CURLM *handle;
};

int cnet_curl_start(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }

const char *cnet_curl_message(int code) { return curl_easy_strerror((CURLcode)code); }

// MARK: URL

static bool copy_host(const char *host, char *into, size_t room) {
    size_t count = strlen(host);
    if (count >= 2 && host[0] == '[' && host[count - 1] == ']') {
        host += 1;
        count -= 2;
    }
    if (count == 0 || count >= room) return false;
    for (size_t i = 0; i < count; i++) into[i] = (char)tolower((unsigned char)host[i]);
    into[count] = 0;
    return true;
}

bool cnet_url_host(const char *url, char *into, size_t room) {
    CURLU *parts = curl_url();
    if (!parts) return false;
    char *scheme = NULL, *host = NULL;
    bool found = curl_url_set(parts, CURLUPART_URL, url, CURLU_DISALLOW_USER) == CURLUE_OK
        && curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK
        && curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK
        && (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0)
        && copy_host(host, into, room);
    curl_free(scheme);
    curl_free(host);
    curl_url_cleanup(parts);
    return found;
}

// MARK: Callbacks

static size_t on_read(char *into, size_t size, size_t count, void *context) {
    cnet_transfer *t = context;
    int64_t given = t->owner.read(t->self, into, size * count);
    return given < 0 ? CURL_READFUNC_ABORT : (size_t)given;
}

static int on_seek(void *context, curl_off_t offset, int origin) {
    cnet_transfer *t = context;
    bool again = offset == 0 && origin == SEEK_SET && t->owner.rewind(t->self);
    return again ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

static size_t on_header(char *line, size_t size, size_t count, void *context) {
    cnet_transfer *t = context;
    return t->owner.header(t->self, line, size * count) ? size * count : 0;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context) {
    cnet_transfer *t = context;
    return t->owner.body(t->self, bytes, size * count) ? size * count : 0;
}

static curl_socket_t on_socket(void *context, curlsocktype purpose, struct curl_sockaddr *peer) {
    (void)purpose;
    cnet_transfer *t = context;
    size_t count;
    const uint8_t *address = cnet_peer_address(peer, &count);
    if (!address || !t->owner.admit(t->self, address, count)) return CURL_SOCKET_BAD;
    return cnet_peer_socket(peer);
}

static int on_departure(void *context, char *peer, char *local, int peer_port, int local_port) {
    (void)local, (void)peer_port, (void)local_port;
    cnet_transfer *t = context;
    uint8_t address[16];
    size_t count;
    if (inet_pton(AF_INET, peer, address) == 1) count = 4;
    else if (inet_pton(AF_INET6, peer, address) == 1) count = 16;
    else return CURL_PREREQFUNC_ABORT;
    return t->owner.depart(t->self, address, count) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

// MARK: Transfer

cnet_transfer *cnet_transfer_create(void) {
    cnet_transfer *t = calloc(1, sizeof *t);
    if (t && !(t->easy = curl_easy_init())) {
        free(t);
        return NULL;
    }
    return t;
}

void cnet_transfer_free(cnet_transfer *t) {
    if (!t) return;
    curl_easy_cleanup(t->easy);
    curl_slist_free_all(t->headers);
    free(t);
}

void cnet_transfer_reset(cnet_transfer *t) {
    curl_easy_reset(t->easy);
    curl_slist_free_all(t->headers);
    t->headers = NULL;
    t->self = NULL;
    t->message[0] = 0;
}

bool cnet_transfer_add_header(cnet_transfer *t, const char *line) {
    struct curl_slist *longer = curl_slist_append(t->headers, line);
    if (!longer) return false;
    t->headers = longer;
    return true;
}

#define SET(option, value)                                     \
    do {                                                       \
        CURLcode code = curl_easy_setopt(t->easy, option, value); \
        if (code != CURLE_OK) return (int)code;                \
    } while (0)

static int set_rules(cnet_transfer *t) {
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    // "" and "*": the environment's proxy variables are not for us, they would see every token.
    SET(CURLOPT_PROXY, "");
    SET(CURLOPT_NOPROXY, "*");
    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    // A connection idle for longer is likely closed by the peer; a request on it would end as "unknown".
    SET(CURLOPT_MAXAGE_CONN, 30L);
    return 0;
}

static int set_callbacks(cnet_transfer *t) {
    SET(CURLOPT_READFUNCTION, on_read);
    SET(CURLOPT_READDATA, t);
    SET(CURLOPT_SEEKFUNCTION, on_seek);
    SET(CURLOPT_SEEKDATA, t);
    SET(CURLOPT_HEADERFUNCTION, on_header);
    SET(CURLOPT_HEADERDATA, t);
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, t);
    SET(CURLOPT_OPENSOCKETFUNCTION, on_socket);
    SET(CURLOPT_OPENSOCKETDATA, t);
    SET(CURLOPT_PREREQFUNCTION, on_departure);
    SET(CURLOPT_PREREQDATA, t);
    SET(CURLOPT_ERRORBUFFER, t->message);
    SET(CURLOPT_PRIVATE, t);
    return 0;
}

static int set_method(cnet_transfer *t, const cnet_request *request) {
    if (request->head_only) {
        SET(CURLOPT_NOBODY, 1L);
    } else if (request->body_size >= 0) {
        SET(CURLOPT_POST, 1L);
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_size);
    } else {
        SET(CURLOPT_HTTPGET, 1L);
    }
    SET(CURLOPT_CUSTOMREQUEST, request->method);
    return 0;
}

int cnet_transfer_prepare(cnet_transfer *t, const cnet_request *request, cnet_owner owner, void *self) {
    t->owner = owner;
    t->self = self;
    int code = set_rules(t);
    if (code == 0) code = set_callbacks(t);
    if (code == 0) code = set_method(t, request);
    if (code != 0) return code;
    SET(CURLOPT_URL, request->url);
    SET(CURLOPT_USERAGENT, request->user_agent);
    SET(CURLOPT_HTTPHEADER, t->headers);
    SET(CURLOPT_TIMEOUT_MS, request->timeout_ms);
    SET(CURLOPT_CONNECTTIMEOUT_MS, request->connect_timeout_ms);
    if (request->fresh_connection) {
        SET(CURLOPT_FRESH_CONNECT, 1L);
        SET(CURLOPT_FORBID_REUSE, 1L);
    }
    // Wait for a handshake that may turn out to be HTTP/2 in place of opening 64 connections. Without TLS libcurl
    // would wait for the first answer, one request after the other.
    SET(CURLOPT_PIPEWAIT, strncasecmp(request->url, "https:", 6) == 0 ? 1L : 0L);
    if (request->extra_ca_file) SET(CURLOPT_CAINFO, request->extra_ca_file);
    return 0;
}

cnet_outcome cnet_transfer_outcome(cnet_transfer *t) {
    cnet_outcome outcome = {.message = t->message};
    curl_off_t total = 0;
    long head = 0;
    curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &outcome.status);
    curl_easy_getinfo(t->easy, CURLINFO_REQUEST_SIZE, &head);
    curl_easy_getinfo(t->easy, CURLINFO_TOTAL_TIME_T, &total);
    outcome.head_size = head;
    outcome.total_microseconds = total;
    return outcome;
}

// MARK: Multi

cnet_multi *cnet_multi_create(long kept_connections) {
    cnet_multi *m = calloc(1, sizeof *m);
    if (m && !(m->handle = curl_multi_init())) {
        free(m);
        return NULL;
    }
    if (m) curl_multi_setopt(m->handle, CURLMOPT_MAXCONNECTS, kept_connections);
    return m;
}

void cnet_multi_free(cnet_multi *m) {
    if (!m) return;
    curl_multi_cleanup(m->handle);
    free(m);
}

int cnet_multi_add(cnet_multi *m, cnet_transfer *t) { return curl_multi_add_handle(m->handle, t->easy); }
void cnet_multi_remove(cnet_multi *m, cnet_transfer *t) { curl_multi_remove_handle(m->handle, t->easy); }

int cnet_multi_perform(cnet_multi *m) {
    int running;
    return curl_multi_perform(m->handle, &running);
}

int cnet_multi_poll(cnet_multi *m, int milliseconds) {
    return curl_multi_poll(m->handle, NULL, 0, milliseconds, NULL);
}

void cnet_multi_wakeup(cnet_multi *m) { curl_multi_wakeup(m->handle); }

cnet_transfer *cnet_multi_next_done(cnet_multi *m, int *code) {
    int left;
    CURLMsg *message;
    while ((message = curl_multi_info_read(m->handle, &left))) {
        if (message->msg != CURLMSG_DONE) continue;
        char *private = NULL;
        *code = (int)message->data.result;
        CURL *easy = message->easy_handle;
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private);
        curl_multi_remove_handle(m->handle, easy);
        return (cnet_transfer *)(void *)private;
    }
    return NULL;
}
