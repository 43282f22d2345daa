"""The app: everything the site knows and shows."""

from django.apps import AppConfig
from django.conf import settings

from comparisons.language import called


class ComparisonsConfig(AppConfig):
    name = "comparisons"
    verbose_name = called.SITE

    def ready(self) -> None:
        from comparisons.evidence import cells
        from comparisons.history import changes, editions
        from comparisons.language import nouns
        from comparisons.links import stored
        from comparisons.maintenance import system_checks  # noqa: F401
        from comparisons.models import drafts, stamps
        from comparisons.models import subject as subjects
        from comparisons.models.derived import follow
        from comparisons.pros_cons import summaries
        from comparisons.search import index as search_index
        from comparisons.search import names as search_names

        nouns.speak_of(subjects.nouns)
        called.call_by(subjects.names)
        # Once a transaction has committed, they are refreshed in this order.
        derived = (
            cells.CELLS,
            changes.CHANGES,
            summaries.SUMMARIES,
            search_index.ENTRIES,
            search_names.NAMES,
            stored.LINK_CHECKS,
            editions.EDITIONS,
        )
        for one in derived:
            follow(one)
        drafts.follow()
        if settings.WATCH_WRITES:
            stamps.watch()
