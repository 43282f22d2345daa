"""Merge one claim into another."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from comparisons.domain.claim_fields import VALUE, VERDICT_COLUMNS, Part, names_of
from comparisons.domain.vocabulary import CONDITIONS, Polarity, Status, Verdict
from comparisons.editing import challenges, notes
from comparisons.editing.steps import demand
from comparisons.history import reasons
from comparisons.models import Check, Citation, Claim, ClaimSummary, Comparison, Paragraph, Ruling, Run, VerdictLine
from comparisons.models.permissions import JUDGE, MERGE, PUBLISH
from comparisons.pros_cons import summaries

from . import places, told, writes
from .plan import MergePlan, Offer, check_different, into_itself, kept_as_it_is, same_place
from .renaming import redirect

#: The fields that a claim may take over from its duplicate one by one; its value and its verdict are taken over whole.
SUPPLEMENTS = names_of(Part.VERSIONS, Part.CONDITIONS)
#: What else a claim says: it is never combined with what another claim says.
WORDING = names_of(Part.WORDING, Part.PITFALL)


def claim_plan(duplicate: Claim, kept: Claim) -> MergePlan:
    """What merging one claim into another would do."""
    if duplicate.pk == kept.pk:
        return MergePlan(refusals=[into_itself()])
    plan = MergePlan(
        refusals=[*_unlike(duplicate, kept), *_out_of_sight(duplicate, kept), *_on_both_sides(duplicate, kept)]
    )
    citations = Citation.objects.filter(claim=duplicate).select_related("article").order_by("article__title", "pk")
    plan.add_moves(_("Citations"), citations)
    checks = Check.objects.filter(claim=duplicate).order_by("checked_on", "pk")
    plan.add_moves(_("Checks"), checks, lambda check: f"{check.version}, {check.checked_on}")
    plan.add_moves(_("Runs of its programs"), Run.objects.filter(claim=duplicate).newest_first())
    rulings = _rulings_naming(duplicate).select_related("framework", "criterion")
    plan.add_moves(_("Rulings that name it"), rulings.order_by("pk"))
    paragraphs = Paragraph.objects.filter(claims=duplicate).select_related("comparison").order_by("comparison", "order")
    plan.add_moves(_("Paragraphs of comparisons that rest on it"), paragraphs)
    lines = VerdictLine.objects.filter(claims=duplicate).order_by("comparison", "order")
    plan.add_moves(_("Lines of verdicts that rest on it"), lines)
    plan.tell_waiting(duplicate)
    beside = Citation.objects.filter(claim=kept, article=OuterRef("article"), locator=OuterRef("locator"))
    if clashes := citations.filter(Exists(beside)).count():
        plan.notes.append(same_place(clashes, "(2)"))
    if duplicate.has_value and not kept.has_value:
        plan.offers.append(Offer("value", _("Value"), _value(duplicate)))
    plan.offers += [
        Offer(name, _label(name), getattr(duplicate, name))
        for name in SUPPLEMENTS
        if getattr(duplicate, name)
        and not getattr(kept, name)
        and (name not in CONDITIONS or kept.kind == duplicate.kind)
    ]
    if duplicate.verdict != Verdict.UNCHECKED and kept.verdict == Verdict.UNCHECKED:
        plan.offers.append(Offer("verdict", _("Verdict"), duplicate.get_verdict_display()))
    differing = [
        _label(name)
        for name in (*WORDING, *SUPPLEMENTS, "verdict", "verdict_note")
        if getattr(duplicate, name) not in ("", Verdict.UNCHECKED)
        and getattr(duplicate, name) != getattr(kept, name)
        and name not in {offer.name for offer in plan.offers}
    ]
    if differing:
        plan.notes.append(kept_as_it_is(differing))
    return plan


def unapproved(duplicate: Claim, kept: Claim, by: Any) -> str:
    """Why somebody may not merge a claim that nobody has approved into a published one; "" if they may.

    Two people have to see what readers see: whoever merges approves what the duplicate says and cites.
    """
    if kept.status != Status.PUBLISHED or duplicate.status == Status.PUBLISHED or by.is_superuser:
        return ""
    writers = {duplicate.author_id, duplicate.written_by_id}
    if by.has_perm(PUBLISH) and by.pk not in writers and not duplicate.contributors.filter(pk=by.pk).exists():
        return ""
    return _(
        "“%(duplicate)s” is not published, and somebody else has to approve it before its citations can support "
        "a published claim."
    ) % {"duplicate": duplicate.key}


@transaction.atomic
def merge_claims(duplicate: Claim, kept: Claim, *, by: Any, take: Collection[str] = ()) -> Claim:
    """Merge one claim into another of the same framework and criterion, and return the one that stays.

    take: the names of offers of the plan that are accepted. Raises Refused, and StaleVersion if either was saved since
    it was read.
    """
    demand(by, MERGE)
    check_different(duplicate, kept)
    duplicate, kept = writes.locked(duplicate, kept)
    rulings = writes.hold(Ruling, _rulings_naming(duplicate))
    plan = claim_plan(duplicate, kept)
    if refusal := unapproved(duplicate, kept, by):
        plan.refusals.append(refusal)
    plan.check()
    accepted = {offer.name for offer in plan.offers} & set(take)
    if "verdict" in accepted:
        demand(by, JUDGE)
    merged = reasons.merged_from(duplicate.key)
    moved = reasons.moved(duplicate.address_kind, duplicate.key, kept.key)
    taken = places.taken(Citation.objects.filter(claim=kept), "article_id")
    citations = list(Citation.objects.filter(claim=duplicate).order_by("pk"))
    for citation in citations:
        if places.find(citation, citation.article_id, taken, "", by, duplicate.key):
            citation.claim = kept
            writes.save(citation, by, merged)
    for side in (Ruling.rejected, Ruling.accepted):
        writes.relink(side.through, "claim", "ruling", duplicate.pk, kept.pk)
    comparisons: set[int] = set()
    for part, name in ((Paragraph, "paragraph"), (VerdictLine, "verdictline")):
        comparisons |= set(part.objects.filter(claims=duplicate).values_list("comparison_id", flat=True))
        writes.relink(part.claims.through, "claim", name, duplicate.pk, kept.pk)
    for ruling in Ruling.objects.filter(pk__in=rulings).order_by("pk"):
        writes.save(ruling, by, moved)
    for comparison in Comparison.objects.filter(pk__in=comparisons).order_by("pk"):
        writes.save(comparison, by, moved)
    _take_over(duplicate, kept, accepted)
    if citations or accepted - {"verdict"}:
        kept.author = by
        if kept.status != Status.PUBLISHED:
            kept.contributors.add(by, *duplicate.contributors.all())
    writes.save(kept, by, merged)
    _move_checks(duplicate, kept)
    _move_runs(duplicate, kept)
    if "verdict" in accepted:
        told.keep_of_claim(duplicate, kept)
        kept.verdict_articles.set(duplicate.verdict_articles.all())
    challenges.move("claim", duplicate, kept)
    notes.move("claim", duplicate, kept)
    redirect(kept.address_kind, duplicate.key, kept.key)
    if ClaimSummary.objects.filter(claim=duplicate).exists():
        # Its place in the sets of pros and cons can be given to another claim now, so no stored set may be used again.
        summaries.raise_edition(anew=True)
    writes.delete(duplicate, by, reasons.merged_into(kept.key))
    return kept


def _move_checks(duplicate: Claim, kept: Claim) -> None:
    """Give the checks of the duplicate to the claim that stays, but for one it has with that version on that day.

    Both say the same, so who looked at one has looked at the other. This comes after the claim that stays was saved,
    which may have given it the value that was checked.
    """
    there = set(Check.objects.filter(claim=kept).values_list("version", "checked_on"))
    for check in Check.objects.filter(claim=duplicate).order_by("pk"):
        if (check.version, check.checked_on) not in there:
            check.claim = kept
            check.save()


def _move_runs(duplicate: Claim, kept: Claim) -> None:
    """Give the runs of the duplicate to the claim that stays, but for one it has of that program with that version."""
    there = set(Run.objects.filter(claim=kept).values_list("probe", "version"))
    for run in Run.objects.filter(claim=duplicate).order_by("pk"):
        if (run.probe, run.version) not in there:
            run.claim = kept
            run.save()


def _take_over(duplicate: Claim, kept: Claim, accepted: Collection[str]) -> None:
    names: list[str] = []
    for offer in accepted:
        names += VALUE if offer == "value" else VERDICT_COLUMNS if offer == "verdict" else (offer,)
    for name in names:
        setattr(kept, name, getattr(duplicate, name))


def _unlike(duplicate: Claim, kept: Claim) -> list[str]:
    """Why two claims do not say the same: merged, a source of one would support what it does not say."""
    found = []
    if duplicate.framework_id != kept.framework_id:
        found.append(_("The two are about different frameworks."))
    if duplicate.criterion_id != kept.criterion_id:
        found.append(_("The two belong to different criteria. Move one of them first, on its own page."))
    elif (
        duplicate.has_value
        and kept.has_value
        and any(getattr(duplicate, name) != getattr(kept, name) for name in VALUE)
    ):
        found.append(
            _("They give different values, %(duplicate)s and %(kept)s: a source of one does not support the other.")
            % {"duplicate": _value(duplicate), "kept": _value(kept)}
        )
    if {duplicate.polarity, kept.polarity} == {Polarity.PRO, Polarity.CON}:
        found.append(_("One speaks for it and the other against it: a source of one does not support the other."))
    return found


def _out_of_sight(duplicate: Claim, kept: Claim) -> list[str]:
    """Why readers would lose sight of what they can see now."""
    seen = (Status.PUBLISHED, Status.WITHDRAWN)
    if duplicate.status == Status.PUBLISHED and kept.status != Status.PUBLISHED:
        return [
            _("“%(duplicate)s” is published and “%(kept)s” is not: merge the other way round, or publish it first.")
            % {"duplicate": duplicate.key, "kept": kept.key}
        ]
    if duplicate.published_at is not None and kept.status not in seen:
        return [
            _("“%(duplicate)s” was published once, so its address has to keep working; “%(kept)s” has none yet.")
            % {"duplicate": duplicate.key, "kept": kept.key}
        ]
    return []


def _on_both_sides(duplicate: Claim, kept: Claim) -> list[str]:
    divided = Ruling.objects.filter(Q(rejected=duplicate) & Q(accepted=kept) | Q(accepted=duplicate) & Q(rejected=kept))
    return [
        _("The ruling on %(ruling)s names them on opposite sides. Correct the ruling first.") % {"ruling": ruling}
        for ruling in divided.select_related("framework", "criterion").distinct()
    ]


def _rulings_naming(claim: Claim) -> Any:
    return Ruling.objects.filter(Q(rejected=claim) | Q(accepted=claim)).distinct()


def _value(claim: Claim) -> str:
    if claim.level is not None:
        return f"“{claim.level}”"
    if claim.text:
        return f"“{claim.text}”"
    ends = [f"{end.normalize():f}" for end in (claim.number, claim.number_high) if end is not None]
    return ("≈ " if claim.approximate else "") + " – ".join(ends)


def _label(name: str) -> str:
    return str(capfirst(Claim._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
