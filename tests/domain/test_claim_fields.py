"""The one declaration of the fields of a claim and of a citation."""

from comparisons.domain.claim_fields import (
    CITATION,
    CLAIM_COLUMNS,
    CLAIM_FIELDS,
    SEARCHED,
    SUBSTANCE,
    VERDICT,
    VERDICT_COLUMNS,
    Part,
    names_of,
)
from comparisons.domain.vocabulary import CONDITIONS


def test_a_field_of_a_claim_is_its_address_or_its_substance_or_its_verdict():
    assert tuple(field.name for field in CLAIM_FIELDS) == ("key", *SUBSTANCE, *VERDICT)


def test_a_file_holds_what_a_claim_says_and_not_the_verdict_on_it():
    assert ("key", *SUBSTANCE) == CLAIM_COLUMNS


def test_the_conditions_are_those_of_the_vocabulary():
    assert names_of(Part.CONDITIONS) == CONDITIONS


def test_the_statement_is_the_title_that_a_claim_is_found_by():
    assert [field.name for field in SEARCHED] == [
        "statement",
        "framework",
        "criterion",
        "text",
        "impact",
        "remedy",
        "verdict_note",
    ]


def test_the_articles_of_a_verdict_are_no_column_of_the_claim():
    assert set(VERDICT) - set(VERDICT_COLUMNS) == {"verdict_articles"}


def test_no_name_occurs_twice():
    for names in (tuple(field.name for field in CLAIM_FIELDS), CITATION):
        assert len(set(names)) == len(names)
