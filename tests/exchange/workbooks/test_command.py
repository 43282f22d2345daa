"""The command that imports everything."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from comparisons.exchange.workbooks.examples import as_files, example
from comparisons.models import Claim, Framework
from tests.admin.users import make_user
from tests.dumps import every_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in as_files().items():
        (tmp_path / name).write_bytes(text.encode())
    return tmp_path


def test_a_dry_run_tells_every_change_and_writes_nothing(folder, capsys):
    (folder / "notes.txt").write_text("Mine.")
    before = every_row()
    call_command("import_kb", folder, dry_run=True)
    printed = capsys.readouterr().out
    assert "frameworks.csv, row 2: example: created\n    name: – → Example" in printed
    assert "levels.csv, row 2: works-offline / fully: created" in printed
    assert "row 2: example-works-offline: created" in printed
    assert "notes.txt was not read: it is no CSV." in printed
    assert "Nothing was written; the import would give: 12 created, 0 changed, 0 unchanged, 0 refused" in printed
    assert every_row() == before


@pytest.mark.parametrize("kind", ["folder", "xlsx", "zip", "one file"])
def test_it_imports_a_folder_a_workbook_an_archive_and_one_file(folder, kind, capsys):
    if kind == "one file":
        source = folder / "frameworks.csv"
    elif kind == "folder":
        source = folder
    else:
        source = folder / f"kb.{kind}"
        source.write_bytes(example(kind))
    make_user("edgar", role="editor")
    call_command("import_kb", source, by="edgar")
    assert f"Imported: {1 if kind == 'one file' else 12} created" in capsys.readouterr().out
    assert Framework.objects.get().history.get().history_user.username == "edgar"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("gone", None, "There is no file"),
        ("kb.xlsx", b"x", "no .xlsx and no .zip that could be opened"),
        ("kb.xls", b"\xd0\xcf\x11\xe0", "the old form"),
        ("empty/notes.txt", b"", "There is no table here"),
        ("wrong/frameworks.csv", b"slug,name\nx,X\n", "Nothing was imported: 1 refused."),
    ],
)
def test_a_refusal_is_an_error_and_no_traceback(tmp_path, capsys, name, content, message):
    path = tmp_path / name
    if content is not None:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    with pytest.raises(CommandError, match=message):
        call_command("import_kb", path.parent if "/" in name else path)
    assert not Framework.objects.exists()
    if name.startswith("wrong"):
        assert "frameworks.csv, row 1, column “tagline”: This column is missing" in capsys.readouterr().err


def test_a_folder_with_drafts_and_other_files_is_imported(folder):
    """As `start_kb` writes it: what decides who sees a claim is left to people."""
    text = (folder / "claims.csv").read_text("utf-8").splitlines()
    rows = [line + (",status,published_at" if number == 0 else ",draft,") for number, line in enumerate(text)]
    (folder / "claims.csv").write_text("\n".join(rows), "utf-8")
    call_command("import_kb", folder, verbosity=0)
    assert Claim.objects.filter(status="draft").count() == 3
    (folder / "claims.csv").write_text("\n".join(rows).replace(",draft,", ",published,"), "utf-8")
    with pytest.raises(CommandError):
        call_command("import_kb", folder, verbosity=0)
