"""What a deletion takes with it: named record by record where that is little, counted by kind where it is much."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected as stock_delete_selected
from django.contrib.admin.utils import quote
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.deletion import CASCADE, PROTECT, get_candidate_relations_to_delete
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

#: Records that are named one by one, with those beneath each; of more, the first of each kind are.
MOST, NAMED = 100, 10
#: Records that one press may delete: their page names each in a field, and they are deleted in one transaction.
AT_ONCE = 500


class Reached(NamedTuple):
    """What a deletion would delete, and what forbids it, each kind of record under its model."""

    deleted: dict[type[models.Model], QuerySet[Any]]
    protected: dict[type[models.Model], QuerySet[Any]]

    @property
    def is_small(self) -> bool:
        left = MOST
        for rows in (*self.deleted.values(), *self.protected.values()):
            left -= rows.order_by()[: left + 1].count()
            if left < 0:
                return False
        return True


def reached(model: type[models.Model], pks: Collection[Any]) -> Reached:
    """What deleting some records would reach by foreign keys; a few queries for each kind, whatever there is of it."""
    deleted: dict[type[models.Model], Q] = defaultdict(Q)
    protected: dict[type[models.Model], Q] = defaultdict(Q)
    steps: list[tuple[type[models.Model], Q, frozenset[Any]]] = [(model, Q(pk__in=pks), frozenset())]
    while steps:
        kind, which, way = steps.pop()
        deleted[kind] |= which
        rows = kind._base_manager.filter(which)
        relations: Iterable[Any] = get_candidate_relations_to_delete(kind._meta)
        for relation in relations:
            on_delete, beneath = relation.on_delete, relation.related_model
            if on_delete not in (CASCADE, PROTECT) or relation in way:
                continue
            those = Q(**{f"{relation.field.name}__in": rows})
            if not beneath._base_manager.filter(those).exists():
                continue
            if on_delete is PROTECT:
                protected[beneath] |= those
            else:
                steps.append((beneath, those, way | {relation}))
    return Reached(
        *({kind: _with_names(kind).filter(which) for kind, which in one.items()} for one in (deleted, protected))
    )


def _with_names(model: type[models.Model]) -> QuerySet[Any]:
    """The rows of a model, each read with the records that its name may consist of."""
    beside = [field.name for field in model._meta.concrete_fields if field.is_relation]
    return model._base_manager.select_related(*beside) if beside else model._base_manager.all()


class CountedDeletion:
    """Pages of an admin that ask before they delete. Those of a record with thousands beneath it cost little."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What the stock admin says if it is little; else the same, with the first of each kind and their number."""
        objs = list(objs)
        found = reached(type(objs[0]), [one.pk for one in objs]) if objs else None
        if found is None or found.is_small:
            return super().get_deleted_objects(objs, request)  # type: ignore[misc]
        counts = {kind: rows.order_by().count() for kind, rows in found.deleted.items()}
        registered = self.admin_site._registry  # type: ignore[attr-defined]
        lacking = {
            kind._meta.verbose_name
            for kind in counts
            if kind in registered and not registered[kind].has_delete_permission(request)
        }
        named: list[Any] = []
        for kind, rows in found.deleted.items():
            named += [f"{capfirst(kind._meta.verbose_name_plural)}: {counts[kind]:,}", [*self.some_of(rows)]]
        protected = [line for rows in found.protected.values() for line in self.some_of(rows)]
        return named, {kind._meta.verbose_name_plural: count for kind, count in counts.items()}, lacking, protected

    def some_of(self, rows: QuerySet[Any]) -> Iterator[str]:
        """The first of some records, each as a link if it has a page in the admin, and how many more there are."""
        more = rows.order_by().count() - NAMED
        yield from (_link(self.admin_site, row) for row in rows.order_by("pk")[:NAMED])  # type: ignore[attr-defined]
        if more > 0:
            kind = rows.model._meta
            names = {"count": f"{more:,}", "one": kind.verbose_name, "many": kind.verbose_name_plural}
            yield ngettext("… and %(count)s more %(one)s", "… and %(count)s more %(many)s", more) % names


def _link(site: admin.AdminSite, row: models.Model) -> str:
    meta = row._meta
    try:
        url = reverse(f"{site.name}:{meta.app_label}_{meta.model_name}_change", args=[quote(row.pk)])
    except NoReverseMatch:
        return f"{capfirst(meta.verbose_name)}: {row}"
    return format_html('{}: <a href="{}">{}</a>', capfirst(meta.verbose_name), url, row)


def first_of(lines: Iterable[str]) -> list[str]:
    """Reasons that forbid a deletion: as many of them as a page can name, and how many more there are."""
    lines = list(lines)
    more = len(lines) - MOST
    return lines if more <= 0 else [*lines[:MOST], ngettext("… and %d more", "… and %d more", more) % more]


@admin.action(permissions=["delete"], description=gettext_lazy("Delete selected %(verbose_name_plural)s"))
def delete_selected(modeladmin: Any, request: HttpRequest, queryset: QuerySet[Any]) -> TemplateResponse | None:
    """The action of the stock admin, for as many records as one page can ask about."""
    if queryset.count() > AT_ONCE:
        text = _("Nothing was deleted: at most %(most)d records are deleted at once. Choose fewer.")
        modeladmin.message_user(request, text % {"most": AT_ONCE}, messages.ERROR)
        return None
    return stock_delete_selected(modeladmin, request, queryset)
