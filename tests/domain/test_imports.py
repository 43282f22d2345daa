"""The domain is plain Python."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import comparisons.domain

FILES = sorted(Path(comparisons.domain.__file__).parent.glob("*.py"))
#: All that the rules may lean on: no Django, no clock, no input or output.
ALLOWED = {
    *("__future__", "collections", "dataclasses", "datetime", "decimal", "enum", "functools", "itertools", "math"),
    # Seeded only: the same question gets the same result.
    *("random", "re", "statistics", "struct", "typing"),
}


def imported(path: Path) -> set[str]:
    """First parts of the absolute names a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add((node.module or "").split(".")[0])
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_domain_imports_nothing_but_these_modules(path):
    assert imported(path) <= ALLOWED


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_domain_imports_nothing_from_the_layers_above_it(path):
    tree = ast.walk(ast.parse(path.read_text("utf-8")))
    assert all(node.level <= 1 for node in tree if isinstance(node, ast.ImportFrom))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_domain_asks_no_clock(path):
    called = {node.attr for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Attribute)}
    assert not called & {"today", "now", "utcnow"}


def test_the_domain_works_without_django_being_loaded():
    code = "import sys, comparisons.domain.matrix; sys.exit(any(m.split('.')[0] == 'django' for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=FILES[0].parents[2]).returncode == 0
