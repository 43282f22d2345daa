"""Aliases: what editors and files give, and how it is stored."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from comparisons.models import Criterion, Framework, Level
from comparisons.models.aliases import LONGEST, MOST_CHARACTERS, join_aliases, split_aliases
from tests.factories import make_criterion, make_framework


@pytest.mark.parametrize(
    ("given", "aliases"),
    [
        ("", ()),
        (" , ;\n", ()),
        ("ORM", ("ORM",)),
        ("ORM, object mapper", ("ORM", "object mapper")),
        ("ORM\nobject mapper", ("ORM", "object mapper")),
        ("ORM\r\nobject mapper\r\n", ("ORM", "object mapper")),
        ("ORM; object   mapper ;", ("ORM", "object mapper")),
        ("ORM, orm, Orm", ("ORM",)),
        ("C++, C#, .NET, N+1", ("C++", "C#", ".NET", "N+1")),
    ],
)
def test_aliases_are_separated_by_commas_semicolons_or_lines(given, aliases):
    assert split_aliases(given) == aliases


def test_joined_aliases_hold_each_alias_once():
    assert join_aliases("ORM, mapper", "", "orm, SQL") == "ORM, mapper, SQL"


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Framework, Criterion, Level])
def test_aliases_are_stored_on_one_line(model):
    criterion = make_criterion(levels=("yes", "no"))
    row = {Framework: make_framework, Criterion: lambda: criterion, Level: criterion.levels.first}[model]()
    row.aliases = " one\nTwo ,two"
    row.save()
    row.refresh_from_db()
    assert row.aliases == "one, Two"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("aliases", "message"),
    [
        ("a" * (LONGEST + 1), "is longer than"),
        ("fine, +-", "“+-” holds no letter"),
        (", ".join(f"alias {n}" for n in range(MOST_CHARACTERS // 8)), "at most"),
    ],
)
def test_aliases_are_refused_with_their_text(aliases, message):
    framework = make_framework()
    framework.aliases = aliases
    with pytest.raises(ValidationError) as refused:
        framework.full_clean()
    assert list(refused.value.message_dict) == ["aliases"]
    assert message in str(refused.value)
