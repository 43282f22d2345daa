"""Attempts to change something in the admin: by form, by button, by an action of a list, by a hand-made request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from comparisons.editing import proposals
from comparisons.models import (
    Article,
    Challenge,
    Claim,
    Criterion,
    Framework,
    Proposal,
    Ruling,
)
from tests import factories as make
from tests.admin.forms import act, change_url, fields, list_url
from tests.admin.users import log_in, make_user

from .rights import row_of


@dataclass(frozen=True)
class Attempt:
    """An attempt to change something.

    may: the roles for which it succeeds. do: makes what it needs, tries it with a browser, says whether it succeeded.
    """

    name: str
    may: tuple[str, ...]
    do: Callable[[Client], bool]

    def __str__(self) -> str:
        return self.name


@cache
def form_at(url: str, form_id: str) -> dict[str, list[str]]:
    """What the form of a superuser would send, for others to send as their own."""
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


def proposed(model: type[Any], **values: Any) -> Callable[[Client], bool]:
    """Change the first record of a kind by its form, as a change that waits for review."""
    change = changed(model, **values)

    def do(client: Client) -> bool:
        is_changed, waits = change(client), proposals.waiting(row_of(model))
        return not is_changed and waits is not None and values.items() <= waits.state["fields"].items()

    return do


def decided(step: str, status: str) -> Callable[[Client], bool]:
    """Press a button of the page of a proposal that somebody else has made."""

    def do(client: Client) -> bool:
        found = row_of(Proposal)
        client.post(found.get_absolute_url(), {"step": step, "read_version": found.version, "note": "No."})
        found.refresh_from_db()
        return found.status == status

    return do


def deleted(make_row: Callable[[], Any], *, in_bulk: bool = False) -> Callable[[Client], bool]:
    """Delete a record that nothing refers to, by its page or by the action of the list."""

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
    """Take a step by the action of the list, or by a hand-made POST for those who are not offered it."""

    def do(client: Client) -> bool:
        claim = make_claim()
        act(client, Claim, action, claim, **extra)
        claim.refresh_from_db()
        return claim.status == status

    return do


def reordered(client: Client) -> bool:
    """Change an order directly in the list."""
    row = row_of(Framework)
    form = form_at(list_url(Framework), "changelist-form")
    place = next(name.split("-")[1] for name, value in form.items() if name.endswith("-id") and value == [str(row.pk)])
    client.post(list_url(Framework), {**form, f"form-{place}-order": "77", "_save": "Save"})
    row.refresh_from_db()
    return row.order == 77


def by_button(step: str, make_claim: Callable[[], Claim], status: str, **answers: str) -> Callable[[Client], bool]:
    """Press a button of the review page, or send what it would send."""

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


def checked(client: Client) -> bool:
    """Record that a claim still holds, as the buttons of the desk, of cells and of claims do."""
    claim = make.make_claim()
    url = reverse("admin:comparisons_claim_record_checks")
    client.post(url, {"claim": claim.pk, f"seen-{claim.pk}": claim.version, "version": "9.0"})
    return claim.checks.filter(version="9.0").exists()


def answered(client: Client) -> bool:
    """Answer the objection of a reader."""
    challenge = row_of(Challenge)
    data = {"status": "kept", "answer": "It stays.", "is_quoted": "on", "read_version": challenge.version}
    client.post(change_url(challenge), data)
    challenge.refresh_from_db()
    return challenge.status == "kept"


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


def put_back_proposed(client: Client) -> bool:
    """Put an earlier state back as a change that waits for review."""
    return not put_back(client) and proposals.waiting(row_of(Framework)) is not None


def renamed(client: Client) -> bool:
    framework = row_of(Framework)
    data = {"slug": "renamed", "read_version": framework.version, "confirm": "1"}
    client.post(change_url(framework, "rename"), data)
    framework.refresh_from_db()
    return framework.slug == "renamed"


def merged(make_row: Callable[[], Any]) -> Callable[[Client], bool]:
    """Merge a new record into another of its kind, with the versions that a preview shows."""

    def do(client: Client) -> bool:
        duplicate, kept = make_row(), make_row()
        url = f"{change_url(duplicate, 'merge')}?into={kept.pk}"
        form_at.cache_clear()
        client.post(url, {**form_at(url, "merge_form"), "confirm": "1"})
        return not type(duplicate).objects.filter(pk=duplicate.pk).exists()

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
    """Add a claim from an article at the reading desk."""
    url, count = change_url(row_of(Article), "read"), Claim.objects.count()
    about = {"framework": row_of(Framework).pk, "criterion": row_of(Criterion).pk, "polarity": "pro"}
    client.post(url, {**form_at(url, "desk_form"), **about, "statement": "It does.", "_add": "1"})
    return Claim.objects.count() == count + 1


def cited(client: Client) -> bool:
    """Cite an article on a draft at the reading desk."""
    claim, article = draft(), row_of(Article)
    client.post(change_url(article, "read"), {"_cite": f"{claim.pk}-{claim.version}-supports"})
    return claim.citations.filter(article=article).exists()


def previewed(client: Client) -> bool:
    """Ask for the preview of a claim that is being written; it writes nothing."""
    about = {"framework": row_of(Framework).pk, "criterion": row_of(Criterion).pk}
    response = client.post(list_url(Claim, "preview"), {"statement": "It *does*.", **about})
    return response.status_code == 200 and "<em>does</em>" in response.content.decode()


def exported(client: Client) -> bool:
    response = client.get(list_url(Claim, "export"), {"_format": "csv"})
    return response.status_code == 200 and b"published" in b"".join(response)


def own_claim_published(client: Client) -> bool:
    """Publish a claim that the user has written."""
    user = User.objects.filter(pk=client.session.get("_auth_user_id", 0)).first() if client.cookies else None
    claim = draft(status="in-review", author=user, written_by=user)
    act(client, Claim, "publish", claim, confirmed="yes")
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
