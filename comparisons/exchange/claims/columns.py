"""The columns of a file of claims, and the parts of a claim in a list of claims."""

from __future__ import annotations

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
#: The columns by which an export of all fields is known.
OTHER_FORM = frozenset(["status", "verdict", "author", "written_by"])
