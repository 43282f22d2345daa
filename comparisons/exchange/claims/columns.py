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
