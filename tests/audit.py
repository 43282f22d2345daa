"""`make audit`: compare the locked dependencies with published advisories, or say that no source of them answers.

It is not part of `make test`, which sends nothing to other machines. The exit code is 0 if nothing is known against any
package, 1 if something is, and 2 if nothing could be compared.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = "requirements/run.lock"
#: Strict, since it otherwise finds no weakness where its source could not be asked at all.
COMMAND = [
    *(sys.executable, "-m", "uv", "tool", "run", "pip-audit"),
    *("--strict", "--disable-pip", "--format", "json", "--progress-spinner", "off", "--requirement", LOCK),
]
SOUND, WEAK, UNKNOWN = 0, 1, 2


def audit(command: list[str]) -> tuple[int, str]:
    """The exit code, and what is to be said. command: prints what pip-audit does."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    try:
        packages = json.loads(done.stdout)["dependencies"]
        known = [(one["name"], one["version"], weak["id"]) for one in packages for weak in one["vulns"]]
    except (ValueError, LookupError, TypeError):
        why = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        return UNKNOWN, f"No source of advisories could be asked, so nothing was compared: {why}"
    if known:
        lines = [f"{name} {version}: {weakness}" for name, version, weakness in known]
        return WEAK, "\n".join([*lines, "Known weaknesses: make lock takes newer versions, then make test"])
    return SOUND, f"Nothing is known against the {len(packages)} packages of {LOCK}"


if __name__ == "__main__":
    code, said = audit(COMMAND)
    print(said)
    sys.exit(code)
