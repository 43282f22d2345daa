"""Load a folder of fixtures, all or nothing, and say of every error in which file, line, record and field it is.

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
import yaml.composer
import yaml.constructor
import yaml.resolver
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import DatabaseError, DataError, IntegrityError, models, transaction

from . import recording
from .models.base import Row, Versioned, differs

#: Files and folders of a fixture directory in the order in which they load: what each holds, and beneath each record.
FILES: dict[str, dict[str, tuple[str, ...]]] = {
    "frameworks": {"framework": ()},
    "criteria": {"criteriongroup": (), "criterion": ("level",)},
    "articles": {"article": ()},
    "releases": {"release": ()},
    "claims": {"claim": ("citation",)},
    "rulings": {"ruling": ()},
    "comparisons": {"comparison": ("comparisonframework", "comparisoncriterion", "paragraph")},
    "addresses": {"formeraddress": ()},
}
ORDER = tuple(FILES)
#: Limits on what is read.
MAX_BYTES = 20_000_000
MAX_ERRORS = 50
MAX_DEPTH = 8
#: Fields of a row that are the database's business.
NOT_CONTENT = frozenset({"id"})
#: Fields that stay as they are where a record says nothing of them.
KEPT = frozenset({"author", "written_by"})


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
    #: Authors who have no account here, with the number of times they are named; those fields stay empty.
    strangers: Counter[str] = field(default_factory=Counter)


def layout() -> dict[str, dict[str, tuple[str, ...]]]:
    """FILES, and after them a file for each kind of record that has no place there yet, named as the kind."""
    placed = {name for kinds in FILES.values() for kind, beneath in kinds.items() for name in (kind, *beneath)}
    kinds = [str(m._meta.model_name) for m in apps.get_app_config("comparisons").get_models() if issubclass(m, Row)]
    return FILES | {kind: {kind: ()} for kind in kinds if kind not in placed}


def fixture_files(folder: Path) -> list[Path]:
    """The fixture files of a folder in loading order.

    Raises FileNotFoundError if there are none, InvalidFixtures if one has a place in no order.
    """
    files: list[Path] = []
    order = layout()
    for name in order:
        if (folder / f"{name}.yaml").is_file():
            files.append(folder / f"{name}.yaml")
        files.extend(sorted((folder / name).glob("*.yaml")))
    strays = sorted({*folder.rglob("*.yaml"), *folder.rglob("*.yml")} - set(files))
    if strays:
        names = ", ".join(order)
        raise InvalidFixtures(
            [Problem(path.relative_to(folder).as_posix(), 1, "", "", f"fixtures are named {names}") for path in strays]
        )
    if not files:
        raise FileNotFoundError(f"{folder} holds no fixtures; expected files such as {ORDER[0]}.yaml")
    return files


_Base: Any = yaml.SafeLoader
if yaml.__with_libyaml__:
    from yaml._yaml import CParser

    class _Fast(yaml.composer.Composer, CParser, yaml.constructor.SafeConstructor, yaml.resolver.Resolver):
        """PyYAML's safe loader with libyaml as its scanner, which takes a fifth of the time; the rest is Python's."""

        def __init__(self, text: str):
            CParser.__init__(self, text)
            yaml.composer.Composer.__init__(self)
            yaml.constructor.SafeConstructor.__init__(self)
            yaml.resolver.Resolver.__init__(self)

    _Base = _Fast


class _Loader(_Base):
    """Safe YAML without aliases, deep nesting and keys that occur twice; a key is text."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        mark = self.peek_event().start_mark
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.constructor.ConstructorError(None, None, "aliases are not allowed", mark)
        if self.depth > MAX_DEPTH:
            raise yaml.constructor.ConstructorError(None, None, f"nested more than {MAX_DEPTH} levels deep", mark)
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        seen = set()
        for key, _value in node.value:
            if key.tag != "tag:yaml.org,2002:str":
                raise yaml.constructor.ConstructorError(None, None, "a key has to be text", key.start_mark)
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value!r} occurs twice", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)

    def construct_timestamp(self, node: Any) -> Any:
        """A date, or the text as it stands where there is no such day: its field says so."""
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError:
            return node.value


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_timestamp)


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
    folder: Path,
    *,
    using: str = "default",
    progress: Callable[[str, int, int], None] = lambda name, done, total: None,
    add_authors: bool = False,
) -> Report:
    """Load all fixtures of a folder in one transaction.

    progress: called after each file with its name, the number of files done and their total.
    add_authors: give every author without an account one that nobody can log in to; otherwise the field stays empty.
    Raises InvalidFixtures and leaves the database as it was; loading the same files again changes nothing.
    """
    files = fixture_files(folder)
    report = Report()
    with transaction.atomic(using=using):
        job = _Job(using, report, add_authors)
        for done, path in enumerate(files, start=1):
            job.load(path, path.relative_to(folder).as_posix())
            progress(path.relative_to(folder).as_posix(), done, len(files))
        if job.problems:
            raise InvalidFixtures(job.problems)
        job.write_history()
    return report


class _Job:
    """One run over all files; remembers every row it saw by its natural key."""

    def __init__(self, using: str, report: Report, add_authors: bool):
        self.using, self.report, self.add_authors = using, report, add_authors
        self.accounts: dict[str, Any] = {}
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
        content = path.read_bytes()
        try:
            loader = _Loader(content.decode("utf-8"))
            root = loader.get_single_node()
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise InvalidFixtures([Problem(name, line, "", "", f"the file is not UTF-8: {error.reason}")]) from error
        except yaml.reader.ReaderError as error:
            line = content.decode("utf-8").count("\n", 0, error.position) + 1
            message = f"the character #x{error.character:02x} is not allowed"
            raise InvalidFixtures([Problem(name, line, "", "", message)]) from error
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
            refuse("a record has a “model” and “fields”, and nothing else")
            return None
        try:
            model = apps.get_model(str(data.get("model")))
        except (LookupError, ValueError):
            refuse(f"there is no model {data.get('model')!r}")
            return None
        if not issubclass(model, Row):
            refuse(f"{data['model']} is not part of the content")
            return None
        record = _Record(name, line, model, data["fields"])
        key = [record.values.get(lookup.split("__")[0]) for lookup in model.natural_key_fields]
        flat = [str(part) for item in key for part in (item if isinstance(item, list) else [item])]
        record.label = f"{model._meta.model_name} “{' / '.join(flat)}”"
        return record

    def store(self, record: _Record) -> None:
        """Write one record unless it is there already, exactly so."""
        model = record.model
        values, many = self.values(record)
        row: Any = model(**values)
        key = row.natural_key()
        if (model, key) in self.seen:
            raise _Invalid("", f"this record is there twice, see {self.seen[model, key]}")
        self.seen[model, key] = f"{record.file}, line {record.line}"
        for relation in (f for f in model._meta.concrete_fields if f.is_relation and not f.null):
            if getattr(row, relation.attname) is None:
                raise _Invalid(relation.name, "name one")
        row.clean_fields(exclude=[f.name for f in model._meta.concrete_fields if f.is_relation])
        row.clean()
        old = self.rows(model).get(key)
        if old is not None:
            row.pk, row._state.adding = old.pk, False
            row.version = getattr(old, "version", 1)
            for target in model._meta.concrete_fields:
                said = target.name in record.values and target.name not in row.machine_fields
                if target.name in row.machine_fields | KEPT and not said:
                    setattr(row, target.attname, getattr(old, target.attname))
        row._state.db = self.using
        row.skip_history_when_saving = True
        changed = old is None or differs(row, old)
        if changed:
            self.write(row, record)
        if self.relate(row, many, is_new=old is None) and not changed:
            changed = True
            if isinstance(row, Versioned):
                row.version += 1
                models.QuerySet.update(model._base_manager.using(self.using).filter(pk=row.pk), version=row.version)
        self.rows(model)[key] = row
        counter = self.report.created if old is None else self.report.updated if changed else self.report.unchanged
        counter[model._meta.model_name or ""] += 1
        if changed:
            self.written[model]["+" if old is None else "~"].append(row)

    def write(self, row: models.Model, record: _Record) -> None:
        try:
            row.save_base(using=self.using, raw=True)
        except (IntegrityError, DataError) as error:
            raise InvalidFixtures([*self.problems, _broken_rule(record, error)]) from error

    def relate(self, row: models.Model, many: dict[str, list[models.Model]], *, is_new: bool) -> bool:
        """Bring many-to-many fields up to date; whether any of them changed."""
        changed = False
        for name, targets in many.items():
            manager = getattr(row, name)
            stored = set() if is_new else set(manager.values_list("pk", flat=True))
            wanted = {target.pk: None for target in targets}
            if stored != wanted.keys():
                if stored - wanted.keys():
                    manager.remove(*(stored - wanted.keys()))
                self.link(row, name, [pk for pk in wanted if pk not in stored])
                changed = True
        return changed

    def link(self, row: models.Model, name: str, targets: list[Any]) -> None:
        """Add links in the order of the file, which an export then finds again; `add` has an order of its own."""
        target = row._meta.get_field(name)
        own, other = target.m2m_column_name(), target.m2m_reverse_name()  # type: ignore[union-attr]
        through: Any = target.remote_field.through  # type: ignore[union-attr]
        through.objects.using(self.using).bulk_create([through(**{own: row.pk, other: pk}) for pk in targets])

    def values(self, record: _Record) -> tuple[dict[str, Any], dict[str, list[models.Model]]]:
        """The fields of a record with references resolved; fields left out keep their default."""
        values: dict[str, Any] = {}
        many: dict[str, list[models.Model]] = {f.name: [] for f in record.model._meta.many_to_many if is_own(f)}
        own = {f.name: f for f in record.model._meta.concrete_fields if f.name not in NOT_CONTENT}
        for name, value in record.values.items():
            if name not in own and name not in many:
                near = get_close_matches(name, [*own, *many], 1)
                hint = f"; did you mean “{near[0]}”?" if near else ""
                raise _Invalid(name, f"there is no such field{hint}")
            target = record.model._meta.get_field(name)
            if name in many:
                if not isinstance(value, list):
                    raise _Invalid(name, "expected a list of natural keys")
                many[name] = [self.target(target, item) for item in value]
            elif target.is_relation and target.related_model is get_user_model():
                values[name] = None if value is None else self.account(target, value)
            elif target.is_relation:
                values[name] = None if value is None else self.target(target, value)
            else:
                values[name] = _plain(target, value)
        return values, many

    def target(self, target: Any, key: Any) -> models.Model:
        """The row a natural key names."""
        model = target.related_model
        if not issubclass(model, Row):
            raise _Invalid(target.name, f"a fixture names no {model._meta.verbose_name}")
        if not isinstance(key, list):
            raise _Invalid(target.name, f"{key!r} is not a natural key; write it in brackets, as [{key}]")
        for part in key:
            if not isinstance(part, str):
                raise _Invalid(target.name, f"YAML read {part!r} here, not text; put it in quotes")
        if len(key) != len(model.natural_key_fields):
            raise _Invalid(target.name, f"a natural key here has {len(model.natural_key_fields)} parts, not {len(key)}")
        rows = self.rows(model)
        if tuple(key) not in rows:
            last = str(key[-1])
            near = get_close_matches(last, [str(k[-1]) for k in rows if k[:-1] == tuple(key[:-1])], 1)
            hint = f"; did you mean “{near[0]}”?" if near else ""
            raise _Invalid(target.name, f"there is no {model._meta.verbose_name} “{' / '.join(map(str, key))}”{hint}")
        return rows[tuple(key)]

    def account(self, target: Any, key: Any) -> Any:
        """The account of an author. People are no content: one who has no account here is left out, and told."""
        if not (isinstance(key, list) and len(key) == 1 and isinstance(key[0], str)):
            raise _Invalid(target.name, f"{key!r} is no author; write the name of an account in brackets")
        users, (name,) = get_user_model(), key
        if name not in self.accounts:
            found = users._default_manager.using(self.using).filter(**{users.USERNAME_FIELD: name}).first()
            if found is None and self.add_authors:
                found = users(**{users.USERNAME_FIELD: name}, is_active=False)
                found.set_unusable_password()
                found.clean_fields()
                found.save(using=self.using)
            self.accounts[name] = found
        if self.accounts[name] is None:
            self.report.strangers[name] += 1
        return self.accounts[name]

    def rows(self, model: type[Any]) -> dict[tuple[Any, ...], models.Model]:
        """All rows of a model by natural key, read once."""
        if model not in self.known:
            paths = [lookup.rsplit("__", 1)[0] for lookup in model.natural_key_fields if "__" in lookup]
            rows = model._base_manager.using(self.using).all()
            if paths:  # without names, select_related joins every table there is
                rows = rows.select_related(*paths)
            self.known[model] = {row.natural_key(): row for row in rows.iterator(chunk_size=2000)}
        return self.known[model]

    def write_history(self) -> None:
        """One entry in the history for each row that was written, and for each that came without, as by `loaddata`."""
        now = dt.datetime.now(dt.UTC)
        for model, rows_by_key in self.known.items():
            if not hasattr(model, "history"):
                continue
            kinds = self.written[model]
            entered = {row.pk for row in kinds["+"]}
            entered.update(model.history.using(self.using).filter(history_type="+").values_list("id", flat=True))
            kinds["+"].extend(row for row in rows_by_key.values() if row.pk not in entered)
            for kind, rows in kinds.items():
                for row in rows:
                    row._history_date = getattr(row, "published_at", None) if kind == "+" else now
                    row._history_date = row._history_date or now
                recording.record(model, rows, created=kind == "+", using=self.using)


def is_own(field_: Any) -> bool:
    """Whether a many-to-many field is written with its row, not through a model of its own."""
    return field_.remote_field.through._meta.auto_created


def _plain(target: Any, value: Any) -> Any:
    """A plain value as the field takes it; what YAML misread is refused rather than guessed."""
    if isinstance(target, (models.CharField, models.TextField)) and not isinstance(value, str):
        raise _Invalid(target.name, f"YAML read this as {value!r}, not as text; put it in quotes")
    if isinstance(target, models.BooleanField) and not isinstance(value, bool):
        raise _Invalid(target.name, f"YAML read this as {value!r}; write true or false")
    if isinstance(target, (models.DecimalField, models.IntegerField)) and isinstance(value, bool):
        raise _Invalid(target.name, f"YAML read this as {value!r}, not as a number")
    if isinstance(target, models.IntegerField) and isinstance(value, float):
        raise _Invalid(target.name, f"{value!r} is not a whole number")
    if isinstance(target, models.DecimalField) and isinstance(value, float):
        value = str(value)
    if isinstance(target, models.DateTimeField) and isinstance(value, dt.datetime) and value.tzinfo is None:
        return value.replace(tzinfo=dt.UTC)
    try:
        return target.to_python(value)
    except ValidationError as error:
        raise _Invalid(target.name, " ".join(error.messages)) from error
    except (TypeError, ValueError, ArithmeticError):
        raise _Invalid(target.name, f"YAML read this as {value!r}, which does not fit; put it in quotes") from None


def _yaml_problem(name: str, error: Exception, line: int = 1) -> Problem:
    mark = getattr(error, "problem_mark", None)
    return Problem(name, mark.line + 1 if mark else line, "", "", getattr(error, "problem", None) or str(error))


def _broken_rule(record: _Record, error: DatabaseError) -> Problem:
    """Name the constraint that refused a row, and the fields it speaks of."""
    text = str(error)
    meta: Any = record.model._meta
    for constraint in meta.constraints:
        fields = list(getattr(constraint, "fields", ()))
        columns = ", ".join(f"{meta.db_table}.{meta.get_field(name).column}" for name in fields)
        if constraint.name in text or (columns and columns in text):
            fields = fields or sorted(constraint.condition.referenced_base_fields)
            return record.problem(", ".join(fields), f"breaks the rule {constraint.name}")
    for target in meta.concrete_fields:
        if target.unique and (f"{meta.db_table}.{target.column}" in text or f"Key ({target.column})=" in text):
            return record.problem(target.name, "another record has this value, and it has to be unique")
    return record.problem("", text)
