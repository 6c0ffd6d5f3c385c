#!/bin/sh
# Signed webhooks stored per second by 64 connections, beside the bare group commit of the same rows. Aims: at least
# 0.4 of it, and 20,000.
set -eu
cd "$(dirname "$0")/../.."
exec scripts/bench/lib/run.sh webhooks
