"""Start a sample and ask it what the contract of its task says. Runs by itself: `python contract.py JSON`.

JSON: what `sampling.plan_of` makes. Prints one line of JSON: what came of each step of the contract, or why the sample
did not start. Needs the standard library alone; what the contract imports is in the environment that this runs in.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

#: Seconds that a command of a sample may take.
COMMAND = 60
#: Characters that are kept of what came, and of what a sample printed.
MOST, PRINTED = 300, 1_500


class SampleNotReady(Exception):
    """The sample cannot be asked anything; the message says why."""


class Site:
    """The sample as a contract sees it: where it answers, the folder it runs in, and the commands it names."""

    def __init__(self, plan: dict[str, Any], folder: Path):
        self.plan, self.folder = plan, folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.names = {**os.environ, "PATH": f"{plan['programs']}:/usr/bin:/bin", "PORT": str(self.port)}
        self.log = folder.parent / "printed.txt"

    def words(self, command: str) -> list[str]:
        """A command of the sample as words, with the port filled in."""
        return shlex.split(command.replace("$PORT", str(self.port)))

    def run(self, name: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command that the sample names, such as `test`, to its end; in a copy of the sample if one is given."""
        return self._run(self.plan["commands"][name], folder)

    def run_to_end(self, command: str) -> None:
        """Run a command that has to end well. Raises SampleNotReady."""
        done = self._run(command)
        if done.returncode:
            raise SampleNotReady(f"“{command}” ended with {done.returncode}: {done.stdout.strip()[-PRINTED:]}")

    def _run(self, command: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603
            self.words(command),
            cwd=folder or self.folder,
            env=self.names,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=COMMAND,
            check=False,
        )

    def start(self, seconds: float) -> subprocess.Popen[bytes]:
        """Prepare and start the sample, and wait until it accepts connections. Raises SampleNotReady."""
        for command in self.plan["prepare"]:
            self.run_to_end(command)
        with self.log.open("wb") as log:
            server = subprocess.Popen(  # noqa: S603
                self.words(self.plan["start"]),
                cwd=self.folder,
                env=self.names,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if server.poll() is not None:
                raise SampleNotReady(f"It ended with {server.returncode} before it answered: {self.printed()}")
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return server
        server.kill()
        raise SampleNotReady(f"Nothing answered at its port within {seconds:g} s: {self.printed()}")

    def printed(self) -> str:
        """The end of what the sample printed."""
        return self.log.read_bytes().decode("utf-8", "replace")[-PRINTED:].strip() or "it printed nothing."


def load(path: Path) -> ModuleType:
    """The contract in a file."""
    spec = importlib.util.spec_from_file_location("task_contract", path)
    if spec is None or spec.loader is None:
        raise SampleNotReady(f"{path.name} is no program.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def steps_of(contract: ModuleType) -> Iterator[FunctionType]:
    """The steps of a contract, in the order in which they stand in it."""
    for name, value in list(vars(contract).items()):
        is_own = isinstance(value, FunctionType) and value.__module__ == contract.__name__
        if is_own and not name.startswith("_") and name != "environment":
            yield value


def outcome(step: FunctionType, site: Site) -> dict[str, Any]:
    """What came of a step: its name, whether it passed, and what was answered, in a few words."""
    try:
        came = step(site)
    except Exception as error:  # whatever a step raises, the contract was not kept
        return {"name": step.__name__, "passed": False, "came": _why(step, error)}
    return {"name": step.__name__, "passed": True, "came": "" if came is None else str(came)[:MOST]}


def _why(step: FunctionType, error: Exception) -> str:
    """The line of the contract that was not kept, the error, and the answer that came."""
    file = step.__code__.co_filename
    lines = [one.line for one in traceback.extract_tb(error.__traceback__) if one.filename == file and one.line]
    says = "" if isinstance(error, AssertionError) and not str(error) else f"{type(error).__name__}: {error}"
    told = [lines[-1] if lines else "", says]
    frames = [frame for frame, _line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == file]
    for frame in reversed(frames):
        answer = frame.f_locals.get("answer")
        if answer is not None:
            told.append(f"It answered {getattr(answer, 'status_code', '')} {str(getattr(answer, 'text', ''))[:MOST]}")
            break
    return " ".join(filter(None, told))[: 3 * MOST].strip()


def main() -> None:
    plan = json.loads(sys.argv[1])
    folder = Path.cwd() / "sample"
    shutil.copytree(plan["sample"], folder)
    site = Site(plan, folder)
    os.environ["SITE"] = site.url
    result: dict[str, Any] = {"steps": [], "error": ""}
    try:
        contract = load(Path(plan["contract"]))
        if hasattr(contract, "environment"):
            site.names |= contract.environment()
        server = site.start(plan["wait"])
        result["steps"] = [outcome(step, site) for step in steps_of(contract)]
        if not all(step["passed"] for step in result["steps"]):
            result["error"] = site.printed()
        server.kill()
    except SampleNotReady as error:
        result["error"] = str(error)
    except Exception as error:  # told to the operator as the reason why nothing was asked
        result["error"] = f"{type(error).__name__}: {error}"
    print(json.dumps(result), flush=True)
    os._exit(0)  # ends what threads the contract started


if __name__ == "__main__":
    main()
