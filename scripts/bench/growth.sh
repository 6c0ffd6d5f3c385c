#!/bin/sh
# Pages of the admin with 10,000 and with 1,000,000 messages, on both engines. Aim: within 1.3 times.
set -eu
cd "$(dirname "$0")/../.."
exec scripts/bench/lib/run.sh growth
