"""New releases, as an index of packages tells of them: a page in its form, and no request to anybody."""

from __future__ import annotations

import datetime as dt
import json
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from comparisons.domain.vocabulary import LinkTrouble
from comparisons.links import package_index
from comparisons.links.addresses import FetchError
from comparisons.links.fetching import Response
from comparisons.links.package_index import IndexRelease, NoAnswer
from comparisons.models import Framework, Release
from comparisons.proof import proving, releases
from tests import factories as make
from tests.proof.programs import probe

PAGE = Path(__file__).with_name("index_page.json").read_bytes()
INDEX = "https://index.example/simple/"


class Recorded:
    """A fetcher that gives one answer, and notes what it was asked."""

    def __init__(self, body: bytes = PAGE, status: int = 200, kind: str = package_index.JSON):
        self.body, self.status, self.headers = body, status, Message()
        self.headers["Content-Type"], self.headers["ETag"] = kind, '"first"'
        self.asked: list[tuple[str, dict[str, str]]] = []

    def fetch(self, _method: str, url: str, headers: dict[str, str], _most: int) -> Response:
        self.asked.append((url, headers))
        if self.status == 0:
            raise FetchError(LinkTrouble.TIMEOUT)
        status = 304 if "If-None-Match" in headers else self.status
        return Response(status, self.headers, self.body, False, "", url)


@pytest.fixture
def one(db: None) -> Framework:
    return make.make_framework("one", package_name="One")


def test_a_page_of_the_index_is_read_as_final_releases() -> None:
    assert package_index.read(json.loads(PAGE)) == [
        IndexRelease("1.0", dt.date(2020, 5, 1), size=900),
        IndexRelease("2.0", dt.date(2026, 1, 1), ">=3.10", size=500),
        IndexRelease("2.1", dt.date(2026, 1, 31), ">=3.11", size=810),
        IndexRelease("2.1.1", dt.date(2026, 2, 3), is_yanked=True, size=800),
    ]


def test_what_is_newer_than_all_on_record_is_added_as_found_by_a_machine(one: Framework) -> None:
    make.make_release(one, "2.0", dt.date(2026, 1, 1), note="Ours.")
    came = releases.store(one, package_index.read(json.loads(PAGE)))
    assert (came.added, came.changed) == (["2.1"], [])
    rows = Release.objects.order_by("pk").values_list("version_number", "requires_python", "size", "by_machine", "note")
    assert list(rows) == [("2.0", ">=3.10", 500, False, "Ours."), ("2.1", ">=3.11", 810, True, "")]
    assert releases.store(one, package_index.read(json.loads(PAGE))).added == []


def test_of_a_framework_without_releases_the_newest_is_added(one: Framework) -> None:
    assert releases.store(one, package_index.read(json.loads(PAGE))).added == ["2.1"]


def test_programs_run_with_the_new_release_until_it_is_taken_back(one: Framework, tmp_path: Path) -> None:
    make.make_claim(one, make.make_criterion("level", levels=("yes", "no")), level="yes", key="claim")
    make.make_release(one, "2.0", dt.date(2026, 1, 1))
    programs = {"claim": probe(tmp_path, "claim", "pass\n")}
    found = package_index.read(json.loads(PAGE))
    releases.store(one, found)
    assert [job.version for job in proving.jobs(programs, newest=True)] == ["2.1"]
    taken_back = [IndexRelease(r.version, r.released_on, is_yanked=r.version != "2.0") for r in found]
    assert releases.store(one, taken_back).changed == ["2.1"]
    assert [job.version for job in proving.jobs(programs, newest=True)] == ["2.0"]


def test_an_index_is_asked_politely_and_only_for_what_has_changed(one: Framework, tmp_path: Path) -> None:
    fetcher, now = Recorded(), timezone.now()
    for _time in range(2):
        assert len(list(releases.watch([one], fetcher, INDEX, tmp_path, now))) == 1  # type: ignore[arg-type]
    assert [url for url, _headers in fetcher.asked] == ["https://index.example/simple/one/"] * 2
    assert fetcher.asked[0][1] == {"Accept": package_index.JSON}
    assert fetcher.asked[1][1]["If-None-Match"] == '"first"'
    day = dt.timedelta(hours=20)
    assert releases.due(tmp_path, now, day) == []
    assert releases.due(tmp_path, now, day, ["one"]) == [one] == releases.due(tmp_path, now + 2 * day, day)
    (tmp_path / "one.json").write_text("[broken")
    assert releases.due(tmp_path, now, day) == [one]


@pytest.mark.parametrize("lost", ["2.1", "yanked"])
def test_what_an_older_database_lacks_is_read_again(one: Framework, tmp_path: Path, lost: str) -> None:
    make.make_release(one, "2.0", dt.date(2026, 1, 1))
    make.make_release(one, "2.1.1", dt.date(2026, 1, 2))
    fetcher, now = Recorded(), timezone.now()

    def watched() -> list[str]:
        [came] = releases.watch([one], fetcher, INDEX, tmp_path, now)  # type: ignore[arg-type]
        return came.added + came.changed

    def is_known() -> bool:
        return Release.objects.filter(version_number="2.1").exists() and Release.objects.get(is_yanked=True) is not None

    assert watched() == ["2.1", "2.1.1"] and watched() == [] and is_known()
    if lost == "yanked":
        Release.objects.filter(is_yanked=True).update(is_yanked=False)
    else:
        Release.objects.filter(version_number=lost).delete()
    assert watched() == ["2.1" if lost == "2.1" else "2.1.1"] and is_known()


def test_one_package_that_cannot_be_read_does_not_stop_the_others(one: Framework, tmp_path: Path) -> None:
    other = make.make_framework("other", package_name="other")
    deep = b'{"meta": {"api-version": "1.0"}, "files": ' + b"[" * 100_000
    for wrong, says in (
        (Recorded(status=404), "answers 404"),
        (Recorded(status=0), "too slow"),
        (Recorded(kind="text/html"), "not answer in JSON"),
        (Recorded(PAGE[:400]), "something else"),
        (Recorded(b"[]"), "something else"),
        (Recorded(deep), "something else"),
        (Recorded(b'{"meta": {"api-version": "2.0"}, "files": []}'), "not understood"),
        (Recorded(b'{"meta": {"api-version": "1.0"}, "files": [{"filename": "one-1.0.zip", "upload-time": "x"}]}'), ""),
    ):
        found = list(releases.watch([one, other], wrong, INDEX, tmp_path, timezone.now()))  # type: ignore[arg-type]
        assert all(came.trouble and says in came.trouble.lower().replace("json", "JSON") for came in found), found
        assert len(found) == 2
    assert not Release.objects.exists() and not list(tmp_path.iterdir())


def test_the_index_is_the_one_that_pip_is_configured_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", INDEX)
    assert package_index.configured() == INDEX
    monkeypatch.setattr(package_index.sys, "executable", "/bin/false")
    with pytest.raises(NoAnswer, match="--index"):
        package_index.configured()


@pytest.mark.parametrize(
    "index", ["ftp://x", "index.example", "http://", "http://[::1", "http://index.example:99999/", "//x"]
)
@pytest.mark.parametrize("is_dry", [True, False])
def test_an_address_that_is_none_of_an_index_is_refused_before_anything_is_listed(
    one: Framework, index: str, is_dry: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandError, match="is no address of an index"):
        call_command("watch_releases", index=index, is_dry=is_dry)
    assert capsys.readouterr().out == ""


def test_a_password_in_the_address_of_an_index_is_not_told() -> None:
    with pytest.raises(NoAnswer, match=r"//…@index\.example/simple/” .* no user") as told:
        package_index.fetcher("https://me:secret@index.example/simple/")
    assert "secret" not in str(told.value)


def test_the_command_tells_what_is_new(
    one: Framework, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DATA_DIR = tmp_path
    fetcher = Recorded()
    monkeypatch.setattr(package_index, "fetcher", lambda index: fetcher)
    call_command("watch_releases", is_dry=True)
    call_command("watch_releases", index=INDEX)
    call_command("watch_releases", index=INDEX)
    said = capsys.readouterr().out
    assert said.splitlines() == [
        "one  One",
        "  one: new: 2.1",
        "1 packages were read; 1 releases are new.",
        "0 packages were read; 0 releases are new.",
    ]
    fetcher.status = 500
    (tmp_path / "releases/one.json").unlink()
    with pytest.raises(CommandError, match="1 packages could not be read"):
        call_command("watch_releases", index=INDEX)
    with pytest.raises(CommandError, match="no framework none"):
        call_command("watch_releases", framework=["none"])
