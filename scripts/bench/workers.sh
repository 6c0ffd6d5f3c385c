#!/bin/sh
# How fast a backlog of webhooks becomes messages with 1, 2 and 4 workers on one PostgreSQL.
set -eu
cd "$(dirname "$0")/../.."
exec scripts/bench/lib/run.sh workers
