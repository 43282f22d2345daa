"""The admin by itself, with the names of the readers' pages that it links to."""

from django.contrib import admin
from django.http import HttpResponse
from django.urls import include, path

NAMES = ("framework", "criterion", "article", "claim", "comparison")
pages = [path(f"{name}/<key>/", lambda request, key: HttpResponse(key), name=name) for name in NAMES]
urlpatterns = [path("admin/", admin.site.urls), path("", include((pages, "comparisons")))]
