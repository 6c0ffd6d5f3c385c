#!/bin/sh
# Fuzzes the template compiler and renderer for RUNS inputs [200000], with an oracle that reads the pages with libxml2.
# A failing input is left in .build/fuzz/templates as crash-…, to be added to the corpus beside this file.
set -u
cd "$(dirname "$0")/../.."
export PATH="$PATH:/opt/swift/usr/bin"

if ! FUZZ=1 swift build -c release --build-path .build/fuzz --product FuzzTemplates -Xswiftc -sanitize=fuzzer; then
    echo '0 passed, 1 failed'
    exit 1
fi
mkdir -p .build/fuzz/templates
# Swift's own backtraces would come before libFuzzer can keep the input.
export SWIFT_BACKTRACE=enable=no
if .build/fuzz/release/FuzzTemplates -runs="${RUNS:-200000}" -max_len=800 -timeout=20 -verbosity="${VERBOSITY:-0}" \
    -print_final_stats=1 -dict=Tests/FuzzTemplates/templates.dict -artifact_prefix=.build/fuzz/templates/ \
    .build/fuzz/templates Tests/FuzzTemplates/Corpus; then
    echo '1 passed, 0 failed'
else
    echo '0 passed, 1 failed'
    exit 1
fi
