"""What may be meant by a search that is not finished yet: a few names, cells and comparisons; never a list of hits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from comparisons.models import Cell, SearchEntry, SearchName
from comparisons.models.base import JOINT

from . import terms
from .fillers import FILLERS, JOINING
from .names import SMALL_WORDS, Named, bag_of, joined_of, read, spans_of

#: Most suggestions, and most names that are looked at for them.
MOST, MOST_NAMES = 8, 60
#: Fewest letters for which anything is suggested, and most words that are read.
SHORTEST, MOST_READ = 2, 8
#: Most characters of the text of a cell that is shown.
LONGEST_VALUE = 40


class Suggestion(NamedTuple):
    """A page that may be meant. kind: "answers", "comparisons", "frameworks", "criteria" or "use_cases".

    what: the value of an answer, or the alias by which the page was found; "" for neither.
    """

    kind: str
    title: str
    href: str
    what: str = ""

    @property
    def heading(self) -> str:
        """What suggestions of its kind are called."""
        return {
            "answers": _("Answers"),
            "comparisons": _("Comparisons"),
            "frameworks": str(SearchEntry.KINDS["frameworks"]),
            "criteria": _("Questions"),
            "use_cases": _("Use cases"),
        }[self.kind]


def suggestions(text: str, using: str = DEFAULT_DB_ALIAS) -> list[Suggestion]:
    """The pages that may be meant by an unfinished search, at most MOST, each once; at most three queries.

    [] if it names nothing, or is shorter than SHORTEST letters.
    """
    words = [word.text for word in terms.scan(text)][-MOST_READ:]
    if sum(map(len, words)) < SHORTEST:
        return []
    joined = any(word in JOINING for word in words)
    # The last word may go on: "or" may become the name of something.
    between = SMALL_WORDS | JOINING
    named, rest = _frameworks([word for word in words[:-1] if word not in between] + words[-1:], using)
    last = rest[-1:] if rest[-1:] == words[-1:] else []
    telling = [word for word in rest[: len(rest) - len(last)] if word not in FILLERS] + last
    known = [one.record for one in named]
    found = _begun([rest, telling], known, using) if telling else []
    others = [one for one in found if one.is_framework]
    questions = [one for one in found if not one.is_framework]
    if len(named) == 1 and not others and (not found or joined):
        others = _first_frameworks(known, using)
    elif joined and others:
        questions = []
    made: list[Suggestion] = []
    if len(named) == 1:
        made += [_framework(named[0])] if not questions and not joined else []
        values = {} if joined else _values(named[0], questions, using)
        made += [_cell(named[0], one, values) for one in questions]
    elif named:
        made.append(_comparison(named))
    if named:
        made += [_comparison([*named, other]) for other in (others if joined else others[:3])]
    if len(named) > 1:
        made += [_framework(one) for one in named]
        made += [_question(one) for one in questions]
    if not named:
        made += [_framework(one) if one.is_framework else _question(one) for one in found]
    kept = list({one.href: one for one in made}.values())[:MOST]
    kinds = list(dict.fromkeys(one.kind for one in kept))
    return sorted(kept, key=lambda one: kinds.index(one.kind))


def _frameworks(words: Sequence[str], using: str) -> tuple[list[Named], list[str]]:
    """The frameworks that the words name, in their order, and the words that remain; one query."""
    runs = list(spans_of(words))
    if not runs:
        return [], []
    bags, joined = {bag for _, _, bag, _ in runs}, {letters for _, _, _, letters in runs}
    rows = (
        SearchName.objects.using(using).filter(kind=SearchName.FRAMEWORK).filter(Q(bag__in=bags) | Q(joined__in=joined))
    )
    by_key: dict[str, Named] = {}
    for name in read(rows.order_by("standing", "place", "pk")[:MOST_NAMES]):
        by_key.setdefault(name.bag, name)
        by_key.setdefault(name.joined, name)
    chosen: list[tuple[int, int, Named]] = []
    for start, end, bag, letters in sorted(runs, key=lambda run: (run[0] - run[1], run[0])):
        found = by_key.get(bag) or by_key.get(letters)
        free = all(end <= first or start >= last for first, last, _ in chosen)
        if found and free and found.record not in {other.record for _, _, other in chosen}:
            chosen.append((start, end, found))
    taken = {place for start, end, _ in chosen for place in range(start, end)}
    return [name for _, _, name in sorted(chosen)], [word for place, word in enumerate(words) if place not in taken]


def _first_frameworks(but: Sequence[int], using: str) -> list[Named]:
    """The first frameworks but these, to compare with; one query."""
    rows = SearchName.objects.using(using).filter(kind=SearchName.FRAMEWORK, standing=SearchName.OWN)
    return read(rows.exclude(record__in=but).order_by("place", "pk")[:MOST])


def _begun(readings: Sequence[Sequence[str]], but: Sequence[int], using: str) -> list[Named]:
    """The records of which a name begins with some words, own names first, each record once; one query.

    readings: the words, and those of them that say something. but: frameworks to leave out.
    """
    begun = Q()
    for words in readings:
        phrase = " ".join(words)
        begun |= Q(head=phrase[:2], phrase__startswith=phrase) | Q(bag=bag_of(words)) | Q(joined=joined_of(words))
    rows = SearchName.objects.using(using).filter(begun).exclude(kind=SearchName.FRAMEWORK, record__in=but)
    found: dict[tuple[bool, int], Named] = {}
    for name in read(rows.order_by("standing", "place", "pk")[:MOST_NAMES]):
        found.setdefault((name.is_framework, name.record), name)
    return sorted(
        found.values(), key=lambda name: (name.standing, not name.is_framework, name.kind == SearchName.USE_CASE)
    )


def _framework(name: Named) -> Suggestion:
    return Suggestion("frameworks", name.title, reverse("comparisons:framework", args=[name.slug]), _also(name))


def _question(name: Named) -> Suggestion:
    if name.kind == SearchName.USE_CASE:
        return Suggestion("use_cases", name.title, reverse("comparisons:use_case", args=[name.slug]), _also(name))
    return Suggestion("criteria", name.title, reverse("comparisons:criterion", args=[name.slug]), _also(name))


def _values(framework: Named, questions: Sequence[Named], using: str) -> dict[int, str]:
    """The values of the cells of a framework by criterion, levels and short texts; one query, none without criteria."""
    if not questions:
        return {}
    cells = Cell.objects.using(using).filter(
        framework=framework.record, criterion__in=[one.record for one in questions]
    )
    rows = cells.filter(points__isnull=False).values_list("criterion", "level__label", "text")
    return {pk: level or text for pk, level, text in rows if level or len(text) <= LONGEST_VALUE}


def _cell(framework: Named, name: Named, values: Mapping[int, str]) -> Suggestion:
    title = _("%(framework)s: %(criterion)s") % {"framework": framework.title, "criterion": name.title}
    address = reverse("comparisons:cell", args=[framework.slug, name.slug])
    return Suggestion("answers", title, address, values.get(name.record) or _also(name))


def _comparison(names: Sequence[Named]) -> Suggestion:
    title = _(" vs ").join(name.title for name in names)
    address = reverse("comparisons:compare_frameworks", args=[JOINT.join(name.slug for name in names)])
    return Suggestion("comparisons", title, address)


def _also(name: Named) -> str:
    """The alias by which a record was found; "" if it was by its own name."""
    return name.text if name.standing != SearchName.OWN else ""
