"""The import of everything in the admin: what may be sent, what is shown, and that exactly that is written."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from comparisons.admin.work import importing as pages
from comparisons.exchange import workbooks
from comparisons.exchange.workbooks.examples import FORMATS, as_files, example
from comparisons.models import Claim, ClaimImport, Criterion, Framework, Proposal
from tests.admin.forms import messages_of
from tests.admin.users import log_in, make_user
from tests.admin.work.test_importing import UPLOAD, confirm
from tests.dumps import every_row

pytestmark = pytest.mark.django_db
FILES = {name: text.encode() for name, text in as_files().items()}


@pytest.fixture
def editor() -> Client:
    return log_in(make_user("edgar", role="editor"))


def send(client: Client, files: dict[str, bytes], **data: Any) -> HttpResponse:
    """Send files at once; the response is their preview, or the form with its errors."""
    sent = [SimpleUploadedFile(name, content) for name, content in files.items()]
    return client.post(reverse(UPLOAD), {"file": sent, **data}, follow=True)


@pytest.mark.parametrize("files", [FILES, {"kb.xlsx": example("xlsx")}, {"kb.zip": example("zip")}])
def test_a_workbook_an_archive_and_several_tables_are_previewed_and_imported(editor, files):
    rows = every_row()
    preview = send(editor, files)
    text = preview.content.decode()
    assert "<dt>created</dt><dd>12</dd>" in text and "works-offline / fully" in text
    assert {**every_row(), "comparisons.ClaimImport": []} == rows
    assert "created 12, changed 0" in messages_of(confirm(editor, preview))
    assert (Claim.objects.published().count(), Claim.objects.count()) == (0, 3)
    assert Criterion.objects.first().history.get().history_user.username == "edgar"
    assert not ClaimImport.objects.exists()
    assert LogEntry.objects.get().change_message == "Imported: 12 created, 0 changed, 0 unchanged."


def test_one_table_of_another_kind_is_imported_by_itself(editor):
    confirm(editor, send(editor, {"frameworks.csv": FILES["frameworks.csv"]}))
    assert Framework.objects.get().slug == "example"


def test_changes_of_approved_records_wait_for_review(editor):
    workbooks.apply(workbooks.plan(workbooks.read_files(FILES.items())))
    Framework.objects.update(is_draft=False)
    preview = send(editor, {"frameworks.csv": b"slug,tagline\nexample,Another line.\n"})
    assert "the change waits for review" in preview.content.decode()
    assert "its change waits for review" in messages_of(confirm(editor, preview))
    assert (Framework.objects.get().tagline, Proposal.objects.count()) == ("What it is, in one line.", 1)


def test_every_error_leads_to_its_field(editor):
    files = {**FILES, "groups.csv": b"slug,name,order\nBasics 1,Basics,x\n", "Cliams.csv": b"key\n"}
    preview = send(editor, files)
    text = preview.content.decode()
    fields = editor.get(reverse("admin:comparisons_claim_import_fields")).content.decode()
    anchors = re.findall(r'import/fields/#([\w-]+)"', text)
    assert set(anchors) == {"groups-slug", "groups-order", "fields"}
    assert all(f'id="{anchor}"' in fields for anchor in anchors)
    assert 'name="import"' not in text and confirm(editor, preview).status_code == 409
    assert not Framework.objects.exists()


def test_errors_of_claims_lead_to_their_fields_too(editor):
    text = send(editor, {"claims.csv": b"key,kind,criterion\na,x,y\n"}).content.decode()
    assert {"claims-kind", "claims-criterion", "claims-statement"} <= set(re.findall(r"fields/#([\w-]+)", text))


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"kb.xlsx": b"PK\x03\x04"}, "no .xlsx and no .zip"),
        ({"groups.csv": b"slug\n", "claims.yaml": b"- key: a\n"}, "claims.yaml is not"),
        ({"kb.zip": example("zip"), "claims.csv": b"key\n"}, "kb.zip is not"),
        ({"a.csv": b"x" * 6_000_000, "b.csv": b"x" * 6_000_000}, "larger than 10 MB"),
        ({"claims.csv": b"PK\x03\x04"}, "an Excel workbook (.xlsx)"),
    ],
)
def test_what_cannot_be_read_is_an_error_of_the_form(editor, files, message):
    found = send(editor, files)
    assert found.status_code == 200 and message in found.content.decode()
    assert not ClaimImport.objects.exists()


def test_what_changed_meanwhile_is_shown_before_anything_is_written(editor):
    preview = send(editor, FILES)
    Framework.objects.create(slug="example", name="Mine", tagline="Mine.", summary="Mine.")
    found = confirm(editor, preview)
    assert found.status_code == 409 and "Mine" in found.content.decode()
    assert Framework.objects.get().name == "Mine"


def test_kinds_that_somebody_may_not_write_are_refused():
    user = User.objects.create_user("nina", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["add_claim", "change_claim"]))
    text = send(log_in(user), FILES).content.decode()
    assert "You may not write these records" in text and 'name="import"' not in text


def test_too_many_records_are_left_to_the_command(editor, monkeypatch):
    monkeypatch.setattr(pages, "MOST_HERE", 1)
    preview = send(editor, FILES)
    assert "manage.py import_kb" in preview.content.decode()
    assert confirm(editor, preview).status_code == 409


def test_hostile_text_is_shown_as_text(editor):
    found = send(editor, {"groups.csv": b"slug,name\na,<script>alert(1)</script>\n", "<b>.csv": b"x\n"})
    assert "<script>alert" not in found.content.decode() and "&lt;script&gt;alert" in found.content.decode()


@pytest.mark.parametrize("format", FORMATS)
def test_an_example_can_be_had_and_is_read(editor, format):
    answer = editor.get(reverse("admin:comparisons_claim_import_template", args=[format]))
    assert answer["Content-Disposition"] == f'attachment; filename="example.{format}"'
    assert workbooks.plan(workbooks.read_archive(answer.content)).is_sound
