"""The addresses of the admin. Loading this registers all that it shows, which kb/urls.py does once somebody asks."""

from django.contrib import admin

from comparisons.admin import (  # noqa: F401
    addresses,
    articles,
    benchmarks,
    catalogue,
    challenges,
    checks,
    claims,
    comparisons,
    decisions,
    notes,
    people,
    proposals,
    publishers,
    rulings,
    runs,
    subject,
)

admin.autodiscover()
urlpatterns = admin.site.get_urls()
