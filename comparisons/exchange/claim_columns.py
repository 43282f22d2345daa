"""The columns of a file of claims, and the parts of a claim in a list of claims."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext_lazy

from comparisons.domain.claim_fields import CITATION, CLAIM_COLUMNS, VERDICT

FORMATS = ("csv", "yaml", "json")
CITATION_COLUMNS = CITATION
COLUMNS = (*CLAIM_COLUMNS, *CITATION_COLUMNS)
#: What holds the citations of a claim where a file is a list of claims.
CITATIONS = "citations"
#: Fields of a claim that only people set, one claim at a time.
NOT_IMPORTED = frozenset(
    [
        "status", "published_at", "withdrawn_at", "withdrawal_reason", "author", "written_by", "mark", "mark_note",
        *VERDICT, "version", "id", "pk",
    ]
)  # fmt: skip
#: What a table may hold all the same, with the values that leave the decision to people, so that a folder that `seed`
#: loads can be imported.
DECIDED = {"status": frozenset(["", "draft"]), "published_at": frozenset([""])}
#: Columns of exports that are made to be read: of two of them a file is known, and by those of cells, which end so.
_TO_BE_READ = frozenset(
    [
        "status", "author", "written_by", "verdict", "verdict_note", "verdict_on", "strength", "supporting",
        "disputing", "sources", "answer",
    ]
)  # fmt: skip
_OF_CELLS = "_evidence"


def is_other_form(names: Collection[str]) -> bool:
    """Whether these are the columns of an export that is made to be read, and not to be imported."""
    return len(_TO_BE_READ.intersection(names)) > 1 or any(name.endswith(_OF_CELLS) for name in names)


#: Said of such an export.
OTHER_FORM = gettext_lazy(
    "This is an export that is made to be read. Export the claims from their list in the admin, in the "
    "form “for an import”."
)
