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


def test_every_program_can_fail() -> None:
    """Each asserts something; to import a package is no proof of what it does."""
    for key, probe in probes.all_in(FIXTURES).items():
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
