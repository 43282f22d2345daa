"""A log format in UTC whose lines name their request, and in which nothing that a request contains can begin one."""

import logging
import re
import time

from .entrance import answering

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")


class LineFormatter(logging.Formatter):
    """One line for each record, with the id of the request; the lines of a traceback follow it, indented."""

    converter = time.gmtime  # type: ignore[assignment]  # both take the same argument
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.request_id = answering().id
        return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", super().formatMessage(record))

    def formatException(self, ei: object) -> str:
        return "\n".join(f"    {line}" for line in super().formatException(ei).splitlines())  # type: ignore[arg-type]


class NoRefusals(logging.Filter):
    """Leave out what Django logs with a traceback for a request that it refuses, such as one for an unknown host.

    `comparisons.views.errors.bad_request` logs it in one line.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.name.startswith("django.security.") and record.exc_info)
