"""What the tests of pages share: a small world with a dispute, and what readers must never see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.test import Client

from comparisons.models import Claim, Criterion, Framework, drawn
from tests.factories import (
    NOON,
    make_citation,
    make_claim,
    make_comparison,
    make_criterion,
    make_framework,
    make_note,
    unsettled,
)

#: Words that stand in hidden claims alone.
SECRETS = ("zebrafish", "quokkas", "narwhals")
#: Parameters no page can use, with the status that answers them; %s is the name of the parameter.
HOSTILE = ["%F0%9F%A6%A4", "%ED%A0%80", "%27%22%3E%3Cscript%3E", "%25", "_", "%5C", "%D9%A1%D9%A2", "x" * 7000]


@unsettled()
def make_world(size: int = 1) -> None:
    """`size` frameworks and criteria with claims for and against, one disputed cell each, and a comparison."""
    frameworks = [make_framework(f"fw{n}", name=f"Framework {n}", order=n) for n in range(size)]
    frameworks.append(make_framework("other", name="Other", order=size))
    criteria = [make_criterion(f"crit{n}", levels=("full", "none"), order=n) for n in range(size)]
    for framework in frameworks[:-1]:
        for criterion in criteria:
            at = f"{framework.slug}-{criterion.slug}"
            make_claim(framework, criterion, level="full", key=f"{at}-pro", polarity="pro", kind="judgement")
            make_claim(framework, criterion, level="none", key=f"{at}-con", polarity="con", kind="judgement")
    make_comparison("featured", (frameworks[0], frameworks[-1]), tuple(criteria), featured=True)


@unsettled()
def hide_claims(framework: Framework | None = None, criterion: Criterion | None = None, article: Any = None) -> None:
    """A draft, one in review and one withdrawn, each with a word of its own; and notes for editors with these words."""
    framework = framework or Framework.objects.order_by("pk").first()
    criterion = criterion or Criterion.objects.order_by("pk").first()
    article = article or Claim.objects.published().first().citations.first().article
    states: list[dict[str, Any]] = [
        {"status": "draft", "published_at": None},
        {"status": "in-review", "published_at": None},
        {"status": "withdrawn", "published_at": NOON, "withdrawn_at": NOON, "withdrawal_reason": "No."},
    ]
    for word, state in zip(SECRETS, states, strict=True):
        for polarity in ("pro", "con"):
            claim = make_claim(
                framework, criterion, by=(), key=f"{word}-{polarity}", statement=word, polarity=polarity, **state
            )
            make_citation(claim, article, "disputes", says=f"{word} again")
            make_note(claim, f"{word} in a note")
    for record in (article, *Claim.objects.published()[:3]):
        make_note(record, " ".join(SECRETS))


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return response.content.decode()


def keep_decision(query: str = "") -> str:
    """Keep a decision record as a reader would, by default about the first criterion that can be weighed; its key."""
    query = query or f"weigh.{Criterion.objects.published().filter(levels__meaning='yes').order_by('pk')[0].slug}=most"
    response = Client().post("/choose/record/", dict(pair.split("=") for pair in query.split("&")))
    assert response.status_code == 303, response.content
    return response["Location"].strip("/").rpartition("/")[2]


@contextmanager
def kept_by(memory: drawn.Memory[Any]) -> Iterator[list[Any]]:
    """The texts that a memory of what was drawn keeps meanwhile; it begins and ends empty."""
    texts, keep = [], memory.keep

    def noted(key: bytes, text: Any) -> None:
        texts.append(text)
        keep(key, text)

    memory.forget()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(memory, "keep", noted)
        yield texts
    memory.forget()
