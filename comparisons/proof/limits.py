"""Start a program under limits. Runs by itself, outside the project: `python limits.py JSON PROGRAM ARGUMENT...`.

JSON: the limits by their names in `resource`. A process for itself, since limits that were set between fork and exec of
a process with threads could stop it.
"""

import json
import os
import resource
import signal
import sys


def main() -> None:
    for name, wanted in json.loads(sys.argv[1]).items():
        limit = getattr(resource, name, None)
        if limit is None:  # this kernel knows no such limit
            continue
        _soft, hard = resource.getrlimit(limit)
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(limit, (most, most))
    for one in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(one, signal.SIG_DFL)  # which a shell that started it all in the background has them ignore
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606


main()
