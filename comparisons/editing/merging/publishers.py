"""Rename and merge publishers. Articles name theirs by its name, so each gets an entry in its history."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from comparisons.editing.steps import demand
from comparisons.history import reasons
from comparisons.history.reasons import ChangeReason
from comparisons.models import Article, Citation, Publisher, PublisherAlias
from comparisons.models.names import follow
from comparisons.models.permissions import MERGE

from . import writes
from .plan import MergePlan, Offer, Refused, check_different, into_itself, kept_as_it_is

#: What a publisher may take over from its duplicate.
PUBLISHER_FIELDS = ("url", "note")


def check_name(publisher: Publisher, name: str) -> None:
    """Raise Refused if the publisher cannot have this name."""
    renamed = Publisher(pk=publisher.pk, name=name)
    renamed._state.adding = False
    try:
        renamed.clean_fields(exclude={"url", "note"})
        renamed.validate_unique()
    except ValidationError as error:
        raise Refused(error.messages) from None


@transaction.atomic
def rename_publisher(publisher: Publisher, name: str, *, by: Any) -> Publisher:
    """Give a publisher another name, in all its articles; the old one becomes an alias. Returns the renamed record.

    Raises Refused for a name that cannot be used, StaleVersion if the record was saved since it was read.
    """
    demand(by, MERGE)
    writes.hold(Article, Article.objects.filter(publisher=publisher.name))
    [publisher] = writes.locked(publisher)
    old = publisher.name
    if name == old:
        return publisher
    check_name(publisher, name)
    publisher.name = name
    try:
        with transaction.atomic():
            publisher.save()
    except IntegrityError:  # somebody else has just given it to another record
        raise Refused([_("“%(name)s” is already in use. Choose another.") % {"name": name}]) from None
    publisher.aliases.filter(name_key=publisher.name_key).delete()
    _move(old, publisher, by, reasons.publisher_renamed(old, name))
    _keep(old, publisher)
    return publisher


def publisher_plan(duplicate: Publisher, kept: Publisher) -> MergePlan:
    """What merging one publisher into another would do."""
    if duplicate.pk == kept.pk:
        return MergePlan(refusals=[into_itself()])
    plan = MergePlan()
    plan.add_moves(_("Articles"), Article.objects.filter(publisher=duplicate.name).order_by("title"))
    plan.add_moves(_("Other names"), duplicate.aliases.all())
    plan.notes.append(
        _("“%(duplicate)s” becomes another name of “%(kept)s”: files that say so mean it, and lists here find it.")
        % {"duplicate": duplicate, "kept": kept}
    )
    cited = Citation.objects.filter(article__publisher=kept.name).order_by().values("claim")
    both = Citation.objects.filter(article__publisher=duplicate.name, claim__in=cited).order_by()
    if number := both.values("claim").distinct().count():
        plan.notes.append(
            _("Claims that cite both, for which they count as one witness from then on: %(number)d.")
            % {"number": number}
        )
    plan.offers = [
        Offer(name, _label(name), getattr(duplicate, name))
        for name in PUBLISHER_FIELDS
        if getattr(duplicate, name) and not getattr(kept, name)
    ]
    differing = [
        _label(name)
        for name in PUBLISHER_FIELDS
        if getattr(duplicate, name) and getattr(kept, name) and getattr(duplicate, name) != getattr(kept, name)
    ]
    if differing:
        plan.notes.append(kept_as_it_is(differing))
    return plan


@transaction.atomic
def merge_publishers(duplicate: Publisher, kept: Publisher, *, by: Any, take: Collection[str] = ()) -> Publisher:
    """Merge one publisher into another and return the one that stays; what they publish is one witness from then on.

    take: names of PUBLISHER_FIELDS; those that are empty in the one that stays are filled from the other. Raises
    Refused, and StaleVersion if either was saved since it was read.
    """
    demand(by, MERGE)
    check_different(duplicate, kept)
    writes.hold(Article, Article.objects.filter(publisher=duplicate.name))
    duplicate, kept = writes.locked(duplicate, kept)
    plan = publisher_plan(duplicate, kept)
    plan.check()
    _move(duplicate.name, kept, by, reasons.publisher_merged(duplicate.name, kept.name))
    for offer in plan.offers:
        if offer.name in take:
            setattr(kept, offer.name, getattr(duplicate, offer.name))
    duplicate.aliases.update(publisher=kept)
    kept.save()
    writes.delete(duplicate, by, reasons.merged_into(kept.name))
    _keep(duplicate.name, kept)
    return kept


def _move(old: str, publisher: Publisher, by: Any, reason: ChangeReason) -> None:
    """Let the articles that name a publisher by this name have that one."""
    articles = list(Article.objects.filter(publisher=old).order_by("pk"))
    for article in articles:
        article.publisher = publisher
    writes.save_all(articles, ["publisher"], by, reason)


def _keep(old: str, publisher: Publisher) -> None:
    """Let a publisher be found by a name that it had, unless its name looks like that one."""
    alias = PublisherAlias(publisher=publisher, name=old)
    follow(alias)
    if alias.name_key != publisher.name_key:
        alias.save()


def _label(name: str) -> str:
    return str(capfirst(Publisher._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
