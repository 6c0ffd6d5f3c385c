#!/bin/sh
# Builds no package yet: says so plainly, and what to do instead.
cat >&2 <<'TEXT'
The Debian package comes with a later release. Until then, copy .build/release/cartwright together with the
folders Templates, Public and Locales to one place and start it there: cartwright serve --data /var/lib/cartwright
TEXT
exit 1
