"""Signs of life beside a framework's name: its newest release, and the answers that editors put there."""

import datetime as dt
import html as markup

import pytest
from django.utils import timezone

from comparisons.evidence import beside_names
from comparisons.models import Subject, subject
from tests import factories as make

pytestmark = pytest.mark.django_db

BOTH = pytest.mark.parametrize("path", ["/frameworks/", "/frameworks/alpha/"])


def days_ago(days):
    return timezone.localdate() - dt.timedelta(days=days)


def page(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return markup.unescape(response.content.decode())


@BOTH
def test_a_framework_without_release_for_a_year_says_since_when(client, path):
    make.make_release(make.make_framework("alpha"), "3.1", dt.date(2024, 3, 1), precision="month")
    assert 'No release since <time datetime="2024-03">March 2024</time>' in page(client, path)


@BOTH
def test_a_framework_with_a_recent_release_shows_it_and_its_day(client, path):
    make.make_release(make.make_framework("alpha"), "3.1", days_ago(30))
    text = page(client, path)
    assert "<bdi>3.1</bdi>" in text and days_ago(30).isoformat() in text and "No release since" not in text


@BOTH
def test_a_release_to_come_is_not_the_newest(client, path):
    alpha = make.make_framework("alpha")
    make.make_release(alpha, "3.1", days_ago(30))
    make.make_release(alpha, "7.7", days_ago(-30))
    text = page(client, path)
    assert "<bdi>3.1</bdi>" in text and "7.7" not in text


@BOTH
def test_the_highest_of_two_versions_of_one_day_is_the_newest(client, path):
    alpha = make.make_framework("alpha")
    for version in ("3.9", "3.10", "2.5.1"):
        make.make_release(alpha, version, days_ago(30))
    assert "<bdi>3.10</bdi>" in page(client, path)


@BOTH
def test_the_answers_of_criteria_beside_the_name_carry_their_day_and_link(client, path):
    alpha = make.make_framework("alpha")
    shown, other = make.make_criterion("runs-on", beside_name=True), make.make_criterion("other")
    for criterion, text in ((shown, "Three and up"), (other, "Elsewhere")):
        make.make_claim(alpha, criterion, text=text, by=(make.make_article(published_on=dt.date(2026, 5, 4)),))
    make.settle()
    found = page(client, path)
    place = found[: found.index("All questions")] if "All questions" in found else found
    assert '<a class="val" href="/frameworks/alpha/runs-on/">' in place and "Three and up" in place
    assert 'as of <time datetime="2026-05-04">' in place and "Elsewhere" not in place


@BOTH
def test_a_draft_criterion_stands_beside_no_name(client, path):
    make.make_framework("alpha")
    make.make_criterion("hidden", beside_name=True, is_draft=True)
    assert "Hidden" not in page(client, path)


@BOTH
def test_at_most_four_criteria_stand_beside_a_name(client, path):
    make.make_framework("alpha")
    for _ in range(6):
        make.make_criterion(beside_name=True)
    assert len(beside_names.criteria()) == 4
    assert page(client, path)


@BOTH
def test_a_subject_without_releases_never_speaks_of_them(client, path):
    make.make_release(make.make_framework("alpha"), "3.1", dt.date(2024, 3, 1))
    Subject.objects.create(has_releases=False)
    subject.forget()
    text = page(client, path)
    assert "elease since" not in text and "Newest release" not in text and "<bdi>3.1<" not in text


@pytest.mark.parametrize(
    ("word", "names"),
    [("", ["Fresh", "Quiet", "Silent"]), ("year", ["Fresh"]), ("earlier", ["Quiet"]), ("none", ["Silent"])],
)
def test_the_list_can_be_filtered_by_the_newest_release(client, word, names):
    fresh, quiet, silent = (make.make_framework(slug) for slug in ("fresh", "quiet", "silent"))
    make.make_release(fresh, "1.0", days_ago(900))
    make.make_release(fresh, "2.0", days_ago(300))
    make.make_release(quiet, "1.0", days_ago(400))
    make.make_release(silent, "1.0", days_ago(-1))
    text = page(client, f"/frameworks/?released={word}")
    assert [name for name in ("Fresh", "Quiet", "Silent") if f">{name}</a>" in text] == names
    assert "Within twelve months (1)" in text and "Longer ago (1)" in text and "None on record (1)" in text


def test_an_unknown_word_of_the_filter_is_named_and_refused(client):
    response = client.get("/frameworks/?released=yesterday")
    assert response.status_code == 400 and "yesterday" in response.content.decode()
