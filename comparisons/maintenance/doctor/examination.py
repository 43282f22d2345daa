"""All examinations, in the order in which they are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db import DatabaseError

from comparisons.maintenance.failures import remedy, words

from . import clock, database, site
from .diagnosis import BAD, Diagnoses, Diagnosis

#: What needs no database; what needs one that answers; what needs its tables; of these, what reads all of them.
AROUND = (site.configuration, database.disk, site.static_files, site.cache, site.backup)
SERVER = (database.durability, database.replica)
TABLES = (database.writing, clock.clock, site.store)
THOROUGH = (database.integrity, database.derived)


def examine(*, is_quick: bool = False) -> Iterator[Diagnosis]:
    """Everything that can be said, as it is found. is_quick: leave out what reads the whole database."""
    database.hurry()
    for look in AROUND:
        yield from look()
    yield (answer := database.answer())
    if answer.state == BAD:
        return
    for look in SERVER:
        yield from _told(look)
    migrations = list(database.migrations())
    yield from migrations
    if any(finding.state == BAD for finding in migrations):
        return
    for look in TABLES if is_quick else (*TABLES, *THOROUGH):
        yield from _told(look)


def _told(look: Callable[[], Diagnoses]) -> Iterator[Diagnosis]:
    """The findings of one examination; that the database refuses it is a finding as well."""
    try:
        yield from look()
    except DatabaseError as error:
        yield Diagnosis(look.__name__, BAD, words(error), remedy(error, "see the line about integrity, and its log"))
