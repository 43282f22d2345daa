"""Read what a package index says about the releases of a package: its simple API in JSON (PEP 691 and PEP 700).

Which index that is, the operator has told pip: it is asked for the address, and no address stands in this project.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings

from .addresses import FetchError, target_of
from .fetching import Fetcher
from .pace import Pace

#: The form of the answer that is asked for, and the newest main version of the API that is understood.
JSON, API = "application/vnd.pypi.simple.v1+json", "1"
#: Seconds for one answer, and most bytes of it: packages with many wheels have long ones.
DEADLINE, MOST = 60.0, 30_000_000
#: Final releases; what comes before one, or after it for development, is left out.
_FINAL = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9}){0,5}(\.post[0-9]{1,4})?")
_INDEX_OPTION = re.compile(r"--index-url <url>.*?\(default\s+(\S+?)\)", re.DOTALL)
_ENDINGS = re.compile(r"\.(?:tar\.gz|tar\.bz2|tgz|zip)$")


class NoAnswer(Exception):
    """The index cannot be asked, or answers in another form; the message says why."""


@dataclass(frozen=True)
class IndexRelease:
    """A final release as its files are listed.

    requires_python: empty if it is not said. is_yanked: whether every file is. size: of the wheel for any platform, or
    of the smallest file; None if it is not said.
    """

    version: str
    released_on: date
    requires_python: str = ""
    is_yanked: bool = False
    size: int | None = None


def configured() -> str:
    """The address of the index that pip is configured for. Raises NoAnswer without pip."""
    told = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--help"],
        capture_output=True,
        text=True,
        env=os.environ | {"COLUMNS": "1000"},
        check=False,
    )
    found = _INDEX_OPTION.search(told.stdout)
    if found is None:
        raise NoAnswer("pip, which knows the index, is not there; name the index with --index.")
    return found[1]


def fetcher(index: str) -> Fetcher:
    """A fetcher that may also reach the host of this index, wherever it is: the operator chose it.

    Raises NoAnswer for an address that cannot be asked.
    """
    try:
        target = target_of(index)
    except FetchError:
        shown = re.sub(r"//[^/]*@", "//…@", index)
        raise NoAnswer(
            f"“{shown}” is no address of an index that can be asked, such as https://index.example/simple/; it names "
            "no user."
        ) from None
    agent = f"Crosscheck/1.0 (releases; +{quote(settings.SITE_URL, safe=':/[]')}/)"
    return Fetcher(agent, Pace(), ports=[target.port], allowed=[target.host_and_port], deadline=DEADLINE, limit=MOST)


def ask(fetcher: Fetcher, index: str, package: str, etag: str = "") -> tuple[list[IndexRelease] | None, str]:
    """The final releases of a package and the ETag of the answer; None if nothing changed since the one with this ETag.

    Raises NoAnswer, and FetchError if there is no response.
    """
    address = f"{index.rstrip('/')}/{re.sub(r'[-_.]+', '-', package).lower()}/"
    asked = {"Accept": JSON} | ({"If-None-Match": etag} if etag else {})
    answer = fetcher.fetch("GET", address, asked, MOST)
    if answer.status == 304 and etag:
        return None, etag
    if answer.status != 200:
        raise NoAnswer(f"The index answers {answer.status} for {package}.")
    if answer.headers.get_content_type() != JSON:
        raise NoAnswer(f"The index does not answer in JSON for {package}.")
    try:
        return read(json.loads(answer.body)), answer.headers.get("ETag", "")
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError) as error:
        raise NoAnswer(f"The index answers with something else than releases for {package}: {error}") from error


def read(page: dict[str, Any]) -> list[IndexRelease]:
    """The final releases on a page of the simple API, the oldest first. Those without a day of upload are left out.

    Raises ValueError, TypeError or KeyError for a page in another form.
    """
    api = str(page["meta"]["api-version"])
    if api.partition(".")[0] != API:
        raise ValueError(f"version {api} of the API is not understood")
    files: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for file in page["files"]:
        version = _version_of(str(file["filename"]))
        if _FINAL.fullmatch(version):
            files[version].append(file)
    found = (_release(version, of_it) for version, of_it in files.items())
    return sorted(filter(None, found), key=lambda one: (one.released_on, one.version))


def _version_of(name: str) -> str:
    """The version in the name of a file, as PEP 427 and PEP 625 write it; empty for another kind of file."""
    if name.endswith(".whl"):
        return name.split("-")[1] if name.count("-") >= 4 else ""
    return _ENDINGS.sub("", name).rpartition("-")[2] if _ENDINGS.search(name) else ""


def _release(version: str, files: list[dict[str, Any]]) -> IndexRelease | None:
    days = [_day(str(file["upload-time"])) for file in files if file.get("upload-time")]
    if not days:
        return None
    pure = [file for file in files if str(file["filename"]).endswith("-none-any.whl")]
    requires = {str(file["requires-python"]) for file in files if file.get("requires-python")}
    return IndexRelease(
        version,
        min(days),
        min(requires, default="")[:100],
        all(file.get("yanked") for file in files),
        min(_sizes(pure) or _sizes(files), default=None),
    )


def _day(text: str) -> date:
    return datetime.fromisoformat(text).astimezone(UTC).date()


def _sizes(files: Iterable[dict[str, Any]]) -> list[int]:
    sizes = [file.get("size") for file in files]
    return [size for size in sizes if isinstance(size, int) and 0 < size < 2**31]
