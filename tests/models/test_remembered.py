"""What queries found is remembered until a table that they read is written to."""

from typing import Any

import pytest
from django.db import OperationalError

from comparisons.evidence.witnesses import Witnesses
from comparisons.models import Cell, Framework, LinkCheck, reads, remembered, stamps, traced
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
    with reads.reading() as tables:
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


def test_queries_that_find_nothing_are_forgotten_too(monkeypatch: Any) -> None:
    monkeypatch.setattr(remembered, "MOST_QUERIES", 3)
    for number in range(9):
        assert list(remembered.keys(Framework.objects.filter(slug=f"none-{number}"))) == []
    assert len(remembered._found) == 3


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


def test_what_was_made_is_made_again_after_a_write_to_a_table_it_was_read_from(
    django_assert_num_queries: Any,
) -> None:
    def both() -> tuple[int, int]:
        return remembered.made("both", lambda: (Framework.objects.count(), Cell.objects.count()))

    make.make_framework("one")
    assert both() == (1, 0)
    make.make_article("article")
    stamps.current()
    with django_assert_num_queries(0):
        assert both() == (1, 0)
    make.make_framework("other")
    assert both() == (2, 0)


def test_what_was_made_depends_on_what_was_remembered_while_it_was_made() -> None:
    names()
    assert remembered.made("names", names) == []
    with reads.reading() as tables:
        remembered.made("names", names)
    assert Framework._meta.db_table in tables.names
    make.make_framework("one")
    assert remembered.made("names", names) == ["one"]


def test_what_other_apps_store_is_not_remembered(django_assert_num_queries: Any) -> None:
    from django.contrib.auth.models import User

    for _time in range(2):
        stamps.current()
        with django_assert_num_queries(1):
            remembered.made("users", User.objects.count)


class TestEach:
    """Records are read once until they are written to."""

    def taglines(self, *pks: int, most: int = 10) -> tuple[dict[int, str], list[int]]:
        """The taglines of frameworks, and those that were read."""
        asked: list[int] = []

        def read(missing: list[int]) -> dict[int, str]:
            asked.extend(missing)
            return dict(Framework.objects.filter(pk__in=missing).values_list("pk", "tagline"))

        return remembered.each("taglines", pks, read, most), asked

    def test_only_those_that_are_not_known_are_read_and_all_come_in_their_order(self) -> None:
        one, other = (make.make_framework(name, tagline=name).pk for name in ("one", "other"))
        self.taglines(one)
        found, asked = self.taglines(other, one)
        assert (list(found.items()), asked) == ([(other, "other"), (one, "one")], [other])

    def test_a_write_ends_what_is_known(self) -> None:
        one, other = (make.make_framework(name, tagline=name).pk for name in ("one", "other"))
        self.taglines(one, other)
        framework = Framework.objects.get(pk=one)
        framework.tagline = "new"
        framework.save()
        found, asked = self.taglines(one)
        assert (found, asked) == ({one: "new"}, [one])
        assert self.taglines(other)[1] == [other]

    def test_a_write_to_others_leaves_what_is_known(self) -> None:
        one, other = (make.make_framework(name, tagline=name).pk for name in ("one", "other"))
        self.taglines(one)
        Framework.objects.filter(pk=other).update(tagline="new")
        assert self.taglines(one) == ({one: "one"}, [])

    def test_what_was_read_in_pieces_is_read_at_once_after_a_write(self) -> None:
        pks = [make.make_framework(slug).pk for slug in ("one", "other")]
        for pk in pks:
            self.taglines(pk)
        make.make_framework("third")
        assert self.taglines(*pks)[1] == pks

    def test_one_that_is_not_there_is_left_out(self) -> None:
        assert self.taglines(7) == ({}, [7])

    def test_no_more_are_held_than_said(self) -> None:
        one, other = (make.make_framework(name).pk for name in ("one", "other"))
        self.taglines(one, most=1)
        self.taglines(other, most=1)
        assert (self.taglines(other, most=1)[1], self.taglines(one, most=1)[1]) == ([], [one])

    def test_a_page_made_of_them_depends_on_their_table(self) -> None:
        one = make.make_framework("one").pk
        self.taglines(one)
        with reads.reading() as tables:
            self.taglines(one)
        assert Framework._meta.db_table in tables.names


def test_witnesses_are_remembered_for_readers_and_asked_for_by_writers(django_assert_num_queries: Any) -> None:
    origin = make.make_article("origin", publisher="Pallets")
    copied = make.make_article("copied", publisher="Other", follows=origin)
    assert Witnesses().of(copied.pk, "Other", "copied") == "Pallets"
    with django_assert_num_queries(0):
        assert Witnesses().of(copied.pk, "Other", "copied") == "Pallets"
    with django_assert_num_queries(1):
        Witnesses("default")
    copied.follows = None
    copied.save()
    assert Witnesses().of(copied.pk, "Other", "copied") == "Other"


def _taglines_of(slug: str) -> list[str]:
    return [one.tagline for one in Framework.objects.filter(slug=slug)]


def test_what_is_made_outlives_a_write_that_its_queries_do_not_find() -> None:
    made: list[str] = []

    def taglines(slug: str) -> list[str]:
        made.append(slug)
        return _taglines_of(slug)

    one, other = make.make_framework("one", tagline="As it was."), make.make_framework("other")
    assert remembered.of(taglines, "one") == ["As it was."]
    other.tagline = "Another."
    other.save()
    assert remembered.of(taglines, "one") == ["As it was."]
    assert made == ["one"]
    one.tagline = "As it is."
    one.save()
    assert remembered.of(taglines, "one") == ["As it is."]
    assert made == ["one", "one"]


def test_what_is_made_of_something_made_follows_its_queries() -> None:
    one = make.make_framework("one", tagline="As it was.")
    outer = lambda: remembered.of(_taglines_of, "one")  # noqa: E731
    assert remembered.made("outer", outer) == ["As it was."]
    one.tagline = "As it is."
    one.save()
    assert remembered.made("outer", outer) == ["As it is."]


def test_what_was_compared_is_not_asked_for_again_to_make_it_anew(monkeypatch: Any) -> None:
    one = make.make_framework("one", tagline="As it was.")
    outer = lambda: remembered.of(_taglines_of, "one")  # noqa: E731
    remembered.made("outer", outer)
    one.tagline = "As it is."
    one.save()
    answers: list[Any] = []
    digest = traced._digest
    monkeypatch.setattr(traced, "_digest", lambda rows: answers.append(rows) or digest(rows))
    assert remembered.made("outer", outer) == ["As it is."]
    assert len(answers) == 1
    one.tagline = "As it is since."
    one.save()
    assert outer() == ["As it is since."]
    assert remembered.made("outer", outer) == ["As it is since."]


def test_what_is_made_anew_follows_the_queries_of_a_part_that_stayed() -> None:
    one, other = make.make_framework("one", tagline="One."), make.make_framework("other", tagline="Other.")
    outer = lambda: [remembered.of(_taglines_of, slug) for slug in ("one", "other")]  # noqa: E731
    assert remembered.made("outer", outer) == [["One."], ["Other."]]
    other.tagline = "Other since."
    other.save()  # the first part is compared with the whole, and its answer is at hand when it is looked at
    assert remembered.made("outer", outer) == [["One."], ["Other since."]]
    one.tagline = "One since."
    one.save()
    assert remembered.made("outer", outer) == [["One since."], ["Other since."]]


def test_what_is_kept_elsewhere_is_asked_for_each_time(django_assert_num_queries: Any) -> None:
    make.make_framework("one")
    remembered.made("kept", names, is_kept=True)
    stamps.current()
    with django_assert_num_queries(1):
        assert remembered.made("kept", names, is_kept=True) == ["one"]


def test_what_nobody_announced_shows_when_its_time_is_over(monkeypatch: Any) -> None:
    from django.db import connection

    make.make_framework("one", tagline="As it was.")
    assert remembered.of(_taglines_of, "one") == ["As it was."]
    connection.connection.execute("UPDATE comparisons_framework SET tagline = 'Past Django.'")
    assert remembered.of(_taglines_of, "one") == ["As it was."]
    later = remembered.time.monotonic() + remembered.LIFETIME + 1
    monkeypatch.setattr(remembered.time, "monotonic", lambda: later)
    assert remembered.of(_taglines_of, "one") == ["Past Django."]


@pytest.mark.parametrize("is_away", [False, True])
def test_stamps_that_cannot_be_written_do_not_fail_what_is_committed(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, is_away: bool
) -> None:
    """It is told in a line, also if the database cannot even say whether it has stamps."""

    def refuse(*_: Any, **__: Any) -> None:
        raise OperationalError("read\nonly")

    again: list[Any] = []
    monkeypatch.setattr(stamps, "later", lambda *due: again.append(due))
    monkeypatch.setattr(type(stamps.PageStamp.objects.all()), "bulk_create", refuse)
    if is_away:
        monkeypatch.setattr(stamps.connections["default"].introspection, "table_names", refuse)
    stamps.renew({"*"})
    (record,) = caplog.records
    assert record.getMessage().endswith("in some seconds: read only") and record.exc_info is None
    assert again == [(stamps.renew, frozenset({"*"}), "default")]
