"""Bring the releases of frameworks up to date with the index of packages.

What is new is added and marked as found by a machine; a day, a note or an article that somebody entered stays. A new
feature release makes claims due for a recheck, and `prove --newest` runs their programs with it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from django.db import transaction

from comparisons.domain.freshness import version_numbers
from comparisons.language import labels
from comparisons.links.addresses import FetchError
from comparisons.links.fetching import Fetcher
from comparisons.links.package_index import IndexRelease, NoAnswer, ask
from comparisons.models import Framework, Release

#: The folder in DATA_DIR that keeps when each package was read, the ETag of the answer, and what was on record then.
FOLDER = "releases"


@dataclass(frozen=True)
class Watched:
    """What came of one package. added: its new versions. changed: those that are yanked since, or are no longer.

    trouble: why the index did not answer; empty if it did.
    """

    framework: Framework
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    trouble: str = ""


def due(folder: Path, now: datetime, older_than: timedelta, frameworks: Collection[str] = ()) -> list[Framework]:
    """The frameworks with a package that was not read for so long; those named, in any case. One query."""
    found = Framework.objects.exclude(package_name="").order_by("order", "slug")
    if frameworks:
        return list(found.filter(slug__in=frameworks))
    return [one for one in found if (last := _last_read(folder, one)) is None or now - last > older_than]


def watch(
    frameworks: Iterable[Framework], fetcher: Fetcher, index: str, folder: Path, now: datetime
) -> Iterator[Watched]:
    """Read the package of each framework and store what it says, one after the other; ending it early is safe."""
    folder.mkdir(parents=True, exist_ok=True)
    for framework in frameworks:
        try:
            kept = _kept(folder, framework)
            # Another database than the one it was read into, such as one that was restored, may lack what it knew.
            is_same = kept.get("stored") == _stored(framework)
            found, etag = ask(fetcher, index, framework.package_name, kept.get("etag", "") if is_same else "")
        except NoAnswer as error:
            yield Watched(framework, trouble=str(error))
            continue
        except FetchError as error:
            yield Watched(framework, trouble=str(labels.label(error.trouble)))
            continue
        came = Watched(framework) if found is None else store(framework, found)
        about = {"read": now.isoformat(), "etag": etag, "stored": _stored(framework)}
        (folder / f"{framework.slug}.json").write_text(json.dumps(about), "utf-8")
        yield came


@transaction.atomic
def store(framework: Framework, found: Iterable[IndexRelease]) -> Watched:
    """Add the releases that are newer than all on record, and say of those on record what the index says.

    The newest one is added if there are none. A version that is yanked before anybody saw it is left out. A few queries
    for each release that is new or has changed.
    """
    stored = {version_numbers(one.version_number): one for one in framework.releases.select_for_update()}
    last = max((one.released_on for one in stored.values()), default=None)
    found = [one for one in found if version_numbers(one.version)]
    fresh = [one for one in found if not one.is_yanked and version_numbers(one.version) not in stored]
    fresh = [one for one in fresh if last is None or one.released_on > last]
    came = Watched(framework)
    for one in fresh if last else fresh[-1:]:
        Release.objects.create(
            framework=framework,
            version_number=one.version,
            released_on=one.released_on,
            requires_python=one.requires_python,
            size=one.size,
            by_machine=True,
        )
        came.added.append(one.version)
    for one in found:
        release = stored.get(version_numbers(one.version))
        if release is None or release.version_number != one.version:
            continue
        said = (one.requires_python or release.requires_python, one.size or release.size, one.is_yanked)
        if said == (release.requires_python, release.size, release.is_yanked):
            continue
        if release.is_yanked != one.is_yanked:
            came.changed.append(one.version)
        release.requires_python, release.size, release.is_yanked = said
        release.save()
    return came


def _stored(framework: Framework) -> str:
    """A digest of what is on record of the releases of a framework, as far as the index tells it; one query."""
    fields = ("version_number", "requires_python", "size", "is_yanked")
    rows = framework.releases.order_by("version_number").values_list(*fields)
    return sha256(repr(list(rows)).encode()).hexdigest()[:16]


def _kept(folder: Path, framework: Framework) -> dict[str, str]:
    try:
        kept = json.loads((folder / f"{framework.slug}.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _last_read(folder: Path, framework: Framework) -> datetime | None:
    try:
        return datetime.fromisoformat(_kept(folder, framework).get("read", ""))
    except ValueError:
        return None
