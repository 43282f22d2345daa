"""Another domain is only other data: nothing in the code knows the things it compares by name."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.urls import reverse
from django.utils import timezone

from comparisons.exchange import data_files
from comparisons.maintenance import checks
from comparisons.models import Cell, Claim, Comparison, Criterion, Framework, Ruling, subject
from comparisons.proof import shown_samples
from tests.admin.users import make_user
from tests.views.test_every_address import PATTERNS, addresses

CODE = [path for folder in ("comparisons", "kb") for path in (settings.BASE_DIR / folder).rglob("*.py")]


#: The samples that come with the project are of its own frameworks, and so is what was measured.
SAMPLES = {"sample_list", "sample_task", "sample_task_zip", "sample_zip", "card_sample", "benchmark_rounds"}


#: Attributes whose values are shown or read out.
SHOWN = re.compile(r'\s(?:title|aria-label|alt|placeholder|content|label)="([^"]*)"')


def in_the_words_of_the_first(answer):
    """Where a page speaks of frameworks or of samples, which only the first domain has, with some words around.

    Addresses and code, which keep their words, are left aside.
    """
    if not answer["Content-Type"].startswith("text/html"):
        return []
    html = re.sub(r"(?s)<(script|style|pre|code)\b.*?</\1>", " ", answer.content.decode())
    text = unescape(" | ".join([re.sub(r"<[^>]*>", " ", html), *SHOWN.findall(html)]))
    text = re.sub(r"(?:https?:/)?/[^\s|)]+", " ", text)
    return re.findall(r"(?i).{0,30}(?:framework|samples?\b).{0,30}", text)


@pytest.fixture
def its_subject(monkeypatch, second_domain):
    """Let the process read the subject anew."""
    monkeypatch.setattr(subject, "_kept", None)
    monkeypatch.setattr(shown_samples, "_kept", None)
    subject.current()


@pytest.mark.django_db
@pytest.mark.usefixtures("second_domain", "its_subject")
class TestTaskQueues:
    def test_it_passes_every_check(self):
        assert checks.check_all() == []

    def test_it_has_three_queues_and_eight_criteria_of_every_kind(self):
        assert list(Framework.objects.values_list("slug", flat=True)) == ["celery", "rq", "huey"]
        assert Criterion.objects.count() == 8
        assert set(Criterion.objects.values_list("value_type", flat=True)) == {"level", "number", "text"}

    def test_it_has_use_cases_and_a_comparison(self):
        assert Criterion.objects.filter(group__holds_use_cases=True).count() == 2
        assert Comparison.objects.get().frameworks.count() == 3

    def test_its_dispute_is_ruled(self):
        cell = Cell.objects.disputed().get()
        assert (cell.framework.slug, cell.criterion.slug, cell.ruling) == ("rq", "periodic-tasks", "ruled")
        assert cell.level == Ruling.objects.get().level

    @pytest.mark.parametrize("name", [one.name for one in PATTERNS if one.name not in SAMPLES])
    def test_every_page_works_on_it(self, client, name, settings, tmp_path):
        if name == "data_file":
            settings.DATA_FILES = tmp_path
            data_files.write_all(timezone.localdate())
        found = {address: client.get(address) for address in addresses(name)}
        assert found
        assert {address: answer.status_code for address, answer in found.items()} == dict.fromkeys(found, 200)
        if name != "api_docs":  # it lists names for programs, which are the same everywhere
            spoken = {address: in_the_words_of_the_first(answer) for address, answer in found.items()}
            assert {address: words for address, words in spoken.items() if words} == {}

    @pytest.mark.parametrize("name", ["changelist", "add", "change"])
    def test_no_page_of_the_admin_speaks_of_what_the_first_domain_compares(self, client, name):
        client.force_login(make_user("root"))
        spoken = {}
        for model in admin.site._registry:
            record = model._default_manager.first() if name == "change" else None
            if record or name != "change":
                answer = client.get(reverse(admin_urlname(model._meta, name), args=[record.pk] if record else []))
                spoken[model.__name__] = in_the_words_of_the_first(answer)
        assert len(spoken) > 10
        assert {model: words for model, words in spoken.items() if words} == {}

    def test_the_document_for_programs_speaks_of_what_it_compares(self, client):
        def prose(part, key=""):
            for inner, one in part.items() if isinstance(part, dict) else enumerate(part):
                if isinstance(one, (dict, list)):
                    yield from prose(one)
                elif inner in ("summary", "description"):
                    yield one

        told = [*prose(client.get(reverse("comparisons:api_openapi")).json())]
        assert "Task queue" in told and not [text for text in told if "framework" in text.lower()]

    def test_it_has_nothing_of_the_first_domain(self):
        assert not Claim.objects.filter(framework__slug="django").exists()


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.name)
def test_no_code_knows_a_framework_by_name(path: Path):
    text = path.read_text("utf-8").lower()
    assert not re.search(r"\b(flask|fastapi|litestar|tornado|celery|huey|pyramid)\b", text)
