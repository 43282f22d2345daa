"""Parameters of pages: what is taken, what is refused, and the links that carry them."""

import datetime as dt

import pytest
from django.http import QueryDict

from comparisons import filters

SCHEMA = filters.Schema(
    filters.Parameter("group", filters.key, most=3),
    filters.Parameter("only", filters.one_of("differences", "disputed"), most=2),
    filters.Parameter("as_of", filters.day),
    filters.Parameter("q", filters.words),
    filters.Parameter("page", filters.whole(1, 50)),
    paging=("page",),
)


def read(text: str) -> filters.Query:
    return SCHEMA.read(QueryDict(text))


def bad(text: str) -> filters.BadQuery:
    with pytest.raises(filters.BadQuery) as caught:
        read(text)
    return caught.value


def test_several_values_come_as_a_tuple_and_a_single_one_bare():
    asked = read("group=data&group=api&as_of=2026-11-20&page=3")
    assert asked["group"] == ("data", "api")
    assert (asked["as_of"], asked["page"]) == (dt.date(2026, 11, 20), 3)


def test_nothing_given_is_none_or_an_empty_tuple():
    asked = read("")
    assert (asked["group"], asked["as_of"]) == ((), None)
    assert not asked


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


def test_a_name_that_means_nothing_is_refused_by_the_view():
    with pytest.raises(filters.BadQuery) as caught:
        read("group=data&group=nope").refuse("group", ["nope"], "There is none.")
    assert caught.value.without == "?group=data"


def test_changing_a_filter_goes_back_to_the_first_page():
    asked = read("group=data&page=4")
    assert asked.having("group", "api") == "?group=data&group=api"
    assert asked.without("group", "data") == ""


def test_links_carry_parameters_in_the_order_of_the_schema():
    assert read("page=2&only=disputed&group=data").string(page=3) == "?group=data&only=disputed&page=3"


def test_a_value_given_twice_counts_once():
    assert read("group=data&group=data")["group"] == ("data",)


def test_hidden_fields_leave_out_what_the_form_sets():
    assert read("group=data&as_of=2026-01-01&only=disputed").hidden("group") == [
        ("only", "disputed"),
        ("as_of", "2026-01-01"),
    ]
