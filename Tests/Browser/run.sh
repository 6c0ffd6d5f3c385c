#!/bin/sh
# The browser tests: the built program, used in a real headless Chromium with and without script.
# run.sh [PART…] runs only the tests whose name holds one of the parts. Ends with `N passed, N failed`.
set -eu
cd "$(dirname "$0")/../.."
scripts/python.sh
exec .build/python/bin/python -B Tests/Browser/run.py "$@"
