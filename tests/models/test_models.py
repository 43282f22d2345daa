"""The rules of a model beside its constraints: validation, natural keys, versions, history, tidy text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from operator import attrgetter

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, NotSupportedError, models, transaction

from comparisons.language.cleaning import tidy
from comparisons.models import (
    Article,
    Benchmark,
    Check,
    Citation,
    Claim,
    Comparison,
    ComparisonCriterion,
    ComparisonFramework,
    Criterion,
    CriterionGroup,
    FormerAddress,
    Framework,
    Level,
    Paragraph,
    Publisher,
    PublisherAlias,
    Release,
    Ruling,
    Run,
    StaleVersion,
    StartingNeed,
    Subject,
    VerdictLine,
)
from comparisons.models.base import Row, Versioned
from tests.factories import (
    DAY,
    make_article,
    make_benchmark,
    make_check,
    make_citation,
    make_claim,
    make_comparison,
    make_criterion,
    make_former,
    make_framework,
    make_group,
    make_need,
    make_publisher,
    make_publisher_alias,
    make_release,
    make_ruling,
    make_run,
    make_subject,
)

pytestmark = [pytest.mark.django_db, pytest.mark.crossing]


def make_level() -> Level:
    return make_criterion(levels=("yes", "no")).levels.get(slug="yes")


def make_paragraph() -> Paragraph:
    return Paragraph.objects.create(comparison=make_comparison(), order=1, text="So.")


def make_column() -> ComparisonFramework:
    return make_comparison(frameworks=(make_framework(),)).columns.get()


def make_row() -> ComparisonCriterion:
    return make_comparison(criteria=(make_criterion(),)).rows.get()


MAKERS: dict[type[models.Model], Callable[[], models.Model]] = {
    FormerAddress: lambda: make_former(make_framework()),
    Framework: make_framework,
    StartingNeed: lambda: make_need(make_criterion(), make_criterion()),
    Release: lambda: make_release(make_framework(), "1.0"),
    CriterionGroup: make_group,
    Criterion: make_criterion,
    Level: make_level,
    Article: make_article,
    Publisher: lambda: make_publisher(f"Publisher {Publisher.objects.count()}"),
    PublisherAlias: make_publisher_alias,
    Benchmark: make_benchmark,
    Claim: make_claim,
    Check: lambda: make_check(make_claim()),
    Run: lambda: make_run(make_claim()),
    Citation: lambda: make_citation(make_claim(), locator="Section 1"),
    Ruling: lambda: make_ruling(make_framework(), make_criterion(), text="So"),
    Comparison: make_comparison,
    ComparisonFramework: make_column,
    ComparisonCriterion: make_row,
    Paragraph: make_paragraph,
    VerdictLine: lambda: make_comparison().lines.create(order=1, kind="agreed", text="So."),
    Subject: make_subject,
}
CONTENT = [model for model in apps.get_app_config("comparisons").get_models() if issubclass(model, Row)]
EDITED = [model for model in CONTENT if issubclass(model, Versioned)]
named = attrgetter("__name__")


@pytest.mark.parametrize("model", CONTENT, ids=named)
def test_a_row_is_found_by_its_natural_key(model):
    row = MAKERS[model]()
    MAKERS[model]()
    assert model._default_manager.get_by_natural_key(*row.natural_key()) == row


@pytest.mark.parametrize("model", CONTENT, ids=named)
def test_a_natural_key_is_made_of_words_places_and_days(model):
    assert all(isinstance(part, (str, int, dt.date)) and part != "" for part in MAKERS[model]().natural_key())


@pytest.mark.parametrize(
    "model",
    [Benchmark, Claim, Citation, Ruling, Article, Criterion, Level, Framework, Comparison, Subject],
    ids=named,
)
def test_every_save_is_in_the_history(model):
    row = MAKERS[model]()
    row.save()
    assert [entry.history_type for entry in row.history.order_by("history_id")] == ["+", "~"]


def test_the_history_of_a_claim_knows_the_articles_of_its_verdict():
    claim, article = make_claim(), make_article()
    claim.verdict_articles.add(article)
    assert [link.article for link in claim.history.first().verdict_articles.all()] == [article]


def test_a_deletion_is_in_the_history():
    claim = make_claim(status="draft", published_at=None)
    key, pk = claim.key, claim.pk
    claim.delete()
    assert Claim.history.filter(id=pk, key=key, history_type="-").exists()


@pytest.mark.parametrize("model", EDITED, ids=named)
def test_a_row_that_was_saved_since_it_was_read_is_not_saved(model):
    mine = MAKERS[model]()
    theirs = model._default_manager.get(pk=mine.pk)
    theirs.save()
    with pytest.raises(StaleVersion):
        mine.save()
    assert model._default_manager.get(pk=mine.pk).version == theirs.version


def test_a_stale_save_writes_nothing_and_leaves_no_history():
    mine = make_claim()
    Claim.objects.get(pk=mine.pk).save()
    mine.statement = "Mine."
    with pytest.raises(StaleVersion):
        mine.save()
    assert Claim.objects.get(pk=mine.pk).statement != "Mine."
    assert mine.history.count() == 2


def test_a_row_can_be_saved_again_and_again_by_the_same_editor():
    claim = make_claim()
    for number in range(2, 5):
        claim.save()
        assert (claim.version, Claim.objects.get(pk=claim.pk).version) == (number, number)


def test_a_save_of_some_fields_counts_as_a_version():
    claim = make_claim()
    claim.save(update_fields=["statement"])
    assert Claim.objects.get(pk=claim.pk).version == 2


def test_a_save_that_failed_can_be_repeated():
    claim = make_claim()
    claim.statement = ""
    with pytest.raises(IntegrityError), transaction.atomic():
        claim.save()
    claim.statement = "Better."
    claim.save()
    assert Claim.objects.get(pk=claim.pk).version == 2


def test_saving_a_deleted_row_is_refused():
    claim = make_claim(status="draft", published_at=None, by=())
    Claim.objects.get(pk=claim.pk).delete()
    with pytest.raises(StaleVersion):
        claim.save()


def test_a_level_of_another_criterion_is_refused():
    other = make_criterion(levels=("yes", "no"))
    claim = make_claim(criterion=make_criterion(levels=("yes", "no")))
    claim.level = other.levels.first()
    with pytest.raises(ValidationError, match="is a level of"):
        claim.full_clean()


@pytest.mark.parametrize(
    ("value_type", "levels", "field", "value"),
    [
        ("text", (), "number", 5),
        ("number", (), "text", "Five"),
        ("level", ("yes", "no"), "text", "Yes"),
        ("level", ("yes", "no"), "number", 5),
    ],
)
@pytest.mark.parametrize(
    "make", [lambda c: make_claim(criterion=c), lambda c: make_ruling(make_framework(), c, is_open=True)]
)
def test_a_value_that_does_not_fit_its_criterion_is_refused(make, value_type, levels, field, value):
    row = make(make_criterion(value_type=value_type, levels=levels))
    setattr(row, field, value)
    with pytest.raises(ValidationError) as error:
        row.full_clean()
    assert field in error.value.message_dict


def test_a_value_that_fits_its_criterion_is_taken():
    claim = make_claim(criterion=make_criterion(levels=("yes", "no")), level="yes")
    claim.full_clean()


def test_a_level_of_a_criterion_that_has_none_is_refused():
    level = Level(criterion=make_criterion(), slug="yes", label="Yes", meaning="yes")
    with pytest.raises(ValidationError, match="has levels"):
        level.full_clean()


@pytest.mark.parametrize("length", [1, 2, 4])
def test_articles_that_would_follow_one_another_in_a_circle_are_refused(length):
    chain = [make_article()]
    for _ in range(length - 1):
        chain.append(make_article(follows=chain[-1]))
    chain[0].follows = chain[-1]
    with pytest.raises(ValidationError) as error:
        chain[0].full_clean()
    assert "follows" in error.value.message_dict


def test_a_chain_of_articles_is_taken():
    make_article(follows=make_article(follows=make_article())).full_clean()


@pytest.mark.parametrize("slug", ["Upper", "with space", "under_score", "-dash", ".dot", "a/b", "é", "a\n"])
@pytest.mark.parametrize("model", [Framework, CriterionGroup, Criterion, Article, Comparison], ids=named)
def test_a_slug_is_made_of_lower_case_letters_digits_dots_and_hyphens(model, slug):
    row = MAKERS[model]()
    row.slug = slug
    with pytest.raises(ValidationError) as error:
        row.full_clean()
    assert "slug" in error.value.message_dict


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "//example.org", "http:///x", "https://user@example.org", "ftp://example.org", "http://["],
)
def test_an_address_is_http_with_a_host_and_without_a_user(url):
    with pytest.raises(ValidationError) as error:
        Article(slug="a", title="A", kind="article", interest="independent", url=url).full_clean()
    assert "url" in error.value.message_dict


@pytest.mark.parametrize(
    ("given", "kept"),
    [("e\u0301", "é"), ("a\x00b\x0bc", "abc"), ("a\r\nb\rc", "a\nb\nc"), ("a\tb\n", "a\tb\n"), ("\ud800x\uffff", "x")],
)
def test_text_is_brought_into_one_form(given, kept):
    assert tidy(given) == kept


def test_validation_brings_text_into_one_form():
    framework = make_framework(tagline="Cafe\u0301")
    framework.clean()
    assert framework.tagline == "Café"


def test_a_date_without_a_precision_is_that_of_a_day():
    article = Article(slug="a", title="A", kind="article", interest="independent", published_on=DAY)
    article.full_clean()
    assert article.precision == "day"


def test_an_article_speaks_for_the_day_of_its_publication_or_reading():
    read = dt.date(2026, 1, 1)
    living = make_article(kind="repository", published_on=None, read_on=read)
    assert (make_article(read_on=read).evidence_date, living.evidence_date) == (DAY, read)


def test_a_claim_that_was_published_is_not_deleted():
    claim = make_claim()
    for delete in (claim.delete, Claim.objects.all().delete):
        with pytest.raises(models.ProtectedError):
            delete()
    assert Claim.objects.filter(pk=claim.pk).exists()


def test_a_withdrawn_claim_is_not_deleted():
    claim = make_claim(status="withdrawn", withdrawn_at=dt.datetime.now(dt.UTC), withdrawal_reason="Misread.")
    with pytest.raises(models.ProtectedError):
        claim.delete()


def test_drafts_are_deleted_with_their_citations():
    claim = make_claim(status="draft", published_at=None)
    Claim.objects.filter(pk=claim.pk).delete()
    assert not Citation.objects.filter(claim_id=claim.pk).exists()


@pytest.mark.parametrize("name", ["article", "framework", "criterion", "level"])
def test_what_a_claim_rests_on_is_protected(name):
    claim = make_claim(criterion=make_criterion(levels=("yes", "no")), level="yes")
    row = claim.citations.get().article if name == "article" else getattr(claim, name)
    with pytest.raises(models.ProtectedError):
        row.delete()


def test_an_article_that_others_follow_is_protected():
    article = make_article()
    make_article(follows=article)
    with pytest.raises(models.ProtectedError):
        article.delete()


def test_the_published_claims_are_those_readers_may_see():
    shown = make_claim()
    for status, date in (("draft", None), ("in-review", None)):
        make_claim(status=status, published_at=date)
    assert list(Claim.objects.published()) == [shown]


@pytest.mark.parametrize("size", [1, 8])
def test_claims_for_display_take_two_queries_at_any_size(django_assert_num_queries, size):
    for _ in range(size):
        make_claim(by=(make_article(), make_article(follows=make_article())))
    with django_assert_num_queries(2):
        for claim in Claim.objects.published().for_display():
            [(c.article.title, c.article.follows) for c in claim.citations.all()]
            str(claim.criterion.group), str(claim.framework)


def test_bulk_creation_that_hides_which_rows_it_wrote_is_refused():
    with pytest.raises(NotSupportedError, match="conflict"):
        Framework.objects.bulk_create([Framework(slug="a", name="A")], ignore_conflicts=True)
