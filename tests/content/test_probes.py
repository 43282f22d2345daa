"""The programs that prove claims, as files of the fixtures; `prove` runs them."""

from __future__ import annotations

import ast

import pytest
import yaml

from comparisons.domain.statements import NOT_COUNTED
from comparisons.proof import probes
from tests.serving import ROOT

pytestmark = pytest.mark.any_database

FIXTURES = ROOT / "fixtures"


def test_every_program_names_a_published_claim_and_the_package_of_its_framework() -> None:
    frameworks = yaml.load((FIXTURES / "frameworks.yaml").read_text("utf-8"), yaml.CSafeLoader)
    packages = {one["fields"]["slug"]: one["fields"].get("package_name", "") for one in frameworks}
    claims = {
        record["fields"]["key"]: record["fields"]
        for path in (FIXTURES / "claims").glob("*.yaml")
        for record in yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
        if record["model"] == "comparisons.claim"
    }
    found = probes.all_in(FIXTURES)
    assert found
    for key, probe in found.items():
        assert claims.get(key, {}).get("status", "published") == "published" and key in claims, key
        package = packages[claims[key]["framework"][0]]
        assert probes.normalized(package) in map(probes.normalized, probe.requires), key
        # One ends well if its claim holds.
        assert claims[key].get("verdict") not in NOT_COUNTED, key


def test_every_program_for_a_criterion_names_it_and_frameworks() -> None:
    known: dict[str, set[str]] = {"framework": set(), "criterion": set()}
    for name in ("frameworks", "criteria"):
        for record in yaml.load((FIXTURES / f"{name}.yaml").read_text("utf-8"), yaml.CSafeLoader):
            known.setdefault(record["model"].partition(".")[2], set()).add(record["fields"].get("slug", ""))
    for slug, probe in probes.for_criteria(FIXTURES).items():
        assert slug in known["criterion"]
        assert {*probe.by_framework, *probe.without} <= known["framework"], slug
        assert not set(probe.by_framework) & set(probe.without), slug


def test_every_program_can_fail() -> None:
    """Each asserts something; to import a package is no proof of what it does."""
    for key, probe in (probes.all_in(FIXTURES) | probes.for_criteria(FIXTURES)).items():
        asserted = [node.test for node in ast.walk(ast.parse(probe.code)) if isinstance(node, ast.Assert)]
        assert [one for one in asserted if not (isinstance(one, ast.Constant) and one.value)], key


def test_no_claim_that_does_not_count_is_proved() -> None:
    runs = yaml.load((FIXTURES / "proofs.yaml").read_text("utf-8"), yaml.CSafeLoader)
    verdicts = {
        record["fields"]["key"]: record["fields"].get("verdict")
        for path in (FIXTURES / "claims").glob("*.yaml")
        for record in yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
        if record["model"] == "comparisons.claim"
    }
    assert [run["fields"]["claim"] for run in runs if verdicts[run["fields"]["claim"][0]] in NOT_COUNTED] == []


def test_most_that_frameworks_can_do_is_proved() -> None:
    """At least 170 capabilities of the three, 300 of the others, and 15 criteria with every framework."""
    claims = {
        record["fields"]["key"]: record["fields"]
        for path in (FIXTURES / "claims").glob("*.yaml")
        for record in yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
        if record["model"] == "comparisons.claim"
    }
    runs = yaml.load((FIXTURES / "proofs.yaml").read_text("utf-8"), yaml.CSafeLoader)
    held = [(run["fields"]["claim"][0], run["fields"]["probe"]) for run in runs if run["fields"]["outcome"] == "holds"]
    proved = {key: claims[key]["framework"][0] for key, _probe in held if claims[key]["kind"] == "capability"}
    of_three = [key for key, framework in proved.items() if framework in ("django", "fastapi", "flask")]
    assert len(of_three) >= 170
    assert len(proved) - len(of_three) >= 300
    frameworks: dict[str, set[str]] = {}
    for key, probe in held:
        if probe.startswith("criteria/"):
            frameworks.setdefault(probe, set()).add(claims[key]["framework"][0])
    assert len([probe for probe, found in frameworks.items() if len(found) == 15]) >= 15
