"""Compare what a file says with what is stored: what an import would write, and every reason why it may not."""

from __future__ import annotations

import copy
import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from django.db import DEFAULT_DB_ALIAS, models
from django.utils.translation import gettext as _

from comparisons.domain.vocabulary import Status
from comparisons.models import Article, Citation, Claim, Criterion, FormerAddress, Framework, Level
from comparisons.models.addresses import taken
from comparisons.models.base import KEY, tidy
from comparisons.models.batches import batched
from comparisons.models.values import value_problems

from .reading import CITATION_COLUMNS, CLAIM_COLUMNS, Problem, Record, Source
from .rules import broken

#: Records for each query, and between two calls of progress.
BATCH = 500
#: A new claim has to say these.
REQUIRED = ("criterion", "kind", "polarity", "statement")
_REFERENCES = {"framework", "criterion", "level"}
_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,4})?")
_TRUE, _FALSE = {"true", "yes", "1"}, {"", "false", "no", "0"}

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Change:
    """A field that an import changes. label: which citation it is of; "" for the claim itself."""

    label: str
    column: str
    before: str
    after: str


@dataclass
class Item:
    """What becomes of one claim of the file. kind: "created", "changed", "unchanged" or "refused"."""

    record: Record
    key: str
    kind: str = "unchanged"
    claim: Any = None
    stored: Any = None
    #: Citations to create, and to change with what is stored now.
    new: list[Citation] = field(default_factory=list)
    edited: list[tuple[Citation, Citation]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    #: Citations that are stored and that the file does not name: they stay.
    kept: int = 0

    @property
    def row(self) -> int:
        return self.record.row

    @property
    def goes_to_review(self) -> bool:
        """Whether a published claim leaves the site until somebody has published it again."""
        return self.kind == "changed" and self.stored.status == Status.PUBLISHED


@dataclass(frozen=True)
class Unknown:
    """A name that the file uses and nothing has. near: the name that is most like it, or ""."""

    kind: str
    name: str
    near: str
    rows: tuple[int, ...]


@dataclass
class Plan:
    """All that an import would do. It can be carried out if nothing is wrong."""

    source: Source
    items: list[Item]
    unknown: list[Unknown]
    problems: list[Problem]

    @property
    def is_sound(self) -> bool:
        return not (self.problems or self.unknown)

    @property
    def counts(self) -> dict[str, int]:
        """Claims created, changed, unchanged and refused, in this order."""
        found = Counter(item.kind for item in self.items)
        return {kind: found[kind] for kind in ("created", "changed", "unchanged", "refused")}

    @property
    def writes(self) -> list[Item]:
        return [item for item in self.items if item.kind in ("created", "changed")]

    @property
    def fingerprint(self) -> str:
        """Equal for plans that write the same over the same."""
        said = [
            [item.key, item.kind, item.stored.version if item.stored else 0, item.stored.status if item.stored else ""]
            + [[change.label, change.column, change.before, change.after] for change in item.changes]
            for item in self.items
        ]
        wrong = [[problem.row, problem.column, problem.message] for problem in self.problems]
        return hashlib.sha256(json.dumps([said, wrong, len(self.unknown)]).encode()).hexdigest()


def plan(source: Source, *, using: str = DEFAULT_DB_ALIAS, progress: Progress = lambda what, done, total: None) -> Plan:
    """Compare a file with what is stored; writes nothing. Some queries for every 500 claims."""
    return _Planner(source, using).run(progress)


class _Planner:
    def __init__(self, source: Source, using: str):
        self.source, self.using = source, using
        self.problems = list(source.problems)
        #: Cells that were refused already: what they lack is no second problem.
        self.unread = {(problem.row, problem.column) for problem in source.problems}
        self.unread_rows = {row for row, _column in self.unread}
        self.missing: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        self.frameworks = {row.slug: row for row in Framework.objects.using(using).order_by("pk")}
        self.criteria = {row.slug: row for row in Criterion.objects.using(using).order_by("pk")}
        self.levels: dict[int, dict[str, Level]] = defaultdict(dict)
        self.criterion_of = of_key = {row.pk: row for row in self.criteria.values()}
        self.level_of: dict[int, Level] = {}
        for level in Level.objects.using(using).order_by("pk"):
            level.criterion = of_key[level.criterion_id]
            self.levels[level.criterion_id][level.slug] = self.level_of[level.pk] = level
        self.slugs = (
            {row.pk: row.slug for row in self.frameworks.values()},
            {pk: row.slug for pk, row in of_key.items()},
        )
        self.articles = dict(Article.objects.using(using).order_by().values_list("slug", "pk"))
        former = FormerAddress.objects.using(using).filter(kind=Claim.address_kind)
        self.former = {address.key: address for address in former}
        self.seen: dict[str, Record] = {}
        self.lacking = 0

    def run(self, progress: Progress) -> Plan:
        items: list[Item] = []
        total = len(self.source.records)
        for batch in batched(self.source.records, BATCH):
            stored = {c.key: c for c in Claim.objects.using(self.using).filter(key__in=[r.key for r in batch])}
            citations: dict[int, dict[tuple[int, str], Citation]] = defaultdict(dict)
            rows = Citation.objects.using(self.using).filter(claim__in=[c.pk for c in stored.values()]).order_by("pk")
            for citation in rows:
                citations[citation.claim_id][citation.article_id, citation.locator] = citation
            for record in batch:
                old = stored.get(record.key)
                items.append(self.item(record, old, citations[old.pk] if old else {}))
            progress("checked", len(items), total)
        refused = {problem.row for problem in self.problems} | {row for rows_ in self.missing.values() for row in rows_}
        for item in items:
            if refused & {item.row, *(citation.row for citation in item.record.citations)}:
                item.kind = "refused"
        unknown = [
            Unknown(kind, name, self.nearest(kind, name, beneath), tuple(dict.fromkeys(rows_)))
            for (kind, name, beneath), rows_ in self.missing.items()
        ]
        problems = sorted(set(self.problems), key=lambda p: (p.row, p.column))
        return Plan(self.source, items, sorted(unknown, key=lambda u: (u.kind, u.name)), problems)

    def nearest(self, kind: str, name: str, beneath: str) -> str:
        """The known name most like an unknown one; "" if none is."""
        known: Any = {
            "framework": self.frameworks,
            "criterion": self.criteria,
            "article": self.articles,
            "level": self.levels[self.criteria[beneath].pk] if beneath in self.criteria else (),
        }[kind]
        return next(iter(get_close_matches(name[:120].lower(), known, 1)), "")

    def refuse(self, record: Record, column: str, message: str) -> None:
        self.problems.append(Problem(record.row, record.column(column), message))

    @property
    def wrong(self) -> int:
        """How much was found to be wrong so far."""
        return len(self.problems) + self.lacking

    def lack(self, record: Record, kind: str, name: str, beneath: str = "") -> None:
        """Note a name that nothing has. beneath: the criterion of a level."""
        self.missing[kind, name, beneath].append(record.row)
        self.lacking += 1

    # One claim

    def item(self, record: Record, stored: Claim | None, citations: dict[tuple[int, str], Citation]) -> Item:
        item = Item(record, record.key, stored=stored)
        if item.key in self.seen:
            message = _("The claim “%(key)s” is there twice, see %(unit)s %(row)d.")
            values = {"key": item.key, "unit": self.source.unit, "row": self.seen[item.key].row}
            self.refuse(record, "key", message % values)
            return item
        self.seen[item.key] = record
        claim = item.claim = copy.copy(stored) if stored else Claim(key=item.key)
        before = self.wrong
        self.set_claim(record, claim, is_new=stored is None)
        self.set_citations(item, citations)
        if self.wrong == before and record.row not in self.unread_rows:
            self.check(record, claim, CLAIM_COLUMNS)
        self.compare(item)
        if item.kind == "changed" and stored is not None and stored.status == Status.WITHDRAWN:
            self.refuse(record, "key", _("This claim is withdrawn; publish it again first, or leave it out."))
        return item

    def set_claim(self, record: Record, claim: Claim, *, is_new: bool) -> None:
        if is_new:
            for name in REQUIRED:
                if not record.values.get(name) and (record.row, name) not in self.unread:
                    self.refuse(record, name, _("A new claim has to say this."))
            if len(claim.key) > 80 or not re.search(KEY.regex, claim.key):
                self.refuse(record, "key", f"{KEY.message} " + _("At most 80 characters."))
            if claim.key in self.former:
                self.refuse(record, "key", str(taken(self.former[claim.key])))
        values = dict(record.values)
        if "criterion" in values:
            self.set_reference(record, claim, "criterion", values["criterion"], self.criteria)
        if "framework" in values:
            self.set_reference(record, claim, "framework", values["framework"], self.frameworks)
        if "level" in values:
            self.set_level(record, claim, values["level"])
        for name in CLAIM_COLUMNS:
            if name in values and name != "key" and name not in _REFERENCES:
                self.set_value(record, claim, name, values[name])

    def set_reference(self, record: Record, claim: Claim, name: str, slug: str, known: dict[str, Any]) -> None:
        if not slug and name == "framework":
            claim.framework = None
        elif slug in known:
            setattr(claim, name, known[slug])
        elif slug:
            self.lack(record, name, slug)
        elif claim.pk is not None:
            self.refuse(record, name, _("A claim has to have one."))

    def set_level(self, record: Record, claim: Claim, slug: str) -> None:
        if not slug:
            claim.level = None
        elif claim.criterion_id is not None:
            level = self.levels[claim.criterion_id].get(slug)
            if level is None and claim.criterion_id in self.slugs[1]:
                self.lack(record, "level", slug, self.slugs[1][claim.criterion_id])
            else:
                claim.level = level

    def set_citations(self, item: Item, stored: dict[tuple[int, str], Citation]) -> None:
        named: dict[tuple[int, str], Record] = {}
        for record in item.record.citations:
            slug = record.values.get("article", "")
            if not slug:
                self.refuse(record, "article", _("A citation has to name its article."))
                continue
            if slug not in self.articles:
                self.lack(record, "article", slug)
                continue
            place = self.articles[slug], record.values.get("locator", "")
            if place in named:
                message = _("The claim cites this article with this locator in %(unit)s %(row)d already.")
                self.refuse(record, "article", message % {"unit": self.source.unit, "row": named[place].row})
                continue
            named[place] = record
            old = stored.get(place)
            new = copy.copy(old) if old else Citation(claim=item.claim, article_id=place[0], locator=place[1])
            for name in CITATION_COLUMNS:
                if name in record.values and name != "article":
                    self.set_value(record, new, name, record.values[name])
            if not new.says and (record.row, record.column("says")) not in self.unread:
                self.refuse(record, "says", _("Say what the source says, in our own words."))
            label = f"{slug} {place[1]}".strip()
            changes = list(self.differences(old, new, CITATION_COLUMNS, label))
            if old is None:
                item.new.append(new)
                item.changes.extend(changes)
            elif changes:
                item.edited.append((old, new))
                item.changes.extend(changes)
        item.kept = len(stored.keys() - named.keys())

    def set_value(self, record: Record, row: Any, name: str, text: str) -> None:
        """Give a field the value that a text stands for, or say why not."""
        target: Any = type(row)._meta.get_field(name)
        if isinstance(target, models.BooleanField):
            if text.lower() in _TRUE | _FALSE:
                setattr(row, name, text.lower() in _TRUE)
            else:
                self.refuse(record, name, _("“%(text)s” is neither true nor false.") % {"text": text[:40]})
        elif isinstance(target, models.DecimalField):
            if text and not _NUMBER.fullmatch(text):
                message = _("“%(text)s” is no number; write it as 1234.5, with at most four decimals.")
                self.refuse(record, name, message % {"text": text[:40]})
            else:
                setattr(row, name, Decimal(text) if text else None)
        elif target.choices:
            self.set_word(record, row, target, text)
        elif target.max_length and len(text) > target.max_length:
            message = _("This has %(length)d characters; at most %(most)d fit.")
            self.refuse(record, name, message % {"length": len(text), "most": target.max_length})
        elif tidy(getattr(row, name) or "").strip() != text:
            setattr(row, name, text)

    def set_word(self, record: Record, row: Any, target: Any, text: str) -> None:
        words = [word for word, _label in target.choices]
        text = text.lower() or (target.get_default() if target.has_default() else "")
        if text in words:
            setattr(row, target.name, text)
        elif not text:
            if row.pk is not None:
                self.refuse(record, target.name, _("A claim has to have one."))
        else:
            near = get_close_matches(text[:80], words, 1)
            hint = " " + _("Did you mean “%(name)s”?") % {"name": near[0]} if near else ""
            message = _("“%(text)s” is none of: %(words)s.") % {"text": text[:40], "words": ", ".join(words)}
            self.refuse(record, target.name, message + hint)

    def check(self, record: Record, claim: Claim, columns: tuple[str, ...]) -> None:
        """What holds for several fields at once: the value fits the criterion, and every rule of the table."""
        claim.criterion = self.criterion_of[claim.criterion_id]  # read already; the value is compared with it
        if claim.level_id is not None:
            claim.level = self.level_of[claim.level_id]
        if problems := value_problems(claim):
            for name, messages in problems.items():
                self.refuse(record, name, " ".join(map(str, messages)))
            return
        for rule, fields in broken(claim):
            column = next((name for name in columns if name in fields), "")
            text = rule.violation_error_message
            if text == rule.default_violation_error_message:
                text = _("This breaks the rule %(name)s.") % {"name": rule.name}
            self.refuse(record, column, str(text))

    # What differs

    def compare(self, item: Item) -> None:
        own = list(self.differences(item.stored, item.claim, CLAIM_COLUMNS, ""))
        item.changes[:0] = own
        if item.stored is None:
            item.kind = "created"
        elif item.changes:
            item.kind = "changed"

    def differences(self, old: Any, new: Any, columns: tuple[str, ...], label: str) -> Iterator[Change]:
        for name in columns:
            before, after = self.told(old, name) if old is not None else "", self.told(new, name)
            if before != after and not (old is None and (name == "key" or after == plain(False))):
                yield Change(label, name, before, after)

    def told(self, row: Any, name: str) -> str:
        """A field as a file says it."""
        if name == "framework":
            return self.slugs[0].get(row.framework_id, "")
        if name == "criterion":
            return self.slugs[1].get(row.criterion_id, "")
        if name == "level":
            return self.level_of[row.level_id].slug if row.level_id in self.level_of else ""
        if name == "article":
            return ""  # it names the citation, and never changes
        return plain(getattr(row, name))


def plain(value: Any) -> str:
    """A stored value as a file says it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value)
