"""The index of the search: derived from everything else, written by `comparisons.search.index` alone."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchEntry(models.Model):
    """The words by which one record is found. Its key names the record, and gives the order of equal hits.

    The full-text index hangs on `words` and is kept by the database itself: an FTS5 table with triggers on SQLite,
    a generated tsvector with a GIN index on PostgreSQL (migration 0002).
    """

    #: The kinds of record with their titles. Their order is part of every stored key.
    KINDS = {
        "frameworks": _("Frameworks"),
        "comparisons": _("Comparisons"),
        "criteria": _("Criteria"),
        "claims": _("Claims"),
        "articles": _("Sources"),
    }
    #: A key is the place of its kind, followed by so many bits that tell records of the kind apart.
    KIND_BITS = 40

    id = models.BigIntegerField(primary_key=True)
    title = models.TextField(help_text="its words, folded")
    words = models.TextField(help_text="codes of the stems of title and texts")
    vocabulary = models.TextField(help_text="every word once")

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")

    def __str__(self) -> str:
        return self.title

    @classmethod
    def keys_of(cls, kind: str) -> tuple[int, int]:
        """The first and the last key that an entry of a kind can have."""
        first = list(cls.KINDS).index(kind) << cls.KIND_BITS
        return first, first | (1 << cls.KIND_BITS) - 1


class SearchWord(models.Model):
    """A word that some entries hold. The search completes the beginnings of words to it, and corrects typing errors."""

    word = models.CharField(max_length=40, primary_key=True)
    stem = models.CharField(max_length=40, db_index=True)
    head = models.CharField(max_length=3, db_index=True)
    initial = models.CharField(max_length=1)
    length = models.SmallIntegerField()
    count = models.IntegerField(help_text="entries that hold it")

    class Meta:
        verbose_name = _("search word")
        verbose_name_plural = _("search words")
        indexes = [models.Index(fields=["initial", "length"], name="searchword_near")]

    def __str__(self) -> str:
        return self.word
