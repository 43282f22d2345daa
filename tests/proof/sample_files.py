"""Tasks and samples as files, which need nothing but Python."""

from __future__ import annotations

import json
from pathlib import Path

from django.utils import timezone

from comparisons.proof.results import SampleResult, StepOutcome, store_result
from comparisons.proof.samples import read_task

#: A sample that answers every address with an empty list.
SERVER = """import sys
from http.server import BaseHTTPRequestHandler, HTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"[]")


HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
CONTRACT = '''# /// script
# dependencies = ["one==2.0"]
# ///
import json
import os
import urllib.request


def _get(path):
    answer = urllib.request.urlopen(os.environ["SITE"] + path)
    answer.status_code, answer.text = answer.status, answer.read().decode()
    return answer


def is_empty(site):
    """GET /list

    200 and an empty list.
    """
    answer = _get("/list")
    assert answer.status_code == 200
    assert json.loads(answer.text) == []
    return answer.status_code


def is_still_empty(site):
    """GET /list

    The same once more.
    """
    assert _get("/list").text == "[]"
'''
FAILS = '''

def is_missing(site):
    """GET /nothing

    404.
    """
    answer = _get("/nothing")
    assert answer.status_code == 404
'''
HANGS = '''

def waits(site):
    """Nothing

    It never ends.
    """
    import time

    time.sleep(600)
'''


def write_sample(task: Path, framework: str, program: str, summary: str = "Nothing but Python.") -> None:
    """Write a sample of one file into the folder of its task."""
    folder = task / framework
    folder.mkdir(exist_ok=True)
    (folder / "app.py").write_text(program, "utf-8")
    (folder / "requirements.txt").write_text("one==2.0\n", "utf-8")
    declared = f'summary = {json.dumps(summary)}\nstart = "python app.py $PORT"\n'
    (folder / "sample.toml").write_text(declared, "utf-8")


def write_task(
    fixtures: Path, slug: str, contract: str, programs: dict[str, str], criteria: tuple[str, ...] = ("level",)
) -> Path:
    """Write a task with a sample for each framework; its folder."""
    folder = fixtures / "samples" / slug
    folder.mkdir(parents=True, exist_ok=True)
    about = f'title = "Task <{slug}>"\nlead = "Answer & end."\ncriteria = {json.dumps(criteria)}\n'
    (folder / "task.toml").write_text(about, "utf-8")
    (folder / "contract.py").write_text(contract, "utf-8")
    for framework, program in programs.items():
        write_sample(folder, framework, program)
    return folder


def write_result(folder: Path, framework: str, *passed: bool, came: str = "200") -> None:
    """Store a result of a sample as it is, with a step for each value."""
    task = read_task(folder)
    steps = tuple(StepOutcome(step.name, ok, came) for step, ok in zip(task.steps, passed, strict=True))
    digest = task.samples[framework].digest
    packages = ("one 2.0", "other 1.1")
    today = timezone.localdate()
    store_result(task, SampleResult(framework, digest, today, "3.13.0", packages, steps, "<b>printed</b>", True))
