"""An import of everything: what it writes, for whom, and what it leaves alone."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from comparisons.editing import proposals
from comparisons.exchange import workbooks
from comparisons.exchange.claims import Outdated, UnsoundPlan
from comparisons.exchange.workbooks.examples import FORMATS, example
from comparisons.models import Article, Claim, Criterion, CriterionGroup, Framework, Level, Proposal, Publisher
from tests.admin.users import make_user
from tests.dumps import every_row
from tests.factories import make_article, make_criterion, make_former, make_framework, make_publisher_alias

from .builders import as_files, imported, messages, planned, tables

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("format", FORMATS)
def test_the_example_is_imported_as_it_is(format):
    plan = imported(example(format))
    assert plan.counts == {"created": 12, "changed": 0, "unchanged": 0, "refused": 0}
    assert Framework.objects.get().is_draft
    criterion = Criterion.objects.get(slug="works-offline")
    assert (criterion.group.slug, criterion.is_draft) == ("basics", True)
    assert list(criterion.levels.values_list("slug", "order")) == [("fully", 1), ("in-part", 2), ("not-at-all", 3)]
    assert Article.objects.get(slug="example-sequel").follows.slug == "example-docs"
    assert Article.objects.get(slug="example-docs").url_key == "example.org/docs/guide"
    claim = Claim.objects.get(key="example-works-offline")
    assert (claim.status, claim.level.slug, claim.citations.count()) == ("draft", "fully", 2)
    assert planned(example(format)).counts == {"created": 0, "changed": 0, "unchanged": 12, "refused": 0}


def test_a_plan_writes_nothing():
    before = every_row()
    assert planned(tables()).is_sound
    assert every_row() == before


def test_each_record_has_one_entry_in_its_history_which_names_the_import():
    by = make_user("rita", role="reviewer")
    imported(tables(), by)
    for model in (Framework, Criterion, Level, Article, Claim):
        entries = model.history.all()
        assert {(entry.history_user, entry.history_step) for entry in entries} == {(by, "import")}
        assert len(entries) == model.objects.count()


def test_an_editor_who_may_not_publish_imports_drafts():
    imported(tables(), make_user("edgar", role="editor"))
    assert (Claim.objects.published().count(), Framework.objects.published().count()) == (0, 0)


def test_what_an_editor_changes_of_approved_records_waits_for_review():
    imported(tables())
    Framework.objects.update(is_draft=False)
    Criterion.objects.update(is_draft=False)
    changed = tables()
    changed["frameworks"][0]["tagline"] = "Another line."
    changed["articles"][0]["note"] = "Another note."
    changed["criteria"][0]["question"] = "Does it really?"
    changed["levels"][1]["label"] = "Partly"
    changed["levels"].append({"criterion": "works-offline", "slug": "hardly", "label": "Hardly", "meaning": "partial"})
    editor = make_user("edgar", role="editor")
    plan = imported(changed, editor)
    assert (plan.proposed, plan.counts["changed"], plan.counts["created"]) == (5, 4, 1)
    assert Framework.objects.get().tagline == "What it is, in one line." and Level.objects.count() == 3
    assert set(Proposal.objects.values_list("kind", flat=True)) == {"framework", "article", "criterion"}
    again = planned(changed, editor)
    assert (again.is_sound, again.size) == (True, 0)
    reviewer = make_user("rita", role="reviewer")
    for proposal in Proposal.objects.all():
        proposals.approve(proposal, by=reviewer)
    assert Framework.objects.get().tagline == "Another line."
    assert list(Level.objects.order_by("order").values_list("label", flat=True))[1:] == [
        "Partly",
        "Not at all",
        "Hardly",
    ]


def test_a_change_that_waits_is_not_written_over():
    imported(tables())
    Framework.objects.update(is_draft=False)
    changed, editor = tables(), make_user("edgar", role="editor")
    changed["frameworks"][0]["tagline"] = "Another line."
    imported(changed, editor)
    changed["frameworks"][0]["tagline"] = "A third line."
    (line,) = messages(changed, editor)
    assert line.startswith("frameworks.csv, row 2, column “slug”: A change of “example” waits for review")


def test_a_reviewer_changes_approved_records_in_place():
    imported(tables())
    Framework.objects.update(is_draft=False)
    changed = tables()
    changed["frameworks"][0]["tagline"] = "Another line."
    changed["levels"][1]["label"] = "Partly"
    version = Criterion.objects.get(slug="works-offline").version
    plan = imported(changed, make_user("rita", role="reviewer"))
    assert (plan.proposed, plan.counts["changed"]) == (0, 2)
    assert Framework.objects.get().tagline == "Another line."
    assert Criterion.objects.get(slug="works-offline").version == version + 1


def test_a_column_that_is_missing_leaves_its_field_and_an_empty_cell_clears_it():
    imported(tables())
    imported({"frameworks": [{"slug": "example", "license": "", "name": "Example 2"}]})
    found = Framework.objects.get()
    assert (found.license, found.name, found.homepage) == ("", "Example 2", "https://example.org/")


def test_records_name_what_is_stored_already():
    make_framework("example")
    make_criterion("works-offline", levels=("fully", "in-part", "not-at-all"))
    make_criterion("start-time", "number")
    make_article("example-docs")
    make_article("example-sequel")
    plan = imported({"claims": tables()["claims"]})
    assert plan.counts["created"] == 3


def test_a_former_slug_is_followed_with_a_note():
    framework, criterion = make_framework("present"), make_criterion("now", levels=("a", "b"))
    make_former(framework, "example")
    make_former(criterion, "then")
    plan = imported(
        {
            "frameworks": [{"slug": "example", "tagline": "New."}],
            "levels": [{"criterion": "then", "slug": "c", "label": "C", "meaning": "no"}],
            "claims": [
                {
                    "key": "k", "framework": "example", "criterion": "then", "kind": "capability", "polarity": "pro",
                    "statement": "So.", "level": "c",
                }
            ],
        }
    )  # fmt: skip
    framework.refresh_from_db()
    assert (framework.tagline, Claim.objects.get().framework, Claim.objects.get().level.slug) == (
        "New.",
        framework,
        "c",
    )
    assert len(plan.notes) == 2


def test_a_date_may_be_a_month_or_a_year():
    rows = [
        {"slug": "a", "title": "A", "kind": "article", "interest": "independent", "published_on": "2026-05"},
        {"slug": "b", "title": "B", "kind": "article", "interest": "independent", "published_on": "2025"},
    ]
    imported({"articles": rows})
    assert list(Article.objects.order_by("slug").values_list("published_on__month", "precision")) == [
        (5, "month"),
        (1, "year"),
    ]


def test_levels_stand_in_the_order_of_their_rows():
    given = tables()
    for row in given["levels"]:
        del row["order"]
    imported(given)
    assert list(Level.objects.order_by("order").values_list("slug", flat=True)) == ["fully", "in-part", "not-at-all"]


def test_what_changed_after_the_plan_is_told_and_nothing_is_written():
    imported(tables())
    changed = tables()
    changed["frameworks"][0]["tagline"] = "Mine."
    changed["groups"].append({"slug": "more", "name": "More"})
    plan = planned(changed)
    framework = Framework.objects.get()
    framework.tagline = "Theirs."
    framework.save()
    with pytest.raises(Outdated):
        workbooks.apply(plan)
    assert (Framework.objects.get().tagline, CriterionGroup.objects.count()) == ("Theirs.", 1)


def test_a_plan_that_is_not_sound_is_not_carried_out():
    given = tables(frameworks=[{"slug": "x"}])
    with pytest.raises(UnsoundPlan):
        workbooks.apply(planned(given))
    assert not Framework.objects.exists()


def test_kinds_that_somebody_may_not_write_are_told():
    user = User.objects.create_user("nina")
    lines = messages(tables(), user)
    assert len([line for line in lines if "the permission “comparisons.add_" in line]) == 5
    assert any(line.startswith("frameworks.csv: You may not write these records") for line in lines)


@pytest.mark.parametrize("size", [2, 40])
def test_a_plan_takes_as_many_queries_for_few_records_as_for_many(django_assert_num_queries, size):
    rows = [
        {"slug": f"c{n}", "name": f"C{n}", "group": "g", "question": "So?", "definition": "So.", "value_type": "text"}
        for n in range(size)
    ]
    book = workbooks.read_files(as_files({"groups": [{"slug": "g", "name": "G"}], "criteria": rows}))
    with django_assert_num_queries(9):
        workbooks.plan(book)


@pytest.mark.parametrize(
    ("known", "name", "note"),
    [
        (None, "Example Press", "New publisher: “Example Press”."),
        ("Example Press", "EXAMPLE press", "“EXAMPLE press” is the publisher “Example Press”."),
        ("Example Press", "Alias", "“Alias” is the publisher “Example Press”."),
    ],
)
def test_an_article_names_its_publisher_by_any_of_its_names(known, name, note):
    if known:
        make_publisher_alias("Alias", known)
    (row, *_others) = tables()["articles"]
    plan = planned({"articles": [{**row, "publisher": name}]})
    assert note in plan.notes
    imported({"articles": [{**row, "publisher": name}]})
    assert Article.objects.get().publisher_name == Publisher.objects.get().name == "Example Press"
