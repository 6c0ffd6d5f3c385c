#!/bin/sh
# The API against its own document: schemathesis calls a running server as its OpenAPI document says, with a key of each
# scope and without one. EXAMPLES is how many calls of each kind it makes up for an operation [12], SEED where it begins
# [1]. Ends with `N passed, N failed`.
set -eu
cd "$(dirname "$0")/../.."
scripts/python.sh Schema
exec .build/python-Schema/bin/python -B Tests/Schema/run.py
