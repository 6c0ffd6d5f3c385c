"""What an authenticator app does: six digits out of a secret and the time (RFC 6238)."""

import base64
import hashlib
import hmac
import struct
import time


def code(secret, at=None, steps=0):
    """The code at this moment, or some steps of 30 seconds later. `secret` is Base32, in groups or not."""
    letters = secret.replace(" ", "")
    key = base64.b32decode(letters + "=" * (-len(letters) % 8))
    step = int((time.time() if at is None else at) // 30) + steps
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start:start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"
