"""Begin a knowledge base of another subject: a folder of small, commented files that load as they are."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from django.template import Context, Engine
from django.utils.text import slugify
from django.utils.translation import gettext as _

from .start_tables import as_tables

#: The templates of the files. They end in .txt, since nothing may take them for fixtures.
TEMPLATES = Path(__file__).parent / "start"
#: Columns of the comparison, which has so many at the most.
COLUMNS = 8


class CannotStart(ValueError):
    """Why a folder cannot be written, in a sentence."""


class Text(NamedTuple):
    """A text as it is, and as a value of a YAML file."""

    text: str

    @property
    def yaml(self) -> str:
        """In quotes: JSON is YAML."""
        return json.dumps(self.text, ensure_ascii=False)


@dataclass(frozen=True)
class Plan:
    """What a new knowledge base compares.

    names: what is compared, at least two. as_tables: whether it is written as CSV, for a spreadsheet, where that is
    possible.
    """

    one: str
    several: str
    names: Sequence[str]
    name: str
    title: str
    has_releases: bool = False
    as_tables: bool = False


def write(folder: Path, plan: Plan, today: dt.date) -> list[Path]:
    """Write the files of a new knowledge base; returns their paths in the folder.

    Raises CannotStart, with nothing written, if the folder holds anything, or two names would have one address.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CannotStart(_("%s is there already; nothing was written. Name a new folder, or an empty one.") % folder)
    records = [_record(name, plan) for name in plan.names]
    slugs = [record["slug"] for record in records]
    if len(records) < 2:
        raise CannotStart(_("Name at least two things to compare, with commas between them."))
    if not all(slugs):
        name = plan.names[slugs.index("")]
        raise CannotStart(_("%s: give a name with some Latin letters or digits; its address is made of them.") % name)
    if len({*slugs}) < len(slugs):
        name = next(name for name, slug in zip(plan.names, slugs, strict=True) if slugs.count(slug) > 1)
        raise CannotStart(_("%s: another name has the same address. Leave one out.") % name)
    compared = records[:COLUMNS]
    context = {
        "folder": folder,
        "today": today.isoformat(),
        "one": Text(plan.one),
        "several": Text(plan.several),
        "name": Text(plan.name),
        "title": Text(plan.title),
        "has_releases": "true" if plan.has_releases else "false",
        "records": records,
    }
    pair = {
        "records": compared,
        "pair": "-vs-".join(record["slug"] for record in compared)[:50].strip("-"),
        "pair_title": Text(" vs ".join(record["name"].text for record in compared)[:120]),
    }
    files = {Path("comparisons.yaml"): _filled("comparisons.yaml", {**context, **pair})}
    for name in ("README.md", "subject.yaml"):
        files[Path(name)] = _filled(name, {**context, "as_tables": plan.as_tables})
    content = {Path(name): _filled(name, context) for name in ("frameworks.yaml", "criteria.yaml", "articles.yaml")}
    content |= {Path(f"claims/{one['slug']}.yaml"): _filled("claims.yaml", {"record": one}) for one in records}
    if plan.as_tables:
        content = {Path(name): text for name, text in as_tables(content.values()).items()}
    files |= content
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        # A mark before the text lets Excel see that a table is UTF-8.
        (folder / path).write_text(text, "utf-8-sig" if path.suffix == ".csv" else "utf-8", newline="")
    return sorted(files)


def _record(name: str, plan: Plan) -> dict[str, Any]:
    statement = Text(f"{name} works without a connection.")
    slug = slugify(name)[:50].strip("-")
    # A slug such as 2048 or "no" would not be text in YAML.
    quoted = slug if yaml.safe_load(slug) == slug else Text(slug).yaml
    return {"slug": slug, "slug_yaml": quoted, "name": Text(name), "statement": statement}


def _filled(name: str, context: dict[str, Any]) -> str:
    template = Engine(autoescape=False).from_string((TEMPLATES / f"{name}.txt").read_text("utf-8"))
    return template.render(Context(context, autoescape=False))
