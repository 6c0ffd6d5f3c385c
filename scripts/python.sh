#!/bin/sh
# python.sh [SUITE]: makes the Python of a suite of tests, with what Tests/SUITE/requirements.txt names: .build/python
# for Browser [the default], else .build/python-SUITE. Says nothing and takes no time when it stands as the list wants it.
set -eu
cd "$(dirname "$0")/.."
suite=${1:-Browser}
list=Tests/$suite/requirements.txt
folder=.build/python
if [ "$suite" != Browser ]; then folder=$folder-$suite; fi

if ! cmp -s "$list" "$folder/requirements.txt"; then
    echo "Making $folder"
    mkdir -p .build
    rm -rf "$folder"
    /usr/bin/python3 -m venv "$folder"
    "$folder/bin/pip" install --quiet --disable-pip-version-check --no-deps --only-binary :all: -r "$list"
    # Last: a folder that was left half made is made anew.
    cp "$list" "$folder/requirements.txt"
fi
