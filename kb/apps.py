"""The admin of this project, which replaces the stock one."""

from django.contrib.admin.apps import AdminConfig

from . import slow


class Admin(AdminConfig):
    """The stock admin with the editor's desk as its first page."""

    default_site = "comparisons.admin.site.DeskSite"

    def ready(self) -> None:
        super().ready()
        slow.watch()
