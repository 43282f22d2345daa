"""Who may open which page of the admin, and what is offered there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from comparisons.models import (
    Article,
    Cell,
    Claim,
    Comparison,
    Criterion,
    CriterionGroup,
    Framework,
    Publisher,
)
from tests import factories as make
from tests.admin.forms import change_url, list_url
from tests.admin.users import log_in, make_user

from .rights import ADDS, ALL, CHIEFS, DELETES, KEPT_HERE, READS, REVIEWERS, ROLES, WRITERS, WRITES, row_of

pytestmark = pytest.mark.django_db


def names(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    """The names of all URL patterns of the admin."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns)
        elif pattern.name:
            yield pattern.name


def pages() -> dict[str, tuple[str, tuple[str, ...]]]:
    """The address of each page and the roles that may open it, by its name; needs `fill`."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {
        "index": (reverse("admin:index"), ALL),
        "activity": (reverse("admin:activity"), ALL),
        "app_list": (reverse("admin:app_list", args=["comparisons"]), ALL),
        "password_change": (reverse("admin:password_change"), ALL),
        "password_change_done": (reverse("admin:password_change_done"), ALL),
        "auth_user_password_change": (reverse("admin:auth_user_password_change", args=[row_of(User).pk]), CHIEFS),
        "jsi18n": (reverse("admin:jsi18n"), ALL),
    }
    for model, writers in WRITES.items():
        row, prefix = row_of(model), f"{model._meta.app_label}_{model._meta.model_name}"
        found[f"{prefix}_changelist"] = (list_url(model), READS[model])
        found[f"{prefix}_add"] = (list_url(model, "add"), ADDS.get(model, writers))
        if model not in KEPT_HERE:
            found[f"{prefix}_export"] = (list_url(model, "export"), READS[model])
        deleters = DELETES.get(model, writers)
        for page, readers in (("change", READS[model]), ("history", READS[model]), ("delete", deleters)):
            found[f"{prefix}_{page}"] = (change_url(row, page), readers)
        if hasattr(model, "history"):
            url = reverse(f"admin:{prefix}_simple_history", args=[row.pk, row.history.first().pk])
            found[f"{prefix}_simple_history"] = (url, READS[model])
    claim, article, criterion = row_of(Claim), row_of(Article), row_of(Criterion)
    for row, readers, *own in (
        (claim, ALL, "review", "notes"),
        (claim, REVIEWERS, "verdict", "rename", "merge"),
        (article, ALL, "read", "notes"),
        (article, WRITERS, "reread"),
        (row_of(Cell), WRITERS, "check"),
        (article, REVIEWERS, "rename", "merge"),
        (criterion, REVIEWERS, "rename", "merge", "split"),
        *((row_of(model), REVIEWERS, "rename") for model in (Framework, CriterionGroup, Comparison)),
        (row_of(Publisher), REVIEWERS, "rename", "merge"),
    ):
        for page in own:
            found[f"comparisons_{row._meta.model_name}_{page}"] = (change_url(row, page), readers)
    cell = [row_of(Framework).slug, criterion.slug]
    found["comparisons_ruling_rule"] = (reverse("admin:comparisons_ruling_rule", args=cell), REVIEWERS)
    found["comparisons_cell_gaps"] = (list_url(Cell, "gaps"), ALL)
    found["comparisons_article_cells"] = (list_url(Article, "cells"), WRITERS)
    found["comparisons_claim_import"] = (list_url(Claim, "import"), WRITERS)
    found["comparisons_claim_import_fields"] = (reverse("admin:comparisons_claim_import_fields"), WRITERS)
    template = reverse("admin:comparisons_claim_import_template", args=["csv"])
    found["comparisons_claim_import_template"] = (template, WRITERS)
    return found


#: Addresses that are no pages of their own: each has its own test below or in another file.
NOT_PAGES = {
    *("login", "logout", "autocomplete", "view_on_site", "second_factor"),
    *("comparisons_claim_preview", "comparisons_claim_import_preview", "comparisons_claim_record_checks"),
    "comparisons_article_known",
}


def test_every_address_of_the_admin_is_in_the_table(clients: dict[str, Client]) -> None:
    assert set(names(admin.site.get_urls())) - NOT_PAGES == pages().keys()


def seen(response: Any) -> str:
    """How a response looks to a user: "opened", "log in", "refused", or its status."""
    if response.status_code == 302 and "/login/" in response.url:
        return "log in"
    return {200: "opened", 403: "refused"}.get(response.status_code, str(response.status_code))


@pytest.mark.parametrize("role", ROLES)
def test_a_page_opens_for_those_who_may_read_it(clients: dict[str, Client], role: str) -> None:
    otherwise = "log in" if role in ("anonymous", "reader") else "refused"
    expected = {name: "opened" if role in may else otherwise for name, (_url, may) in pages().items()}
    assert {name: seen(clients[role].get(url)) for name, (url, _may) in pages().items()} == expected


@pytest.mark.parametrize("role", ROLES)
def test_the_way_to_the_site_is_for_the_house(clients: dict[str, Client], role: str) -> None:
    claim = Claim.objects.get()
    url = reverse("admin:view_on_site", args=[ContentType.objects.get_for_model(Claim).pk, claim.pk])
    response = clients[role].get(url)
    assert response.status_code == 302
    assert response.url.endswith(claim.get_absolute_url()) == (role in ALL)


@pytest.mark.parametrize("role", ROLES)
def test_an_autocomplete_tells_names_to_the_house_only(clients: dict[str, Client], role: str) -> None:
    asked = {"app_label": "comparisons", "model_name": "claim", "field_name": "framework", "term": ""}
    response = clients[role].get(reverse("admin:autocomplete"), asked)
    assert seen(response) == ("opened" if role in ALL else "log in" if role in ("anonymous", "reader") else "refused")


@pytest.mark.parametrize("role", ALL)
@pytest.mark.parametrize("model", [model for model in WRITES if model not in (User, Group)])
def test_a_form_can_be_saved_by_those_who_write(clients: dict[str, Client], model: type[Any], role: str) -> None:
    text = clients[role].get(change_url(row_of(model))).content.decode()
    assert ('name="_save"' in text) == (role in WRITES[model])


@pytest.mark.parametrize("role", ALL)
@pytest.mark.parametrize(
    ("action", "may"),
    [("publish", REVIEWERS), ("withdraw", REVIEWERS), ("return_to_draft", REVIEWERS), ("send_to_review", WRITERS)],
)
def test_an_action_is_offered_to_those_who_may(
    clients: dict[str, Client], action: str, may: tuple[str, ...], role: str
) -> None:
    assert (f'value="{action}"' in clients[role].get(list_url(Claim)).content.decode()) == (role in may)


@pytest.mark.parametrize(
    ("role", "page", "lacking"),
    [
        ("viewer", "article_merge", "Only reviewers may do this."),
        ("editor", "claim_verdict", "Only reviewers may do this."),
        ("viewer", "article_reread", "Only editors and reviewers may do this."),
        ("viewer", "claim_delete", "Only some accounts may open this page."),
    ],
)
@pytest.mark.django_db
def test_whoever_is_refused_reads_what_their_account_lacks(role: str, page: str, lacking: str) -> None:
    claim = make.make_claim()
    row = claim if page.startswith("claim") else claim.citations.get().article
    response = log_in(make_user("somebody", role=role)).get(reverse(f"admin:comparisons_{page}", args=[row.pk]))
    text = response.content.decode()
    assert response.status_code == 403 and lacking in text and "You are logged in as somebody" in text
    assert '<a href="/admin/">' in text
