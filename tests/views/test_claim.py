"""The permalink of a claim: evidence, verdict, history; and what is no longer or not yet there."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from comparisons.models import Citation, Claim
from tests import factories as make

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)


def page(client, key="it", status=200):
    response = client.get(reverse("comparisons:claim", args=[key]))
    assert response.status_code == status
    return response.content.decode()


def save(row, day, **fields):
    """Save a row as if on a day after the start."""
    for name, value in fields.items():
        setattr(row, name, value)
    row._history_date = START + dt.timedelta(days=day)
    row.save()
    return row


def drafted(day=0, **fields):
    """A draft of a day, cited once, as an editor would write it."""
    claim = make.make_claim(key="it", by=(), status="draft", published_at=None, **fields)
    claim.history.update(history_date=START + dt.timedelta(days=day))
    citation = make.make_citation(claim, says="First said.")
    citation.history.update(history_date=START + dt.timedelta(days=day))
    return claim


def history(html):
    return html[html.index('id="history"') : html.index("</section>", html.index('id="history"'))]


def test_a_claim_shows_statement_evidence_and_value(client):
    criterion = make.make_criterion("orm", levels=("built-in", "none"))
    claim = make.make_claim(
        make.make_framework("alpha"), criterion, key="it", statement="It has *one*.", level="built-in", polarity="pro",
        since_version="2.0",
    )  # fmt: skip
    make.make_citation(claim, stance="disputes", says="It has none.", locator="Page 4")
    html = page(client)
    assert "It has <em>one</em>." in html and "Built-In" in html and "since 2.0" in html
    assert (
        "supports</span>" in html
        and "disputes</span>" in html
        and "It has none." in html
        and "<bdi>Page 4</bdi>." in html
    )
    assert reverse("comparisons:cell", args=["alpha", "orm"]) in html


def test_the_reasons_for_its_strength_are_printed(client):
    make.make_claim(key="it", by=(make.make_article(), make.make_article()))
    html = page(client)
    assert "Evidence: fair" in html and "independent sources that say so: 2" in html


def test_two_articles_of_one_publisher_are_one_source(client):
    make.make_claim(key="it", by=(make.make_article(publisher="One"), make.make_article(publisher="One")))
    assert "1 source, thin" in page(client)


def test_a_verdict_shows_its_note_articles_and_date(client):
    claim = make.make_claim(key="it", verdict="outdated", verdict_note="Gone since 3.0.", verdict_on=make.DAY)
    article = make.make_article("notes")
    claim.verdict_articles.add(article)
    html = page(client)
    assert "This claim does not count." in html and "Gone since 3.0." in html and "20 November 2026" in html
    assert article.get_absolute_url() in html


def test_a_figure_shows_its_conditions_and_a_pitfall_its_remedy(client):
    criterion = make.make_criterion("speed", "number", unit="ms")
    make.make_claim(None, criterion, key="it", kind="figure", number=5, approximate=True, payload="1 kB")
    make.make_claim(key="that", kind="pitfall", impact="It breaks.", remedy="Mend it.")
    html = page(client)
    assert "about 5 ms" in html and "1 kB" in html and html.count('muted">not stated') == 6
    html = page(client, "that")
    assert "It breaks." in html and "Mend it." in html


def test_rulings_that_name_it_are_shown(client):
    criterion = make.make_criterion("orm")
    claim = make.make_claim(make.make_framework("alpha"), criterion, key="it", text="One")
    make.make_ruling(claim.framework, criterion, text="One", why="It is so.").accepted.add(claim)
    html = page(client)
    assert "It is so." in html and "The ruling accepts this claim." in html and "Opinions differ." in html


def test_it_can_be_cited(client):
    make.make_claim(key="it", statement='Say "it" & <b>that</b>.')
    html = page(client)
    area = html[html.index("<textarea") : html.index("</textarea>")]
    assert "https://crosscheck.example/claims/it/" in area and "<b>" not in area
    assert 'data-copy="cite-text"' in html


def test_neighbours_are_published_ones(client):
    claim = make.make_claim(key="it")
    make.make_claim(claim.framework, claim.criterion, key="near", by=())
    make.make_claim(None, claim.criterion, key="far", by=())
    make.make_claim(claim.framework, claim.criterion, key="hidden", status="draft", published_at=None)
    html = page(client)
    assert "/claims/near/" in html and "/claims/far/" in html and "/claims/hidden/" not in html


def test_a_claim_about_no_framework_has_a_page(client):
    claim = make.make_claim(key="it")
    Claim.objects.filter(pk=claim.pk).update(framework=None)
    assert "<dd>any</dd>" in page(client)


def test_history_tells_changes_word_by_word(client):
    claim = save(drafted(), 1, status="published", published_at=START + dt.timedelta(days=1), statement="It is slow.")
    save(claim, 3, statement="It is fast.")
    save(claim.citations.get(), 5, says="Last said.")
    part = history(page(client))
    assert part.count("<li>") == 3 and "First published." in part
    assert "slow." in part and "</span>fast." in part and "<del>" in part and "<ins>" in part
    assert "Last " in part and part.index("Last ") < part.index("fast.")
    assert "The editors" in part


def test_history_never_leaks_what_readers_did_not_see(client, django_user_model):
    someone = django_user_model.objects.create(username="reviewer-name")
    claim = drafted(statement="Secret wording.", author=someone)
    save(claim.citations.get(), 1, says="Unseen saying.")
    save(claim.citations.get(), 2, says="Seen saying.")
    save(claim, 2, statement="Public wording.", status="published", published_at=START + dt.timedelta(days=2))
    claim.history.update(history_user=someone, history_change_reason="Private reason")
    save(claim, 4, statement="Unseen wording.", status="in-review")
    save(claim, 6, statement="Newer wording.", status="published")
    html = page(client)
    assert "Newer" in history(html) and "Public" in history(html)
    for text in ("Secret", "Unseen", "reviewer-name", "Private reason"):
        assert text not in html


def test_what_is_not_content_makes_no_history(client):
    claim = save(drafted(), 1, status="published", published_at=START)
    save(claim, 3)
    assert history(page(client)).count("<li>") == 1


@pytest.mark.parametrize("status", ["draft", "in-review"])
def test_an_unpublished_claim_is_the_same_404_as_none(client, status):
    make.make_claim(key="it", status=status, published_at=None, statement="Secret.")
    hidden, unknown = (re.sub(rf"\b{key}\b", "", page(client, key, 404)) for key in ("it", "no"))
    assert hidden == unknown and "Secret." not in hidden


def test_a_withdrawn_claim_is_gone_and_says_why(client):
    make.make_claim(
        key="it",
        statement="Taken back.",
        status="withdrawn",
        withdrawn_at=make.NOON,
        withdrawal_reason="Stood *twice*.",
    )
    html = page(client, status=410)
    assert "20 November 2026" in html and "Stood <em>twice</em>." in html and "Taken back." not in html


def test_a_withdrawn_claim_appears_nowhere_else(client):
    criterion = make.make_criterion("orm", levels=("built-in", "none"))
    alpha = make.make_framework("alpha")
    stays = make.make_claim(alpha, criterion, key="stays", level="none")
    gone = make.make_claim(
        alpha, criterion, key="gone", level="built-in", statement="Taken back.", polarity="pro", status="withdrawn",
        withdrawn_at=make.NOON, withdrawal_reason="Twice.",
    )  # fmt: skip
    ruling = make.make_ruling(alpha, criterion, level=stays.level)
    ruling.rejected.set([stays])
    ruling.accepted.set([gone])
    make.settle()
    for path in ("/frameworks/alpha/", "/frameworks/alpha/orm/", "/criteria/orm/", "/claims/stays/"):
        html = client.get(path).content.decode()
        assert "Taken back." not in html and "/claims/gone/" not in html, path


def test_hostile_text_is_harmless(client):
    claim = save(drafted(statement="x"), 1, status="published", published_at=START)
    save(claim, 2, statement="<script>alert(1)</script> [x](javascript:1) " + "y" * 60_000)
    save(claim.citations.get(), 3, says="</ins><script>alert(2)</script>", quote="<img src=x onerror=alert(1)>")
    html = page(client)
    assert "<script>alert" not in html and "<img src=x" not in html and 'href="javascript' not in html
    assert len(history(html)) < 20_000


def test_the_claim_page_knows_no_reader(client):
    make.make_claim(key="it")
    response = client.get("/claims/it/")
    assert not response.cookies and "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize("size", [2, 20])
def test_a_claim_takes_eleven_queries_at_any_size(client, django_assert_num_queries, size):
    claim = make.make_claim(key="it", by=tuple(make.make_article() for _ in range(size)))
    for number in range(size):
        save(claim, number, statement=f"Wording {number}.")
        make.make_claim(claim.framework, claim.criterion)
        make.make_claim(None, claim.criterion)
        other = make.make_criterion(levels=("yes", "no"))
        make.make_ruling(claim.framework, other, level=other.levels.first()).rejected.add(claim)
        claim.verdict_articles.add(make.make_article())
    with django_assert_num_queries(11):
        client.get("/claims/it/")


def test_a_long_record_is_cut_short(client):
    claim = make.make_claim(key="it")
    rows = [Citation(claim=claim, article=make.make_article(), says=f"Says {n}.", pk=1000 + n) for n in range(130)]
    for number, row in enumerate(rows):
        save(row, number)
    html = page(client)
    assert "Older changes are not listed." in html and "First published." not in html
