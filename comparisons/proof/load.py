"""Start a sample with a server, and measure it under load. Runs by itself, within the sandbox: `python load.py JSON`.

JSON: what `measuring.plan_of` makes. Prints one line of JSON: what was measured, or why it could not be. Needs the
standard library alone. The server and the generator of load each keep to a processor of their own where there are two.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

# It runs as a program in the sandbox, which shows these two files of the package and no more.
sys.path.insert(0, str(Path(__file__).parents[2]))

from comparisons.proof.contract import SampleNotReady, Site
from comparisons.proof.generator import ERRORS

#: Seconds after which a request counts as not answered, and between two tries of the first one.
TIMEOUT, TRY_AGAIN = 2, 0.005
#: Seconds that a server has to end by itself.
TO_END = 3
#: What wrk runs when it is done: it prints what it counted, in ms where it counts in microseconds.
SCRIPT = """
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    '\\n{"requests": %.0f, "seconds": %.6f, "p50": %.3f, "p99": %.3f, "errors":'
    .. ' {"connect": %.0f, "read": %.0f, "write": %.0f, "status": %.0f, "timeout": %.0f}}\\n',
    summary.requests, summary.duration / 1000000, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    e.connect, e.read, e.write, e.status, e.timeout))
end
"""


def family(pid: int) -> list[int]:
    """A process and all that descend from it, as far as they still run."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError, ValueError, IndexError):
                parents.setdefault(int(_stat(int(entry.name))[1]), []).append(int(entry.name))
    found = [pid]
    for one in found:
        found.extend(parents.get(one, ()))
    return found


def _stat(pid: int) -> list[str]:
    """The fields of a process from its state on, as proc(5) numbers them from 3."""
    return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(") ")[2].split()


def processor_time(pid: int) -> float:
    """Seconds of processor time that a process and its descendants have used, those that ended included."""
    ticks = 0
    for one in family(pid):
        with suppress(OSError, ValueError, IndexError):
            ticks += sum(map(int, _stat(one)[11:13] if one != pid else _stat(one)[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> float:
    """Memory that a process and its descendants occupy, in MiB; what they share counts once (proportional set size)."""
    kilobytes = 0
    for one in family(pid):
        with suppress(OSError, ValueError, StopIteration):
            lines = Path(f"/proc/{one}/smaps_rollup").read_text("utf-8").splitlines()
            kilobytes += int(next(line.split()[1] for line in lines if line.startswith("Pss:")))
    return kilobytes / 1024


def keep_to(processor: int | None) -> None:
    """Let this process, and what it starts from now on, run on one processor only; None: as it is."""
    if processor is not None:
        os.sched_setaffinity(0, {processor})


def start(site: Site, command: str, processor: int | None) -> subprocess.Popen[bytes]:
    """Start a server."""
    keep_to(processor)
    with site.log.open("wb") as log:
        return subprocess.Popen(  # noqa: S603
            site.words(command),
            cwd=site.folder,
            env=site.names,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def stop(server: subprocess.Popen[bytes]) -> None:
    """End a server and what descends from it, first by asking it to."""
    started = family(server.pid)
    server.terminate()
    with suppress(subprocess.TimeoutExpired):
        server.wait(TO_END)
    for pid in started:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    server.wait()


def ask(site: Site, path: str, body: str = "", timeout: float = TIMEOUT) -> int:
    """Ask once, with a body by POST, and return the status. Raises OSError or HTTPException."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=timeout)
    try:
        kind = {"Content-Type": "application/json"}
        connection.request("POST" if body else "GET", path, body or None, kind if body else {})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def first_answer(site: Site, server: subprocess.Popen[bytes], path: str, begun: float, wait: float) -> dict[str, float]:
    """Seconds from the start to the first good answer, by the clock and of the processor. Raises SampleNotReady."""
    while time.perf_counter() - begun < wait:
        if server.poll() is not None:
            raise SampleNotReady(f"It ended with {server.returncode} before it answered: {site.printed()}")
        try:
            status = ask(site, path, timeout=max(0.1, wait))
        except (OSError, http.client.HTTPException):
            time.sleep(TRY_AGAIN)
            continue
        if status != 200:
            raise SampleNotReady(f"Its first answer was {status}, not 200: {site.printed()}")
        return {"seconds": time.perf_counter() - begun, "processor": processor_time(server.pid)}
    raise SampleNotReady(f"It did not answer within {wait:g} s: {site.printed()}")


def load(site: Site, plan: dict[str, Any], connections: int, seconds: float) -> dict[str, Any]:
    """What a generator of load counted. Raises SampleNotReady if it does not say."""
    if plan["wrk"]:
        script = site.folder.parent / "done.lua"
        script.write_text(SCRIPT, "utf-8")
        command = [plan["wrk"], "-t1", f"-c{connections}", f"-d{seconds:g}s", f"--timeout={TIMEOUT}s"]
        command += ["-s", str(script), site.url + plan["path"]]
    else:
        asked = {"host": "127.0.0.1", "port": site.port, "path": plan["path"], "connections": connections}
        asked |= {"seconds": seconds, "timeout": TIMEOUT}
        command = [sys.executable, plan["generator"], json.dumps(asked)]
    keep_to(plan["processors"][1])
    most = seconds + 4 * TIMEOUT
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=most, check=False)  # noqa: S603
        found = json.loads(done.stdout.strip().rpartition("\n")[2])
        return {"connections": connections, **found}
    except subprocess.TimeoutExpired:
        raise SampleNotReady(f"The generator of load did not end within {most:g} s.") from None
    except ValueError:
        raise SampleNotReady(f"The generator of load failed: {(done.stderr or done.stdout).strip()[-300:]}") from None


def measure(site: Site, plan: dict[str, Any]) -> dict[str, Any]:
    """Start the sample, put it under load, and start it once more without byte code. Raises SampleNotReady."""
    for command in plan["prepare"]:
        site.run_to_end(command)
    begun = time.perf_counter()
    server = start(site, plan["start"], plan["processors"][0])
    try:
        keep_to(plan["processors"][1])
        result: dict[str, Any] = {"compiled": first_answer(site, server, plan["first"], begun, plan["wait"])}
        for _one in range(plan["fill_times"]):
            if (status := ask(site, plan["first"], plan["fill"])) not in (200, 201):
                raise SampleNotReady(f"What was posted before the load was answered with {status}.")
        if (status := ask(site, plan["path"])) != 200:
            raise SampleNotReady(f"{plan['path']} was answered with {status}, not 200.")
        load(site, plan, max(plan["connections"]), plan["warm_up"])
        result["levels"] = []
        for connections in plan["connections"]:
            before = processor_time(server.pid)
            found = load(site, plan, connections, plan["seconds"])
            result["levels"].append({**found, "processor": processor_time(server.pid) - before})
            if server.poll() is not None:
                raise SampleNotReady(f"It ended with {server.returncode} under load: {site.printed()}")
            if not found["requests"]:
                told = ", ".join(f"{kind} {found['errors'][kind]}" for kind in ERRORS)
                raise SampleNotReady(f"Nothing was answered over {connections} connections ({told}): {site.printed()}")
        result["memory"] = memory(server.pid)
    finally:
        stop(server)
    plain = Site({**plan, "programs": plan["plain_programs"]}, site.folder)
    begun = time.perf_counter()
    server = start(plain, plan["start"], plan["processors"][0])
    try:
        keep_to(plan["processors"][1])
        result["plain"] = first_answer(plain, server, plan["first"], begun, plan["wait"])
    finally:
        stop(server)
    return result


def main() -> None:
    plan = json.loads(sys.argv[1])
    folder = Path.cwd() / "sample"
    shutil.copytree(plan["sample"], folder)
    result: dict[str, Any] = {"error": ""}
    try:
        result |= measure(Site(plan, folder), plan)
    except Exception as error:  # told to the operator as the reason why this round gave nothing
        says = str(error) if isinstance(error, SampleNotReady) else f"{type(error).__name__}: {error}"
        result = {"error": says}
    print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
