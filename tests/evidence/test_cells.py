"""Stored cells are what their claims add up to, after every kind of write."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import serializers
from django.core.management import call_command
from django.db import models, transaction

from comparisons.evidence import cells
from comparisons.models import Article, Cell, Citation, Claim, Criterion, Level, Release, Ruling
from tests.factories import NOON, make_article, make_citation, make_claim, make_framework, make_release, make_ruling
from tests.worlds import AUTUMN, World, cited, late_release, make_world, seen, stale


def changed(row: models.Model, **fields: Any) -> None:
    """Save a row as the admin does."""
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


def answer(world: World, slug: str) -> Level:
    return Level.objects.get(criterion=world.level, slug=slug)


def reloaded(row: models.Model, **fields: Any) -> None:
    """Save a row raw, as `loaddata` does."""
    for name, value in fields.items():
        setattr(row, name, value)
    (record,) = serializers.deserialize("json", serializers.serialize("json", [row]))
    record.save()


def created_in_bulk(world: World) -> None:
    (claim,) = Claim.objects.bulk_create(
        [
            Claim(
                key="bulk", framework=world.other, criterion=world.text, kind="capability", statement="S.",
                polarity="pro", text="So", status="published", published_at=NOON,
            )
        ]
    )  # fmt: skip
    Citation.objects.bulk_create([Citation(claim=claim, article=world.free, says="So.")])


def updated_in_bulk(world: World) -> None:
    for claim in (world.claim, world.rival):
        claim.verdict, claim.verdict_note, claim.verdict_on = "wrong", "Not so.", AUTUMN
    Claim.objects.bulk_update([world.claim, world.rival], ["verdict", "verdict_note", "verdict_on"])


Write = Callable[[World], Any]
WRITES: dict[str, Write] = {
    "a claim gets another value": lambda w: changed(w.claim, level=answer(w, "none")),
    "a claim is published": lambda w: changed(w.draft, status="published", published_at=NOON),
    "a claim is withdrawn": lambda w: changed(
        w.figure, status="withdrawn", withdrawn_at=NOON, withdrawal_reason="Misread."
    ),
    "a claim is refuted": lambda w: changed(
        w.claim, verdict="wrong", verdict_note="Not so.", verdict_on=AUTUMN
    ),
    "a claim moves to another framework": lambda w: changed(w.claim, framework=w.other),
    "a claim moves to another criterion": lambda w: changed(w.figure, criterion=w.text),
    "a claim is about no framework any more": lambda w: changed(w.claim, level=None, framework=None),
    "a claim is made": lambda w: make_claim(w.other, w.text, text="So", by=(w.free,)),
    "claims are updated": lambda w: Claim.objects.filter(framework=w.one).update(
        verdict="opinion", level=None, verdict_on=AUTUMN
    ),
    "claims are moved by an update": lambda w: Claim.objects.filter(key="figure").update(criterion=w.text),
    "claims are moved to another framework by an update": lambda w: Claim.objects.update(framework=w.other),
    "claims are updated through their manager": lambda w: w.other.claims.add(w.claim),
    "claims are cleared through their manager": lambda w: (
        Claim.objects.filter(framework=w.one).update(level=None, number=None), w.one.claims.clear()
    ),
    "claims are created in bulk": created_in_bulk,
    "claims are updated in bulk": updated_in_bulk,
    "a claim is loaded": lambda w: reloaded(w.claim, level=answer(w, "none")),
    "a claim is loaded into another cell": lambda w: reloaded(w.claim, framework=w.other),
    "a citation is added": cited,
    "a citation changes its stance": lambda w: changed(w.claim.citations.first(), stance="disputes"),
    "a citation moves to another claim": lambda w: changed(w.figure.citations.get(article=w.rewrite), claim=w.claim),
    "a citation moves by an update": lambda w: Citation.objects.filter(claim=w.figure, article=w.rewrite).update(
        claim=w.claim, locator="Elsewhere"
    ),
    "a citation becomes a reading": lambda w: Citation.objects.update(reading=True),
    "a citation is deleted": lambda w: w.claim.citations.first().delete(),
    "citations are deleted": lambda w: Citation.objects.filter(article=w.free).delete(),
    "all citations of a claim are deleted": lambda w: w.figure.citations.all().delete(),
    "an article gets another publisher": lambda w: changed(w.free, publisher=w.origin.publisher),
    "an article gets another date": lambda w: changed(w.free, published_on=AUTUMN),
    "an article gets another kind": lambda w: changed(w.free, kind="measurement"),
    "the origin of a chain gets another publisher": lambda w: changed(w.origin, publisher=w.free.publisher),
    "an article follows another": lambda w: changed(w.free, follows=w.echo),
    "an article follows no other any more": lambda w: changed(w.rewrite, follows=None),
    "the origin of a chain follows another": lambda w: changed(w.origin, follows=w.free),
    "articles are updated": lambda w: Article.objects.update(publisher="One publisher"),
    "an article joins a chain through its manager": lambda w: w.origin.followed_by.add(w.free),
    "an article is loaded": lambda w: reloaded(w.origin, publisher=w.free.publisher),
    "a release comes out": late_release,
    "a release is announced": lambda w: late_release(w, "3.0", dt.date(2030, 1, 1)),
    "releases are created in bulk": lambda w: Release.objects.bulk_create(
        [Release(framework=w.one, version_number="2.0", released_on=AUTUMN)]
    ),
    "a ruling is added": lambda w: make_ruling(w.one, w.number, number=5),
    "a ruling changes its value": lambda w: changed(w.ruling, level=answer(w, "addon")),
    "a ruling is left open": lambda w: changed(w.ruling, level=None, is_open=True),
    "a ruling moves to another cell": lambda w: changed(w.ruling, criterion=w.number, level=None, number=5),
    "a ruling is deleted": lambda w: w.ruling.delete(),
    "rulings are deleted": lambda w: Ruling.objects.all().delete(),
    "a level gets another slug": lambda w: changed(answer(w, "none"), slug="missing"),
    "levels move to another criterion": lambda w: Level.objects.filter(slug="built-in").update(criterion=w.text),
}  # fmt: skip

#: Writes after which the cells are the same, and have to stay right all the same.
IDLE: dict[str, Write] = {
    "a draft is made": lambda w: make_claim(w.other, w.text, text="So", status="draft", published_at=None),
    "a draft is deleted": lambda w: w.draft.delete(),
    "drafts are deleted": lambda w: Claim.objects.filter(status="draft").delete(),
    "a patch comes out": lambda w: make_release(w.one, "1.0.1", AUTUMN),
    "a release is deleted that changed nothing": lambda w: make_release(w.one, "0.1", dt.date(2001, 1, 1)).delete(),
    "a criterion is renamed": lambda w: changed(w.level, name="Another name"),
    "a criterion gets another value type": lambda w: changed(w.number, value_type="text", unit=""),
    "criteria get another value type": lambda w: Criterion.objects.filter(slug="number").update(
        value_type="text", unit=""
    ),
    "a level that nobody gives is deleted": lambda w: answer(w, "addon").delete(),
    "levels that nobody gives are deleted": lambda w: Level.objects.filter(slug="addon").delete(),
    "a framework without claims is deleted": lambda w: w.other.delete(),
    "nothing is updated": lambda w: Claim.objects.none().update(verdict="wrong"),
    "a verdict names an article": lambda w: w.claim.verdict_articles.add(w.free),
    "a statement is corrected": lambda w: changed(w.claim, statement="Better."),
}  # fmt: skip
ALL = WRITES | IDLE


@pytest.fixture
def commits(django_capture_on_commit_callbacks: Any) -> Callable[[], Any]:
    """What runs on commit, run at the end of a block inside the transaction of a test."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def world(db: None, commits: Callable[[], Any]) -> Iterator[World]:
    with commits():
        made = make_world()
    assert not stale()
    yield made


def test_the_world_of_these_tests_has_a_ruled_dispute_and_a_figure(world):
    found = seen()
    assert found.keys() == {("one", "level"), ("one", "number")}
    assert (found["one", "level"][0], found["one", "level"][4]) == ("disputed", "ruled")


@pytest.mark.parametrize("write", ALL.values(), ids=ALL)
def test_cells_are_right_after_a_transaction_in_which(world, commits, write):
    with commits():
        write(world)
    assert not stale()


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_cells_change_when(world, commits, write):
    before = seen()
    with commits():
        write(world)
    assert seen() != before


@pytest.mark.parametrize("write", IDLE.values(), ids=IDLE)
def test_cells_do_not_change_when(world, commits, write):
    before = seen()
    with commits():
        write(world)
    assert seen() == before


#: Writes that leave one cell for another or end without a row: they need what was noted before them.
LEAVING = [name for name in ALL if "move" in name or "delete" in name or "no framework" in name]


@pytest.mark.parametrize("write", [ALL[name] for name in LEAVING], ids=LEAVING)
@pytest.mark.django_db(transaction=True)
def test_cells_are_right_without_a_surrounding_transaction_when(write):
    made = make_world()
    write(made)
    assert not stale()


def test_a_write_reaches_its_cell_although_earlier_ones_of_its_transaction_wait_for_the_commit(db, commits):
    """Inside the transaction of a test, what came before a captured block has not been committed yet."""
    made = make_world()
    with commits():
        changed(made.claim, statement="Better.")
    assert not stale()
    assert seen().keys() == {("one", "level"), ("one", "number")}


@pytest.mark.django_db(transaction=True)
def test_the_last_claim_of_a_cell_takes_the_cell_with_it():
    made = make_world()
    Claim.objects.filter(key="figure").update(framework=made.other)
    assert seen().keys() == {("one", "level"), ("other", "number")}


@pytest.mark.django_db(transaction=True)
def test_a_savepoint_that_is_rolled_back_leaves_cells_right():
    made = make_world()
    with transaction.atomic():
        changed(made.claim, level=answer(made, "addon"))
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            make_claim(made.other, made.text, text="So")
            raise ZeroDivisionError
    assert not stale()
    assert ("other", "text") not in seen()


@pytest.mark.django_db(transaction=True)
def test_a_write_after_a_savepoint_that_was_rolled_back_reaches_its_cell():
    made = make_world()
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            changed(made.claim, level=answer(made, "addon"))
            raise ZeroDivisionError
        make_claim(made.other, made.text, text="So")
    assert not stale()
    assert ("other", "text") in seen()


@pytest.mark.django_db(transaction=True)
def test_a_write_inside_a_savepoint_that_was_kept_reaches_its_cell():
    made = make_world()
    with transaction.atomic():
        with transaction.atomic():
            make_claim(made.other, made.text, text="So")
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            make_claim(made.other, made.number, number=5)
            raise ZeroDivisionError
    assert not stale()
    assert seen().keys() >= {("other", "text")}


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_is_rolled_back_leaves_cells_as_they_were():
    made = make_world()
    before = seen()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Claim.objects.filter(framework=made.one).update(framework=made.other)
        raise ZeroDivisionError
    assert seen() == before
    assert not stale()


def test_a_loaded_fixture_reaches_its_cells(world, commits, tmp_path):
    record = serializers.serialize("yaml", [world.claim], use_natural_foreign_keys=True, use_natural_primary_keys=True)
    (tmp_path / "claims.yaml").write_text(record.replace("- built-in", "- none"))
    with commits():
        call_command("loaddata", tmp_path / "claims.yaml", verbosity=0)
    assert seen()["one", "level"][:2] == ("unanimous", [2])
    assert not stale()


def random_write(world: World, chance: random.Random) -> None:
    """One write out of those an editor, an importer or a script may do; every one is valid at any time."""
    framework = chance.choice([world.one, world.other])
    criterion = chance.choice([world.level, world.number, world.text])
    value = {
        world.level: {"level": chance.choice(["built-in", "addon", "none"])},
        world.number: {"number": chance.randint(1, 9)},
        world.text: {"text": chance.choice(["So", "Not so"])},
    }[criterion]
    claims, articles, citations = (list(m.objects.order_by("pk")) for m in (Claim, Article, Citation))
    claim, article = chance.choice(claims), chance.choice(articles)
    older = articles[: articles.index(article)]
    citation = chance.choice(citations) if citations else make_citation(claim, article)
    writes: list[Callable[[], Any]] = [
        lambda: make_claim(framework, criterion, by=(article,), **value),
        lambda: make_claim(framework, criterion, by=(article, make_article(follows=article)), **value),
        lambda: Claim.objects.filter(pk=claim.pk).update(framework=framework),
        lambda: changed(claim, verdict=chance.choice(["opinion", "wrong"]), verdict_note="N.", verdict_on=AUTUMN),
        lambda: changed(claim, criterion=criterion),
        lambda: changed(citation, stance=chance.choice(["supports", "disputes", "qualifies"])),
        lambda: changed(citation, claim=claim, locator=f"Section {chance.random()}"),
        lambda: citation.delete(),
        lambda: changed(article, publisher=chance.choice(["", "A", "B"])),
        lambda: changed(article, follows=None),
        lambda: Article.objects.filter(pk=article.pk).update(follows=chance.choice([None, *older])),
        lambda: Ruling.objects.filter(framework=framework, criterion=criterion).delete(),
        lambda: Ruling.objects.filter(framework=framework, criterion=criterion).exists()
        or make_ruling(framework, criterion, is_open=True),
        lambda: Ruling.objects.update(is_open=False, level=None, number=None, text="So"),
        lambda: make_release(framework, f"{chance.random()}"[2:], dt.date(chance.randint(2020, 2030), 1, 1)),
        lambda: Release.objects.filter(framework=framework).delete(),
    ]  # fmt: skip
    chance.choice(writes)()


@pytest.mark.parametrize("seed", range(4))
def test_cells_kept_up_to_date_equal_cells_built_anew_after_any_sequence_of_writes(world, commits, seed):
    chance = random.Random(seed)  # noqa: S311
    for _ in range(12):
        with commits():
            for _ in range(chance.randint(1, 4)):
                random_write(world, chance)
        assert not stale()
    kept = seen()
    Cell.objects.all().delete()
    cells.rebuild()
    assert seen() == kept


def test_a_rebuild_drops_cells_that_no_claim_fills(world):
    Cell.objects.create(framework=world.other, criterion=world.text, agreement="unanimous")
    assert stale() == ["cell other/text"]
    assert cells.rebuild() == 2
    assert not stale()


def test_a_rebuild_mends_cells_that_are_wrong(world):
    Cell.objects.update(agreement="unanimous", witnesses=99)
    cells.rebuild()
    assert not stale()


def test_a_rebuild_tells_its_progress(world):
    calls: list[tuple[int, int]] = []
    cells.rebuild(progress=lambda done, total: calls.append((done, total)))
    assert calls == [(1, 2), (2, 2)]


@pytest.mark.parametrize("size", [1, 12])
def test_a_refresh_takes_ten_queries_at_any_number_of_claims(db, django_assert_max_num_queries, size):
    framework, made = make_framework(), make_world()
    for _ in range(size):
        make_claim(framework, made.level, level="none", by=(make_article(), make_article()))
    with django_assert_max_num_queries(11):
        cells.refresh({(framework.pk, made.level.pk)})


def test_a_cell_of_a_framework_that_is_gone_is_no_error(db):
    cells.refresh({(2**40, 2**40)})
    assert not Cell.objects.exists()


def test_levels_of_another_criterion_answer_nothing(world, commits):
    """Such a row passes the database; `check_kb` reports it, and the cell says no more than is so."""
    with commits():
        Claim.objects.filter(key="figure").update(number=None, level=answer(world, "built-in"))
        make_ruling(world.one, world.number, level=answer(world, "built-in"))
    found = Cell.objects.get(framework=world.one, criterion=world.number)
    assert (found.agreement, found.level, found.text, found.ruling) == ("no-value", None, "", "none")
