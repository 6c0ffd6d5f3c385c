#!/bin/sh
# postgres.sh start | stop [durable]: a throw-away PostgreSQL cluster, on a unix socket in a temporary folder. `start`
# prints its address and nothing else; `stop` ends the one that this checkout started and removes its folder.
# The tests' takes 0.7 s: nothing is synced, for nothing in it is worth keeping. With `durable`, for the benchmarks, it
# is one beside it that syncs as a real one does.
set -eu
cd "$(dirname "$0")/.."
note=$PWD/.build/postgres-folder${2:+-$2}
careless="-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off"
case "${2:-}" in
'') settings=$careless ;;
durable) settings="-c shared_buffers=512MB -c max_wal_size=4GB" ;;
*) settings= ;;
esac
programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)

# The server refuses to run as root; then it runs as the package's own user.
as_server() {
    if [ "$(id -u)" -eq 0 ]; then
        (cd / && exec setpriv --reuid postgres --regid postgres --clear-groups "$@")
    else
        "$@"
    fi
}

stop() {
    [ -e "$note" ] || return 0
    folder=$(cat "$note")
    if [ -d "$folder" ]; then
        as_server "$programs/pg_ctl" -D "$folder/data" -m immediate -s stop >/dev/null 2>&1 || true
        rm -rf "$folder"
    fi
    rm -f "$note"
}

start() {
    stop
    # Short: the address of a unix socket has room for 107 bytes.
    folder=$(mktemp -d /tmp/cw-pg.XXXXXX)
    mkdir -p "$(dirname "$note")"
    echo "$folder" >"$note"
    if [ "$(id -u)" -eq 0 ]; then chown postgres:postgres "$folder"; fi
    as_server "$programs/initdb" -D "$folder/data" -U postgres -A trust --no-sync --no-locale --encoding UTF8 >"$folder.log" 2>&1 ||
        { cat "$folder.log" >&2; rm -f "$folder.log"; exit 1; }
    rm -f "$folder.log"
    as_server "$programs/pg_ctl" -D "$folder/data" -s -w -l "$folder/log" -o "\
-c listen_addresses='' -c unix_socket_directories=$folder -c max_connections=300 -c max_prepared_transactions=0 \
$settings" start >/dev/null
    # Installed once: an extension belongs to the whole database, while each test has only a schema of its own.
    as_server "$programs/psql" -h "$folder" -U postgres -q -d postgres -c 'CREATE EXTENSION IF NOT EXISTS pg_trgm' >&2
    echo "postgresql://postgres@/postgres?host=$folder"
}

case "${1:-}${settings:+ known}" in
'start known') start ;;
'stop known') stop ;;
*)
    echo 'usage: scripts/postgres.sh start|stop [durable]' >&2
    exit 2
    ;;
esac
