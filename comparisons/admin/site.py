"""The admin site: the desk is its first page, and models stand in the order of the work."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comparisons.language import called

from .work.deleting import delete_selected

#: Models in the order in which an editor meets them.
ORDER = [
    "Claim", "Article", "Framework", "Criterion", "Comparison", "Ruling", "Subject", "Proposal", "Challenge",
    "DecisionRecord", "Cell", "Citation", "Check", "Note", "Publisher", "Release", "CriterionGroup", "Level",
    "StartingNeed",
]  # fmt: skip


class DeskSite(AdminSite):
    """The stock admin with the desk as its first page, and models in the order of the work."""

    site_header = site_title = called.SITE
    index_title = _("The desk")
    index_template = "admin/desk.html"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.add_action(delete_selected)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        from .work.desk import desk, news, starts

        lists = desk(request, self)
        own = {"desk": lists, "idle": [one for one in lists if not one.count]}
        own |= {**starts(request, self), **news(request, self)}
        return super().index(request, {**own, **(extra_context or {})})

    def get_urls(self) -> list[Any]:
        return [path("activity/", self.admin_view(self.activity), name="activity"), *super().get_urls()]

    def activity(self, request: HttpRequest) -> HttpResponse:
        """What everybody has done here."""
        from .work.activity import activity

        return activity(request, self)

    def autocomplete_view(self, request: HttpRequest) -> Any:
        from .choices import ChoicesView

        return ChoicesView.as_view(admin_site=self)(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        apps = super().get_app_list(request, app_label)
        place = {name: number for number, name in enumerate(ORDER)}
        for app in apps:
            if app["app_label"] == "auth":
                app["name"] = gettext("People")
            app["models"].sort(key=lambda model: place.get(model["object_name"], len(ORDER)))
        return sorted(apps, key=lambda app: app["app_label"] != "comparisons")
