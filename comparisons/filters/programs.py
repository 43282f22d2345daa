"""What programs may ask for, beside what the lists of the site can be asked for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from comparisons.domain.vocabulary import ChangeKind, Reason, RulingState, Stance
from comparisons.models import (
    Cell,
    Citation,
    Comparison,
    ComparisonCriterion,
    Level,
    MeaningChange,
    Release,
    Ruling,
    StartingNeed,
)

from .fields import PrimaryKeyField, QueryField, WholeField
from .filtersets import FilterSet, RecordFilter, WordFilter
from .forms import QueryForm

#: Records of a page of the API: as many as there may be, and as many as there are if none is asked for.
MOST_RECORDS, RECORDS_OF_PAGE = 500, 100


class NamesField(QueryField):
    """Names with commas between them, each one of those that are known. Cleaned to a tuple."""

    def __init__(self, names: Sequence[str]):
        super().__init__(empty=())
        self.names = tuple(names)

    def parse(self, text: str) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
        unknown = [name for name in found if name not in self.names]
        if unknown:
            raise ValidationError(_("Use some of: %(names)s."), params={"names": ", ".join(self.names)})
        return found


class RecordsForm(QueryForm):
    """A page of records. after: where the page before ended. limit: how many. Subclasses add `fields`."""

    after = PrimaryKeyField()
    limit = WholeField(1, MOST_RECORDS, empty=RECORDS_OF_PAGE)


@cache
def records_form(names: tuple[str, ...]) -> type[RecordsForm]:
    """The form for a page of records with fields of these names."""
    made: Any = type("FieldsForm", (RecordsForm,), {})
    made.base_fields = {"fields": NamesField(names), **RecordsForm.base_fields}
    return made


class CellFilter(FilterSet):
    """All answers."""

    framework = RecordFilter("framework__slug", many=True, label=_("Framework"))
    criterion = RecordFilter("criterion__slug", many=True, label=_("Criterion"))
    ruling = WordFilter(RulingState, label=_("Ruling"))

    @classmethod
    def all_rows(cls) -> Any:
        return Cell.objects.all()


class LevelFilter(FilterSet):
    """All levels."""

    criterion = RecordFilter("criterion__slug", many=True, label=_("Criterion"))

    @classmethod
    def all_rows(cls) -> Any:
        return Level.objects.all()


class ReleaseFilter(FilterSet):
    """All releases."""

    framework = RecordFilter("framework__slug", many=True, label=_("Framework"))

    @classmethod
    def all_rows(cls) -> Any:
        return Release.objects.all()


class CitationFilter(FilterSet):
    """All citations."""

    claim = RecordFilter("claim__key", many=True, label=_("Claim"))
    article = RecordFilter("article__slug", many=True, label=_("Source"))
    stance = WordFilter(Stance, label=_("Stance"))

    @classmethod
    def all_rows(cls) -> Any:
        return Citation.objects.all()


class RulingFilter(FilterSet):
    """All rulings."""

    framework = RecordFilter("framework__slug", many=True, label=_("Framework"))
    criterion = RecordFilter("criterion__slug", many=True, label=_("Criterion"))
    reason = WordFilter(Reason, label=_("Why the sources disagree"))

    @classmethod
    def all_rows(cls) -> Any:
        return Ruling.objects.all()


class ChangeFilter(FilterSet):
    """All changes of meaning."""

    framework = RecordFilter("framework__slug", many=True, label=_("Framework"))
    criterion = RecordFilter("criterion__slug", many=True, label=_("Criterion"))
    claim = RecordFilter("claim__key", many=True, label=_("Claim"))
    kind = WordFilter(ChangeKind, label=_("Kind"))

    @classmethod
    def all_rows(cls) -> Any:
        return MeaningChange.objects.all()


class ComparisonFilter(FilterSet):
    """All comparisons, which take no filter."""

    @classmethod
    def all_rows(cls) -> Any:
        return Comparison.objects.published()


class ComparisonCriterionFilter(FilterSet):
    """The rows of all comparisons."""

    comparison = RecordFilter("comparison__slug", many=True, label=_("Comparison"))
    criterion = RecordFilter("criterion__slug", many=True, label=_("Criterion"))

    @classmethod
    def all_rows(cls) -> Any:
        return ComparisonCriterion.objects.all()


class StartingNeedFilter(FilterSet):
    """What all use cases ask."""

    use_case = RecordFilter("use_case__slug", many=True, label=_("Use case"))
    criterion = RecordFilter("criterion__slug", many=True, label=_("Criterion"))

    @classmethod
    def all_rows(cls) -> Any:
        return StartingNeed.objects.all()
