"""The index is up to date after every kind of write, and can be rebuilt."""

import pytest
from django.core import serializers
from django.core.management import call_command
from django.db import connection, transaction

from comparisons.maintenance import checks
from comparisons.models import (
    Article,
    Claim,
    Criterion,
    CriterionGroup,
    Framework,
    Paragraph,
    SearchEntry,
    SearchWord,
    VerdictLine,
)
from comparisons.search import index as search_index
from comparisons.search.find import search
from tests.factories import NOON, make_claim, make_comparison, make_criterion, make_framework, make_group

from .found import found

pytestmark = [pytest.mark.django_db, pytest.mark.crossing]


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Run the callbacks of a commit at the end of a block."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def right():
    """Check at the end of the test that the index is what a rebuild would make it."""
    yield
    assert list(search_index.stale()) == []


def publish(committed, key="one", **fields):
    with committed():
        return make_claim(key=key, **{"statement": "It is peculiar.", **fields})


@pytest.mark.parametrize("status", ["draft", "in-review", "withdrawn"])
def test_only_published_claims_are_found_or_counted(committed, right, status):
    fields = {"published_at": None} if status != "withdrawn" else {"withdrawn_at": NOON, "withdrawal_reason": "No."}
    publish(committed, status=status, **fields)
    assert found("peculiar") == []
    assert not SearchWord.objects.filter(word="peculiar").exists()
    assert search("pecluiar").correction is None


def test_a_saved_claim_is_found_by_its_new_words_only(committed, right):
    claim = publish(committed)
    claim.statement = "It is ordinary."
    with committed():
        claim.save()
    assert (found("peculiar"), found("ordinary")) == ([], ["one"])
    assert not SearchWord.objects.filter(word="peculiar").exists()


def test_a_withdrawn_claim_is_no_longer_found(committed, right):
    claim = publish(committed)
    claim.status, claim.withdrawn_at, claim.withdrawal_reason = "withdrawn", NOON, "A mistake."
    with committed():
        claim.save()
    assert found("peculiar") == []


def test_a_deleted_record_is_no_longer_found(committed, right):
    with committed():
        make_framework("gone", name="Gonewith")
    assert found("gonewith") == ["gone"]
    with committed():
        Framework.objects.filter(slug="gone").delete()
    assert found("gonewith") == []


def test_an_update_of_many_rows_reaches_the_index(committed, right):
    publish(committed)
    with committed():
        Claim.objects.filter(key="one").update(statement="It is ordinary.")
    assert (found("peculiar"), found("ordinary")) == ([], ["one"])


def test_rows_created_in_bulk_reach_the_index(committed, right):
    row = {"kind": "capability", "polarity": "pro", "status": "published", "published_at": NOON}
    with committed():
        row["criterion"] = make_criterion()
        Claim.objects.bulk_create([Claim(key=key, statement="Made in bulk.", **row) for key in ("a", "b")])
    assert found("bulk") == ["b", "a"]


def test_the_claims_of_a_renamed_framework_are_found_by_its_new_name(committed, right):
    claim = publish(committed)
    with committed():
        claim.framework.name = "Zephyrine"
        claim.framework.save()
    assert found("zephyrine", "frameworks", "claims") == [claim.framework.slug, "one"]


def test_the_claims_of_a_renamed_criterion_are_found_by_its_new_name(committed, right):
    claim = publish(committed)
    with committed():
        Criterion.objects.filter(pk=claim.criterion_id).update(name="Zephyrine")
    assert found("zephyrine", "criteria", "claims") == [claim.criterion.slug, "one"]


def test_the_criteria_of_a_renamed_group_are_found_by_its_new_name(committed, right):
    with committed():
        make_criterion("inner", group=make_group("outer", name="Outer"))
    with committed():
        group = CriterionGroup.objects.get(slug="outer")
        group.name = "Zephyrine"
        group.save()
    assert found("zephyrine") == ["inner"]


def test_a_comparison_is_found_by_its_verdict(committed, right):
    with committed():
        framework = make_framework()
        one, other = (make_comparison(slug, (framework,)) for slug in ("one", "other"))
        paragraph = Paragraph.objects.create(comparison=one, order=1, text="Take the zephyrine one.")
    assert found("zephyrine") == ["one"]
    with committed():
        paragraph.comparison = other
        paragraph.save()
    assert found("zephyrine") == ["other"]
    with committed():
        paragraph.delete()
    assert found("zephyrine") == []


def test_a_comparison_is_found_by_the_lines_of_its_verdict_that_readers_see(committed, right):
    with committed():
        shown, hidden = make_framework("shown"), make_framework("hidden", is_draft=True)
        criterion = make_criterion("asked")
        comparison = make_comparison("tools", frameworks=(shown, hidden), title="Tools")
        comparison.columns.filter(framework=shown).update(headline="Zebra")
        comparison.columns.filter(framework=hidden).update(headline="Ocelot")
        claim = make_claim(shown, criterion, key="one", statement="It is plain.")
        for order, (framework, text) in enumerate([(shown, "Quokka"), (hidden, "Walrus"), (shown, "Ibis")]):
            line = VerdictLine.objects.create(
                comparison=comparison, order=order, kind="pick", framework=framework, text=text
            )
            if text != "Ibis":
                line.claims.add(claim)

    def seen():
        return [word for word in ("zebra", "ocelot", "quokka", "walrus", "ibis") if found(word, "comparisons")]

    assert seen() == ["zebra", "quokka"]
    for row, value, expected in [
        (claim, "withdrawn", ["zebra"]),
        (claim, "published", ["zebra", "quokka"]),
        (criterion, True, ["zebra"]),
        (criterion, False, ["zebra", "quokka"]),
        (shown, True, []),
        (shown, False, ["zebra", "quokka"]),
        (hidden, False, ["zebra", "ocelot", "quokka", "walrus"]),
    ]:
        with committed():
            setattr(row, "is_draft" if isinstance(value, bool) else "status", value)
            if row is claim:
                row.withdrawn_at, row.withdrawal_reason = (NOON, "No.") if value == "withdrawn" else (None, "")
            row.save()
        assert seen() == expected


def test_loaded_rows_reach_the_index(committed, right, tmp_path):
    publish(committed)
    rows = [
        Claim.objects.get(key="one"),
        Article(slug="extra", title="Extraordinary", kind="talk", interest="commercial"),
    ]
    rows[0].statement = "It is ordinary."
    path = tmp_path / "rows.json"
    path.write_text(serializers.serialize("json", rows, use_natural_foreign_keys=True, use_natural_primary_keys=True))
    with committed():
        call_command("loaddata", path, verbosity=0)
    assert (found("peculiar"), found("ordinary"), found("extraordinary")) == ([], ["one"], ["extra"])


def test_a_record_that_was_rolled_back_is_not_found(committed, right):
    with committed(), pytest.raises(ZeroDivisionError), transaction.atomic():
        make_framework("never", name="Neverthere")
        1 / 0  # noqa: B018
    assert found("neverthere") == []


@pytest.mark.django_db(transaction=True)
def test_a_write_outside_a_transaction_reaches_the_index():
    make_framework("bare", name="Barewrite")
    assert found("barewrite") == ["bare"]
    assert list(search_index.stale()) == []


@pytest.mark.parametrize("rows", [2, 12])
def test_a_refresh_takes_as_many_queries_for_few_rows_as_for_many(committed, django_assert_num_queries, rows):
    claim = publish(committed)
    same = {"framework": claim.framework, "criterion": claim.criterion, "by": ()}
    claims = {make_claim(statement=f"It is number {number}.", **same).pk for number in range(rows)}
    with django_assert_num_queries(9):  # two of them hold the savepoint of the batch
        search_index.refresh({"claims": claims})


def test_a_rebuild_corrects_wrong_entries_and_counts(committed, right):
    claim = publish(committed)
    SearchEntry.objects.filter(pk=search_index.key_of("claims", claim.pk)).update(words="xwrong", vocabulary="wrong")
    SearchEntry.objects.create(id=search_index.key_of("claims", 999), title="ghost", words="xghost", vocabulary="ghost")
    SearchWord.objects.all().delete()
    call_command("rebuild_search", verbosity=0)
    assert (found("peculiar"), found("ghost"), found("wrong")) == (["one"], [], [])


def test_a_stale_entry_is_reported(committed):
    claim = publish(committed)
    SearchEntry.objects.filter(pk=search_index.key_of("claims", claim.pk)).delete()
    problems = [problem for problem in checks.check_all() if problem.rule == "stale-search-entry"]
    assert [problem.record for problem in problems] == [f"claims {claim.pk}", "words"]


def test_an_index_of_sqlite_that_does_not_hold_its_entries_is_reported(committed):
    """The entries are right, but nothing is found by them."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no such check")
    publish(committed)
    assert search_index.damage() == ""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO comparisons_searchindex(comparisons_searchindex) VALUES ('delete-all')")
    problems = list(checks.search_finds_what_is_there())
    assert [problem.rule for problem in problems] == ["broken-search-index"]
    assert "manage.py rebuild_search" in problems[0].message
    call_command("rebuild_search", verbosity=0)
    assert list(checks.search_finds_what_is_there()) == []
