"""The fields of claims and citations that people write, declared once and in order.

Comparing states, importing, exporting, searching, merging and the forms of the admin take the names from here.
"""

from collections.abc import Iterable
from enum import Enum, auto
from typing import NamedTuple

from .vocabulary import CONDITIONS as CONDITION_NAMES


class Part(Enum):
    """The part of a claim that a field belongs to."""

    ADDRESS = auto()
    SUBJECT = auto()
    WORDING = auto()
    VALUE = auto()
    VERSIONS = auto()
    CONDITIONS = auto()
    FIGURE = auto()
    PITFALL = auto()
    VERDICT = auto()
    CITATION = auto()


class WrittenField(NamedTuple):
    """A field that people write.

    is_reference: it names another record, and files give the slug of that record.
    is_required: a new claim in a file has to have it.
    is_searched: readers find the claim by its words. is_markdown: its text is Markdown.
    """

    name: str
    part: Part
    is_reference: bool = False
    is_required: bool = False
    is_searched: bool = False
    is_markdown: bool = False


CLAIM_FIELDS = (
    WrittenField("key", Part.ADDRESS),
    WrittenField("framework", Part.SUBJECT, is_reference=True, is_searched=True),
    WrittenField("criterion", Part.SUBJECT, is_reference=True, is_required=True, is_searched=True),
    WrittenField("kind", Part.WORDING, is_required=True),
    WrittenField("polarity", Part.WORDING, is_required=True),
    WrittenField("statement", Part.WORDING, is_required=True, is_searched=True, is_markdown=True),
    WrittenField("level", Part.VALUE, is_reference=True),
    WrittenField("number", Part.VALUE),
    WrittenField("number_high", Part.VALUE),
    WrittenField("approximate", Part.VALUE),
    WrittenField("text", Part.VALUE, is_searched=True),
    WrittenField("since_version", Part.VERSIONS),
    WrittenField("until_version", Part.VERSIONS),
    WrittenField("benchmark", Part.FIGURE, is_reference=True),
    WrittenField("variant", Part.FIGURE),
    WrittenField("left_out", Part.FIGURE),
    WrittenField("interval_low", Part.FIGURE),
    WrittenField("interval_high", Part.FIGURE),
    *(WrittenField(name, Part.CONDITIONS) for name in CONDITION_NAMES),
    WrittenField("impact", Part.PITFALL, is_searched=True, is_markdown=True),
    WrittenField("remedy", Part.PITFALL, is_searched=True, is_markdown=True),
    WrittenField("verdict", Part.VERDICT),
    WrittenField("verdict_on", Part.VERDICT),
    WrittenField("verdict_note", Part.VERDICT, is_searched=True, is_markdown=True),
    WrittenField("verdict_articles", Part.VERDICT, is_reference=True),
)
CITATION_FIELDS = (
    WrittenField("article", Part.CITATION, is_reference=True),
    WrittenField("stance", Part.CITATION),
    WrittenField("says", Part.CITATION, is_searched=True),
    WrittenField("locator", Part.CITATION, is_searched=True),
    WrittenField("quote", Part.CITATION, is_searched=True),
    WrittenField("reading", Part.CITATION),
)


def _names(fields: Iterable[WrittenField]) -> tuple[str, ...]:
    return tuple(field.name for field in fields)


def names_of(*parts: Part) -> tuple[str, ...]:
    """The names of the fields that belong to these parts, in the order of the declaration."""
    return _names(field for field in CLAIM_FIELDS if field.part in parts)


#: What a claim says. Whoever changes it becomes its author, and somebody else publishes it.
SUBSTANCE = _names(field for field in CLAIM_FIELDS if field.part not in (Part.ADDRESS, Part.VERDICT))
#: What a claim says in its value.
VALUE = names_of(Part.VALUE)
#: What the editors say about a claim, beside what it says itself.
VERDICT = names_of(Part.VERDICT)
#: Those of them that are columns of the claim itself: all but the articles.
VERDICT_COLUMNS = tuple(name for name in VERDICT if name != "verdict_articles")
#: The fields of a citation; one claim cites an article and a locator once.
CITATION = _names(CITATION_FIELDS)
#: The columns of a claim in a file; editors give verdicts one by one, so they are none of them.
CLAIM_COLUMNS = names_of(*set(Part) - {Part.VERDICT})
#: The fields whose words readers find a claim by; the statement is the title of what is found.
SEARCHED = tuple(sorted((f for f in CLAIM_FIELDS if f.is_searched), key=lambda field: field.name != "statement"))
#: The same of its citations.
SEARCHED_IN_CITATIONS = tuple(field for field in CITATION_FIELDS if field.is_searched)
