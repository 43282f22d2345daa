"""Write the whole knowledge base as fixtures: what `seed` reads, in the form in which the shipped ones are written.

The same content gives the same bytes. Rows stand in the order in which they were made, an article after the one it
follows; loading them in that order gives it again. Left out is what has its default, what is derived, the history,
and the counters of versions.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import DEFAULT_DB_ALIAS, models

from . import fixtures
from .following import batched
from .models import Claim
from .models.base import KEY, Row
from .snapshot import snapshot

#: Rows for each query.
BATCH = 500
#: The file of claims about none in particular.
GENERAL = "general"
#: Fields that are written even if they have their default: readers of a fixture look for them.
ALWAYS = frozenset({"stance", "verdict"})
LEFT_OUT = frozenset({"id", "version"})
#: What the first lines of a file say.
HEADS = {
    "frameworks": "Frameworks, in the order in which lists show them. Natural key: slug.",
    "criteria": "Criterion groups, then criteria, each with its levels from most to least.\n"
    "Natural keys: slug; slug; criterion and slug.",
    "articles": "Articles: everything that was read and is cited. Natural key: slug.\n"
    "precision: year, month or day; published_on is the first day of that period. url_opened: false = never opened.",
    "releases": "Releases and the day they came out. Natural key: framework and version.",
    "claims": "Claims about {name}, each followed by its citations.\n"
    "Natural keys: key; claim, article and locator. A condition that is left out was not stated by the source.",
    "rulings": "Rulings of the editors on cells whose sources conflict. Natural key: framework and criterion.",
    "comparisons": "Curated comparisons: frameworks, criteria and the paragraphs of the verdict in order.\n"
    "Natural keys: slug; comparison and framework; comparison and criterion; comparison and place.",
    "addresses": "Former addresses: slugs that lead to the record they name now. Natural key: kind and former slug.",
}


class NotWritten(Exception):
    """The folder is as it was; the message says why."""


@dataclass
class Report:
    """How many records of each kind were written, to which files."""

    records: Counter[str] = field(default_factory=Counter)
    files: list[str] = field(default_factory=list)


Progress = Callable[[str, int], None]


def export(
    folder: Path,
    *,
    force: bool = False,
    using: str = DEFAULT_DB_ALIAS,
    progress: Progress = lambda name, count: None,
) -> Report:
    """Write all content to a folder as it is at one moment: complete, or not at all.

    force: replace the fixtures that are there; a README.md stays. progress: called after each file with its name and
    the number of its records. Raises NotWritten, or OSError, and leaves the folder as it was.
    """
    folder = folder.absolute()
    kept = _kept(folder, force=force)
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        report = write(new, using=using, progress=progress)
        for path in kept:
            shutil.copy2(path, new / path.name)
        new.chmod(0o777 & ~_umask())
        _put(new, folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return report


def differences(folder: Path, *, using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """The files of a folder that are not what an export would write, or are not there; in order."""
    with tempfile.TemporaryDirectory() as name:
        write(Path(name), using=using)
        fresh, stored = _contents(Path(name)), _contents(folder)
    return sorted(path for path in fresh.keys() | stored.keys() if fresh.get(path) != stored.get(path))


def write(folder: Path, *, using: str = DEFAULT_DB_ALIAS, progress: Progress = lambda name, count: None) -> Report:
    """Write all files into a folder that is empty."""
    report = Report()
    with snapshot(using):
        for name, kinds in fixtures.layout().items():
            for path, head, groups in _files(name, kinds, using):
                _write_file(folder / path, path, head, groups, report, progress)
    return report


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.yaml"))}


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _kept(folder: Path, *, force: bool) -> list[Path]:
    """What stays of a folder that is replaced. Raises NotWritten if it may not be."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise NotWritten(f"{folder} is not a folder.")
    found = sorted(path for path in folder.rglob("*") if not path.is_dir()) if folder.exists() else []
    if not found:
        return []
    if not force:
        raise NotWritten(f"{folder} is not empty. Name another folder, or replace its fixtures with --force.")
    readme = folder / "README.md"
    try:
        ours = {readme, *fixtures.fixture_files(folder)}
    except (FileNotFoundError, fixtures.InvalidFixtures):
        ours = {readme}
    for path in found:
        if path not in ours or path.is_symlink():
            raise NotWritten(f"{folder} holds {path.relative_to(folder)}, which is no fixture; nothing is replaced.")
    return [readme] if readme in found else []


def _put(new: Path, folder: Path) -> None:
    """Let the new folder take the place of the old one by renaming."""
    if not folder.exists():
        new.rename(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
    folder.rename(old)
    try:
        new.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


# What is in each file

Groups = list[tuple[type[models.Model], models.QuerySet, tuple[str, ...]]]


def _files(name: str, kinds: dict[str, tuple[str, ...]], using: str) -> Iterator[tuple[str, str, Groups]]:
    """The files of one kind: path, first lines, and the rows with what stands beneath each."""
    groups: Groups = [
        (model, model._base_manager.using(using).order_by("pk"), beneath)
        for model, beneath in ((apps.get_model("comparisons", kind), beneath) for kind, beneath in kinds.items())
    ]
    if name != "claims":
        models_ = " and ".join(str(model._meta.verbose_name_plural) for model, _rows, _beneath in groups)
        yield f"{name}.yaml", HEADS.get(name, f"{models_.capitalize()}."), groups
        return
    slugs = Claim.objects.using(using).order_by().values_list("framework__slug", flat=True).distinct()
    for slug in sorted({slug or GENERAL for slug in slugs}):
        if not re.search(KEY.regex, slug):
            raise NotWritten(f"The framework “{slug}” cannot name a file; mend its slug first.")
        about = models.Q(framework__slug=slug)
        if slug == GENERAL:
            about |= models.Q(framework=None)
        head = HEADS[name].format(name="no single framework" if slug == GENERAL else slug)
        yield f"{name}/{slug}.yaml", head, [(model, rows.filter(about), beneath) for model, rows, beneath in groups]


def _write_file(path: Path, name: str, head: str, groups: Groups, report: Report, progress: Progress) -> None:
    count = 0
    records = (record for model, rows, beneath in groups for record in _records(model, rows, beneath))
    first = next(records, None)
    if first is None:
        return
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"# {line}\n" for line in head.splitlines())
        for model, text in itertools.chain([first], records):
            file.write(text)
            report.records[model] += 1
            count += 1
        file.flush()
        os.fsync(file.fileno())
    report.files.append(name)
    progress(name, count)


def _records(model: type[models.Model], rows: models.QuerySet, beneath: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The records of a model as (kind, text), each followed by those beneath it; some queries for every batch."""
    below = [apps.get_model("comparisons", kind) for kind in beneath]
    for batch in batched(_in_order(model, rows), BATCH):
        found = dict(_texts(model, model._base_manager.using(rows.db).filter(pk__in=batch)))
        under: dict[Any, list[tuple[str, str]]] = defaultdict(list)
        for child in below:
            (link,) = (f for f in child._meta.concrete_fields if f.related_model is model)
            children = child._base_manager.using(rows.db).filter(**{f"{link.name}__in": batch}).order_by("pk")
            parents = dict(children.values_list("pk", link.attname))
            for pk, text in _texts(child, children):
                under[parents[pk]].append((str(child._meta.model_name), text))
        for pk in batch:
            yield str(model._meta.model_name), found[pk]
            yield from under[pk]


def _in_order(model: type[models.Model], rows: models.QuerySet) -> Iterator[Any]:
    """The keys of rows as they were made, each after the rows of its own kind that it names."""
    own = [f.attname for f in model._meta.concrete_fields if f.related_model is model]
    named = {pk: [key for key in keys if key is not None] for pk, *keys in rows.values_list("pk", *own)}
    done: set[Any] = set()
    for start in named:
        stack = [start]
        while stack:
            first = [key for key in named.get(stack[-1], ()) if key in named and key not in done]
            if first and len(stack) <= len(named):  # a circle, which `check_kb` names, would have no end
                stack.append(first[0])
                continue
            pk = stack.pop()
            if pk not in done:
                done.add(pk)
                yield pk


# How a record is written


class _Keys(list):
    """A natural key: stands in brackets on one line."""


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
        return super().increase_indent(flow, False)


_Dumper.add_representer(_Keys, lambda dumper, key: dumper.represent_sequence("tag:yaml.org,2002:seq", key, True))


def text_of(model: str, values: dict[str, Any]) -> str:
    """A record as a fixture has it."""
    return yaml.dump(
        [{"model": model, "fields": values}], Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110
    )


def _texts(model: type[models.Model], rows: models.QuerySet) -> Iterator[tuple[Any, str]]:
    """Each row with its text; one query, and one for each many-to-many field."""
    linked = [f for f in model._meta.many_to_many if fixtures.is_own(f)]
    plain = [f for f in model._meta.concrete_fields if f.name not in LEFT_OUT]
    own = sorted([*plain, *linked], key=lambda f: f.creation_counter)
    columns = [_key_columns(f) if f.is_relation else [f.name] for f in plain]
    rows = rows.order_by("pk")
    links = {f.name: _links(model, f, rows) for f in linked}
    for pk, *flat in rows.values_list("pk", *(column for names in columns for column in names)):
        parts = iter(flat)
        stored: dict[str, Any] = {}
        for f, names in zip(plain, columns, strict=True):
            key = [next(parts) for _name in names]
            if f.is_relation:
                stored[f.name] = None if key[-1] is None else _Keys(key)
            else:
                stored[f.name] = key[0]
        stored |= {name: found.get(pk, []) for name, found in links.items()}
        yield pk, text_of(model._meta.label_lower, {f.name: _value(stored[f.name]) for f in own if _told(f, stored)})


def _key_columns(target: Any) -> list[str]:
    """The look-ups of the natural key of what a foreign key names."""
    related = target.related_model
    if issubclass(related, Row):
        return [f"{target.name}__{lookup}" for lookup in related.natural_key_fields]
    if related is get_user_model():
        return [f"{target.name}__{related.USERNAME_FIELD}"]
    raise NotWritten(f"{target} names a {related._meta.verbose_name}, which a fixture cannot name.")


def _links(model: type[models.Model], target: Any, rows: models.QuerySet) -> dict[Any, list[_Keys]]:
    """The natural keys that a many-to-many field names, by row, in the order in which they were added."""
    own, other = target.m2m_field_name(), target.m2m_reverse_field_name()
    lookups = [f"{other}__{lookup}" for lookup in target.related_model.natural_key_fields]
    through = target.remote_field.through._base_manager.using(rows.db)
    found: dict[Any, list[_Keys]] = defaultdict(list)
    pairs: Iterable[Any] = through.filter(**{f"{own}__in": list(rows.values_list("pk", flat=True))}).order_by("pk")
    for left, *key in pairs.values_list(f"{own}_id", *lookups):  # type: ignore[attr-defined]
        found[left].append(_Keys(key))
    return found


def _told(target: Any, stored: dict[str, Any]) -> bool:
    """Whether a field is written: it has not its default, or always is."""
    value = stored[target.name]
    if target.many_to_many:
        return bool(value)
    if target.name in ALWAYS:
        return True
    if target.is_relation or (value is None and not target.has_default()):
        return value is not None
    has_default = target.has_default() or target.blank
    return not (has_default and value == target.get_default())


def _value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value
