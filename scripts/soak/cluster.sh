#!/bin/sh
# Kills, stops and freezes two web nodes and two workers for SECONDS_TO_RUN seconds [300] at 200 orders a second, of which
# PACE messages a second may leave [200], then restarts, kills and freezes their PostgreSQL OUTAGES times [5]. All of it
# once for each of SEEDS [three at random]; what befalls the nodes comes from it. `make test` does the same for 20 seconds
# and one outage, from a seed of its own.
set -eu
cd "$(dirname "$0")/../.."
export PATH="$PATH:/opt/swift/usr/bin"
swift build --build-tests
failed=
for seed in ${SEEDS:-$(od -An -N6 -tu2 /dev/urandom)}; do
    CARTWRIGHT_TEST_SEED=$seed CARTWRIGHT_TEST_CLUSTER_SECONDS=${SECONDS_TO_RUN:-300} \
        CARTWRIGHT_TEST_CLUSTER_PACE=${PACE:-200} CARTWRIGHT_TEST_CLUSTER_OUTAGES=${OUTAGES:-5} \
        swift test --skip-build --disable-xctest --filter 'Several nodes on one database' || failed="$failed $seed"
done
[ -z "$failed" ] || { echo "failed with SEEDS='${failed# }'" >&2; exit 1; }
