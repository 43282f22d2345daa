"""The index of the search: derived from everything else, written by `comparisons.search.index` alone."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchEntry(models.Model):
    """The words by which one record is found. Its key names the record, and gives the order of equal hits.

    The full-text index hangs on `words` and is kept by the database itself: an FTS5 table with triggers on SQLite,
    a generated tsvector with a GIN index on PostgreSQL (migration 0002).
    """

    #: The kinds of record with their titles, in the order of results.
    KINDS = {
        "frameworks": _("Frameworks"),
        "comparisons": _("Comparisons"),
        "criteria": _("Criteria"),
        "use_cases": _("Use cases"),
        "cells": _("Answers"),
        "claims": _("Claims"),
        "benchmarks": _("Benchmarks"),
        "articles": _("Sources"),
    }
    #: What a key begins with: the place of its kind here, and whether it ranks low. New ones are added at the
    #: end, since the place is part of every stored key.
    SECTIONS = (
        ("frameworks", False),
        ("comparisons", False),
        ("criteria", False),
        ("claims", False),
        ("articles", False),
        ("use_cases", False),
        ("cells", False),
        ("benchmarks", False),
        ("claims", True),
    )
    #: A key is the place of its section, followed by so many bits that tell its records apart.
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
    def keys_of(cls, kind: str, is_low: bool = False) -> tuple[int, int]:
        """The first and the last key that an entry of a section can have."""
        first = cls.SECTIONS.index((kind, is_low)) << cls.KIND_BITS
        return first, first | (1 << cls.KIND_BITS) - 1

    @classmethod
    def sections_of(cls, kind: str) -> tuple[bool, ...]:
        """The sections of a kind: for each, whether its records rank low."""
        return tuple(is_low for name, is_low in cls.SECTIONS if name == kind)


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
