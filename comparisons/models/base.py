"""What every table shares: a version that guards against lost writes, named constraints, validators of text."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import NotSupportedError, models, router, transaction
from django.db.models import F, Q
from django.db.models.lookups import Lookup
from django.db.models.signals import pre_save
from django.dispatch import Signal, receiver
from django.utils.translation import gettext_lazy as _

from comparisons.language.cleaning import tidy

from .names import compared

#: Keys and slugs of records. Versions and framework names carry dots, so keys may too.
KEY = RegexValidator(
    r"\A[a-z0-9][a-z0-9.-]*\Z",
    _("Use lower-case letters, digits, dots and hyphens, beginning with a letter or digit."),
)
#: The same, compiled once: the validator compiles it behind a lazy object.
KEY_FORM: re.Pattern[str] = re.compile(KEY.regex.pattern)  # type: ignore[union-attr]
#: The longest slug of a record; a table that names a record by its slug has room for as many characters.
SLUG_LENGTH = 200
#: What joins two frameworks in an address, and so may not stand inside a slug.
JOINT = "-vs-"
#: Keys per query; bounds the number of its parameters.
BATCH = 10_000

#: Sent before and after a write that Django sends no signal for; `pks` names the rows.
bulk_write = Signal()


class StaleVersion(Exception):
    """Somebody saved this row after it was read; nothing was written."""

    def __init__(self, row: models.Model):
        self.row = row
        super().__init__(f"{row._meta.verbose_name} {row.pk} was saved by somebody else in the meantime")


class QuerySet(models.QuerySet):
    """Rows whose bulk writes are announced, as Django's signals announce single ones."""

    def update(self, **fields: Any) -> int:
        """Update only the rows that were announced, even if more rows match by then."""
        fields |= compared(self.model, fields)
        if not bulk_write.has_listeners(self.model):
            return super().update(**fields)
        self._for_write = True
        with transaction.atomic(using=self.db, savepoint=False):
            pks = list(self.order_by().values_list("pk", flat=True))
            bulk_write.send(self.model, pks=pks, using=self.db)
            rows = [self.filter(pk__in=pks[start : start + BATCH]) for start in range(0, len(pks), BATCH)]
            changed = sum(models.QuerySet.update(part, **fields) for part in rows)
            self._result_cache = None
            bulk_write.send(self.model, pks=pks, using=self.db)
        return changed

    update.alters_data = True  # type: ignore[attr-defined]

    def bulk_create(self, objs: Iterable[Any], *args: Any, **options: Any) -> list[Any]:
        if options.get("ignore_conflicts") or options.get("update_conflicts"):
            raise NotSupportedError("With conflicts nobody can tell which rows were written; save them one by one.")
        self._for_write = True
        with transaction.atomic(using=self.db, savepoint=False):
            created = super().bulk_create(objs, *args, **options)
            bulk_write.send(self.model, pks=[row.pk for row in created], using=self.db)
        return created


class Manager(models.Manager.from_queryset(QuerySet)):  # type: ignore[misc]
    """Finds rows by their natural key, whose fields the model names in `natural_key_fields`."""

    def get_by_natural_key(self, *key: Any) -> Any:
        return self.get(**dict(zip(self.model.natural_key_fields, key, strict=True)))


class Row(models.Model):
    """A row that fixtures name by its natural key.

    natural_key_fields: look-ups in order; a foreign key contributes the natural key of its target.
    machine_fields: what the site finds out by itself. An `update` writes them. Saving an existing row does not, so that
    no editor or fixture restores what was found earlier; a fixture sets them for a new row only. No history has them.
    derived_fields: what follows from other fields of the row at every save; no fixture and no history has them.
    unseen: a condition for rows that readers cannot see whatever else is stored, so that nothing is derived from them.
    """

    natural_key_fields: tuple[str, ...] = ("slug",)
    machine_fields: frozenset[str] = frozenset()
    derived_fields: frozenset[str] = frozenset()
    unseen: Q | None = None

    objects = Manager()

    class Meta:
        abstract = True
        # Related managers write through the base manager: `criterion.claims.add(claim)` is announced too.
        base_manager_name = "objects"

    def save(self, *args: Any, **options: Any) -> None:
        """Save in a transaction, so that what is collected before the write is still known after it."""
        using = options.get("using") or router.db_for_write(type(self), instance=self)
        with transaction.atomic(using=using, savepoint=False):
            super().save(*args, **options)

    def natural_key(self) -> tuple[Any, ...]:
        key = []
        for lookup in self.natural_key_fields:
            value: Any = self
            for name in lookup.split("__"):
                value = getattr(value, name, None)
            key.append(value)
        return tuple(key)

    def clean(self) -> None:
        """Bring text into one form (NFC, nothing that no reader sees) so that equal texts compare equal."""
        super().clean()
        for field in self._meta.concrete_fields:
            if isinstance(field, (models.CharField, models.TextField)):
                value = getattr(self, field.attname)
                if isinstance(value, str):
                    setattr(self, field.attname, tidy(value))


class Versioned(Row):
    """A row that people edit. Saving it is refused with StaleVersion if it was saved since it was read.

    The check is a conditional UPDATE that also takes the row's lock, so of any number of writers at once
    exactly one wins on either database.
    """

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        using = options.get("using") or router.db_for_write(type(self), instance=self)
        if self._state.adding:
            return super().save(*args, **options)
        with transaction.atomic(using=using):
            row = type(self)._base_manager.using(using).filter(pk=self.pk, version=self.version)
            if not models.QuerySet.update(row, version=F("version") + 1):
                raise StaleVersion(self)
            self.version += 1
            try:
                if options.get("update_fields") is None and self.machine_fields:
                    fields = (field for field in self._meta.concrete_fields if not field.primary_key)
                    options["update_fields"] = {field.name for field in fields} - self.machine_fields
                if options.get("update_fields") is not None:
                    options["update_fields"] = {*options["update_fields"], "version"}
                super().save(*args, **options)
            except BaseException:
                self.version -= 1
                raise


def differs(row: models.Model, stored: models.Model) -> bool:
    """Whether the content of a row differs from a stored one, in what people write."""
    ignored = {"version", *getattr(row, "machine_fields", ()), *getattr(row, "derived_fields", ())}
    return any(
        field.to_python(getattr(row, field.attname)) != field.to_python(getattr(stored, field.attname))
        for field in row._meta.concrete_fields
        if field.name not in ignored
    )


@receiver(pre_save)
def count_raw_save(sender: type[models.Model], instance: models.Model, raw: bool, using: str, **_options: Any) -> None:
    """Give a row that a fixture overwrites its next version, so that whoever read it before cannot save over it.

    The machine fields stay as they are.
    """
    if raw and isinstance(instance, Row) and instance.pk is not None:
        if not isinstance(instance, Versioned) and not instance.machine_fields:
            return
        stored: Any = sender._base_manager.using(using).filter(pk=instance.pk).first()
        if stored is not None:
            if isinstance(instance, Versioned):
                instance.version = stored.version + differs(instance, stored)
            for name in instance.machine_fields:
                setattr(instance, name, getattr(stored, name))


def known(field: str, words: Iterable[StrEnum], name: str, *, blank: bool = False) -> models.CheckConstraint:
    """The field holds a word of a closed list."""
    allowed = [word.value for word in words] + ([""] if blank else [])
    return models.CheckConstraint(condition=Q(**{f"{field}__in": allowed}), name=name)


def filled(field: str, name: str) -> models.CheckConstraint:
    """The field is not empty."""
    return models.CheckConstraint(condition=~Q(**{field: ""}), name=name)


@models.CharField.register_lookup
class HasKeyForm(Lookup):
    """Whether a text has the form of a key; for constraints, written `slug__has_key_form=True`.

    On SQLite it is not a regular expression: those are a function of Django's, and without it no other program, such
    as a backup that checks its copy, could check the constraint.
    """

    lookup_name = "has_key_form"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, params = self.process_lhs(compiler, connection)
        return f"({left} ~ '^[a-z0-9][a-z0-9.-]*$')", list(params)

    def as_sqlite(self, compiler: Any, connection: Any) -> Any:
        left, params = self.process_lhs(compiler, connection)
        parts = [f"{left} GLOB '[a-z0-9]*'", f"{left} NOT GLOB '*[^a-z0-9.-]*'", f"instr({left}, char(0)) = 0"]
        return f"({' AND '.join(parts)})", list(params) * len(parts)


def key_form(field: str, name: str) -> models.CheckConstraint:
    """The field has the form of a key, so it can stand in an address; it is not empty."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__has_key_form": True}), name=name, violation_error_message=KEY.message
    )


def web_address(field: str, name: str) -> models.CheckConstraint:
    """The field is empty or an http or https address."""
    return models.CheckConstraint(
        condition=Q(**{field: ""})
        | Q(**{f"{field}__startswith": "http://"})
        | Q(**{f"{field}__startswith": "https://"}),
        name=name,
    )


def is_web_address(url: str) -> bool:
    """Whether an address is http or https with a host and without a user: checked on save and when shown."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False


def address_key(url: str) -> str:
    """What two spellings of one address have in common; "" for what is no web address.

    Scheme, "www.", upper case in the host, fragment, a slash at the end and the marks of campaigns do not count.
    """
    if not is_web_address(url):
        return ""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    query = "&".join(part for part in parts.query.split("&") if part and not part.startswith("utm_"))
    return f"{host}{parts.path.rstrip('/')}{'?' if query else ''}{query}"


def validate_web_address(url: str) -> None:
    if not is_web_address(url):
        raise ValidationError(_("Give an http or https address with a host, such as https://example.org/page."))


class WebAddress(models.URLField):
    """An http or https address, up to 500 characters."""

    default_validators = [*models.URLField.default_validators, validate_web_address]

    def __init__(self, *args: Any, **options: Any):
        options.setdefault("max_length", 500)
        options.setdefault("blank", True)
        options.setdefault("default", "")
        super().__init__(*args, **options)

    def formfield(self, **options: Any) -> Any:
        return super().formfield(**{"assume_scheme": "https", **options})
