"""What the main process of the server becomes once the workers run: a program that needs next to no memory.

`kb.serve` loads the site, forks the workers and then puts this program in its own place (exec), which frees the memory
that it shared with them; the workers stay its children. If one ends, or SIGHUP asks for new code, it becomes kb.serve
again, which starts what is missing while the other workers go on answering. So it imports little, and nothing of ours.
"""

import os
import signal
import sys
import time
from contextlib import suppress

#: What it waits for. Blocked before the workers are forked and ever after, so that none is lost while one program takes
#: the place of the other: what arrives meanwhile is found by the next.
SIGNALS = {signal.SIGCHLD, signal.SIGHUP, signal.SIGINT, signal.SIGTERM}
#: Seconds in which a worker has to end its requests when it is told to stop.
STOPPING = 10
#: Seconds between two attempts to start workers, so that a worker that ends at once does not occupy the machine.
BETWEEN = 5


def say(text: str) -> None:
    """Write a line to the log, in the form of granian's."""
    print(f"[INFO] {text}", flush=True)


def become(program: list[str], **numbers: list[int]) -> None:
    """Replace the program of this process by another one of Python, which is told some process ids, by name."""
    sys.stdout.flush()
    sys.stderr.flush()
    told = [f"{name}={','.join(map(str, ids))}" for name, ids in numbers.items()]
    os.execv(sys.executable, [sys.executable, *program, *told])  # noqa: S606  # our own program


def loads(code: str) -> bool:
    """Whether a new process of Python can run this: what was just installed may be broken, or its folder be gone."""
    try:
        program = os.posix_spawn(sys.executable, [sys.executable, "-c", code], os.environ)
    except OSError:  # Python itself is gone
        return False
    return os.waitpid(program, 0)[1] == 0


def told(arguments: list[str]) -> dict[str, list[int]]:
    """The numbers that `become` told this program."""
    named = (argument.partition("=") for argument in arguments)
    return {name: [int(one) for one in ids.split(",") if one] for name, _, ids in named}


def running(workers: list[int]) -> list[int]:
    """Those of these children that have not ended."""
    return [pid for pid in workers if not _ended(pid)]


def _ended(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:  # its end was noted already, by the program before this one
        return True


def stop(workers: list[int]) -> None:
    """End workers: each may finish what it answers, for STOPPING seconds."""
    for pid in workers:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOPPING
    while (workers := running(workers)) and (left := deadline - time.monotonic()) > 0:
        signal.sigtimedwait({signal.SIGCHLD}, left)
    for pid in workers:
        say(f"Worker {pid} is killed, since it did not stop within {STOPPING} seconds")
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def main() -> None:
    """Watch the workers until a signal says to stop; become kb.serve where some are to be started."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    started = time.monotonic()
    numbers = told(sys.argv[1:])
    (wanted,), workers = numbers["wanted"], numbers["workers"]
    stop(numbers["old"])
    renew = False
    while True:
        now = running(workers)
        for pid in set(workers) - set(now):
            say(f"Worker {pid} ended unexpectedly")
        workers = now
        is_due, wait = renew or len(workers) < wanted, started + BETWEEN - time.monotonic()
        if is_due and wait <= 0:
            if loads("import kb.serve"):
                kept, old = ([], workers) if renew else (workers, [])
                become(["-m", "kb.serve"], wanted=[wanted], workers=kept, old=old)
            say("New workers cannot be started, since kb.serve cannot be loaded; those that run go on")
            renew, started = False, time.monotonic()
            continue
        found = signal.sigtimedwait(SIGNALS, wait) if is_due else signal.sigwaitinfo(SIGNALS)
        if found and found.si_signo in (signal.SIGINT, signal.SIGTERM):
            break
        renew = renew or bool(found and found.si_signo == signal.SIGHUP)
    say("The server stops")
    stop(workers)


if __name__ == "__main__":
    main()
