"""Feeds are kept like pages, and answered with 304 by either of the two headers that feed readers send."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from comparisons.history import changes
from comparisons.models import Claim, MeaningChange
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.crossing]

ALL = "/feeds/"


@pytest.fixture
def world() -> Claim:
    claim = make.make_claim(verdict="wrong", verdict_on=make.DAY, verdict_note="No.")
    changes.rebuild()
    return claim


def test_a_feed_is_not_sent_again_while_nothing_changed(
    world: Claim, store: None, django_capture_on_commit_callbacks: Any
) -> None:
    client = Client()
    first = client.get(ALL)
    written = max(MeaningChange.objects.filter(on__isnull=False).values_list("written_at", flat=True))
    assert first["Last-Modified"] == f"{written:%a, %d %b %Y %H:%M:%S} GMT"
    for headers in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        again = client.get(ALL, headers=headers)
        assert (again.status_code, again.content) == (304, b"")
    with django_capture_on_commit_callbacks(execute=True):
        MeaningChange.objects.filter(claim=world).update(after="opinion")
    assert client.get(ALL, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_kept_feed_takes_no_query(world: Claim, store: None, django_assert_num_queries: Any) -> None:
    client = Client()
    assert client.get(ALL).content == client.get(ALL).content
    with django_assert_num_queries(0):
        client.get(ALL)
