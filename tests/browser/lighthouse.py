"""`make lighthouse`: the Lighthouse scores of seven pages on a phone and a desktop, each the median of three runs.

It is not part of `make test`, since the performance score is a timing: Lighthouse simulates it (a slow phone on a slow
network; a desktop on a fast one) from a page load on this machine, and a busy machine lowers it. The other scores are
stable.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.serving import PATIENCE, ROOT, find_chromium, served

RUNS = int(os.environ.get("RUNS") or 3)
#: Attempts for one report: now and then Lighthouse records no trace ("NO_NAVSTART") and must be run again.
TRIES = 4
BARS = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
PAGES = {
    "home": "/",
    "matrix": "/matrix/",
    "comparison": "/comparisons/django-vs-flask-vs-fastapi/",
    "pros and cons": "/pros-cons/",
    "dossier": "/frameworks/django/architectural-pattern/",
    "search": "/search/",
    "results": "/search/?q=async",
}
#: Pages that tell search engines not to index them, so that the audit of that is skipped.
NOT_INDEXED = ("results",)
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"


def command() -> str | None:
    """The path of Lighthouse: from the variable LIGHTHOUSE, or where the Makefile installs it; None if missing."""
    named = os.environ.get("LIGHTHOUSE")
    return shutil.which(named) if named else shutil.which(str(ROOT / "var/tools/node_modules/.bin/lighthouse"))


def run(lighthouse: str, chromium: str, url: str, preset: str, indexed: bool) -> dict[str, object]:
    """Run Lighthouse once and return its report. Exits if it fails TRIES times."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        options = ["--output=json", f"--output-path={report}", "--quiet", f"--chrome-flags={FLAGS}"]
        if preset == "desktop":
            options.append("--preset=desktop")
        if not indexed:
            options.append("--skip-audits=is-crawlable")
        options.append("--only-categories=" + ",".join(BARS))
        environment = {**os.environ, "CHROME_PATH": chromium}
        command = [lighthouse, url, *options]
        for _ in range(TRIES):
            done = subprocess.run(command, env=environment, timeout=PATIENCE, capture_output=True, text=True)
            if not done.returncode:
                break
        else:
            sys.exit(f"Lighthouse failed on {url}:\n{done.stdout}{done.stderr}")
        loaded: dict[str, object] = json.loads(report.read_text())
        return loaded


def complaints(report: dict, category: str) -> list[str]:
    """The audits that cost a category its points."""
    audits, refs = report["audits"], report["categories"][category]["auditRefs"]
    return [
        f"{ref['id']} ({audits[ref['id']].get('displayValue') or audits[ref['id']]['title']})"
        for ref in refs
        if ref["weight"] and audits[ref["id"]]["score"] is not None and audits[ref["id"]]["score"] < 0.9
    ]


def main() -> int:
    lighthouse = command()
    chromium = find_chromium()
    if not lighthouse or not chromium:
        sys.exit("Lighthouse and Chromium are needed; name them in LIGHTHOUSE and CHROMIUM.")
    low = 0
    with served() as site:
        print(f"{'page':14} {'preset':8} " + " ".join(f"{name:>14}" for name in BARS), flush=True)
        for page, path in PAGES.items():
            site.get(path)
            for preset in ("mobile", "desktop"):
                indexed = page not in NOT_INDEXED
                reports = [run(lighthouse, chromium, site.address + path, preset, indexed) for _ in range(RUNS)]
                scores = {
                    name: [round(100 * (r["categories"][name]["score"] or 0)) for r in reports]  # type: ignore[index]
                    for name in BARS
                }
                medians = {name: statistics.median(found) for name, found in scores.items()}
                shown = " ".join(f"{medians[name]:>14.0f}" for name in BARS)
                print(f"{page:14} {preset:8} {shown}   performance {scores['performance']}", flush=True)
                for name, bar in BARS.items():
                    if medians[name] < bar:
                        low += 1
                        print(f"  {name} below {bar}: {'; '.join(complaints(reports[0], name))}", flush=True)
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
