"""The rooms of `comparisons/` and their order: imports point downwards, never in a circle, and every file has a room.

docs/architecture.md says what each room is for.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import ROOT

pytestmark = pytest.mark.any_database

#: The floors from the top down. A room imports from itself and from the floors below it, never from its neighbours.
FLOORS: list[set[str]] = [
    {"kb"},
    {"comparisons.apps"},
    {"comparisons.urls", "comparisons.admin", "comparisons.management", "comparisons.templatetags"},
    {"comparisons.feeds", "comparisons.api"},
    {"comparisons.views"},
    {"comparisons.exchange", "comparisons.proof"},
    {"comparisons.editing", "comparisons.maintenance"},
    {"comparisons.history", "comparisons.pros_cons"},
    {"comparisons.evidence", "comparisons.links", "comparisons.search"},
    {"comparisons.filters"},
    {"comparisons.models"},
    {"comparisons.language"},
    {"comparisons.domain"},
]
#: Folders of tests that mirror no room: they look at the project as a whole.
WHOLE = {"big", "bench", "browser", "content", "domains", "certificates", "kb", "kill"}
#: Most lines of a file that people write; data, migrations and vendored files aside.
MOST_LINES = 350


def name_of(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def code() -> dict[str, Path]:
    """Every module of the project by its name, migrations aside."""
    files = [*(ROOT / "kb").rglob("*.py"), *(ROOT / "comparisons").rglob("*.py")]
    return {name_of(file): file for file in files if "migrations" not in file.parts}


def room_of(module: str) -> str | None:
    """The room a module stands in; None for the package itself and for what is not ours."""
    return next((room for floor in FLOORS for room in floor if f"{module}.".startswith(f"{room}.")), None)


def imports_of(module: str, file: Path, known: dict[str, Path]) -> Iterator[str]:
    """The modules of the project that a module imports, inside its functions too."""
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            for alias in node.names:
                target = f"{base}.{alias.name}"
                if target in known:
                    yield target
                elif base in known:
                    yield base


@pytest.fixture(scope="module")
def graph() -> dict[str, set[str]]:
    known = code()
    return {module: set(imports_of(module, file, known)) - {module} for module, file in known.items()}


def test_every_file_stands_in_a_room() -> None:
    outside = {module for module in code() if room_of(module) is None} - {"comparisons"}
    assert outside == set(), "each module belongs to a room of FLOORS"


def test_imports_point_downwards(graph: dict[str, set[str]]) -> None:
    floor_of = {room: place for place, floor in enumerate(FLOORS) for room in floor}
    wrong = []
    for module, targets in sorted(graph.items()):
        for target in sorted(targets):
            own, other = room_of(module), room_of(target)
            if own and other and own != other and floor_of[other] <= floor_of[own]:
                wrong.append(f"{module} imports {target}")
    assert wrong == [], "a room imports only from the floors below it"


def test_no_imports_run_in_a_circle(graph: dict[str, set[str]]) -> None:
    circles, done = [], set()

    def walk(module: str, path: tuple[str, ...]) -> None:
        if module in path:
            circles.append(" → ".join([*path[path.index(module) :], module]))
        elif module not in done:
            for target in sorted(graph[module]):
                walk(target, (*path, module))
            done.add(module)

    for module in sorted(graph):
        walk(module, ())
    assert circles == [], "no module imports itself through others, inside functions neither"


def test_one_class_name_has_one_meaning() -> None:
    found: dict[str, list[str]] = {}
    for module, file in code().items():
        for node in ast.parse(file.read_text("utf-8")).body:
            # Django's names of every command, and of what every database backend has.
            if isinstance(node, ast.ClassDef) and node.name not in ("Command", "DatabaseWrapper"):
                found.setdefault(node.name, []).append(module)
    shared = {name: modules for name, modules in found.items() if len(modules) > 1}
    assert shared == {}, "a class has a name of its own in the whole project"


def test_tests_mirror_the_rooms() -> None:
    rooms = {room.removeprefix("comparisons.") for floor in FLOORS for room in floor}
    folders = {folder.name for folder in (ROOT / "tests").iterdir() if folder.is_dir() and folder.name[0] not in "._"}
    assert folders - WHOLE <= rooms, "a folder of tests is called like the room it tests"


def test_no_file_is_too_long_to_be_read_at_once() -> None:
    written = [
        *(file for folder in ("kb", "comparisons", "tests") for file in (ROOT / folder).rglob("*.py")),
        *(ROOT / "static").rglob("*.css"),
        *(ROOT / "static").rglob("*.js"),
        *(ROOT / "templates").rglob("*.*"),
    ]
    long = {
        str(file.relative_to(ROOT)): lines
        for file in written
        if not {"migrations", "vendor"} & set(file.parts)
        and (lines := len(file.read_text("utf-8").splitlines())) > MOST_LINES
    }
    assert long == {}, f"a file of more than {MOST_LINES} lines wants to be several"
