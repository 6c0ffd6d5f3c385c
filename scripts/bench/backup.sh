#!/bin/sh
# Backup, restore and the move to the other engine and back, of a database with MESSAGES messages [1,000,000], beside
# what the engines' own tools take for the same rows. Aims: under 150 MB of memory, 30,000 rows a second moved.
set -eu
cd "$(dirname "$0")/../.."
exec scripts/bench/lib/run.sh backup
