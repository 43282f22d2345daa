"""The pages that merge a record into another: choose the other, see what would move, then merge."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from comparisons.admin.forms import KEY_SENT, ReadVersion
from comparisons.admin.pages import PageLink
from comparisons.admin.selects import RecordSelect
from comparisons.editing import merging as moving
from comparisons.language.dates import period_text
from comparisons.language.markdown import plain
from comparisons.models import Article, Citation, Claim, PublisherAlias, Ruling, StaleVersion, permissions
from comparisons.models.base import SLUG_LENGTH

from .renaming import RenameWords, RenamingAdmin


class IntoForm(forms.Form):
    """Another record of the same kind: searched by its words, or named by its slug."""

    into: Any = forms.ModelChoiceField(label=_("Merge it into"), queryset=None, required=False)
    slug = forms.CharField(label=_("Or by its slug"), required=False, max_length=SLUG_LENGTH)

    def __init__(self, data: Any, *, model: Any, widget: forms.Widget):
        if data is not None and not KEY_SENT.fullmatch(data.get("into", "")):
            data = {**data.dict(), "into": "0"}  # an autocomplete fails on anything that is not a key
        super().__init__(data)
        field: Any = self.fields["into"]
        field.widget = widget
        field.queryset = model._default_manager.all()
        self.model = model
        if model.address_field == "name":
            self.fields["slug"].label = _("Or by its name")

    def clean(self) -> dict[str, Any] | None:
        cleaned: Any = super().clean()
        slug = self.cleaned_data.get("slug")
        if slug and not self.cleaned_data.get("into"):
            self.cleaned_data["into"] = self.model._default_manager.filter(**{self.model.address_field: slug}).first()
            if self.cleaned_data["into"] is None:
                no_such = _("There is no record with this slug.")
                if self.model.address_field == "name":
                    no_such = _("There is no record with this name.")
                self.add_error("slug", no_such)
        elif not self.cleaned_data.get("into") and not self.errors:
            self.add_error("into", _("Choose one."))
        return cleaned


class MergeForm(forms.Form):
    """The choices that a merge leaves open, and the versions of both records that the page shows."""

    duplicate_version = ReadVersion()
    kept_version = ReadVersion()
    take = forms.MultipleChoiceField(
        label=_("Take over what the other record lacks"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, plan: moving.MergePlan, duplicate: Any, kept: Any):
        super().__init__(data, initial={"duplicate_version": duplicate.version, "kept_version": kept.version})
        self.plan = plan
        take: Any = self.fields["take"]
        take.choices = [(offer.name, f"{offer.label}: {_short(offer.value)}") for offer in plan.offers]
        take.initial = [offer.name for offer in plan.offers]
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
                else gettext("Not used; it may be left out."),
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
        """The choices of one kind, by the primary key that ends their names."""
        named = ((name.partition("-"), value) for name, value in self.cleaned_data.items() if value)
        return {int(key): int(value) for (kind, dash, key), value in named if dash and kind == prefix}


def _ruling(ruling: Ruling) -> str:
    value = gettext("open") if ruling.is_open else str(ruling.level or ruling.text or ruling.number)
    return f"{value}: {_short(plain(ruling.why))}"


def _short(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:199]}…"


class MergingAdmin(RenamingAdmin):
    """Records that can be merged into another of their kind."""

    #: A foreign key to such records, whose autocomplete finds the other record.
    found_by: tuple[Any, str]
    #: What happens to the record that is merged, and what has happened to it.
    into_lead = _(
        "Everything that belongs to “%(object)s” moves to the other record, and the address of “%(object)s” redirects "
        "there. The next page shows what would move; nothing is changed yet."
    )
    merged_text = _("“%(duplicate)s” was merged into “%(kept)s”; its address redirects here.")

    def page_urls(self) -> list[URLPattern]:
        return [self.own_page("merge", self.merge_view), *super().page_urls()]

    def moving_links(self, obj: Any) -> list[PageLink]:
        return [*super().moving_links(obj), PageLink(gettext("Merge into…"), self.own_url("merge", obj))]

    def plan(self, request: HttpRequest, duplicate: Any, kept: Any) -> moving.MergePlan:
        raise NotImplementedError

    def merge(self, request: HttpRequest, duplicate: Any, kept: Any, form: MergeForm) -> Any:
        raise NotImplementedError

    def summary(self, obj: Any) -> list[tuple[str, str]]:
        """What distinguishes the record from others, as (label, text)."""
        return [(gettext("Slug"), obj.address)]

    def merge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for the other record, show what would move, then merge."""
        duplicate = self.record(request, object_id)
        if duplicate is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        model, name = self.found_by
        widget = RecordSelect(model._meta.get_field(name), self.admin_site)
        into = IntoForm(request.GET if request.GET else None, model=self.model, widget=widget)
        if not into.is_valid():
            title = gettext("Merge %(name)s into another") % {"name": self.opts.verbose_name}
            lead = self.into_lead % {"object": duplicate}
            context = {"object": duplicate, "form": into, "lead": lead, "media": self.media + into.media}
            return self.page(request, "admin/comparisons/merging/into.html", title, **context)
        kept = into.cleaned_data["into"]
        if not self.has_change_permission(request, kept):
            raise PermissionDenied
        plan = self.plan(request, duplicate, kept)
        form = self.merge_form(request, request.POST or None, plan, duplicate, kept)
        problems, status = [], 200
        if form.is_valid() and not plan.refusals:
            names = {"duplicate": duplicate, "kept": kept}
            read = [self.model._default_manager.get(pk=row.pk) for row in (duplicate, kept)]
            read[0].version, read[1].version = form.cleaned_data["duplicate_version"], form.cleaned_data["kept_version"]
            try:
                merged = self.merge(request, read[0], read[1], form)
                return self.done(request, merged, self.merged_text % names)
            except StaleVersion:
                problems, status = [self.too_late(request)], 409
                form = self.merge_form(request, None, plan, duplicate, kept)
            except moving.Refused as refused:
                problems = refused.reasons
        context = {
            "object": duplicate,
            "duplicate": duplicate,
            "kept": kept,
            "records": [
                (gettext("Merged and deleted"), duplicate, self.summary(duplicate)),
                (gettext("Kept"), kept, self.summary(kept)),
            ],
            "plan": plan,
            "form": form,
            "problems": [*problems, *plan.refusals],
            "turned": f"{self.own_url('merge', kept)}?into={duplicate.pk}",
        }
        title = gettext("Merge %(name)s") % {"name": self.opts.verbose_name_plural}
        response = self.page(request, "admin/comparisons/merging/merge.html", title, **context)
        response.status_code = status
        return response

    def merge_form(
        self, request: HttpRequest, data: Any, plan: moving.MergePlan, duplicate: Any, kept: Any
    ) -> MergeForm:
        return MergeForm(data, plan, duplicate, kept)


class MergingArticles(MergingAdmin):
    found_by = (Article, "follows")

    def plan(self, request: HttpRequest, duplicate: Any, kept: Any) -> moving.MergePlan:
        return moving.article_plan(duplicate, kept)

    def merge(self, request: HttpRequest, duplicate: Any, kept: Any, form: MergeForm) -> Any:
        return moving.merge_articles(duplicate, kept, by=request.user, take=form.taken)

    def summary(self, obj: Any) -> list[tuple[str, str]]:
        return [
            *super().summary(obj),
            (gettext("Publisher"), obj.publisher_name),
            (gettext("Published on"), period_text(obj.published_on, obj.precision)),
            (gettext("Address"), obj.url),
        ]


class MergingPublishers(MergingAdmin):
    found_by = (PublisherAlias, "publisher")
    into_lead = _(
        "All articles of “%(object)s” get the other publisher, and “%(object)s” becomes another name of it. The next "
        "page shows what would change; nothing is changed yet."
    )
    merged_text = _("“%(duplicate)s” was merged into “%(kept)s”; it is another name of it now.")
    renaming = RenameWords(
        _("New name"),
        _("Name so far"),
        _("That is its name already."),
        _("Renamed from “%(old)s” to “%(new)s”; the former name still finds it."),
        _("All articles of “%(object)s” get the new name, and the former one is kept as another name."),
        _("The articles of the publisher get its new name. Files that say the former one still mean it."),
    )

    def plan(self, request: HttpRequest, duplicate: Any, kept: Any) -> moving.MergePlan:
        return moving.publisher_plan(duplicate, kept)

    def merge(self, request: HttpRequest, duplicate: Any, kept: Any, form: MergeForm) -> Any:
        return moving.merge_publishers(duplicate, kept, by=request.user, take=form.taken)

    def check_address(self, obj: Any, address: str) -> None:
        moving.check_name(obj, address)

    def rename(self, request: HttpRequest, obj: Any, address: str) -> Any:
        return moving.rename_publisher(obj, address, by=request.user)

    def summary(self, obj: Any) -> list[tuple[str, str]]:
        return [
            (gettext("Name"), obj.name),
            (gettext("Other names"), ", ".join(obj.aliases.values_list("name", flat=True))),
            (gettext("Address"), obj.url),
            (gettext("Note"), obj.note),
        ]


class MergingClaims(MergingAdmin):
    found_by = (Citation, "claim")

    def plan(self, request: HttpRequest, duplicate: Any, kept: Any) -> moving.MergePlan:
        plan = moving.claim_plan(duplicate, kept)
        if not request.user.has_perm(permissions.JUDGE):
            plan.offers = [offer for offer in plan.offers if offer.name != "verdict"]
        if refusal := moving.unapproved(duplicate, kept, request.user):
            plan.refusals.append(refusal)
        return plan

    def merge(self, request: HttpRequest, duplicate: Any, kept: Any, form: MergeForm) -> Any:
        return moving.merge_claims(duplicate, kept, by=request.user, take=form.taken)

    def summary(self, obj: Any) -> list[tuple[str, str]]:
        return [
            (gettext("Key"), obj.key),
            (gettext("Status"), obj.get_status_display()),
            (gettext("Framework"), str(obj.framework or gettext("none in particular"))),
            (gettext("Criterion"), str(obj.criterion)),
            (gettext("Statement"), plain(obj.statement)),
        ]


class MergingCriteria(MergingAdmin):
    found_by = (Claim, "criterion")

    def plan(self, request: HttpRequest, duplicate: Any, kept: Any) -> moving.MergePlan:
        return moving.criterion_plan(duplicate, kept)

    def merge(self, request: HttpRequest, duplicate: Any, kept: Any, form: MergeForm) -> Any:
        levels, rulings = form.chosen("level"), form.chosen("ruling")
        return moving.merge_criteria(duplicate, kept, by=request.user, levels=levels, rulings=rulings)

    def summary(self, obj: Any) -> list[tuple[str, str]]:
        unit = f" ({obj.unit})" if obj.unit else ""
        return [
            *super().summary(obj),
            (gettext("Group"), str(obj.group)),
            (gettext("Question"), obj.question),
            (gettext("Value type"), obj.get_value_type_display() + unit),
        ]
