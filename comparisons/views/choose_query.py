"""What a reader who chooses asks for, read from the query and worked out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from comparisons import filters
from comparisons.domain.choosing import Factor
from comparisons.domain.matrix import Column
from comparisons.domain.must_haves import Must
from comparisons.domain.vocabulary import Importance
from comparisons.evidence import assessing, choosing, rows
from comparisons.evidence.choosing import ChoiceOutcome, Leave, Question
from comparisons.evidence.matrix import Perspective
from comparisons.models import Article, Benchmark, Criterion, Framework

#: Most answers that one page weighs, so that it costs what a page of a matrix does, and questions that it always takes.
CELLS, ALWAYS = 1_400, 20
#: A bound of a figure, in ASCII digits.
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")


class AskedChoice:
    """A choice as it was asked for, and what comes of it. Raises BadQuery, which names what cannot be used.

    own: the questions with a must-have or a weight of their own, in the order of the address. every: those of weighed
    groups too. found: those on offer, of total_found. idle: groups that have a weight, and no question left for it.
    """

    MOST_FOUND = 12

    def __init__(self, query: filters.ChooseForm):
        self.query = query
        self.idle: list[str] = []
        self.columns = self._columns()
        self.groups = rows.groups_of(choosing.askable())
        query.require("group", {group.slug: group.name for group in self.groups})
        self._require("weigh_group", {group.slug for group in self.groups})
        self.every = self._questions()
        by_slug = {question.line.slug: question for question in self.every}
        self._require("must", by_slug)
        self._require("weigh", by_slug)
        slugs = dict.fromkeys(slug for name in ("must", "weigh") for slug, _value in query.params[name])
        self.own = [by_slug[slug] for slug in slugs]
        self.musts = [self._must(by_slug[slug], text) for slug, text in query.params["must"]]
        self.factors = self._factors(by_slug)
        self._check_size()
        self.found, self.total_found = self._on_offer()
        articles = self._articles("trust"), self._articles("distrust")
        self.sources = choosing.cited_most([question.line.id for question in self.every])
        named = {slug for slug, _title in self.sources}
        self.sources += [(one.slug, one.title) for group in articles for one in group if one.slug not in named]
        leave = Leave("thin" in query.params["leave"], "outdated" in query.params["leave"])
        offered = [question for question in self.found if question.line.slug not in by_slug]
        perspective = Perspective(articles=articles[0], without=articles[1])
        picked = self._benchmarks()
        asked, today = [*self.every, *offered], timezone.localdate()
        found = choosing.answers(self.columns, asked, perspective, leave, today, picked)
        self.outcome: ChoiceOutcome = choosing.outcome(found, self.every, self.musts, self.factors)

    def _columns(self) -> list[Column]:
        frameworks = Framework.objects.published().order_by("order", "name")
        every = assessing.columns(frameworks)
        self.query.require("framework", {column.slug: column.name for column in every})
        chosen, released = set(self.query.params["framework"]), self.query.params["released"]
        kept = [column for column in every if not chosen or column.slug in chosen]
        if released:
            rows: Any = filters.FrameworkFilter.with_release(frameworks, timezone.localdate())
            alive = set(rows.filter(released_word__in=released).order_by().values_list("pk", flat=True))
            kept = [column for column in kept if column.id in alive]
        return [column._replace(place=place) for place, column in enumerate(kept, start=1)]

    def _require(self, name: str, known: Any) -> None:
        bad = [text for text in self.query.texts[name] if text.partition(":")[0] not in known]
        if bad and name != "weigh_group":
            slugs = [text.partition(":")[0] for text in bad]
            texts = set(Criterion.objects.published().filter(slug__in=slugs).values_list("slug", flat=True))
            in_words = [text for text in bad if text.partition(":")[0] in texts]
            self.query.refuse(name, in_words, _("It is answered in words: they can be read, not weighed or required."))
        self.query.refuse(name, bad, _("There is none of that name."))

    def _questions(self) -> list[Question]:
        params = self.query.params
        slugs = {slug for name in ("must", "weigh") for slug, _value in params[name]}
        weighed = {slug for slug, weight in params["weigh_group"] if weight != Importance.NONE}
        if not slugs and not weighed:
            return []
        here = Q(slug__in=slugs) | Q(group__slug__in=weighed)
        order = ("group__order", "group__name", "order", "name", "pk")
        return choosing.questions(choosing.askable().filter(here).order_by(*order)[: CELLS + 1])

    def _must(self, question: Question, text: str) -> Must:
        """Raises BadQuery for an answer that the question does not have."""
        given = [f"{question.line.slug}:{text}"]
        if question.is_number:
            if not _NUMBER.fullmatch(text):
                self.query.refuse("must", given, _("Give a number, such as 1000 or 2.5."))
            bound = Decimal(text)
            most = question.wants_less
            return Must(question.line.id, at_least=None if most else bound, at_most=bound if most else None)
        if text not in {level.slug for level in question.levels}:
            self.query.refuse("must", given, _("This question has no such answer."))
        return Must(question.line.id, question.enough(text))

    def _factors(self, by_slug: dict[str, Question]) -> list[Factor]:
        """What has a weight: the criteria first, then the groups with those of their criteria that have none."""
        own = dict(self.query.params["weigh"])
        bad = [f"{slug}:{weight}" for slug, weight in own.items() if not by_slug[slug].can_be_weighed]
        self.query.refuse(
            "weigh", bad, _("None of its answers is better than another: it can be required, not weighed.")
        )
        factors = [Factor(slug, Importance(weight), (by_slug[slug].line.id,)) for slug, weight in own.items()]
        for group, weight in self.query.params["weigh_group"]:
            members = tuple(
                question.line.id
                for question in self.every
                if question.line.group_slug == group and question.line.slug not in own and question.can_be_weighed
            )
            if members and weight != Importance.NONE:
                factors.append(Factor(f"group:{group}", Importance(weight), members))
            elif weight != Importance.NONE:
                self.idle += [one.name for one in self.groups if one.slug == group]
        return factors

    def _check_size(self) -> None:
        """Raises BadQuery if more questions are weighed than one page can work out."""
        most = max(ALWAYS, CELLS // max(1, len(self.columns)))
        if len(self.every) <= most:
            return
        message = _("That makes %(n)d questions or more, and %(most)d can be weighed at once.")
        message %= {"n": len(self.every), "most": most}
        name = "weigh_group" if self.query.texts["weigh_group"] else "weigh"
        self.query.refuse(name, self.query.texts[name][-1:], message)
        self.query.refuse("must", self.query.texts["must"][-1:], message)

    def _on_offer(self) -> tuple[Sequence[Question], int]:
        """The questions that a reader looked for, and how many there are; two to four queries, none for no words."""
        params = self.query.params
        if not params["q"] and not params["group"]:
            return [], 0
        groups = [params["group"]] if params["group"] else []
        wanted = rows.chosen(choosing.askable(), groups, (), filters.words_of(params["q"]))
        found = wanted.order_by("group__order", "order", "name", "pk")
        return choosing.questions(found[: self.MOST_FOUND]), wanted.count()

    def _benchmarks(self) -> tuple[str, ...]:
        """The tests that a reader picked; one query, none without any."""
        picked: tuple[str, ...] = self.query.params["benchmark"]
        if picked:
            rows = Benchmark.objects.published().filter(slug__in=picked).order_by("pk")
            known = dict(rows.values_list("slug", "title"))
            self.query.require("benchmark", known)
        return picked

    def _articles(self, name: str) -> tuple[Article, ...]:
        slug = self.query.params[name]
        if not slug:
            return ()
        found = tuple(Article.objects.published().filter(slug=slug))
        self.query.require(name, {one.slug: one.title for one in found})
        return found
