"""Aliases: other names by which readers search for a record, as one text that editors fill."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from comparisons.language.cleaning import tidy

#: Most characters of all aliases of a record together, and of one of them.
MOST_CHARACTERS, LONGEST = 600, 60
#: What stands between two aliases in what editors and files give, and in what is stored.
_BETWEEN, STORED_BETWEEN = re.compile("[,;\n]"), ", "


def split_aliases(text: str) -> tuple[str, ...]:
    """The aliases in a text, each once, in order; () for an empty text. Upper and lower case count as the same."""
    found: dict[str, str] = {}
    for part in _BETWEEN.split(tidy(text)):
        if alias := " ".join(part.split()):
            found.setdefault(alias.casefold(), alias)
    return tuple(found.values())


def join_aliases(*texts: str) -> str:
    """Several texts of aliases as one that can be stored."""
    return STORED_BETWEEN.join(split_aliases("\n".join(texts)))


def joined_by(kept: Any, duplicate: Any, name: str = "name") -> str:
    """The aliases of a record that another one is merged into: its own, then the name and the aliases of the other.

    name: the field for the name. Aliases that are too long, or for which no space is left, are dropped.
    """
    own = str(getattr(kept, name)).casefold()
    found = ""
    for alias in split_aliases("\n".join((kept.aliases, getattr(duplicate, name), duplicate.aliases))):
        longer = join_aliases(found, alias)
        if alias.casefold() != own and not list(_problems(alias)) and len(longer) <= MOST_CHARACTERS:
            found = longer
    return found


def validate_aliases(text: str) -> None:
    """Raises ValidationError for each alias that is too long or holds no letter and no digit."""
    problems = [
        ValidationError(message % {"alias": alias, "most": LONGEST})
        for alias in split_aliases(text)
        for message in _problems(alias)
    ]
    if problems:
        raise ValidationError(problems)


def _problems(alias: str) -> Iterable[Any]:
    if len(alias) > LONGEST:
        yield _(
            "“%(alias)s” is longer than %(most)s characters. Separate aliases by commas or put each on its own line."
        )
    if not any(map(str.isalnum, alias)):
        yield _("“%(alias)s” holds no letter and no digit.")


class Aliases(models.CharField):
    """Aliases on one line, separated by commas. Lines and semicolons are taken as well; repeated ones are dropped."""

    default_validators = [validate_aliases]

    def __init__(self, *args: Any, **options: Any):
        options.setdefault("max_length", MOST_CHARACTERS)
        options.setdefault("blank", True)
        options.setdefault("default", "")
        super().__init__(*args, **options)

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return value if value is None else join_aliases(value)

    def formfield(self, **options: Any) -> Any:
        rows = {"rows": 2, "cols": 80}
        return super().formfield(**{**options, "widget": forms.Textarea(attrs=rows)})
