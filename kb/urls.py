"""The addresses of the site: health checks, the admin, and the pages of the app."""

from django.http import HttpRequest, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import URLResolver, path
from django.urls.resolvers import RoutePattern

from comparisons.urls import AddressesOfSubject, app_name

from . import health
from .apps import ADMIN


def favicon(request: HttpRequest) -> HttpResponseRedirect:
    """Redirect to the icon. Browsers look here on pages that name none, such as those of the admin."""
    return HttpResponseRedirect(static("favicon.svg"))


class AdminAddresses(URLResolver):
    """The addresses of the admin, which is loaded when one of them is first looked up.

    To look up another by its name, Django has each resolver prepare its own, and uses nothing of one with a namespace.
    """

    def _populate(self) -> None:
        if "urlconf_module" in self.__dict__:
            super()._populate()


urlpatterns = [
    path("favicon.ico", favicon, name="favicon"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    AdminAddresses(RoutePattern("admin/"), ADMIN, app_name="admin", namespace="admin"),
    AddressesOfSubject(RoutePattern(""), "comparisons.urls", app_name=app_name, namespace=app_name),
]
handler400 = "comparisons.views.errors.bad_request"
handler403 = "comparisons.views.errors.permission_denied"
handler404 = "comparisons.views.errors.not_found"
handler500 = "kb.errors.server_error"
