"""What the repository as a whole keeps to: no markup by hand, nothing of the machine it was written on."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import ROOT

pytestmark = pytest.mark.any_database


def tracked(*patterns: str) -> list[Path]:
    """Files under version control, or about to be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *patterns]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def imports(file: Path) -> Iterator[str]:
    """The modules a file imports, by their full names; what is imported from a package counts as a module too."""
    package = list(file.relative_to(ROOT).with_suffix("").parts[:-1])
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join([*package[: len(package) - node.level + 1], *filter(None, [node.module])])
            start = base if node.level else node.module or ""
            yield from (f"{start}.{alias.name}" for alias in node.names)


def modules() -> list[Path]:
    return [file for file in tracked("kb/*.py", "comparisons/*.py") if "migrations" not in file.parts]


def test_domain_knows_neither_django_nor_other_packages() -> None:
    allowed = {"__future__", "collections", "dataclasses", "datetime", "decimal", "enum", "re", "statistics", "typing"}
    found = {
        f"{file.name}: {target}"
        for file in tracked("comparisons/domain/*.py")
        for target in imports(file)
        if target.split(".")[0] not in allowed | {"itertools", "functools", "math", "operator", "random", "struct"}
        and not target.startswith("comparisons.domain")
    }
    assert found == set()


def test_markup_is_trusted_in_one_place() -> None:
    trusting = re.compile(r"\bmark_safe\b|\bSafeString\(|\bSafeText\b|\|\s*safe\b|\bautoescape off\b|\bsafeseq\b")
    found = {
        str(file.relative_to(ROOT))
        for file in [*modules(), *tracked("templates/*")]
        if file.suffix in (".py", ".html", ".svg", ".txt", ".xml") and trusting.search(file.read_text())
    }
    assert found <= {"comparisons/language/markdown.py"}


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("style attribute", r"<[^>]*\sstyle\s*="),
        ("event handler", r"<[^>]*\son[a-z]+\s*="),
        ("style element", r"<style\b"),
        ("script with code", r"<script\b(?![^>]*\bsrc=)(?![^>]*type=\"application/(?:ld\+)?json\")"),
        ("address of a script", r"javascript:"),
        ("file of another host", r"<(?:script|link|img|iframe|source)\b[^>]*(?:src|href)=\"(?:https?:)?//"),
    ],
)
def test_templates_hold_nothing_inline(what: str, pattern: str) -> None:
    found = [
        f"{file.relative_to(ROOT)}: {match[0]}"
        for file in tracked("templates/*", "*/templates/*")
        for match in re.finditer(pattern, file.read_text(), re.IGNORECASE)
    ]
    assert found == [], what


def test_nothing_of_a_machine_or_a_registry_is_in_the_repository() -> None:
    """Names are put together here so that this file does not hold them."""
    dot = "."
    hosts = [
        dot.join(parts)
        for parts in (
            ("pypi", "org"),
            ("files", "pythonhosted", "org"),
            ("registry", "npmjs", "org"),
            ("registry", "yarnpkg", "com"),
            ("deb", "debian", "org"),
            ("archive", "ubuntu", "com"),
            ("proxy", "golang", "org"),
            ("static", "crates", "io"),
        )
    ]
    paths = ["/" + "work/", "/" + "tmp/w/", "/" + "root/", "." + "pyenv/", "/" + "home/", str(ROOT) + "/"]
    found = [
        f"{file.relative_to(ROOT)}: {name}"
        for file in tracked()
        for name in [*hosts, *paths]
        if name.encode() in file.read_bytes()
    ]
    assert found == []


def test_repository_holds_what_belongs_there_and_nothing_else() -> None:
    names = {str(file.relative_to(ROOT)) for file in tracked()}
    expected = {"README.md", "LICENSE", "LICENSE-CONTENT", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"}
    expected |= {".env.example", "docs/architecture.md", "docs/evidence.md", *LOCKS}
    assert expected <= names
    assert not {name for name in names if name.endswith(("uv" + ".lock", ".sqlite3", ".pyc", ".env"))}


def locked(name: str) -> dict[str, set[str]]:
    """The versions of each package in a lock; a package has several where Pythons need different ones."""
    found: dict[str, set[str]] = {}
    for package, version in re.findall(r"^([a-z0-9._-]+)(?:\[.*\])?==(\S+)", (ROOT / name).read_text(), re.MULTILINE):
        found.setdefault(package, set()).add(version)
    return found


LOCKS = {
    "requirements/run.lock": ["serve", "cards", "xlsx"],
    "requirements/dev.lock": ["serve", "cards", "xlsx", "dev"],
}


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_holds_every_dependency_with_hashes_and_no_index(lock: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *(line for extra in LOCKS[lock] for line in extras[extra])]
    names = {re.split(r"[\[><=;~! ]", line)[0].lower().replace("_", "-") for line in wanted}
    text = (ROOT / lock).read_text()
    assert names <= locked(lock).keys(), "run `make lock`"
    assert re.findall(r"^[^ #].*(?<!\\)$", text, re.MULTILINE) == [], "a package without hashes; run `make lock`"
    assert "index-url" not in text and "://" not in text


def test_tests_run_on_the_versions_that_are_served() -> None:
    served, tested = (locked(lock) for lock in LOCKS)
    assert {name: tested.get(name) for name in served} == served, "run `make lock`"


def test_locks_hold_a_supported_django_for_each_python() -> None:
    for lock in LOCKS:
        assert {version.rsplit(".", 1)[0] for version in locked(lock)["django"]} == {"5.2", "6.1"}


def test_every_local_link_of_the_documents_resolves() -> None:
    broken = [
        f"{file.relative_to(ROOT)}: {link}"
        for file in tracked("*.md")
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", file.read_text())
        if not (file.parent / link).exists()
    ]
    assert broken == []


def test_every_path_of_the_documents_exists() -> None:
    roots = ("comparisons", "kb", "tests", "templates", "static", "fixtures", "docs")
    missing = [
        f"{file.relative_to(ROOT)}: {path}"
        for file in tracked("*.md")
        if file.name != "CHANGELOG.md"
        for path in re.findall(rf"`((?:{'|'.join(roots)})/[\w./-]*)`", file.read_text())
        if not (ROOT / path).exists()
    ]
    assert missing == []


def test_what_the_makefile_runs_as_a_program_imports_nothing_by_a_relative_name() -> None:
    programs = set(re.findall(r"tests/[\w/]+\.py", (ROOT / "Makefile").read_text()))
    assert "tests/bench/run.py" in programs
    found = {
        f"{name}:{node.lineno}"
        for name in programs
        for node in ast.walk(ast.parse((ROOT / name).read_text()))
        if isinstance(node, ast.ImportFrom) and node.level
    }
    assert found == set()
