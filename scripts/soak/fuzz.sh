#!/bin/sh
# Fuzzes the reader of requests against http_parser by libFuzzer, for SECONDS_TO_RUN seconds [28800]. What it finds to be
# new goes to .build/fuzz/corpus; a failing input is left there as crash-…, to be added to Tests/Fuzz/Corpus.
set -eu
cd "$(dirname "$0")/../.."
export PATH="$PATH:/opt/swift/usr/bin"

FUZZ=1 swift build -c release --build-path .build/fuzz --product FuzzRequest -Xswiftc -sanitize=fuzzer
mkdir -p .build/fuzz/corpus
# Swift's own backtraces would come before libFuzzer can keep the input.
export SWIFT_BACKTRACE=enable=no
exec .build/fuzz/release/FuzzRequest -max_total_time="${SECONDS_TO_RUN:-28800}" -max_len=600 \
    -artifact_prefix=.build/fuzz/corpus/ .build/fuzz/corpus Tests/Fuzz/Corpus
