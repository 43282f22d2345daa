"""What readers were told about a record that is merged into another: they go on finding its changes of meaning."""

from __future__ import annotations

from comparisons.domain.vocabulary import ChangeKind
from comparisons.models import Claim, Criterion, MeaningChange


def keep_of_criterion(duplicate: Criterion, kept: Criterion) -> None:
    """Let what was told about the cells of a criterion speak of those of another, but that the first one was new.

    What was told about a ruling stays with the ruling: where the other criterion had one too, the rulings of that tell
    what came before.
    """
    told = MeaningChange.objects.filter(criterion=duplicate).exclude(kind=ChangeKind.ADDED)
    rulings = MeaningChange.objects.filter(kind=ChangeKind.RULED)
    there = set(rulings.filter(criterion=kept).values_list("framework", flat=True))
    for change in rulings.filter(criterion=duplicate).exclude(framework__in=there).order_by("pk"):
        framework = change.framework_id
        change.key = change.key.replace(f"/{framework}/{duplicate.pk}/", f"/{framework}/{kept.pk}/", 1)
        change.criterion = kept
        change.save()
    told.exclude(kind=ChangeKind.RULED).update(criterion=kept)


def keep_of_claim(duplicate: Claim, kept: Claim) -> None:
    """Let the fact checks of a claim speak of another that takes its verdict over and never had one of its own."""
    if not MeaningChange.objects.filter(claim=kept).exists():
        MeaningChange.objects.filter(claim=duplicate).update(claim=kept)
