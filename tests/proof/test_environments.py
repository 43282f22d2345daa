"""Environments made from wheels of this machine."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from comparisons.proof import environments

pytestmark = pytest.mark.any_database


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one package, which is the only index there is."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    info = "tiny-1.2.dist-info"
    with zipfile.ZipFile(folder / "tiny-1.2-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tiny.py", "ANSWER = 42\n")
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.2\n")
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", f"tiny.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(folder))
    return folder


def test_an_environment_is_made_once_and_says_what_it_holds(tmp_path: Path, wheels: Path) -> None:
    made = environments.make(tmp_path / "made", ["tiny==1.2"])
    assert made.versions == {"tiny": "1.2"}
    (wheels / "tiny-1.2-py3-none-any.whl").unlink()
    assert environments.make(tmp_path / "made", ["tiny==1.2"]) == made


def test_what_cannot_be_installed_is_said_and_not_kept(tmp_path: Path, wheels: Path) -> None:
    for _attempt in range(2):
        with pytest.raises(environments.NotInstalled, match="tiny"):
            environments.make(tmp_path / "made", ["tiny==9"])


def test_a_half_made_environment_is_made_anew(tmp_path: Path, wheels: Path) -> None:
    made = environments.make(tmp_path / "made", ["tiny"])
    made.path.with_name(f"{made.path.name}.ready").unlink()
    (made.path / "rest").touch()
    assert not (environments.make(tmp_path / "made", ["tiny"]).path / "rest").exists()


def test_an_environment_has_byte_code_only_if_it_is_asked_for(tmp_path: Path, wheels: Path) -> None:
    plain, compiled = (environments.make(tmp_path / "made", ["tiny"], compiled=one) for one in (False, True))
    assert plain.path != compiled.path
    assert [file.stem.partition(".")[0] for file in compiled.path.rglob("*.pyc")] == ["tiny"]
    assert list(plain.path.rglob("*.pyc")) == []
    assert environments.size(compiled) == environments.size(plain) < environments.size(compiled, compiled=True)


def test_the_size_of_an_environment_is_that_of_its_packages(tmp_path: Path) -> None:
    packages = tmp_path / "lib" / "python3.13" / "site-packages"
    (packages / "tiny" / "__pycache__").mkdir(parents=True)
    for name, size in {"tiny/a.py": 10, "tiny/__pycache__/a.pyc": 100, "_virtualenv.py": 1_000}.items():
        (packages / name).write_bytes(b"x" * size)
    (tmp_path / "pyvenv.cfg").write_bytes(b"x" * 10_000)
    folders = sum(folder.stat().st_size for folder in (packages, packages / "tiny"))
    made = environments.Environment(tmp_path, "3.13.0", {})
    assert environments.size(made) == folders + 10
    cache = (packages / "tiny" / "__pycache__").stat().st_size
    assert environments.size(made, compiled=True) == folders + 10 + cache + 100
