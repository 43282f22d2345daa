"""What is read from a file of claims."""

from __future__ import annotations

from decimal import Decimal

import pytest

from comparisons.domain.vocabulary import Status
from comparisons.models import Citation, Claim

from .builders import CITATION, CLAIM, as_csv, as_json, as_yaml, imported, planned


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_claim_with_citations_comes_from_csv(base, mark):
    imported(as_csv(CLAIM | CITATION, {"key": "django-orm", "article": "blog", "says": "So they say."}, mark=mark))
    claim = Claim.objects.get()
    assert (claim.key, claim.level.slug, claim.status) == ("django-orm", "built-in", Status.DRAFT)
    found = claim.citations.order_by("pk").values_list("article__slug", "stance", "says", "locator")
    assert list(found) == [("docs", "supports", "It has one.", "Models"), ("blog", "supports", "So they say.", "")]


@pytest.mark.parametrize(("format", "write"), [("yaml", as_yaml), ("json", as_json)])
def test_a_claim_with_citations_comes_from_yaml_and_json(base, format, write):
    figure = {"key": "fast", "framework": "flask", "criterion": "pace", "kind": "figure", "polarity": "con",
              "statement": "It takes some time.", "number": 12.5, "number_high": 20, "approximate": True,
              "hardware": "2 cores", "citations": []}  # fmt: skip
    imported(write(CLAIM | {"citations": [CITATION]}, figure), format)
    claim, figure_ = Claim.objects.get(key="django-orm"), Claim.objects.get(key="fast")
    assert (claim.statement, claim.citations.get().locator) == ("Django has an ORM.", "Models")
    assert (figure_.number, figure_.number_high, figure_.approximate) == (Decimal("12.5"), 20, True)


def test_yaml_says_what_stands_there_and_not_what_yaml_makes_of_it(base):
    text = "- {key: on, framework: django, criterion: aim, kind: usage, polarity: neutral, statement: no,\n"
    imported((text + "   text: 3.10, since_version: 1_0, until_version: 0o7, remedy: ~}\n").encode(), "yaml")
    claim = Claim.objects.get()
    assert (claim.key, claim.statement, claim.text) == ("on", "no", "3.10")
    assert (claim.since_version, claim.until_version, claim.remedy) == ("1_0", "0o7", "")


def test_a_byte_order_mark_and_windows_lines_are_no_obstacle(base):
    imported(b"\xef\xbb\xbf" + as_csv(CLAIM | {"statement": "One.\r\n\r\nTwo."}))
    assert Claim.objects.get().statement == "One.\n\nTwo."


def test_names_of_columns_may_be_written_as_labels(base):
    content = as_csv({"Key": "a", "CRITERION": "aim", "Kind": "usage", "Polarity": "PRO", "statement": "S.",
                      "Since version": "2"})  # fmt: skip
    imported(content)
    assert Claim.objects.get().since_version == "2"


def test_a_new_claim_without_key_gets_one_from_what_it_says(base):
    row = {name: value for name, value in CLAIM.items() if name != "key"}
    imported(as_csv(row | CITATION, row | {"article": "blog", "says": "Too."}))
    claim = Claim.objects.get()
    assert claim.key.startswith("django-django-has-an-orm-") and claim.citations.count() == 2
    assert planned(as_csv(row | CITATION)).counts["unchanged"] == 1


def test_a_row_with_a_key_and_a_citation_adds_it_to_the_claim_as_it_stands(base):
    imported(as_csv(CLAIM | CITATION))
    plan = imported(as_csv({"key": "django-orm", "statement": "", "level": "", "article": "blog", "says": "Too."}))
    assert plan.counts["changed"] == 1
    assert (Claim.objects.get().statement, Citation.objects.count()) == ("Django has an ORM.", 2)


def test_a_column_that_the_file_has_not_leaves_the_field_alone(base):
    imported(as_csv(CLAIM | {"since_version": "1.0"}))
    imported(as_csv({"key": "django-orm", "statement": "Django has a good ORM."}))
    claim = Claim.objects.get()
    assert (claim.statement, claim.since_version, claim.level.slug) == ("Django has a good ORM.", "1.0", "built-in")


def test_an_empty_cell_empties_the_field(base):
    imported(as_csv(CLAIM | {"since_version": "1.0"}))
    imported(as_csv({"key": "django-orm", "statement": "Django has an ORM.", "since_version": ""}))
    assert Claim.objects.get().since_version == ""
