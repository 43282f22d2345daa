"""The former addresses of records that were renamed or merged, so that old links go on working."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from comparisons.domain.vocabulary import AddressKind
from comparisons.language.labels import choices

from .base import KEY, SLUG_LENGTH, Row, Versioned, key_form, known


class Addressed(Versioned):
    """A row that readers name by a slug, in a path or a parameter."""

    #: What it is called in FormerAddress; the field that holds its slug.
    address_kind: AddressKind
    address_field = "slug"

    class Meta:
        abstract = True

    @property
    def address(self) -> str:
        return getattr(self, self.address_field)

    def clean(self) -> None:
        """Refuse a new record that takes the former address of another: old links would lead to the wrong one."""
        super().clean()
        if self._state.adding:
            former = FormerAddress.objects.filter(kind=self.address_kind, key=self.address).first()
            if former is not None:
                raise ValidationError({self.address_field: taken(former)})


def taken(former: FormerAddress) -> Any:
    """Why the address cannot be used, and what to do about it."""
    return _(
        "“%(key)s” is the former address of “%(now)s”, and old links to it lead there. Choose another, or delete the "
        "former address first."
    ) % {"key": former.key, "now": former.now}


class FormerAddress(Row):
    """A slug that named a record before, and the one that names it now. A record that has the slug itself comes first.

    Kept flat: `now` is never a former address itself; `comparisons.editing.merging` sees to it.
    """

    natural_key_fields = ("kind", "key")

    kind = models.CharField(_("kind of record"), max_length=10, choices=choices(AddressKind))
    key = models.CharField(_("former slug"), max_length=SLUG_LENGTH, validators=[KEY])
    now = models.CharField(_("present slug"), max_length=SLUG_LENGTH, validators=[KEY])

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        ordering = ["kind", "key"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="former_address_once"),
            known("kind", AddressKind, "former_address_kind_known"),
            key_form("key", "former_address_key_has_form"),
            key_form("now", "former_address_now_has_form"),
            models.CheckConstraint(condition=~Q(key=F("now")), name="former_address_leads_elsewhere"),
        ]
        indexes = [models.Index(fields=["kind", "now"], name="former_address_now")]

    def __str__(self) -> str:
        return f"{self.key} → {self.now}"


def present_slugs(model: type[Addressed]) -> dict[str, str]:
    """The present slugs of records by former ones, but for those that name another record now; one query."""
    named = model._base_manager.filter(**{model.address_field: OuterRef("key")})
    rows = FormerAddress.objects.filter(~Exists(named), kind=model.address_kind)
    return dict(rows.values_list("key", "now"))


def addressed() -> dict[str, type[Addressed]]:
    """The models whose records have an address, by kind."""
    found = apps.get_app_config("comparisons").get_models()
    return {model.address_kind: model for model in found if issubclass(model, Addressed)}


@receiver(post_delete)
def forget(sender: type[models.Model], instance: models.Model, using: str, **_options: Any) -> None:
    """Delete the former addresses of a deleted record: they would lead nowhere."""
    if isinstance(instance, Addressed):
        rows = FormerAddress.objects.using(using).filter(kind=instance.address_kind, now=instance.address)
        rows.delete()
