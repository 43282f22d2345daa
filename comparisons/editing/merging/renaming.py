"""Give records another address; the old one leads to the new one from then on."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from comparisons.editing.steps import demand
from comparisons.history import reasons
from comparisons.models import FormerAddress
from comparisons.models.addresses import Addressed, taken
from comparisons.models.permissions import MERGE

from . import writes
from .plan import Refused


@transaction.atomic
def rename(row: Any, slug: str, *, by: Any) -> Any:
    """Give a record, or a level, another slug and let its old address lead to the new one; returns the renamed record.

    Raises Refused for a slug that cannot be used, StaleVersion if the record was saved since `row` was read.
    """
    demand(by, MERGE)
    [row] = writes.locked(row)
    name = getattr(row, "address_field", "slug")
    old = getattr(row, name)
    if slug == old:
        return row
    check_slug(row, slug)
    setattr(row, name, slug)
    try:
        writes.save(row, by, reasons.renamed(old))
    except IntegrityError:  # somebody else has just given it to another record
        raise Refused([_("“%(slug)s” is already in use. Choose another.") % {"slug": slug}]) from None
    if isinstance(row, Addressed):
        redirect(row.address_kind, old, slug)
    return row


def check_slug(row: Any, slug: str) -> None:
    """Raise Refused if the record cannot have this slug."""
    name = getattr(row, "address_field", "slug")
    old = getattr(row, name)
    if isinstance(row, Addressed):
        redirected = FormerAddress.objects.filter(kind=row.address_kind, key=slug).first()
        if redirected is not None and redirected.now != old:
            raise Refused([str(taken(redirected))])
    others = {other.name for other in row._meta.fields} - {name}
    setattr(row, name, slug)
    try:
        row.clean_fields(exclude=others)
        row.validate_unique(exclude=others)
        row.validate_constraints(exclude=others - {"criterion"})
    except ValidationError as error:
        raise Refused(error.messages) from None
    finally:
        setattr(row, name, old)


def redirect(kind: str, old: str, now: str) -> None:
    """Make an old address, and all addresses that led to it so far, lead to the present one."""
    rows = FormerAddress.objects.filter(kind=kind)
    rows.filter(key=now).delete()
    rows.filter(now=old).update(now=now)
    FormerAddress.objects.update_or_create(kind=kind, key=old, defaults={"now": now})
