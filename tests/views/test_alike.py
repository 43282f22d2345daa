"""The frameworks that answer most alike, on the page of a framework."""

import html as markup

import pytest

from comparisons.evidence import neighbours
from tests import factories as make

pytestmark = pytest.mark.django_db


def answer(framework, *levels):
    """Answers of a framework to the first questions, in order; None for no answer."""
    for criterion, level in zip(QUESTIONS, levels, strict=False):
        if level:
            make.make_claim(framework, criterion, level=level)


QUESTIONS: list = []


@pytest.fixture(autouse=True)
def questions(db):
    QUESTIONS[:] = [make.make_criterion(f"question-{n}", levels=("yes", "partly", "no")) for n in range(12)]


def section(client, slug):
    response = client.get(f"/frameworks/{slug}/")
    assert response.status_code == 200
    text = markup.unescape(response.content.decode())
    start = text.index('id="h-alike"')
    return text[start : text.index('id="h-all"')]


def test_a_page_names_the_nearest_with_counts_and_links_what_sets_it_apart_to_cells(client):
    alpha, beta, gamma = (make.make_framework(slug, order=n) for n, slug in enumerate(("alpha", "beta", "gamma")))
    answer(alpha, *["yes"] * 12)
    answer(beta, *["yes"] * 9, "partly", "no")
    answer(gamma, *["no"] * 10)
    make.settle()
    text = section(client, "alpha")
    assert text.index(">Beta<") < text.index(">Gamma<")
    assert "9 of 11 answers alike, 82 %" in " ".join(text.split()).replace("alike , ", "alike, ")
    apart = text[: text.index(">Gamma</a></h3>")]
    assert apart.index("/frameworks/beta/question-10/") < apart.index("/frameworks/beta/question-9/")
    assert "/frameworks/alpha/question-10/" in apart and "/compare/alpha-vs-beta/?only=differences" in apart


def test_too_few_shared_answers_are_said_and_name_nobody(client):
    alpha, beta = make.make_framework("alpha"), make.make_framework("beta")
    answer(alpha, *["yes"] * 9)
    answer(beta, *["yes"] * 9)
    make.settle()
    text = section(client, "alpha")
    assert "No other framework shares enough answers to say." in text
    assert "1 other shares fewer than 10 answered questions: too few to say." in text and "Beta" not in text


def test_frameworks_that_answer_all_alike_are_set_apart_by_nothing(client):
    for slug in ("alpha", "beta"):
        answer(make.make_framework(slug), *["yes"] * 10)
    make.settle()
    assert "Nothing sets them apart in what both answer." in section(client, "alpha")


def test_drafts_are_no_neighbours_and_set_nobody_apart(client):
    alpha, beta, hidden = make.make_framework("alpha"), make.make_framework("beta"), make.make_framework("hidden")
    answer(alpha, *["yes"] * 12)
    answer(beta, *["yes"] * 10, "no", "no")
    answer(hidden, *["yes"] * 12)
    hidden.is_draft = QUESTIONS[11].is_draft = True
    hidden.save()
    QUESTIONS[11].save()
    make.settle()
    text = section(client, "alpha")
    assert "Hidden" not in text and "question-11" not in text and "10 of 11 answers alike" in text


def test_claims_that_are_not_published_make_nobody_alike(client):
    alpha, beta = make.make_framework("alpha"), make.make_framework("beta")
    answer(alpha, *["yes"] * 12)
    for criterion in QUESTIONS:
        make.make_claim(beta, criterion, level="yes", status="draft", published_at=None)
    make.settle()
    assert "Beta" not in section(client, "alpha")


def test_of_very_many_answers_a_sample_is_looked_at_and_said(client, monkeypatch):
    monkeypatch.setattr(neighbours, "MOST", 11)
    for slug in ("alpha", "beta"):
        answer(make.make_framework(slug), *["yes"] * 12)
    make.settle()
    text = section(client, "alpha")
    assert "11 of 11 answers alike" in text and "By 11 of its answers" in text
