"""Addresses: health, the admin, and everything else from the app."""

from django.contrib import admin
from django.urls import include, path

from . import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("", include("comparisons.urls")),
]
handler400 = "comparisons.views.site.bad_request"
handler403 = "comparisons.views.site.permission_denied"
handler404 = "comparisons.views.site.not_found"
handler500 = "kb.errors.server_error"
