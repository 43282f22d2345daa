"""Names that readers can tell apart: what two spellings have in common is stored beside each name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.signals import pre_save
from django.utils.translation import gettext as _

from comparisons.language.cleaning import as_seen


class AsSeen(models.CharField):
    """What a text of the row looks like to a reader; it follows the text at every write. of: the field of the text."""

    def __init__(self, *args: Any, of: str, **options: Any):
        self.of = of
        super().__init__(*args, **{"max_length": 200, "default": "", "editable": False, **options})

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "of": self.of}

    def seen(self, text: str) -> str:
        """What is stored beside a text. Of one that is very long, the beginning counts."""
        return as_seen(text)[: self.max_length]

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        if not cls._meta.abstract:
            pre_save.connect(self._follow, sender=cls)

    def _follow(self, instance: models.Model, **_options: Any) -> None:
        """Before a fixture is stored: Django asks no field then."""
        self.pre_save(instance, add=False)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = self.seen(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, value)
        return value


def follow(row: models.Model) -> None:
    """Set what follows from the texts of a row that is not stored yet."""
    for field in row._meta.concrete_fields:
        if isinstance(field, AsSeen):
            field.pre_save(row, add=False)
    if hasattr(row, "set_address_key"):
        row.set_address_key()


def source_of(field: Any) -> str:
    """The name of the field that people write: of what a text looks like, that of the text."""
    return field.of if isinstance(field, AsSeen) else field.name


def holds_name(field: Any) -> bool:
    """Whether a foreign key holds the name of its record, as that of an article does for its publisher, and no key."""
    return bool(field.many_to_one) and not field.target_field.primary_key


def compared(model: type[models.Model], fields: Mapping[str, Any]) -> dict[str, str]:
    """What follows from the texts among the fields of an update."""
    found = (field for field in model._meta.concrete_fields if isinstance(field, AsSeen))
    return {field.name: field.seen(fields[field.of]) for field in found if isinstance(fields.get(field.of), str)}


def named_key() -> Any:
    """The field by which the database refuses a name that a reader cannot tell from another."""
    return AsSeen(of="name", unique=True)


class DistinctlyNamed(models.Model):
    """A row whose name no other row of its table has in a spelling that looks the same."""

    derived_fields = frozenset({"name_key"})

    class Meta:
        abstract = True

    def validate_unique(self, exclude: Any = None) -> None:
        super().validate_unique(exclude=exclude)
        row: Any = self
        key = self._meta.get_field("name_key").seen(row.name)  # type: ignore[union-attr]
        if row.name and not key:
            raise ValidationError({"name": _("Nothing of this name is seen. Give one with letters.")})
        # A row that a file updates is known by its slug only.
        others = type(row)._base_manager.filter(name_key=key).exclude(pk=row.pk).exclude(slug=row.slug)
        other = others.exclude(name=row.name).first()
        if other is not None:
            raise ValidationError(
                {
                    "name": _("Readers cannot tell “%(name)s” from “%(other)s” (%(slug)s). Choose another name.")
                    % {"name": row.name, "other": other.name, "slug": other.slug}
                }
            )
