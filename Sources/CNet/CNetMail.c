#define _GNU_SOURCE
#include "CNetMail.h"
#include "CNetPeer.h"

#include <curl/curl.h>
#include <string.h>
#include <sys/socket.h>

typedef struct {
    const char *bytes;
    size_t left;
} reading;

static size_t on_read(char *into, size_t size, size_t count, void *context) {
    reading *r = context;
    size_t given = size * count < r->left ? size * count : r->left;
    memcpy(into, r->bytes, given);
    r->bytes += given;
    r->left -= given;
    return given;
}

static curl_socket_t on_socket(void *context, curlsocktype purpose, struct curl_sockaddr *peer) {
    (void)purpose;
    const cnet_mail *mail = context;
    size_t count;
    const uint8_t *address = cnet_peer_address(peer, &count);
    if (!address || !mail->admit(address, count)) return CURL_SOCKET_BAD;
    return cnet_peer_socket(peer);
}

/// What the server answers is of no use to us; libcurl would print it.
static size_t on_answer(char *bytes, size_t size, size_t count, void *context) {
    (void)bytes, (void)context;
    return size * count;
}

static bool collect(const cnet_mail *mail, struct curl_slist **list) {
    for (size_t i = 0; i < mail->to_count; i++) {
        struct curl_slist *longer = curl_slist_append(*list, mail->to[i]);
        if (!longer) return false;
        *list = longer;
    }
    return true;
}

#define SET(option, value)                                   \
    do {                                                     \
        CURLcode code = curl_easy_setopt(easy, option, value); \
        if (code != CURLE_OK) return code;                   \
    } while (0)

static CURLcode prepare(CURL *easy, const cnet_mail *mail, reading *body, struct curl_slist *to, char *words) {
    SET(CURLOPT_ERRORBUFFER, words);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    SET(CURLOPT_PROXY, "");
    SET(CURLOPT_NOPROXY, "*");
    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    SET(CURLOPT_USE_SSL, (long)(mail->may_be_plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    if (mail->extra_ca_file) SET(CURLOPT_CAINFO, mail->extra_ca_file);
    SET(CURLOPT_URL, mail->url);
    if (mail->user) SET(CURLOPT_USERNAME, mail->user);
    if (mail->password) SET(CURLOPT_PASSWORD, mail->password);
    SET(CURLOPT_MAIL_FROM, mail->from);
    SET(CURLOPT_MAIL_RCPT, to);
    SET(CURLOPT_UPLOAD, 1L);
    SET(CURLOPT_READFUNCTION, on_read);
    SET(CURLOPT_READDATA, body);
    SET(CURLOPT_WRITEFUNCTION, on_answer);
    SET(CURLOPT_OPENSOCKETFUNCTION, on_socket);
    SET(CURLOPT_OPENSOCKETDATA, (void *)mail);
    SET(CURLOPT_FRESH_CONNECT, 1L);
    SET(CURLOPT_FORBID_REUSE, 1L);
    SET(CURLOPT_TIMEOUT_MS, mail->timeout_ms);
    SET(CURLOPT_CONNECTTIMEOUT_MS, mail->timeout_ms / 2);
    return CURLE_OK;
}

cnet_mail_outcome cnet_mail_send(const cnet_mail *mail) {
    cnet_mail_outcome outcome = {.code = CURLE_OUT_OF_MEMORY};
    char words[CURL_ERROR_SIZE] = "";
    struct curl_slist *to = NULL;
    CURL *easy = curl_easy_init();
    if (easy && collect(mail, &to)) {
        reading body = {.bytes = mail->bytes, .left = mail->count};
        CURLcode code = prepare(easy, mail, &body, to, words);
        if (code == CURLE_OK) code = curl_easy_perform(easy);
        outcome.code = (int)code;
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &outcome.reply);
        strncpy(outcome.words, words, sizeof outcome.words - 1);
    }
    curl_slist_free_all(to);
    curl_easy_cleanup(easy);
    return outcome;
}

static CURLUPart part_of(cnet_url_part part) {
    switch (part) {
    case CNET_URL_SCHEME: return CURLUPART_SCHEME;
    case CNET_URL_HOST: return CURLUPART_HOST;
    case CNET_URL_PORT: return CURLUPART_PORT;
    case CNET_URL_USER: return CURLUPART_USER;
    case CNET_URL_PASSWORD: return CURLUPART_PASSWORD;
    case CNET_URL_PATH: return CURLUPART_PATH;
    case CNET_URL_QUERY: return CURLUPART_QUERY;
    }
    return CURLUPART_FRAGMENT;
}

bool cnet_url_read(const char *url, cnet_url_part part, char *into, size_t room) {
    CURLU *parts = curl_url();
    char *text = NULL;
    bool found = parts && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK
        && curl_url_get(parts, part_of(part), &text, CURLU_URLDECODE) == CURLUE_OK && strlen(text) < room;
    if (found) strcpy(into, text);
    curl_free(text);
    curl_url_cleanup(parts);
    return found;
}
