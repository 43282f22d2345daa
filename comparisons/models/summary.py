"""What each published claim adds up to (derived), and the edition by which readers notice a change of it."""

from django.db import models

from .claims import Claim


class ClaimSummary(models.Model):
    """How a published claim stands. Derived: `pros_cons.summaries` alone writes it.

    A claim that is no longer published keeps its row, so that its place is never given to
    another; the row is then not shown.
    """

    claim = models.OneToOneField(Claim, models.CASCADE, primary_key=True, related_name="summary")
    place = models.PositiveIntegerField(unique=True, help_text="its bit in the sets of claims that are counted, from 0")
    change = models.PositiveBigIntegerField(db_index=True, help_text="the edition that last changed the claim or this")
    is_shown = models.BooleanField(help_text="published and cited")
    articles = models.JSONField(default=list, help_text="keys of the articles that it cites")
    points = models.SmallIntegerField(null=True, help_text="strength before age; null where no source supports it")
    supported_on = models.DateField(null=True, help_text="newest evidence for it")
    newest_on = models.DateField(null=True, help_text="newest evidence that speaks of it")
    witnesses = models.PositiveIntegerField(default=0)
    is_disputed = models.BooleanField(default=False)

    class Meta:
        verbose_name = "claim summary"
        verbose_name_plural = "claim summaries"

    def __str__(self) -> str:
        return f"{self.claim_id} at {self.place}"


class Edition(models.Model):
    """A single row whose number is raised, under its lock, by every change of what pros and cons are made of.

    trail: random stamps of the latest editions, the newest last. A reader whose edition has a stamp that is not among
    them (after a restored backup, or a transaction that was rolled back) reads everything anew.
    """

    LENGTH = 100

    number = models.PositiveBigIntegerField(default=0)
    stamp = models.CharField(max_length=16, default="")
    trail = models.JSONField(default=list)

    class Meta:
        verbose_name = "edition"
        verbose_name_plural = "editions"

    def __str__(self) -> str:
        return f"{self.number} {self.stamp}"


class StoredSets(models.Model):
    """The sets of claims that pros and cons are chosen by, as of one edition: a row for values, one for words. Derived.

    keys: of each set its field, its value, whether that is a day, and the bytes that it takes of `bitmaps`.
    claims: the primary keys by place, 8 bytes each. `pros_cons.stored` alone writes it.
    """

    number = models.PositiveBigIntegerField(help_text="of the edition")
    stamp = models.CharField(max_length=16, help_text="of the edition")
    keys = models.JSONField()
    bitmaps = models.BinaryField()
    claims = models.BinaryField()

    class Meta:
        verbose_name = "stored sets"
        verbose_name_plural = "stored sets"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.number} {self.stamp}"
