"""What can be deleted, what cannot, and what happens to a form that was open meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db.models import Model, ProtectedError
from django.test import Client

from comparisons.editing import merging
from comparisons.models import Article, Claim, Criterion, Framework, Level, Ruling
from tests import factories as make
from tests.admin.forms import act, change_url, fields, list_url, messages_of, opened, send, with_citation
from tests.admin.users import log_in

Browser = Callable[..., Client]


def draft(**values: Any) -> Claim:
    return make.make_claim(**{"status": "draft", "published_at": None, **values})


# ── A form that was open ─────────────────────────────────────────────


def test_a_draft_deleted_meanwhile_does_not_take_the_text_of_its_editor_with_it(browser: Browser) -> None:
    ada, ben = browser("ada"), browser("ben")
    claim = draft(key="lost", by=(make.make_article("a"), make.make_article("b")))
    form = with_citation(opened(ben, claim), make.make_article("c"), says="Ben's third.")
    ada.post(change_url(claim, "delete"), {"post": "yes"})
    sent = {**form, "citations-0-says": "Ben's first.", "citations-1-DELETE": "on"}
    response = send(ben, claim, sent, statement="Ben's long text.")
    text = response.content.decode()
    assert response.status_code == 410 and not Claim.objects.exists()
    assert "was deleted while you were editing it" in text and "by ada" in text and "Ben&#x27;s long text." in text
    again = dict(fields(response, "claim_form"))
    assert f'action="{list_url(Claim, "add")}"' in text
    assert ben.post(list_url(Claim, "add"), again).status_code == 302
    saved = Claim.objects.get(key="lost")
    assert (saved.statement, saved.status, str(saved.written_by)) == ("Ben's long text.", "draft", "ben")
    cited = saved.citations.order_by("pk").values_list("article__slug", "says")
    assert list(cited) == [("a", "Ben's first."), ("c", "Ben's third.")]


def test_what_nobody_touched_of_a_deleted_draft_is_in_the_form_too(browser: Browser) -> None:
    ada, ben = browser("ada"), browser("ben")
    claim = draft(key="lost", impact="Kept.", since_version="3.1")
    form = opened(ben, claim)
    ada.post(change_url(claim, "delete"), {"post": "yes"})
    ben.post(list_url(Claim, "add"), fields(send(ben, claim, form), "claim_form"))
    saved = Claim.objects.get(key="lost")
    assert (saved.impact, saved.since_version, saved.citations.count()) == ("Kept.", "3.1", 1)


@pytest.mark.parametrize("name", ["framework", "article", "release"])
def test_no_other_record_deleted_meanwhile_takes_a_text_with_it(chief: Client, name: str) -> None:
    row: Any = {
        "framework": lambda: make.make_framework(),
        "article": lambda: make.make_article(),
        "release": lambda: make.make_release(make.make_framework(), "1.0"),
    }[name]()
    field = {"framework": "summary", "article": "note", "release": "note"}[name]
    form = opened(chief, row)
    chief.post(change_url(row, "delete"), {"post": "yes"})
    response = send(chief, row, form, **{field: "A long text."})
    assert response.status_code == 410 and "A long text." in response.content.decode()


def test_a_release_that_was_deleted_on_the_form_of_its_framework_takes_no_text_with_it(chief: Client) -> None:
    framework = make.make_framework()
    release = make.make_release(framework, "1.0")
    form = opened(chief, release)
    send(chief, framework, opened(chief, framework), **{"releases-0-DELETE": "on"})
    response = send(chief, release, form, note="A long text.")
    assert not framework.releases.exists()
    assert response.status_code == 410 and "A long text." in response.content.decode()


def test_a_publisher_that_was_merged_takes_no_text_with_it(chief: Client) -> None:
    publisher, other = make.make_publisher("Acme"), make.make_publisher("Acme Press")
    form = opened(chief, publisher)
    merging.merge_publishers(publisher, other, by=User.objects.get(is_superuser=True))
    response = send(chief, publisher, form, note="A long text.")
    assert response.status_code == 410 and "A long text." in response.content.decode()


def test_what_was_typed_on_any_page_of_a_record_that_was_merged_can_be_copied(chief: Client) -> None:
    by = User.objects.get(is_superuser=True)
    framework, criterion = make.make_framework(), make.make_criterion()
    claim, other = (make.make_claim(framework, criterion, key=key) for key in ("gone", "kept"))
    article, stays = claim.citations.get().article, make.make_article("stays")
    merging.merge_claims(claim, other, by=by)
    merging.merge_articles(article, stays, by=by)
    sent = {"statement": "Long.", "verdict_note": "Long.", "note": "Long.", "text": "Long.", "step": "return_to_draft"}
    for url in (
        change_url(article, "read"),
        change_url(article, "notes"),
        change_url(claim, "verdict"),
        change_url(claim, "review"),
        change_url(claim, "notes"),
    ):
        response = chief.post(url, sent)
        text = response.content.decode()
        assert response.status_code == 410 and "<dd>Long.</dd>" in text and "It was merged into" in text
        assert change_url(stays if "/article/" in url else other) in text


def test_what_was_typed_about_a_ruling_is_kept_when_its_criterion_is_renamed_or_merged(chief: Client) -> None:
    criterion, other = (make.make_criterion(slug, levels=("yes", "no")) for slug in ("old", "other"))
    claim = make.make_claim(criterion=criterion, level="yes")
    by, url = User.objects.get(is_superuser=True), f"{list_url(Ruling)}rule/{claim.framework.slug}/old/"
    renamed = merging.rename(criterion, "new", by=by)
    assert "A long text." in chief.post(url, {"why": "A long text."}).content.decode()
    levels = dict(
        zip(renamed.levels.values_list("pk", flat=True), other.levels.values_list("pk", flat=True), strict=True)
    )
    merging.merge_criteria(renamed, other, by=by, levels=levels)
    assert "A long text." in chief.post(url, {"why": "A long text."}).content.decode()
    assert chief.get(url.replace("old", "never")).status_code == 404


def test_whoever_may_not_add_a_record_can_copy_what_they_entered(chief: Client) -> None:
    user = User.objects.create_user("ben", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_article", "change_article"]))
    ben, article = log_in(user), make.make_article()
    form = opened(ben, article)
    chief.post(change_url(article, "delete"), {"post": "yes"})
    response = send(ben, article, form, note="<b>Ben's</b> note.")
    text = response.content.decode()
    assert response.status_code == 410 and "&lt;b&gt;Ben&#x27;s&lt;/b&gt; note." in text
    assert "csrfmiddlewaretoken</dt>" not in text and "read_version" not in text


def test_a_form_for_what_never_was_leads_to_the_list(chief: Client) -> None:
    response = chief.post(f"{list_url(Claim)}4711/change/", {"statement": "x"}, follow=True)
    assert response.status_code == 200 and "doesn’t exist" in messages_of(response)


def test_whoever_may_not_change_claims_learns_nothing_of_a_deleted_one(chief: Client) -> None:
    claim = draft(statement="Hidden.")
    chief.post(change_url(claim, "delete"), {"post": "yes"})
    stranger = log_in(User.objects.create_user("stranger", is_staff=True))
    assert stranger.post(change_url(claim), {"statement": "x"}).status_code == 403


def test_a_step_with_a_deleted_draft_leads_to_the_list(chief: Client) -> None:
    claim = draft()
    chief.post(change_url(claim, "delete"), {"post": "yes"})
    data = {"step": "send_to_review", "read_version": 1}
    response = chief.post(change_url(claim, "review"), data, follow=True)
    assert response.status_code == 200 and "perhaps it was deleted" in messages_of(response)


# ── What is never deleted ────────────────────────────────────────────


@pytest.mark.parametrize("status", ["published", "withdrawn", "in-review", "draft"])
@pytest.mark.parametrize("role", ["", "reviewer", "editor"])
def test_a_claim_that_was_ever_published_stays_by_page_and_by_action(browser: Browser, role: str, status: str) -> None:
    gone = {"withdrawn_at": make.NOON, "withdrawal_reason": "No."} if status == "withdrawn" else {}
    claim = make.make_claim(status=status, **gone)
    client = browser("someone", role=role)
    client.post(change_url(claim, "delete"), {"post": "yes"})
    act(client, Claim, "delete_selected", claim, post="yes")
    assert Claim.objects.filter(pk=claim.pk).exists()


@pytest.mark.parametrize("status", ["published", "withdrawn", "draft"])
@pytest.mark.parametrize("model", [Article, Framework, Criterion])
def test_what_a_claim_uses_stays_by_page_and_by_action(chief: Client, model: type[Model], status: str) -> None:
    gone = {"withdrawn_at": make.NOON, "withdrawal_reason": "No."} if status == "withdrawn" else {}
    make.make_claim(status=status, **gone)
    row = model.objects.get()  # type: ignore[attr-defined]
    chief.post(change_url(row, "delete"), {"post": "yes"})
    act(chief, model, "delete_selected", row, post="yes")
    assert model.objects.filter(pk=row.pk).exists()  # type: ignore[attr-defined]
    with pytest.raises(ProtectedError):
        row.delete()
    with pytest.raises(ProtectedError):
        model.objects.filter(pk=row.pk).delete()  # type: ignore[attr-defined]


def test_a_level_that_a_withdrawn_claim_gives_stays(chief: Client) -> None:
    criterion = make.make_criterion(levels=("yes", "no", "partly"))
    make.make_claim(
        criterion=criterion, level="yes", status="withdrawn", withdrawn_at=make.NOON, withdrawal_reason="No."
    )
    response = send(chief, criterion, opened(chief, criterion), **{"levels-0-DELETE": "on"})
    assert response.status_code == 200 and Level.objects.filter(slug="yes").exists()
    assert send(chief, criterion, opened(chief, criterion), **{"levels-2-DELETE": "on"}).status_code == 302


def test_a_citation_is_deleted_on_no_page_of_its_own(chief: Client) -> None:
    citation = make.make_claim().citations.get()
    assert chief.post(change_url(citation, "delete"), {"post": "yes"}).status_code == 403
    act(chief, type(citation), "delete_selected", citation, post="yes")
    citation.refresh_from_db()


@pytest.mark.parametrize("named_by", ["verdict", "withdrawn", "release"])
def test_an_article_that_something_rests_on_is_deleted_by_nobody(chief: Client, named_by: str) -> None:
    article = make.make_article()
    if named_by == "release":
        make.make_release(make.make_framework(), "1.0").articles.add(article)
    else:
        gone = {"status": "withdrawn", "withdrawn_at": make.NOON, "withdrawal_reason": "No."}
        make.make_claim(**(gone if named_by == "withdrawn" else {})).verdict_articles.add(article)
    page = chief.get(change_url(article, "delete")).content.decode()
    assert ("This release names the article" if named_by == "release" else "Its verdict rests on this") in page
    chief.post(change_url(article, "delete"), {"post": "yes"})
    act(chief, Article, "delete_selected", article, post="yes")
    for delete in (article.delete, Article.objects.filter(pk=article.pk).delete):
        with pytest.raises(ProtectedError):
            delete()
    assert Article.objects.filter(pk=article.pk).exists()


def test_an_article_that_nothing_rests_on_is_deleted(chief: Client) -> None:
    article = make.make_article()
    chief.post(change_url(article, "delete"), {"post": "yes"})
    assert not Article.objects.exists()


def test_a_withdrawn_claim_says_to_readers_since_when_and_why(browser: Browser, client: Client) -> None:
    claim = make.make_claim(key="gone", statement="Taken back.")
    act(browser("rita", role="reviewer"), Claim, "withdraw", claim, confirmed="1", reason="It stood *twice*.")
    claim.refresh_from_db()
    response = client.get("/claims/gone/")
    text = response.content.decode()
    assert response.status_code == 410 and "It stood <em>twice</em>." in text and "Taken back." not in text
    assert f'datetime="{claim.withdrawn_at:%Y-%m-%d}"' in text
