"""Samples to be measured, and measurements as files, which need no package and no time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from comparisons.proof.measurement import Measurement, MeasuringOptions, PlainInstall, SetUp
from tests.proof.sample_files import CONTRACT, write_task

#: A server that answers any request, and does more than that after so many: a number, and lines of Python.
SERVER = """import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    asked = 0

    def do_GET(self):
        Handler.asked += 1
        status = 200
        if Handler.asked > {after}:
            {then}
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"[]")

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
LOAD = """
[load]
first = "/list"
fill = '{"title": "One"}'
fill_times = 2
path = "/list"
work = "nothing is read and an empty list answered"

[load.criteria]
throughput = "throughput"
latency = "latency"
size = "size"
start = "no-such-criterion"
"""
SERVED = """
[[servers]]
name = "{name}"
roles = ["{roles}"]
start = "python app.py $PORT"
workers = "1 process"
"""


def write_measurable(
    fixtures: Path, slugs: tuple[str, ...] = ("one", "two"), program: str = SERVER.format(after=10**9, then="pass")
) -> Path:
    """Write a task whose samples can be measured, the first of them with two servers; its folder."""
    folder = write_task(fixtures, "task", CONTRACT, dict.fromkeys(slugs, program))
    with (folder / "task.toml").open("a") as about:
        about.write(LOAD)
    for slug in slugs:
        served = SERVED.format(name="Own server", roles="recommended")
        if slug == slugs[0]:
            served += SERVED.format(name="Other", roles="common")
        with (folder / slug / "sample.toml").open("a") as declared:
            declared.write(served)
    return folder


def a_round(number: int, framework: str, server: str, per_second: int = 100, **fields: Any) -> dict[str, Any]:
    """A round as the driver gives it. per_second: answers over one connection."""
    errors = dict.fromkeys(("connect", "read", "write", "status", "timeout"), 0)
    levels = [
        {
            "connections": many, "requests": per_second * many, "seconds": 1.0, "p50": 1_000 / per_second,
            "p99": 4_000 / per_second, "processor": 0.5, "errors": dict(errors),
        }
        for many in (1, 2)
    ]  # fmt: skip
    start = {"seconds": 0.2, "processor": 0.1}
    row = {"round": number, "framework": framework, "server": server, "at": "2026-11-29T12:00:00+00:00"}
    row |= {"load_average": 1.5, "error": "", "compiled": start, "plain": start, "memory": 40.0, "levels": levels}
    return {**row, **fields}


def a_measurement(rounds: int = 10, **fields: Any) -> Measurement:
    """Two frameworks, one of them with two servers; the second answers twice as much, and all rounds differ a little.

    fields: of the measurement, instead of these.
    """
    own = ("Own server", ("recommended",), "1 process", "", "2.0", "digest", ("one 2.0", "other 1.1"), 100, 200)
    setups = [
        SetUp("one", *own),
        SetUp("one", "Other 1.1", ("common",), *own[2:]),
        SetUp("two", *own),
    ]
    speed = {setups[0].key: 100, setups[1].key: 101, setups[2].key: 200}
    rows = [
        a_round(number, *setup.key, per_second=speed[setup.key] + number * (speed[setup.key] // 100))
        for number in range(1, rounds + 1)
        for setup in setups
    ]
    machine = {
        "processors": 2, "model": "Model", "memory": "4.0 GiB", "system": "Linux x86_64", "python": "3.13.0",
        "generator": "wrk 4.1.0", "has_own_processors": True, "is_isolated": True,
    }  # fmt: skip
    values: dict[str, Any] = {
        "name": "own-load-1",
        "begun": "2026-11-29T12:00:00+00:00",
        "options": MeasuringOptions("task", rounds, 1, 1, (1, 2), "wrk"),
        "machine": machine,
        "setups": setups,
        "installs": [PlainInstall("one", "one 2.0", 1_572_864, 2_097_152)],
        "rounds": rows,
    }
    return Measurement(**{**values, **fields})
