"""Frameworks and criteria that become drafts, or are drafts no more, however they are saved.

What is derived from claims leaves out those about drafts, so that with the mark all of it changes that is said about a
record.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models.signals import post_save, pre_save

from .catalogue import Criterion, Framework
from .claims import Claim
from .derived import touch


def _before(sender: Any, instance: Any, using: str, update_fields: Collection[str] | None, **_: Any) -> None:
    """Note whether the stored record is a draft; one query."""
    is_written = instance.pk is not None and (update_fields is None or "is_draft" in update_fields)
    stored = sender._base_manager.using(using).filter(pk=instance.pk, is_draft=not instance.is_draft)
    instance._changes_draft = is_written and stored.exists()


def _after(sender: Any, instance: Any, using: str, **_: Any) -> None:
    if instance.__dict__.pop("_changes_draft", False):
        claims = Claim._base_manager.using(using).filter(**{sender._meta.model_name: instance.pk})
        touch(Claim, list(claims.order_by("pk").values_list("pk", flat=True)), using)


def follow() -> None:
    """Refresh what is derived from claims when what they are about becomes a draft, or is one no more."""
    for model in (Framework, Criterion):
        pre_save.connect(_before, sender=model, dispatch_uid=f"draft {model.__name__}")
        post_save.connect(_after, sender=model, dispatch_uid=f"draft {model.__name__}")
