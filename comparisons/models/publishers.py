"""Publishers: who stands behind articles. All that one publisher says counts as one witness."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comparisons.language.cleaning import as_seen

from .base import Row, Versioned, WebAddress, filled, web_address
from .names import named_key

#: Characters of a name.
NAME_LENGTH = 120


class Publisher(Versioned):
    """Who publishes articles. Articles name it by its name, which therefore changes by renames and merges only."""

    natural_key_fields = ("name",)
    derived_fields = frozenset({"name_key"})
    #: What a rename changes, as the slug of other records.
    address_field = "name"

    name = models.CharField(_("name"), max_length=NAME_LENGTH, unique=True)
    name_key = named_key()
    url = WebAddress(_("address"))
    note = models.TextField(_("note"), blank=True, default="")

    class Meta:
        verbose_name = _("publisher")
        verbose_name_plural = _("publishers")
        ordering = ["name"]
        constraints = [filled("name", "publisher_has_name"), web_address("url", "publisher_url_is_web")]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        return self.name

    def validate_unique(self, exclude: Any = None) -> None:
        """Refuse a name that a reader cannot tell from that of another publisher, or from one of its aliases."""
        super().validate_unique(exclude=exclude)
        key = _key(self.name)
        if self.name and not key:
            raise ValidationError({"name": _("Nothing of this name is seen. Give one with letters.")})
        others = Publisher._base_manager.filter(name_key=key).exclude(pk=self.pk).exclude(name=self.name)
        if other := others.first():
            message = _("Readers cannot tell “%(name)s” from the publisher “%(other)s”. Choose another name.")
            raise ValidationError({"name": message % {"name": self.name, "other": other}})
        aliases = PublisherAlias._base_manager.filter(name_key=key).exclude(publisher=self.pk)
        if alias := aliases.select_related("publisher").first():
            message = _("“%(name)s” is an alias of the publisher “%(other)s”. Choose that, or another name.")
            raise ValidationError({"name": message % {"name": self.name, "other": alias.publisher}})


class PublisherAlias(Row):
    """Another name of a publisher, by which files and editors find it: a former one, or that of one merged into it."""

    natural_key_fields = ("name",)
    derived_fields = frozenset({"name_key"})

    publisher = models.ForeignKey(Publisher, models.CASCADE, related_name="aliases", verbose_name=_("publisher"))
    name = models.CharField(_("other name"), max_length=NAME_LENGTH, unique=True)
    name_key = named_key()

    class Meta:
        verbose_name = _("other name of a publisher")
        verbose_name_plural = _("other names of publishers")
        ordering = ["name"]
        constraints = [filled("name", "publisher_alias_has_name")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse what readers cannot tell from the name of a publisher, or from another alias."""
        super().clean()
        key = _key(self.name)
        if self.name and not key:
            raise ValidationError({"name": _("Nothing of this name is seen. Give one with letters.")})
        publisher = Publisher._base_manager.filter(name_key=key).first()
        if publisher is not None:
            message = _("Readers cannot tell “%(name)s” from the name of the publisher “%(other)s”.")
            raise ValidationError({"name": message % {"name": self.name, "other": publisher}})
        others = PublisherAlias._base_manager.filter(name_key=key).exclude(pk=self.pk).exclude(name=self.name)
        if alias := others.select_related("publisher").first():
            message = _("“%(name)s” is an alias of the publisher “%(other)s” already.")
            raise ValidationError({"name": message % {"name": self.name, "other": alias.publisher}})


def _key(name: str) -> str:
    return Publisher._meta.get_field("name_key").seen(name)


class KnownPublishers:
    """The names of all publishers, to find the one that a text means; two queries."""

    def __init__(self, using: str = DEFAULT_DB_ALIAS):
        aliases = PublisherAlias._base_manager.using(using).order_by("pk")
        self._by_key = dict(aliases.values_list("name_key", "publisher__name"))
        names = Publisher._base_manager.using(using).order_by("pk")
        self._by_key.update(names.values_list("name_key", "name"))

    def find(self, text: str) -> str | None:
        """The name of the publisher that looks like this text, or has such an alias; None if there is none."""
        return self._by_key.get(_key(text))

    def add(self, text: str, name: str) -> None:
        """Know what else means a publisher, or a new one."""
        self._by_key[_key(text)] = name


def meant(text: str, name: str) -> str:
    """What an import says of a text that was taken for a publisher with another spelling."""
    return gettext("“%(text)s” is the publisher “%(name)s”.") % {"text": text, "name": name}


def publisher_of(text: str, using: str = DEFAULT_DB_ALIAS) -> Publisher | None:
    """The publisher with this name, else one whose name or alias looks like it; at most two queries."""
    key = _key(text)
    found = Publisher._base_manager.using(using).filter(name_key=key).first()
    return found or Publisher._base_manager.using(using).filter(aliases__name_key=key).first()


def present_name(name: str | None) -> str | None:
    """The name that a publisher has now, if it was renamed or merged; else the same. "" is no publisher."""
    found = publisher_of(name) if name else None
    return found.name if found is not None else name or None


def publisher_named(text: str, using: str = DEFAULT_DB_ALIAS) -> Publisher | None:
    """The publisher that a text names, made if there is none; None for a text in which nothing is seen."""
    if not as_seen(text):
        return None
    return publisher_of(text, using) or Publisher._base_manager.using(using).create(name=text)
