"""The lists of work that waits for editors, defined once for the desk that counts them and the lists that show them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, F, IntegerField, Model, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comparisons.domain.vocabulary import (
    Agreement,
    ChallengeStatus,
    LinkHealth,
    ProofOutcome,
    ProposalStatus,
    RulingState,
    Status,
    Strength,
    Verdict,
)
from comparisons.filters import of_strength
from comparisons.models import (
    Article,
    Cell,
    Challenge,
    Citation,
    Claim,
    ComparisonFramework,
    Proposal,
    Ruling,
    Run,
    permissions,
)
from comparisons.models.judgement import recheck_due

Text = str | Promise


@dataclass(frozen=True)
class Worklist:
    """Rows that wait for somebody.

    where: a condition for the rows that wait for a user on a day.
    order: the order of the rows. It is the order of an index, so that the first rows cost the same at any size.
    permission: the permission that a user needs for the list to be shown; "" for everybody who may see the rows.
    """

    key: str
    label: Text
    meaning: Text
    model: type[Model]
    where: Callable[[Any, date], Q]
    order: tuple[str, ...] = ("pk",)
    permission: str = ""

    def is_for(self, user: Any) -> bool:
        return not self.permission or user.has_perm(self.permission)

    def rows(self, user: Any, today: date) -> QuerySet[Any]:
        """Its rows, in its order."""
        return self.model._default_manager.filter(self.where(user, today)).order_by(*self.order)


@dataclass(frozen=True)
class Gaps(Worklist):
    """Cells that do not exist yet; the rows are dictionaries of framework and criterion."""

    def rows(self, user: Any, today: date) -> QuerySet[Any]:
        return gaps().order_by(*self.order)


def own(user: Any) -> Q:
    """A condition for claims that this user had a part in writing, first, last or since they were last published."""
    return Q(author=user) | Q(written_by=user) | _contributed(user)


def _contributed(user: Any) -> Q:
    return Q(Exists(Claim.contributors.through.objects.filter(claim=OuterRef("pk"), user=user.pk).order_by()))


def own_proposal(user: Any) -> Q:
    """A condition for proposals that this user wrote in."""
    return Q(Exists(Proposal.authors.through.objects.filter(proposal=OuterRef("pk"), user=user.pk).order_by()))


def in_comparison(framework: str = "framework", criterion: str = "criterion") -> Exists:
    """A condition: some curated comparison shows the framework and the criterion that these fields name."""
    return Exists(
        ComparisonFramework.objects.filter(
            framework=OuterRef(framework), comparison__rows__criterion=OuterRef(criterion)
        ).order_by()
    )


def gaps(comparison: str = "") -> QuerySet[Any]:
    """The cells of curated comparisons without any claim, each once, as dictionaries of framework and criterion.

    comparison: the slug of a comparison, to look at that one only.
    """
    covered = Cell.objects.filter(framework=OuterRef("framework"), criterion=OuterRef("criterion")).order_by()
    shown = ComparisonFramework.objects.annotate(criterion=F("comparison__rows__criterion"))
    if comparison:
        shown = shown.filter(comparison__slug=comparison)
    return (
        shown.filter(~Exists(covered), criterion__isnull=False).order_by().values("framework", "criterion").distinct()
    )


def named(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Gaps with the name, slug and order of their framework and criterion."""
    criterion = "comparison__rows__criterion__"
    return rows.values(
        "framework",
        "criterion",
        **{f"framework_{name}": F(f"framework__{name}") for name in ("name", "slug", "order")},
        **{f"criterion_{name}": F(f"{criterion}{name}") for name in ("name", "slug", "order")},
        group_order=F(f"{criterion}group__order"),
    )


def _without_citation(user: Any, today: date) -> Q:
    cited = Exists(Citation.objects.filter(claim=OuterRef("pk")).order_by())
    return ~Q(status=Status.WITHDRAWN) & Q(~cited)


def _lost_side(side: str) -> Q:
    """A condition for rulings that name claims on a side, of which one was withdrawn and none is published."""
    here = Ruling.objects.filter(pk=OuterRef("pk")).order_by()
    withdrawn = here.filter(**{f"{side}__status": Status.WITHDRAWN})
    published = here.filter(**{f"{side}__status": Status.PUBLISHED})
    return Q(Exists(withdrawn)) & ~Q(Exists(published))


WORKLISTS: tuple[Worklist, ...] = (
    Worklist(
        "review",
        _("Waiting for my review"),
        _("Claims in review that I had no part in writing: publish them or send them back."),
        Claim,
        lambda user, today: Q(status=Status.IN_REVIEW) & ~Q(author=user) & ~Q(written_by=user) & ~_contributed(user),
        permission=permissions.PUBLISH,
    ),
    Worklist(
        "proposals",
        _("Changes waiting for my review"),
        _("Changes of approved records in which I did not write: approve them or return them."),
        Proposal,
        lambda user, today: Q(status=ProposalStatus.OPEN) & ~own_proposal(user),
        ("created_at", "pk"),
        permission=permissions.PUBLISH,
    ),
    Worklist(
        "returned",
        _("My changes that came back"),
        _("A reviewer returned them with a note: mend them, or take them back."),
        Proposal,
        lambda user, today: Q(status=ProposalStatus.RETURNED) & own_proposal(user),
        ("created_at", "pk"),
        permission=permissions.EDIT,
    ),
    Worklist(
        "proposed",
        _("My changes in review"),
        _("They wait for somebody else; readers go on seeing the approved text."),
        Proposal,
        lambda user, today: Q(status=ProposalStatus.OPEN) & own_proposal(user),
        ("created_at", "pk"),
        permission=permissions.EDIT,
    ),
    Worklist(
        "challenges",
        _("Objections of readers"),
        _("Readers say that something is wrong, or lacks a source: look, and answer in public."),
        Challenge,
        lambda user, today: Q(status=ChallengeStatus.OPEN),
        ("sent_at", "pk"),
    ),
    Worklist(
        "drafts",
        _("My drafts"),
        _("Claims I am still working on; those that came back from review say why."),
        Claim,
        lambda user, today: Q(status=Status.DRAFT) & own(user),
        permission=permissions.EDIT,
    ),
    Worklist(
        "waiting",
        _("My claims in review"),
        _("They wait for somebody else: nobody publishes what they wrote themselves."),
        Claim,
        lambda user, today: Q(status=Status.IN_REVIEW) & own(user),
        permission=permissions.EDIT,
    ),
    Worklist(
        "disputed",
        _("Disputed, without a ruling"),
        _("Cells whose sources contradict one another, and nobody has ruled which value stands."),
        Cell,
        lambda user, today: Q(agreement=Agreement.DISPUTED, ruling=RulingState.NONE),
        ("framework_id", "criterion_id"),
    ),
    Worklist(
        "one-sided",
        _("Rulings that lost a side"),
        _("Rulings whose claims on one side were all withdrawn: rule again, or delete the ruling."),
        Ruling,
        lambda user, today: _lost_side("accepted") | _lost_side("rejected"),
        ("framework_id", "criterion_id"),
        permission=permissions.JUDGE,
    ),
    Worklist(
        "recheck",
        _("May be outdated"),
        _("Cells whose evidence and checks are older than a feature release that is out: do they still hold?"),
        Cell,
        lambda user, today: recheck_due(today),
        ("-release_on", "pk"),
    ),
    Worklist(
        "failing",
        _("Programs that fail"),
        _("Runs of programs that ended with an error: does the claim no longer hold, or is its program wrong?"),
        Run,
        lambda user, today: (
            Q(outcome=ProofOutcome.FAILS, claim__status=Status.PUBLISHED, claim__until_version="")
            & ~Q(claim__verdict__in=(Verdict.OUTDATED, Verdict.WRONG))
        ),
        ("-ran_on", "-pk"),
    ),
    Worklist(
        "uncited",
        _("Claims without citation"),
        _("Claims that name no article yet; none is published before one supports it."),
        Claim,
        _without_citation,
    ),
    Worklist(
        "unchecked",
        _("Claims without a verdict"),
        _("Published claims on which nobody has given a verdict yet."),
        Claim,
        lambda user, today: Q(status=Status.PUBLISHED, verdict=Verdict.UNCHECKED),
    ),
    Worklist(
        "thin",
        _("Thin cells in comparisons"),
        _("Cells of curated comparisons that rest on thin evidence today; another source would help."),
        Cell,
        lambda user, today: of_strength(Strength.THIN, today) & Q(in_comparison()),
        ("framework_id", "criterion_id"),
    ),
    Worklist(
        "dead",
        _("Broken links"),
        _("Articles whose address failed several times, without an archived copy: find where they went, or a copy."),
        Article,
        lambda user, today: Q(link_health=LinkHealth.DEAD, archive_url=""),
        ("title", "slug"),
    ),
    Gaps(
        "gaps",
        _("Coverage gaps"),
        _("Cells of curated comparisons that nobody covers yet."),
        Cell,
        lambda user, today: Q(pk__in=[]),
        ("framework", "criterion"),
    ),
)
BY_KEY: Mapping[str, Worklist] = {one.key: one for one in WORKLISTS}


class _HowMany(Subquery):
    """The number of rows of a query, as a column."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS waiting)"
    output_field = IntegerField()


def counts(lists: Iterable[Worklist], user: Any, today: date) -> dict[str, int]:
    """The length of each of these lists for this user today, by key; one query."""
    numbers = {}
    for one in lists:
        rows = one.rows(user, today).order_by()
        numbers[one.key] = _HowMany(rows if isinstance(one, Gaps) else rows.values("pk"))
    if not numbers:
        return {}
    found: Any = get_user_model()._default_manager.filter(pk=user.pk).values(**numbers)
    return found.get()
