"""Files of claims, and what becomes of them."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
import yaml

from comparisons.exchange import claims as importing
from comparisons.exchange.claims.messages import problem_lines
from tests.dumps import every_row

Row = dict[str, Any]
LINK = re.compile(r" \(docs/import\.md#claims(-\w+)?\)\Z")


CLAIM: Row = {
    "key": "django-orm", "framework": "django", "criterion": "orm", "kind": "capability", "polarity": "pro",
    "statement": "Django has an ORM.", "level": "built-in",
}  # fmt: skip


CITATION: Row = {"article": "docs", "stance": "supports", "says": "It has one.", "locator": "Models"}


def as_csv(*rows: Row, mark: str = ",") -> bytes:
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, names, restval="", delimiter=mark)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def as_yaml(*claims: Row) -> bytes:
    return b"".join(yaml.safe_dump([claim], allow_unicode=True).encode() for claim in claims)


def as_json(*claims: Row) -> bytes:
    return json.dumps(list(claims)).encode()


def planned(content: bytes, format: str = "csv") -> importing.ImportPlan:
    return importing.plan(importing.read(content, format, "claims." + format))


def imported(content: bytes, format: str = "csv", by: Any = None) -> importing.ImportPlan:
    plan = planned(content, format)
    importing.apply(plan, by=by)
    return plan


def messages(content: bytes, format: str = "csv") -> list[str]:
    """What the command would say of a file that is refused, without the link to the field at the end of each line."""
    plan = planned(content, format)
    assert not plan.is_sound
    lines = list(problem_lines(plan, "f"))
    told = [line for line in lines if line.startswith("f")]
    assert all(LINK.search(line) for line in told)
    return [LINK.sub("", line) for line in lines]


def refusal(content: bytes, format: str = "csv") -> tuple[int, str]:
    with pytest.raises(importing.Unreadable) as error:
        importing.read(content, format)
    return error.value.problem.row, error.value.problem.message


def state() -> dict[str, Any]:
    return every_row()
