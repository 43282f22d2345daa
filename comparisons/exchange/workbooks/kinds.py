"""The tables of a workbook: one for each kind of record, with the columns that an import sets."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from comparisons.domain.claim_fields import CLAIM_COLUMNS, CLAIM_FIELDS
from comparisons.exchange.claim_columns import COLUMNS
from comparisons.history.state_fields import FIELDS
from comparisons.models import Article, Citation, Claim, Criterion, CriterionGroup, Framework, Level


class SheetKind(NamedTuple):
    """One kind of record. name: of its sheet or file. columns: in order. singular: what one record is called."""

    name: str
    singular: str
    model: Any
    columns: tuple[str, ...]

    def field(self, column: str) -> Any:
        """The field of a column; in a table of claims it may be one of their citations."""
        model = Citation if self.model is Claim and column not in CLAIM_COLUMNS else self.model
        return model._meta.get_field(column)

    def is_required(self, column: str) -> bool:
        """Whether a new record has to fill the column in."""
        if self.model is Claim:
            return column in _REQUIRED_OF_CLAIMS
        field = self.field(column)
        return not (field.blank or field.null or field.has_default())


_REQUIRED_OF_CLAIMS = frozenset(field.name for field in CLAIM_FIELDS if field.is_required)
FRAMEWORKS = SheetKind("frameworks", "framework", Framework, ("slug", *FIELDS[Framework]))
GROUPS = SheetKind("groups", "group", CriterionGroup, ("slug", "name", "description", "order", "holds_use_cases"))
CRITERIA = SheetKind("criteria", "criterion", Criterion, ("slug", *FIELDS[Criterion]))
LEVELS = SheetKind("levels", "level", Level, FIELDS[Level])
ARTICLES = SheetKind("articles", "article", Article, ("slug", *FIELDS[Article]))
CLAIMS = SheetKind("claims", "claim", Claim, COLUMNS)
#: All kinds in the order in which they are read and written: what others name comes first.
KINDS = (FRAMEWORKS, GROUPS, CRITERIA, LEVELS, ARTICLES, CLAIMS)
OF_MODEL = {kind.model: kind for kind in KINDS}


def kind_named(name: str) -> SheetKind | None:
    """The kind of record that a sheet or a file is named after, in the singular or plural; None if it is none.

    What is compared may be called by the noun of the subject.
    """
    bare = name.strip().lower().replace("_", " ").replace("-", " ")
    for kind in KINDS:
        meta = kind.model._meta
        if bare in (kind.name, kind.singular, str(meta.verbose_name).lower(), str(meta.verbose_name_plural).lower()):
            return kind
    return FRAMEWORKS if bare in (_("framework").lower(), _("frameworks").lower()) else None
