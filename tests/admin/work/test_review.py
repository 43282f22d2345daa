"""The review page of a claim: what it shows, and which records refer to the claim."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comparisons.editing import proposals
from comparisons.models import Claim, Ruling
from comparisons.models.pages import Paragraph
from tests import factories as make
from tests.admin.forms import act, change_url, opened, send, text_of, with_citation

from .reviewing import in_review, take

Browser = Callable[..., Client]


def named_claim() -> tuple[Claim, Ruling]:
    criterion = make.make_criterion(levels=("yes", "no"))
    claim = make.make_claim(make.make_framework("flask"), criterion, level="yes")
    ruling = make.make_ruling(claim.framework, criterion, level=claim.level)
    ruling.rejected.add(claim)
    comparison = make.make_comparison("duel", title="The duel")
    Paragraph.objects.create(comparison=comparison, text="So.").claims.add(claim)
    return claim, ruling


def sections_of(client: Client, claim: Claim) -> Any:
    """What the change of a claim that waits for review sets beside the approved text."""
    return client.get(proposals.waiting(claim).get_absolute_url()).context["sections"]


def test_a_withdrawal_lists_what_names_the_claim(chief: Client) -> None:
    claim, ruling = named_claim()
    for response in (chief.get(change_url(claim, "review")), act(chief, Claim, "withdraw", claim)):
        text = text_of(response)
        assert "Comparison: The duel" in text and f"Ruling: {ruling}" in text and change_url(ruling) in text


def test_a_claim_that_nothing_names_is_withdrawn_without_a_warning(chief: Client) -> None:
    assert chief.get(change_url(make.make_claim(), "review")).context["mentions"] == []


def test_every_relation_to_a_claim_is_a_mention_or_goes_with_it() -> None:
    own = {"Challenge", "Check", "Citation", "ClaimSummary", "MeaningChange", "Note", "Run"}
    counted = {"Ruling", "Paragraph", "VerdictLine"}
    found = {relation.related_model.__name__ for relation in Claim._meta.related_objects}
    assert {name for name in found if not name.startswith("Historical")} == own | counted


def test_a_claim_that_was_never_published_is_said_to_be_new(chief: Client) -> None:
    text = text_of(chief.get(change_url(in_review(), "review")))
    assert "It was never published: all of it is new" in text


def test_the_page_sets_what_changed_beside_what_was_published(browser: Browser) -> None:
    old, new = make.make_article("old"), make.make_article("new")
    claim = make.make_claim(statement="It has one worker.", by=(old,))
    editor = browser("edgar")
    form = with_citation(opened(editor, claim), new, says="It says two.")
    send(editor, claim, form, statement="It has two workers.", **{"citations-0-says": "Said otherwise."})
    sections = sections_of(editor, claim)
    assert [(section.title, section.kind) for section in sections] == [
        ("", "changed"), ("Title of old", "changed"), ("Title of new", "added"),
    ]  # fmt: skip
    (line,) = [line for line in sections[0].lines if line.is_changed]
    assert ("del", "one worker.") in line.before and ("ins", "two workers.") in line.after


def test_a_removed_citation_is_shown(browser: Browser) -> None:
    claim = make.make_claim(by=(make.make_article("a"), make.make_article("b")))
    editor = browser("edgar")
    send(editor, claim, opened(editor, claim), **{"citations-1-DELETE": "on"})
    sections = sections_of(editor, claim)
    assert [(section.title, section.kind) for section in sections[1:]] == [
        ("Title of a", "same"), ("Title of b", "removed"),
    ]  # fmt: skip


def test_drafts_in_between_are_not_what_was_published(browser: Browser) -> None:
    claim = make.make_claim(statement="Published.")
    editor = browser("edgar")
    for text in ("First try.", "Second try."):
        send(editor, claim, opened(editor, claim), statement=text)
    (line,) = [one for one in sections_of(editor, claim)[0].lines if one.is_changed]
    assert ["".join(piece.text for piece in side) for side in (line.before, line.after)] == [
        "Published.",
        "Second try.",
    ]


def test_a_change_far_into_a_long_text_is_shown(browser: Browser) -> None:
    start = "word " * 3000
    claim = make.make_claim(statement=f"{start}old end")
    editor = browser("edgar")
    send(editor, claim, opened(editor, claim), statement=f"{start}new end")
    (line,) = [one for one in sections_of(editor, claim)[0].lines if one.is_changed]
    assert [piece for piece in line.after if piece.kind == "ins"] == [("ins", "new ")]


def test_texts_that_differ_all_over_are_compared_in_bounded_time(browser: Browser) -> None:
    claim = make.make_claim(statement="a b " * 5000)
    editor = browser("edgar")
    send(editor, claim, opened(editor, claim), statement="b c " * 5000)
    assert sections_of(editor, claim)[0].kind == "changed"


def test_the_cell_is_shown_as_it_is_and_as_it_would_become(chief: Client) -> None:
    criterion = make.make_criterion(levels=("yes", "no"))
    first = make.make_claim(criterion=criterion, level="yes")
    claim = in_review(framework=first.framework, criterion=criterion, level="no")
    context = chief.get(change_url(claim, "review")).context
    assert (context["before"].agreement, context["before"].level_slug) == ("single-source", "yes")
    assert context["after"].agreement == "disputed"


def test_a_published_claim_shows_the_cell_without_it(chief: Client) -> None:
    claim = make.make_claim(criterion=make.make_criterion(levels=("yes", "no")), level="yes")
    context = chief.get(change_url(claim, "review")).context
    assert context["before"].level_slug == "yes" and context["after"] is None


def test_a_claim_about_no_framework_has_no_cell(chief: Client) -> None:
    claim = in_review()
    Claim.objects.filter(pk=claim.pk).update(framework=None)
    assert "has no cell" in text_of(chief.get(change_url(claim, "review")))


def test_hostile_text_is_harmless_on_every_page(browser: Browser) -> None:
    hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    article = make.make_article(title=hostile, publisher=hostile)
    criterion = make.make_criterion(levels=("yes", "no"), name="n" + hostile, question=hostile)
    claim = make.make_claim(criterion=criterion, level="yes", statement=hostile, by=(article,), impact=hostile)
    editor, reviewer = browser("edgar"), browser("rita", role="reviewer")
    send(editor, claim, opened(editor, claim), statement=f"{hostile} {hostile}", **{"citations-0-says": hostile})
    take(reviewer, claim, "return_to_draft", mark="unclear", note=hostile)
    for page in ("review", "verdict", "history", "change"):
        text = text_of(reviewer.get(change_url(claim, page)))
        assert "<script>alert" not in text and "<img src=x" not in text, page


def test_the_page_takes_the_same_queries_however_much_there_is(chief: Client) -> None:
    claim = make.make_claim()
    counts = []
    for size in (2, 8):
        while claim.citations.count() < size:
            make.make_citation(claim)
            other = make.make_claim(claim.framework, claim.criterion)
            ruling = make.make_ruling(make.make_framework(), claim.criterion, is_open=True)
            ruling.rejected.add(claim)
            Paragraph.objects.create(comparison=make.make_comparison(), text="So.").claims.add(claim, other)
        with CaptureQueriesContext(connection) as queries:
            assert chief.get(change_url(claim, "review")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] and counts[1] <= 40, counts


def test_form_and_page_lead_to_one_another(chief: Client) -> None:
    claim = in_review()
    assert f'href="{change_url(claim, "review")}"' in text_of(chief.get(change_url(claim)))
    assert f'href="{change_url(claim)}"' in text_of(chief.get(change_url(claim, "review")))


def test_pages_hold_nothing_inline(chief: Client) -> None:
    claim = make.make_claim()
    for page in ("review", "verdict", "history"):
        text = text_of(chief.get(change_url(claim, page)))
        assert "<style" not in text and " style=" not in text and " onclick=" not in text, page
        assert all("src=" in tag.split(">")[0] for tag in text.split("<script")[1:]), page


def test_the_site_is_one_link_of_a_review_and_the_claim_another(browser: Browser) -> None:
    claim = make.make_claim()
    page = text_of(browser("rita", role="reviewer").get(change_url(claim, "review")))
    assert '<a href="/">View site</a>' in page
    assert f'<a href="{claim.get_absolute_url()}" class="viewsitelink">' in page
