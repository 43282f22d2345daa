"""Reading the programs that prove claims."""

from __future__ import annotations

from pathlib import Path

import pytest

from comparisons.proof import probes
from tests.proof.programs import write, write_for_criterion

pytestmark = pytest.mark.any_database


def test_a_probe_is_read_with_what_it_needs(tmp_path: Path) -> None:
    found = probes.read(write(tmp_path, "key", "assert True\n"))
    assert (found.key, found.requires, found.python, found.code) == (
        "key",
        ("one>=2", "other"),
        ">=3.11",
        "assert True\n",
    )


def test_the_package_of_the_framework_has_exactly_one_version(tmp_path: Path) -> None:
    found = probes.read(write(tmp_path, "key", "pass\n"))
    assert found.requirements("One", "2.5") == ("one==2.5", "one>=2", "other")


def test_the_package_of_the_framework_keeps_its_extras(tmp_path: Path) -> None:
    block = '# /// script\n# dependencies = ["one", "one[b,a]>=2"]\n# ///\n'
    found = probes.read(write(tmp_path, "key", "pass\n", block)).requirements("one", "2")
    assert found == ("one[a,b]==2", "one[b,a]>=2")


@pytest.mark.parametrize(
    ("wanted", "python", "runs"),
    [
        ("", "3.11.7", True),
        (">=3.11", "3.11.0", True),
        (">=3.12", "3.11.7", False),
        (">=3.11, <3.14", "3.13.9", True),
        (">=3.11,<3.14", "3.14.0", False),
        (">3.13", "3.13.0", False),
        ("<=3.13", "3.13.1", False),
        ("==3.13", "3.13.0", True),
        ("!=3.13.1", "3.13.1", False),
    ],
)
def test_it_runs_on_the_versions_of_python_that_it_names(tmp_path: Path, wanted: str, python: str, runs: bool) -> None:
    block = f'# /// script\n# requires-python = "{wanted}"\n# dependencies = ["one"]\n# ///\n'
    assert probes.read(write(tmp_path, "key", "pass\n", block)).runs_on(python) is runs


def test_a_range_that_cannot_be_compared_is_refused(tmp_path: Path) -> None:
    block = '# /// script\n# requires-python = "3.13"\n# dependencies = ["one"]\n# ///\n'
    with pytest.raises(probes.InvalidProbe, match="requires-python"):
        probes.read(write(tmp_path, "key", "pass\n", block))


def test_a_program_for_a_criterion_says_what_each_framework_needs(tmp_path: Path) -> None:
    block = (
        '# /// script\n# dependencies = ["shared"]\n# [tool.crosscheck]\n# without = ["two"]\n'
        '# [tool.crosscheck.packages]\n# one = ["addon"]\n# ///\n'
    )
    write_for_criterion(tmp_path, "cors", "pass\n", block)
    before = probes.for_criteria(tmp_path)["cors"]
    assert (before.key, before.is_for_criterion, before.without) == ("criteria/cors", True, ("two",))
    assert before.requirements("one", "2", "one") == ("addon", "one==2", "shared")
    assert before.requirements("three", "2", "three") == ("shared", "three==2")
    (tmp_path / "probes/criteria/_shared.py").write_text("pass\n")
    after = probes.for_criteria(tmp_path)["cors"]
    assert [path.name for path in after.beside] == ["_shared.py"]
    assert after.digest != before.digest
    assert probes.all_in(tmp_path) == {}


def test_no_name_leads_out_of_the_folder(tmp_path: Path) -> None:
    path = write(tmp_path, "key", "pass\n")
    assert probes.named(tmp_path, "key").key == "key"
    (tmp_path / "outside.py").write_bytes(path.read_bytes())
    for name in ("../outside", "criteria/../key", "/key", "", ".key", "key\n", "criteria/", "a/b"):
        with pytest.raises(probes.InvalidProbe, match="names no program"):
            probes.named(tmp_path, name)


@pytest.mark.parametrize(
    ("block", "says"),
    [
        ("", "0 blocks"),
        ("# /// script\n# dependencies = []\n# ///\n\n# /// script\n# dependencies = []\n# ///\n", "2 blocks"),
        ("# /// script\n# dependencies = [\n# ///\n", "not TOML"),
        ('# /// script\n# dependencies = "one"\n# ///\n', "not a list"),
        ("# /// script\n# dependencies = [1]\n# ///\n", "not a list"),
        ('# /// script\n# dependencies = ["one @ https://example.org/one.whl"]\n# ///\n', "by an address"),
        ("# /// script\n# requires-python = 3\n# ///\n", "requires-python"),
    ],
)
def test_a_file_that_is_no_probe_is_named_with_the_reason(tmp_path: Path, block: str, says: str) -> None:
    with pytest.raises(probes.InvalidProbe, match=rf"key\.py.*{says}"):
        probes.read(write(tmp_path, "key", "pass\n", block))


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "key", "pass\n")
    path.write_bytes(b"\xff")
    with pytest.raises(probes.InvalidProbe, match="not UTF-8"):
        probes.read(path)


def test_a_folder_without_probes_has_none(tmp_path: Path) -> None:
    assert probes.all_in(tmp_path) == {}
