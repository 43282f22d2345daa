"""Publishers: who stands behind articles."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.options import TO_FIELD_VAR
from django.db.models import Exists, OuterRef, QuerySet
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comparisons.language.cleaning import as_seen
from comparisons.models import Article, Citation, Publisher, PublisherAlias

from . import help_texts
from .base import Inline, VersionedAdmin
from .filters import how_many
from .forms import RememberingForm, described
from .work.merging import MergingPublishers


class AliasRows(BaseInlineFormSet):
    """The other names of a publisher, no two of which look the same."""

    def clean(self) -> None:
        super().clean()
        seen = {as_seen(self.instance.name)}
        for form in self.forms:
            cleaned = getattr(form, "cleaned_data", {})
            name = cleaned.get("name", "")
            if not name or cleaned.get(DELETION_FIELD_NAME):
                continue
            if as_seen(name) in seen:
                text = gettext("Readers cannot tell “%(name)s” from another name here.")
                form.add_error("name", forms.ValidationError(text % {"name": name}))
            seen.add(as_seen(name))


class AliasInline(Inline):
    model = PublisherAlias
    form = described(help_texts.PUBLISHER_ALIAS, RememberingForm)
    verbose_name = _("other name")
    verbose_name_plural = _("other names")
    formset = AliasRows
    fields = ["name"]
    ordering = ["name"]


class HasArticles(admin.SimpleListFilter):
    """Publishers that no article names can be deleted."""

    title = _("articles")
    parameter_name = "articles"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("some", _("Some")), ("none", _("None"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        named = Exists(Article.objects.filter(publisher=OuterRef("name")))
        return queryset.filter(named if self.value() == "some" else ~named) if self.value() else queryset


@admin.register(Publisher)
class PublisherAdmin(MergingPublishers, VersionedAdmin):
    form = described(help_texts.PUBLISHER)
    list_display = ["name", "articles_count", "claims_count", "url"]
    list_filter = [HasArticles]
    search_fields = ["name", "aliases__name", "url", "note"]
    search_help_text = _("Words of a name, the address or the note.")
    ordering = ["name"]
    address_field = "name"
    fields = ["name", "url", "note"]
    inlines = [AliasInline]
    object_history_template: ClassVar[Any] = None  # its states are not kept, only the log of the admin

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return (
            super()
            .get_queryset(request)
            .annotate(
                articles_count=how_many(Article, "publisher", key="name"),
                claims_count=how_many(Citation, "article__publisher", "claim", key="name"),
            )
        )

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The publisher, by its name too: so the form of an article opens the one that it has."""
        by_name = request.POST.get(TO_FIELD_VAR, request.GET.get(TO_FIELD_VAR)) == self.address_field
        return super().get_object(request, object_id, from_field or (self.address_field if by_name else None))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {}

    @admin.display(description=_("articles"), ordering="articles_count")
    def articles_count(self, publisher: Any) -> SafeString:
        """Their number, linked to their list."""
        url = f"{reverse('admin:comparisons_article_changelist')}?{urlencode({'publisher': publisher.name})}"
        return format_html('<a href="{}">{}</a>', url, publisher.articles_count)

    @admin.display(description=_("claims it is a witness of"), ordering="claims_count")
    def claims_count(self, publisher: Any) -> int:
        return publisher.claims_count
