"""The page that renames a record, who may rename, merge and split, and former addresses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from comparisons.models import Claim, FormerAddress, Framework
from tests import factories as make
from tests.admin.forms import act, change_url, fields, list_url, messages_of, text_of

from .merging import twins

Browser = Callable[..., Client]
RENAMED = [
    make.make_framework, make.make_group, make.make_criterion, make.make_article, make.make_claim, make.make_comparison,
]  # fmt: skip


@pytest.mark.parametrize("maker", RENAMED, ids=lambda maker: maker.__name__)
def test_a_record_is_renamed_in_two_steps(rita: Client, maker: Any) -> None:
    record = maker()
    old, url = record.address, change_url(record, "rename")
    assert url in text_of(rita.get(change_url(record)))
    shown = rita.post(url, {**fields(rita.get(url), "rename_form"), "slug": "renamed"})
    assert old in text_of(shown) and "redirect to the new ones (301)" in text_of(shown)
    record.refresh_from_db()
    assert record.address == old
    done = rita.post(url, fields(shown, "rename_form"), follow=True)
    record.refresh_from_db()
    assert record.address == "renamed" and "the former address redirects here" in messages_of(done)
    assert FormerAddress.objects.get().key == old
    assert rita.get(change_url(record, "history")).status_code == 200


@pytest.mark.parametrize("slug", ["", "Not A Slug", "taken", "mine"])
def test_a_slug_that_cannot_be_used_is_refused_before_the_preview(rita: Client, slug: str) -> None:
    make.make_framework("taken")
    framework = make.make_framework("mine")
    url = change_url(framework, "rename")
    for extra in ({}, {"confirm": "1"}):
        response = rita.post(url, {"slug": slug, "read_version": 1, **extra})
        assert response.status_code == 200 and 'name="confirm"' not in text_of(response)
    framework.refresh_from_db()
    assert framework.slug == "mine"


def test_a_rename_that_comes_too_late_is_told_so(rita: Client) -> None:
    framework = make.make_framework("mine")
    Framework.objects.get(pk=framework.pk).save()
    response = rita.post(change_url(framework, "rename"), {"slug": "new", "read_version": 1, "confirm": "1"})
    assert response.status_code == 409 and "somebody else has saved" in text_of(response)
    assert fields(response, "rename_form")["read_version"] == ["2"]


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_the_pages_are_for_those_who_may_merge(browser: Browser, role: str) -> None:
    client, (duplicate, kept) = browser("edgar", role=role), twins()
    for record, page in (
        (duplicate, "rename"),
        (duplicate, "merge"),
        (duplicate.criterion, "split"),
        (duplicate.criterion, "merge"),
    ):
        url = change_url(record, page)
        assert url not in text_of(client.get(change_url(record)))
        assert client.get(url).status_code == client.post(url, {"confirm": "1"}).status_code == 403
    assert client.post(f"{change_url(duplicate, 'merge')}?into={kept.pk}").status_code == 403
    assert Claim.objects.count() == 2


@pytest.mark.django_db
def test_strangers_are_sent_to_the_login(client: Client) -> None:
    duplicate, _kept = twins()
    assert client.get(change_url(duplicate, "merge"))["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("page", ["rename", "merge", "split"])
@pytest.mark.parametrize("key", ["0", "999999", "x", "9" * 40])
def test_a_record_that_is_not_there_leads_back(rita: Client, page: str, key: str) -> None:
    url = reverse(f"admin:comparisons_criterion_{page}", args=[key])
    assert "doesn’t exist" in messages_of(rita.get(url, follow=True))


@pytest.mark.parametrize("page", ["rename", "merge", "split"])
def test_the_pages_hold_nothing_inline(rita: Client, page: str) -> None:
    claim = make.make_claim()
    text = text_of(rita.get(change_url(claim.criterion, page)))
    assert "<style" not in text and " style=" not in text and " onclick=" not in text
    assert all("src=" in tag.split(">")[0] for tag in text.split("<script")[1:])


def test_a_former_address_is_freed_by_those_who_may_merge(rita: Client, browser: Browser) -> None:
    former = make.make_former(make.make_framework("now"), "before")
    assert "before" in text_of(browser("edgar").get(list_url(FormerAddress)))
    act(browser("eve"), FormerAddress, "delete_selected", former, post="yes")
    assert FormerAddress.objects.exists()
    assert rita.get(list_url(FormerAddress, "add")).status_code == 403
    act(rita, FormerAddress, "delete_selected", former, post="yes")
    assert not FormerAddress.objects.exists()


def test_a_form_does_not_give_a_new_record_a_former_address(chief: Client) -> None:
    make.make_former(make.make_group("now"), "before")
    form = fields(chief.get(list_url(type(make.make_group()), "add")), "criteriongroup_form")
    response = chief.post(list_url(type(make.make_group()), "add"), {**form, "name": "New", "slug": "before"})
    assert "is the former address of “now”" in text_of(response)


def test_the_key_of_a_draft_is_corrected_in_its_form_unless_another_leads_to_it(rita: Client) -> None:
    claim = make.make_claim(status="draft", published_at=None)
    assert 'name="key"' in text_of(rita.get(change_url(claim)))
    make.make_former(claim)
    assert 'name="key"' not in text_of(rita.get(change_url(claim)))
