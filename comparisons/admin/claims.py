"""Claims with their citations beneath them, and the steps in their life."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Case, CharField, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat, StrIndex
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comparisons.domain.claim_fields import CITATION, VERDICT, Part, names_of
from comparisons.domain.vocabulary import CONDITIONS, Status, Verdict
from comparisons.editing import steps
from comparisons.editing.claim_search import find_claims
from comparisons.models import Citation, Claim
from comparisons.models.claims import NOT_DELETED

from . import help_texts
from .base import HistoricAdmin, History, Inline
from .filters import LONGEST_SEARCH, Mine, Work, how_many
from .form_filters import Chosen, Days
from .forms import VersionedForm
from .pages import ReadOnlyAdmin
from .work.actions import StepActions
from .work.importing import ImportingAdmin
from .work.merging import MergingClaims
from .work.review import ReviewPages
from .work.writing import CitationForm, KeyedForm, WritingAdmin


def _place_in(pks: Sequence[int]) -> Case:
    """Where a row stands among these primary keys, as a number that grows; null if it is none of them.

    It is looked for in a text of all: to compare each row with hundreds of keys one by one takes ten times as long.
    """
    one = Concat(Value(","), Cast("pk", CharField()), Value(","))
    return Case(When(pk__in=pks, then=StrIndex(Value(f",{','.join(map(str, pks))},"), one)))


class CitationInline(Inline):
    model = Citation
    form = CitationForm
    template = "admin/comparisons/claim/citations.html"
    fields = CITATION
    autocomplete_fields = ["article"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("article").order_by("pk")

    def get_extra(self, request: HttpRequest, obj: Any = None, **options: Any) -> int:
        """A new claim opens with a citation to fill in."""
        return 1 if obj is None and not self.get_min_num(request, obj) else 0

    def get_min_num(self, request: HttpRequest, obj: Any = None, **options: Any) -> int:
        """A new claim from a given article keeps its citation of it, even if nothing else is filled in."""
        return 1 if obj is None and "article" in getattr(request, "carried", {}) else 0


class ClaimForm(KeyedForm, VersionedForm):
    class Meta:
        help_texts = help_texts.CLAIM


@admin.register(Claim)
class ClaimAdmin(WritingAdmin, ReviewPages, StepActions, ImportingAdmin, MergingClaims, HistoricAdmin):
    form = ClaimForm
    inlines = [CitationInline]
    list_display = ["__str__", "standing", "about", "sort", "citations_count"]
    list_filter = [
        Work,
        Mine,
        ("framework", Chosen),
        ("criterion__group", Chosen),
        ("criterion", Chosen),
        ("benchmark", Chosen),
        ("author", Chosen),
        ("published_at", Days),
        "status",
        "mark",
        "kind",
        "polarity",
        "verdict",
    ]
    list_select_related = ["framework", "criterion"]
    search_help_text = _("Words of the statement, the framework, the criterion or a source, in any form; or the key.")
    search_fields = ["key", "statement", "framework__name", "criterion__name", "citations__article__title"]
    ordering = ["key"]
    autocomplete_fields = ["framework", "criterion", "level", "benchmark"]
    readonly_fields = [
        "status", "published_at", "withdrawn_at", "withdrawal_reason", "author", "written_by", *VERDICT,
    ]  # fmt: skip
    address_field = "key"
    conflict_fields = ("status",)
    fieldsets = [
        (_("What it says"), {"fields": ["statement", "framework", "criterion", "kind", "polarity", "key"]}),
        (
            _("Value"),
            {
                "fields": [
                    "level",
                    ("number", "number_high", "approximate"),
                    "text",
                    names_of(Part.VERSIONS),
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
        (
            _("Benchmark"),
            {
                "fields": ["benchmark", "variant", "left_out", ("interval_low", "interval_high")],
                "description": _("The test that gave a figure. Its conditions stand there, and not above."),
                "classes": ["collapse"],
            },
        ),
        (_("Pitfall"), {"fields": names_of(Part.PITFALL), "classes": ["collapse"]}),
        (
            _("Verdict"),
            {
                "fields": [*VERDICT],
                "description": _("The fact check, beside what the sources say. It is given on a page of its own."),
            },
        ),
        (
            _("Publication"),
            {
                "classes": ["collapse"],
                "fields": ["status", "published_at", "withdrawn_at", "withdrawal_reason", "author", "written_by"],
                "description": _("The status is changed on the review page, or by the actions of the list of claims."),
            },
        ),
    ]

    class Media:
        js = ["admin/js/jquery.init.js", "js/levels.js", "js/turns.js", "js/writing.js"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(citations_count=how_many(Citation, "claim"))

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        """Claims that hold the words as the site's search finds them, the best first; see claim_search.

        A list that was sorted stays so. If nothing is found so, or too much to be ranked, parts of words count too.
        """
        found = find_claims(search_term[:LONGEST_SEARCH])
        request.corrected = found.corrected if found.pks else ""  # type: ignore[attr-defined]
        if not found.pks or found.more:
            parts, _duplicates = super().get_search_results(request, queryset, search_term)
            queryset = queryset.filter(Q(pk__in=found.pks) | Q(pk__in=parts.order_by().values("pk")))
        else:
            queryset = queryset.filter(pk__in=found.pks)
        if found.pks and "o" not in request.GET:
            queryset = queryset.order_by(_place_in(found.pks).asc(nulls_last=True), "key")
        return queryset, False

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list, which says what it was searched for instead of misspelt words."""
        changelist = super().get_changelist_instance(request)
        changelist.corrected = getattr(request, "corrected", "")
        return changelist

    @admin.display(description=_("status"), ordering="status")
    def standing(self, claim: Claim) -> str:
        """The status, and the verdict once there is one."""
        status = claim.get_status_display()
        return status if claim.verdict == Verdict.UNCHECKED else f"{status}, {claim.get_verdict_display().lower()}"

    @admin.display(description=_("about"), ordering="framework__name")
    def about(self, claim: Claim) -> str:
        return f"{claim.framework or gettext('None in particular')}: {claim.criterion}"

    @admin.display(description=_("kind"), ordering="kind")
    def sort(self, claim: Claim) -> str:
        """What sort of claim it is, and which way it speaks."""
        return f"{claim.get_kind_display()}, {claim.get_polarity_display().lower()}"

    @admin.display(description=_("citations"), ordering="citations_count")
    def citations_count(self, claim: Any) -> int:
        return claim.citations_count

    def get_fieldsets(self, request: HttpRequest, obj: Claim | None = None) -> Any:
        """A new claim has neither a verdict nor a status yet."""
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if obj else fieldsets[:-2]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {}  # the server proposes a key if it is left empty

    def keeps_address(self, request: HttpRequest, obj: Claim | None) -> bool:
        """The key of a claim that was never published may be corrected, unless a former key redirects to it."""
        return obj is not None and (obj.published_at is not None or self.is_led_to(obj))

    def view_on_site(self, obj: Claim) -> str | None:
        return super().view_on_site(obj) if obj.status in (Status.PUBLISHED, Status.WITHDRAWN) else None

    def save_model(self, request: HttpRequest, obj: Claim, form: Any, change: bool) -> None:
        if not change:
            obj.author = obj.written_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)

    def before_change(self, request: HttpRequest, obj: Claim, beneath: bool) -> None:
        steps.prepare_edit(obj, by=request.user, citations=beneath)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **options: Any) -> Any:
        """A claim that was ever published has no button to delete it: it is withdrawn."""
        if getattr(options.get("obj"), "published_at", None) is not None:
            context["show_delete"] = False
        return super().render_change_form(request, context, *args, **options)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Name the claims that cannot be deleted: the model refuses to."""
        found, counts, lacking, protected = super().get_deleted_objects(objs, request)
        kept = [format_html("{}: {}", claim, NOT_DELETED) for claim in objs if claim.published_at is not None]
        return found, counts, lacking, [*protected, *kept]


@admin.register(Citation)
class CitationAdmin(ReadOnlyAdmin, History):
    """Citations are found here, and edited with their claim."""

    list_display = ["__str__", "claim", "stance", "locator", "reading"]
    list_filter = [
        ("claim__framework", Chosen),
        ("claim__criterion", Chosen),
        "stance",
        "reading",
        "article__kind",
        "claim__status",
    ]
    list_select_related = ["article", "claim"]
    ordering = ["-pk"]
    search_help_text = _("Words of what the source says, of where it says it, of the article or of the claim.")
    search_fields = ["says", "locator", "article__title", "claim__key", "claim__statement"]
