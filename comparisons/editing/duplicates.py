"""Claims that probably say the same: about the same framework, under the same criterion, in similar words.

Similarity is the share of words that two statements have in common, whatever their grammatical form: twice the number
of common stems divided by the number of stems of both. Function words and the name of the framework do not count.

Source: Sørensen-Dice coefficient (Dice 1945; Sørensen 1948).
"""

from __future__ import annotations

from typing import NamedTuple

from comparisons.language.markdown import plain
from comparisons.models import Claim
from comparisons.search import terms

#: Two claims with at least this share of common words are likely to say the same, and nearly word by word.
ALIKE_FROM, NEARLY_FROM = 0.5, 0.85
#: Words that turn a statement round: claims that differ in one of them, or in a number, do not say the same.
_TURNING = frozenset({"no", "not", "never", "none", "without", "cannot", "nor", "neither"})
#: Most claims that one is compared with, the newest first, and most duplicates that are returned.
MOST_COMPARED, MOST_NAMED = 500, 5


class SimilarClaim(NamedTuple):
    """A claim that may say the same. share: the share of words in common, from ALIKE_FROM to 1."""

    pk: int
    statement: str
    status: str
    share: float

    @property
    def percent(self) -> int:
        return round(100 * self.share)


def significant(statement: str, *names: str) -> frozenset[str]:
    """The stems of a statement without function words. names: texts whose words do not count either."""
    ignored = {terms.stem(word.text) for name in names for word in terms.scan(name)}
    words = (
        word.text for word in terms.scan(plain(statement)[: terms.MAX_TEXT]) if word.text not in terms.FUNCTION_WORDS
    )
    return frozenset({terms.stem(word) for word in words} - ignored)


def share(one: frozenset[str], other: frozenset[str]) -> float:
    """The share that two sets of stems have in common, from 0 to 1; 0 if both are empty."""
    total = len(one) + len(other)
    return 2 * len(one & other) / total if total else 0.0


def likely(claim: Claim) -> list[SimilarClaim]:
    """Claims of any status that this one probably repeats, the most likely first; one query.

    The claim need not be stored. A claim without a criterion or without words repeats none.
    """
    if claim.criterion_id is None:
        return []
    name = claim.framework.name if claim.framework else ""
    stems = significant(claim.statement, name)
    if not stems:
        return []
    others = Claim.objects.filter(framework=claim.framework_id, criterion=claim.criterion_id).exclude(pk=claim.pk)
    rows = others.order_by("-pk").values_list("pk", "statement", "status")[:MOST_COMPARED]
    alike = [
        SimilarClaim(pk, statement, status, share(stems, significant(statement, name)))
        for pk, statement, status in rows
    ]
    found = [one for one in alike if one.share >= ALIKE_FROM]
    return sorted(found, key=lambda one: (-one.share, one.pk))[:MOST_NAMED]


def repeated(claim: Claim) -> list[SimilarClaim]:
    """Claims that say nearly word by word what this one says; one query."""
    telling = _telling(claim.statement)
    return [one for one in likely(claim) if one.share >= NEARLY_FROM and _telling(one.statement) == telling]


def _telling(statement: str) -> set[str]:
    """The numbers of a statement, and its words that turn it round."""
    words = {word.text for word in terms.scan(plain(statement)[: terms.MAX_TEXT])}
    return {word for word in words if word in _TURNING or word.endswith(("n't", "n’t")) or any(map(str.isdigit, word))}
