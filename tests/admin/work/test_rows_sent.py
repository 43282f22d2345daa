"""A form has the rows beneath a record that were sent, whatever number of them it names."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from comparisons.models import Claim, Comparison, Criterion
from tests import factories as make
from tests.admin.forms import change_url, fields, list_url, opened, send, with_citation

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("model", "rows"), [(Claim, "citations"), (Comparison, "rows"), (Criterion, "levels")])
def test_a_number_beside_no_rows_makes_none(chief: Client, model: Any, rows: str) -> None:
    form = fields(chief.get(list_url(model, "add")), f"{model._meta.model_name}_form")
    for number in ("999999", "1000"):
        response = chief.post(list_url(model, "add"), {**form, f"{rows}-TOTAL_FORMS": number})
        assert response.status_code == 200 and not model.objects.exists()
        (found,) = (one for one in response.context["inline_admin_formsets"] if one.formset.prefix == rows)
        assert len(found.formset.forms) <= len(fields(response, f"{model._meta.model_name}_form")) // 4
        assert len(response.content) < 500_000


def test_rows_with_a_gap_between_them_are_all_saved(chief: Client) -> None:
    claim = make.make_claim()
    form = with_citation(opened(chief, claim), make.make_article(), says="One says so.")
    form = with_citation({**form, "citations-TOTAL_FORMS": ["7"]}, make.make_article(), says="Another says so.")
    assert send(chief, claim, form).status_code == 302
    assert claim.citations.filter(says__contains="says so.").count() >= 2


def test_more_rows_than_a_form_may_send_are_refused_and_not_left_out(chief: Client) -> None:
    claim = make.make_claim()
    form = {**opened(chief, claim), "citations-TOTAL_FORMS": ["501"], "citations-500-says": "The last."}
    response = send(chief, claim, form)
    assert response.status_code == 200 and "at most 500" in response.content.decode()
    assert chief.get(change_url(claim)).status_code == 200
