"""The form of a claim: help texts, a proposed key, a preview, likely duplicates, and the next claim from an article."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteMixin
from django.db import connection, models
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comparisons.admin.forms import ReadVersion
from comparisons.admin.pages import ReadOnlyAdmin
from comparisons.admin.work import writing
from comparisons.editing import keys
from comparisons.models import Claim
from tests import factories as make
from tests.admin.forms import change_url, fields, list_url, messages_of, opened, send, with_citation
from tests.admin.users import make_user

Browser = Callable[..., Client]
PREVIEW = "admin:comparisons_claim_preview"
EDITED = [row for row in admin.site._registry.values() if row.opts.app_label == "comparisons"]
EDITED = [row for row in EDITED if not isinstance(row, ReadOnlyAdmin)]


def blank(client: Client, query: str = "") -> dict[str, Any]:
    """The form of a new claim."""
    return dict(fields(client.get(list_url(Claim, "add") + query), "claim_form"))


def filled(**values: Any) -> dict[str, Any]:
    values = {
        "framework": make.make_framework().pk, "criterion": make.make_criterion().pk, "kind": "capability",
        "statement": "It does.", "polarity": "pro", **values,
    }  # fmt: skip
    return {name: getattr(value, "pk", value) for name, value in values.items()}


def add(client: Client, query: str = "", **values: Any) -> Any:
    return client.post(list_url(Claim, "add") + query, {**blank(client, query), **values}, follow=True)


# ── Forms ────────────────────────────────────────────────────────────


def request() -> Any:
    asked = RequestFactory().get("/")
    asked.user = make_user("chief")
    return asked


@pytest.mark.parametrize("row", EDITED, ids=lambda row: row.opts.model_name)
def test_every_field_has_a_help_text_in_a_sentence(db: None, row: Any) -> None:
    asked = request()
    forms = [row.get_form(asked), *(formset.form for formset, _inline in row.get_formsets_with_inlines(asked))]
    lacking = [
        f"{form.__name__}.{name}: {field.help_text}"
        for form in forms
        for name, field in form.base_fields.items()
        if not isinstance(field, ReadVersion) and not str(field.help_text).endswith((".", "”."))
    ]
    assert lacking == []


@pytest.mark.parametrize("row", EDITED, ids=lambda row: row.opts.model_name)
def test_every_relation_is_chosen_by_an_autocomplete(db: None, row: Any) -> None:
    asked = request()
    shown = [(row.model, row.get_form(asked))]
    shown += [(formset.model, formset.form) for formset, _inline in row.get_formsets_with_inlines(asked)]
    for model, form in shown:
        keys_of = [field for field in model._meta.fields if isinstance(field, models.ForeignKey)]
        parent = {key.name for key in keys_of if model is not row.model and key.remote_field.model is row.model}
        for field in (*model._meta.fields, *model._meta.many_to_many):
            if field.is_relation and field.name in form.base_fields and field.name not in parent:
                widget = form.base_fields[field.name].widget
                assert isinstance(getattr(widget, "widget", widget), AutocompleteMixin), field


def test_the_unit_stands_beside_the_number_and_is_escaped(chief: Client) -> None:
    claim = make.make_claim(criterion=make.make_criterion(value_type="number", unit="<b>ms</b>"), number=5)
    text = chief.get(change_url(claim)).content.decode()
    assert "In &lt;b&gt;ms&lt;/b&gt;." in text and "<b>ms</b>" not in text


def test_the_form_of_a_claim_takes_the_same_queries_at_any_size(chief: Client) -> None:
    claim = make.make_claim()
    counts = []
    for size in (2, 9):
        while claim.citations.count() < size:
            make.make_citation(claim)
            make.make_claim(claim.framework, claim.criterion, statement=claim.statement, text="A")
        with CaptureQueriesContext(connection) as queries:
            assert chief.get(change_url(claim)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


# ── Keys ─────────────────────────────────────────────────────────────


def test_a_key_that_is_left_empty_is_made_and_is_free(browser: Browser) -> None:
    editor = browser("edgar")
    values = filled(framework=make.make_framework("flask"), criterion=make.make_criterion("sessions"),
                    statement="Flask signs its **cookies** with a secret key of its own.")  # fmt: skip
    for _ in range(2):
        add(editor, **values, another="on")
    assert list(Claim.objects.order_by("pk").values_list("key", flat=True)) == [
        "flask-sessions-signs-cookies-secret-key-own",
        "flask-sessions-signs-cookies-secret-key-own-2",
    ]


def test_a_key_that_is_given_is_kept(browser: Browser) -> None:
    add(browser("edgar"), **filled(key="mine"))
    assert Claim.objects.get().key == "mine"


@pytest.mark.parametrize("statement", ["— !!! —", "日本語", "x" * 500, "a " * 300, "../../<b>", "Ünïcödé wörds"])
def test_a_proposed_key_is_always_a_key(db: None, statement: str) -> None:
    framework, criterion = make.make_framework("a" * 60), make.make_criterion("b" * 60)
    claim = make.make_claim(framework, criterion, key=keys.proposed_key(framework, criterion, statement))
    claim.full_clean()


def test_a_key_that_somebody_takes_in_between_is_replaced(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    make.make_claim(key="taken")
    proposed = iter(["taken", "free"])
    monkeypatch.setattr(writing, "proposed_key", lambda *about: next(proposed))
    monkeypatch.setattr(Claim, "validate_unique", lambda *args, **options: None)  # as if it was free a moment ago
    add(browser("edgar"), **filled())
    claim = Claim.objects.get(key="free")
    assert (str(claim.written_by), claim.history.count()) == ("edgar", 1)


# ── The preview ──────────────────────────────────────────────────────


def test_the_preview_shows_markdown_and_both_states_of_the_cell(browser: Browser) -> None:
    criterion = make.make_criterion(levels=("built-in", "none"))
    stored = make.make_claim(criterion=criterion, level="built-in")
    data = {
        "statement": "It has **none**.", "framework": stored.framework_id, "criterion": criterion.pk,
        "level": criterion.levels.get(slug="none").pk, "citations-TOTAL_FORMS": "1",
        "citations-0-article": make.make_article().pk,
    }  # fmt: skip
    text = browser("edgar").post(reverse(PREVIEW), data).content.decode()
    assert "<strong>none</strong>" in text
    assert "Single source" in text and "Disputed 1 : 1" in text
    assert Claim.objects.count() == 1


def test_the_preview_names_likely_duplicates_with_their_status(browser: Browser) -> None:
    stored = make.make_claim(statement="Requests are validated.", status="draft", published_at=None)
    data = {"statement": "It validates a request.", "framework": stored.framework_id, "criterion": stored.criterion_id}
    text = browser("edgar").post(reverse(PREVIEW), data).content.decode()
    assert change_url(stored) in text and "Draft, " in text
    own = browser("ada").post(reverse(PREVIEW), {**data, "preview_of": stored.pk}).content.decode()
    assert change_url(stored) not in own


HOSTILE = [
    {},
    {"statement": "<script>alert(1)</script>", "criterion": "x", "framework": "9" * 40},
    {"statement": "\x00", "number": "NaN", "number_high": "1e999", "level": "-1"},
    {"statement": "*" * 30_000, "kind": "nonsense", "text": "y" * 5000},
    {"citations-TOTAL_FORMS": "9999999999", "citations-0-article": "1' or 1=1", "preview_of": "9" * 18},
    {"citations-TOTAL_FORMS": "2", "citations-1-article": "999999999999999999", "citations-1-stance": "loves"},
]


@pytest.mark.parametrize("data", HOSTILE)
def test_the_preview_survives_whatever_is_sent(browser: Browser, data: dict[str, str]) -> None:
    claim = make.make_claim()
    response = browser("edgar").post(
        reverse(PREVIEW), {"criterion": claim.criterion_id, "framework": claim.framework_id, **data}
    )
    assert response.status_code == 200
    assert "<script>" not in response.content.decode()


def test_the_preview_says_which_value_does_not_fit(browser: Browser) -> None:
    criterion = make.make_criterion(value_type="number")
    data = {"criterion": criterion.pk, "framework": make.make_framework().pk, "text": "fast"}
    assert "is answered by a number" in browser("edgar").post(reverse(PREVIEW), data).content.decode()


def test_the_preview_is_for_those_who_work_on_claims(client: Client, db: None) -> None:
    from tests.admin.users import log_in

    stranger = make_user("stranger", role="viewer")
    stranger.groups.clear()
    assert log_in(stranger).post(reverse(PREVIEW), {}).status_code == 403
    assert client.post(reverse(PREVIEW), {}).status_code == 302
    assert log_in(make_user("chief")).get(reverse(PREVIEW)).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_user("edgar", role="editor"))
    assert strict.post(reverse(PREVIEW), {}).status_code == 403


def test_the_button_without_javascript_shows_the_preview_and_saves_nothing(browser: Browser) -> None:
    editor = browser("edgar")
    claim = make.make_claim(status="draft", published_at=None)
    form = {**opened(editor, claim), "statement": "It is *otherwise*.", "_preview": "1"}
    text = editor.post(change_url(claim), form).content.decode()
    assert "<em>otherwise</em>" in text and "This is a preview. Nothing is saved yet." in text
    assert "It is *otherwise*.</textarea>" in text
    claim.refresh_from_db()
    assert claim.version == 1
    new = add(editor, _preview="1", **filled())
    assert "This is a preview" in new.content.decode() and Claim.objects.count() == 1


def test_the_preview_takes_the_same_queries_at_any_size(browser: Browser) -> None:
    editor, criterion = browser("edgar"), make.make_criterion(levels=("yes", "no"))
    framework = make.make_framework()
    counts = []
    for size in (1, 8):
        rows = {"citations-TOTAL_FORMS": str(size)}
        for place in range(size):
            article = make.make_article()
            make.make_claim(framework, criterion, level="yes", by=(article,), statement="Just so it is.")
            rows[f"citations-{place}-article"] = str(article.pk)
        data = {"framework": framework.pk, "criterion": criterion.pk, "statement": "Just so.", **rows}
        with CaptureQueriesContext(connection) as queries:
            editor.post(reverse(PREVIEW), data)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_viewer_has_no_preview(browser: Browser) -> None:
    claim = make.make_claim()
    assert 'id="preview"' not in browser("vic", role="viewer").get(change_url(claim)).content.decode()
    assert 'id="preview"' in browser("edgar").get(change_url(claim)).content.decode()


# ── Saving ───────────────────────────────────────────────────────────


def test_a_likely_duplicate_is_saved_with_a_warning(browser: Browser) -> None:
    stored = make.make_claim(statement="Requests are validated.")
    editor = browser("edgar")
    response = add(editor, **filled(framework=stored.framework, criterion=stored.criterion,
                                    statement="A request is validated by a model."))  # fmt: skip
    assert Claim.objects.count() == 2
    assert "It may say the same as an existing claim" in messages_of(response)
    assert change_url(stored) in messages_of(response)


def test_a_hostile_duplicate_is_escaped_in_the_warning(browser: Browser) -> None:
    stored = make.make_claim(statement="<img src=x onerror=alert(1)> requests")
    response = add(browser("edgar"), **filled(framework=stored.framework, criterion=stored.criterion,
                                              statement=stored.statement))  # fmt: skip
    assert "<img src=x" not in response.content.decode()


def test_a_save_that_changes_no_words_does_not_warn(browser: Browser) -> None:
    stored = make.make_claim(statement="Requests are validated.")
    other = make.make_claim(stored.framework, stored.criterion, statement="Requests are validated.", status="draft",
                            published_at=None)  # fmt: skip
    editor = browser("edgar")
    send(editor, other, opened(editor, other), polarity="con")
    assert "may say the same" not in editor.get(change_url(other)).content.decode()
    send(editor, other, opened(editor, other), statement="Requests are validated!")
    assert "may say the same" in editor.get(change_url(other)).content.decode()


def test_the_next_claim_from_the_same_article_keeps_article_framework_and_locator(browser: Browser) -> None:
    editor, article, framework = browser("edgar"), make.make_article(), make.make_framework()
    first = with_citation(blank(editor), article, locator="section 2") | filled(framework=framework)
    response = editor.post(list_url(Claim, "add"), {**first, "_nextfromarticle": "1"})
    assert response.status_code == 302
    query = response["Location"].partition("?")[2]
    form = blank(editor, f"?{query}")
    assert form["framework"] == [str(framework.pk)]
    assert (form["citations-0-article"], form["citations-0-locator"]) == ([str(article.pk)], ["section 2"])
    assert (form["statement"], form.get("criterion", [""])) == ([""], [""])
    add(editor, f"?{query}", **filled(framework=framework), **{"citations-0-says": "So."})
    cited = Claim.objects.order_by("pk").last().citations.get()
    assert (cited.article, cited.locator, cited.says) == (article, "section 2", "So.")


def test_a_claim_from_an_article_is_not_saved_without_what_the_article_says(browser: Browser) -> None:
    editor, article = browser("edgar"), make.make_article()
    add(editor, f"?article={article.pk}", **filled())
    assert not Claim.objects.exists()


def test_a_changed_claim_leads_to_the_next_one_too(browser: Browser) -> None:
    editor, article = browser("edgar"), make.make_article()
    claim = make.make_claim(by=(article,), status="draft", published_at=None)
    form = {**opened(editor, claim), "statement": "Better.", "_nextfromarticle": "1"}
    assert f"article={article.pk}" in editor.post(change_url(claim), form)["Location"]


@pytest.mark.parametrize(
    "query",
    ["article=x", "article=0", "framework=999999", "criterion=-1", "locator=" + "y" * 300, "article=1&article=2"],
)
def test_what_an_address_hands_over_is_read_strictly(browser: Browser, query: str) -> None:
    assert browser("edgar").get(f"{list_url(Claim, 'add')}?{query}").status_code == 400


def test_an_address_fills_in_nothing_else(browser: Browser) -> None:
    criterion = make.make_criterion()
    form = blank(browser("edgar"), f"?statement=Forged&verdict=holds&criterion={criterion.pk}")
    assert (form["statement"], form["criterion"]) == ([""], [str(criterion.pk)])


def test_a_level_or_number_of_another_kind_of_criterion_is_refused(browser: Browser) -> None:
    level = make.make_criterion(levels=("yes", "no")).levels.first()
    response = add(browser("edgar"), **filled(criterion=make.make_criterion(value_type="number"), level=level))
    assert "is answered by a number" in response.content.decode()
    assert not Claim.objects.exists()


def test_articles_of_the_citations_are_named_in_their_autocompletes(chief: Client) -> None:
    article = make.make_article("one", title="A <i>title</i>", publisher="P & Q", precision="month")
    claim = make.make_claim(by=(article,))
    text = chief.get(change_url(claim)).content.decode()
    name = "A &lt;i&gt;title&lt;/i&gt; · P &amp; Q · November 2026 · one"
    assert f'<option value="{article.pk}" selected>{name}</option>' in text
