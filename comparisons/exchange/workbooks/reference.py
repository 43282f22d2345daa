"""The reference of all fields, made from the models: for docs/import.md, and for a page of the admin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comparisons.exchange.claims.messages import anchor
from comparisons.models.aliases import Aliases
from comparisons.models.base import KEY
from comparisons.models.names import holds_name

from .examples import example_of
from .kinds import ARTICLES, CLAIMS, FRAMEWORKS, GROUPS, KINDS, LEVELS, SheetKind

#: What to know of a field that its model does not say.
HINTS: dict[tuple[SheetKind, str], Any] = {
    (FRAMEWORKS, "slug"): gettext_lazy("Names it in other tables, and in its address."),
    (GROUPS, "slug"): gettext_lazy("Names the group in the table of criteria."),
    (LEVELS, "slug"): gettext_lazy("Names the level in the table of claims."),
    (LEVELS, "order"): gettext_lazy("From the fullest answer to the least; if it is empty, that of the rows."),
    (ARTICLES, "published_on"): gettext_lazy("Or only its month or year, as 2026-05 or 2026."),
    (ARTICLES, "precision"): gettext_lazy("If it is empty, it follows from how the day is written."),
    (CLAIMS, "key"): gettext_lazy(
        "If it is empty, one is made from framework, criterion and statement, always the same. A row with only a key "
        "and a citation adds the citation to that claim."
    ),
    (CLAIMS, "level"): gettext_lazy("One of the levels of the criterion."),
    (CLAIMS, "article"): gettext_lazy("Article and locator say together which citation of the claim it is."),
    (CLAIMS, "stance"): gettext_lazy("“supports” if it is empty."),
    (CLAIMS, "says"): gettext_lazy("Every citation has to have it."),
    (CLAIMS, "text"): gettext_lazy("For a criterion that is answered by a few words."),
    (CLAIMS, "since_version"): gettext_lazy("The first version that it speaks of."),
    (CLAIMS, "until_version"): gettext_lazy("The last version that it speaks of."),
}


class FieldEntry(NamedTuple):
    """What an editor has to know of one field. choices: the words it may hold, () if it may hold anything."""

    name: str
    title: str
    anchor: str
    is_required: bool
    form: str
    hint: str
    choices: tuple[str, ...]
    example: str


def entries(kind: SheetKind) -> Iterator[FieldEntry]:
    """The fields of one kind of record in the order of its columns."""
    for name in kind.columns:
        field = kind.field(name)
        hints = [str(hint) for hint in (field.help_text, HINTS.get((kind, name), "")) if hint]
        yield FieldEntry(
            name,
            str(field.verbose_name),
            anchor(kind.name, name, kind.columns),
            kind.is_required(name),
            form_of(field),
            " ".join(hints),
            tuple(word for word, _label in field.choices or ()),
            example_of(kind, name),
        )


def form_of(field: Any) -> str:
    """How the value of a field is written."""
    if holds_name(field):
        field = field.target_field
    if field.is_relation:
        return _("a slug (%(kind)s)") % {"kind": field.related_model._meta.verbose_name}
    if field.choices:
        return _("a word of the list")
    if KEY in field.validators:
        return _("lower-case letters, digits, dots and hyphens; up to %(most)d") % {"most": field.max_length}
    for kind, text in _FORMS:
        if isinstance(field, kind):
            most = getattr(field, "max_length", None)
            return (text + (_(", up to %(most)d characters") if most else "")) % {"most": most}
    return _("text")


_FORMS: tuple[tuple[type[models.Field], Any], ...] = (
    (models.BooleanField, gettext_lazy("true or false")),
    (models.DateField, gettext_lazy("a day, as 2026-11-29")),
    (models.DecimalField, gettext_lazy("a number, as 1234.5, with at most four decimals")),
    (models.IntegerField, gettext_lazy("a whole number")),
    (models.URLField, gettext_lazy("a web address")),
    (Aliases, gettext_lazy("names with commas between them")),
    (models.CharField, gettext_lazy("text")),
)


def markdown() -> str:
    """The reference as a part of docs/import.md."""
    lines: list[str] = []
    for kind in KINDS:
        lines += [f'<a id="{kind.name}"></a>', f"### {kind.name}", ""]
        lines += ["| field | required | form | what it holds | choices | example |", "|---|---|---|---|---|---|"]
        for entry in entries(kind):
            cells = (
                f'<a id="{entry.anchor}"></a>`{entry.name}`',
                "yes" if entry.is_required else "",
                entry.form,
                entry.hint,
                ", ".join(f"`{word}`" for word in entry.choices),
                f"`{entry.example}`" if entry.example else "",
            )
            lines.append("| " + " | ".join(cells).replace("\n", " ") + " |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"
