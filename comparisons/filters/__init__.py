"""The parameters of pages: strict forms for query strings, and a FilterSet for every list (django-filter).

`fields` and `forms` hold the strict parsing and the links, `filtersets` what FilterSets share, `lists`, `claims` and
`search` the FilterSets, `pages` the forms of pages without a list.
"""

from .claims import RECORDS, SORTS, ClaimFilter, of_strength, words_of
from .fields import (
    MAX_VALUES,
    DayField,
    PageField,
    PrimaryKeyField,
    QueryField,
    QueryWidget,
    RecordField,
    Text,
    WholeField,
    WordField,
)
from .filtersets import Facet, FilterSet, Option, RecordFilter, WordFilter, names_of
from .forms import FORMATS, BadQuery, BadValue, NumberForm, PageForm, QueryForm, TakenForm
from .lists import (
    ArticleFilter,
    BenchmarkFilter,
    CriterionFilter,
    DisagreementFilter,
    FrameworkFilter,
    PitfallFilter,
    PracticeFilter,
    UseCaseFilter,
)
from .pages import (
    ANSWER_LABELS,
    ONLY,
    BaselineForm,
    CoverageForm,
    EmbedForm,
    GroupForm,
    MatrixForm,
    PickerForm,
    WholeMatrixForm,
)
from .search import SearchFilter, SuggestForm

__all__ = [
    "ANSWER_LABELS",
    "FORMATS",
    "MAX_VALUES",
    "ONLY",
    "RECORDS",
    "SORTS",
    "ArticleFilter",
    "BadQuery",
    "BadValue",
    "BaselineForm",
    "BenchmarkFilter",
    "ClaimFilter",
    "CoverageForm",
    "CriterionFilter",
    "DayField",
    "DisagreementFilter",
    "EmbedForm",
    "Facet",
    "FilterSet",
    "FrameworkFilter",
    "GroupForm",
    "MatrixForm",
    "NumberForm",
    "Option",
    "PageField",
    "PageForm",
    "PickerForm",
    "PitfallFilter",
    "PracticeFilter",
    "PrimaryKeyField",
    "QueryField",
    "QueryForm",
    "QueryWidget",
    "RecordField",
    "RecordFilter",
    "SearchFilter",
    "SuggestForm",
    "TakenForm",
    "Text",
    "UseCaseFilter",
    "WholeField",
    "WholeMatrixForm",
    "WordField",
    "WordFilter",
    "names_of",
    "of_strength",
    "words_of",
]
