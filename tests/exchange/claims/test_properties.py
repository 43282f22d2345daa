"""What holds for any file."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from comparisons.domain.vocabulary import ClaimKind, Status, Verdict
from comparisons.exchange import claims as importing
from comparisons.exchange.formulas import escaped, is_formula, unescaped
from comparisons.exchange.rules import broken
from comparisons.models import Claim, Criterion, Framework

from .builders import as_csv, as_json, as_yaml

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(ANY_TEXT | st.from_regex("'*[=+@-].*", fullmatch=True))
def test_what_is_escaped_is_unescaped_to_the_same(text):
    assert unescaped(escaped(text)) == text
    assert not is_formula(escaped(text))


@given(st.sampled_from(importing.FORMATS), st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(format, content):
    try:
        importing.read(content, format)
    except importing.Unreadable as error:
        assert error.problem.message


@given(st.sampled_from(importing.FORMATS), st.text("keystamn,;:-[]{}\"'\\\n\t &*!|>#?", max_size=200))
def test_any_text_is_read_or_refused(format, text):
    try:
        importing.read(text.encode(), format)
    except importing.Unreadable as error:
        assert error.problem.message


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)


@given(st.lists(st.fixed_dictionaries({"statement": CELLS, "text": CELLS}), min_size=1, max_size=5))
def test_every_format_reads_the_same(rows):
    rows = [{"key": f"k{n}", "criterion": "aim", **row} for n, row in enumerate(rows)]
    written = [{name: escaped(value) for name, value in row.items()} for row in rows]
    sources = (
        importing.read(as_csv(*written), "csv"), importing.read(as_json(*rows), "json"),
        importing.read(as_yaml(*rows), "yaml"),
    )  # fmt: skip
    first, *others = ([record.values for record in source.records] for source in sources)
    assert [first, first] == others


FIELDS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from([*ClaimKind, "", "other"]),
        "polarity": st.sampled_from(["pro", "", "x"]),
        "statement": st.sampled_from(["S.", ""]),
        "number": st.none() | st.integers(-2, 2),
        "number_high": st.none() | st.integers(-2, 2),
        "approximate": st.booleans(),
        "text": st.sampled_from(["", "So"]),
        "hardware": st.sampled_from(["", "8"]),
        "impact": st.sampled_from(["", "Bad"]),
        "remedy": st.sampled_from(["", "Good"]),
        "verdict": st.sampled_from([*Verdict, "?"]),
        "verdict_note": st.sampled_from(["", "Note"]),
        "verdict_on": st.sampled_from([None, "2026-01-01"]),
        "status": st.sampled_from([*Status, "?"]),
        "withdrawal_reason": st.sampled_from(["", "R"]),
        "mark": st.sampled_from(["", "unclear", "?"]),
        "mark_note": st.sampled_from(["", "N"]),
        "framework_id": st.booleans(),
    }
)


@pytest.mark.django_db
@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FIELDS)
def test_a_rule_is_broken_in_memory_if_the_database_says_so(base, fields):
    framework = Framework.objects.get(slug="django") if fields.pop("framework_id") else None
    claim = Claim(key="k", framework=framework, criterion=Criterion.objects.get(slug="aim"), **fields)
    found = list(broken(claim))
    try:
        with transaction.atomic():
            super(Claim, claim).save_base(raw=True)
            claim.delete()
    except IntegrityError as error:
        assert found, error
    else:
        assert not found
