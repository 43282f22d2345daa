"""The form of the subject, and what other forms leave out after it was saved."""

import pytest
from django.test import Client
from django.urls import reverse

from comparisons.models import Subject
from tests import factories as make
from tests.admin.forms import fields
from tests.admin.users import log_in, make_user

pytestmark = pytest.mark.django_db


FORM = "/admin/comparisons/subject/1/change/"


@pytest.fixture
def chief() -> Client:
    make.make_subject()
    return log_in(make_user("root"))


def save(chief: Client, **values: str) -> str:
    """Save the form of the subject with these values; the page that follows."""
    data = fields(chief.get(FORM), "subject_form") | values
    return chief.post(FORM, data, follow=True).content.decode()


def test_a_condition_that_a_method_needs_is_taken_away_with_a_warning(chief):
    page = save(chief, condition_payload="", condition_server="Engine")
    assert "manage.py rebuild_cells" in page
    form = chief.get(reverse("admin:comparisons_claim_add")).content.decode()
    assert 'name="payload"' not in form and "Engine:" in form


def test_another_change_warns_of_nothing(chief):
    assert "rebuild_cells" not in save(chief, fact_kind="Made for", condition_server="")


def test_without_releases_their_facts_are_empty_and_stay_so(chief):
    names = ("fact_first_release", "fact_package_name")
    shown = fields(chief.get(FORM), "subject_form")
    assert [shown[name] for name in names] == [["First release"], ["Package"]]
    Subject.objects.update(has_releases=False)
    save(chief, title="Another")
    found = Subject.objects.get()
    assert (found.title, *(getattr(found, name) for name in names)) == ("Another", "", "")
