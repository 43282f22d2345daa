"""The API as programs meet it: asked by its own description, at a cost that does not grow, and open to every site."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pydantic import BaseModel

from comparisons.api.operations import MODELS, ProblemOut
from comparisons.api.resources import RESOURCES, Resource
from comparisons.models import Claim, Criterion, Framework
from comparisons.search import index
from tests.conftest import made_once
from tests.factories import make_article, make_claim, make_criterion, make_framework, settle
from tests.views.reading import HOSTILE, SECRETS, hide_claims, make_world

pytestmark = pytest.mark.django_db

HERE = "/api/v1/"
LISTS = [one.path for one in RESOURCES]


@made_once
def world() -> None:
    make_world(2)
    hide_claims()
    draft = make_framework("quagga", name="Quagga", is_draft=True)
    make_claim(draft, Criterion.objects.first(), key="of-quagga", statement="Of a quagga.")
    make_claim(Framework.objects.first(), make_criterion("dodo", is_draft=True), key="of-dodo")
    settle()
    index.rebuild()


def ask(path: str, **options: Any) -> Any:
    """The status and the content of an answer."""
    response = Client().get(HERE + path, **options)
    return response.status_code, json.loads(response.content)


def described() -> dict[str, Any]:
    found: dict[str, Any] = ask("openapi.json")[1]
    return found


@pytest.mark.parametrize("path", LISTS)
def test_a_list_holds_what_readers_see_and_what_its_description_says(world: None, path: str) -> None:
    status, found = ask(path)
    assert status == 200
    model: type[BaseModel] = MODELS[next(one.kind.name for one in RESOURCES if one.path == path)]
    for record in found["items"]:
        assert set(record) == set(model.model_fields)
        model.model_validate(record, strict=True)
    text = json.dumps(found)
    assert not [word for word in (*SECRETS, "quagga", "dodo") if word in text]


def test_lists_hold_all_records_and_records_are_found_by_their_keys(world: None) -> None:
    keys = [record["key"] for record in ask("claims")[1]["items"]]
    assert sorted(keys) == sorted(Claim.objects.published().values_list("key", flat=True))
    for key in keys:
        assert ask(f"claims/{key}")[1]["key"] == key
    assert ask("cells/fw0/crit0")[1]["agreement"] == "disputed"
    assert {(one["framework"], one["criterion"]) for one in ask("disagreements")[1]["items"]} >= {("fw0", "crit0")}


@pytest.mark.parametrize("path", ["claims/of-quagga", "frameworks/quagga", "criteria/dodo", "claims/zebrafish-pro",
                                  "cells/quagga/crit0", "nothing", "cells/fw0/nothing"])  # fmt: skip
def test_what_is_not_published_is_not_found(world: None, path: str) -> None:
    response = Client().get(HERE + path)
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    ProblemOut.model_validate_json(response.content)


def test_pages_follow_one_another_without_a_gap(world: None) -> None:
    whole = [record["key"] for record in ask("claims")[1]["items"]]
    seen, path = [], "claims?limit=3&fields=key"
    while path:
        response = Client().get(HERE + path)
        found = json.loads(response.content)
        assert all(list(record) == ["key"] for record in found["items"])
        seen += [record["key"] for record in found["items"]]
        assert (f'<{found["next"]}>; rel="next"' == response.get("Link")) == bool(found["next"])
        path = found["next"].partition(HERE)[2] if found["next"] else ""
    assert seen == whole


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("claims?framework=fw0&polarity=pro&criterion=crit0", ["fw0-crit0-pro"]),
        ("claims?framework=fw0&framework=fw1&polarity=con&criterion=crit1", ["fw0-crit1-con", "fw1-crit1-con"]),
        ("cells?framework=fw1&criterion=crit0", [None]),
        ("citations?claim=fw0-crit0-pro", [None]),
    ],
)
def test_lists_are_narrowed_by_the_filters_of_the_site(world: None, path: str, names: list[str | None]) -> None:
    assert [record.get("key") for record in ask(path)[1]["items"]] == names


def test_every_described_parameter_refuses_what_it_cannot_use_and_names_it(world: None) -> None:
    refused = 0
    for path, operations in described()["paths"].items():
        for parameter in operations["get"]["parameters"]:
            if parameter["in"] == "path" or parameter["name"] in ("q", "exact"):
                continue
            response = Client().get(path.format(key="fw0", framework="fw0", criterion="crit0"), {
                parameter["name"]: "no such thing"
            })  # fmt: skip
            if response.status_code == 404:
                continue  # no record of that name; its parameters are refused as those of the list
            problem = ProblemOut.model_validate_json(response.content)
            assert response.status_code == 400, (path, parameter)
            assert [one["parameter"] for one in problem.errors or ()] == [parameter["name"]]
            refused += 1
    assert refused > 40


def test_every_described_word_and_number_is_taken(world: None) -> None:
    taken = 0
    for path, operations in described()["paths"].items():
        for parameter in operations["get"]["parameters"]:
            schema = parameter["schema"]
            words = schema.get("enum") or schema.get("items", {}).get("enum") or []
            values = [*words, *(schema[end] for end in ("minimum", "maximum") if end in schema)]
            for value in values if "{" not in path else []:
                response = Client().get(path, {parameter["name"]: value})
                assert response.status_code == 200, (path, parameter["name"], value)
                taken += 1
    assert taken > 60


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_are_refused_as_problems(world: None, value: str) -> None:
    for path in ("claims?framework=", "claims?after=", "levels?fields=", "frameworks?limit=", "frameworks/"):
        response = Client().get(f"{HERE}{path}{value}")
        assert response.status_code in (400, 404), path
        assert response["Content-Type"] == "application/problem+json"


def test_an_unknown_record_in_a_filter_is_refused(world: None) -> None:
    status, problem = ask("claims?framework=quagga&framework=fw0")
    assert status == 400
    assert [(one["parameter"], one["value"]) for one in problem["errors"]] == [("framework", "quagga")]


def test_a_list_takes_as_many_queries_for_many_records_as_for_few(world: None) -> None:
    def counts() -> dict[str, int]:
        found = {}
        for path in (*LISTS, "search?q=framework"):
            ask(path)
            with CaptureQueriesContext(connection) as queries:
                ask(path)
            found[path] = len(queries)
        return found

    settle()
    few = counts()
    for number in range(15):
        framework = make_framework(f"more{number}", order=60 + number)
        make_claim(framework, make_criterion(f"more{number}"), key=f"more{number}", by=(make_article(),))
    settle()
    assert counts() == few
    assert max(few.values()) <= 12


def test_search_ignores_parameters_of_the_page_that_it_does_not_have(world: None) -> None:
    found = ask("search?q=framework")
    for other in ("page=x", "page=2", "strength=x", "verdict=x", "framework=Not a slug", "format=x"):
        assert ask(f"search?q=framework&{other}") == found


def test_a_record_ignores_parameters_of_lists(world: None) -> None:
    slug = Framework.objects.published().values_list("slug", flat=True)[0]
    found = ask(f"frameworks/{slug}")
    assert found[0] == 200
    for other in ("after=x", "limit=0", "q=a"):
        assert ask(f"frameworks/{slug}?{other}") == found
    assert ask(f"frameworks/{slug}?fields=x")[0] == 400


def test_search_finds_records_of_every_kind(world: None) -> None:
    found = ask("search?q=framework")[1]
    assert found["total"] == len(found["items"]) > 0
    assert {one["kind"] for one in found["items"]} >= {"frameworks"}
    assert all(one["address"].startswith("https://crosscheck.example/") for one in found["items"])


def test_other_sites_may_ask_and_nobody_may_write(world: None) -> None:
    client = Client()
    for path in ("claims", "claims/nothing", "claims?limit=x", "openapi.json", "search?q=a"):
        assert client.get(HERE + path)["Access-Control-Allow-Origin"] == "*", path
    preflight = client.options(HERE + "claims")
    assert (preflight.status_code, preflight["Access-Control-Allow-Methods"]) == (204, "GET, HEAD")
    for method in ("post", "put", "patch", "delete"):
        refused = getattr(client, method)(HERE + "claims")
        assert (refused.status_code, refused["Content-Type"]) == (405, "application/problem+json")


def test_every_error_is_a_problem_whoever_refuses(world: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(raise_request_exception=False)
    with monkeypatch.context() as broken:
        broken.setattr(Resource, "page", lambda *_given: 1 / 0)
        failed = client.get(HERE + "claims")
    found = {
        500: failed,
        414: client.get(HERE + "claims?q=" + "a" * 9_000),
        400: client.get(HERE + "claims?framework=%00"),
        413: client.post(HERE + "claims", CONTENT_LENGTH="99999999999", content_type="text/plain"),
        404: client.get("/api/v2/claims"),
    }
    settings.PAGES_PER_MINUTE = 1
    many = Client()  # reads the settings anew
    found[429] = [many.get(HERE + f"levels?limit={number}") for number in (1, 2, 3)][-1]
    for status, response in found.items():
        assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
        assert ProblemOut.model_validate_json(response.content).status == status
    assert int(found[429]["Retry-After"]) > 0


def test_what_has_not_changed_is_answered_with_304(world: None) -> None:
    first = Client().get(HERE + "claims")
    again = Client().get(HERE + "claims", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    Claim.objects.filter(key="fw0-crit0-pro").update(statement="Other.")
    assert Client().get(HERE + "claims", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_the_documentation_is_a_page_of_the_site_that_names_every_resource(world: None) -> None:
    response = Client().get(HERE + "docs")
    page = response.content.decode()
    assert all(f'id="{path}"' in page for path in LISTS)
    assert "default-src 'none'" in response["Content-Security-Policy"]
