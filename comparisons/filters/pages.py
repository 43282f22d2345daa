"""The parameters of pages that do not filter a list: matrices, the picker, coverage."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from .fields import MAX_VALUES, DayField, PageField, RecordField, WordField
from .forms import PageForm, QueryForm

#: The rows of a matrix that a reader can ask for.
ONLY = {"differences": _("Differences"), "disputed": _("Disputed"), "recheck": _("Recheck")}


class MatrixForm(QueryForm):
    """How a matrix is shown.

    group, criterion: the rows, by group or one by one. article, as_of: only what these sources say, and only what was
    published by that day. benchmark: the tests that rows of figures show, at most one for each criterion.
    print, sources: the version for paper (of a comparison "1" is the handout and "all" has every row), and whether it
    lists its sources.
    """

    group = RecordField(most=MAX_VALUES)
    criterion = RecordField(most=MAX_VALUES)
    only = WordField(ONLY, most=len(ONLY))
    article = RecordField(most=2)
    as_of = DayField()
    benchmark = RecordField(most=MAX_VALUES)
    density = WordField(["compact"])
    transpose = WordField(["1"])
    print = WordField(["1", "all"])
    sources = WordField(["1"])


class WholeMatrixForm(MatrixForm):
    """The matrix of everything: also its frameworks, and a page of each axis."""

    framework = RecordField(most=MAX_VALUES)
    across = PageField()
    page = PageField()
    field_order = ["framework"]


class BaselineForm(PageForm):
    """Figures side by side. baseline: the framework that the others are given as ratios to."""

    baseline = RecordField(empty="")
    field_order = ["baseline"]


class PickerForm(QueryForm):
    """The frameworks that a reader picks to compare."""

    framework = RecordField(most=MAX_VALUES)


class CoverageForm(PageForm):
    """What is covered: by framework, or by source, with a page of each axis."""

    by = WordField(["sources"])
    across = PageField()
    field_order = ["by", "across", "page"]
