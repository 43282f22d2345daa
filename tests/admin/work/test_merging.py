"""The pages that merge records: what they show first, what they refuse, what they do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comparisons.models import Article, Claim, Criterion, Ruling
from tests import factories as make
from tests.admin.forms import REQUIRED, change_url, fields, messages_of, text_of

from .merging import merge, preview, twins

Browser = Callable[..., Client]


@pytest.mark.parametrize("by", ["into", "slug"])
def test_the_other_record_is_found_by_its_words_or_by_its_slug(rita: Client, by: str) -> None:
    duplicate, kept = make.make_article("duplicate"), make.make_article("kept")
    chooser = text_of(rita.get(change_url(duplicate, "merge")))
    assert 'data-field-name="follows"' in chooser and 'name="slug"' in chooser
    response = rita.get(change_url(duplicate, "merge"), {by: kept.pk if by == "into" else "kept"})
    assert "Title of kept" in text_of(response) and 'id="merge_form"' in text_of(response)


@pytest.mark.parametrize("asked", [{"into": "x"}, {"into": "9" * 40}, {"into": "0"}, {"slug": "nobody"}, {"into": ""}])
def test_a_choice_of_nothing_is_refused(rita: Client, asked: dict[str, str]) -> None:
    response = rita.get(change_url(make.make_article(), "merge"), asked)
    assert response.status_code == 200 and "errorlist" in text_of(response)


def test_a_preview_counts_and_names_what_moves_and_changes_nothing(rita: Client) -> None:
    duplicate, kept = make.make_article("duplicate"), make.make_article("kept")
    claim = make.make_claim(by=(duplicate, kept), key="cited")
    make.make_article("follower", follows=duplicate)
    text = text_of(preview(rita, duplicate, kept))
    assert "Citations <b>1</b>" in text and "Statement of cited." in text
    assert "Articles that follow it <b>1</b>" in text and "Title of follower" in text
    assert "formerly duplicate" in text
    assert claim.citations.filter(article=duplicate).exists()


def test_articles_are_merged_with_what_one_lacks(rita: Client) -> None:
    duplicate, kept = (
        make.make_article("duplicate", url="https://example.org/a", author="Ada"),
        make.make_article("kept"),
    )
    claim = make.make_claim(by=(duplicate,))
    response = merge(rita, duplicate, kept, take=["url"])
    assert "its address redirects here" in messages_of(response)
    assert response.redirect_chain[0][0] == change_url(kept)
    kept.refresh_from_db()
    assert (kept.url, kept.author) == ("https://example.org/a", "")
    assert claim.citations.get().article == kept and not Article.objects.filter(slug="duplicate").exists()


def test_claims_are_merged(rita: Client) -> None:
    duplicate, kept = twins()
    merge(rita, duplicate, kept)
    assert Claim.objects.get().key == "kept" and kept.citations.count() == 2


def test_a_preview_says_why_an_unapproved_claim_cannot_be_merged(rita: Client) -> None:
    duplicate, kept = twins()
    writer = User.objects.get(username="rita")
    Claim.objects.filter(pk=duplicate.pk).update(status="draft", published_at=None, written_by=writer)
    assert "somebody else has to approve it" in text_of(preview(rita, duplicate, kept))


def test_what_the_kept_claim_lacks_is_taken_over_by_default(rita: Client) -> None:
    duplicate, kept = twins()
    Claim.objects.filter(pk=duplicate.pk).update(since_version="2.0")
    response = preview(rita, duplicate, kept)
    assert "take" in fields(response, "merge_form") and "Since version: 2.0" in text_of(response)


def test_criteria_are_merged_with_levels_and_rulings_as_chosen(rita: Client) -> None:
    duplicate, kept = (make.make_criterion(slug, levels=("yes", "no")) for slug in ("duplicate", "kept"))
    claim = make.make_claim(criterion=duplicate, level="yes")
    rulings = [
        make.make_ruling(claim.framework, one, level=one.levels.first(), why=one.slug) for one in (duplicate, kept)
    ]
    form = fields(preview(rita, duplicate, kept), "merge_form")
    assert form[f"level-{claim.level_id}"] == [str(kept.levels.get(slug="yes").pk)]
    assert f"ruling-{claim.framework_id}" not in form
    assert REQUIRED in text_of(merge(rita, duplicate, kept, form))
    merge(rita, duplicate, kept, form, **{f"ruling-{claim.framework_id}": rulings[0].pk})
    claim.refresh_from_db()
    assert (claim.criterion, claim.level.slug) == (kept, "yes")
    assert Ruling.objects.get().why == "duplicate" and Criterion.objects.get() == kept


@pytest.mark.parametrize(
    "forged",
    [{"level-{level}": "999999"}, {"level-{level}": "x"}, {"level-{level}": ""}, {"take": "pk"}, {"take": "status"}],
)
def test_forged_choices_change_nothing(rita: Client, forged: dict[str, str]) -> None:
    duplicate, kept = (make.make_criterion(slug, levels=("yes", "no")) for slug in ("duplicate", "kept"))
    claim = make.make_claim(criterion=duplicate, level="yes")
    data = {name.format(level=claim.level_id): value for name, value in forged.items()}
    if "take" in data:
        one, other = make.make_article(author="Ada"), make.make_article()
        assert "errorlist" in text_of(merge(rita, one, other, **data))
        assert Article.objects.filter(pk=one.pk).exists()
    else:
        assert "errorlist" in text_of(merge(rita, duplicate, kept, **data))
        assert Criterion.objects.filter(pk=duplicate.pk).exists()


@pytest.mark.parametrize("version", ["0", "7", "x", ""])
@pytest.mark.parametrize("which", ["duplicate_version", "kept_version"])
def test_a_merge_that_comes_too_late_is_told_so(rita: Client, which: str, version: str) -> None:
    duplicate, kept = make.make_article("duplicate"), make.make_article("kept")
    response = merge(rita, duplicate, kept, **{which: version})
    assert response.status_code == 409 and "somebody else has saved" in text_of(response)
    assert Article.objects.count() == 2
    assert merge(rita, duplicate, kept, fields(response, "merge_form")).status_code == 200
    assert Article.objects.get() == kept


def test_a_merge_of_what_is_gone_leads_back(rita: Client) -> None:
    duplicate, kept = make.make_article("duplicate"), make.make_article("kept")
    form = fields(preview(rita, duplicate, kept), "merge_form")
    merge(rita, duplicate, kept, form)
    assert "doesn’t exist" in messages_of(merge(rita, duplicate, kept, form))


def test_a_record_is_not_merged_into_itself(rita: Client) -> None:
    article = make.make_article()
    shown = preview(rita, article, article)
    assert "cannot be merged into itself" in text_of(shown) and 'value="Merge"' not in text_of(shown)
    merge(rita, article, article)
    assert Article.objects.get() == article


def test_a_refused_merge_says_what_to_do_and_offers_no_button(rita: Client) -> None:
    duplicate, kept = make.make_claim(), make.make_claim()
    text = text_of(preview(rita, duplicate, kept))
    assert "about different frameworks" in text and 'value="Merge"' not in text
    merge(rita, duplicate, kept)
    assert Claim.objects.count() == 2


def test_names_are_shown_as_text(rita: Client) -> None:
    hostile = "<script>alert(1)</script>"
    duplicate, kept = make.make_article("duplicate", title=hostile, author=hostile), make.make_article("kept")
    make.make_claim(by=(duplicate,), statement=hostile)
    for response in (
        preview(rita, duplicate, kept),
        rita.get(change_url(duplicate, "merge")),
        rita.get(change_url(duplicate, "rename")),
    ):
        assert "<script>alert" not in text_of(response)
    merge(rita, duplicate, kept)
    assert "<script>alert" not in text_of(rita.get(change_url(kept, "history")))


def test_the_history_says_what_was_merged_and_leads_to_its_own(rita: Client) -> None:
    duplicate, kept = make.make_article("duplicate"), make.make_article("kept")
    merge(rita, duplicate, kept)
    page = text_of(rita.get(change_url(kept, "history")))
    assert "Merged from duplicate" in page and f'href="{change_url(duplicate, "history")}"' in page
    own = rita.get(change_url(duplicate, "history"))
    assert own.status_code == 200 and "Merged into kept" in text_of(own)


@pytest.mark.parametrize("maker", [make.make_article, make.make_criterion], ids=lambda maker: maker.__name__)
def test_an_old_state_of_what_was_merged_can_be_read(rita: Client, maker: Any) -> None:
    duplicate, kept = maker(), maker()
    state = duplicate.history.first()
    merge(rita, duplicate, kept)
    name = f"admin:comparisons_{duplicate._meta.model_name}_simple_history"
    assert rita.get(reverse(name, args=[duplicate.pk, state.pk])).status_code == 200


def test_an_old_state_of_a_merged_claim_can_be_read(rita: Client) -> None:
    duplicate, kept = twins()
    state = duplicate.history.first()
    merge(rita, duplicate, kept)
    page = rita.get(reverse("admin:comparisons_claim_simple_history", args=[duplicate.pk, state.pk]))
    assert page.status_code == 200 and "Statement of duplicate." in text_of(page)


@pytest.mark.parametrize("size", [1, 4])
def test_a_preview_costs_the_same_at_any_size(rita: Client, size: int) -> None:
    duplicate, kept = (make.make_criterion(slug, levels=("yes", "no")) for slug in ("duplicate", "kept"))
    for _ in range(size * 3):
        make.make_claim(criterion=duplicate, level="yes")
        make.make_comparison("", (), (duplicate,))
    with CaptureQueriesContext(connection) as queries:
        assert preview(rita, duplicate, kept).status_code == 200
    assert len(queries) <= 30, "a fixed number"


def test_a_merge_says_beforehand_that_no_button_undoes_it(rita: Client) -> None:
    duplicate, kept = twins()
    assert "No button undoes a merge." in preview(rita, duplicate, kept).content.decode()
