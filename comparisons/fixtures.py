"""Load a folder of fixtures, all or nothing, and say of every error in which file, record and field it is.

The format is Django's own YAML fixture format with natural keys, so `loaddata` reads the same files. This loader
adds what a curator needs: every error at once, with line and key; rows that did not change are not written;
each row that did gets its entry in the history.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import IntegrityError, models, transaction

from .models.base import Row

#: Files and folders of a fixture directory in the order in which they load.
ORDER = ("frameworks", "criteria", "articles", "releases", "claims", "rulings", "comparisons")
#: Limits on what is read.
MAX_BYTES = 20_000_000
MAX_ERRORS = 50


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a fixture."""

    file: str
    line: int
    record: str
    field: str
    message: str

    def __str__(self) -> str:
        place = " ".join(part for part in (self.record, f"field “{self.field}”" if self.field else "") if part)
        return f"{self.file}, line {self.line}: {place + ': ' if place else ''}{self.message}"


class InvalidFixtures(Exception):
    """Nothing was loaded. `problems` names every error that was found, up to a limit."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


@dataclass
class Report:
    """How many records were created, updated and left as they were."""

    created: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)


def fixture_files(folder: Path) -> list[Path]:
    """The fixture files of a folder in loading order. Raises FileNotFoundError if there are none."""
    files: list[Path] = []
    for name in ORDER:
        if (folder / f"{name}.yaml").is_file():
            files.append(folder / f"{name}.yaml")
        files.extend(sorted((folder / name).glob("*.yaml")))
    if not files:
        raise FileNotFoundError(f"{folder} holds no fixtures; expected files such as {ORDER[0]}.yaml")
    return files


class _Loader(yaml.SafeLoader):
    """Safe YAML without aliases and without keys that occur twice."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.constructor.ConstructorError(None, None, "aliases are not allowed", self.peek_event().start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        seen = set()
        for key, _value in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value!r} occurs twice", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


@dataclass
class _Record:
    file: str
    line: int
    model: type[Row]
    values: dict[str, Any]
    label: str = ""

    def problem(self, field_name: str, message: Any) -> Problem:
        return Problem(self.file, self.line, self.label, field_name, str(message))


class _Invalid(Exception):
    def __init__(self, field_name: str, message: Any):
        self.field_name, self.message = field_name, message


def load(
    folder: Path, *, using: str = "default", progress: Callable[[str, int, int], None] = lambda name, done, total: None
) -> Report:
    """Load all fixtures of a folder in one transaction.

    progress: called after each file with its name, the number of files done and their total.
    Raises InvalidFixtures and leaves the database as it was; loading the same files again changes nothing.
    """
    files = fixture_files(folder)
    report = Report()
    with transaction.atomic(using=using):
        job = _Job(using, report)
        for done, path in enumerate(files, start=1):
            job.load(path, path.relative_to(folder).as_posix())
            progress(path.relative_to(folder).as_posix(), done, len(files))
        if job.problems:
            raise InvalidFixtures(job.problems)
        job.write_history()
    return report


class _Job:
    """One run over all files; remembers every row it saw by its natural key."""

    def __init__(self, using: str, report: Report):
        self.using, self.report = using, report
        self.problems: list[Problem] = []
        self.known: dict[type[models.Model], dict[tuple[Any, ...], models.Model]] = {}
        self.seen: dict[tuple[type[models.Model], tuple[Any, ...]], str] = {}
        self.written: dict[type[models.Model], dict[str, list[Any]]] = defaultdict(lambda: {"+": [], "~": []})

    def load(self, path: Path, name: str) -> None:
        for record in self.parse(path, name):
            if len(self.problems) >= MAX_ERRORS:
                raise InvalidFixtures(self.problems)
            try:
                self.store(record)
            except _Invalid as error:
                self.problems.append(record.problem(error.field_name, error.message))
            except ValidationError as error:
                by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
                self.problems.extend(
                    record.problem("" if name == "__all__" else name, message)
                    for name, messages in by_field.items()
                    for message in messages
                )

    def parse(self, path: Path, name: str) -> Iterator[_Record]:
        """The records of a file; a file that cannot be read stops the run."""
        if path.stat().st_size > MAX_BYTES:
            raise InvalidFixtures([Problem(name, 1, "", "", f"the file is larger than {MAX_BYTES} bytes")])
        try:
            loader = _Loader(path.read_text("utf-8"))
            root = loader.get_single_node()
        except UnicodeDecodeError as error:
            raise InvalidFixtures([Problem(name, 1, "", "", f"the file is not UTF-8: {error.reason}")]) from error
        except yaml.YAMLError as error:
            raise InvalidFixtures([_yaml_problem(name, error)]) from error
        if root is None:
            return
        if not isinstance(root, yaml.SequenceNode):
            raise InvalidFixtures([Problem(name, 1, "", "", "expected a list of records")])
        for node in root.value:
            line = node.start_mark.line + 1
            try:
                data = loader.construct_document(node)
            except (yaml.YAMLError, ValueError) as error:
                self.problems.append(_yaml_problem(name, error, line))
                continue
            record = self.record(name, line, data)
            if record:
                yield record

    def record(self, name: str, line: int, data: Any) -> _Record | None:
        def refuse(message: str) -> None:
            self.problems.append(Problem(name, line, "", "", message))

        if not isinstance(data, dict) or set(data) - {"model", "fields"} or not isinstance(data.get("fields"), dict):
            return refuse("a record has a “model” and “fields”, and nothing else")
        try:
            model = apps.get_model(str(data.get("model")))
        except (LookupError, ValueError):
            return refuse(f"there is no model {data.get('model')!r}")
        if not issubclass(model, Row):
            return refuse(f"{data['model']} is not part of the content")
        record = _Record(name, line, model, data["fields"])
        key = [record.values.get(lookup.split("__")[0]) for lookup in model.natural_key_fields]
        flat = [str(part) for item in key for part in (item if isinstance(item, list) else [item])]
        record.label = f"{model._meta.model_name} “{' / '.join(flat)}”"
        return record

    def store(self, record: _Record) -> None:
        """Write one record unless it is there already, exactly so."""
        model = record.model
        values, many = self.values(record)
        row = model(**values)
        key = row.natural_key()
        if (model, key) in self.seen:
            raise _Invalid("", f"this record is there twice, see {self.seen[model, key]}")
        self.seen[model, key] = f"{record.file}, line {record.line}"
        row.clean_fields(exclude=[f.name for f in model._meta.concrete_fields if f.is_relation])
        row.clean()
        old = self.rows(model).get(key)
        changed = old is None
        if old is not None:
            row.pk = old.pk
            row._state.adding = False
            changed = any(
                f.to_python(getattr(old, f.attname)) != f.to_python(getattr(row, f.attname))
                for f in model._meta.concrete_fields
                if f.name != "version"
            )
            if hasattr(old, "version"):
                row.version = old.version + changed
        if changed:
            self.write(row, record)
        row._state.db = self.using
        row.skip_history_when_saving = True
        for name, targets in many.items():
            manager = getattr(row, name)
            wanted = {target.pk for target in targets}
            if wanted != (set() if old is None else set(manager.values_list("pk", flat=True))):
                manager.set(targets)
                changed = True
        self.rows(model)[key] = row
        counter = self.report.created if old is None else self.report.updated if changed else self.report.unchanged
        counter[model._meta.model_name or ""] += 1
        if changed:
            self.written[model]["+" if old is None else "~"].append(row)

    def write(self, row: models.Model, record: _Record) -> None:
        try:
            row.save_base(using=self.using, raw=True)
        except IntegrityError as error:
            raise InvalidFixtures([*self.problems, _broken_rule(record, error)]) from error

    def values(self, record: _Record) -> tuple[dict[str, Any], dict[str, list[models.Model]]]:
        """The fields of a record with references resolved; fields left out keep their default."""
        values: dict[str, Any] = {}
        many: dict[str, list[models.Model]] = {f.name: [] for f in record.model._meta.many_to_many if _is_own(f)}
        for name, value in record.values.items():
            try:
                target = record.model._meta.get_field(name)
            except FieldDoesNotExist:
                near = get_close_matches(name, [f.name for f in record.model._meta.get_fields()], 1)
                hint = f"; did you mean “{near[0]}”?" if near else ""
                raise _Invalid(name, f"there is no such field{hint}") from None
            if name in many:
                if not isinstance(value, list):
                    raise _Invalid(name, "expected a list of natural keys")
                many[name] = [self.target(target, item) for item in value]
            elif target.is_relation:
                values[name] = None if value is None else self.target(target, value)
            else:
                values[name] = _plain(target, value)
        return values, many

    def target(self, target: Any, key: Any) -> models.Model:
        """The row a natural key names."""
        model = target.related_model
        if not isinstance(key, list) or not issubclass(model, Row):
            raise _Invalid(target.name, f"{key!r} is not a natural key; write it in brackets, as [{key}]")
        if len(key) != len(model.natural_key_fields):
            raise _Invalid(target.name, f"a natural key here has {len(model.natural_key_fields)} parts, not {len(key)}")
        rows = self.rows(model)
        if tuple(key) not in rows:
            last = str(key[-1])
            near = get_close_matches(last, [str(k[-1]) for k in rows if k[:-1] == tuple(key[:-1])], 1)
            hint = f"; did you mean “{near[0]}”?" if near else ""
            raise _Invalid(target.name, f"there is no {model._meta.verbose_name} “{' / '.join(map(str, key))}”{hint}")
        return rows[tuple(key)]

    def rows(self, model: type[Any]) -> dict[tuple[Any, ...], models.Model]:
        """All rows of a model by natural key, read once."""
        if model not in self.known:
            paths = [lookup.rsplit("__", 1)[0] for lookup in model.natural_key_fields if "__" in lookup]
            rows = model._base_manager.using(self.using).select_related(*paths)
            self.known[model] = {row.natural_key(): row for row in rows.iterator(chunk_size=2000)}
        return self.known[model]

    def write_history(self) -> None:
        """One entry in the history for each row that was written."""
        now = dt.datetime.now(dt.UTC)
        for model, kinds in self.written.items():
            if not hasattr(model, "history"):
                continue
            for kind, rows in kinds.items():
                for row in rows:
                    row._history_date = getattr(row, "published_at", None) if kind == "+" else now
                    row._history_date = row._history_date or now
                entries = model.history.bulk_history_create(rows, batch_size=500, update=kind == "~")
                _write_m2m_history(model, rows, entries, self.using)


def _write_m2m_history(model: Any, rows: list[Any], entries: list[Any], using: str) -> None:
    for name in (f.name for f in model.history.model._history_m2m_fields):
        through = model._meta.get_field(name).remote_field.through
        own, other = model._meta.get_field(name).m2m_column_name(), model._meta.get_field(name).m2m_reverse_name()
        entry_of = {row.pk: entry for row, entry in zip(rows, entries, strict=True)}
        log = getattr(model.history.model, name).model
        pairs = through.objects.using(using).all()
        log.objects.using(using).bulk_create(
            [
                log(id=pk, history=entry_of[left], **{own: left, other: right})
                for pk, left, right in pairs.values_list("pk", own, other)
                if left in entry_of
            ],
            batch_size=500,
        )


def _is_own(field_: Any) -> bool:
    """Whether a many-to-many field is written with its row, not through a model of its own."""
    return field_.remote_field.through._meta.auto_created


def _plain(target: Any, value: Any) -> Any:
    """A plain value as the field takes it; what YAML misread is refused rather than guessed."""
    if isinstance(target, (models.CharField, models.TextField)) and not isinstance(value, str):
        raise _Invalid(target.name, f"YAML read this as {value!r}, not as text; put it in quotes")
    if isinstance(target, models.DateTimeField) and isinstance(value, dt.datetime) and value.tzinfo is None:
        return value.replace(tzinfo=dt.UTC)
    if isinstance(target, (models.DecimalField, models.IntegerField)) and isinstance(value, bool):
        raise _Invalid(target.name, f"YAML read this as {value!r}, not as a number")
    try:
        return target.to_python(value)
    except ValidationError as error:
        raise _Invalid(target.name, " ".join(error.messages)) from error


def _yaml_problem(name: str, error: Exception, line: int = 1) -> Problem:
    mark = getattr(error, "problem_mark", None)
    return Problem(name, mark.line + 1 if mark else line, "", "", getattr(error, "problem", None) or str(error))


def _broken_rule(record: _Record, error: IntegrityError) -> Problem:
    """Name the constraint that refused a row, and the fields it speaks of."""
    text = str(error)
    for constraint in record.model._meta.constraints:
        columns = f"{record.model._meta.db_table}.{getattr(constraint, 'fields', ('?',))[0]}"
        if constraint.name in text or columns in text:
            fields = sorted(getattr(constraint, "fields", ()) or constraint.condition.referenced_base_fields)
            return record.problem(", ".join(fields), f"breaks the rule {constraint.name}")
    return record.problem("", text)
