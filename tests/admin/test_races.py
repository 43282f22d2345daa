"""Steps at the same moment as an edit or another step, each on its own connection, on a real database."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.contrib import admin
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from comparisons.editing import steps
from comparisons.models import Claim, Ruling
from tests import factories as make
from tests import threads

from .forms import change_url, opened, send
from .users import log_in, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.crossing]


def at_once(monkeypatch: pytest.MonkeyPatch, *jobs: Callable[[], int]) -> list[int]:
    """The status of each response. All requests have read their claim or ruling before the first of them goes on."""
    ready = threading.Barrier(len(jobs))

    def met(look: Callable[..., object]) -> Callable[..., object]:
        def look_and_wait(*args: object, **options: object) -> object:
            found = look(*args, **options)
            if not getattr(here, "waited", False):
                here.waited = True
                ready.wait(timeout=20)
            return found

        return look_and_wait

    here = threading.local()
    for model in (Claim, Ruling):
        model_admin = admin.site._registry[model]
        name = "get_object" if model is Claim else "short_form"
        monkeypatch.setattr(model_admin, name, met(getattr(model_admin, name)))
    return threads.at_once(*jobs)


def step(client: Client, claim: Claim, name: str, **answers: str) -> int:
    data = {"step": name, "read_version": claim.version, **answers}
    return client.post(change_url(claim, "review"), data).status_code


def people() -> tuple[Client, Client]:
    return log_in(make_user("edgar", role="editor")), log_in(make_user("rita", role="reviewer"))


def test_no_claim_is_published_with_a_text_that_its_reviewer_did_not_see(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = make.make_claim(status="in-review", published_at=None, statement="Reviewed.")
    editor, reviewer = people()
    form = opened(editor, claim)
    statuses = at_once(
        monkeypatch,
        lambda: send(editor, claim, form, statement="Unseen.").status_code,
        lambda: step(reviewer, claim, "publish"),
    )
    claim.refresh_from_db()
    assert sorted(statuses) == [302, 409]
    assert (claim.status, claim.statement) == (
        ("in-review", "Unseen.") if statuses[0] == 302 else ("published", "Reviewed.")
    )


def test_no_claim_is_published_with_citations_that_its_reviewer_did_not_see(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = make.make_claim(status="in-review", published_at=None)
    editor, reviewer = people()
    form = opened(editor, claim)
    statuses = at_once(
        monkeypatch,
        lambda: send(editor, claim, form, **{"citations-0-says": "Unseen."}).status_code,
        lambda: step(reviewer, claim, "publish"),
    )
    claim.refresh_from_db()
    assert sorted(statuses) == [302, 409]
    assert (claim.status == "published") != (claim.citations.get().says == "Unseen.")


def test_of_two_reviewers_who_decide_otherwise_one_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = make.make_claim(status="in-review", published_at=None)
    clients = [log_in(make_user(name, role="reviewer")) for name in ("rita", "ruth")]
    statuses = at_once(
        monkeypatch,
        lambda: step(clients[0], claim, "publish"),
        lambda: step(clients[1], claim, "return_to_draft", mark="unclear", note="Which?"),
    )
    claim.refresh_from_db()
    assert sorted(statuses) == [302, 409]
    assert claim.status == ("published" if statuses[0] == 302 else "draft")
    assert claim.history.count() == 2


def test_a_button_pressed_by_many_at_once_is_one_step(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = make.make_claim(status="in-review", published_at=None)
    clients = [log_in(make_user(f"rita-{number}", role="reviewer")) for number in range(4)]
    jobs = [lambda client=client: step(client, claim, "publish") for client in clients]
    assert at_once(monkeypatch, *jobs) == [302] * 4
    claim.refresh_from_db()
    assert (claim.status, claim.version, claim.history.count()) == ("published", 2, 2)


def test_of_a_state_put_back_and_an_edit_one_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = make.make_claim(statement="First.", by=(make.make_article("a"),))
    chief, other = (log_in(make_user(name)) for name in ("chief", "deputy"))
    send(chief, claim, opened(chief, claim), statement="Second.", **{"citations-0-says": "Second."})
    entry = claim.history.order_by("history_id").first()
    form = opened(other, claim)
    url = reverse("admin:comparisons_claim_simple_history", args=[claim.pk, entry.history_id])
    statuses = at_once(
        monkeypatch,
        lambda: chief.post(url, {"read_version": 2}).status_code,
        lambda: send(other, claim, form, statement="Third.", **{"citations-0-says": "Third."}).status_code,
    )
    claim.refresh_from_db()
    assert sorted(statuses) == [302, 409] and claim.version == 3
    words = ("First.", "Title of a says so.") if statuses[0] == 302 else ("Third.", "Third.")
    assert (claim.statement, claim.citations.get().says) == words


def test_of_two_who_rule_on_a_cell_at_once_one_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    criterion = make.make_criterion(levels=("yes", "no"))
    claim = make.make_claim(criterion=criterion, level="yes")
    make.make_claim(claim.framework, criterion, level="no")
    clients = [log_in(make_user(f"rita-{number}", role="reviewer")) for number in range(3)]
    url = reverse("admin:comparisons_ruling_rule", args=[claim.framework.slug, criterion.slug])
    seen = steps.stamp_of_cell(claim.framework_id, criterion.pk)
    data = {"stands": "open", "reason": "opinion", "ruled_on": "2026-11-20", "rejected": claim.pk, "seen": seen}
    jobs = [
        lambda number=number: clients[number].post(url, {**data, "why": f"By {number}."}).status_code
        for number in range(3)
    ]
    statuses = at_once(monkeypatch, *jobs)
    assert sorted(statuses) == [302, 409, 409]
    ruling = Ruling.objects.get()
    assert ruling.why == f"By {statuses.index(302)}." and ruling.rejected.count() == 1


def test_of_a_verdict_and_an_edit_one_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = make.make_claim(statement="Judged.")
    _editor, reviewer = people()
    chief = log_in(make_user("chief"))
    form = opened(chief, claim)
    verdict = {"verdict": "opinion", "verdict_on": "2026-11-20", "read_version": claim.version}
    statuses = at_once(
        monkeypatch,
        lambda: send(chief, claim, form, statement="Unseen.").status_code,
        lambda: reviewer.post(change_url(claim, "verdict"), verdict).status_code,
    )
    claim.refresh_from_db()
    assert sorted(statuses) == [302, 409]
    assert (claim.verdict == "opinion") != (claim.statement == "Unseen.")


def test_a_draft_deleted_in_the_midst_of_a_save_loses_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = make.make_claim(status="draft", published_at=None)
    editor, _reviewer = people()
    form = opened(editor, claim)
    model_admin = admin.site._registry[Claim]
    look = model_admin.check_version  # type: ignore[attr-defined]

    def look_and_delete(request: HttpRequest, object_id: str) -> None:
        look(request, object_id)
        Claim.objects.get(pk=object_id).delete()

    monkeypatch.setattr(model_admin, "check_version", look_and_delete)
    response = send(editor, claim, form, statement="A long text.")
    assert response.status_code == 410 and "A long text." in response.content.decode()
