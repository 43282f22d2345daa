"""A knowledge base of very many criteria, made quickly: cells are inserted by one statement, without claims."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection, models

from comparisons.models import Cell, Criterion, CriterionGroup, Framework, Level

#: Criteria with a value in every column, and criteria of which every fifth cell is empty, alternate by group.
LABELS = {"built-in": "yes", "partly-built-in": "partial", "none": "no"}
CAVEAT = "Only for requests that a session authenticates, and not for streams"


def _create(rows: list[Any]) -> list[Any]:
    """Insert without announcing it: nothing derived has to follow."""
    return models.QuerySet(type(rows[0])).bulk_create(rows, batch_size=2_000)


def fill(frameworks: int, criteria: int, groups: int = 40) -> None:
    """Frameworks fw-001 … by criteria crit-00001 …, four fifths of their cells with a value, two per cent disputed."""
    _create(
        [
            Framework(slug=f"fw-{n:03}", name=f"Framework {n:03}", tagline=f"Made for the {n}th purpose", order=n)
            for n in range(1, frameworks + 1)
        ]
    )
    of_group = _create([CriterionGroup(slug=f"group-{n:02}", name=f"Group {n:02}", order=n) for n in range(groups)])
    rows = _create(
        [
            Criterion(
                slug=f"crit-{n:05}",
                name=f"Criterion {n:05} of a long list",
                question=f"Does it do thing {n}?",
                definition="What it does.",
                group=of_group[n * groups // (criteria + 1)],
                value_type="level",
                order=n,
            )
            for n in range(1, criteria + 1)
        ]
    )
    _create(
        [
            Level(criterion=row, slug=slug, label=slug.replace("-", " ").capitalize(), meaning=meaning, order=place)
            for row in rows
            for place, (slug, meaning) in enumerate(LABELS.items(), start=1)
        ]
    )
    _insert_cells()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _insert_cells() -> None:
    """A cell for four fifths of all pairs; the answers vary with the primary keys, a third of the rows is alike."""
    place = "((CASE WHEN c.id % 3 = 0 THEN c.id ELSE c.id + f.id END) % 3) + 1"
    own = {
        "framework_id": "f.id",
        "criterion_id": "c.id",
        "level_id": "l.id",
        "value_key": "l.slug",
        "agreement": "CASE WHEN (c.id + f.id) % 50 = 0 THEN 'disputed' ELSE 'unanimous' END",
        "caveat": f"CASE WHEN l.meaning = 'partial' THEN '{CAVEAT}' ELSE '' END",
    }
    values = {
        "counts": [3],
        "tally": [["supports", "2026-05-01"], ["supports", None], ["qualifies", "2026-02-01"]],
        "steps": [["witnesses", 2, 2]],
        "points": 2,
        "supported_on": "2026-05-01",
        "newest_on": "2026-05-01",
        "witnesses": 3,
        "claims": 2,
    }
    names, parts, params = [], [], []
    for field in Cell._meta.concrete_fields:
        if field.primary_key or field.column is None:
            continue
        names.append(connection.ops.quote_name(field.column))
        if field.column in own:
            parts.append(own[field.column])
            continue
        value = values.get(field.name, field.get_default())
        cast = field.cast_db_type(connection) if connection.vendor == "postgresql" else ""
        parts.append(f"CAST(%s AS {cast})" if cast else "%s")
        params.append(json.dumps(value) if isinstance(field, models.JSONField) else value)
    tables = [connection.ops.quote_name(model._meta.db_table) for model in (Criterion, Framework, Level)]
    # Names of tables and columns come from the models, and the conditions from above.
    statement = (
        f"INSERT INTO {connection.ops.quote_name(Cell._meta.db_table)} ({', '.join(names)}) "
        f"SELECT {', '.join(parts)} FROM {tables[0]} c CROSS JOIN {tables[1]} f "
        f'JOIN {tables[2]} l ON l.criterion_id = c.id AND l."order" = {place} WHERE (c.id + f.id * 3) %% 5 <> 0'
    )
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("% 3", "%% 3").replace("% 50", "%% 50"), params)
