// JSON by simdjson's on-demand reader, which alone still knows the digits of a number as they stood (its DOM
// keeps only 64-bit values and refuses larger integers). Everything is visited, so everything is validated.

#include "CText.h"

#include <simdjson.h>

#include <cstring>
#include <string_view>
#include <vector>

using namespace simdjson;

namespace {

/// What a thread may keep between two texts.
constexpr size_t kept_bytes = 1 << 20;

bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

/// The number grammar of RFC 8259, section 6.
bool is_number(std::string_view token) {
    size_t i = 0;
    auto digits = [&] {
        size_t first = i;
        while (i < token.size() && is_digit(token[i])) i++;
        return i > first;
    };
    if (i < token.size() && token[i] == '-') i++;
    bool zero = i < token.size() && token[i] == '0';
    size_t whole = i;
    if (!digits() || (zero && i > whole + 1)) return false;
    if (i < token.size() && token[i] == '.') {
        i++;
        if (!digits()) return false;
    }
    if (i < token.size() && (token[i] == 'e' || token[i] == 'E')) {
        i++;
        if (i < token.size() && (token[i] == '+' || token[i] == '-')) i++;
        if (!digits()) return false;
    }
    return i == token.size();
}

/// The white space between a scalar and the next structural byte belongs to simdjson's token.
std::string_view trimmed(std::string_view token) {
    while (!token.empty() && std::strchr(" \t\r\n", token.back()) != nullptr) token.remove_suffix(1);
    return token;
}

class Tape {
public:
    std::vector<ctext_json_node> nodes;
    std::vector<uint8_t> text;

    /// Reads the one value of `bytes`. The copy gives simdjson its padding, and stands in brackets, so that a
    /// lone scalar is read, and what follows it is refused, by the same code as everything else.
    error_code read(const uint8_t *bytes, size_t length, uint32_t max_depth) {
        nodes.clear();
        place = SIZE_MAX;
        text.clear();
        depth_left = max_depth;
        source.resize(length + 2 + SIMDJSON_PADDING);
        source[0] = '[';
        if (length > 0) std::memcpy(source.data() + 1, bytes, length);
        source[length + 1] = ']';
        std::memset(source.data() + length + 2, ' ', SIMDJSON_PADDING);

        ondemand::document document;
        auto view = padded_string_view(source.data(), length + 2, source.size());
        if (auto error = parser.iterate(view).get(document)) return error;
        auto error = read(document);
        const char *stands;
        if (error != SUCCESS && document.current_location().get(stands) == SUCCESS) {
            size_t offset = stands - source.data();
            if (offset > 0 && offset <= length) place = offset - 1;
        }
        return error;
    }

    /// Where reading came to its end, if it did so early: the offset of a byte, or SIZE_MAX.
    size_t place = SIZE_MAX;

    /// Gives back what a rare large text has taken.
    void trim() {
        if (source.capacity() <= kept_bytes && nodes.capacity() * sizeof(ctext_json_node) <= kept_bytes) return;
        *this = Tape();
    }

private:
    ondemand::parser parser;
    std::vector<char> source;
    uint32_t depth_left = 0;

    error_code read(ondemand::document &document) {
        ondemand::array values;
        if (auto error = document.get_array().get(values)) return error;
        size_t count = 0;
        for (auto element : values) {
            ondemand::value value;
            if (auto error = element.get(value)) return error;
            if (++count > 1) return TAPE_ERROR;
            if (auto error = append(value)) return error;
        }
        if (count == 0) return EMPTY;
        // Nothing may follow: the reader then stands past the last byte.
        return document.current_location().error() == OUT_OF_BOUNDS ? SUCCESS : TAPE_ERROR;
    }

    size_t begin(uint32_t kind) {
        nodes.push_back({kind, 0, 0, 0});
        return nodes.size() - 1;
    }

    void end(size_t node, uint32_t length) {
        nodes[node].length = length;
        nodes[node].next = static_cast<uint32_t>(nodes.size());
    }

    void append(uint32_t kind, std::string_view content) {
        auto node = begin(kind);
        nodes[node].start = static_cast<uint32_t>(text.size());
        text.insert(text.end(), content.begin(), content.end());
        end(node, static_cast<uint32_t>(content.size()));
    }

    error_code append(ondemand::value value) {
        ondemand::json_type type;
        if (auto error = value.type().get(type)) return error;
        switch (type) {
        case ondemand::json_type::array: return append_array(value);
        case ondemand::json_type::object: return append_object(value);
        case ondemand::json_type::string: {
            std::string_view content;
            if (auto error = value.get_string().get(content)) return error;
            append(CTEXT_JSON_STRING, content);
            return SUCCESS;
        }
        default: return append_literal(trimmed(value.raw_json_token()));
        }
    }

    error_code append_literal(std::string_view token) {
        if (token == "null") {
            end(begin(CTEXT_JSON_NULL), 0);
        } else if (token == "true") {
            end(begin(CTEXT_JSON_TRUE), 0);
        } else if (token == "false") {
            end(begin(CTEXT_JSON_FALSE), 0);
        } else if (is_number(token)) {
            append(CTEXT_JSON_NUMBER, token);
        } else {
            return is_digit(token.empty() ? ' ' : token[0]) ? NUMBER_ERROR : TAPE_ERROR;
        }
        return SUCCESS;
    }

    error_code append_array(ondemand::value value) {
        if (depth_left-- == 0) return DEPTH_ERROR;
        auto node = begin(CTEXT_JSON_ARRAY);
        uint32_t count = 0;
        ondemand::array array;
        if (auto error = value.get_array().get(array)) return error;
        for (auto element : array) {
            ondemand::value child;
            if (auto error = element.get(child)) return error;
            if (auto error = append(child)) return error;
            count++;
        }
        end(node, count);
        depth_left++;
        return SUCCESS;
    }

    error_code append_object(ondemand::value value) {
        if (depth_left-- == 0) return DEPTH_ERROR;
        auto node = begin(CTEXT_JSON_OBJECT);
        uint32_t count = 0;
        ondemand::object object;
        if (auto error = value.get_object().get(object)) return error;
        for (auto pair : object) {
            ondemand::field field;
            if (auto error = std::move(pair).get(field)) return error;
            std::string_view key;
            if (auto error = field.unescaped_key().get(key)) return error;
            append(CTEXT_JSON_STRING, key);
            if (auto error = append(field.value())) return error;
            count++;
        }
        end(node, count);
        depth_left++;
        return SUCCESS;
    }
};

thread_local Tape tape;

const char *phrase(error_code error) {
    switch (error) {
    case EMPTY: return "there is nothing in it";
    case UTF8_ERROR: return "it is not UTF-8";
    case DEPTH_ERROR: return "it is nested too deeply";
    case UNCLOSED_STRING: return "a string is not closed";
    case UNESCAPED_CHARS: return "a string holds an unescaped control character";
    case STRING_ERROR: return "a string holds an impossible escape";
    case NUMBER_ERROR: return "a number is malformed";
    case CAPACITY: return "it is too long";
    case MEMALLOC: return "there is not enough memory";
    default: return "it is not well formed";
    }
}

}  // namespace

ctext_json_result ctext_json_parse(const uint8_t *bytes, size_t length, uint32_t max_depth) {
    try {
        auto error = length < UINT32_MAX / 2 ? tape.read(bytes, length, max_depth) : CAPACITY;
        if (error == SUCCESS) return {tape.nodes.size(), tape.text.size(), false, nullptr, SIZE_MAX};
        auto place = tape.place;
        tape.trim();
        return {0, 0, error == DEPTH_ERROR, phrase(error), place};
    } catch (...) {
        return {0, 0, false, phrase(MEMALLOC), SIZE_MAX};
    }
}

void ctext_json_take(ctext_json_node *nodes, uint8_t *text) {
    std::memcpy(nodes, tape.nodes.data(), tape.nodes.size() * sizeof(ctext_json_node));
    if (!tape.text.empty()) std::memcpy(text, tape.text.data(), tape.text.size());
    tape.trim();
}
