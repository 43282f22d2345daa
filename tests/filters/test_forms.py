"""Parameters of pages: what is taken, what is refused, and the links that carry them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.http import QueryDict

from comparisons import filters


class ExampleForm(filters.QueryForm):
    group = filters.RecordField(most=3)
    only = filters.WordField(["differences", "disputed"], most=2)
    as_of = filters.DayField()
    q = filters.QueryField()
    page = filters.WholeField(1, 50)


def read(text: str) -> filters.QueryForm:
    return ExampleForm.read(QueryDict(text))


def bad(text: str) -> filters.BadQuery:
    with pytest.raises(filters.BadQuery) as caught:
        read(text)
    return caught.value


def test_several_values_come_as_a_tuple_and_a_single_one_bare():
    query = read("group=data&group=api&as_of=2026-11-20&page=3")
    assert query.params["group"] == ("data", "api")
    assert (query.params["as_of"], query.params["page"]) == (dt.date(2026, 11, 20), 3)


def test_nothing_given_is_none_or_an_empty_tuple():
    query = read("")
    assert (query.params["group"], query.params["as_of"]) == ((), None)
    assert query.string() == ""


def test_unknown_names_are_ignored_and_dropped_from_links():
    assert read("utm_source=x&group=data").string() == "?group=data"


def test_empty_values_count_as_not_given():
    assert read("as_of=&q=+").string() == ""


@pytest.mark.parametrize(
    "text",
    [
        "group=Data",
        "group=-x",
        "group=a%2Fb",
        "group=a&group=b&group=c&group=d",
        "only=everything",
        "as_of=2026-02-30",
        "as_of=20-11-2026",
        "as_of=%D9%A2%D9%A0%D9%A2%D9%A6-11-20",
        "page=0",
        "page=51",
        "page=1_0",
        "page=%D9%A1%D9%A2",
        "page=" + "9" * 5000,
        "q=" + "x" * 201,
        "q=a%00b",
        "page=1&page=2",
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(text):
    assert [one.name for one in bad(text).bad] == [text.split("=")[0]]


def test_the_page_is_offered_without_the_bad_value_and_with_all_others():
    assert bad("group=data&group=NO&as_of=tomorrow&page=2").without == "?group=data&page=2"


def test_every_bad_value_is_named_at_once():
    assert {one.name for one in bad("group=NO&as_of=tomorrow&page=x").bad} == {"group", "as_of", "page"}


def test_a_record_that_is_not_known_is_refused():
    with pytest.raises(filters.BadQuery) as caught:
        read("group=data&group=nope").require("group", {"data"})
    assert caught.value.without == "?group=data"


def test_changing_a_filter_goes_back_to_the_first_page():
    query = read("group=data&page=4")
    assert query.having("group", "api") == "?group=data&group=api"
    assert query.without("group", "data") == ""


def test_links_carry_parameters_in_the_order_of_the_form():
    assert read("page=2&only=disputed&group=data").string(page=3) == "?group=data&only=disputed&page=3"


def test_a_value_given_twice_counts_once():
    assert read("group=data&group=data").params["group"] == ("data",)


def test_hidden_fields_leave_out_what_the_form_sets():
    assert read("group=data&as_of=2026-01-01&only=disputed").hidden("group") == [
        ("only", "disputed"),
        ("as_of", "2026-01-01"),
    ]


def test_what_is_compared_across_parameters_is_named_like_any_bad_value():
    with pytest.raises(filters.BadQuery) as caught:
        filters.ClaimFilter.read(QueryDict("year_from=2025&year_to=2020&kind=no"), today=dt.date(2026, 1, 1))
    assert [(one.name, one.value) for one in caught.value.bad] == [("kind", "no"), ("year_to", "2020")]
    assert caught.value.without == "?year_from=2025"


def test_no_more_values_are_read_than_a_parameter_can_have():
    form = read("&".join(f"group=g{number}" for number in range(3)))
    assert len(form.params["group"]) == 3
    assert len(bad("&".join(f"group=g{number}" for number in range(1000))).bad) == filters.MAX_VALUES - 2


def test_places_are_read_from_a_parameter_for_each_record():
    query = filters.WholeMatrixForm.read(QueryDict("place.flask=2&place.django=&place.x.y=10&framework=flask"))
    assert query.params["place"] == (("flask", 2), ("x.y", 10))
    assert query.params["framework"] == ("flask",)


@pytest.mark.parametrize("number", ["0", "1000", "one", "1_0", "-1"])
def test_a_place_that_is_no_whole_number_is_refused(number):
    with pytest.raises(filters.BadQuery) as caught:
        filters.WholeMatrixForm.read(QueryDict(f"place.flask={number}"))
    assert [(one.name, one.value) for one in caught.value.bad] == [("place", f"flask:{number}")]


def test_all_rows_and_some_rows_at_once_are_refused():
    with pytest.raises(filters.BadQuery) as caught:
        filters.MatrixForm.read(QueryDict("only=all&only=disputed"))
    assert [one.name for one in caught.value.bad] == ["only"]


@pytest.mark.parametrize(("hour", "newest"), [(9, "2026-11-30"), (10, "2026-12-01"), (23, "2026-12-01")])
def test_a_day_has_begun_once_it_has_begun_somewhere(monkeypatch: pytest.MonkeyPatch, hour: int, newest: str) -> None:
    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Clock:
            return cls(2026, 11, 30, hour, 59, tzinfo=tz)

    monkeypatch.setattr("comparisons.filters.fields.datetime", Clock)
    day = dt.date.fromisoformat(newest)
    assert filters.MatrixForm.read(QueryDict(f"as_of={day}")).params["as_of"] == day
    with pytest.raises(filters.BadQuery) as raised:
        filters.MatrixForm.read(QueryDict(f"as_of={day + dt.timedelta(1)}"))
    assert "This day is still to come" in str(raised.value.bad[0].message)
