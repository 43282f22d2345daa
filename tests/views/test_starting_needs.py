"""Use cases bring their own must-haves and weights, which readers see and change."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from comparisons.maintenance import checks
from comparisons.models import StartingNeed
from tests.factories import make_criterion, make_framework, make_group, make_need, settle

pytestmark = pytest.mark.django_db


def test_a_use_case_brings_its_needs_into_the_form_and_says_them_on_its_page() -> None:
    use_case = make_criterion("api", levels=("yes", "no"), group=make_group(holds_use_cases=True), name="Public API")
    docs = make_criterion("docs", levels=("built-in", "addon", "none"), group=make_group())
    size = make_criterion("size", value_type="number", unit="MiB", direction="lower-better")
    hidden = make_criterion("hidden", levels=("yes", "no"), is_draft=True)
    make_framework("one")
    make_need(use_case, docs, "most", level=docs.levels.get(slug="addon"), order=1)
    make_need(use_case, size, "none", bound="12.5", order=2)
    make_need(use_case, hidden, "most", order=3)
    settle()
    page = Client().get("/choose/").content.decode()
    [href] = re.findall(r'href="/choose/(\?[^"]*)"[^>]*>Public API<', page)
    assert href == "?must.docs=addon&amp;must.size=12.5&amp;weigh.docs=most"
    begun = Client().get("/choose/" + href.replace("&amp;", "&")).content.decode()
    assert re.search(r'<option value="addon" selected>', begun)
    assert re.search(r'name="must.size"[^>]* value="12.5"', begun)
    assert 'aria-current="true">Public API<' in begun
    shown = " ".join(re.sub("<[^>]+>", " ", Client().get("/use-cases/api/").content.decode()).split())
    assert "Docs Addon or better Most Size At most 12.5 MiB None" in shown
    assert "Hidden" not in shown
    assert href in Client().get("/use-cases/api/").content.decode()


def test_a_need_that_cannot_be_asked_is_refused_and_found() -> None:
    scenario = make_criterion(levels=("yes", "no"), group=make_group(holds_use_cases=True))
    group = make_group()
    docs, other = (make_criterion(slug, levels=("yes", "no"), group=group) for slug in ("docs", "other"))
    story = make_criterion("story", group=group)
    for fields, wrong in (
        ({"use_case": docs, "criterion": docs}, {"use_case"}),
        ({"use_case": scenario, "criterion": docs, "level": other.levels.first()}, {"level"}),
        ({"use_case": scenario, "criterion": docs, "bound": 5}, {"bound"}),
        ({"use_case": scenario, "criterion": story}, {"weight"}),
    ):
        need = StartingNeed(weight="some", **fields)
        with pytest.raises(ValidationError) as error:
            need.full_clean()
        assert set(error.value.message_dict) == wrong
        need.save()
        assert "need-does-not-fit" in {problem.rule for problem in checks.check_all()}
        need.delete()
