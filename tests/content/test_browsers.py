"""A subject of browsers, which come out in no versions: nothing that anybody reads is in the words of the first one."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.core.management import BaseCommand, CommandError, call_command, load_command_class
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, reverse
from django.utils import timezone

from comparisons.exchange import data_files
from comparisons.maintenance import checks
from comparisons.models import Cell, subject
from kb.store import kept_at
from tests.admin.users import make_user
from tests.conftest import BROWSERS
from tests.views.test_every_address import PATTERNS, addresses

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("browsers", "known_subject")]

#: The samples that come with the project are of its own frameworks, and so is what was measured. The API and the
#: schema have names for programs, which are the same everywhere.
LEFT_OUT = {
    "sample_task",
    "sample_task_zip",
    "sample_zip",
    "card_sample",
    "benchmark_rounds",
    "sample_list",
    "data_schema",
}
FORBIDDEN = re.compile(r"(?i).{0,40}(?:framework|package|release|\bORM\b|Python|PyPI|Django|WSGI|ASGI).{0,40}")
#: Attributes whose values are shown or read out.
SHOWN = re.compile(r'\s(?:title|aria-label|alt|placeholder|content|label)="([^"]*)"')
ENTERED = re.compile(r'<input type="(?:text|submit)"[^>]*\svalue="([^"]*)"')
#: Addresses with the word of the first subject, those of the API and the admin aside.
FORMER = re.compile(r"(?<!api/v1)(?<!admin/comparisons)/frameworks?/[^\s\"'<)]*")


@pytest.fixture
def known_subject(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process know the subject, as one that has answered a request does."""
    monkeypatch.setattr(subject, "_kept", None)
    subject.current()


def raw(answer: Any) -> str:
    """The text of an answer as it is sent; "" for pictures and packed files."""
    kind = answer["Content-Type"].partition(";")[0]
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if kind.endswith("spreadsheetml.sheet"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b" ".join(book.read(name) for name in book.namelist() if "sharedStrings" in name or "/sheet" in name)
    return "" if kind in ("image/png", "application/gzip") else body.decode()


def said(text: str) -> str:
    """What a person reads of it: without markup, addresses, code and names for programs."""
    if text.startswith(("{", "[")):
        return " | ".join(_values(json.loads(text)))
    text = re.sub(r"(?s)<(script|style|pre|code)\b.*?</\1>", " ", text)
    text = unescape(" | ".join([re.sub(r"<[^>]*>", " ", text), *SHOWN.findall(text), *ENTERED.findall(text)]))
    return re.sub(r"(?:https?:/)?/[^\s|)>]+", " ", text)


def _values(data: Any) -> Iterator[str]:
    if isinstance(data, dict | list):
        for one in data.values() if isinstance(data, dict) else data:
            yield from _values(one)
    elif isinstance(data, str):
        yield data


def of_the_first(answer: Any) -> list[str]:
    """Where an answer speaks in the words of the first subject, with some words around, or links to its addresses."""
    text = raw(answer)
    return FORMER.findall(text) + FORBIDDEN.findall(said(text))


def test_it_passes_every_check() -> None:
    assert checks.check_all() == []
    assert Cell.objects.count() == 12


def test_nothing_that_readers_get_is_in_the_words_of_the_first_subject(settings: Any, tmp_path: Path) -> None:
    settings.DATA_FILES = tmp_path
    data_files.write_all(timezone.localdate())
    client, found, count = Client(), {}, 0
    for name in {str(one.name) for one in PATTERNS} - LEFT_OUT:
        for address in addresses(name)[:4]:
            kept = kept_at(address)
            forms = [f"?format={form}" for form in ("md", "xlsx")] if kept and "format" in kept.names else []
            forms += ["?print=1"] if kept and "print" in kept.names else []
            for asked in (address, *(address + form for form in forms)):
                answer, count = client.get(asked), count + 1
                if not (asked.endswith("=xlsx") and answer.status_code == 400):
                    assert answer.status_code == 200, asked
                    if not name.startswith("api_") and (spoken := of_the_first(answer)):
                        found[asked] = spoken
    assert count > 150
    assert found == {}


def test_facts_conditions_and_the_type_are_those_of_the_subject(client: Client) -> None:
    profile, figure = (client.get(path).content.decode() for path in ("/browsers/alder/", "/browsers/birch/battery/"))
    facts = re.findall(r'<dt dir="auto">(.*?)</dt>', profile)
    assert facts == ["Made for", "Licence", "Homepage", "Help"]
    assert [name for name in ("Device", "Pages opened", "Date") if f">{name}</th>" in figure] == [
        *("Device", "Pages opened", "Date")
    ]
    assert not re.search(r"Server|Workers|Concurrency|Payload|Versions", figure)
    data = client.get("/claims/alder-offline/").content.decode()
    assert '"@type": "WebApplication"' in data and '"license": "https://creativecommons.org/publicdomain/' in data


def test_the_admin_has_nothing_for_releases(client: Client) -> None:
    client.force_login(make_user("root"))
    assert client.get("/admin/comparisons/release/").status_code == 403
    form = client.get(reverse("admin:comparisons_framework_add")).content.decode()
    assert "Made for:" in form and 'name="package_name"' not in form and "releases-TOTAL_FORMS" not in form
    claim = client.get(reverse("admin:comparisons_claim_add")).content.decode()
    assert 'name="hardware"' in claim and 'name="server"' not in claim and 'name="since_version"' not in claim


def test_no_page_of_the_admin_is_in_the_words_of_the_first_subject(client: Client) -> None:
    client.force_login(make_user("root"))
    found, seen = {}, 0
    for address in {reverse("admin:index"), *_admin_addresses()}:
        answer = client.get(address)
        if answer.status_code == 200:
            seen += 1
            if spoken := of_the_first(answer):
                found[address] = spoken
    assert seen > 80
    assert found == {}


def test_no_action_of_the_admin_is_in_the_words_of_the_first_subject(client: Client) -> None:
    """Its pages that ask, and what it says once it is done."""
    client.force_login(make_user("root"))
    found, seen = {}, set()
    for model in admin.site._registry:
        record = model._default_manager.first()
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        page = client.get(address)
        if page.status_code == 403 or model._meta.app_label == "auth":  # what it has none of; whoever acts here
            continue
        chosen = raw(page).partition('name="action"')[2].partition("</select>")[0]
        for action in re.findall(r'<option value="(\w+)"', chosen) if record else ():
            for more in ({}, {"post": "yes"}):
                answer = client.post(address, {"action": action, "_selected_action": record.pk, **more}, follow=True)
                assert answer.status_code == 200, (address, action)
                seen.add((model, action))
                if spoken := of_the_first(answer):
                    found[address, action] = spoken
    assert len(seen) > 15
    assert found == {}


def _admin_addresses() -> Iterator[str]:
    """Every page of the admin that needs at most the key of a record."""
    for model, own in admin.site._registry.items():
        record = model._default_manager.first()
        for pattern in own.get_urls():
            if isinstance(pattern, URLPattern) and pattern.name:
                for given in ([], [record.pk] if record else []):
                    try:
                        yield reverse(f"admin:{pattern.name}", args=given)
                    except NoReverseMatch:
                        continue


def test_no_message_of_a_command_is_in_the_words_of_the_first_subject(settings: Any, tmp_path: Path) -> None:
    settings.DATA_FILES = tmp_path / "data"
    out = io.StringIO()
    for name, *given in (
        ("seed", "--from", str(BROWSERS)),
        ("seed", "--if-empty"),
        ("check_kb",),
        ("export_kb", str(tmp_path / "out")),
        ("rebuild_cells",),
        ("rebuild_search",),
        ("write_data",),
        ("check_links", "--dry-run"),
        ("prove", "--list", "--framework", "nobody"),
        ("prove", "--list", "--from", str(BROWSERS)),
        ("doctor",),
    ):
        subject._kept = None  # as in a process that has read nothing yet
        try:
            call_command(name, *given, stdout=out, stderr=out)
        except CommandError as error:
            out.write(f"{error}\n")
        except SystemExit:
            pass
    said_there = re.sub(r"\S*[/.]\S+", " ", out.getvalue())
    assert FORBIDDEN.findall(said_there) == []


def test_no_help_of_a_command_about_the_content_is_in_the_words_of_the_first_subject() -> None:
    of_the_tool = {action.help for action in BaseCommand().create_parser("manage.py", "none")._actions}
    found = []
    for name in ("import_kb", "import_claims", "export_kb", "seed", "check_kb", "rebuild_cells", "check_links"):
        parser = load_command_class("comparisons", name).create_parser("manage.py", name)
        helps = [parser.description, *(action.help for action in parser._actions if action.help not in of_the_tool)]
        assert len(helps) > 0
        found += FORBIDDEN.findall(" | ".join(filter(None, helps)))
    assert found == []


def test_files_that_are_written_begin_in_the_words_of_the_subject(tmp_path: Path) -> None:
    call_command("export_kb", tmp_path / "out", verbosity=0)
    heads = [
        line for path in (tmp_path / "out").rglob("*.yaml") for line in path.read_text("utf-8").splitlines()
        if line.startswith("# ")
    ]  # fmt: skip
    assert "# Browsers, in the order in which lists show them. Natural key: slug." in heads
    assert FORBIDDEN.findall(" | ".join(heads)) == []
