"""The parameters of pages that do not filter a list: matrices, the picker, coverage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comparisons.domain.matrix_rows import ANSWERS, EVERY
from comparisons.domain.vocabulary import Importance

from .claims import StatementField
from .fields import (
    MAX_KEYS,
    MAX_VALUES,
    KeyedField,
    PageField,
    PastDayField,
    QueryField,
    RecordField,
    Text,
    WholeField,
    WordField,
)
from .forms import NumberForm, PageForm, QueryForm, TakenForm

#: The rows of a matrix that a reader can ask for. `all` says so where a page would begin with the differences.
ONLY = {
    "all": pgettext_lazy("rows", "All"),
    "differences": _("Differences"),
    "disputed": pgettext_lazy("rows", "Disputed"),
    "recheck": _("May be outdated"),
}
#: The answers that a reader can ask for.
ANSWER_LABELS: dict[str, Text] = {
    "yes": _("Yes"),
    "at-least-part": _("At least in part"),
    "at-most-part": _("At most in part"),
    "no": _("No"),
    "unknown": _("No source yet"),
}
#: When the newest release of a framework was.
RELEASED: dict[str, Text] = {
    "year": _("Within twelve months"),
    "earlier": _("Longer ago"),
    "none": _("None on record"),
}
#: The evidence that a reader who chooses can leave out.
LEAVE: dict[str, Text] = {"thin": _("Thin evidence"), "outdated": _("What may be outdated")}


class EmbedForm(QueryForm):
    """A row that other sites frame. framework: its columns, in this order; the first frameworks if none is named."""

    framework = RecordField(most=8, label=_("Framework"))


class MatrixForm(TakenForm):
    """How a matrix is shown.

    group, criterion: the rows, by group or one by one. q: words that the name or the question of a row contains.
    answer, of: rows with this answer, in the column of this framework (EVERY: in all columns; none: in any).
    columns_by: the criterion by whose answers the columns are ordered. article, as_of: only what these sources say, and
    only what was published by that day. benchmark: the tests that rows of figures show, at most one for each criterion.
    print, sources: the version for paper (of a comparison "1" is the handout and "all" has every row), and whether it
    lists the articles behind its cells.
    """

    untitled = (*TakenForm.untitled, "print", "sources")

    group = RecordField(most=MAX_VALUES)
    criterion = RecordField(most=MAX_VALUES)
    q = StatementField(empty="")
    answer = WordField({word: ANSWER_LABELS[word] for word in ANSWERS}, empty="")
    of = RecordField(empty="")
    only = WordField(ONLY, most=len(ONLY))
    columns_by = RecordField(empty="")
    article = RecordField(most=2)
    as_of = PastDayField(label=_("known on"))
    benchmark = RecordField(most=MAX_VALUES)
    density = WordField(["compact"])
    transpose = WordField(["1"])
    print = WordField(["1", "all"])
    sources = WordField(["1"])
    across = PageField()
    page = PageField()

    def clean(self) -> dict[str, Any]:
        only = self.cleaned_data.get("only", ())
        if "all" in only and len(only) > 1:
            self.add_bad_value("only", _("“all” leaves no row out: give it alone."))
        return self.cleaned_data

    def require_column(self, names: Mapping[str, str]) -> None:
        """Raise BadQuery unless the column that has to have an answer is among these, or is every one."""
        self.require("of", {**names, EVERY: _("in each")})


class WholeMatrixForm(MatrixForm):
    """The matrix of everything. framework: its columns, in order. place: numbers that put columns in another order."""

    framework = RecordField(most=MAX_VALUES)
    place = KeyedField(WholeField(1, 999), most=MAX_KEYS)
    field_order = ["framework", "place"]


class BaselineForm(PageForm):
    """Figures side by side. baseline: the framework that the others are given as ratios to."""

    baseline = RecordField(empty="")
    field_order = ["baseline"]


class SampleListForm(QueryForm):
    """All samples. also: one more framework that is shown in a column of its own."""

    also = RecordField(empty="")


class SampleForm(QueryForm):
    """One task side by side. framework: up to three, in their order; the first three that have it if none is given."""

    framework = RecordField(most=3)


class GroupForm(PageForm):
    """Criteria a page at a time. group: only those of one group."""

    group = RecordField()
    field_order = ["group", "page"]


class PickerForm(QueryForm):
    """The frameworks that a reader picks to compare. q: words that the names on offer contain."""

    framework = RecordField(most=MAX_VALUES)
    q = StatementField(empty="")


class EditionForm(PageForm):
    """A comparison as it was, with a page of each axis."""

    across = PageField()
    field_order = ["across", "page"]


class CoverageForm(NumberForm):
    """What is covered: by framework, or by source, with a page of each axis."""

    untitled = (*NumberForm.untitled, "by")

    by = WordField(["sources"])
    group = RecordField()
    across = PageField()
    field_order = ["by", "group", "across", "page"]


class ChooseForm(TakenForm):
    """What a reader who chooses asks for.

    framework, released: what there is to choose from, by name and by when the newest release was. must: what each
    criterion has to be at least, the slug of a level or a number. weigh, weigh_group: how much criteria and groups
    count. benchmark: the tests whose figures count, at most one for each criterion. leave: the evidence that is left
    out. trust, distrust: only what this source says, and nothing of that. q, group: which questions are on offer.
    page, reasons_page: of the ranking, and of the questions whose points are told.
    """

    untitled = (
        *TakenForm.untitled,
        "must",
        "weigh",
        "weigh_group",
        "benchmark",
        "leave",
        "trust",
        "distrust",
        "group",
        "q",
    )
    #: Most questions, and most groups, that are asked at once.
    QUESTIONS, GROUPS = 40, 40

    framework = RecordField(most=MAX_VALUES, label=_("Frameworks"))
    released = WordField(RELEASED, most=len(RELEASED), label=_("Newest release"))
    must = KeyedField(QueryField(), most=QUESTIONS, label=_("It must have"))
    weigh = KeyedField(WordField(Importance), most=QUESTIONS, label=_("Weight"))
    weigh_group = KeyedField(WordField(Importance), most=GROUPS, label=_("Weight of a group"))
    benchmark = RecordField(most=MAX_VALUES)
    leave = WordField(LEAVE, most=len(LEAVE))
    trust = RecordField(empty="")
    distrust = RecordField(empty="")
    q = StatementField(empty="")
    group = RecordField(empty="")
    page = PageField()
    reasons_page = PageField()

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("trust") and self.cleaned_data.get("trust") == self.cleaned_data.get("distrust"):
            self.add_bad_value("distrust", _("You cannot trust a source and leave it out."))
        return self.cleaned_data


#: The files that a decision record is taken away as.
RECORD_FORMATS = ("md", "json")


class DecisionDraftForm(ChooseForm):
    """The record of a choice before it is kept. format: as a file instead of a page."""

    format = WordField(RECORD_FORMATS, empty="")


class RecordForm(QueryForm):
    """A decision record that was kept."""

    format = WordField(RECORD_FORMATS, empty="")
