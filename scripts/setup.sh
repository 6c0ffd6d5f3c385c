#!/bin/sh
# Makes a Debian 12 machine ready to build Cartwright (setup.sh run), to test it (test), to measure it (bench) or to
# package it (install).
# Says nothing and takes a tenth of a second when nothing is missing.
set -eu
cd "$(dirname "$0")/.."

case "${1:-}" in
run) lists=scripts/packages-run.txt ;;
test) lists='scripts/packages-run.txt scripts/packages-test.txt' ;;
bench) lists='scripts/packages-run.txt scripts/packages-bench.txt' ;;
install) lists='scripts/packages-run.txt scripts/packages-install.txt' ;;
*)
    echo 'usage: scripts/setup.sh run|test|bench|install' >&2
    exit 2
    ;;
esac

wanted=$(sed 's/#.*//' $lists | sort -u | xargs)

# One call for all of them: a package that dpkg never heard of is only a line on stderr.
present() {
    dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null | sed -n 's/^installed //p'
}

missing() {
    found=" $(present | xargs) "
    for package in $wanted; do
        case "$found" in *" $package "*) ;; *) printf '%s ' "$package" ;; esac
    done
}

if ! command -v dpkg-query >/dev/null; then
    echo "This machine has no dpkg. Cartwright builds on Debian 12; elsewhere, install what these stand for: $wanted" >&2
    exit 1
fi

lacking=$(missing)
if [ -n "$lacking" ]; then
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "These packages are missing, and there is no sudo to install them with. As root: apt-get install $lacking" >&2
            exit 1
        fi
        as_root=sudo
    fi
    echo "Installing $lacking"
    $as_root apt-get update -qq
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $lacking
fi

# Without them only the browser and schema tests fail, and they say so themselves.
if [ "$1" = test ]; then for suite in Browser Schema; do scripts/python.sh "$suite" || true; done; fi

explain_swift() {
    cat >&2 <<'TEXT'
Cartwright is written in Swift and needs its toolchain, version 6.2 or newer.

  1. Open https://www.swift.org/install/linux/ and choose Debian 12 (or run the line shown there, swiftly).
  2. Make sure that `swift --version` answers in a new terminal. A toolchain unpacked to /opt/swift
     (so that /opt/swift/usr/bin/swift exists) is found without further ado.
  3. Run the same make command again.
TEXT
    exit 1
}

PATH="$PATH:/opt/swift/usr/bin"
command -v swift >/dev/null || explain_swift
version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p')
major=${version%.*}
minor=${version#*.}
if [ -z "$version" ] || [ "$major" -lt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -lt 2 ]; }; then
    echo "Found Swift ${version:-of an unknown version} at $(command -v swift)." >&2
    explain_swift
fi
