"""Who may do what in the admin: every page, and every deed by button, by action of a list and by a hand-made POST."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from pytest_django import DjangoDbBlocker

from comparisons.models import (
    Article,
    Cell,
    Citation,
    Claim,
    Comparison,
    Criterion,
    CriterionGroup,
    FormerAddress,
    Framework,
    Level,
    Release,
    Ruling,
)
from tests import factories as make

from .conftest import log_in, make_user
from .forms import act, change_url, fields, list_url

pytestmark = [pytest.mark.django_db, pytest.mark.crossing]
ROLES = ("anonymous", "reader", "viewer", "editor", "reviewer", "superuser")
ALL = ROLES[2:]
WRITERS = ROLES[3:]
REVIEWERS = ROLES[4:]
CHIEFS = ROLES[5:]
NOBODY: tuple[str, ...] = ()

#: Who adds, changes and deletes records of each kind; everybody of the house reads them, people apart.
WRITES: dict[type[Any], tuple[str, ...]] = {
    Article: WRITERS,
    Claim: WRITERS,
    Criterion: WRITERS,
    CriterionGroup: WRITERS,
    Framework: WRITERS,
    Release: WRITERS,
    Comparison: REVIEWERS,
    Ruling: REVIEWERS,
    Citation: NOBODY,
    Level: NOBODY,
    Cell: NOBODY,
    FormerAddress: NOBODY,
    User: CHIEFS,
    Group: CHIEFS,
}
#: Who deletes, where that is not who writes.
DELETES = {FormerAddress: REVIEWERS}
READS = {model: CHIEFS if model in (User, Group) else ALL for model in WRITES}


def client_of(role: str) -> Client:
    """The browser of a person in that role; "reader" has an account that opens nothing here."""
    if role == "anonymous":
        return Client()
    if role == "reader":
        return log_in(User.objects.create_user("reader"))
    return log_in(make_user(role, role="" if role == "superuser" else role))


def fill() -> None:
    """One record of each kind at least."""
    criterion = make.make_criterion("speed", levels=("yes", "no"))
    framework = make.make_framework("flask")
    make.make_release(framework, "1.0")
    claim = make.make_claim(framework, criterion, level="yes", key="published")
    make.make_ruling(framework, criterion, level=criterion.levels.first()).side_a.add(claim)
    make.make_comparison("both", (framework, make.make_framework("django")), (criterion,))
    make.make_former(framework, "flask-of-old")
    make.settle()


# ── Pages ────────────────────────────────────────────────────────────


def names(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    """The names of all addresses of the admin."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns)
        elif pattern.name:
            yield pattern.name


def row_of(model: type[Any]) -> Any:
    return model.objects.order_by("pk").first()


def pages() -> dict[str, tuple[str, tuple[str, ...]]]:
    """The address of every page and who may open it, by its name; needs `fill`."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {
        "index": (reverse("admin:index"), ALL),
        "app_list": (reverse("admin:app_list", args=["comparisons"]), ALL),
        "password_change": (reverse("admin:password_change"), ALL),
        "password_change_done": (reverse("admin:password_change_done"), ALL),
        "auth_user_password_change": (reverse("admin:auth_user_password_change", args=[row_of(User).pk]), CHIEFS),
        "jsi18n": (reverse("admin:jsi18n"), ALL),
    }
    for model, writers in WRITES.items():
        row, prefix = row_of(model), f"{model._meta.app_label}_{model._meta.model_name}"
        found[f"{prefix}_changelist"] = (list_url(model), READS[model])
        found[f"{prefix}_add"] = (list_url(model, "add"), writers)
        found[f"{prefix}_export"] = (list_url(model, "export"), READS[model])
        deleters = DELETES.get(model, writers)
        for page, readers in (("change", READS[model]), ("history", READS[model]), ("delete", deleters)):
            found[f"{prefix}_{page}"] = (change_url(row, page), readers)
        if hasattr(model, "history"):
            url = reverse(f"admin:{prefix}_simple_history", args=[row.pk, row.history.first().pk])
            found[f"{prefix}_simple_history"] = (url, READS[model])
    claim, article, criterion = row_of(Claim), row_of(Article), row_of(Criterion)
    for row, readers, *own in (
        (claim, ALL, "review"),
        (claim, REVIEWERS, "verdict", "rename", "merge"),
        (article, ALL, "read"),
        (article, REVIEWERS, "rename", "merge"),
        (criterion, REVIEWERS, "rename", "merge", "split"),
        *((row_of(model), REVIEWERS, "rename") for model in (Framework, CriterionGroup, Comparison)),
    ):
        for page in own:
            found[f"comparisons_{row._meta.model_name}_{page}"] = (change_url(row, page), readers)
    cell = [row_of(Framework).slug, criterion.slug]
    found["comparisons_ruling_rule"] = (reverse("admin:comparisons_ruling_rule", args=cell), REVIEWERS)
    found["comparisons_cell_gaps"] = (list_url(Cell, "gaps"), ALL)
    found["comparisons_article_cells"] = (list_url(Article, "cells"), WRITERS)
    found["comparisons_claim_import"] = (list_url(Claim, "import"), WRITERS)
    template = reverse("admin:comparisons_claim_import_template", args=["csv"])
    found["comparisons_claim_import_template"] = (template, WRITERS)
    return found


#: Addresses that are no pages of their own: each has its own test below or in another file.
NOT_PAGES = {
    *("login", "logout", "autocomplete", "view_on_site"),
    *("comparisons_claim_preview", "comparisons_claim_import_preview"),
}


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Client]]:
    """A browser of every role, in a house with one record of each kind."""
    with django_db_blocker.unblock():
        fill()
        yield {role: client_of(role) for role in ROLES}
        call_command("flush", verbosity=0, interactive=False)


def test_every_address_of_the_admin_is_in_the_table(house: dict[str, Client]) -> None:
    assert set(names(admin.site.get_urls())) - NOT_PAGES == pages().keys()


def seen(response: Any) -> str:
    """What a person met: "opened", "log in" or "refused"."""
    if response.status_code == 302 and "/login/" in response.url:
        return "log in"
    return {200: "opened", 403: "refused"}.get(response.status_code, str(response.status_code))


@pytest.mark.parametrize("role", ROLES)
def test_a_page_opens_for_those_who_may_read_it(house: dict[str, Client], role: str) -> None:
    otherwise = "log in" if role in ("anonymous", "reader") else "refused"
    expected = {name: "opened" if role in may else otherwise for name, (_url, may) in pages().items()}
    assert {name: seen(house[role].get(url)) for name, (url, _may) in pages().items()} == expected


@pytest.mark.parametrize("role", ROLES)
def test_the_way_to_the_site_is_for_the_house(house: dict[str, Client], role: str) -> None:
    claim = Claim.objects.get()
    url = reverse("admin:view_on_site", args=[ContentType.objects.get_for_model(Claim).pk, claim.pk])
    response = house[role].get(url)
    assert response.status_code == 302
    assert response.url.endswith(claim.get_absolute_url()) == (role in ALL)


@pytest.mark.parametrize("role", ROLES)
def test_an_autocomplete_tells_names_to_the_house_only(house: dict[str, Client], role: str) -> None:
    asked = {"app_label": "comparisons", "model_name": "claim", "field_name": "framework", "term": ""}
    response = house[role].get(reverse("admin:autocomplete"), asked)
    assert seen(response) == ("opened" if role in ALL else "log in" if role in ("anonymous", "reader") else "refused")


# ── Deeds ────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Deed:
    """Something done by POST. `do` makes what it needs, tries it with a browser and says whether it came about."""

    name: str
    may: tuple[str, ...]
    do: Callable[[Client], bool]

    def __str__(self) -> str:
        return self.name


@cache
def form_at(url: str, form_id: str) -> dict[str, list[str]]:
    """What a superuser's form would send, for others to send as their own: a hand-made POST."""
    return fields(log_in(make_user(f"chief-{User.objects.count()}")).get(url), form_id)


def added(model: type[Any], **values: Any) -> Callable[[Client], bool]:
    """Add a record by the form."""

    def do(client: Client) -> bool:
        given = {name: value() if callable(value) else value for name, value in values.items()}
        count = model.objects.count()
        url = list_url(model, "add")
        client.post(url, {**form_at(url, f"{model._meta.model_name}_form"), **given})
        return model.objects.count() == count + 1

    return do


def changed(model: type[Any], **values: Any) -> Callable[[Client], bool]:
    """Change the first record of a kind by its form."""

    def do(client: Client) -> bool:
        row = row_of(model)
        form = form_at(change_url(row), f"{model._meta.model_name}_form")
        client.post(change_url(row), {**form, **values, "_continue": "1"})
        row.refresh_from_db()
        return all(str(getattr(row, name)) == str(value) for name, value in values.items())

    return do


def deleted(make_row: Callable[[], Any], *, in_bulk: bool = False) -> Callable[[Client], bool]:
    """Delete a record that nothing rests on, by its page or by the action of the list."""

    def do(client: Client) -> bool:
        row = make_row()
        if in_bulk:
            act(client, type(row), "delete_selected", row, post="yes")
        else:
            client.post(change_url(row, "delete"), {"post": "yes"})
        return not type(row).objects.filter(pk=row.pk).exists()

    return do


def draft(**values: Any) -> Claim:
    return make.make_claim(**{"status": "draft", "published_at": None, **values})


def stepped(action: str, make_claim: Callable[[], Claim], status: str, **extra: Any) -> Callable[[Client], bool]:
    """Run a step by the action of the list; a hand-made POST for those who are not offered it."""

    def do(client: Client) -> bool:
        claim = make_claim()
        act(client, Claim, action, claim, **extra)
        claim.refresh_from_db()
        return claim.status == status

    return do


def reordered(client: Client) -> bool:
    """Change an order in the list itself."""
    row = row_of(Framework)
    form = form_at(list_url(Framework), "changelist-form")
    place = next(name.split("-")[1] for name, value in form.items() if name.endswith("-id") and value == [str(row.pk)])
    client.post(list_url(Framework), {**form, f"form-{place}-order": "77", "_save": "Save"})
    row.refresh_from_db()
    return row.order == 77


def by_button(step: str, make_claim: Callable[[], Claim], status: str, **answers: str) -> Callable[[Client], bool]:
    """Press a button of the review page, or send what it would."""

    def do(client: Client) -> bool:
        claim = make_claim()
        client.post(change_url(claim, "review"), {"step": step, "read_version": claim.version, **answers})
        claim.refresh_from_db()
        return claim.status == status

    return do


def judged(client: Client) -> bool:
    """Give a verdict on its form."""
    claim = row_of(Claim)
    url = change_url(claim, "verdict")
    client.post(url, {**form_at(url, "verdict_form"), "verdict": "opinion", "verdict_on": "2026-11-20"})
    claim.refresh_from_db()
    return claim.verdict == "opinion"


def ruled(client: Client) -> bool:
    """Leave a cell open on the short form of rulings."""
    url = reverse("admin:comparisons_ruling_rule", args=[row_of(Framework).slug, row_of(Criterion).slug])
    client.post(url, {**form_at(url, "ruling_form"), "stands": "open", "reason": "opinion", "why": "Open."})
    return row_of(Ruling).is_open


def put_back(client: Client) -> bool:
    """Put the first state of a framework back in place of a later one."""
    framework = row_of(Framework)
    before = framework.tagline
    framework.tagline = "Later"
    framework.save()
    entry = framework.history.order_by("history_id").first()
    url = reverse("admin:comparisons_framework_simple_history", args=[framework.pk, entry.pk])
    client.post(url, {"read_version": framework.version})
    framework.refresh_from_db()
    return framework.tagline == before


def renamed(client: Client) -> bool:
    framework = row_of(Framework)
    data = {"slug": "renamed", "read_version": framework.version, "confirm": "1"}
    client.post(change_url(framework, "rename"), data)
    framework.refresh_from_db()
    return framework.slug == "renamed"


def merged(make_row: Callable[[], Any]) -> Callable[[Client], bool]:
    """Merge a new record into another of its kind, with the versions that a preview shows."""

    def do(client: Client) -> bool:
        gone, kept = make_row(), make_row()
        url = f"{change_url(gone, 'merge')}?into={kept.pk}"
        form_at.cache_clear()
        client.post(url, {**form_at(url, "merge_form"), "confirm": "1"})
        return not type(gone).objects.filter(pk=gone.pk).exists()

    return do


def alike() -> Claim:
    return make.make_claim(row_of(Framework), row_of(Criterion))


def split(client: Client) -> bool:
    """Split a criterion: the form, and what its preview would send."""
    criterion = row_of(Criterion)
    url = change_url(criterion, "split")
    form = {**form_at(url, "split_form"), "name": "New", "slug": "new", "question": "So?", "definition": "So."}
    client.post(url, {**form, "claims": [row_of(Claim).pk], "confirm": "1"})
    return Criterion.objects.filter(slug="new").exists()


def imported(client: Client) -> bool:
    """Send a file of one claim and confirm its preview."""
    text = "key,framework,criterion,kind,polarity,statement\nfrom-file,flask,speed,capability,pro,It does.\n"
    file = SimpleUploadedFile("claims.csv", text.encode())
    response = client.post(list_url(Claim, "import"), {"file": file}, follow=True)
    if response.redirect_chain and "/import/" in response.redirect_chain[-1][0]:
        url = response.redirect_chain[-1][0]
        client.post(url, {**fields(response, "import_form"), "import": "Import"})
    return Claim.objects.filter(key="from-file", status="draft").exists()


def read_off(client: Client) -> bool:
    """Draw a claim from an article at the reading desk."""
    url, count = change_url(row_of(Article), "read"), Claim.objects.count()
    about = {"framework": row_of(Framework).pk, "criterion": row_of(Criterion).pk, "polarity": "pro"}
    client.post(url, {**form_at(url, "desk_form"), **about, "statement": "It does.", "_add": "1"})
    return Claim.objects.count() == count + 1


def previewed(client: Client) -> bool:
    """Ask for the preview of a claim that is being written; it writes nothing."""
    about = {"framework": row_of(Framework).pk, "criterion": row_of(Criterion).pk}
    response = client.post(list_url(Claim, "preview"), {"statement": "It *does*.", **about})
    return response.status_code == 200 and "<em>does</em>" in response.content.decode()


def exported(client: Client) -> bool:
    response = client.get(list_url(Claim, "export"), {"_format": "csv"})
    return response.status_code == 200 and b"published" in b"".join(response)


def own_claim_published(client: Client) -> bool:
    """Publish what one has written."""
    user = User.objects.filter(pk=client.session.get("_auth_user_id", 0)).first() if client.cookies else None
    claim = draft(status="in-review", author=user, written_by=user)
    act(client, Claim, "publish", claim)
    claim.refresh_from_db()
    return user is not None and claim.status == "published"


def claim_values() -> dict[str, Any]:
    return {
        "framework": lambda: row_of(Framework).pk,
        "criterion": lambda: row_of(Criterion).pk,
        "kind": "capability",
        "polarity": "pro",
        "statement": "It does.",
        "key": "new",
    }


DEEDS = [
    Deed("add a claim", WRITERS, added(Claim, **claim_values())),
    Deed(
        "add an article",
        WRITERS,
        added(Article, title="New", slug="new", kind="article", interest="independent", url="https://example.org/new"),
    ),
    Deed("add a framework", WRITERS, added(Framework, name="New", slug="new", tagline="New", summary="New.")),
    Deed("add a group of criteria", WRITERS, added(CriterionGroup, name="New", slug="new")),
    Deed(
        "add a criterion",
        WRITERS,
        added(
            Criterion,
            name="New",
            slug="new",
            question="New?",
            definition="New.",
            value_type="text",
            direction="none",
            group=lambda: row_of(CriterionGroup).pk,
        ),
    ),
    Deed(
        "add a release",
        WRITERS,
        added(Release, framework=lambda: row_of(Framework).pk, version_number="2.0", released_on="2026-01-01"),
    ),
    Deed("change a claim", WRITERS, changed(Claim, statement="Changed.")),
    Deed("change an article", WRITERS, changed(Article, title="Changed")),
    Deed("change a framework", WRITERS, changed(Framework, tagline="Changed")),
    Deed("change a criterion", WRITERS, changed(Criterion, question="Changed?")),
    Deed("change a group of criteria", WRITERS, changed(CriterionGroup, description="Changed")),
    Deed("change a release", WRITERS, changed(Release, note="Changed")),
    Deed("change a comparison", REVIEWERS, changed(Comparison, introduction="Changed.")),
    Deed("change a ruling", REVIEWERS, changed(Ruling, why="Changed.")),
    Deed("change an order in the list", WRITERS, reordered),
    Deed("delete a draft", WRITERS, deleted(draft)),
    Deed("delete drafts in bulk", WRITERS, deleted(draft, in_bulk=True)),
    Deed("delete an article", WRITERS, deleted(make.make_article)),
    Deed("delete articles in bulk", WRITERS, deleted(make.make_article, in_bulk=True)),
    Deed("delete a framework", WRITERS, deleted(make.make_framework)),
    Deed("delete a criterion", WRITERS, deleted(make.make_criterion)),
    Deed("delete a group of criteria", WRITERS, deleted(make.make_group)),
    Deed("delete a ruling", REVIEWERS, deleted(lambda: row_of(Ruling))),
    Deed("delete rulings in bulk", REVIEWERS, deleted(lambda: row_of(Ruling), in_bulk=True)),
    Deed("delete a comparison", REVIEWERS, deleted(lambda: row_of(Comparison))),
    Deed("delete a published claim", NOBODY, deleted(lambda: row_of(Claim))),
    Deed("delete published claims in bulk", NOBODY, deleted(lambda: row_of(Claim), in_bulk=True)),
    Deed("delete a cited article", NOBODY, deleted(lambda: row_of(Article))),
    Deed("delete a cell", NOBODY, deleted(lambda: row_of(Cell))),
    Deed("delete a citation by itself", NOBODY, deleted(lambda: row_of(Citation))),
    Deed("delete a level by itself", NOBODY, deleted(lambda: Level.objects.order_by("pk").last())),
    Deed("send a claim to review", WRITERS, stepped("send_to_review", draft, "in-review")),
    Deed("publish a claim", REVIEWERS, stepped("publish", lambda: draft(status="in-review"), "published")),
    Deed("withdraw a claim", REVIEWERS, stepped("withdraw", make.make_claim, "withdrawn", confirmed="1", reason="So.")),
    Deed(
        "return a claim",
        REVIEWERS,
        stepped(
            "return_to_draft", lambda: draft(status="in-review"), "draft", confirmed="1", mark="unclear", note="So?"
        ),
    ),
    Deed("send a claim to review by button", WRITERS, by_button("send_to_review", draft, "in-review")),
    Deed("publish a claim by button", REVIEWERS, by_button("publish", lambda: draft(status="in-review"), "published")),
    Deed(
        "return a claim by button",
        REVIEWERS,
        by_button("return_to_draft", lambda: draft(status="in-review"), "draft", mark="unclear", note="So?"),
    ),
    Deed("withdraw a claim by button", REVIEWERS, by_button("withdraw", make.make_claim, "withdrawn", reason="So.")),
    Deed("give a verdict", REVIEWERS, judged),
    Deed("give a ruling", REVIEWERS, ruled),
    Deed("put an earlier state back", WRITERS, put_back),
    Deed("rename a record", REVIEWERS, renamed),
    Deed("merge articles", REVIEWERS, merged(make.make_article)),
    Deed("merge claims", REVIEWERS, merged(alike)),
    Deed("merge criteria", REVIEWERS, merged(make.make_criterion)),
    Deed("split a criterion", REVIEWERS, split),
    Deed("delete a former address", REVIEWERS, deleted(lambda: row_of(FormerAddress))),
    Deed("import claims", WRITERS, imported),
    Deed("export a list", ALL, exported),
    Deed("draw a claim from an article", WRITERS, read_off),
    Deed("preview a claim", ALL, previewed),
    Deed("publish what one wrote", CHIEFS, own_claim_published),
]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("deed", DEEDS, ids=str)
def test_a_deed_is_done_by_those_who_may(house: dict[str, Client], deed: Deed, role: str) -> None:
    assert deed.do(house[role]) == (role in deed.may)


@pytest.mark.parametrize("role", ALL)
@pytest.mark.parametrize("model", [model for model in WRITES if model not in (User, Group)])
def test_a_form_can_be_saved_by_those_who_write(house: dict[str, Client], model: type[Any], role: str) -> None:
    text = house[role].get(change_url(row_of(model))).content.decode()
    assert ('name="_save"' in text) == (role in WRITES[model])


@pytest.mark.parametrize("role", ALL)
@pytest.mark.parametrize(
    ("action", "may"),
    [("publish", REVIEWERS), ("withdraw", REVIEWERS), ("return_to_draft", REVIEWERS), ("send_to_review", WRITERS)],
)
def test_an_action_is_offered_to_those_who_may(
    house: dict[str, Client], action: str, may: tuple[str, ...], role: str
) -> None:
    assert (f'value="{action}"' in house[role].get(list_url(Claim)).content.decode()) == (role in may)
