#!/bin/sh
# Resident memory: idle, and while pages are asked for and webhooks come in. Aim: idle under 40 MB.
set -eu
cd "$(dirname "$0")/../.."
exec scripts/bench/lib/run.sh memory
