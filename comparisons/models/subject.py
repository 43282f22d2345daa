"""What this knowledge base compares: one record, with its title, its nouns, its licences and its editors."""

from __future__ import annotations

import hashlib
import re
import threading
import time
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import DEFAULT_DB_ALIAS, DatabaseError, models, transaction
from django.db.models import Q
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from comparisons.domain.statements import METHOD_NEEDS
from comparisons.language.called import CONDITIONS, FACTS, SITE_NAME
from comparisons.language.nouns import WRITTEN, Nouns, word_in_addresses

from .base import Versioned, WebAddress, bulk_write, filled, is_web_address, web_address
from .history import HistoryEntry

#: The primary key of the one record.
ONLY = 1
#: The types of schema.org (https://schema.org/Thing) that what is compared may have, as programs that read a page know
#: them; the first is for software of any kind.
SCHEMA_TYPES = {
    "SoftwareApplication": _("Software"),
    "WebApplication": _("Software in the browser"),
    "MobileApplication": _("Software for phones"),
    "VideoGame": _("Video game"),
    "SoftwareSourceCode": _("Source code"),
    "ComputerLanguage": _("Programming language"),
    "WebSite": _("Website"),
    "Product": _("Product"),
    "Vehicle": _("Vehicle"),
    "Service": _("Service"),
    "Course": _("Course"),
    "Book": _("Book"),
    "CreativeWork": _("Work of another kind"),
    "Organization": _("Organisation"),
    "Place": _("Place"),
    "Thing": _("Anything else"),
}
#: Facts that a subject without releases has only if it calls them otherwise.
_OF_RELEASES = ("first_release", "package_name")
#: The fields of a benchmark that stand for conditions of a figure.
_OF_BENCHMARK = {"payload": "work", "concurrency": "load"}
#: Seconds for which a process goes on using the record that it read; its own writes are seen at once.
KEPT_FOR = 1
#: Seconds for which it is not asked for again when the database did not answer. Each attempt may take three of them,
#: and the page that says so needs the record many times.
AWAY = 10


def validate_contact(value: str) -> None:
    """Accept an http or https address, or an address for letters."""
    if is_web_address(value):
        return
    try:
        validate_email(value)
    except ValidationError:
        raise ValidationError(_("Give a web address, or an e-mail address.")) from None


#: What no noun may hold: the texts that it stands in take figures and names by these characters.
_NOT_IN_NOUNS = re.compile(r"[%{}\r\n]")


def validate_noun(value: str) -> None:
    """Refuse characters by which texts take figures and names."""
    if found := _NOT_IN_NOUNS.search(value):
        raise ValidationError(_("A noun cannot hold “%(character)s”."), params={"character": found[0]})


def _called(text: str) -> Any:
    return models.CharField(_(text), max_length=40, blank=True, default=text)


class Subject(Versioned):
    """What is compared here, in whose words, and under which licences. There is at most one record.

    Everything is optional but the name and the two nouns: without a record the site uses its neutral defaults.
    """

    natural_key_fields = ("id",)

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    name = models.CharField(_("name of the site"), max_length=40, default=SITE_NAME)
    title = models.CharField(_("title"), max_length=120, blank=True, default="")
    lead = models.CharField(_("lead"), max_length=400, blank=True, default="")
    noun = models.CharField(_("noun"), max_length=40, default=WRITTEN.one, validators=[validate_noun])
    noun_plural = models.CharField(
        _("noun in the plural"), max_length=40, default=WRITTEN.several, validators=[validate_noun]
    )
    has_releases = models.BooleanField(
        _("comes out in versions"),
        default=True,
        help_text=_("Untick it if what is compared has none: no page and no form speaks of them then."),
    )
    schema_type = models.CharField(
        _("type for programs"), max_length=30, choices=list(SCHEMA_TYPES.items()), default=next(iter(SCHEMA_TYPES))
    )
    introduction = models.TextField(_("introduction"), blank=True, default="")
    editors = models.TextField(_("about the editors"), blank=True, default="")
    text_licence = models.CharField(_("licence of the texts"), max_length=60, blank=True, default="CC BY 4.0")
    text_licence_url = WebAddress(
        _("address of the licence of the texts"), default="https://creativecommons.org/licenses/by/4.0/"
    )
    code_licence = models.CharField(_("licence of the code"), max_length=60, blank=True, default="MIT")
    code_licence_url = WebAddress(_("address of the licence of the code"))
    contact = models.CharField(_("contact"), max_length=200, blank=True, default="", validators=[validate_contact])
    fact_kind = _called(FACTS["kind"])
    fact_first_release = _called(FACTS["first_release"])
    fact_license = _called(FACTS["license"])
    fact_package_name = _called(FACTS["package_name"])
    fact_homepage = _called(FACTS["homepage"])
    fact_documentation = _called(FACTS["documentation"])
    fact_repository = _called(FACTS["repository"])
    condition_hardware = _called(CONDITIONS["hardware"])
    condition_server = _called(CONDITIONS["server"])
    condition_workers = _called(CONDITIONS["workers"])
    condition_versions = _called(CONDITIONS["versions"])
    condition_payload = _called(CONDITIONS["payload"])
    condition_concurrency = _called(CONDITIONS["concurrency"])
    condition_date = _called(CONDITIONS["date"])
    history = HistoricalRecords(bases=[HistoryEntry])

    class Meta:
        verbose_name = _("subject")
        verbose_name_plural = _("subject")
        constraints = [
            models.CheckConstraint(condition=Q(id=ONLY), name="subject_only_once"),
            filled("name", "subject_has_name"),
            filled("noun", "subject_has_noun"),
            filled("noun_plural", "subject_has_plural"),
            models.CheckConstraint(condition=Q(schema_type__in=[*SCHEMA_TYPES]), name="subject_schema_type_known"),
            web_address("text_licence_url", "subject_text_licence_is_web_address"),
            web_address("code_licence_url", "subject_code_licence_is_web_address"),
        ]

    def __str__(self) -> str:
        return self.title or self.name

    @cached_property
    def nouns(self) -> Nouns:
        one, several = (_NOT_IN_NOUNS.sub(" ", noun) for noun in (self.noun, self.noun_plural))
        return Nouns(one, several, self.has_releases)

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """The facts that a profile shows, in order. Those of releases are not among them if there are none."""
        return tuple(
            name
            for name, text in FACTS.items()
            if (called := getattr(self, f"fact_{name}"))
            and (self.has_releases or name not in _OF_RELEASES or called != text)
        )

    @cached_property
    def conditions(self) -> tuple[str, ...]:
        """The conditions that figures have, in order."""
        return tuple(name for name in CONDITIONS if getattr(self, f"condition_{name}"))

    @cached_property
    def method_needs(self) -> tuple[str, ...]:
        """The conditions without which a figure has no stated method; without any, each has one."""
        return tuple(name for name in METHOD_NEEDS if name in self.conditions)

    @cached_property
    def names(self) -> dict[str, str]:
        """What is called otherwise than elsewhere, by its field: facts, conditions and the site."""
        usual = {"name": SITE_NAME} | {f"fact_{name}": text for name, text in FACTS.items()}
        usual |= {f"condition_{name}": text for name, text in CONDITIONS.items()}
        return {field: name for field, text in usual.items() if (name := getattr(self, field)) not in ("", text)}

    @cached_property
    def unused(self) -> dict[str, frozenset[str]]:
        """The fields for which it has no use, by the name of their model. Forms and lists leave them out."""
        conditions = CONDITIONS.keys() - {*self.conditions}
        versions = () if self.has_releases else ("since_version", "until_version")
        return {
            "framework": frozenset(FACTS.keys() - {*self.facts}),
            "criterion": frozenset(() if self.has_releases else ("changes_with_releases",)),
            "cell": frozenset(() if self.has_releases else ("release_on", "release_version", "latest_on")),
            "claim": frozenset({*conditions, *versions}),
            "benchmark": frozenset(_OF_BENCHMARK.get(name, name) for name in conditions),
        }

    @cached_property
    def digest(self) -> bytes:
        """What tells this state of it from every other: a digest of all that it says."""
        said = repr([getattr(self, one.attname) for one in self._meta.concrete_fields])
        return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=16).digest()

    @cached_property
    def former_words(self) -> frozenset[str]:
        """The words that stood in addresses before, by its history; at most one query for each instance."""
        if self._state.adding:
            return frozenset()
        plurals = self.history.order_by().values_list("noun_plural", flat=True).distinct()
        return frozenset(map(word_in_addresses, plurals))

    @property
    def contact_href(self) -> str:
        """Where the contact leads: a web address, or a letter to an e-mail address; "" without a contact."""
        if not self.contact or is_web_address(self.contact):
            return self.contact
        return f"mailto:{self.contact}"


#: The record as it was last read, and until when it may be used, in seconds of the monotonic clock.
_kept: tuple[float, Subject] | None = None
#: How often it was forgotten: what was read before is not kept after.
_forgotten = 0
_lock = threading.Lock()


def current() -> Subject:
    """The one record, or one with the neutral defaults if there is none.

    At most one query, and none within KEPT_FOR seconds of the last: every page asks for it. The page that says that the
    database does not answer gets what was last read; where nothing was, the site has no name.
    """
    global _kept
    now = time.monotonic()
    if _kept is None or _kept[0] < now:
        forgotten = _forgotten
        try:
            found = Subject.objects.filter(pk=ONLY).first() or Subject()
        except DatabaseError:
            if _kept is None:  # nothing that could be kept: a page made a moment later would have the wrong nouns
                return Subject(name="")
            _kept = time.monotonic() + AWAY, _kept[1]
            return _kept[1]
        with _lock:
            if forgotten != _forgotten:
                return found  # maybe as it was before a write that another thread has heard of meanwhile
            _kept = now + KEPT_FOR, found
    return _kept[1]


def known_name() -> str:
    """The name of the site as far as this process has read it, "" if it has not; never a query."""
    return _kept[1].name if _kept else ""


def nouns() -> Nouns:
    """What the things compared are called, as far as this process has read it; never a query.

    Texts are looked up anywhere, also where no query may be made.
    """
    return _kept[1].nouns if _kept else WRITTEN


def names() -> dict[str, str]:
    """What is called otherwise than elsewhere, by the fields of the subject, in the same way."""
    return _kept[1].names if _kept else {}


def conditions() -> tuple[str, ...]:
    """The conditions that figures have, in order, in the same way."""
    return _kept[1].conditions if _kept else tuple(CONDITIONS)


def method_needs() -> tuple[str, ...]:
    """The conditions without which a figure of the subject has no stated method. At most one query."""
    return current().method_needs


def is_former_word(word: str) -> bool:
    """Whether a word stood in addresses for the things compared, and does no more. At most one query a second."""
    here = current()
    if word == here.nouns.address:
        return False
    try:
        return word == WRITTEN.address or word in here.former_words
    except DatabaseError:  # the page that says so is made without it
        return False


def forget() -> None:
    """Read the record again the next time that it is asked for."""
    global _kept, _forgotten
    with _lock:
        _forgotten += 1
        if _kept:
            _kept = float("-inf"), _kept[1]


@receiver(bulk_write, sender=Subject)
@receiver([post_save, post_delete], sender=Subject)
def _forget_written(sender: type[Subject], using: str = DEFAULT_DB_ALIAS, **_options: Any) -> None:
    """Forget the record after a write, and once more after its commit: until then others read the former one."""
    forget()
    transaction.on_commit(forget, using=using)
