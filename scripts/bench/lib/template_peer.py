"""template_peer.py pystache FOLDER CASE SECONDS: as templates.js, with Python's pystache."""

import json
import pathlib
import sys
import time

import pystache

engine, folder, name, seconds = sys.argv[1:]
folder = pathlib.Path(folder)
data = json.loads((folder / "data.json").read_text())[name]
source = folder / ("peers/page.mustache" if name == "page" else f"{name}.mustache")
partials = {part: (folder / f"{part}.mustache").read_text() for part in ("nav", "group", "card", "fact", "foot")}
renderer = pystache.Renderer(partials=partials)
template = pystache.parse(source.read_text())
(folder / f"{name}.{engine}").write_text(renderer.render(template, data))
count, start = 0, time.perf_counter()
while time.perf_counter() - start < float(seconds):
    renderer.render(template, data)
    count += 1
print(count / (time.perf_counter() - start))
