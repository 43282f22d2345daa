"""The admin of this project, which replaces the stock one."""

from importlib import import_module
from typing import Any

from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks

from . import slow

#: Where everything is registered with the admin. It is a twentieth of the memory of a server, most of whose readers
#: never ask for it.
ADMIN = "comparisons.admin.urls"


class Admin(SimpleAdminConfig):
    """The stock admin with the desk as its first page and a login that slows down guessing.

    What it shows is registered when somebody first asks for one of its pages (kb/urls.py), or checks the project.
    """

    default_site = "kb.login.GuardedSite"

    def ready(self) -> None:
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(_check, checks.Tags.admin)
        slow.watch()


def _check(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """What the stock admin checks, of all that is registered."""
    import_module(ADMIN)
    return check_admin_app(app_configs, **kwargs)
