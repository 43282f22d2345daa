"""Names are up to date after every kind of write, and can be rebuilt."""

import pytest

from comparisons.models import Criterion, CriterionGroup, Framework, SearchName
from comparisons.search import names as search_names
from comparisons.search.find import search
from tests.factories import make_criterion, make_framework, make_group

pytestmark = [pytest.mark.django_db, pytest.mark.crossing]


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Run the callbacks of a commit at the end of a block."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture(autouse=True)
def right():
    """Check at the end of the test that the names are what a rebuild would make them."""
    yield
    assert list(search_names.stale()) == []


def texts():
    return set(SearchName.objects.values_list("kind", "text"))


def test_a_record_is_known_by_its_name_its_slug_and_its_aliases(committed):
    with committed():
        make_framework("quick-queue", name="Quick Queue", package_name="qqueue", aliases="QQ, the quick one")
        make_criterion("retry", name="Retry of tasks", aliases="again")
    assert texts() == {
        ("framework", "Quick Queue"), ("framework", "qqueue"), ("framework", "QQ"), ("framework", "the quick one"),
        ("criterion", "Retry of tasks"), ("criterion", "again"),
    }  # fmt: skip


def test_a_renamed_record_is_known_by_its_new_name_only(committed):
    with committed():
        make_framework("one", name="Alpha")
    with committed():
        Framework.objects.filter(slug="one").update(name="Beta")
    assert texts() == {("framework", "Beta"), ("framework", "one")}


def test_a_draft_and_a_deleted_record_have_no_names(committed):
    with committed():
        make_framework("one", is_draft=True)
        make_criterion("gone")
    with committed():
        Criterion.objects.filter(slug="gone").delete()
    assert texts() == set()


def test_criteria_of_a_group_that_holds_use_cases_are_use_cases(committed):
    with committed():
        group = make_group("uses")
        make_criterion("shop", name="Shop", group=group)
    with committed():
        CriterionGroup.objects.filter(pk=group.pk).update(holds_use_cases=True)
    assert texts() == {("use-case", "Shop")}


def test_a_rebuild_mends_names_that_are_wrong_or_left_over():
    make_framework("one", name="Alpha")
    SearchName.objects.create(
        kind="criterion", record=7, slug="x", title="X", place=0, text="X", standing=0, phrase="x", head="x", bag="x",
        joined="x",
    )  # fmt: skip
    assert sorted(search_names.stale()) == ["names of criteria 7", "names of frameworks 1"] or search_names.rebuild()
    search_names.rebuild()
    assert texts() == {("framework", "Alpha"), ("framework", "one")}


def test_words_of_questions_are_part_of_the_name_of_a_framework_only_in_its_order():
    make_framework("one", name="One", aliases="REST framework")
    search_names.rebuild()
    asked = [search(text).intent.frameworks for text in ("REST framework", "a framework for a REST interface")]
    assert [[one.slug for one in named] for named in asked] == [["one"], []]


SPELLINGS = [
    ("FastAPI", "fast api"),
    ("HTTP/2", "http2"),
    ("E-commerce", "ecommerce"),
    ("WebSocket", "web sockets"),
    ("Support for async", "async support"),
    ("Unit tests", "unit testing"),
]


@pytest.mark.parametrize(("name", "spelt"), SPELLINGS)
def test_a_name_is_found_in_other_spellings(name, spelt):
    make_framework("one", name=name)
    search_names.rebuild()
    assert [found.text for found in search_names.spoken([search_names.words_of(spelt)])][:1] == [name]
