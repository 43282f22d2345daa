"""The names by which readers mean a record: derived from the catalogue, written by `comparisons.search.names` alone."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import SLUG_LENGTH


class SearchName(models.Model):
    """One name of a framework or a criterion: its own, or an alias.

    A search looks its words up here to see what it asks for, by exact keys only, so that the cost does not depend on
    how many names there are. Levels are left out: "built in" is a level of every other criterion.
    """

    #: What a name can belong to. A use case is a criterion with a page of its own.
    FRAMEWORK, CRITERION, USE_CASE = "framework", "criterion", "use-case"
    #: Whether it is the name of the record, or an alias.
    OWN, ALIAS = 0, 1

    kind = models.CharField(max_length=9)
    record = models.BigIntegerField(help_text="primary key of the framework or the criterion")
    slug = models.CharField(max_length=SLUG_LENGTH)
    title = models.CharField(max_length=80, help_text="the name of the record")
    place = models.IntegerField(help_text="the order of the record among others")
    text = models.CharField(max_length=80, help_text="the name as it is written")
    standing = models.SmallIntegerField(help_text="0 for its own name, 1 for an alias")
    phrase = models.CharField(max_length=100, help_text="its words, folded")
    head = models.CharField(max_length=2, help_text="the first letters of the phrase")
    bag = models.CharField(max_length=100, db_index=True, help_text="the stems of its words in alphabetical order")
    joined = models.CharField(max_length=100, db_index=True, help_text="the stems of its words as one word")

    class Meta:
        verbose_name = _("search name")
        verbose_name_plural = _("search names")
        indexes = [
            models.Index(fields=["kind", "record"], name="searchname_of"),
            models.Index(fields=["head", "kind", "place"], name="searchname_begins"),
        ]

    def __str__(self) -> str:
        return self.text
