#include "CHTTPParser.h"

#include <http_parser.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    chttpparser_request *request;
    bool in_value;
    bool past_head;
} progress;

static int add(chttpparser_text *text, const char *bytes, size_t count) {
    if (count == 0) return 0;
    uint8_t *grown = realloc(text->bytes, text->count + count);
    if (!grown) return 1;
    text->bytes = grown;
    memcpy(text->bytes + text->count, bytes, count);
    text->count += count;
    return 0;
}

static int on_url(http_parser *parser, const char *at, size_t length) {
    return add(&((progress *)parser->data)->request->target, at, length);
}

static int on_name(http_parser *parser, const char *at, size_t length) {
    progress *now = parser->data;
    if (now->past_head) return 0;
    if (now->in_value) {
        now->in_value = false;
        if (add(&now->request->fields, "\n", 1)) return 1;
    }
    return add(&now->request->fields, at, length);
}

static int on_value(http_parser *parser, const char *at, size_t length) {
    progress *now = parser->data;
    if (now->past_head) return 0;
    if (!now->in_value) {
        now->in_value = true;
        if (add(&now->request->fields, "\n", 1)) return 1;
    }
    return add(&now->request->fields, at, length);
}

static int on_head_end(http_parser *parser) {
    progress *now = parser->data;
    now->past_head = true;
    return now->in_value ? add(&now->request->fields, "\n", 1) : 0;
}

static int on_body(http_parser *parser, const char *at, size_t length) {
    return add(&((progress *)parser->data)->request->body, at, length);
}

static int on_end(http_parser *parser) {
    ((progress *)parser->data)->request->complete = true;
    http_parser_pause(parser, 1);
    return 0;
}

void chttpparser_read(const uint8_t *bytes, size_t count, chttpparser_request *request) {
    progress now = {.request = request};
    http_parser parser;
    http_parser_init(&parser, HTTP_REQUEST);
    parser.data = &now;
    http_parser_settings settings;
    http_parser_settings_init(&settings);
    settings.on_url = on_url;
    settings.on_header_field = on_name;
    settings.on_header_value = on_value;
    settings.on_headers_complete = on_head_end;
    settings.on_body = on_body;
    settings.on_message_complete = on_end;

    request->used = http_parser_execute(&parser, &settings, (const char *)bytes, count);
    enum http_errno error = HTTP_PARSER_ERRNO(&parser);
    request->unknown_method = error == HPE_INVALID_METHOD;
    request->error = error == HPE_OK || error == HPE_PAUSED ? "" : http_errno_name(error);
    request->method = http_method_str(parser.method);
}

void chttpparser_free(chttpparser_request *request) {
    free(request->target.bytes);
    free(request->fields.bytes);
    free(request->body.bytes);
}
