"""Articles: the sources."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.contrib.messages import WARNING
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from comparisons.domain.vocabulary import LinkTrouble
from comparisons.language import labels
from comparisons.language.dates import period_text
from comparisons.models import Article, Citation, Claim, LinkCheck, Release
from comparisons.models.articles import resting_on, same_address
from comparisons.models.base import is_web_address

from . import help_texts
from .base import HistoricAdmin
from .filters import Work, how_many
from .form_filters import ChosenText
from .forms import described
from .work.checking import RereadingPages
from .work.deleting import first_of
from .work.merging import MergingArticles
from .work.reading import ReadingDesk, desk_url


class LinkFilter(admin.SimpleListFilter):
    """Links that an editor should correct: those that fail, whether or not they count as dead, and those that moved."""

    title = _("link problems")
    parameter_name = "link"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        look = labels.label(LinkTrouble.ELSEWHERE)
        return [("broken", _("Broken: failing or dead")), ("moved", _("Moved for good")), ("look", look)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "broken":
            return queryset.filter(link_check__failed_days__gt=0)
        if self.value() == "moved":
            return queryset.filter(link_check__isnull=False).exclude(link_check__moved_to="")
        if self.value() == "look":
            return queryset.filter(link_check__trouble=LinkTrouble.ELSEWHERE)
        return queryset


@admin.register(Article)
class ArticleAdmin(RereadingPages, ReadingDesk, MergingArticles, HistoricAdmin):
    form = described(help_texts.ARTICLE)
    list_display = ["title", "publisher_name", "kind", "interest", "dated", "citations_count", "link_health", "read"]
    list_filter = [Work, ("publisher", ChosenText), "kind", "interest", "link_health", LinkFilter, "precision"]
    search_help_text = _("Words of the title, the slug, the author, the publisher or the address.")
    search_fields = ["title", "slug", "author", "publisher__name", "publisher__aliases__name", "url"]
    date_hierarchy = "published_on"
    ordering = ["title", "slug"]
    autocomplete_fields = ["publisher", "follows"]
    readonly_fields = [
        "same_address",
        "link_health",
        "link_checked_at",
        "link_answer",
        "link_failing_since",
        "link_moved_to",
    ]
    address_field, address_from = "slug", "title"
    fieldsets = [
        (None, {"fields": ["title", "slug", "author", "publisher", "kind", "interest", "follows"]}),
        (_("When"), {"fields": ["published_on", "precision", "read_on", "edition"]}),
        (_("Where"), {"fields": ["url", "same_address", "url_opened", "archive_url"]}),
        (
            _("Link check"),
            {
                "fields": ["link_health", "link_checked_at", "link_answer", "link_failing_since", "link_moved_to"],
                "description": _("What the last check of the address found; a new address is checked anew."),
            },
        ),
        (_("Note"), {"fields": ["note"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(citations_count=how_many(Citation, "article"))

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        """A new article has no address yet that could have been checked, or that another has."""
        if obj is not None:
            return super().get_fieldsets(request, obj)
        kept = [
            (name, {**options, "fields": [field for field in options["fields"] if field not in self.readonly_fields]})
            for name, options in self.fieldsets
        ]
        return [(name, options) for name, options in kept if options["fields"]]

    @admin.display(description=_("citations"), ordering="citations_count")
    def citations_count(self, article: Any) -> SafeString:
        """Their number, linked to their list."""
        url = f"{reverse('admin:comparisons_citation_changelist')}?article__id__exact={article.pk}"
        return format_html('<a href="{}">{}</a>', url, article.citations_count)

    @admin.display(description=_("publisher"), ordering="publisher_id")
    def publisher_name(self, article: Any) -> str:
        return article.publisher_name

    @admin.display(description=_("published"), ordering="published_on")
    def dated(self, article: Any) -> str:
        return period_text(article.published_on, article.precision)

    @admin.display(description=_("articles with this address"))
    def same_address(self, article: Any) -> Any:
        """Links to the other articles that have the address of this one."""
        found = same_address(article) if article.pk else []
        links = [(reverse("admin:comparisons_article_change", args=[one.pk]), one.title) for one in found]
        return format_html_join(", ", '<a href="{}">{}</a>', links) or self.get_empty_value_display()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and warn if another article has the same address: readers would take one source for two."""
        super().save_model(request, obj, form, change)
        for other in same_address(obj):
            url = reverse("admin:comparisons_article_change", args=[other.pk])
            text = _("This address is known: {} has it. Merge them; until then they count as one source.")
            self.message_user(request, format_html(str(text), format_html('<a href="{}">{}</a>', url, other)), WARNING)

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        """A new article is read next."""
        return HttpResponseRedirect(desk_url(obj.pk))

    @admin.display(description=_("answer"))
    def link_answer(self, article: Any) -> Any:
        """The HTTP status with its standard phrase, never the text of the site; or why there was no answer."""
        check = _check(article)
        if check is not None and check.trouble:
            term = labels.term(LinkTrouble(check.trouble))
            return format_html("{}: {}", term.label, term.meaning)
        if check is None or check.status is None:
            return self.get_empty_value_display()
        known = check.status in HTTPStatus.__members__.values()
        return f"{check.status} {HTTPStatus(check.status).phrase}" if known else str(check.status)

    @admin.display(description=_("failing since"))
    def link_failing_since(self, article: Any) -> Any:
        check = _check(article)
        if check is None or check.failing_since is None:
            return self.get_empty_value_display()
        return date_format(check.failing_since)

    @admin.display(description=_("moved to"))
    def link_moved_to(self, article: Any) -> Any:
        """Where permanent redirects lead. The record keeps its address until an editor changes it."""
        check = _check(article)
        if check is None or not is_web_address(check.moved_to):
            return self.get_empty_value_display()
        link = format_html('<a href="{}" rel="nofollow noopener noreferrer">{}</a>', check.moved_to, check.moved_to)
        # A script puts it into the field of the address; it is stored, or proposed, with the form.
        button = '{} <button type="button" class="put-in" data-put-in="id_url" data-value="{}" hidden>{}</button>'
        return format_html(button, link, check.moved_to, _("Take this address"))

    @admin.display(description=_("reading desk"))
    def read(self, article: Any) -> str:
        return format_html('<a href="{}" aria-label="{}">{}</a>', desk_url(article.pk), article.title, _("Read"))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The database protects an article that is cited; here verdicts and releases that rest on it protect it too."""
        found, counts, lacking, protected = super().get_deleted_objects(objs, request)
        words = {Claim: _("Its verdict rests on this article"), Release: _("This release names the article")}
        kept = [format_html("{}: {}", words[type(row)], row) for row in resting_on(objs)]  # type: ignore[index]
        return found, counts, lacking, [*protected, *first_of(kept)]


def _check(article: Any) -> LinkCheck | None:
    """The result of the last link check; None before the first one, and on the form of a new article."""
    return getattr(article, "link_check", None)
