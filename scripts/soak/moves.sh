#!/bin/sh
# Kills migrate-database 80 times, from SQLite to PostgreSQL and back, and lets the next try end each move.
# `make test` does the same twice.
set -eu
cd "$(dirname "$0")/../.."
export PATH="$PATH:/opt/swift/usr/bin"
TEST_POSTGRES=$(scripts/postgres.sh start)
trap 'scripts/postgres.sh stop' EXIT
export TEST_POSTGRES
CARTWRIGHT_TEST_MOVE_RUNS=20 swift test --disable-xctest --filter 'A move to another database that is killed'
