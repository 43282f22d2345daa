"""Find claims of every status by words, for editors: those that readers see as the site's search does, and the others.

Readers find published claims through the index. A draft, a claim in review, a withdrawn one, and what is said about a
draft of a framework or a criterion are in no index: the database narrows those down by the beginnings of the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, takewhile
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from comparisons.language.markdown import plain
from comparisons.models import Article, Citation, Claim, Criterion, Framework, SearchWord
from comparisons.models.claims import visible
from comparisons.search import engine, terms
from comparisons.search.entries import record_of
from comparisons.search.find import search
from comparisons.search.terms import SearchTerm

from .duplicates import ALIKE_FROM, MOST_COMPARED, MOST_NAMED, SimilarClaim, likely, share, significant

#: Most words of a search, most claims that readers do not see that are ranked, and most that share words with another.
MOST_WORDS, MOST_HIDDEN, MOST_SHARING = 10, 200, 200
#: How many of the rarest words of a statement are looked for, two of them at a time.
RAREST = 5


class ClaimHits(NamedTuple):
    """Primary keys of claims, the best first. more: whether there are hits that were not ranked.

    corrected: what was searched for instead, if words were misspelt.
    """

    pks: tuple[int, ...] = ()
    more: bool = False
    corrected: str = ""


def find_claims(text: str) -> ClaimHits:
    """Claims of any status that contain every word of a text, in any form; misspelt words are corrected.

    A claim whose key is the text comes first, then what the site's search finds, then claims that readers do not see,
    last those that contain only some of the words. At most sixteen queries.
    """
    wanted = terms.parse(text)
    if not wanted:
        return ClaimHits()
    results = search(text, kinds=["claims"])
    hits = results.hits[0]
    keyed = Claim.objects.filter(key=text.strip().lower()).values_list("pk", flat=True)
    hidden = [*_hidden(wanted), *(_hidden(results.terms) if results.correction else ())]
    partial = (one.pk for one in results.partial)
    more = hits.more or len(hidden) >= MOST_HIDDEN
    corrected = results.correction.text if results.correction else ""
    return ClaimHits(tuple(dict.fromkeys([*keyed, *hits.pks, *hidden, *partial])), more, corrected)


def _hidden(wanted: Sequence[SearchTerm]) -> list[int]:
    """Claims that readers do not see and that hold every term, those with more of them in the statement first."""
    rows = Claim.objects.exclude(visible())
    for term in wanted[:MOST_WORDS]:
        rows = rows.filter(_may_hold(term))
    found = rows.order_by("-pk").values_list("pk", "statement")[:MOST_HIDDEN]
    ranked = [(_lacking(wanted, plain(statement)), -pk) for pk, statement in found]
    return [-pk for _lacks, pk in sorted(ranked)]


def _may_hold(term: SearchTerm) -> Q:
    """A condition for claims that hold all words of a term: each begins as its word and its stem do."""
    held = Q()
    for word in term.words:
        begun = _shared_beginning(word, terms.stem(word))
        articles = Article.objects.filter(Q(title__icontains=begun) | Q(publisher__name__icontains=begun)).order_by()
        held &= (
            Q(statement__icontains=begun)
            | Q(key__icontains=begun)
            | Q(framework__in=Framework.objects.filter(name__icontains=begun).order_by().values("pk"))
            | Q(criterion__in=Criterion.objects.filter(name__icontains=begun).order_by().values("pk"))
            | Q(pk__in=Citation.objects.filter(article__in=articles.values("pk")).order_by().values("claim"))
        )
    return held


def _shared_beginning(word: str, stem: str) -> str:
    """The letters with which both begin; the word if there are none."""
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(word, stem, strict=False))
    return "".join(letter for letter, _other in alike) or word


def _lacking(wanted: Sequence[SearchTerm], statement: str) -> int:
    stems = [terms.stem(word.text) for word in terms.scan(statement)]
    row = f" {' '.join(stems)} "
    return sum(not any(f" {' '.join(phrase)} " in row for phrase in term.phrases) for term in wanted)


def similar(claim: Claim) -> list[SimilarClaim]:
    """Claims of any status that a claim which is being written may repeat, the most likely first.

    Without a criterion, or if its cell holds none, those of other cells are named that say it in similar words: it may
    have been filed under another criterion. At most eight queries.
    """
    return likely(claim) or elsewhere(claim)


def elsewhere(claim: Claim) -> list[SimilarClaim]:
    """Claims of any cell whose statements have at least half of their words in common with this one."""
    stems = significant(claim.statement)
    if not stems:
        return []
    rows: QuerySet[Any] = Claim.objects.exclude(pk=claim.pk)
    if claim.framework_id:
        rows = rows.filter(framework=claim.framework_id)
    columns = ("pk", "statement", "status")
    hidden = rows.exclude(visible()).order_by("-pk").values_list(*columns)[:MOST_COMPARED]
    seen = rows.filter(pk__in=list(_sharing(stems))).values_list(*columns)
    found: Iterable[tuple[int, str, str]] = {row[0]: row for row in [*seen, *hidden]}.values()
    alike = [SimilarClaim(*row, share(stems, significant(row[1]))) for row in found]
    return sorted((one for one in alike if one.share >= ALIKE_FROM), key=lambda one: (-one.share, one.pk))[:MOST_NAMED]


def _sharing(stems: Iterable[str]) -> Iterator[int]:
    """Published claims that hold two of the rarest of these stems, or the only one that any record holds."""
    counts: dict[str, int] = {}
    for stem, count in SearchWord.objects.filter(stem__in=stems, count__gt=0).order_by().values_list("stem", "count"):
        counts[stem] = counts.get(stem, 0) + count
    rarest = sorted(counts, key=lambda stem: (counts[stem], stem))[:RAREST]
    pairs: list[tuple[str, ...]] = [*combinations(rarest, 2)] or [(stem,) for stem in rarest]
    if pairs:
        wordings = [[[(stem,)] for stem in pair] for pair in pairs]
        known = engine.KnownWords(counts, [])
        for key, _title in engine.entries(wordings, known, MOST_SHARING, "default", kinds=["claims"]).get("claims", ()):
            yield record_of(key)[1]
