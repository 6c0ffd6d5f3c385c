#!/bin/sh
# Calls the API as its document says, and against it, with EXAMPLES made-up calls [2000] for each operation and key, from
# another SEED each time [the clock]. `make test` does the same with a few.
set -eu
cd "$(dirname "$0")/../.."
export PATH="$PATH:/opt/swift/usr/bin"
swift build --product cartwright
EXAMPLES=${EXAMPLES:-2000} SEED=${SEED:-$(date +%s)} exec Tests/Schema/run.sh
