#!/bin/sh
# run.sh NAME: sets the machine up for a benchmark, builds a release of the program and runs lib/NAME.py. With
# CONFIGURATION=debug it runs what is built already: to see that it works, not how fast.
set -eu
cd "$(dirname "$0")/../../.."
export PATH="$PATH:/opt/swift/usr/bin:/usr/sbin"
CONFIGURATION=${CONFIGURATION:-release}
export CONFIGURATION
scripts/setup.sh bench
if [ "$CONFIGURATION" = release ]; then
    swift build -c release --product cartwright --static-swift-stdlib >&2
    swift build -c release --product Bench --static-swift-stdlib >&2
fi
exec /usr/bin/python3 -B "scripts/bench/lib/$1.py"
