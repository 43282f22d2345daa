"""The admin: where editors work. Thin edges over the models and comparisons/services.py."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from . import catalogue, evidence, judgement, pages  # noqa: F401

admin.site.site_header = admin.site.site_title = _("Crosscheck")
admin.site.index_title = _("Curation")
