"""Rename, merge and split records: all that hangs on them moves along, and old addresses go on leading there.

Each is one transaction. It locks claims, then rulings, then the records themselves, each kind in the order of their
keys; refuses with StaleVersion what somebody has saved since it was read (a row carries the version it was read at);
and gives every row that moves an entry in its history, with who did it and why. What was derived follows the writes.

Nothing a source said is dropped: where two citations of one claim would stand at the same place of the same article,
both stay and the place of one is told apart; only what is the same word for word is kept once. The record
that goes is deleted, its history stays, and `models.FormerAddress` remembers its address.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Count, Exists, OuterRef, ProtectedError, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from comparisons.domain.vocabulary import CONDITIONS, Polarity, Status, ValueType, Verdict
from comparisons.models import (
    Article,
    Citation,
    Claim,
    ClaimSummary,
    Comparison,
    ComparisonCriterion,
    Criterion,
    FormerAddress,
    Level,
    Paragraph,
    Release,
    Ruling,
    StaleVersion,
)
from comparisons.models.addresses import Addressed, taken
from comparisons.models.base import Versioned
from comparisons.models.batches import BATCH, batched
from comparisons.models.permissions import JUDGE, MERGE
from comparisons.pros_cons import summaries

#: How the reasons in the history begin. They are kept with the content and so are not translated. What is only
#: MOVED says the same as before: it is no news to readers.
RENAMED, MERGED, MOVED, SPLIT = "Renamed from", "Merged from", "Moved:", "Split from"
#: Records of one kind that a plan names one by one.
NAMED = 10
#: What an article may be given by one that is merged into it, each with the fields that go with it.
ARTICLE_FIELDS: dict[str, tuple[str, ...]] = {
    "url": ("url_opened", "link_health", "link_checked_at"),
    "archive_url": (),
    "author": (),
    "publisher": (),
    "published_on": ("precision",),
    "read_on": (),
    "edition": (),
    "follows": (),
    "note": (),
}
#: The same for a claim. "value" and "verdict" are more than a field each.
CLAIM_FIELDS = ("since_version", "until_version", *CONDITIONS)
VALUE = ("level", "number", "number_high", "approximate", "text")
VERDICT = ("verdict", "verdict_on", "verdict_note")
#: What a claim says besides: it is not joined with what another says.
WORDING = ("statement", "kind", "polarity", "impact", "remedy")

R = TypeVar("R", bound=models.Model)


class Refused(Exception):
    """Nothing was changed. reasons: what stands against it and how to mend it, in sentences."""

    def __init__(self, reasons: Sequence[str]):
        self.reasons = list(reasons)
        super().__init__(" ".join(self.reasons))


class Batch(NamedTuple):
    """Rows of one kind that move: how many, and the first of them by name."""

    label: str
    number: int
    names: tuple[str, ...] = ()

    @property
    def more(self) -> int:
        return self.number - len(self.names)


class Offer(NamedTuple):
    """Something that the record which stays lacks and the other has."""

    name: str
    label: str
    value: str


class LevelChoice(NamedTuple):
    """A level that goes: what it is used by, and the level that seems to mean the same."""

    level: Level
    used: int
    proposed: Level | None


class RulingChoice(NamedTuple):
    """A framework on which both criteria have a ruling; one of them can stand."""

    gone: Ruling
    kept: Ruling


@dataclass
class Plan:
    """What would happen, counted from the rows as they are now."""

    refusals: list[str] = field(default_factory=list)
    moves: list[Batch] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    levels: list[LevelChoice] = field(default_factory=list)
    rulings: list[RulingChoice] = field(default_factory=list)

    def moving(self, label: Any, rows: Any, name: Callable[[Any], str] = str) -> None:
        """Count rows that move, if there are any; two queries."""
        if number := rows.count():
            self.moves.append(Batch(str(label), number, tuple(name(row) for row in rows[:NAMED])))


# ── Renaming ─────────────────────────────────────────────────────────


@transaction.atomic
def rename(row: Any, slug: str, *, by: Any) -> Any:
    """Give a record, or a level, another slug; its address so far leads to the new one. The record as it is then.

    Raises Refused for a slug that cannot be used, StaleVersion if the record was saved since `row` was read.
    """
    _demand(by, MERGE)
    [row] = _locked(row)
    name = getattr(row, "address_field", "slug")
    old = getattr(row, name)
    if slug == old:
        return row
    check_slug(row, slug)
    setattr(row, name, slug)
    try:
        _save(row, by, f"{RENAMED} {old}")
    except IntegrityError:  # somebody else gave it to another record just now
        raise Refused([_("“%(slug)s” is in use by now. Choose another.") % {"slug": slug}]) from None
    if isinstance(row, Addressed):
        _lead(row.address_kind, old, slug)
    return row


def check_slug(row: Any, slug: str) -> None:
    """Raises Refused if the record cannot have this slug."""
    name = getattr(row, "address_field", "slug")
    old = getattr(row, name)
    if isinstance(row, Addressed):
        former = FormerAddress.objects.filter(kind=row.address_kind, key=slug).first()
        if former is not None and former.now != old:
            raise Refused([str(taken(former))])
    others = {other.name for other in row._meta.fields} - {name}
    setattr(row, name, slug)
    try:
        row.clean_fields(exclude=others)
        row.validate_unique(exclude=others)
        row.validate_constraints(exclude=others - {"criterion"})
    except ValidationError as error:
        raise Refused(error.messages) from None
    finally:
        setattr(row, name, old)


def _lead(kind: str, old: str, now: str) -> None:
    """Send readers on from an address, and from all that led there so far."""
    rows = FormerAddress.objects.filter(kind=kind)
    rows.filter(key=now).delete()
    rows.filter(now=old).update(now=now)
    FormerAddress.objects.update_or_create(kind=kind, key=old, defaults={"now": now})


# ── Merging articles ─────────────────────────────────────────────────


def article_plan(gone: Article, kept: Article, take: Collection[str] = ()) -> Plan:
    """What merging one article into another would do. take: offers that are accepted."""
    plan = Plan()
    if gone.pk == kept.pk:
        return Plan(refusals=[_itself()])
    citations = Citation.objects.filter(article=gone).select_related("claim").order_by("claim__key", "pk")
    plan.moving(_("Citations"), citations, lambda row: str(row.claim))
    plan.moving(_("Verdicts that rest on it"), Claim.objects.filter(verdict_articles=gone).order_by("key"))
    plan.moving(_("Releases that name it"), Release.objects.filter(articles=gone).select_related("framework"))
    followers = Article.objects.filter(follows=gone).exclude(pk=kept.pk)
    plan.moving(_("Articles that follow it"), followers.order_by("title"))
    beside = Citation.objects.filter(article=kept, claim=OuterRef("claim"), locator=OuterRef("locator"))
    if clashes := citations.filter(Exists(beside)).count():
        plan.notes.append(_same_place(clashes, f"formerly {gone.slug}"))
    if kept.follows_id == gone.pk:
        plan.notes.append(
            _(
                "“%(kept)s” follows “%(gone)s” so far. Merged they are one article, and it follows what “%(gone)s” "
                "follows."
            )
            % {"kept": kept, "gone": gone}
        )
    plan.offers = [
        Offer(name, str(capfirst(Article._meta.get_field(name).verbose_name)), str(getattr(gone, name)))  # type: ignore[union-attr]
        for name in ARTICLE_FIELDS
        if getattr(gone, name)
        and not getattr(kept, name)
        and (name != "follows" or not _turns_in_a_circle(gone.follows_id, gone, kept))
    ]
    differing = [
        str(capfirst(Article._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
        for name in ("title", *ARTICLE_FIELDS, "kind", "interest")
        if getattr(gone, name)
        and getattr(kept, name)
        and getattr(gone, name) != getattr(kept, name)
        and name != "follows"
    ]
    if differing:
        plan.notes.append(_kept_as_it_is(differing))
    if _turns_in_a_circle(_follows(gone, kept, take), gone, kept):
        plan.refusals.append(
            _(
                "“%(kept)s” follows “%(gone)s” through other articles, so these would follow one another in a circle. "
                "Correct what they follow first."
            )
            % {"kept": kept, "gone": gone}
        )
    return plan


@transaction.atomic
def merge_articles(gone: Article, kept: Article, *, by: Any, take: Collection[str] = ()) -> Article:
    """Merge one article into another. take: names of ARTICLE_FIELDS that the one which stays is given if it lacks them.

    Raises Refused, and StaleVersion if either was saved since it was read. The claims that cite it count as saved.
    """
    _demand(by, MERGE)
    _different(gone, kept)
    about = Q(citations__article=gone) | Q(verdict_articles=gone)
    claims = _hold(Claim, Claim.objects.filter(about))
    _hold(Article, Article.objects.filter(Q(pk__in=[gone.pk, kept.pk]) | Q(follows=gone)))
    gone, kept = _locked(gone, kept)
    claims |= _hold(Claim, Claim.objects.filter(about).exclude(pk__in=claims))
    plan = article_plan(gone, kept, take)
    _refuse(plan)
    merged, moved = f"{MERGED} {gone.slug}", f"{MOVED} article {gone.slug} is now {kept.slug}"
    follows = _follows(gone, kept, take)
    standing = _standing(Citation.objects.filter(article=kept, claim__citations__article=gone), "claim_id")
    citations = []
    for citation in Citation.objects.filter(article=gone).order_by("pk"):
        if _finds_place(citation, citation.claim_id, standing, gone.slug, by, merged):
            citation.article = kept
            citations.append(citation)
    _save_all(citations, ["article", "locator"], by, merged)
    _relink(Claim.verdict_articles.through, "article", "claim", gone.pk, kept.pk)
    _relink(Release.articles.through, "article", "release", gone.pk, kept.pk)
    _save_all(Claim.objects.filter(pk__in=claims).order_by("pk"), [], by, moved)
    for release in Release.objects.filter(articles=kept).order_by("pk"):
        release.save()
    followers = list(Article.objects.filter(follows=gone).exclude(pk=kept.pk).order_by("pk"))
    for follower in followers:
        follower.follows = kept
    _save_all(followers, ["follows"], by, moved)
    kept.follows_id = follows
    for offer in plan.offers:
        if offer.name in take and offer.name != "follows":
            for name in (offer.name, *ARTICLE_FIELDS[offer.name]):
                setattr(kept, name, getattr(gone, name))
    _save(kept, by, merged)
    _lead(kept.address_kind, gone.slug, kept.slug)
    _delete(gone, by, f"Merged into {kept.slug}")
    return kept


def _follows(gone: Article, kept: Article, take: Collection[str]) -> int | None:
    """What the merged article follows."""
    takes = kept.follows_id == gone.pk or (kept.follows_id is None and "follows" in take)
    follows = gone.follows_id if takes else kept.follows_id
    return None if follows == kept.pk else follows


def _turns_in_a_circle(follows: int | None, gone: Article, kept: Article) -> bool:
    """Whether an article would come to follow itself; a query for each step."""
    seen = {kept.pk, gone.pk}
    while follows is not None and follows not in seen:
        seen.add(follows)
        follows = Article.objects.values_list("follows_id", flat=True).get(pk=follows)
    return follows is not None


# ── Merging claims ───────────────────────────────────────────────────


def claim_plan(gone: Claim, kept: Claim, take: Collection[str] = ()) -> Plan:
    """What merging one claim into another would do. take: offers that are accepted."""
    if gone.pk == kept.pk:
        return Plan(refusals=[_itself()])
    plan = Plan(refusals=[*_unlike(gone, kept), *_out_of_sight(gone, kept), *_on_both_sides(gone, kept)])
    citations = Citation.objects.filter(claim=gone).select_related("article").order_by("article__title", "pk")
    plan.moving(_("Citations"), citations)
    rulings = _rulings_naming(gone).select_related("framework", "criterion")
    plan.moving(_("Rulings that name it"), rulings.order_by("pk"))
    paragraphs = Paragraph.objects.filter(claims=gone).select_related("comparison").order_by("comparison", "order")
    plan.moving(_("Paragraphs of comparisons that rest on it"), paragraphs)
    beside = Citation.objects.filter(claim=kept, article=OuterRef("article"), locator=OuterRef("locator"))
    if clashes := citations.filter(Exists(beside)).count():
        plan.notes.append(_same_place(clashes, "(2)"))
    if gone.has_value and not kept.has_value:
        plan.offers.append(Offer("value", _("Value"), _value(gone)))
    plan.offers += [
        Offer(name, str(capfirst(Claim._meta.get_field(name).verbose_name)), getattr(gone, name))  # type: ignore[union-attr]
        for name in CLAIM_FIELDS
        if getattr(gone, name) and not getattr(kept, name) and (name not in CONDITIONS or kept.kind == gone.kind)
    ]
    if gone.verdict != Verdict.UNCHECKED and kept.verdict == Verdict.UNCHECKED:
        plan.offers.append(Offer("verdict", _("Verdict"), gone.get_verdict_display()))
    differing = [
        str(capfirst(Claim._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
        for name in (*WORDING, *CLAIM_FIELDS, "verdict", "verdict_note")
        if getattr(gone, name) not in ("", Verdict.UNCHECKED)
        and getattr(gone, name) != getattr(kept, name)
        and name not in {offer.name for offer in plan.offers}
    ]
    if differing:
        plan.notes.append(_kept_as_it_is(differing))
    return plan


def returns_to_review(gone: Claim, kept: Claim, take: Collection[str], by: Any) -> bool:
    """Whether a merge takes a published claim off the site until somebody else has published it.

    What it says is changed as by an edit. Citations of a claim that nobody has published are seen by two people only
    if who merges has written neither claim. Superusers are above it.
    """
    if kept.status != Status.PUBLISHED or by.is_superuser:
        return False
    writers = {gone.author_id, gone.written_by_id, kept.author_id, kept.written_by_id}
    return bool(set(take) - {"verdict"}) or (gone.status != Status.PUBLISHED and by.pk in writers)


@transaction.atomic
def merge_claims(gone: Claim, kept: Claim, *, by: Any, take: Collection[str] = ()) -> Claim:
    """Merge one claim into another of the same framework and criterion. take: offers of the plan that are accepted.

    Raises Refused, and StaleVersion if either was saved since it was read.
    """
    _demand(by, MERGE)
    _different(gone, kept)
    gone, kept = _locked(gone, kept)
    rulings = _hold(Ruling, _rulings_naming(gone))
    plan = claim_plan(gone, kept, take)
    _refuse(plan)
    accepted = {offer.name for offer in plan.offers} & set(take)
    if "verdict" in accepted:
        _demand(by, JUDGE)
    merged, moved = f"{MERGED} {gone.key}", f"{MOVED} claim {gone.key} is now {kept.key}"
    standing = _standing(Citation.objects.filter(claim=kept), "article_id")
    citations = list(Citation.objects.filter(claim=gone).order_by("pk"))
    for citation in citations:
        if _finds_place(citation, citation.article_id, standing, "", by, merged):
            citation.claim = kept
            _save(citation, by, merged)
    for side in (Ruling.side_a, Ruling.side_b):
        _relink(side.through, "claim", "ruling", gone.pk, kept.pk)
    comparisons = set(Paragraph.objects.filter(claims=gone).values_list("comparison_id", flat=True))
    _relink(Paragraph.claims.through, "claim", "paragraph", gone.pk, kept.pk)
    for ruling in Ruling.objects.filter(pk__in=rulings).order_by("pk"):
        _save(ruling, by, moved)
    for comparison in Comparison.objects.filter(pk__in=comparisons).order_by("pk"):
        _save(comparison, by, moved)
    _give(gone, kept, accepted)
    if returns_to_review(gone, kept, accepted, by):
        kept.status = Status.IN_REVIEW
    if citations or accepted - {"verdict"}:
        kept.author = by
    _save(kept, by, merged)
    if "verdict" in accepted:
        kept.verdict_articles.set(gone.verdict_articles.all())
    _lead(kept.address_kind, gone.key, kept.key)
    if ClaimSummary.objects.filter(claim=gone).exists():
        # Its place is free again: nobody may build on the sets that still hold it.
        summaries.raise_edition(anew=True)
    _delete(gone, by, f"Merged into {kept.key}")
    return kept


def _give(gone: Claim, kept: Claim, accepted: Collection[str]) -> None:
    names: list[str] = []
    for offer in accepted:
        names += VALUE if offer == "value" else VERDICT if offer == "verdict" else (offer,)
    for name in names:
        setattr(kept, name, getattr(gone, name))


def _unlike(gone: Claim, kept: Claim) -> list[str]:
    """Why two claims do not say the same: a source of one would be made to say what it does not."""
    found = []
    if gone.framework_id != kept.framework_id:
        found.append(_("The two are about different frameworks."))
    if gone.criterion_id != kept.criterion_id:
        found.append(_("The two stand under different criteria. Move one of them first, on its own page."))
    elif gone.has_value and kept.has_value and any(getattr(gone, name) != getattr(kept, name) for name in VALUE):
        found.append(
            _("They give different values, %(gone)s and %(kept)s: a source of one does not support the other.")
            % {"gone": _value(gone), "kept": _value(kept)}
        )
    if {gone.polarity, kept.polarity} == {Polarity.PRO, Polarity.CON}:
        found.append(_("One speaks for it and the other against it: a source of one does not support the other."))
    return found


def _out_of_sight(gone: Claim, kept: Claim) -> list[str]:
    """Why readers would lose what they could see."""
    seen = (Status.PUBLISHED, Status.WITHDRAWN)
    if gone.status == Status.PUBLISHED and kept.status != Status.PUBLISHED:
        return [
            _("“%(gone)s” is published and “%(kept)s” is not: merge the other way round, or publish it first.")
            % {"gone": gone.key, "kept": kept.key}
        ]
    if gone.published_at is not None and kept.status not in seen:
        return [
            _("“%(gone)s” was published once and its address has to go on answering; “%(kept)s” has none yet.")
            % {"gone": gone.key, "kept": kept.key}
        ]
    return []


def _on_both_sides(gone: Claim, kept: Claim) -> list[str]:
    torn = Ruling.objects.filter(Q(side_a=gone) & Q(side_b=kept) | Q(side_b=gone) & Q(side_a=kept))
    return [
        _("The ruling on %(ruling)s names them on opposite sides. Correct the ruling first.") % {"ruling": ruling}
        for ruling in torn.select_related("framework", "criterion").distinct()
    ]


def _rulings_naming(claim: Claim) -> Any:
    return Ruling.objects.filter(Q(side_a=claim) | Q(side_b=claim)).distinct()


def _value(claim: Claim) -> str:
    if claim.level is not None:
        return f"“{claim.level}”"
    if claim.text:
        return f"“{claim.text}”"
    ends = [f"{end.normalize():f}" for end in (claim.number, claim.number_high) if end is not None]
    return ("≈ " if claim.approximate else "") + " – ".join(ends)


# ── Merging criteria ─────────────────────────────────────────────────


def criterion_plan(gone: Criterion, kept: Criterion) -> Plan:
    """What merging one criterion into another would do."""
    if gone.pk == kept.pk:
        return Plan(refusals=[_itself()])
    plan = Plan()
    if (gone.value_type, gone.unit) != (kept.value_type, kept.unit):
        plan.refusals.append(
            _("They are answered differently, by %(gone)s and by %(kept)s. Only criteria of one kind can be merged.")
            % {"gone": _answer(gone), "kept": _answer(kept)}
        )
    if gone.group.holds_use_cases != kept.group.holds_use_cases:
        plan.refusals.append(_("One is a use case and the other is not: the page of the use case would be lost."))
    claims = Claim.objects.filter(criterion=gone).order_by("key")
    plan.moving(_("Claims"), claims)
    there = Ruling.objects.filter(criterion=kept, framework=OuterRef("framework"))
    rulings = Ruling.objects.filter(criterion=gone).select_related("framework", "criterion", "level")
    plan.moving(_("Rulings"), rulings.filter(~Exists(there)).order_by("framework__order", "framework__name"))
    rows = ComparisonCriterion.objects.filter(criterion=gone).select_related("comparison").order_by("comparison__title")
    plan.moving(_("Rows of comparisons"), rows, lambda row: str(row.comparison))
    both = rows.filter(Exists(ComparisonCriterion.objects.filter(criterion=kept, comparison=OuterRef("comparison"))))
    if doubles := [str(row.comparison) for row in both]:
        plan.notes.append(
            _("These comparisons hold both; one row of the two stays: %(names)s.") % {"names": ", ".join(doubles)}
        )
    if gone.direction != kept.direction:
        plan.notes.append(
            _("“%(gone)s” has the direction “%(before)s”. From now on “%(after)s” holds, that of “%(kept)s”.")
            % {
                "gone": gone,
                "kept": kept,
                "before": gone.get_direction_display(),
                "after": kept.get_direction_display(),
            }
        )
    if gone.value_type == ValueType.LEVEL:
        plan.levels = _level_choices(gone, kept)
    others = {ruling.framework_id: ruling for ruling in Ruling.objects.filter(criterion=kept).select_related("level")}
    plan.rulings = [
        RulingChoice(ruling, others[ruling.framework_id])
        for ruling in rulings.filter(Exists(there)).order_by("framework__order", "framework__name")
    ]
    return plan


def _level_choices(gone: Criterion, kept: Criterion) -> list[LevelChoice]:
    """Every level of a criterion with the level of another that seems to mean the same; three queries."""
    offered = list(kept.levels.order_by("order", "pk"))
    ruled = dict(Ruling.objects.filter(criterion=gone).order_by().values_list("level").annotate(Count("pk")))
    found = []
    for level in gone.levels.annotate(used=Count("claims")).order_by("order", "pk"):
        same = [other for other in offered if other.slug == level.slug]
        same = same or [other for other in offered if other.label.casefold() == level.label.casefold()]
        same = same or [other for other in offered if other.meaning == level.meaning]
        found.append(LevelChoice(level, level.used + ruled.get(level.pk, 0), same[0] if len(same) == 1 else None))
    return found


@transaction.atomic
def merge_criteria(
    gone: Criterion,
    kept: Criterion,
    *,
    by: Any,
    levels: Mapping[int, int] | None = None,
    rulings: Mapping[int, int] | None = None,
) -> Criterion:
    """Merge one criterion into another that is answered in the same way.

    levels: for every level that is in use, by primary key, the level of the other criterion that takes its place.
    rulings: for every framework on which both have a ruling, by primary key, the ruling that stands. To drop the
    other takes the permission to judge. Raises Refused, and StaleVersion if either was saved since it was read.
    """
    _demand(by, MERGE)
    _different(gone, kept)
    levels, chosen = levels or {}, rulings or {}
    here = Q(criterion=gone)
    claims = _hold(Claim, Claim.objects.filter(here))
    _hold(Ruling, Ruling.objects.filter(criterion__in=[gone, kept]))
    gone, kept = _locked(gone, kept)
    _hold(Claim, Claim.objects.filter(here).exclude(pk__in=claims))
    plan = criterion_plan(gone, kept)
    known = set(kept.levels.values_list("pk", flat=True))
    for choice in plan.levels:
        if levels.get(choice.level.pk) not in (known if choice.used else known | {None}):
            plan.refusals.append(
                _("Say which level of “%(kept)s” takes the place of “%(level)s”.")
                % {"kept": kept, "level": choice.level}
            )
    for pair in plan.rulings:
        if chosen.get(pair.gone.framework_id) not in (pair.gone.pk, pair.kept.pk):
            plan.refusals.append(
                _("Both have a ruling on %(framework)s. Say which one stands.") % {"framework": pair.gone.framework}
            )
    _refuse(plan)
    moved = f"{MOVED} criterion {gone.slug} is now {kept.slug}"
    for pair in plan.rulings:
        _demand(by, JUDGE)
        stands = chosen[pair.gone.framework_id]
        _delete(pair.kept if stands == pair.gone.pk else pair.gone, by, f"Merged: ruling {stands} stands")
    for model in (Claim, Ruling):
        _answer_to(kept, model.objects.filter(here), levels, by, moved)
    rows = ComparisonCriterion.objects.filter(here)
    comparisons = set(rows.values_list("comparison_id", flat=True))
    rows.filter(Exists(ComparisonCriterion.objects.filter(criterion=kept, comparison=OuterRef("comparison")))).delete()
    rows.update(criterion=kept)
    for comparison in Comparison.objects.filter(pk__in=comparisons).order_by("pk"):
        _save(comparison, by, moved)
    _save(kept, by, f"{MERGED} {gone.slug}")
    _lead(kept.address_kind, gone.slug, kept.slug)
    _drop_criterion(gone, by, f"Merged into {kept.slug}")
    return kept


def _answer_to(criterion: Criterion, rows: Any, levels: Mapping[int, int], by: Any, reason: str) -> None:
    """Put claims or rulings under another criterion. levels: of this one, by those of the one they stood under."""
    found: list[Any] = list(rows.order_by("pk"))
    for row in found:
        row.criterion = criterion
        row.level_id = levels[row.level_id] if row.level_id else None
    _save_all(found, ["criterion", "level"], by, reason)


def _drop_criterion(criterion: Criterion, by: Any, reason: str) -> None:
    for level in criterion.levels.order_by("pk"):
        _delete(level, by, reason)
    _delete(criterion, by, reason)


def _answer(criterion: Criterion) -> str:
    kind = criterion.get_value_type_display().lower()
    return f"{kind} ({criterion.unit})" if criterion.unit else kind


# ── Splitting a criterion ────────────────────────────────────────────


@dataclass(frozen=True)
class Split:
    """What of a criterion goes to a new one.

    claims: primary keys. comparisons: those that get the new criterion right after the old one. replaces: the old
    criterion goes altogether, and its address leads to the first criterion that was split from it.
    """

    claims: frozenset[int] = frozenset()
    comparisons: frozenset[int] = frozenset()
    replaces: bool = False


def split_plan(old: Criterion, split: Split) -> Plan:
    """What a split would do."""
    plan = Plan()
    claims = Claim.objects.filter(criterion=old).order_by("framework__order", "framework__name", "key")
    of_old = set(claims.values_list("pk", flat=True))
    if split.claims - of_old:
        plan.refusals.append(
            _("Some of these claims do not stand under “%(old)s”, or no longer do. Choose again.") % {"old": old}
        )
    if not split.claims:
        plan.refusals.append(_("Choose the claims that go to the new criterion."))
    staying = len(of_old - split.claims)
    if split.replaces and staying:
        plan.refusals.append(
            _("“%(old)s” can go only if all its claims move; %(count)d would stay. Choose them too, or keep it.")
            % {"old": old, "count": staying}
        )
    plan.moving(_("Claims that move"), claims.filter(pk__in=split.claims))
    if staying:
        plan.moves.append(Batch(_("Claims that stay"), staying))
    elif not split.replaces:
        plan.notes.append(_("No claim stays under “%(old)s”.") % {"old": old})
    moving, torn = _rulings_of_split(old, split)
    plan.refusals += [
        _(
            "The ruling on %(framework)s names claims that move and claims that stay (%(claims)s). "
            "Choose all of them or none, or correct the ruling first."
        )
        % {"framework": ruling.framework, "claims": ", ".join(keys)}
        for ruling, keys in torn
    ]
    if moving:
        names = tuple(str(ruling.framework) for ruling in moving[:NAMED])
        plan.moves.append(Batch(_("Rulings that move"), len(moving), names))
    rows = ComparisonCriterion.objects.filter(criterion=old).select_related("comparison").order_by("comparison__title")
    if not split.replaces:
        rows = rows.filter(comparison__in=split.comparisons)
    plan.moving(_("Comparisons that get the new criterion"), rows, lambda row: str(row.comparison))
    if split.replaces and (heir := _first_split_from(old)):
        plan.notes.append(
            _("“%(old)s” goes. Its address leads to “%(heir)s”, the first criterion that was split from it.")
            % {"old": old, "heir": heir}
        )
    elif split.replaces:
        plan.notes.append(_("“%(old)s” goes. Its address leads to the new criterion.") % {"old": old})
    return plan


def _rulings_of_split(old: Criterion, split: Split) -> tuple[list[Ruling], list[tuple[Ruling, list[str]]]]:
    """The rulings that move with their claims, and those that a split would tear apart with the claims they name.

    A ruling goes where the claims of its cell go that it names; if it names none, it stays while any claim does.
    """
    moving, torn = [], []
    rulings = Ruling.objects.filter(criterion=old).select_related("framework").order_by("pk")
    staying = set(
        Claim.objects.filter(criterion=old).exclude(pk__in=split.claims).values_list("framework_id", flat=True)
    )
    for ruling in rulings.prefetch_related("side_a", "side_b"):
        named = {claim.pk: claim for claim in (*ruling.side_a.all(), *ruling.side_b.all())}
        here = [claim for claim in named.values() if claim.criterion_id == old.pk]
        going = [claim for claim in here if claim.pk in split.claims]
        if going and len(going) < len(here):
            torn.append((ruling, sorted(claim.key for claim in here)))
        elif going or (not here and ruling.framework_id not in staying):
            moving.append(ruling)
    return moving, torn


def _first_split_from(old: Criterion) -> Criterion | None:
    """The first criterion there still is that was split from this one, under whatever slug."""
    former = FormerAddress.objects.filter(kind=old.address_kind, now=old.slug).values_list("key", flat=True)
    reasons = [_reason(f"{SPLIT} {slug}") for slug in (old.slug, *former)]
    made = Criterion.history.filter(history_type="+", history_change_reason__in=reasons)
    for pk in made.order_by("history_date", "history_id").values_list("id", flat=True):
        if found := Criterion.objects.filter(pk=pk).first():
            return found
    return None


@transaction.atomic
def split_criterion(old: Criterion, new: Criterion, split: Split, *, by: Any) -> Criterion:
    """Make a new criterion that is answered like an old one, with its levels and some of its claims.

    new: not saved yet, with its name, slug, question, definition and group. Raises Refused, and StaleVersion if the
    old criterion was saved since it was read.
    """
    _demand(by, MERGE)
    held = _hold(Claim, Claim.objects.filter(criterion=old))
    _hold(Ruling, Ruling.objects.filter(criterion=old))
    [old] = _locked(old)
    _hold(Claim, Claim.objects.filter(criterion=old).exclude(pk__in=held))
    plan = split_plan(old, split)
    _refuse(plan)
    moving, _torn = _rulings_of_split(old, split)
    heir = _first_split_from(old)
    for name in ("value_type", "unit", "direction", "order"):
        setattr(new, name, getattr(old, name))
    try:
        new.full_clean()
    except ValidationError as error:
        raise Refused(error.messages) from None
    _save(new, by, f"{SPLIT} {old.slug}")
    levels = {}
    for level in old.levels.order_by("order", "pk"):
        copy = Level(criterion=new, slug=level.slug, label=level.label, meaning=level.meaning, order=level.order)
        _save(copy, by, f"{SPLIT} {old.slug}")
        levels[level.pk] = copy.pk
    moved = f"{MOVED} criterion {old.slug} was split, this went to {new.slug}"
    for rows in (Claim.objects.filter(pk__in=split.claims), Ruling.objects.filter(pk__in=[r.pk for r in moving])):
        _answer_to(new, rows, levels, by, moved)
    _insert_into_comparisons(old, new, split, by)
    if split.replaces:
        _lead(old.address_kind, old.slug, (heir or new).slug)
        _drop_criterion(old, by, f"Split: replaced by {(heir or new).slug}")
    else:
        _save(old, by, f"Split: part of it went to {new.slug}")
    return new


def _insert_into_comparisons(old: Criterion, new: Criterion, split: Split, by: Any) -> None:
    """Put the new criterion right after the old one, or in its place; rows behind it move down."""
    rows = ComparisonCriterion.objects.filter(criterion=old)
    if not split.replaces:
        rows = rows.filter(comparison__in=split.comparisons)
    for at in rows.select_related("comparison").order_by("comparison"):
        every = list(ComparisonCriterion.objects.filter(comparison=at.comparison).order_by("order", "pk"))
        added = ComparisonCriterion(comparison=at.comparison, criterion=new)
        place = every.index(at)
        every[place if split.replaces else place + 1 : place + 1] = [added]
        if split.replaces:
            at.delete()
        for order, row in enumerate(every, start=1):
            if row.order != order or row.pk is None:
                row.order = order
                row.save()
        _save(at.comparison, by, f"{SPLIT} {old.slug}: {new.slug}")


# ── What all of them share ───────────────────────────────────────────


def _demand(by: Any, permission: str) -> None:
    if not by.has_perm(permission):
        raise PermissionDenied


def _different(gone: Any, kept: Any) -> None:
    if gone.pk == kept.pk:
        raise Refused([_itself()])


def _itself() -> str:
    return _("A record cannot be merged into itself.")


def _refuse(plan: Plan) -> None:
    if plan.refusals:
        raise Refused(plan.refusals)


def _same_place(number: int, mark: str) -> str:
    return _(
        "Citations at the same place of the same article as another of their claim: %(count)d. Both stay, and to the "
        "place of the one that moves “%(mark)s” is added; only what is the same word for word is kept once."
    ) % {"count": number, "mark": mark}


def _kept_as_it_is(labels: Iterable[str]) -> str:
    return _("Where the two differ, what stays is as it is, and the other is read in the history: %(fields)s.") % {
        "fields": ", ".join(labels)
    }


def _hold(model: type[models.Model], rows: Any) -> set[int]:
    """Lock rows until the end of the transaction, in the order of their keys so that none deadlock; their keys."""
    wanted = rows.order_by().values("pk")
    held = model._base_manager.select_for_update().filter(pk__in=wanted).order_by("pk")
    return set(held.values_list("pk", flat=True))


def _locked(*read: R) -> list[R]:
    """These rows as they are now, locked. Raises StaleVersion for one that was saved or deleted since it was read."""
    model: Any = type(read[0])
    pks = [row.pk for row in read]
    rows = {row.pk: row for row in model._base_manager.select_for_update().filter(pk__in=pks).order_by("pk")}
    for row in read:
        if row.pk not in rows or rows[row.pk].version != row.version:  # type: ignore[attr-defined]
            raise StaleVersion(row)
    return [rows[pk] for pk in pks]


def _reason(text: str) -> str:
    """A reason as the history holds it."""
    return text if len(text) <= 100 else f"{text[:99]}…"


def _save(row: models.Model, by: Any, reason: str) -> None:
    row._history_user, row._change_reason = by, _reason(reason)  # type: ignore[attr-defined]
    row.save()


def _save_all(rows: Iterable[Any], names: Collection[str], by: Any, reason: str) -> None:
    """Store rows of one model that are locked, as saving each would: a few queries for hundreds of them.

    names: the fields that changed. The version of each rises, and its history gets an entry.
    """
    for batch in batched(rows, BATCH):
        model = type(batch[0])
        fields = list(names)
        for row in batch:
            row._history_user, row._change_reason = by, _reason(reason)
            if isinstance(row, Versioned):
                row.version += 1
        if issubclass(model, Versioned):
            fields.append("version")
        model._base_manager.bulk_update(batch, fields)
        entries = model.history.bulk_history_create(batch, update=True)
        entry_of = dict(zip((row.pk for row in batch), entries, strict=True))
        for kept in model.history.model._history_m2m_fields:
            link = model._meta.get_field(kept.name)
            own, other = link.m2m_column_name(), link.m2m_reverse_name()
            log = getattr(model.history.model, kept.name).model
            pairs = link.remote_field.through._base_manager.filter(**{f"{own}__in": list(entry_of)})
            log.objects.bulk_create(
                log(id=pk, history=entry_of[left], **{own: left, other: right})
                for pk, left, right in pairs.values_list("pk", own, other)
            )


def _delete(row: models.Model, by: Any, reason: str) -> None:
    """Delete a row from which everything has moved, even a claim that was published: its address leads on."""
    row._history_user, row._change_reason = by, _reason(reason)  # type: ignore[attr-defined]
    try:
        models.Model.delete(row)
    except ProtectedError as error:
        raise StaleVersion(row) from error  # something was added to it in the meantime


Taken = dict[int, dict[str, Citation]]


def _standing(citations: Any, by: str) -> Taken:
    """Citations that are there, by what they may clash over and by their place."""
    found: Taken = {}
    for citation in citations.distinct():
        found.setdefault(getattr(citation, by), {})[citation.locator] = citation
    return found


def _finds_place(citation: Citation, within: int, standing: Taken, origin: str, by: Any, reason: str) -> bool:
    """Give a citation that moves a place of its own; False if the same is there word for word, and it was deleted.

    origin: the slug of the article it comes from, which its place names then; "" for a citation of the same article,
    whose place gets a number.
    """
    taken_here = standing.setdefault(within, {})
    there = taken_here.get(citation.locator)
    if there is not None:
        if all(getattr(citation, name) == getattr(there, name) for name in ("stance", "says", "quote", "reading")):
            _delete(citation, by, f"{reason}: the same word for word")
            return False
        citation.locator = _free_place(citation.locator, taken_here, origin)
    taken_here[citation.locator] = citation
    return True


def _free_place(locator: str, used: Collection[str], origin: str) -> str:
    longest: int = Citation._meta.get_field("locator").max_length or 0
    for number in count(1 if origin else 2):
        tail = " ".join([*([f"formerly {origin}"] if origin else []), *([f"({number})"] if number > 1 else [])])
        joint = ", " if origin else " "
        place = f"{locator[: longest - len(tail) - len(joint)]}{joint}{tail}" if locator else tail
        if place not in used:
            return place
    raise AssertionError("unreachable")


def _relink(through: Any, to: str, of: str, gone: int, kept: int) -> None:
    """Let rows of a many-to-many table lead to another record, each once."""
    rows = through._base_manager.filter(**{f"{to}_id": gone})
    there = through._base_manager.filter(**{f"{to}_id": kept}).values(f"{of}_id")
    rows.filter(**{f"{of}_id__in": list(there.values_list(f"{of}_id", flat=True))}).delete()
    rows.update(**{f"{to}_id": kept})
