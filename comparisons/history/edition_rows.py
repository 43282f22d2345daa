"""The rows of editions. Each is stored once, as of the first day on which readers saw it so.

An edition names the criteria of its rows in order; each row is the newest one that is not of a later day. Editions that
are older than the table of rows hold them in their own state, and stay as they are.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast

from comparisons.domain.editions import PastComparison
from comparisons.models import ComparisonEdition, EditionRow
from comparisons.models.batches import BATCH, batched
from comparisons.models.many import insert

#: Rows as JSON, by the primary key of their criterion.
Rows = dict[int, dict[str, Any]]
_ALL = slice(None)
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b", re.ASCII)


def are_apart(state: Mapping[str, Any]) -> bool:
    """Whether the rows of an edition stand in their table. state: of the edition."""
    return bool(state) and not any(isinstance(row, dict) for row in state["rows"][:1])


def together(state: Mapping[str, Any], rows: Rows) -> dict[str, Any]:
    """The state of an edition with its rows in it. A row that is missing is None."""
    if not are_apart(state):
        return {**state}
    return {**state, "rows": [rows.get(criterion) for criterion in state["rows"]]}


def newest(
    comparisons: Collection[int], criteria: Collection[int], using: str | None = None, **of: Any
) -> dict[int, Rows]:
    """The newest row of each criterion in each of these comparisons; one query. of: which rows are looked at.

    Of very many criteria all rows are read, those of others too.
    """
    found: defaultdict[int, Rows] = defaultdict(dict)
    rows = _newest(comparisons, criteria, using, **of)
    for record, criterion, state in rows.values_list("record", "criterion", "state"):
        found[record][criterion] = state
    return found


def _newest(
    comparisons: Collection[int], criteria: Collection[int], using: str | None = None, **of: Any
) -> QuerySet[EditionRow]:
    rows = EditionRow.objects.using(using).filter(**of).order_by()
    later = rows.filter(record=OuterRef("record"), criterion=OuterRef("criterion"), day__gt=OuterRef("day"))
    rows = rows.filter(~Exists(later), record__in=comparisons)
    return rows.filter(criterion__in=criteria) if len(criteria) <= BATCH else rows


def past(edition: ComparisonEdition, rows: slice = _ALL, columns: slice = _ALL) -> PastComparison:
    """The comparison that an edition holds, or these rows and columns of it; one query.

    A row that was undone since the edition was read is left out: by then readers get a page of the next edition.
    """
    state = {**edition.state, "rows": edition.state["rows"][rows]}
    if are_apart(state):
        state = together(state, newest([edition.record], state["rows"], day__lte=edition.day)[edition.record])
        state["rows"] = [row for row in state["rows"] if row is not None]
    return PastComparison.from_json(state, columns)


def compared(
    earlier: ComparisonEdition, later: ComparisonEdition, day: dt.date
) -> tuple[PastComparison, PastComparison]:
    """Two editions of a comparison without most rows that say the same on a day and on that of the later edition.

    What did not change may have grown old, or become due for a recheck: then a date of it is of a day between. Where
    rows or columns came, went or changed places all rows are there. Two queries.
    """
    names = earlier.state["rows"]
    columns = [[column["id"] for column in one.state["columns"]] for one in (earlier, later)]
    if not are_apart(earlier.state) or names != later.state["rows"] or columns[0] != columns[1]:
        return past(earlier), past(later)
    then = newest([earlier.record], names, day__gt=earlier.day, day__lte=later.day)[earlier.record]
    rows = _newest([earlier.record], names, day__lte=earlier.day).annotate(text=Cast("state", TextField()))
    # Most rows of a large comparison are left out unread. A text compares as its day does.
    since, until = day.isoformat(), later.day.isoformat()
    first: Rows = {
        criterion: json.loads(text)
        for criterion, text in rows.values_list("criterion", "text")
        if criterion in then or any(since < on <= until for on in _DAY.findall(text))
    }
    shown = [name for name in names if name in first]
    sides = ((earlier, first), (later, first | then))
    before, after = (
        PastComparison.from_json({**one.state, "rows": [rows[name] for name in shown]}) for one, rows in sides
    )
    return before, after


def store(record: int, day: dt.date, rows: Rows, before: Rows, own: Rows, using: str) -> None:
    """Store rows of a comparison as of a day; at most two queries for few of them.

    before, own: those stored last before that day, and those of that day. What is again as it was before goes.
    """
    changed = {criterion for criterion, row in rows.items() if row != own.get(criterion, before.get(criterion))}
    for batch in batched(sorted(changed & own.keys()), BATCH):
        EditionRow.objects.using(using).filter(record=record, day=day, criterion__in=batch).delete()
    insert(
        [
            EditionRow(record=record, criterion=criterion, day=day, state=rows[criterion])
            for criterion in sorted(changed)
            if rows[criterion] != before.get(criterion)
        ],
        using,
    )


def drop(edition: ComparisonEdition, using: str) -> None:
    """Delete the rows that are new in an edition."""
    EditionRow.objects.using(using).filter(record=edition.record, day=edition.day).delete()


def are_equal(earlier: ComparisonEdition, later: ComparisonEdition, using: str) -> bool:
    """Whether of two editions, one the next after the other, the later one shows what the earlier one did."""
    names = [row["id"] if isinstance(row, dict) else row for row in earlier.state.get("rows", ())]
    if {**earlier.state, **({"rows": names} if earlier.state else {})} != later.state:
        return False
    rows = EditionRow.objects.using(using).filter(record=later.record, day=later.day)
    if are_apart(earlier.state):
        return not set(names).intersection(rows.values_list("criterion", flat=True))
    return earlier.state == together(later.state, newest([later.record], names, using)[later.record])
