"""Claims that probably say the same: about one framework, under one criterion, in much the same words.

Likeness is the share of words that two statements have in common, in whatever form they stand there: twice the
common stems over the stems of both. Words that only join others do not count, nor does the name of the framework.

Source: Sørensen-Dice coefficient (Dice 1945; Sørensen 1948).
"""

from __future__ import annotations

from typing import NamedTuple

from comparisons.language.markdown import plain
from comparisons.models import Claim
from comparisons.search import terms

#: From this share of common words on, two claims are likely to say the same.
ALIKE_FROM = 0.5
#: Most claims that are compared with one, the newest first, and most that are named.
MOST_COMPARED, MOST_NAMED = 500, 5


class Likeness(NamedTuple):
    """A claim that may say the same. share: of words in common, from ALIKE_FROM to 1."""

    pk: int
    statement: str
    status: str
    share: float

    @property
    def percent(self) -> int:
        return round(100 * self.share)


def telling(statement: str, *names: str) -> frozenset[str]:
    """The stems of a statement that say something; names: words that go without saying."""
    unsaid = {terms.stem(word.text) for name in names for word in terms.scan(name)}
    words = (
        word.text for word in terms.scan(plain(statement)[: terms.MAX_TEXT]) if word.text not in terms.FUNCTION_WORDS
    )
    return frozenset({terms.stem(word) for word in words} - unsaid)


def share(one: frozenset[str], other: frozenset[str]) -> float:
    """How much two sets of stems have in common, from 0 to 1; nothing has nothing in common."""
    total = len(one) + len(other)
    return 2 * len(one & other) / total if total else 0.0


def likely(claim: Claim) -> list[Likeness]:
    """Claims of any status that this one probably repeats, the likeliest first; one query.

    The claim need not be stored; one without a criterion or a word has none.
    """
    if claim.criterion_id is None:
        return []
    name = claim.framework.name if claim.framework else ""
    stems = telling(claim.statement, name)
    if not stems:
        return []
    others = Claim.objects.filter(framework=claim.framework_id, criterion=claim.criterion_id).exclude(pk=claim.pk)
    rows = others.order_by("-pk").values_list("pk", "statement", "status")[:MOST_COMPARED]
    alike = [Likeness(pk, statement, status, share(stems, telling(statement, name))) for pk, statement, status in rows]
    found = [one for one in alike if one.share >= ALIKE_FROM]
    return sorted(found, key=lambda one: (-one.share, one.pk))[:MOST_NAMED]
