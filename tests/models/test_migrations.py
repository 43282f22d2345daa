"""The migrations, taken back to the first and applied again over rows: nothing that readers see is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection

from comparisons.history import reasons
from comparisons.history.recording import set_reason
from comparisons.links import stored as links
from comparisons.models import Article, Criterion
from comparisons.search import index as search_index
from tests.factories import NOON, make_article, make_criterion, make_framework
from tests.history.test_steps import REASONS, steps_of
from tests.search.found import found

#: The last migration before findings about links had a table of their own.
BEFORE_LINK_CHECKS = "0005"


@pytest.fixture
def every_migration(transactional_db: None) -> Iterator[None]:
    """Leave the database with all its migrations, whatever becomes of the test."""
    yield
    call_command("migrate", verbosity=0)


def test_every_migration_can_be_reversed_and_applied_again(every_migration: None) -> None:
    """One walk for all of them, since a walk takes ten seconds."""
    make_framework("kept", name="Keptwell")
    article = make_article(url="https://example.org/page")
    links.record(links.ArticleLink(article.pk, article.slug, article.url), links.Finding(200), NOON)
    criterion = make_criterion()
    # The address in the last reason is cut, so that the migration cannot tell it.
    for reason, _step, _origin in (*REASONS, (reasons.renamed("x" * 120), "rename", "")):
        set_reason(criterion, by=None, reason=reason)
        criterion.save()

    call_command("migrate", "comparisons", BEFORE_LINK_CHECKS, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT link_health FROM comparisons_historicalarticle")
        assert cursor.fetchall() == [("unchecked",)]
    call_command("migrate", "comparisons", "0001", verbosity=0)
    call_command("migrate", verbosity=0)

    assert Article.objects.get(pk=article.pk).link_health == "ok"
    *whole, cut = steps_of(Criterion)
    assert whole == [(None, "", ""), *((reason.sentence, step, origin) for reason, step, origin in REASONS)]
    assert cut[1:] == ("rename", "")
    search_index.rebuild()
    assert found("keptwell") == ["kept"]


@pytest.mark.crossing
def test_the_newest_migrations_can_be_reversed_on_any_database(every_migration: None) -> None:
    """Older ones were walked back there when they were the newest, and never change."""
    framework = make_framework("kept", name="Keptwell")
    make_article("told", publisher="Acme")
    make_article("again", publisher="")
    make_article("untold", publisher="")
    call_command("migrate", "comparisons", "0038", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE comparisons_article SET publisher = 'ACME' WHERE slug = 'again'")
    call_command("migrate", "comparisons", "0035", verbosity=0)
    call_command("migrate", verbosity=0)
    framework.refresh_from_db()
    assert framework.name == "Keptwell"
    # Spellings that look alike are one publisher: the one that stood first, if none is more frequent.
    names = dict(Article.objects.values_list("slug", "publisher"))
    assert names == {"told": "Acme", "again": "Acme", "untold": None}
