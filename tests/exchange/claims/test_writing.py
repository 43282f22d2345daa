"""What an import writes, and that it is all or nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comparisons.domain.vocabulary import Status
from comparisons.editing import proposals
from comparisons.exchange import claims as importing
from comparisons.exchange.claims import writing
from comparisons.maintenance import checks
from comparisons.models import Article, Citation, Claim, SearchEntry, derived
from comparisons.search import index as search_index
from tests.editing.test_concurrency import at_once
from tests.factories import NOON, make_article, make_citation, make_claim, make_criterion, make_framework
from tests.worlds import stale

from .builders import CITATION, CLAIM, as_csv, as_json, as_yaml, imported, messages, planned, state


@pytest.mark.parametrize(("format", "write"), [("csv", as_csv), ("yaml", as_yaml), ("json", as_json)])
def test_the_same_file_twice_changes_nothing(base, format, write):
    content = write(CLAIM | CITATION) if format == "csv" else write(CLAIM | {"citations": [CITATION]})
    imported(content, format)
    before = state()
    assert imported(content, format).counts == {"created": 0, "changed": 0, "unchanged": 1, "refused": 0}
    assert state() == before


def test_what_is_imported_is_a_draft_by_the_importer(base):
    editor = User.objects.create_superuser("editor")
    imported(as_csv(CLAIM), by=editor)
    claim = Claim.objects.get()
    assert (claim.status, claim.author, claim.written_by, claim.published_at) == (Status.DRAFT, editor, editor, None)


@pytest.mark.parametrize("size", [2, 90])
def test_new_claims_are_written_in_as_many_queries_for_few_as_for_many(base, size, monkeypatch):
    rows = [CLAIM | CITATION | {"key": f"claim-{number}"} for number in range(size)]
    plan = planned(as_csv(*rows))
    monkeypatch.setattr(derived.Touched, "add", lambda *_args: pytest.fail("drafts touch nothing that is derived"))
    with CaptureQueriesContext(connection) as asked:
        importing.apply(plan)
    assert len(asked) <= 10, [query["sql"][:100] for query in asked]
    assert Claim.history.count() == Citation.history.count() == size


def proposed_state() -> dict[str, Any]:
    return proposals.waiting(Claim.objects.get()).state


def test_changes_of_a_published_claim_wait_for_review_even_for_a_superuser(base):
    editor, writer = User.objects.create_superuser("editor"), User.objects.create_user("writer")
    claim = make_claim(key="old", statement="Old.", author=writer, written_by=writer)
    imported(as_csv({"key": "old", "statement": "New."}), by=editor)
    claim.refresh_from_db()
    assert (claim.status, claim.statement, claim.version, claim.author) == (Status.PUBLISHED, "Old.", 1, writer)
    assert proposed_state()["fields"]["statement"] == "New."
    assert list(proposals.waiting(claim).authors.all()) == [editor]


def test_a_new_citation_of_a_published_claim_waits_for_review(base):
    claim = make_claim(key="old")
    imported(as_csv({"key": "old", "article": "docs", "stance": "disputes", "says": "No."}))
    assert (claim.citations.count(), len(proposed_state()["parts"])) == (1, 2)


def test_an_approved_import_equals_an_import_into_a_draft(base):
    rows = ({"statement": "New.", "article": "docs", "says": "No."}, {"article": "blog", "says": "Yes."})
    for key, values in (("old", {}), ("draft", {"status": "draft", "published_at": None})):
        claim = make_claim(key=key, by=(), **values)
        make_citation(claim, Article.objects.get(slug="docs"))
        imported(as_csv(*({"key": key, **row} for row in rows)))
    published, draft = (Claim.objects.get(key=key) for key in ("old", "draft"))
    proposals.approve(proposals.waiting(published), by=User.objects.create_superuser("chief"))
    published.refresh_from_db()
    assert published.statement == draft.statement == "New."
    said = [list(one.citations.order_by("pk").values_list("article", "says")) for one in (published, draft)]
    assert said[0] == said[1] and len(said[0]) == 2


def test_the_same_file_twice_changes_nothing_that_waits(base):
    make_claim(key="old", statement="Old.")
    content = as_csv({"key": "old", "statement": "New.", "article": "docs", "says": "No."})
    imported(content)
    before = state()
    assert imported(content).counts["unchanged"] == 1
    assert state() == before


def test_a_second_file_goes_on_with_the_change_that_waits(base):
    make_claim(key="old", statement="Old.")
    imported(as_csv({"key": "old", "article": "docs", "says": "No."}))
    imported(as_csv({"key": "old", "statement": "New.", "article": "docs", "says": "Never."}))
    assert [part["fields"]["says"] for part in proposed_state()["parts"]][1:] == ["Never."]
    assert (proposed_state()["fields"]["statement"], proposals.waiting(Claim.objects.get()).version) == ("New.", 2)


def test_a_change_that_starts_from_an_older_text_has_to_be_looked_at_first(base):
    claim = make_claim(key="old", statement="Old.")
    content = as_csv({"key": "old", "statement": "New."})
    imported(content)
    claim.polarity = "pro"
    claim.save()
    assert messages(content) == [
        "f, row 2, column “key”: A change of this claim waits for review, and has to be looked at first."
    ]


@pytest.mark.parametrize("status", [Status.DRAFT, Status.IN_REVIEW])
def test_a_claim_that_readers_do_not_see_keeps_its_status(base, status):
    make_claim(key="old", status=status, published_at=None)
    imported(as_csv({"key": "old", "statement": "New."}))
    assert Claim.objects.get().status == status


def test_a_published_claim_that_is_the_same_stays_published(base):
    make_claim(key="old", statement="Old.")
    assert imported(as_csv({"key": "old", "statement": "Old."})).counts["unchanged"] == 1
    assert Claim.objects.get().status == Status.PUBLISHED


def test_a_withdrawn_claim_is_refused(base):
    make_claim(key="old", status="withdrawn", withdrawn_at=NOON, withdrawal_reason="Wrong.")
    assert messages(as_csv({"key": "old", "statement": "New."})) == [
        "f, row 2, column “key”: This claim is withdrawn; publish it again first, or leave it out."
    ]


def test_citations_that_the_file_does_not_name_stay_and_are_told(base):
    claim = make_claim(key="old", by=(), status="draft", published_at=None)
    make_citation(claim, Article.objects.get(slug="docs"))
    plan = imported(as_csv({"key": "old", "article": "blog", "says": "New."}))
    assert plan.items[0].kept == 1
    assert claim.citations.count() == 2


def test_claims_that_the_file_does_not_name_stay(base):
    make_claim(key="other")
    imported(as_csv(CLAIM))
    assert Claim.objects.filter(key="other").exists()


def test_a_citation_is_known_by_article_and_locator(base):
    imported(as_csv(CLAIM | CITATION))
    imported(as_csv({"key": "django-orm"} | CITATION | {"says": "It has a good one.", "reading": "yes"}))
    citation = Citation.objects.get()
    assert (citation.says, citation.reading) == ("It has a good one.", True)


def test_every_write_is_in_the_history_with_author_and_file(base):
    editor = User.objects.create_superuser("editor")
    imported(as_csv(CLAIM | CITATION), by=editor)
    imported(as_csv({"key": "django-orm", "statement": "New."} | CITATION | {"says": "New."}), by=editor)
    for row in (Claim.objects.get(), Citation.objects.get()):
        entries = row.history.order_by("history_id")
        assert [entry.history_type for entry in entries] == ["+", "~"]
        assert {(entry.history_user, entry.history_change_reason) for entry in entries} == {
            (editor, "Import of claims.csv")
        }
    assert Claim.objects.get().history.latest().statement == "New."


def test_a_change_by_import_keeps_the_articles_of_the_verdict_in_the_history(base):
    claim = make_claim(key="old")
    claim.verdict_articles.add(Article.objects.get(slug="docs"))
    imported(as_csv({"key": "old", "statement": "New."}))
    assert claim.history.latest().verdict_articles.count() == 1


@pytest.mark.django_db(transaction=True)
def test_cells_pros_and_cons_and_search_are_right_after_an_import(transactional_db):
    framework, criterion = make_framework("django"), make_criterion("aim")
    make_claim(framework, criterion, key="old", text="So", polarity="pro")
    make_article("docs")
    assert SearchEntry.objects.exists()
    imported(as_csv({"key": "old", "text": "Otherwise", "article": "docs", "says": "Yes."}))
    assert not stale()
    assert list(search_index.stale()) == []
    assert [problem for problem in checks.check_all() if problem.rule.startswith("stale")] == []


def test_somebody_without_permission_imports_nothing(base):
    with pytest.raises(PermissionDenied):
        imported(as_csv(CLAIM), by=User.objects.create_user("viewer"))
    assert not Claim.objects.exists()


def test_a_failure_in_the_last_record_leaves_nothing(base, monkeypatch):
    make_claim(key="old", statement="Old.")
    before = state()
    calls = []

    def fails_last(self: Any, items: Any) -> None:
        calls.append(items)
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(writing._Writer, "change", fails_last)
    with pytest.raises(RuntimeError):
        imported(as_yaml(CLAIM | {"citations": [CITATION]}, {"key": "old", "statement": "New."}), "yaml")
    assert calls and state() == before


def test_an_error_in_the_last_record_leaves_nothing(base):
    plan = planned(as_csv(CLAIM | CITATION, {**CLAIM, "key": "last", "level": "no-such"}))
    before = state()
    with pytest.raises(importing.UnsoundPlan):
        importing.apply(plan)
    assert state() == before
    assert plan.counts == {"created": 1, "changed": 0, "unchanged": 0, "refused": 1}


def test_a_claim_that_somebody_changed_meanwhile_stops_the_import(base):
    claim = make_claim(key="old", statement="Old.")
    plan = planned(as_yaml(CLAIM, {"key": "old", "statement": "New."}), "yaml")
    claim.statement = "Mine."
    claim.save()
    with pytest.raises(importing.Outdated):
        importing.apply(plan)
    assert list(Claim.objects.values_list("statement", flat=True)) == ["Mine."]


def test_a_citation_that_somebody_changed_meanwhile_stops_the_import(base):
    claim = make_claim(key="old", by=())
    make_citation(claim, Article.objects.get(slug="docs"))
    plan = planned(as_csv({"key": "old", "article": "docs", "says": "New."}))
    Citation.objects.update(says="Mine.")
    with pytest.raises(importing.Outdated):
        importing.apply(plan)
    assert (Citation.objects.get().says, Claim.objects.get().version) == ("Mine.", 1)


def test_a_key_that_somebody_took_meanwhile_stops_the_import(base):
    plan = planned(as_csv({**CLAIM, "key": "free"}, CLAIM))
    make_claim(key="django-orm")
    with pytest.raises(importing.Outdated):
        importing.apply(plan)
    assert Claim.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", ["new", "old"])
def test_of_several_imports_of_one_file_exactly_one_is_carried_out(transactional_db, key):
    make_criterion("aim")
    make_claim(key="old", statement="Old.", status="draft", published_at=None)
    row = {"key": key, "criterion": "aim", "kind": "usage", "polarity": "pro", "statement": "New."}
    plans = [planned(as_csv(row)) for _ in range(4)]
    ends = at_once(*(lambda plan=plan: importing.apply(plan) for plan in plans))
    assert sorted(type(end).__name__ for end in ends) == ["NoneType"] + ["Outdated"] * 3
    claim = Claim.objects.get(key=key)
    assert (claim.version, claim.history.latest().statement) == (1 + (key == "old"), "New.")
