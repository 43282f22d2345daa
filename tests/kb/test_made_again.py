"""Pages that are made again, of what is remembered and of parts that were drawn before: they are as if made anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from comparisons.filters import Option
from comparisons.history.diff import Revision
from comparisons.models import Claim, drawn, remembered, stamps
from comparisons.pros_cons.choices import FoundClaims
from tests import factories as make
from tests.evidence.writes import ALL
from tests.kb.asking import memory_as_it_is, without_store
from tests.kb.test_store import MORE, PATHS
from tests.views.test_frozen import WRITES
from tests.worlds import World, make_page, make_world

#: Pages whose parts are remembered by themselves, beside one of each kind.
REMEMBERED = (
    *PATHS,
    *(
        "/comparisons/",
        "/compare/",
        "/frameworks/",
        "/search/",
        "/articles/",
        "/claims/claim/@1",
        "/sitemap.xml",
        "/sitemap-pages.xml",
        "/sitemap-cells.xml",
    ),
)


@pytest.fixture
def world(store: None, settings: Any, committing: Any) -> World:
    """A world with a comparison, whose pages are made at every request."""
    settings.KEEP_PAGES = False
    with committing():
        world = make_world()
        make_page(world)
    return world


@pytest.fixture
def committing(django_capture_on_commit_callbacks: Any) -> Any:
    """A block whose callbacks of a commit are called at its end, once."""

    @contextmanager
    def block() -> Iterator[None]:
        with django_capture_on_commit_callbacks(execute=True):
            yield
        connection.run_on_commit = []

    return block


@pytest.mark.django_db
def test_after_any_write_each_page_is_what_one_without_memory_would_be(
    world: World, committing: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page after a quarter of the writes; the edits of the world stay as recent as they are.

    Before the first writes all is remembered as it was without them; before the others as those before them left it,
    which have been taken back.
    """
    monkeypatch.setattr(Revision, "is_over", lambda *_: False)
    client, plain = Client(), without_store()
    for path in REMEMBERED:
        client.get(path)
    remember = memory_as_it_is()
    writes = (WRITES | ALL | MORE).items()
    for number, (name, write) in enumerate(writes):
        if name in ("a framework without claims is deleted", "the comparison is deleted"):
            continue
        paths = REMEMBERED[number % 4 :: 4]
        if number < len(writes) / 2:
            remember()  # what the write has to end
        with transaction.atomic():
            fresh = World(*(type(row)._base_manager.get(pk=row.pk) for row in world))
            with committing():
                write(fresh)
            shown = [(path, client.get(path)) for path in paths]
            for path, response in shown:
                assert response.content == plain.get(path).content, f"{path} after: {name}"
            transaction.set_rollback(True)
        stamps.forget()
        stamps.current()


@pytest.mark.django_db
def test_a_write_to_other_rows_lets_a_page_be_what_it_was_without_building_it(
    world: World, committing: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    for _ in range(2):
        before = client.get("/comparisons/it/").content
    built: list[str] = []
    monkeypatch.setattr(drawn.Memory, "keep", lambda _memory, _key, text: built.append(text))
    with committing():
        make.make_claim(framework=make.make_framework("third"), criterion=world.text)
    assert client.get("/comparisons/it/").content == before
    assert built == []


@pytest.mark.django_db
def test_a_claim_that_is_edited_is_shown_as_it_is_now(world: World, committing: Any) -> None:
    client = Client()
    for _ in range(2):
        client.get("/comparisons/it/")
    claim = Claim.objects.get(pk=world.claim.pk)
    claim.statement = "As it reads since."
    with committing():
        claim.save()
    assert "As it reads since." in client.get("/comparisons/it/").content.decode()
    remembered.forget()


@pytest.mark.django_db
def test_the_options_of_pros_and_cons_are_counted_once_for_all_pages_of_a_list(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted, options = [], FoundClaims.options

    def counting(found: FoundClaims, name: str, *arguments: Any, **named: Any) -> list[Option]:
        counted.append(name)
        return options(found, name, *arguments, **named)

    monkeypatch.setattr(FoundClaims, "options", counting)
    client = Client()
    for more in ("", "&sort=newest", "&view=list", "&sort=framework&after=claim"):
        assert client.get(f"/pros-cons/?polarity=neutral{more}").status_code == 200
    assert len(counted) == len(set(counted)) > 0
    client.get("/pros-cons/?polarity=pro")
    assert len(counted) == 2 * len(set(counted))
