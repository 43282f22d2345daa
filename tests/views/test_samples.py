"""Samples as readers see them: what came of each, side by side, and from and to the claims that they show."""

from __future__ import annotations

import html
import io
import re
import zipfile
from pathlib import Path

import pytest
from django.test import Client

from comparisons.models import Framework
from comparisons.proof import shown_samples
from tests import factories as make
from tests.proof.sample_files import CONTRACT, SERVER, write_result, write_sample, write_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(tmp_path: Path, settings) -> Path:
    """A task in four frameworks, of which one passes, one fails, one was changed and one was never run."""
    settings.FIXTURE_DIRS = [tmp_path]
    settings.DEBUG = True  # samples are read anew
    criterion = make.make_criterion("level", levels=("built-in", "none"))
    for place, slug in enumerate(("one", "two", "three", "four")):
        make.make_claim(
            make.make_framework(slug, name=slug.title(), package_name=slug, order=place),
            criterion,
            level="built-in",
            key=f"{slug}-claim",
            kind="capability",
        )
    make.settle()
    folder = write_task(tmp_path, "task", CONTRACT, dict.fromkeys(("one", "two", "three", "four", "gone"), SERVER))
    write_sample(folder, "one", SERVER, summary="<script>alert(1)</script>")
    write_result(folder, "one", True, True)
    write_result(folder, "two", True, False, came="<i>came</i>")
    write_result(folder, "three", True, True)
    write_sample(folder, "three", SERVER + "# changed </code><script>\n")
    return folder


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    page = re.sub(r"(?s)<(script|svg)\b.*?</\1>", "", response.content.decode())
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))


def test_the_list_tells_what_came_of_each_sample(client: Client, shelf: Path) -> None:
    page = text_of(client, "/samples/")
    assert "Task <task>" in page and "Answer & end." in page
    told = ("2 of 2 , One 12 lines, 2 packages", "Failing, 1 of 2 , Two", "Not run yet , Three", "Four Not run yet")
    assert [words for words in told if words not in page] == []
    assert "Not run yet , Four" in text_of(client, "/samples/?also=four")
    for wrong in ("one", "nothing", "A", "gone"):
        assert client.get(f"/samples/?also={wrong}").status_code == 400


def test_a_task_is_shown_side_by_side_as_the_reader_picks(client: Client, shelf: Path) -> None:
    page = text_of(client, "/samples/task/?framework=two&framework=one")
    raw = client.get("/samples/task/?framework=two&framework=one").content.decode()
    assert re.findall(r'aria-label="Files, (\w+)"', raw) == ["Two", "One"]
    assert "One 2.0" in page, "the version is that of its package"
    for told in ("app.py 12", "<script>alert(1)</script>", "uv run python app.py 8000", "not as agreed <i>came</i>"):
        assert told in page, told
    raw = client.get("/samples/task/?framework=three&framework=two").content.decode()
    assert "<script>alert" not in raw and "</code><script>" not in raw and "<b>printed</b>" not in raw
    assert "not asked" in raw and "All that are shown pass" not in raw
    assert "All that are shown pass all 2 steps" in text_of(client, "/samples/task/?framework=one&framework=")
    assert len(re.findall(r'class="col-[abc]" ', client.get("/samples/task/").content.decode())) == 6
    for wrong in ("framework=gone", "framework=%00", "framework=one&framework=two&framework=three&framework=four"):
        assert client.get(f"/samples/task/?{wrong}").status_code == 400, wrong
    for missing in ("nothing/", "nothing.zip", "task/gone.zip", "task/nothing.zip", "..%2Ftask/"):
        assert client.get(f"/samples/{missing}").status_code == 404, missing


def test_samples_are_taken_away_as_files(client: Client, shelf: Path) -> None:
    one, whole = client.get("/samples/task/one.zip"), client.get("/samples/task.zip")
    assert one.headers["Content-Disposition"] == 'attachment; filename="task-one.zip"'
    names = zipfile.ZipFile(io.BytesIO(one.getvalue())).namelist()
    assert names == ["task-one/app.py", "task-one/requirements.txt", "task-one/sample.toml"]
    archive = zipfile.ZipFile(io.BytesIO(whole.getvalue()))
    assert {"task/contract.py", "task/one/app.py", "task/four/app.py"} < set(archive.namelist())
    assert not [name for name in archive.namelist() if "gone" in name]
    assert archive.read("task/one/app.py").decode() == SERVER


def test_claims_and_samples_lead_to_one_another(client: Client, shelf: Path) -> None:
    """Only where the sample passes as it is."""
    assert '<a href="/samples/task/?framework=one"' in client.get("/claims/one-claim/").content.decode()
    for other in ("two", "three", "four"):
        assert "/samples/task/" not in client.get(f"/claims/{other}-claim/").content.decode(), other
    page = client.get("/samples/task/?framework=one&framework=two").content.decode()
    [link] = re.findall(r'href="(/pros-cons/\?[^"]+)"', page)
    assert link == "/pros-cons/?framework=one&amp;criterion=level&amp;kind=capability"
    assert "one-claim" in client.get(html.unescape(link)).content.decode()


def test_a_knowledge_base_without_samples_does_not_name_them(
    client: Client, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of the folder may be of frameworks that it does not have."""
    places = ("/about/method/", "/llms.txt", "/sitemap-pages.xml", "/search/?q=sample+code")
    assert all("/samples/" in client.get(one).content.decode() for one in places)
    Framework.objects.update(is_draft=True)
    monkeypatch.setattr(shown_samples, "_kept", None)
    assert [one for one in places if "/samples/" in client.get(one).content.decode()] == []
    assert client.get("/samples/").status_code == 404


def test_queries_do_not_grow_with_samples(client: Client, shelf: Path, django_assert_num_queries) -> None:
    for number in range(5):
        write_task(shelf.parent.parent, f"more-{number}", CONTRACT, dict.fromkeys(("one", "two", "four"), SERVER))
    client.get("/samples/")
    for address, queries in (("/samples/", 2), ("/samples/task/", 4), ("/samples/task.zip", 2)):
        with django_assert_num_queries(queries):
            client.get(address)
