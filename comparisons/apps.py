"""The app: everything the site knows and shows."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComparisonsConfig(AppConfig):
    name = "comparisons"
    verbose_name = _("Crosscheck")

    def ready(self) -> None:
        from . import cells, links, search_index, summaries, system_checks  # noqa: F401

        cells.connect()
        summaries.connect()
        search_index.connect()
        links.connect()
