"""Merge one article into another."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from comparisons.editing import challenges, notes
from comparisons.editing.steps import demand
from comparisons.history import reasons
from comparisons.models import Article, Benchmark, Citation, Claim, Release
from comparisons.models.permissions import MERGE

from . import places, writes
from .plan import MergePlan, Offer, check_different, into_itself, kept_as_it_is, same_place
from .renaming import redirect

#: The fields that an article may take over from its duplicate, each with the fields that go with it.
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


def article_plan(duplicate: Article, kept: Article, take: Collection[str] = ()) -> MergePlan:
    """What merging one article into another would do. take: the names of offers that are accepted."""
    plan = MergePlan()
    if duplicate.pk == kept.pk:
        return MergePlan(refusals=[into_itself()])
    citations = Citation.objects.filter(article=duplicate).select_related("claim").order_by("claim__key", "pk")
    plan.add_moves(_("Citations"), citations, lambda row: str(row.claim))
    plan.add_moves(_("Verdicts that rest on it"), Claim.objects.filter(verdict_articles=duplicate).order_by("key"))
    plan.add_moves(_("Releases that name it"), Release.objects.filter(articles=duplicate).select_related("framework"))
    plan.add_moves(_("Benchmarks"), Benchmark.objects.filter(article=duplicate).order_by("slug"))
    followers = Article.objects.filter(follows=duplicate).exclude(pk=kept.pk)
    plan.add_moves(_("Articles that follow it"), followers.order_by("title"))
    plan.tell_waiting(duplicate)
    beside = Citation.objects.filter(article=kept, claim=OuterRef("claim"), locator=OuterRef("locator"))
    if clashes := citations.filter(Exists(beside)).count():
        plan.notes.append(same_place(clashes, f"formerly {duplicate.slug}"))
    if kept.follows_id == duplicate.pk:
        plan.notes.append(
            _("“%(kept)s” follows “%(duplicate)s” so far. Once merged, it follows what “%(duplicate)s” follows.")
            % {"kept": kept, "duplicate": duplicate}
        )
    plan.offers = [
        Offer(name, _label(name), str(getattr(duplicate, name)))
        for name in ARTICLE_FIELDS
        if getattr(duplicate, name)
        and not getattr(kept, name)
        and (name != "follows" or not _closes_a_circle(duplicate.follows_id, duplicate, kept))
    ]
    differing = [
        _label(name)
        for name in ("title", *ARTICLE_FIELDS, "kind", "interest")
        if getattr(duplicate, name)
        and getattr(kept, name)
        and getattr(duplicate, name) != getattr(kept, name)
        and name != "follows"
    ]
    if differing:
        plan.notes.append(kept_as_it_is(differing))
    if _closes_a_circle(_follows(duplicate, kept, take), duplicate, kept):
        plan.refusals.append(
            _(
                "“%(kept)s” follows “%(duplicate)s” through other articles, so they would follow one another "
                "in a circle. "
                "Correct what they follow first."
            )
            % {"kept": kept, "duplicate": duplicate}
        )
    return plan


@transaction.atomic
def merge_articles(duplicate: Article, kept: Article, *, by: Any, take: Collection[str] = ()) -> Article:
    """Merge one article into another and return the one that stays.

    take: names of ARTICLE_FIELDS; those that are empty in the one that stays are filled from the other. The version of
    each claim that cites the duplicate rises. Raises Refused, and StaleVersion if either was saved since it was read.
    """
    demand(by, MERGE)
    check_different(duplicate, kept)
    about = Q(citations__article=duplicate) | Q(verdict_articles=duplicate)
    claims = writes.hold(Claim, Claim.objects.filter(about))
    writes.hold(Article, Article.objects.filter(Q(pk__in=[duplicate.pk, kept.pk]) | Q(follows=duplicate)))
    duplicate, kept = writes.locked(duplicate, kept)
    claims |= writes.hold(Claim, Claim.objects.filter(about).exclude(pk__in=claims))
    plan = article_plan(duplicate, kept, take)
    plan.check()
    merged = reasons.merged_from(duplicate.slug)
    moved = reasons.moved(duplicate.address_kind, duplicate.slug, kept.slug)
    follows = _follows(duplicate, kept, take)
    taken = places.taken(Citation.objects.filter(article=kept, claim__citations__article=duplicate), "claim_id")
    citations = []
    for citation in Citation.objects.filter(article=duplicate).order_by("pk"):
        if places.find(citation, citation.claim_id, taken, duplicate.slug, by, duplicate.slug):
            citation.article = kept
            citations.append(citation)
    writes.save_all(citations, ["article", "locator"], by, merged)
    writes.relink(Claim.verdict_articles.through, "article", "claim", duplicate.pk, kept.pk)
    writes.relink(Release.articles.through, "article", "release", duplicate.pk, kept.pk)
    writes.save_all(Claim.objects.filter(pk__in=claims).order_by("pk"), [], by, moved)
    for release in Release.objects.filter(articles=kept).order_by("pk"):
        release.save()
    benchmarks = list(Benchmark.objects.filter(article=duplicate).order_by("pk"))
    for benchmark in benchmarks:
        benchmark.article = kept
    writes.save_all(benchmarks, ["article"], by, moved)
    followers = list(Article.objects.filter(follows=duplicate).exclude(pk=kept.pk).order_by("pk"))
    for follower in followers:
        follower.follows = kept
    writes.save_all(followers, ["follows"], by, moved)
    kept.follows_id = follows
    for offer in plan.offers:
        if offer.name in take and offer.name != "follows":
            for name in (offer.name, *ARTICLE_FIELDS[offer.name]):
                setattr(kept, name, getattr(duplicate, name))
    writes.save(kept, by, merged)
    challenges.move("article", duplicate, kept)
    notes.move("article", duplicate, kept)
    redirect(kept.address_kind, duplicate.slug, kept.slug)
    writes.delete(duplicate, by, reasons.merged_into(kept.slug))
    return kept


def _follows(duplicate: Article, kept: Article, take: Collection[str]) -> int | None:
    """What the merged article follows."""
    takes = kept.follows_id == duplicate.pk or (kept.follows_id is None and "follows" in take)
    follows = duplicate.follows_id if takes else kept.follows_id
    return None if follows == kept.pk else follows


def _closes_a_circle(follows: int | None, duplicate: Article, kept: Article) -> bool:
    """Whether an article would come to follow itself; a query for each step."""
    seen = {kept.pk, duplicate.pk}
    while follows is not None and follows not in seen:
        seen.add(follows)
        follows = Article.objects.values_list("follows_id", flat=True).get(pk=follows)
    return follows is not None


def _label(name: str) -> str:
    return str(capfirst(Article._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
