"""Addresses: the admin, and everything else from the app."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("comparisons.urls")),
]
handler400 = "comparisons.views.site.bad_request"
handler403 = "comparisons.views.site.permission_denied"
handler404 = "comparisons.views.site.not_found"
handler500 = "comparisons.views.site.server_error"
