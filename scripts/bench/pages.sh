#!/bin/sh
# A static file and a page of the admin per second, beside nginx serving the same bytes. Aim: static at least 0.9 of nginx.
set -eu
cd "$(dirname "$0")/../.."
exec scripts/bench/lib/run.sh pages
