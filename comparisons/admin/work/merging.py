"""Pages that rename, merge and split records. Each shows first what would happen, and asks for the versions it saw."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from comparisons.admin.base import Link, PagesAdmin, ReadOnlyAdmin
from comparisons.admin.forms import KEY_SENT, ReadVersion
from comparisons.domain.vocabulary import Status
from comparisons.editing import merging as moving
from comparisons.language.markdown import plain
from comparisons.models import (
    Article,
    Citation,
    Claim,
    Comparison,
    Criterion,
    FormerAddress,
    Ruling,
    StaleVersion,
    permissions,
)

#: Claims that the page of a split lists one by one; of more, the frameworks are listed.
LISTED = 500


class Former(NamedTuple):
    """A slug that a record had, or one that was merged into it: that record's name and its history, if there is one."""

    key: str
    name: str
    url: str


class RenameForm(forms.Form):
    slug = forms.CharField(label=_("New slug"), max_length=120)
    read_version = ReadVersion()


class RenamingAdmin(PagesAdmin):
    """Records with an address of their own: it is changed on a page that keeps the former one leading here."""

    object_history_template: ClassVar[Any] = "admin/comparisons/former/history.html"

    def page_urls(self) -> list[URLPattern]:
        return [self.own_page("rename", self.rename_view), *super().page_urls()]

    def own_page(self, name: str, view: Callable[..., HttpResponse]) -> URLPattern:
        """The address of a page about one record."""
        wrapped: Callable[..., HttpResponse] = self.admin_site.admin_view(view)
        return path(f"<path:object_id>/{name}/", wrapped, name=f"comparisons_{self.opts.model_name}_{name}")

    def own_url(self, name: str, obj: Any) -> str:
        return reverse(f"admin:comparisons_{self.opts.model_name}_{name}", args=[quote(obj.pk)])

    def object_links(self, request: HttpRequest, obj: Any) -> list[Link]:
        links = super().object_links(request, obj)
        return [*links, *self.moving_links(obj)] if self.may_move(request, obj) else links

    def moving_links(self, obj: Any) -> list[Link]:
        return [Link(gettext("Rename…"), self.own_url("rename", obj))]

    def may_move(self, request: HttpRequest, obj: Any) -> bool:
        return request.user.has_perm(permissions.MERGE) and self.has_change_permission(request, obj)

    def record(self, request: HttpRequest, object_id: str) -> Any:
        """The record that a page is about; None if it is gone. Only for those who may move it."""
        obj = self.get_object(request, unquote(object_id))
        if not self.may_move(request, obj):
            raise PermissionDenied
        return obj

    def done(self, request: HttpRequest, obj: Any, text: str) -> HttpResponse:
        """Go on to the present record, and keep in the log what was done."""
        self.log_change(request, obj, text)
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(self.own_url("change", obj))

    def too_late(self, request: HttpRequest) -> str:
        return gettext(
            "Nothing was changed: somebody else has saved one of these records since this page was opened. "
            "Below is what would happen now."
        )

    def rename_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for the new slug, show both addresses, then rename."""
        obj = self.record(request, object_id)
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        stands, problems, status = obj.address, [], 200
        form = RenameForm(request.POST or None, initial={"slug": stands, "read_version": obj.version})
        confirmed = False
        if form.is_valid():
            slug, read = form.cleaned_data["slug"], self.model._default_manager.get(pk=obj.pk)
            read.version = form.cleaned_data["read_version"]
            try:
                if slug == stands:
                    raise moving.Refused([gettext("That is its slug already.")])
                if "confirm" in request.POST:
                    renamed = moving.rename(read, slug, by=request.user)
                    text = gettext("Renamed from “%(old)s” to “%(new)s”; the former address leads here.")
                    return self.done(request, renamed, text % {"old": stands, "new": slug})
                moving.check_slug(read, slug)
                confirmed = True
            except moving.Refused as refused:
                problems = refused.reasons
            except StaleVersion:
                problems, status = [self.too_late(request)], 409
                form = RenameForm(initial={"slug": slug, "read_version": obj.version})
        context = {
            "object": obj,
            "form": form,
            "problems": problems,
            "confirmed": confirmed,
            "before": obj.address,
            "after": form["slug"].value(),
        }
        title = gettext("Rename %(name)s") % {"name": self.opts.verbose_name}
        response = self.page(request, "admin/comparisons/former/rename.html", title, **context)
        response.status_code = status
        return response

    def is_led_to(self, obj: Any) -> bool:
        """Whether a former address leads to the record; one query."""
        return FormerAddress.objects.filter(kind=obj.address_kind, now=obj.address).exists()

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        former = self.former(obj) if obj is not None and hasattr(self.model, "history") else []
        return super().history_view(request, object_id, {"former": former, **(extra_context or {})})

    def former(self, obj: Any) -> list[Former]:
        """What the record was called, and what was merged into it; two queries."""
        leading = FormerAddress.objects.filter(kind=obj.address_kind, now=obj.address)
        keys = list(leading.order_by("key").values_list("key", flat=True))
        states = self.model.history.filter(history_type="-", **{f"{self.model.address_field}__in": keys})
        merged = {state.instance.address: state.instance for state in states.order_by("history_date", "history_id")}
        return [
            Former(key, str(merged[key]), self.own_url("history", merged[key]))
            if key in merged
            else Former(key, "", "")
            for key in keys
        ]


class IntoForm(forms.Form):
    """Another record of the same kind: found by its words, or named by its slug."""

    into: Any = forms.ModelChoiceField(label=_("Merge it into"), queryset=None, required=False)
    slug = forms.CharField(label=_("Or by its slug"), required=False, max_length=120)

    def __init__(self, data: Any, *, model: Any, widget: forms.Widget):
        if data is not None and not KEY_SENT.fullmatch(data.get("into", "")):
            data = {**data.dict(), "into": "0"}  # an autocomplete fails on what is no key
        super().__init__(data)
        field: Any = self.fields["into"]
        field.widget = widget
        field.queryset = model._default_manager.all()
        self.model = model

    def clean(self) -> dict[str, Any] | None:
        cleaned: Any = super().clean()
        slug = self.cleaned_data.get("slug")
        if slug and not self.cleaned_data.get("into"):
            self.cleaned_data["into"] = self.model._default_manager.filter(**{self.model.address_field: slug}).first()
            if self.cleaned_data["into"] is None:
                self.add_error("slug", _("There is none of that name."))
        elif not self.cleaned_data.get("into") and not self.errors:
            self.add_error("into", _("Choose one."))
        return cleaned


class MergeForm(forms.Form):
    """What is left to choose in a merge, and the versions of both records that the page was made from."""

    gone_version = ReadVersion()
    kept_version = ReadVersion()
    take = forms.MultipleChoiceField(
        label=_("Take over what the other lacks"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, plan: moving.MergePlan, gone: Any, kept: Any, *, taken: bool):
        super().__init__(data, initial={"gone_version": gone.version, "kept_version": kept.version})
        self.plan = plan
        take: Any = self.fields["take"]
        take.choices = [(offer.name, f"{offer.label}: {_short(offer.value)}") for offer in plan.offers]
        take.initial = [offer.name for offer in plan.offers] if taken else []
        if not plan.offers:
            del self.fields["take"]
        offered = [(str(level.pk), str(level)) for level in kept.levels.order_by("order", "pk")] if plan.levels else []
        for choice in plan.levels:
            self.fields[f"level-{choice.level.pk}"] = forms.ChoiceField(
                label=gettext("“%(level)s” becomes") % {"level": choice.level},
                choices=[("", "---------"), *offered],
                required=bool(choice.used),
                initial=str(choice.proposed.pk) if choice.proposed else "",
                help_text=ngettext("Used once.", "Used %(count)d times.", choice.used) % {"count": choice.used}
                if choice.used
                else gettext("Not used; it may go."),
            )
        for pair in plan.rulings:
            self.fields[f"ruling-{pair.duplicate.framework_id}"] = forms.ChoiceField(
                label=gettext("Ruling on %(framework)s that stands") % {"framework": pair.duplicate.framework},
                choices=[(str(one.pk), _ruling(one)) for one in (pair.kept, pair.duplicate)],
                widget=forms.RadioSelect,
                help_text=gettext("The other is deleted; its history stays."),
            )

    @property
    def taken(self) -> list[str]:
        return self.cleaned_data.get("take", [])

    def chosen(self, prefix: str) -> dict[int, int]:
        """The choices of one kind, by the key that their names end with."""
        named = ((name.partition("-"), value) for name, value in self.cleaned_data.items() if value)
        return {int(key): int(value) for (kind, dash, key), value in named if dash and kind == prefix}


def _ruling(ruling: Ruling) -> str:
    value = gettext("open") if ruling.is_open else str(ruling.level or ruling.text or ruling.number)
    return f"{value}: {_short(plain(ruling.why))}"


def _short(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:199]}…"


class MergingAdmin(RenamingAdmin):
    """Records that can be merged into another of their kind."""

    #: A foreign key to such records, whose autocomplete finds the other one.
    found_by: tuple[Any, str]

    def page_urls(self) -> list[URLPattern]:
        return [self.own_page("merge", self.merge_view), *super().page_urls()]

    def moving_links(self, obj: Any) -> list[Link]:
        return [*super().moving_links(obj), Link(gettext("Merge into…"), self.own_url("merge", obj))]

    def plan(self, request: HttpRequest, gone: Any, kept: Any) -> moving.MergePlan:
        raise NotImplementedError

    def merge(self, request: HttpRequest, gone: Any, kept: Any, form: MergeForm) -> Any:
        raise NotImplementedError

    def takes_over(self, request: HttpRequest, kept: Any) -> bool:
        """Whether what the record lacks is taken over unless somebody unticks it."""
        return True

    def summary(self, obj: Any) -> list[tuple[str, str]]:
        """What tells a record from another, as (label, text)."""
        return [(gettext("Slug"), obj.address)]

    def merge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask which record it goes into, show what would move, then merge."""
        gone = self.record(request, object_id)
        if gone is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        model, name = self.found_by
        widget = AutocompleteSelect(model._meta.get_field(name), self.admin_site)
        into = IntoForm(request.GET if request.GET else None, model=self.model, widget=widget)
        if not into.is_valid():
            title = gettext("Merge %(name)s into another") % {"name": self.opts.verbose_name}
            context = {"object": gone, "form": into, "media": self.media + into.media}
            return self.page(request, "admin/comparisons/former/into.html", title, **context)
        kept = into.cleaned_data["into"]
        if not self.has_change_permission(request, kept):
            raise PermissionDenied
        plan = self.plan(request, gone, kept)
        form = self.merge_form(request, request.POST or None, plan, gone, kept)
        problems, status = [], 200
        if form.is_valid() and not plan.refusals:
            names = {"gone": gone, "kept": kept}
            read = [self.model._default_manager.get(pk=row.pk) for row in (gone, kept)]
            read[0].version, read[1].version = form.cleaned_data["gone_version"], form.cleaned_data["kept_version"]
            try:
                merged = self.merge(request, read[0], read[1], form)
                text = gettext("“%(gone)s” was merged into “%(kept)s”; its address leads here.")
                return self.done(request, merged, text % names)
            except StaleVersion:
                problems, status = [self.too_late(request)], 409
                form = self.merge_form(request, None, plan, gone, kept)
            except moving.Refused as refused:
                problems = refused.reasons
        context = {
            "object": gone,
            "gone": gone,
            "kept": kept,
            "records": [
                (gettext("Goes"), gone, self.summary(gone)),
                (gettext("Stays"), kept, self.summary(kept)),
            ],
            "plan": plan,
            "form": form,
            "problems": [*problems, *plan.refusals],
            "turned": f"{self.own_url('merge', kept)}?into={gone.pk}",
        }
        title = gettext("Merge %(name)s") % {"name": self.opts.verbose_name_plural}
        response = self.page(request, "admin/comparisons/former/merge.html", title, **context)
        response.status_code = status
        return response

    def merge_form(self, request: HttpRequest, data: Any, plan: moving.MergePlan, gone: Any, kept: Any) -> MergeForm:
        return MergeForm(data, plan, gone, kept, taken=self.takes_over(request, kept))


class MergingArticles(MergingAdmin):
    found_by = (Article, "follows")

    def plan(self, request: HttpRequest, gone: Any, kept: Any) -> moving.MergePlan:
        return moving.article_plan(gone, kept)

    def merge(self, request: HttpRequest, gone: Any, kept: Any, form: MergeForm) -> Any:
        return moving.merge_articles(gone, kept, by=request.user, take=form.taken)

    def summary(self, obj: Any) -> list[tuple[str, str]]:
        return [
            *super().summary(obj),
            (gettext("Publisher"), obj.publisher),
            (gettext("Published on"), str(obj.published_on or "")),
            (gettext("Address"), obj.url),
        ]


class MergingClaims(MergingAdmin):
    found_by = (Citation, "claim")

    def plan(self, request: HttpRequest, gone: Any, kept: Any) -> moving.MergePlan:
        plan = moving.claim_plan(gone, kept)
        if not request.user.has_perm(permissions.JUDGE):
            plan.offers = [offer for offer in plan.offers if offer.name != "verdict"]
        if moving.returns_to_review(gone, kept, (), request.user):
            plan.notes.append(
                gettext(
                    "“%(kept)s” goes back to review: you wrote one of the two, and nobody else has seen the citations "
                    "of “%(gone)s”."
                )
                % {"kept": kept.key, "gone": gone.key}
            )
        elif plan.offers and moving.returns_to_review(gone, kept, ["value"], request.user):
            plan.notes.append(
                gettext("If you take over more than a verdict, “%(kept)s” goes back to review: what it says changes.")
                % {"kept": kept.key}
            )
        return plan

    def takes_over(self, request: HttpRequest, kept: Any) -> bool:
        return kept.status != Status.PUBLISHED or request.user.is_superuser

    def merge(self, request: HttpRequest, gone: Any, kept: Any, form: MergeForm) -> Any:
        published = kept.status == Status.PUBLISHED
        merged = moving.merge_claims(gone, kept, by=request.user, take=form.taken)
        if published and merged.status != Status.PUBLISHED:
            text = gettext("It waits for review now: what a published claim says has to be seen by somebody else.")
            self.message_user(request, text, messages.WARNING)
        return merged

    def summary(self, obj: Any) -> list[tuple[str, str]]:
        return [
            (gettext("Key"), obj.key),
            (gettext("Status"), obj.get_status_display()),
            (gettext("Framework"), str(obj.framework or gettext("none in particular"))),
            (gettext("Criterion"), str(obj.criterion)),
            (gettext("Statement"), plain(obj.statement)),
        ]


class SplitForm(forms.ModelForm):
    """The new criterion; how it is answered is copied from the old one."""

    class Meta:
        model = Criterion
        fields = ["name", "slug", "question", "definition", "group"]
        widgets = {
            "definition": forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
            "question": forms.TextInput(attrs={"class": "vLargeTextField"}),
        }

    read_version = ReadVersion()
    comparisons = forms.ModelMultipleChoiceField(
        label=_("Comparisons that get it right after the old one"),
        queryset=Comparison.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    replaces = forms.BooleanField(
        label=_("The old criterion goes"),
        required=False,
        help_text=_("Only if all its claims move. Its address leads to the first criterion that was split from it."),
    )

    def __init__(self, data: Any, old: Criterion):
        offered = Comparison.objects.filter(rows__criterion=old).distinct()
        new = Criterion(value_type=old.value_type, unit=old.unit, direction=old.direction, order=old.order)
        initial = {"read_version": old.version, "group": old.group_id, "comparisons": [one.pk for one in offered]}
        super().__init__(data, instance=new, initial=initial)
        comparisons: Any = self.fields["comparisons"]
        comparisons.queryset = offered
        if not offered:
            del self.fields["comparisons"]


class Group(NamedTuple):
    """The claims of one framework under a criterion: key 0 for those of none. claims: with whether each is chosen."""

    key: int
    name: str
    number: int
    is_chosen: bool
    claims: list[tuple[Claim, bool]]


class MergingCriteria(MergingAdmin):
    """Criteria can be split, too."""

    found_by = (Claim, "criterion")

    def page_urls(self) -> list[URLPattern]:
        return [self.own_page("split", self.split_view), *super().page_urls()]

    def moving_links(self, obj: Any) -> list[Link]:
        return [*super().moving_links(obj), Link(gettext("Split…"), self.own_url("split", obj))]

    def plan(self, request: HttpRequest, gone: Any, kept: Any) -> moving.MergePlan:
        return moving.criterion_plan(gone, kept)

    def merge(self, request: HttpRequest, gone: Any, kept: Any, form: MergeForm) -> Any:
        levels, rulings = form.chosen("level"), form.chosen("ruling")
        return moving.merge_criteria(gone, kept, by=request.user, levels=levels, rulings=rulings)

    def summary(self, obj: Any) -> list[tuple[str, str]]:
        unit = f" ({obj.unit})" if obj.unit else ""
        return [
            *super().summary(obj),
            (gettext("Group"), str(obj.group)),
            (gettext("Question"), obj.question),
            (gettext("Value type"), obj.get_value_type_display() + unit),
        ]

    def split_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for the new criterion and its claims, show what would move, then split."""
        old = self.record(request, object_id)
        if old is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        total = Claim.objects.filter(criterion=old).count()
        chosen, frameworks = _sent(request, "claims"), _sent(request, "frameworks")
        form = SplitForm(request.POST or None, old)
        plan, problems, status = None, [], 200
        if "change" not in request.POST and form.is_valid():
            chosen |= self._of_frameworks(old, frameworks)
            kept = frozenset(one.pk for one in form.cleaned_data.get("comparisons", ()))
            split = moving.Split(frozenset(chosen), kept, form.cleaned_data["replaces"])
            plan = moving.split_plan(old, split)
            problems = list(plan.refusals)
            if "confirm" in request.POST:
                read = Criterion.objects.get(pk=old.pk)
                read.version = form.cleaned_data["read_version"]
                try:
                    new = moving.split_criterion(read, form.instance, split, by=request.user)
                    text = ngettext(
                        "“%(new)s” was split from “%(old)s”, with %(count)d claim.",
                        "“%(new)s” was split from “%(old)s”, with %(count)d claims.",
                        len(chosen),
                    )
                    return self.done(request, new, text % {"new": new, "old": old, "count": len(chosen)})
                except StaleVersion:
                    problems, status = [self.too_late(request)], 409
                except moving.Refused as refused:
                    problems = refused.reasons
        sent = {name: values for name, values in request.POST.lists() if name not in _NOT_CARRIED}
        sent["read_version"] = [str(old.version)]
        if total <= LISTED:
            sent |= {"claims": [str(pk) for pk in sorted(chosen)], "frameworks": []}
        context = {
            "object": old,
            "form": form,
            "plan": plan if plan and not plan.refusals else None,
            "problems": problems,
            "sent": [(name, value) for name, values in sent.items() for value in values],
            "groups": self._groups(old, chosen, frameworks, listed=total <= LISTED),
            "total": total,
            "is_listed": total <= LISTED,
        }
        title = gettext("Split %(name)s") % {"name": self.opts.verbose_name}
        response = self.page(request, "admin/comparisons/former/split.html", title, **context)
        response.status_code = status
        return response

    @staticmethod
    def _of_frameworks(old: Criterion, frameworks: set[int]) -> set[int]:
        """The claims of whole frameworks; 0 stands for those of none."""
        claims = Claim.objects.filter(criterion=old).order_by()
        found = set(claims.filter(framework__in=frameworks).values_list("pk", flat=True))
        return found | (set(claims.filter(framework=None).values_list("pk", flat=True)) if 0 in frameworks else set())

    @staticmethod
    def _groups(old: Criterion, chosen: set[int], frameworks: set[int], *, listed: bool) -> Iterable[Group]:
        """All claims by framework, drafts too; without the claims themselves if there are too many; two queries."""
        claims = Claim.objects.filter(criterion=old)
        by_framework = (F("framework__order").asc(nulls_last=True), F("framework__name").asc(nulls_last=True))
        counted = claims.order_by(*by_framework).values_list("framework", "framework__name").annotate(Count("pk"))
        found = {
            key or 0: Group(key or 0, name or gettext("None in particular"), number, (key or 0) in frameworks, [])
            for key, name, number in counted
        }
        for claim in claims.select_related("level").order_by("key") if listed else ():
            found[claim.framework_id or 0].claims.append((claim, claim.pk in chosen))
        return found.values()


#: Fields of a split that are not carried from its preview on.
_NOT_CARRIED = frozenset({"csrfmiddlewaretoken", "read_version", "preview", "confirm", "change", "claims"})


def _sent(request: HttpRequest, name: str) -> set[int]:
    """The keys that a form sent under one name; what is none is left out."""
    return {int(key) for key in request.POST.getlist(name) if key and KEY_SENT.fullmatch(key)}


@admin.register(FormerAddress)
class FormerAddressAdmin(ReadOnlyAdmin):
    """Where renamed and merged records were found. Deleting one frees its slug, and old links to it end."""

    list_display = ["key", "kind", "leads_to"]
    list_filter = ["kind"]
    search_fields = ["key", "now"]
    search_help_text = _("Letters of the former or the present slug.")
    fields = ["kind", "key", "leads_to"]

    @admin.display(description=_("leads to"), ordering="now")
    def leads_to(self, former: FormerAddress) -> str:
        return former.now

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(permissions.MERGE)
