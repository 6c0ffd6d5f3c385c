#!/bin/bash
# The format of every Swift file, and the length of every file that people write: 500 lines at most, for a longer
# one holds more than one thing.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PATH:/opt/swift/usr/bin"
limit=500
status=0

swift format lint --strict -r Package.swift Sources Tests || status=1

while read -r lines file; do
    if [ "$file" != total ] && [ "$lines" -gt "$limit" ]; then
        echo "$file: $lines lines, $limit are the limit" >&2
        status=1
    fi
done < <(
    find Sources Tests scripts $(ls -d Templates Public 2>/dev/null) -type f \
        \( -name '*.swift' -o -name '*.c' -o -name '*.cpp' -o -name '*.h' -o -name '*.sh' -o -name '*.py' \
        -o -name '*.mustache' -o -name '*.css' -o -name '*.js' \) -exec wc -l {} +
)
exit $status
