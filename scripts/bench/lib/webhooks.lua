-- Orders as WooCommerce sends them: each of a number of its own, signed with WEBHOOK_SECRET by OpenSSL.
local ffi = require("ffi")
local crypto = ffi.load("libcrypto.so.3")
ffi.cdef [[
const void *EVP_sha256(void);
unsigned char *HMAC(const void *md, const void *key, int key_len, const unsigned char *data, size_t n,
                    unsigned char *out, unsigned int *len);
int EVP_EncodeBlock(unsigned char *out, const unsigned char *in, int n);
]]

local secret = os.getenv("WEBHOOK_SECRET")
local file = assert(io.open(os.getenv("WEBHOOK_BODY"), "rb"))
local before, after = file:read("*a"):match("^(.-)@NUMBER@(.*)$")
file:close()

local threads = 0
function setup(thread)
    thread:set("first", threads * 100000000)
    threads = threads + 1
end

local digest, length, text = ffi.new("unsigned char[32]"), ffi.new("unsigned int[1]"), ffi.new("unsigned char[64]")
local number = tonumber(os.getenv("WEBHOOK_FIRST"))

function request()
    number = number + 1
    local body = before .. string.format("%d", first + number) .. after
    crypto.HMAC(crypto.EVP_sha256(), secret, #secret, body, #body, digest, length)
    local size = crypto.EVP_EncodeBlock(text, digest, 32)
    return wrk.format("POST", "/hooks/woocommerce", {
        ["Content-Type"] = "application/json", ["X-WC-Webhook-Topic"] = "order.updated",
        ["X-WC-Webhook-Signature"] = ffi.string(text, size)}, body)
end
