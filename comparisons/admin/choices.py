"""How records are named, and in which order, where one of them is chosen."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext as _

from comparisons.language.dates import period_text
from comparisons.models import Article

#: Where the session of an editor keeps the primary key of the article that they opened last.
AT_HAND = "article_at_hand"


def choice_text(row: Any) -> str:
    """A record as it is offered. Articles of one title are told apart by publisher, date and slug."""
    if not isinstance(row, Article):
        return str(row)
    if row.published_on is None and row.read_on is not None:
        dated = _("read %(day)s") % {"day": period_text(row.read_on)}
    else:
        dated = period_text(row.published_on, row.precision)
    return " · ".join(filter(None, [row.title, row.publisher_name, dated, row.slug]))


def hold(request: HttpRequest, article: Article) -> None:
    """Remember the article that an editor has at hand, so that it is the first to be offered."""
    if request.session.get(AT_HAND) != article.pk:
        request.session[AT_HAND] = article.pk


class ChoicesView(AutocompleteJsonView):
    """What an autocomplete offers: of articles the one at hand, then the newest."""

    model_admin: Any

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset()
        if rows.model is not Article:
            return rows
        at_hand = self.request.session.get(AT_HAND) or 0
        first = Case(When(pk=at_hand, then=Value(0)), default=Value(1))
        newest = Coalesce("published_on", "read_on").desc(nulls_last=True)
        return rows.order_by(first, newest, F("pk").desc())

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        return {**super().serialize_result(obj, to_field_name), "text": choice_text(obj)}
