"""The pages that rename, merge and split: what they show first, whom they refuse, what they do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comparisons.models import Article, Claim, Criterion, FormerAddress, Framework, Ruling
from tests import factories as make
from tests.admin.forms import act, change_url, fields, list_url, messages_of

Browser = Callable[..., Client]
RENAMED = [
    make.make_framework, make.make_group, make.make_criterion, make.make_article, make.make_claim, make.make_comparison,
]  # fmt: skip


@pytest.fixture
def rita(browser: Browser) -> Client:
    return browser("rita", role="reviewer")


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


def preview(client: Client, gone: Any, kept: Any) -> HttpResponse:
    return client.get(change_url(gone, "merge"), {"into": kept.pk})


def merge(client: Client, gone: Any, kept: Any, form: dict[str, Any] | None = None, **changes: Any) -> HttpResponse:
    """Send the preview as it is shown, with changes."""
    data = fields(preview(client, gone, kept), "merge_form") if form is None else form
    return client.post(f"{change_url(gone, 'merge')}?into={kept.pk}", {**data, **changes}, follow=True)


def twins() -> tuple[Claim, Claim]:
    framework, criterion = make.make_framework(), make.make_criterion()
    return make.make_claim(framework, criterion, key="gone"), make.make_claim(framework, criterion, key="kept")


# ── Renaming ─────────────────────────────────────────────────────────


@pytest.mark.parametrize("maker", RENAMED, ids=lambda maker: maker.__name__)
def test_a_record_is_renamed_in_two_steps(rita: Client, maker: Any) -> None:
    record = maker()
    old, url = record.address, change_url(record, "rename")
    assert url in text_of(rita.get(change_url(record)))
    shown = rita.post(url, {**fields(rita.get(url), "rename_form"), "slug": "renamed"})
    assert old in text_of(shown) and "lead to the new ones (301)" in text_of(shown)
    record.refresh_from_db()
    assert record.address == old
    done = rita.post(url, fields(shown, "rename_form"), follow=True)
    record.refresh_from_db()
    assert record.address == "renamed" and "the former address leads here" in messages_of(done)
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


# ── Who may ──────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_the_pages_are_for_those_who_may_merge(browser: Browser, role: str) -> None:
    client, (gone, kept) = browser("edgar", role=role), twins()
    for record, page in ((gone, "rename"), (gone, "merge"), (gone.criterion, "split"), (gone.criterion, "merge")):
        url = change_url(record, page)
        assert url not in text_of(client.get(change_url(record)))
        assert client.get(url).status_code == client.post(url, {"confirm": "1"}).status_code == 403
    assert client.post(f"{change_url(gone, 'merge')}?into={kept.pk}").status_code == 403
    assert Claim.objects.count() == 2


@pytest.mark.django_db
def test_strangers_are_sent_to_the_login(client: Client) -> None:
    gone, _kept = twins()
    assert client.get(change_url(gone, "merge"))["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("page", ["rename", "merge", "split"])
@pytest.mark.parametrize("key", ["0", "999999", "x", "9" * 40])
def test_a_record_that_is_not_there_leads_back(rita: Client, page: str, key: str) -> None:
    url = reverse(f"admin:comparisons_criterion_{page}", args=[key])
    assert "doesn’t exist" in messages_of(rita.get(url, follow=True))


# ── Merging ──────────────────────────────────────────────────────────


@pytest.mark.parametrize("by", ["into", "slug"])
def test_the_other_record_is_found_by_its_words_or_by_its_slug(rita: Client, by: str) -> None:
    gone, kept = make.make_article("gone"), make.make_article("kept")
    chooser = text_of(rita.get(change_url(gone, "merge")))
    assert 'data-field-name="follows"' in chooser and 'name="slug"' in chooser
    response = rita.get(change_url(gone, "merge"), {by: kept.pk if by == "into" else "kept"})
    assert "Title of kept" in text_of(response) and 'id="merge_form"' in text_of(response)


@pytest.mark.parametrize("asked", [{"into": "x"}, {"into": "9" * 40}, {"into": "0"}, {"slug": "nobody"}, {"into": ""}])
def test_a_choice_of_nothing_is_refused(rita: Client, asked: dict[str, str]) -> None:
    response = rita.get(change_url(make.make_article(), "merge"), asked)
    assert response.status_code == 200 and "errorlist" in text_of(response)


def test_a_preview_counts_and_names_what_moves_and_changes_nothing(rita: Client) -> None:
    gone, kept = make.make_article("gone"), make.make_article("kept")
    claim = make.make_claim(by=(gone, kept), key="cited")
    make.make_article("follower", follows=gone)
    text = text_of(preview(rita, gone, kept))
    assert "Citations <b>1</b>" in text and "Statement of cited." in text
    assert "Articles that follow it <b>1</b>" in text and "Title of follower" in text
    assert "formerly gone" in text
    assert claim.citations.filter(article=gone).exists()


def test_articles_are_merged_with_what_one_lacks(rita: Client) -> None:
    gone, kept = make.make_article("gone", url="https://example.org/a", author="Ada"), make.make_article("kept")
    claim = make.make_claim(by=(gone,))
    response = merge(rita, gone, kept, take=["url"])
    assert "its address leads here" in messages_of(response)
    assert response.redirect_chain[0][0] == change_url(kept)
    kept.refresh_from_db()
    assert (kept.url, kept.author) == ("https://example.org/a", "")
    assert claim.citations.get().article == kept and not Article.objects.filter(slug="gone").exists()


def test_claims_are_merged(rita: Client) -> None:
    gone, kept = twins()
    merge(rita, gone, kept)
    assert Claim.objects.get().key == "kept" and kept.citations.count() == 2


def test_a_claim_that_goes_back_to_review_is_said_to_before_and_after(rita: Client) -> None:
    gone, kept = twins()
    from django.contrib.auth.models import User

    Claim.objects.filter(pk=gone.pk).update(
        status="draft", published_at=None, written_by=User.objects.get(username="rita")
    )
    assert "goes back to review" in text_of(preview(rita, gone, kept))
    assert "waits for review" in messages_of(merge(rita, gone, kept))
    kept.refresh_from_db()
    assert kept.status == "in-review"


def test_what_sends_a_published_claim_back_is_not_ticked_by_itself(rita: Client) -> None:
    gone, kept = twins()
    Claim.objects.filter(pk=gone.pk).update(since_version="2.0")
    response = preview(rita, gone, kept)
    assert "take" not in fields(response, "merge_form") and "Since version: 2.0" in text_of(response)


def test_criteria_are_merged_with_levels_and_rulings_as_chosen(rita: Client) -> None:
    gone, kept = (make.make_criterion(slug, levels=("yes", "no")) for slug in ("gone", "kept"))
    claim = make.make_claim(criterion=gone, level="yes")
    rulings = [make.make_ruling(claim.framework, one, level=one.levels.first(), why=one.slug) for one in (gone, kept)]
    form = fields(preview(rita, gone, kept), "merge_form")
    assert form[f"level-{claim.level_id}"] == [str(kept.levels.get(slug="yes").pk)]
    assert f"ruling-{claim.framework_id}" not in form
    assert "This field is required." in text_of(merge(rita, gone, kept, form))
    merge(rita, gone, kept, form, **{f"ruling-{claim.framework_id}": rulings[0].pk})
    claim.refresh_from_db()
    assert (claim.criterion, claim.level.slug) == (kept, "yes")
    assert Ruling.objects.get().why == "gone" and Criterion.objects.get() == kept


@pytest.mark.parametrize(
    "forged",
    [{"level-{level}": "999999"}, {"level-{level}": "x"}, {"level-{level}": ""}, {"take": "pk"}, {"take": "status"}],
)
def test_forged_choices_change_nothing(rita: Client, forged: dict[str, str]) -> None:
    gone, kept = (make.make_criterion(slug, levels=("yes", "no")) for slug in ("gone", "kept"))
    claim = make.make_claim(criterion=gone, level="yes")
    data = {name.format(level=claim.level_id): value for name, value in forged.items()}
    if "take" in data:
        one, other = make.make_article(author="Ada"), make.make_article()
        assert "errorlist" in text_of(merge(rita, one, other, **data))
        assert Article.objects.filter(pk=one.pk).exists()
    else:
        assert "errorlist" in text_of(merge(rita, gone, kept, **data))
        assert Criterion.objects.filter(pk=gone.pk).exists()


@pytest.mark.parametrize("version", ["0", "7", "x", ""])
@pytest.mark.parametrize("which", ["gone_version", "kept_version"])
def test_a_merge_that_comes_too_late_is_told_so(rita: Client, which: str, version: str) -> None:
    gone, kept = make.make_article("gone"), make.make_article("kept")
    response = merge(rita, gone, kept, **{which: version})
    assert response.status_code == 409 and "somebody else has saved" in text_of(response)
    assert Article.objects.count() == 2
    assert merge(rita, gone, kept, fields(response, "merge_form")).status_code == 200
    assert Article.objects.get() == kept


def test_a_merge_of_what_is_gone_leads_back(rita: Client) -> None:
    gone, kept = make.make_article("gone"), make.make_article("kept")
    form = fields(preview(rita, gone, kept), "merge_form")
    merge(rita, gone, kept, form)
    assert "doesn’t exist" in messages_of(merge(rita, gone, kept, form))


def test_a_record_is_not_merged_into_itself(rita: Client) -> None:
    article = make.make_article()
    shown = preview(rita, article, article)
    assert "cannot be merged into itself" in text_of(shown) and 'value="Merge"' not in text_of(shown)
    merge(rita, article, article)
    assert Article.objects.get() == article


def test_a_refused_merge_says_what_to_do_and_offers_no_button(rita: Client) -> None:
    gone, kept = make.make_claim(), make.make_claim()
    text = text_of(preview(rita, gone, kept))
    assert "about different frameworks" in text and 'value="Merge"' not in text
    merge(rita, gone, kept)
    assert Claim.objects.count() == 2


def test_names_are_shown_as_text(rita: Client) -> None:
    hostile = "<script>alert(1)</script>"
    gone, kept = make.make_article("gone", title=hostile, author=hostile), make.make_article("kept")
    make.make_claim(by=(gone,), statement=hostile)
    for response in (
        preview(rita, gone, kept),
        rita.get(change_url(gone, "merge")),
        rita.get(change_url(gone, "rename")),
    ):
        assert "<script>alert" not in text_of(response)
    merge(rita, gone, kept)
    assert "<script>alert" not in text_of(rita.get(change_url(kept, "history")))


# ── Splitting ────────────────────────────────────────────────────────

NEW = {"name": "New", "slug": "new", "question": "What of it?", "definition": "This."}


def split(client: Client, old: Criterion, *claims: Claim, **changes: Any) -> HttpResponse:
    """Fill the form; the answer is the preview."""
    url = change_url(old, "split")
    form = {**fields(client.get(url), "split_form"), **NEW, "claims": [claim.pk for claim in claims], **changes}
    return client.post(url, {**form, "preview": "1"})


def confirm(client: Client, old: Criterion, shown: HttpResponse, **changes: Any) -> HttpResponse:
    data = {**fields(shown, "split_form"), "confirm": "1", **changes}
    return client.post(change_url(old, "split"), data, follow=True)


def test_a_criterion_is_split_in_two_steps(rita: Client) -> None:
    old = make.make_criterion("old", levels=("yes", "no"))
    goes, stays = make.make_claim(criterion=old, level="yes"), make.make_claim(criterion=old, level="no")
    draft = make.make_claim(goes.framework, old, status="draft", published_at=None)
    comparison = make.make_comparison("all", (), (old,))
    shown = split(rita, old, goes, draft)
    assert "Claims that move <b>2</b>" in text_of(shown) and "Claims that stay <b>1</b>" in text_of(shown)
    assert not Criterion.objects.filter(slug="new").exists()
    assert "was split from" in messages_of(confirm(rita, old, shown))
    new = Criterion.objects.get(slug="new")
    assert set(new.claims.all()) == {goes, draft} and old.claims.get() == stays
    assert [row.criterion for row in comparison.rows.order_by("order")] == [old, new]


def test_the_choice_can_be_changed_after_the_preview(rita: Client) -> None:
    old = make.make_criterion("old")
    claim, other = make.make_claim(criterion=old), make.make_claim(criterion=old)
    shown = split(rita, old, claim)
    again = rita.post(change_url(old, "split"), {**fields(shown, "split_form"), "change": "1"})
    form = fields(again, "split_form")
    assert form["claims"] == [str(claim.pk)] and form["name"] == ["New"] and form["slug"] == ["new"]
    assert str(other.pk) not in form["claims"]


def test_whole_frameworks_can_be_chosen(rita: Client) -> None:
    old = make.make_criterion("old")
    claims = [make.make_claim(make.make_framework(), old) for _ in range(2)]
    general = make.make_claim(None, old)
    Claim.objects.filter(pk=general.pk).update(framework=None)
    confirm(rita, old, split(rita, old, frameworks=[claims[0].framework_id, 0]))
    assert set(Criterion.objects.get(slug="new").claims.values_list("pk", flat=True)) == {claims[0].pk, general.pk}


def test_of_too_many_claims_the_frameworks_are_listed(rita: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from comparisons.admin.work import splitting

    monkeypatch.setattr(splitting, "LISTED", 2)
    old = make.make_criterion("old")
    claims = [make.make_claim(make.make_framework(), old) for _ in range(3)]
    text = text_of(rita.get(change_url(old, "split")))
    assert 'name="claims"' not in text and text.count('name="frameworks"') == 3
    confirm(rita, old, split(rita, old, frameworks=[claim.framework_id for claim in claims[:2]]))
    assert Criterion.objects.get(slug="new").claims.count() == 2


def test_a_criterion_can_be_replaced_altogether(rita: Client) -> None:
    old = make.make_criterion("old")
    claim = make.make_claim(criterion=old)
    shown = split(rita, old, claim, replaces="on")
    assert "Its address leads to the new criterion" in text_of(shown)
    confirm(rita, old, shown)
    assert Criterion.objects.get().slug == "new" and FormerAddress.objects.get().now == "new"


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"slug": "old"}, "already exists"),
        ({"slug": "former"}, "is the former address of “old”"),
        ({"slug": "Not A Slug"}, "Use lower-case letters"),
        ({"name": ""}, "This field is required."),
        ({"claims": []}, "Choose the claims that go"),
        ({"claims": ["999999"]}, "Choose again"),
        ({"claims": ["x", "9" * 40]}, "Choose the claims that go"),
        ({"comparisons": ["999999"]}, "errorlist"),
        ({"group": "999999"}, "errorlist"),
        ({"replaces": "on"}, "1 would stay"),
    ],
)
def test_a_split_that_cannot_be_says_why(rita: Client, changes: dict[str, Any], text: str) -> None:
    old = make.make_criterion("old")
    make.make_former(old, "former")
    make.make_comparison("all", (), (old,))
    claim = make.make_claim(criterion=old)
    make.make_claim(criterion=old)
    shown = split(rita, old, claim, **changes)
    assert shown.status_code == 200 and text in text_of(shown) and 'name="confirm"' not in text_of(shown)
    confirm(rita, old, shown, **changes)
    assert Criterion.objects.count() == 1


def test_a_split_that_comes_too_late_is_told_so(rita: Client) -> None:
    old = make.make_criterion("old")
    shown = split(rita, old, make.make_claim(criterion=old))
    Criterion.objects.get(pk=old.pk).save()
    response = confirm(rita, old, shown)
    assert response.status_code == 409 and not Criterion.objects.filter(slug="new").exists()
    confirm(rita, old, response)
    assert Criterion.objects.filter(slug="new").exists()


# ── Afterwards ───────────────────────────────────────────────────────


def test_the_history_says_what_was_merged_and_leads_to_its_own(rita: Client) -> None:
    gone, kept = make.make_article("gone"), make.make_article("kept")
    merge(rita, gone, kept)
    page = text_of(rita.get(change_url(kept, "history")))
    assert "Merged from gone" in page and f'href="{change_url(gone, "history")}"' in page
    own = rita.get(change_url(gone, "history"))
    assert own.status_code == 200 and "Merged into kept" in text_of(own)


@pytest.mark.parametrize("maker", [make.make_article, make.make_criterion], ids=lambda maker: maker.__name__)
def test_an_old_state_of_what_was_merged_can_be_read(rita: Client, maker: Any) -> None:
    gone, kept = maker(), maker()
    state = gone.history.first()
    merge(rita, gone, kept)
    name = f"admin:comparisons_{gone._meta.model_name}_simple_history"
    assert rita.get(reverse(name, args=[gone.pk, state.pk])).status_code == 200


def test_an_old_state_of_a_merged_claim_can_be_read(rita: Client) -> None:
    gone, kept = twins()
    state = gone.history.first()
    merge(rita, gone, kept)
    page = rita.get(reverse("admin:comparisons_claim_simple_history", args=[gone.pk, state.pk]))
    assert page.status_code == 200 and "Statement of gone." in text_of(page)


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


@pytest.mark.parametrize("size", [1, 4])
def test_a_preview_costs_the_same_at_any_size(rita: Client, size: int) -> None:
    gone, kept = (make.make_criterion(slug, levels=("yes", "no")) for slug in ("gone", "kept"))
    for _ in range(size * 3):
        make.make_claim(criterion=gone, level="yes")
        make.make_comparison("", (), (gone,))
    with CaptureQueriesContext(connection) as queries:
        assert preview(rita, gone, kept).status_code == 200
    assert len(queries) <= 30, "a fixed number"


@pytest.mark.parametrize("page", ["rename", "merge", "split"])
def test_the_pages_hold_nothing_inline(rita: Client, page: str) -> None:
    claim = make.make_claim()
    text = text_of(rita.get(change_url(claim.criterion, page)))
    assert "<style" not in text and " style=" not in text and " onclick=" not in text
    assert all("src=" in tag.split(">")[0] for tag in text.split("<script")[1:])


def test_the_key_of_a_draft_is_corrected_in_its_form_unless_another_leads_to_it(rita: Client) -> None:
    claim = make.make_claim(status="draft", published_at=None)
    assert 'name="key"' in text_of(rita.get(change_url(claim)))
    make.make_former(claim)
    assert 'name="key"' not in text_of(rita.get(change_url(claim)))
