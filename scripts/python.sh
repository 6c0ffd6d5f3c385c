#!/bin/sh
# Makes the Python of the browser tests: .build/python, with what Tests/Browser/requirements.txt names.
# Says nothing and takes no time when it stands as the list wants it.
set -eu
cd "$(dirname "$0")/.."
list=Tests/Browser/requirements.txt
folder=.build/python

if ! cmp -s "$list" "$folder/requirements.txt"; then
    echo "Making $folder"
    mkdir -p .build
    rm -rf "$folder"
    /usr/bin/python3 -m venv "$folder"
    "$folder/bin/pip" install --quiet --disable-pip-version-check --no-deps --only-binary :all: -r "$list"
    # Last: a folder that was left half made is made anew.
    cp "$list" "$folder/requirements.txt"
fi
