#!/bin/bash
# Runs every test in its short form: the Swift tests on both database engines, then each suite of its own in
# Tests/*/run.sh (black-box, browser). The last line is `N passed, N failed`; any failure makes the exit status 1.
#
# A suite's run.sh ends its output with such a line too.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PATH:/opt/swift/usr/bin"

scripts/setup.sh test || exit 1

passed=0
failed=0
results=.build/test-results
rm -rf "$results"
mkdir -p "$results"

# Swift Testing writes its results when the run has ended, so no file means that the process died on the way.
# A test may hold several failures; it counts once.
count_swift() {
    local status=$1 file=$results/swift.xml good bad
    if [ ! -s "$file" ]; then
        echo 'The Swift tests ended without a result.' >&2
        failed=$((failed + 1))
        return
    fi
    read -r good bad < <(awk '
        /<testcase / { tests++; counted = 0 }
        /<skipped/ { tests-- }
        /<failure/ && !counted { bad++; counted = 1 }
        END { print tests - bad, bad + 0 }' "$file")
    # An issue outside any test fails the run without failing a test.
    if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
    passed=$((passed + good))
    failed=$((failed + bad))
}

# The line that a suite ends with; without one, the suite counts as one failure.
count_suite() {
    local status=$1 output=$2 line
    line=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$output" | tail -n 1)
    if [[ $line =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        passed=$((passed + BASH_REMATCH[1]))
        failed=$((failed + BASH_REMATCH[2]))
        if [ "$status" -ne 0 ] && [ "${BASH_REMATCH[2]}" -eq 0 ]; then failed=$((failed + 1)); fi
    else
        failed=$((failed + 1))
    fi
}

finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
    exit
}

if ! swift build --build-tests; then
    failed=1
    finish
fi

trap 'scripts/postgres.sh stop >/dev/null' EXIT
if ! TEST_POSTGRES=$(scripts/postgres.sh start); then
    echo 'PostgreSQL did not start.' >&2
    failed=1
    finish
fi
export TEST_POSTGRES

# Only what ended is shown, and no line longer than a person reads: hostile inputs are arguments of tests here.
swift test --skip-build --disable-xctest --xunit-output "$results/swift.xml" 2>&1 |
    grep --line-buffered -v '^◇' | cut -c 1-600
count_swift "${PIPESTATUS[0]}"

for suite in Tests/*/run.sh; do
    [ -e "$suite" ] || continue
    output=$results/$(basename "$(dirname "$suite")").txt
    "$suite" 2>&1 | tee "$output"
    count_suite "${PIPESTATUS[0]}" "$output"
done

finish
