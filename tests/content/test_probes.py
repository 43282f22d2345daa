"""The programs that prove claims, as files of the fixtures; `prove` runs them."""

from __future__ import annotations

import pytest
import yaml

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
