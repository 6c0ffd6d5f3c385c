#!/bin/sh
# Messages per second from planned to accepted through the dispatcher, on both engines.
set -eu
cd "$(dirname "$0")/../.."
exec scripts/bench/lib/run.sh ledger
