"""The revisions of a claim: each has an address that can be cited, and shows for ever what readers saw."""

import datetime as dt

import pytest
from django.utils import timezone

from comparisons.models import Article, Claim, Criterion, Framework, Level
from tests import factories as make

from .test_claim import START, drafted, history, page, save

pytestmark = pytest.mark.django_db


def revision(client, number, key="it", status=200):
    response = client.get(f"/claims/{key}/@{number}")
    assert response.status_code == status
    return response.content.decode()


def published(**fields):
    """A claim that was written on one day and published the next."""
    fields = {"statement": "First wording.", **fields}
    return save(drafted(statement="Secret wording."), 1, status="published", published_at=START, **fields)


def test_a_revision_shows_the_claim_as_it_was(client):
    claim = published(polarity="pro")
    save(claim, 3, statement="Second wording.", polarity="con")
    save(claim.citations.get(), 5, says="Said anew.")
    first, second, third = (revision(client, number) for number in (1, 2, 3))
    for html, statement, says in (
        (first, "First wording.", "First said."),
        (second, "Second wording.", "First said."),
        (third, "Second wording.", "Said anew."),
    ):
        assert f">{statement}</h1>" in html and f'serif-body" dir="auto">{says}</p>' in html
    assert ">For</dd>" in first and ">Against</dd>" in second


def test_a_revision_never_changes(client):
    claim = published()
    before = revision(client, 1)
    save(claim, 3, statement="Second wording.", verdict="opinion", verdict_on=make.DAY)
    make.make_citation(claim, says="Added later.")
    claim.citations.order_by("pk").first().delete()
    after = revision(client, 1)
    for part in (">First wording.</h1>", 'dir="auto">First said.</p>', "1 source: 1 supports</p>", "Revision 1, "):
        assert part in before and part in after
    assert 'serif-body" dir="auto">Added later.' not in after


def as_it_was(html):
    start = html.index('<div id="as-it-was">')
    end = html.index('id="changes"') if 'id="changes"' in html else html.index("</main>")
    return html[start : html.rindex("</div>", start, end)]


def answered():
    """A published claim that gives a level."""
    level = make.make_criterion("answered", levels=("yes", "no")).levels.first()
    claim = published(criterion=level.criterion, level=level)
    for model in (Article, Criterion, Framework, Level):
        model.history.update(history_date=START)
    return claim


LATER_WRITES = {
    "a framework is renamed": lambda claim: (claim.framework, {"name": "Renamed", "slug": "renamed"}),
    "a criterion is renamed": lambda claim: (claim.criterion, {"name": "Renamed", "slug": "renamed"}),
    "a level is renamed": lambda claim: (claim.level, {"label": "Renamed", "slug": "renamed"}),
    "an article is renamed": lambda claim: (
        claim.citations.get().article,
        {"title": "Renamed", "slug": "renamed", "publisher": make.make_publisher("Renamed"), "author": "R"},
    ),
    "an article is dated otherwise": lambda claim: (
        claim.citations.get().article, {"published_on": make.DAY, "precision": "day", "kind": "talk"}
    ),
    "the claim is rewritten": lambda claim: (claim, {"statement": "Second wording.", "polarity": "con"}),
    "a citation is rewritten": lambda claim: (claim.citations.get(), {"says": "Other.", "stance": "disputes"}),
}  # fmt: skip


@pytest.mark.parametrize("name", LATER_WRITES)
def test_no_byte_of_a_revision_changes_when(client, name):
    claim = answered()
    before = as_it_was(revision(client, 1))
    row, fields = LATER_WRITES[name](claim)
    save(row, 3, **fields)
    assert as_it_was(revision(client, 1)) == before


def test_no_byte_of_a_revision_changes_when_its_citation_and_article_are_deleted(client):
    claim = answered()
    make.make_citation(claim)
    before = as_it_was(revision(client, 1))
    gone = claim.citations.first()
    gone.delete()
    gone.article.delete()
    assert as_it_was(revision(client, 1)) == before


def test_a_later_revision_has_the_names_of_its_own_day(client):
    claim = answered()
    save(claim.framework, 3, name="Renamed")
    save(claim, 5, statement="Second wording.")
    first, second = revision(client, 1), revision(client, 2)
    assert "Renamed" not in as_it_was(first) and "Renamed" in as_it_was(second)
    assert "Renamed" in first[first.index('id="changes"') :]


def test_a_revision_says_what_changed_since(client):
    claim = published()
    save(claim, 3, statement="Second wording.")
    save(claim, 5, statement="Third wording.")
    first, third = revision(client, 1), revision(client, 3)
    changes = first[first.index('id="changes"') :]
    assert "Third" in changes and "Second" not in changes and "newest revision" in first
    assert 'id="changes"' not in third and "/claims/it/@2" in third


@pytest.mark.parametrize("number", ["0", "2", "01", "x", "999999", "-1"])
def test_other_numbers_are_not_found(client, number):
    published()
    revision(client, number, status=404)


def test_states_that_readers_never_saw_are_no_revisions(client):
    claim = published()
    save(claim, 3, statement="Unseen wording.", status="in-review")
    save(claim, 5, statement="Seen wording.", status="published")
    for number in (1, 2):
        html = revision(client, number)
        assert "Unseen" not in html and "Secret" not in html
    assert ">Seen wording.</h1>" in revision(client, 2)
    revision(client, 3, status=404)


@pytest.mark.parametrize("status", ["draft", "in-review"])
def test_a_claim_that_is_not_public_has_no_revision(client, status):
    save(published(), 3, status=status)
    revision(client, 1, status=404)


def test_the_revisions_of_a_withdrawn_claim_are_gone(client):
    save(published(), 3, status="withdrawn", withdrawn_at=START, withdrawal_reason="Never said.")
    html = revision(client, 1, status=410)
    assert "First wording." not in html and "Never said." in html


def test_an_edit_that_may_still_go_on_is_no_revision_yet(client):
    claim = published()
    claim.statement = "Being written."
    claim.save()
    revision(client, 2, status=404)
    later = timezone.now() - dt.timedelta(minutes=2)
    Claim.history.filter(statement="Being written.").update(history_date=later)
    assert ">Being written.</h1>" in revision(client, 2)


def test_search_engines_are_sent_to_the_claim(client):
    published()
    html = revision(client, 1)
    assert '<meta name="robots" content="noindex">' in html
    assert '<link rel="canonical" href="https://crosscheck.example/claims/it/">' in html


def test_a_claim_is_cited_by_its_newest_revision(client):
    save(published(), 3, statement="Second wording.")
    html = page(client)
    area = html[html.index("<textarea") : html.index("</textarea>")]
    assert "https://crosscheck.example/claims/it/@2" in area and "Revision 2, " in area
    assert 'href="/claims/it/@1"' in history(html) and 'href="/claims/it/@2"' in history(html)


def test_a_citation_that_moves_to_another_claim_leaves_the_later_revisions(client):
    claim, other = published(), make.make_claim(key="that", by=())
    make.make_citation(claim, says="Moved away.")
    claim.citations.filter(says="Moved away.").get().history.update(history_date=START + dt.timedelta(days=2))
    moved = claim.citations.get(says="Moved away.")
    save(moved, 4, claim=other)
    assert 'serif-body" dir="auto">Moved away.' in revision(client, 2)
    assert 'serif-body" dir="auto">Moved away.' not in revision(client, 3)


def test_a_former_key_leads_to_the_claim_itself(client):
    claim = published()
    make.make_former(claim, "old-key")
    response = client.get("/claims/old-key/@1")
    assert response.status_code == 301 and response["Location"] == "/claims/it/"


def test_markup_in_a_revision_is_shown_as_text(client):
    published(statement="<script>alert(1)</script>")
    assert "<script>alert" not in revision(client, 1)


@pytest.mark.parametrize("size", [1, 20])
def test_a_revision_takes_six_queries_at_any_size(client, django_assert_num_queries, size):
    claim = published()
    for day in range(size):
        save(claim, day + 3, statement=f"Wording {day}.")
    with django_assert_num_queries(6):
        revision(client, size + 1)
