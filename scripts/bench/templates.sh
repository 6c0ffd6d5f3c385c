#!/bin/sh
# Templates rendered per second beside mustache.js, Handlebars, pystache and Ruby's mustache, with the same data and the
# same bytes, and how long all bundled ones take to compile. Aims: faster than each; the table within 3 times of copying.
set -eu
cd "$(dirname "$0")/../.."
exec scripts/bench/lib/run.sh templates
