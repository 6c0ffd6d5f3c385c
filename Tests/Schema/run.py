"""Runs schemathesis with a key of each scope and without one. The last line is `N passed, N failed`: one for each
operation and key, and one for the links between operations."""

import json
import os
import pathlib
import subprocess
import sys
import time
import xml.etree.ElementTree

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
RESULTS = ROOT / ".build" / "test-results" / "schema"

sys.path.insert(0, str(HERE))

from house import House  # noqa: E402

# Not asked: `positive_data_acceptance`, since whether a phone can be called or an id exists no schema can say.
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance,negative_data_rejection,unsupported_method,allow_header_conformance,ignored_auth,"
    "use_after_free,ensure_resource_availability")


def run(house, key, phases):
    """Calls everything with one key; how many operations went well, and how many did not."""
    report = RESULTS / f"{key or 'none'}.xml"
    command = [
        pathlib.Path(sys.executable).parent / "schemathesis", "--config-file", HERE / "schemathesis.toml", "run",
        house.server.url + "/api/v1/openapi.json", "--checks", CHECKS, "--phases", phases,
        "--max-examples", os.environ.get("EXAMPLES", "12"), "--seed", os.environ.get("SEED", "1"),
        "--generation-database", "none", "--no-shrink", "--continue-on-failure", "--request-timeout", "30",
        "--warnings", "off", "--report-junit-path", report, "--no-color"]
    if key:
        command += ["--header", f"Authorization: Bearer {house.keys[key]}"]
    environment = os.environ | {"SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(HERE), "KNOWN_IDS": json.dumps(house.ids)}
    done = subprocess.run(command, cwd=RESULTS, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        print(done.stdout[-20000:], done.stderr[-2000:], flush=True)
    return count(report) if report.exists() else (0, 1)


def count(report):
    cases = list(xml.etree.ElementTree.parse(report).getroot().iter("testcase"))
    cases = [case for case in cases if case.find("skipped") is None]
    bad = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    return len(cases) - len(bad), len(bad)


def main():
    RESULTS.mkdir(parents=True, exist_ok=True)
    for old in RESULTS.iterdir():
        if old.is_file():
            old.unlink()
    passed = failed = 0
    house = House()
    try:
        for key in (None, "read", "write", "admin"):
            began = time.monotonic()
            # Who may do little gets far with few calls.
            phases = "examples,coverage,fuzzing,stateful" if key in ("write", "admin") else "examples,fuzzing"
            good, bad = run(house, key, phases)
            print(f"  {'FAIL' if bad else 'ok  '}  {key or 'no'} key: {good} right, {bad} wrong "
                  f"({time.monotonic() - began:.1f} s)", flush=True)
            passed, failed = passed + good, failed + bad
    finally:
        house.stop()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
