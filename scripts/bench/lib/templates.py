"""Templates beside those of others: the same data, the same bytes."""

import json
import pathlib
import shutil
import subprocess
import tempfile

from bench import BUILT, ROOT, rounds, seconds, table
from template_data import everything

LIB = ROOT / "scripts/bench/lib"
PEERS = {
    "mustache.js": ["node", LIB / "templates.js"], "Handlebars": ["node", LIB / "templates.js"],
    "pystache": ["/usr/bin/python3", LIB / "template_peer.py"], "ruby-mustache": ["ruby", LIB / "templates.rb"]}
CASES = {"table": "table of 50 rows", "page": "page in its layout, of parts", "message": "message"}


def ours(folder):
    """What the program says of each case, by name."""
    lines = subprocess.run(
        [BUILT / "Bench", "templates", folder, str(seconds())], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    found = {}
    for line in lines.splitlines():
        name, *figures = line.split("\t")
        found[name] = [float(figure) for figure in figures]
    return found


def peer(engine, folder, case):
    done = subprocess.run(
        [*PEERS[engine], engine, folder, case, str(seconds())], check=True, capture_output=True, text=True)
    return float(done.stdout)


def same_bytes(folder, case):
    """Stops when an engine wrote something else than ours did."""
    page = (folder / f"{case}.ours").read_bytes()
    for engine in PEERS:
        if (folder / f"{case}.{engine}").read_bytes() != page:
            raise SystemExit(f"{engine} renders {case} differently: {folder}")


def median(runs):
    return sorted(runs)[len(runs) // 2]


def rows(case, own, peers):
    rate = median([run[case][0] for run in own])
    size, single, twice = own[0][case][1:4]
    pieces = median([run[case][4] for run in own])
    whole = median([run[case][5] for run in own])
    lines = [
        (f"{CASES[case]}, {int(size):,} bytes", f"{rate:,.0f}/s, {rate * size / 1e6:,.0f} MB/s", "")]
    for engine, rates in peers.items():
        lines.append((f"  {engine}", f"{median(rates):,.0f}/s", f"ours {rate / median(rates):.1f} times, aim: over 1"))
    aim = ", aim: at most 3" if case == "table" else ""
    lines.append(("  copying its pieces", f"{pieces:,.0f}/s", f"ours takes {pieces / rate:.1f} times as long{aim}"))
    lines.append(("  copying it whole", f"{whole:,.0f}/s", f"ours takes {whole / rate:.1f} times as long"))
    more = int(twice - single)
    return lines + [("  allocations of one rendering", f"{int(single)}", f"with twice the rows {more} more, aim: 0")]


def main():
    with tempfile.TemporaryDirectory(prefix="cartwright-bench-") as place:
        folder = pathlib.Path(place)
        shutil.copytree(ROOT / "scripts/bench/templates", folder, dirs_exist_ok=True)
        (folder / "data.json").write_text(json.dumps(everything()))
        own, peers = [], {case: {engine: [] for engine in PEERS} for case in CASES}
        for _ in range(rounds()):
            own.append(ours(folder))
            for case in CASES:
                for engine in PEERS:
                    peers[case][engine].append(peer(engine, folder, case))
                same_bytes(folder, case)
        compiled = median([run["compile"][0] for run in own])
        table("Templates", [line for case in CASES for line in rows(case, own, peers[case])] + [
            (f"compiling all {int(own[0]['compile'][1])} bundled ones", f"{compiled:.1f} ms", "aim: under 20 ms")])


main()
