"""The pages of the import: who may use them, what they show, and that exactly what was shown is written."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comparisons.admin.work import import_form, import_previews
from comparisons.admin.work import importing as pages
from comparisons.editing import proposals
from comparisons.exchange import claims as importing
from comparisons.exchange.claims.templates import template
from comparisons.models import Claim, ClaimImport
from tests.admin.forms import REQUIRED, fields, list_url, messages_of
from tests.admin.users import log_in, make_user
from tests.dumps import every_row
from tests.exchange.claims.builders import CITATION, CLAIM, as_csv, as_yaml
from tests.exchange.workbooks.test_other_archives import packed
from tests.factories import make_article, make_claim, make_criterion, make_framework

pytestmark = pytest.mark.django_db
UPLOAD = "admin:comparisons_claim_import"


@pytest.fixture(autouse=True)
def base(db: None) -> None:
    make_framework("django")
    make_criterion("orm", levels=("built-in", "none"))
    make_article("docs")


@pytest.fixture
def editor() -> Client:
    return log_in(make_user("edgar", role="editor"))


def send(client: Client, content: bytes, name: str = "claims.csv", **data: Any) -> HttpResponse:
    """Send a file; the response is its preview, or the form with its errors."""
    return client.post(reverse(UPLOAD), {"file": SimpleUploadedFile(name, content), **data}, follow=True)


def confirm(client: Client, preview: HttpResponse, **changes: Any) -> HttpResponse:
    url = preview.redirect_chain[-1][0] if getattr(preview, "redirect_chain", None) else preview.request["PATH_INFO"]
    return client.post(url, {**fields(preview, "import_form"), "import": "Import", **changes}, follow=True)


def test_the_list_of_claims_leads_to_the_import(editor):
    assert reverse(UPLOAD) in editor.get(list_url(Claim)).content.decode()


def test_a_preview_shows_what_would_change_and_writes_nothing(editor):
    make_claim(key="old", statement="Some old words.")
    rows = every_row()
    content = as_yaml(CLAIM | {"citations": [CITATION]}, {"key": "old", "statement": "Some new words."})
    found = send(editor, content, "c.yaml")
    text = found.content.decode()
    assert "<dt>created</dt><dd>1</dd>" in text and "<dt>changed</dt><dd>1</dd>" in text
    assert "published; the change waits for review" in text
    assert "old </del>" in text and "new </ins>" in text
    after = every_row()
    assert {**after, "comparisons.ClaimImport": []} == rows


def test_confirming_writes_what_was_shown(editor):
    found = confirm(editor, send(editor, as_csv(CLAIM | CITATION)))
    claim = Claim.objects.get()
    assert (claim.author.username, claim.status, claim.citations.count()) == ("edgar", "draft", 1)
    assert "created 1, changed 0" in messages_of(found)
    assert not ClaimImport.objects.exists()
    [(entry, kind, _done)] = editor.get(reverse("admin:activity")).context["rows"]
    assert (kind, entry.object_repr, entry.user) == ("import", "claims.csv", claim.author)
    assert entry.get_change_message() == "Imported: 1 created, 0 changed, 0 unchanged."


def test_a_published_claim_waits_for_review_after_an_import(chief):
    make_claim(key="old", statement="Old.")
    found = confirm(chief, send(chief, as_csv({"key": "old", "statement": "New."})))
    assert (Claim.objects.get().status, Claim.objects.get().statement) == ("published", "Old.")
    assert "its change waits for review" in messages_of(found)


def test_nothing_to_import_cannot_be_confirmed(editor):
    make_claim(key="old", statement="Old.")
    found = send(editor, as_csv({"key": "old", "statement": "Old."}))
    assert "There is nothing to import" in found.content.decode()
    assert 'name="import"' not in found.content.decode()


def test_problems_are_shown_and_cannot_be_confirmed(editor):
    preview = send(editor, as_csv(CLAIM | {"kind": "x"}, {**CLAIM, "key": "b", "framework": "djago"}))
    text = preview.content.decode()
    assert "row 2, column “kind”" in text
    assert "There is no framework “djago” (row 3); did you mean “django”?" in text
    assert 'name="import"' not in text
    assert confirm(editor, preview).status_code == 409
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"\xff\xfe", "claims.csv", "UTF-16"),
        (b"key\nCaf\x81\n", "claims.csv", "Byte 8 in line 2"),
        (b"- &a x\n- *a\n", "claims.yml", "Aliases"),
        (b"key\n", "claims.ods", "choose one"),
        (packed(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "kb.ods", "Save it as .xlsx"),
        (packed(Index__Document_iwa=b"x"), "kb.numbers", "Save it as .xlsx"),
        (b"key\n", "claims.xlsx", "no .xlsx and no .zip that could be opened"),
        (b"PK\x03\x04", "kb.zip", "no .xlsx and no .zip that could be opened"),
        (b"", "claims.csv", "empty"),
    ],
)
def test_a_hostile_file_is_an_error_of_the_form(editor, content, name, message):
    found = send(editor, content, name)
    assert found.status_code == 200 and message in found.content.decode()
    assert not ClaimImport.objects.exists()


def test_a_file_that_is_too_large_is_not_read(editor, monkeypatch):
    monkeypatch.setattr(import_form, "MAX_BYTES", 10)
    assert "larger than 10 MB" in send(editor, as_csv(CLAIM)).content.decode()


def test_no_file_is_an_error_of_the_form(editor):
    assert REQUIRED in editor.post(reverse(UPLOAD), {}).content.decode()


def test_the_format_can_be_chosen(editor):
    assert "<dt>created</dt><dd>1</dd>" in send(editor, as_yaml(CLAIM), "claims.data", format="yaml").content.decode()


def test_what_changed_meanwhile_is_shown_before_anything_is_written(editor):
    claim = make_claim(key="old", statement="Old.")
    preview = send(editor, as_csv({"key": "old", "statement": "New."}))
    claim.statement = "Mine."
    claim.save()
    found = confirm(editor, preview)
    assert found.status_code == 409
    assert "look at it again" in messages_of(found) and "Mine." in found.content.decode()
    assert Claim.objects.get().statement == "Mine."
    confirm(editor, found)
    assert proposals.waiting(Claim.objects.get()).state["fields"]["statement"] == "New."


def test_what_changes_between_plan_and_write_is_shown_again(editor, monkeypatch):
    make_claim(key="old", statement="Old.")
    preview = send(editor, as_csv({"key": "old", "statement": "New."}))

    def outdated(*args: Any, **options: Any) -> None:
        raise importing.Outdated

    monkeypatch.setattr(import_previews.claims, "apply", outdated)
    assert confirm(editor, preview).status_code == 409


@pytest.mark.parametrize("fingerprint", ["", "x" * 64])
def test_a_forged_confirmation_writes_nothing(editor, fingerprint):
    found = confirm(editor, send(editor, as_csv(CLAIM)), fingerprint=fingerprint)
    assert found.status_code == 409
    assert not Claim.objects.exists()


def test_a_file_can_be_discarded(editor):
    preview = send(editor, as_csv(CLAIM))
    editor.post(preview.redirect_chain[-1][0], {"discard": "1"})
    assert not ClaimImport.objects.exists() and not Claim.objects.exists()


def test_who_may_not_write_claims_imports_none():
    viewer = make_user("vera", role="viewer")
    client = log_in(viewer)
    kept = ClaimImport.objects.create(owner=viewer, name="c.csv", format="csv", content=as_csv(CLAIM))
    preview = reverse("admin:comparisons_claim_import_preview", args=[kept.pk])
    assert reverse(UPLOAD) not in client.get(list_url(Claim)).content.decode()
    for answer in (
        client.get(reverse(UPLOAD)), client.post(reverse(UPLOAD), {}), client.get(preview),
        client.post(preview, {"import": "1"}),
        client.get(reverse("admin:comparisons_claim_import_template", args=["csv"])),
    ):  # fmt: skip
        assert answer.status_code == 403
    assert not Claim.objects.exists()


def test_the_file_of_somebody_else_is_not_found(editor, chief):
    preview = send(chief, as_csv(CLAIM)).redirect_chain[-1][0]
    assert editor.get(preview).status_code == editor.post(preview, {"import": "1"}).status_code == 404


@pytest.mark.parametrize("pk", ["0", "999999", "9" * 30])
def test_a_file_that_is_not_there_is_not_found(editor, pk):
    assert editor.get(f"{reverse(UPLOAD)}{pk}/").status_code == 404


def test_a_file_waits_for_a_day(editor):
    preview = send(editor, as_csv(CLAIM)).redirect_chain[-1][0]
    ClaimImport.objects.update(created_at=timezone.now() - dt.timedelta(hours=25))
    assert editor.get(preview).status_code == 404
    send(editor, as_csv(CLAIM))
    assert ClaimImport.objects.count() == 1


def test_an_editor_keeps_only_a_few_files(editor):
    for number in range(ClaimImport.MOST + 2):
        send(editor, as_csv({**CLAIM, "key": f"k{number}"}))
    assert ClaimImport.objects.count() == ClaimImport.MOST


def test_a_long_preview_is_cut_in_pages(editor, monkeypatch):
    monkeypatch.setattr(pages, "PER_PAGE", 2)
    preview = send(editor, as_csv(*({**CLAIM, "key": f"k{number}"} for number in range(5))))
    assert "<h3>k1 " in preview.content.decode() and "<h3>k2 " not in preview.content.decode()
    for page, shown in (("3", "k4"), ("99", "k4"), ("x", "k0")):
        assert f"<h3>{shown} " in editor.get(preview.redirect_chain[-1][0], {"page": page}).content.decode()


def test_too_many_claims_are_left_to_the_command(editor, monkeypatch):
    monkeypatch.setattr(pages, "MOST_HERE", 1)
    preview = send(editor, as_csv(CLAIM, {**CLAIM, "key": "b"}))
    assert "manage.py import_claims" in preview.content.decode()
    assert confirm(editor, preview).status_code == 409
    assert not Claim.objects.exists()


def test_a_long_import_says_that_it_takes_a_while(editor, monkeypatch):
    assert "up to a minute" not in send(editor, as_csv(CLAIM)).content.decode()
    monkeypatch.setattr(pages, "MANY", 1)
    assert "up to a minute" in send(editor, as_csv(CLAIM)).content.decode()


def test_hostile_text_is_shown_as_text(editor):
    found = send(editor, as_csv(CLAIM | {"statement": "<script>alert(1)</script>"}), "<b>.csv")
    assert "<script>alert" not in found.content.decode() and "&lt;script&gt;alert" in found.content.decode()


@pytest.mark.parametrize("format", importing.FORMATS)
def test_an_example_can_be_had_and_is_read(editor, format):
    answer = editor.get(reverse("admin:comparisons_claim_import_template", args=[format]))
    assert answer["Content-Disposition"] == f'attachment; filename="claims.{format}"'
    assert answer.content.decode() == template(format)
    source = importing.read(answer.content, format)
    assert (source.problems, len(source.records), len(source.records[0].citations)) == ([], 1, 2)


def test_there_is_no_example_in_other_formats(editor):
    assert editor.get(reverse("admin:comparisons_claim_import_template", args=["ods"])).status_code == 404
