#!/bin/sh
# Single writes that are durable when their client goes on, by 64 clients: SQLite with and without shared commits, and
# PostgreSQL. Aim: shared commits at least 4 times as many.
set -eu
cd "$(dirname "$0")/../.."
exec scripts/bench/lib/run.sh writes
