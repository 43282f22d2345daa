"""Pages that ask before they delete: everything by name where it is little, bounded where it is much."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comparisons.admin.work import deleting
from comparisons.models import Article, Claim, Comparison, ComparisonCriterion, Criterion, Framework, Release
from tests import factories as make
from tests.admin.forms import act, change_url, list_url, messages_of, text_of
from tests.admin.users import log_in, make_user

pytestmark = pytest.mark.django_db


def releases(framework: Framework, count: int) -> None:
    for number in range(count):
        make.make_release(framework, f"{number + 1}.0")


def shown(client: Client, row: object) -> tuple[str, int]:
    """The page that asks whether to delete a row, and its queries."""
    with CaptureQueriesContext(connection) as queries:
        page = text_of(client.get(change_url(row, "delete")))
    return page, len(queries)


def test_little_is_named_record_by_record(chief: Client) -> None:
    releases(framework := make.make_framework(), 3)
    page, _queries = shown(chief, framework)
    assert [name for name in ("1.0", "2.0", "3.0") if f" {name}</a>" in page] == ["1.0", "2.0", "3.0"]


def test_much_is_counted_and_costs_no_more_than_it_shows(chief: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deleting, "MOST", 5)
    releases(framework := make.make_framework(), 20)
    chief.get(change_url(framework, "delete"))  # what is read once
    (page, before) = shown(chief, framework)
    assert "<li>Releases: 20\n" in page and "… and 10 more releases" in page
    assert len(re.findall("/release/[0-9]+/change/", page)) == deleting.NAMED
    Release.objects.bulk_create(
        Release(framework=framework, version_number=f"99.{number}", released_on=make.DAY) for number in range(200)
    )
    page, after = shown(chief, framework)
    assert after == before and "… and 210 more releases" in page
    assert chief.post(change_url(framework, "delete"), {"post": "yes"}).status_code == 302
    assert not Framework.objects.exists() and not Release.objects.exists()


def test_what_forbids_a_deletion_is_told_with_its_number(chief: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deleting, "MOST", 5)
    framework, criterion = make.make_framework(), make.make_criterion()
    for number in range(12):
        make.make_claim(framework, criterion, key=f"claim-{number:02}")
    for row in (framework, criterion):
        page, _queries = shown(chief, row)
        assert "claim-09" in page and "claim-10" not in page and "… and 2 more claims" in page
        assert 'name="post"' not in page
        assert "protected" in text_of(chief.post(change_url(row, "delete"), {"post": "yes"}))
        assert "… and 2 more claims" in text_of(act(chief, type(row), "delete_selected", row, post="yes"))
    assert (Framework.objects.count(), Criterion.objects.count(), Claim.objects.count()) == (1, 1, 12)


def test_verdicts_that_rest_on_an_article_are_named_up_to_a_number(
    chief: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deleting, "MOST", 5)
    article, claim = make.make_article(), make.make_claim()
    for number in range(8):
        make.make_claim(claim.framework, claim.criterion, key=f"judged-{number}").verdict_articles.add(article)
    page, _queries = shown(chief, article)
    assert page.count("Its verdict rests on this article") == 5 and "… and 3 more" in page
    chief.post(change_url(article, "delete"), {"post": "yes"})
    assert Article.objects.filter(pk=article.pk).exists()


def test_rights_that_are_lacking_are_told_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_user("deleter", role="viewer")
    user.user_permissions.add(Permission.objects.get(codename="delete_framework"))
    releases(framework := make.make_framework(is_draft=True), 8)
    told = []
    for most in (100, 5):
        monkeypatch.setattr(deleting, "MOST", most)
        page, _queries = shown(log_in(user), framework)
        told.append(page[page.index("doesn’t have permission" if "doesn’t" in page else "permission to delete") :])
        assert log_in(user).post(change_url(framework, "delete"), {"post": "yes"}).status_code == 403
    assert told[0].split("</ul>")[0] == told[1].split("</ul>")[0] and "<li>release</li>" in told[1]


def test_rows_beneath_a_comparison_need_no_right_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deleting, "MOST", 2)
    frameworks, criteria = (
        (make.make_framework(), make.make_framework()),
        (make.make_criterion(), make.make_criterion()),
    )
    comparison = make.make_comparison("few", frameworks, criteria)
    rita = log_in(make_user("rita", role="reviewer"))
    page, _queries = shown(rita, comparison)
    assert "criteria of a comparison" in page.lower() and 'name="post"' in page
    rita.post(change_url(comparison, "delete"), {"post": "yes"})
    assert not Comparison.objects.exists() and not ComparisonCriterion.objects.exists()


def test_more_than_a_page_can_name_are_not_deleted_at_once(chief: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deleting, "AT_ONCE", 2)
    for _number in range(3):
        make.make_framework()
    data = {"action": "delete_selected", "_selected_action": [Framework.objects.first().pk], "select_across": "1"}  # type: ignore[union-attr]
    response = chief.post(list_url(Framework), {**data, "post": "yes"}, follow=True)
    assert "at most 2 records" in messages_of(response) and Framework.objects.count() == 3
    response = act(chief, Framework, "delete_selected", *Framework.objects.all()[:2], post="yes")
    assert Framework.objects.count() == 1
