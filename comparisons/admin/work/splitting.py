"""The page that splits a criterion in two: describe the new one, choose its claims, see what would move, then split."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django import forms
from django.db.models import Count, F
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from comparisons.admin.forms import KEY_SENT, ReadVersion
from comparisons.admin.pages import PageLink
from comparisons.editing import merging as moving
from comparisons.models import Claim, Comparison, Criterion, StaleVersion

from .merging import MergingCriteria

#: The most claims that the page of a split lists one by one; if there are more, it lists frameworks.
LISTED = 500


class SplitForm(forms.ModelForm):
    """The new criterion, which is answered in the same way as the old one."""

    class Meta:
        model = Criterion
        fields = ["name", "slug", "question", "definition", "group"]
        widgets = {
            "definition": forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
            "question": forms.TextInput(attrs={"class": "vLargeTextField"}),
        }

    read_version = ReadVersion()
    comparisons = forms.ModelMultipleChoiceField(
        label=_("Comparisons to add it to, directly after the old one"),
        queryset=Comparison.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    replaces = forms.BooleanField(
        label=_("Delete the old criterion"),
        required=False,
        help_text=_("Only if all its claims move. Its address redirects to the first criterion split from it."),
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


class FrameworkClaims(NamedTuple):
    """The claims of one framework under a criterion.

    key: 0 for claims about no framework. claims: each with whether it is chosen.
    """

    key: int
    name: str
    number: int
    is_chosen: bool
    claims: list[tuple[Claim, bool]]


class SplittingAdmin(MergingCriteria):
    """Criteria can be split as well as merged."""

    def page_urls(self) -> list[URLPattern]:
        return [self.own_page("split", self.split_view), *super().page_urls()]

    def moving_links(self, obj: Any) -> list[PageLink]:
        return [*super().moving_links(obj), PageLink(gettext("Split…"), self.own_url("split", obj))]

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
        response = self.page(request, "admin/comparisons/merging/split.html", title, **context)
        response.status_code = status
        return response

    @staticmethod
    def _of_frameworks(old: Criterion, frameworks: set[int]) -> set[int]:
        """The claims of whole frameworks; 0 stands for claims about no framework."""
        claims = Claim.objects.filter(criterion=old).order_by()
        found = set(claims.filter(framework__in=frameworks).values_list("pk", flat=True))
        return found | (set(claims.filter(framework=None).values_list("pk", flat=True)) if 0 in frameworks else set())

    @staticmethod
    def _groups(old: Criterion, chosen: set[int], frameworks: set[int], *, listed: bool) -> Iterable[FrameworkClaims]:
        """All claims by framework, including drafts; two queries. listed: whether single claims are included."""
        claims = Claim.objects.filter(criterion=old)
        by_framework = (F("framework__order").asc(nulls_last=True), F("framework__name").asc(nulls_last=True))
        counted = claims.order_by(*by_framework).values_list("framework", "framework__name").annotate(Count("pk"))
        found = {
            key or 0: FrameworkClaims(
                key or 0, name or gettext("None in particular"), number, (key or 0) in frameworks, []
            )
            for key, name, number in counted
        }
        for claim in claims.select_related("level").order_by("key") if listed else ():
            found[claim.framework_id or 0].claims.append((claim, claim.pk in chosen))
        return found.values()


#: Fields of a split that its preview does not pass on.
_NOT_CARRIED = frozenset({"csrfmiddlewaretoken", "read_version", "preview", "confirm", "change", "claims"})


def _sent(request: HttpRequest, name: str) -> set[int]:
    """The primary keys that a form sent under one name, ignoring anything else."""
    return {int(key) for key in request.POST.getlist(name) if key and KEY_SENT.fullmatch(key)}
