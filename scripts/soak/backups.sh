#!/bin/sh
# Kills `backup` and `restore` 25 times each on every engine, at random moments, and looks at what is left.
# `make test` does the same with two kills of each.
set -eu
cd "$(dirname "$0")/../.."
export PATH="$PATH:/opt/swift/usr/bin"
TEST_POSTGRES=$(scripts/postgres.sh start)
export TEST_POSTGRES
CARTWRIGHT_TEST_BACKUP_KILLS=25 exec swift test --disable-xctest --filter 'A backup or restore that is killed'
