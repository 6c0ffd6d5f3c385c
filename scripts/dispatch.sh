#!/bin/sh
# dispatch.sh bench|soak [NAME]: runs scripts/<kind>/NAME.sh. Without a name, `bench` runs all of them and `soak`,
# whose runs take hours, only lists them.
set -eu
cd "$(dirname "$0")/.."
kind=$1
name=${2:-}

names() {
    for script in scripts/"$kind"/*.sh; do
        [ -e "$script" ] && basename "$script" .sh
    done
    return 0
}

if [ -n "$name" ]; then
    if [ ! -x "scripts/$kind/$name.sh" ]; then
        echo "There is no $kind named $name. There is: $(names | xargs)" >&2
        exit 2
    fi
    exec "scripts/$kind/$name.sh"
fi

if [ -z "$(names)" ]; then
    echo "This release has nothing to $kind yet."
elif [ "$kind" = bench ]; then
    for each in $(names); do "scripts/$kind/$each.sh"; done
else
    echo "make $kind NAME=… with one of:"
    names
fi
