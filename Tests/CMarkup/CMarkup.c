#include "CMarkup.h"

#include <libxml/HTMLparser.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void note(void *doubtful, xmlErrorPtr error) {
    switch (error->code) {
    // Elements that HTML 4 did not have, and elements in unusual places, change nothing in how tags are read.
    case XML_HTML_UNKNOWN_TAG:
    case XML_HTML_STRUCURE_ERROR:
    case XML_ERR_TAG_NAME_MISMATCH:
    case XML_ERR_ENTITYREF_SEMICOL_MISSING:
    case XML_ERR_INVALID_CHAR:
        return;
    default:
        *(bool *)doubtful = true;
    }
}

static void add(xmlBufferPtr out, const char *text) { xmlBufferCat(out, BAD_CAST text); }

// What a URL with this value would do; browsers skip white space in front of it, and line ends and tabs in it.
static const char *kind_of_url(const xmlChar *value) {
    static const char *const schemes[] = {"javascript:", "vbscript:", "data:"};
    char start[16] = "";
    size_t length = 0;
    while (*value != 0 && *value <= ' ') value++;
    for (; *value != 0 && length < sizeof start - 1; value++) {
        if (*value != '\t' && *value != '\n' && *value != '\r') start[length++] = (char)*value;
    }
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (strncasecmp(start, schemes[i], strlen(schemes[i])) == 0) return schemes[i];
    }
    return "";
}

static bool holds_url(const char *attribute) {
    static const char *const names[] = {"href", "xlink:href", "src", "action", "formaction", "poster", "cite",
        "background", "data", "ping", "manifest", "longdesc"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcasecmp(attribute, names[i]) == 0) return true;
    }
    return false;
}

static void add_attribute(xmlBufferPtr out, xmlDocPtr page, const xmlAttr *attribute) {
    const char *name = (const char *)attribute->name;
    add(out, " ");
    add(out, name);
    xmlChar *value = xmlNodeListGetString(page, attribute->children, 1);
    if (value == NULL) return;
    bool is_code = strncasecmp(name, "on", 2) == 0 || strcasecmp(name, "style") == 0 || strcasecmp(name, "srcdoc") == 0;
    if (is_code || holds_url(name)) {
        add(out, "=");
        add(out, is_code ? (const char *)value : kind_of_url(value));
    }
    xmlFree(value);
}

static bool is_json(const xmlNode *script) {
    xmlChar *type = xmlGetProp(script, BAD_CAST "type");
    bool found = type != NULL && strstr((const char *)type, "json") != NULL;
    xmlFree(type);
    return found;
}

// Elements that the parser adds by itself, depending on the text that is there.
static bool is_implied(const xmlNode *element) {
    static const char *const names[] = {"html", "head", "body", "p"};
    if (element->properties != NULL) return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp((const char *)element->name, names[i]) == 0) return true;
    }
    return false;
}

static void add_element(xmlBufferPtr out, xmlDocPtr page, const xmlNode *element) {
    if (is_implied(element)) return;
    const char *name = (const char *)element->name;
    add(out, "<");
    add(out, name);
    for (const xmlAttr *each = element->properties; each != NULL; each = each->next) add_attribute(out, page, each);
    add(out, ">");
    if (strcmp(name, "style") == 0 || (strcmp(name, "script") == 0 && !is_json(element))) {
        xmlChar *text = xmlNodeGetContent(element);
        if (text != NULL) xmlBufferCat(out, text);
        xmlFree(text);
    }
}

static void walk(xmlBufferPtr out, xmlDocPtr page) {
    const xmlNode *node = page->children;
    while (node != NULL) {
        if (node->type == XML_ELEMENT_NODE) add_element(out, page, node);
        if (node->type == XML_COMMENT_NODE) add(out, "<!-->");
        if (node->type == XML_PI_NODE) add(out, "<?>");
        if (node->type == XML_ELEMENT_NODE && node->children != NULL) {
            node = node->children;
            continue;
        }
        while (node != NULL && node->next == NULL) {
            node = node->parent;
            if (node == (const xmlNode *)page) return;
        }
        if (node != NULL) node = node->next;
    }
}

bool cmarkup_read(const uint8_t *bytes, size_t count, cmarkup_page *page) {
    bool doubtful = false;
    xmlSetStructuredErrorFunc(&doubtful, note);
    htmlDocPtr document = htmlReadMemory(
        (const char *)bytes, (int)count, NULL, "utf-8", HTML_PARSE_RECOVER | HTML_PARSE_NONET | HTML_PARSE_NODEFDTD);
    xmlSetStructuredErrorFunc(NULL, NULL);
    if (document == NULL) return false;
    xmlBufferPtr out = xmlBufferCreate();
    if (out != NULL) walk(out, document);
    page->outline = out == NULL ? NULL : (char *)xmlBufferDetach(out);
    page->is_doubtful = doubtful;
    xmlBufferFree(out);
    xmlFreeDoc(document);
    return page->outline != NULL;
}

void cmarkup_free(cmarkup_page *page) { xmlFree(page->outline); }
