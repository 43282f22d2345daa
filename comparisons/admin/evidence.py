"""Articles, claims with their citations beneath them, and the steps in the life of a claim."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from comparisons import services
from comparisons.domain.vocabulary import CONDITIONS, PROVEN_VERDICTS, Status
from comparisons.models import Article, Citation, Claim
from comparisons.models.evidence import NOT_DELETED

from .base import HistoricAdmin, History, Inline, ReadOnlyAdmin
from .forms import VersionedForm

#: What a claim says. Whoever changes it is its author, and somebody else publishes it.
SUBSTANCE = [
    "framework", "criterion", "kind", "statement", "polarity",
    "level", "number", "number_high", "approximate", "text", "since_version", "until_version",
    *CONDITIONS,
    "impact", "remedy",
]  # fmt: skip
VERDICT = ["verdict", "verdict_on", "verdict_note", "verdict_articles"]


@admin.register(Article)
class ArticleAdmin(HistoricAdmin):
    list_display = ["title", "publisher", "kind", "interest", "published_on", "citations_count", "link_health"]
    list_filter = ["kind", "interest", "link_health", "precision", "publisher"]
    search_fields = ["title", "slug", "author", "publisher", "url"]
    date_hierarchy = "published_on"
    ordering = ["title", "slug"]
    autocomplete_fields = ["follows"]
    readonly_fields = ["link_health", "link_checked_at"]
    address_field, address_from = "slug", "title"
    fieldsets = [
        (None, {"fields": ["title", "slug", "author", "publisher", "kind", "interest", "follows"]}),
        (_("When"), {"fields": ["published_on", "precision", "read_on", "edition"]}),
        (_("Where"), {"fields": ["url", "url_opened", "archive_url", "link_health", "link_checked_at"]}),
        (_("Note"), {"fields": ["note"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(citations_count=Count("citations"))

    @admin.display(description=_("citations"), ordering="citations_count")
    def citations_count(self, article: Any) -> int:
        return article.citations_count

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Citations protect their article by themselves; verdicts that rest on it do so here."""
        found, counts, lacking, protected = super().get_deleted_objects(objs, request)
        judged = Claim.objects.filter(verdict_articles__in=list(objs)).distinct()
        kept = [format_html("{}: {}", _("Its verdict rests on this article"), claim) for claim in judged]
        return found, counts, lacking, [*protected, *kept]


class CitationInline(Inline):
    model = Citation
    fields = ["article", "stance", "says", "locator", "quote", "reading"]
    autocomplete_fields = ["article"]
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("article").order_by("pk")


class ClaimForm(VersionedForm):
    class Meta:
        help_texts = {
            "key": _("Stands in the address of the claim; it stays as it is once the claim is published."),
            "polarity": _("Whether it speaks for the framework, against it, or neither."),
            "level": _("One of the levels of the criterion; choose the criterion first."),
            "text": _("A few words, for a criterion that is answered by a text."),
            "since_version": _("The first version it speaks of, if it says so."),
            "until_version": _("The last version it speaks of, if it says so."),
            "verdict_articles": _("The articles that show it; they may be others than those cited."),
        }

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("verdict") in PROVEN_VERDICTS and not self.cleaned_data.get("verdict_articles"):
            self.add_error("verdict_articles", _("This verdict says what is so: name the articles that show it."))
        return cleaned


class WithdrawalForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        help_text=_("Readers see it at the address of the claim, with the day of the withdrawal."),
    )


@admin.register(Claim)
class ClaimAdmin(HistoricAdmin):
    form = ClaimForm
    inlines = [CitationInline]
    list_display = [
        "__str__", "status", "framework", "criterion", "kind", "polarity", "verdict", "citations_count",
    ]  # fmt: skip
    list_filter = ["status", "kind", "polarity", "verdict", "framework", "criterion__group"]
    list_select_related = ["framework", "criterion"]
    search_fields = ["key", "statement", "framework__name", "criterion__name", "citations__article__title"]
    date_hierarchy = "published_at"
    ordering = ["key"]
    autocomplete_fields = ["framework", "criterion", "level", "verdict_articles"]
    readonly_fields = ["status", "published_at", "withdrawn_at", "withdrawal_reason", "author"]
    address_field, address_from = "key", "statement"
    conflict_fields = ("status",)
    actions = ["send_to_review", "publish", "return_to_draft", "withdraw"]
    fieldsets = [
        (_("What it says"), {"fields": ["framework", "criterion", "kind", "polarity", "statement", "key"]}),
        (
            _("Value"),
            {
                "fields": [
                    "level",
                    ("number", "number_high", "approximate"),
                    "text",
                    ("since_version", "until_version"),
                ],
                "description": _("One kind of value, as the criterion asks for it; none if the claim only argues."),
            },
        ),
        (
            _("Conditions of a figure"),
            {
                "fields": list(CONDITIONS),
                "description": _("What the source does not state stays empty and reads “not stated”."),
                "classes": ["collapse"],
            },
        ),
        (_("Pitfall"), {"fields": ["impact", "remedy"], "classes": ["collapse"]}),
        (
            _("Verdict"),
            {
                "fields": [*VERDICT],
                "description": _("The fact check, beside what the sources say and never instead of it."),
            },
        ),
        (
            _("Publication"),
            {
                "fields": ["status", "published_at", "withdrawn_at", "withdrawal_reason", "author"],
                "description": _("The status is changed by the actions of the list of claims."),
            },
        ),
    ]

    class Media:
        js = ["admin/js/jquery.init.js", "js/levels.js"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(citations_count=Count("citations"))

    @admin.display(description=_("citations"), ordering="citations_count")
    def citations_count(self, claim: Any) -> int:
        return claim.citations_count

    def get_readonly_fields(self, request: HttpRequest, obj: Claim | None = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.has_perm("comparisons.judge_claim") else [*fields, *VERDICT]

    def keeps_address(self, request: HttpRequest, obj: Claim | None) -> bool:
        return obj is not None and obj.published_at is not None

    def view_on_site(self, obj: Claim) -> str | None:
        return super().view_on_site(obj) if obj.status in (Status.PUBLISHED, Status.WITHDRAWN) else None

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **options: Any) -> Any:
        obj = options.get("obj")
        context["returns_to_review"] = self.returns_to_review(request, obj) and context["adminform"].form.fields
        return super().render_change_form(request, context, *args, **options)

    def returns_to_review(self, request: HttpRequest, obj: Claim | None) -> bool:
        """Whether a change of what this claim says takes it off the site until somebody else has published it."""
        return obj is not None and obj.status == Status.PUBLISHED and not request.user.is_superuser

    def save_model(self, request: HttpRequest, obj: Claim, form: Any, change: bool) -> None:
        if not change:
            obj.author = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)

    def before_change(self, request: HttpRequest, obj: Claim, beneath: bool) -> None:
        # Compared with what is stored, not with what the form says was read: a form can be forged.
        fields: list[Any] = [Claim._meta.get_field(name) for name in SUBSTANCE]
        names = [field.attname for field in fields]
        stored = Claim.objects.filter(pk=obj.pk).values(*names).get()
        if beneath or any(getattr(obj, name) != stored[name] for name in names):
            obj.author = request.user  # type: ignore[assignment]
            if self.returns_to_review(request, obj):
                obj.status = Status.IN_REVIEW

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        status = form.instance.status
        super().save_related(request, form, formsets, change)
        if form.instance.status != status:
            text = gettext("It waits for review now: what a published claim says has to be seen by somebody else.")
            self.message_user(request, text, messages.WARNING)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Name claims that stay: the model refuses to delete them."""
        found, counts, lacking, protected = super().get_deleted_objects(objs, request)
        kept = [format_html("{}: {}", claim, NOT_DELETED) for claim in objs if claim.published_at is not None]
        return found, counts, lacking, [*protected, *kept]

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(services.PUBLISH)

    @admin.action(description=_("Send to review"), permissions=["change"])
    def send_to_review(self, request: HttpRequest, queryset: QuerySet[Claim]) -> None:
        self.tell(request, services.send_to_review(queryset, by=request.user), gettext("in review"))

    @admin.action(description=_("Publish"), permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Claim]) -> None:
        self.tell(request, services.publish(queryset, by=request.user), gettext("published"))

    @admin.action(description=_("Return to draft"), permissions=["publish"])
    def return_to_draft(self, request: HttpRequest, queryset: QuerySet[Claim]) -> None:
        self.tell(request, services.return_to_draft(queryset, by=request.user), gettext("returned to draft"))

    @admin.action(description=_("Withdraw…"), permissions=["publish"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Claim]) -> TemplateResponse | None:
        """Ask for the reason first."""
        form = WithdrawalForm(request.POST if "withdraw" in request.POST else None)
        if form.is_valid():
            report = services.withdraw(queryset, by=request.user, reason=form.cleaned_data["reason"])
            self.tell(request, report, gettext("withdrawn"))
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Withdraw claims"),
            "opts": self.opts,
            "form": form,
            "claims": queryset,
            "checkbox": ACTION_CHECKBOX_NAME,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/comparisons/claim/withdraw.html", context)

    def tell(self, request: HttpRequest, report: services.Report, what: str) -> None:
        """Say what a step did. what: the participle for claims that moved."""
        if report.done:
            text = ngettext("%(count)d claim %(what)s.", "%(count)d claims %(what)s.", len(report.done))
            self.message_user(request, text % {"count": len(report.done), "what": what}, messages.SUCCESS)
        if report.unchanged:
            text = ngettext(
                "%(count)d claim was there already.", "%(count)d claims were there already.", len(report.unchanged)
            )
            self.message_user(request, text % {"count": len(report.unchanged)}, messages.INFO)
        for claim, reason in report.refused[:10]:
            text = gettext("Not %(what)s: “%(claim)s”, because %(reason)s.")
            values = {"what": what, "claim": claim, "reason": reason.rstrip(".")}
            self.message_user(request, text % values, messages.ERROR)
        if len(report.refused) > 10:
            text = gettext("%(count)d more were refused for such reasons.")
            self.message_user(request, text % {"count": len(report.refused) - 10}, messages.ERROR)


@admin.register(Citation)
class CitationAdmin(ReadOnlyAdmin, History):
    """Here to be found; citations are edited with their claim."""

    list_display = ["__str__", "claim", "stance", "locator", "reading"]
    list_filter = ["stance", "reading", "claim__framework", "article__kind"]
    list_select_related = ["article", "claim"]
    search_fields = ["says", "locator", "article__title", "claim__key", "claim__statement"]
