#!/bin/sh
# How long the program takes to accept connections: with an empty folder, and with a million messages in the ledger.
# Aim: under 100 ms.
set -eu
cd "$(dirname "$0")/../.."
exec scripts/bench/lib/run.sh start
