#!/bin/sh
# Fuzzes the template compiler and renderer for RUNS inputs [10000000]; what is new stays in .build/fuzz/templates.
set -eu
cd "$(dirname "$0")/../.."
RUNS="${RUNS:-10000000}" VERBOSITY=1 exec Tests/FuzzTemplates/run.sh
