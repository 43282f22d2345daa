"""The admin of this project, which replaces the stock one."""

from django.contrib.admin.apps import AdminConfig

from . import slow


class Admin(AdminConfig):
    """The stock admin with the desk as its first page and a login that slows down guessing."""

    default_site = "kb.login.GuardedSite"

    def ready(self) -> None:
        super().ready()
        slow.watch()
