#!/bin/sh
# Kills, stops and freezes two web nodes and two workers for SECONDS_TO_RUN seconds [300] at 200 orders a second, then
# restarts, kills and freezes their PostgreSQL OUTAGES times [5]. What befalls the nodes comes from SEED, which each
# run prints. `make test` does the same for 8 seconds and once.
set -eu
cd "$(dirname "$0")/../.."
export PATH="$PATH:/opt/swift/usr/bin"
if [ -n "${SEED:-}" ]; then export CARTWRIGHT_TEST_SEED="$SEED"; fi
CARTWRIGHT_TEST_CLUSTER_SECONDS=${SECONDS_TO_RUN:-300} CARTWRIGHT_TEST_CLUSTER_OUTAGES=${OUTAGES:-5} \
    exec swift test --disable-xctest --filter 'Several nodes on one database'
