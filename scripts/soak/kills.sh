#!/bin/sh
# Kills the server 20 times while 1,000 orders at a time are under way, and looks at each message afterwards.
# `make test` does the same with two kills.
set -eu
cd "$(dirname "$0")/../.."
export PATH="$PATH:/opt/swift/usr/bin"
CARTWRIGHT_TEST_KILL_RUNS=10 exec swift test --disable-xctest --filter 'A server that is killed'
