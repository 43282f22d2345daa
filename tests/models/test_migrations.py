"""The migrations, taken back to the first and applied again over rows: nothing that readers see is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection

from comparisons.history import edition_rows, editions, reasons
from comparisons.history.recording import set_reason
from comparisons.links import stored as links
from comparisons.models import Article, ComparisonEdition, Criterion, EditionRow, Framework
from comparisons.search import index as search_index
from tests.factories import DAY, NOON, make_article, make_comparison, make_criterion, make_framework
from tests.history.test_steps import REASONS, steps_of
from tests.search.found import found

#: The last migration before findings about links had a table of their own.
BEFORE_LINK_CHECKS = "0005"


@pytest.fixture
def every_migration(transactional_db: None) -> Iterator[None]:
    """Leave the database with all its migrations, whatever becomes of the test."""
    yield
    call_command("migrate", verbosity=0)


def make_rows_of_publishers() -> None:
    make_framework("kept", name="Keptwell")
    make_article("told", publisher="Acme")
    make_article("again", publisher="")
    make_article("untold", publisher="")


def spell_differently() -> None:
    """Where the publisher of an article is a text, write that of one in other letters than that of another."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE comparisons_article SET publisher = 'ACME' WHERE slug = 'again'")


def check_publishers() -> None:
    """Spellings that look alike are one publisher: the one that stood first, if none is more frequent."""
    articles = Article.objects.filter(slug__in=["told", "again", "untold"])
    assert dict(articles.values_list("slug", "publisher")) == {"told": "Acme", "again": "Acme", "untold": None}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the older ones are walked once, on SQLite")
def test_every_migration_can_be_reversed_and_applied_again(every_migration: None) -> None:
    """One walk for all of them, since a walk takes ten seconds."""
    make_rows_of_publishers()
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
        assert set(cursor.fetchall()) == {("unchecked",)}
    spell_differently()
    call_command("migrate", "comparisons", "0001", verbosity=0)
    call_command("migrate", verbosity=0)

    assert Article.objects.get(pk=article.pk).link_health == "ok"
    *whole, cut = steps_of(Criterion)
    assert whole == [(None, "", ""), *((reason.sentence, step, origin) for reason, step, origin in REASONS)]
    assert cut[1:] == ("rename", "")
    search_index.rebuild()
    assert found("keptwell") == ["kept"]
    check_publishers()


@pytest.mark.crossing
def test_editions_get_their_rows_back_when_the_table_of_rows_goes(every_migration: None) -> None:
    """And stay readable when it is made again, beside those that are recorded since."""
    page = make_comparison("kept", (make_framework(),), (make_criterion("one"), make_criterion("two")))
    ComparisonEdition.objects.update(day=DAY)
    EditionRow.objects.update(day=DAY)
    row = page.rows.get(criterion__slug="one")
    row.delete()
    renamed = Criterion.objects.get(slug="two")
    renamed.name = "Other"
    renamed.save()
    before = [edition_rows.past(one) for one in ComparisonEdition.objects.order_by("day")]
    assert [[line.name for line in past.rows] for past in before] == [["One", "Two"], ["Other"]]
    call_command("migrate", "comparisons", "0040", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM comparisons_comparisonedition ORDER BY day")
        states = [json.loads(state) for (state,) in cursor.fetchall()]
    assert [[line["name"] for line in state["rows"]] for state in states] == [["One", "Two"], ["Other"]]
    call_command("migrate", verbosity=0)
    assert [edition_rows.past(one) for one in ComparisonEdition.objects.order_by("day")] == before
    assert editions.outdated() == []


@pytest.mark.crossing
@pytest.mark.skipif(connection.vendor == "sqlite", reason="walked there with all others")
def test_the_newest_migrations_can_be_reversed_on_any_database(every_migration: None) -> None:
    """Older ones were walked back there when they were the newest, and never change."""
    make_rows_of_publishers()
    call_command("migrate", "comparisons", "0038", verbosity=0)
    spell_differently()
    call_command("migrate", "comparisons", "0035", verbosity=0)
    call_command("migrate", verbosity=0)
    assert Framework.objects.get().name == "Keptwell"
    check_publishers()
