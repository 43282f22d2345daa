"""What queries found is remembered until a table that they read is written to."""

from typing import Any

import pytest

from comparisons.models import Cell, Framework, LinkCheck, remembered, stamps
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def watched(settings: Any) -> Any:
    """Notice the writes of this test as a process that serves does."""
    from django.db import connection

    settings.WATCH_WRITES = True
    before = list(connection.execute_wrappers)
    stamps.watch_connection(connection)
    remembered.forget()
    stamps.forget()
    yield
    connection.execute_wrappers[:] = before
    remembered.forget()
    stamps.forget()


def names() -> list[str]:
    return list(remembered.rows(Framework.objects.order_by("slug").values_list("slug", flat=True)))


def test_the_second_time_takes_no_query_and_a_write_ends_that(django_assert_num_queries: Any) -> None:
    make.make_framework("one")
    assert names() == ["one"]
    with django_assert_num_queries(0):
        assert names() == ["one"]
    make.make_framework("other")
    assert names() == ["one", "other"]


def test_a_row_inserted_outside_a_transaction_is_kept_and_noticed() -> None:
    assert names() == []
    row = make.make_article()
    LinkCheck.objects.create(article=row, url="https://example.org/")
    assert LinkCheck.objects.get().article == row
    Framework(slug="bare", name="Bare", tagline="As it is.").save_base(raw=True)
    assert names() == ["bare"]


def test_a_write_to_another_table_ends_nothing(django_assert_num_queries: Any) -> None:
    make.make_framework("one")
    names()
    make.make_article("article")
    stamps.current()
    with django_assert_num_queries(0):
        names()


def test_nothing_is_remembered_inside_a_transaction(django_assert_num_queries: Any) -> None:
    from django.db import transaction

    make.make_framework("one")
    names()
    with transaction.atomic():
        make.make_framework("other")
        assert names() == ["one", "other"]
        transaction.set_rollback(True)
    assert names() == ["one"]


def test_a_page_made_of_what_is_remembered_depends_on_its_tables() -> None:
    names()
    with stamps.reading() as tables:
        names()
    assert Framework._meta.db_table in tables.names


def test_the_rows_asked_for_longest_ago_are_forgotten(monkeypatch: Any, django_assert_num_queries: Any) -> None:
    make.make_framework("one")
    make.make_framework("other")
    monkeypatch.setattr(remembered, "MOST_ROWS", 3)
    names()
    remembered.keys(Framework.objects.order_by("-slug"))
    with django_assert_num_queries(1):
        names()


def test_a_query_that_finds_nothing_for_sure_is_not_made(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert list(remembered.keys(Framework.objects.none())) == []


def test_cells_are_remembered_until_the_name_of_a_level_changes(django_assert_num_queries: Any) -> None:
    claim = make.make_claim(
        make.make_framework("one"), make.make_criterion("forms", levels=("built-in",)), level="built-in"
    )
    make.settle()

    def label() -> str:
        return Cell.objects.all().remembered_views()[claim.framework_id, claim.criterion_id].level_label

    before = label()
    with django_assert_num_queries(0):
        assert label() == before
    claim.level.label = "Built right in"
    claim.level.save()
    assert label() == "Built right in" != before
