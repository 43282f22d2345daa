"""What a subject has: facts of profiles, conditions of figures, releases."""

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.utils.translation import gettext_lazy

from comparisons.domain.statements import states_method
from comparisons.language import called
from comparisons.models import Claim, Framework, Subject, subject

FACTS = tuple(called.FACTS)


def know(monkeypatch, **fields):
    """Let the process know a subject."""
    monkeypatch.setattr(subject, "_kept", (float("inf"), Subject(**fields)))
    return subject.current()


@pytest.mark.parametrize(
    ("fields", "facts"),
    [
        ({}, FACTS),
        ({"fact_kind": "", "fact_repository": ""}, ("first_release", "license", "package_name", *FACTS[4:6])),
        # Without releases the facts about them are gone, unless they stand for something else.
        ({"has_releases": False}, ("kind", "license", *FACTS[4:])),
        (
            {"has_releases": False, "fact_first_release": "Founded"},
            ("kind", "first_release", "license", *FACTS[4:]),
        ),
    ],
)
def test_a_profile_shows_the_facts_that_have_a_name(fields, facts):
    assert Subject(**fields).facts == facts


@pytest.mark.parametrize(
    ("fields", "unused"),
    [
        ({}, {}),
        ({"fact_license": ""}, {"framework": {"license"}}),
        # What a benchmark says of its set-up stands for the conditions of its figures.
        ({"condition_payload": ""}, {"claim": {"payload"}, "benchmark": {"work"}}),
        (
            {"has_releases": False},
            {
                "framework": {"first_release", "package_name"},
                "criterion": {"changes_with_releases"},
                "claim": {"since_version", "until_version"},
                "cell": {"release_on", "release_version", "latest_on"},
            },
        ),
    ],
)
def test_what_has_no_name_has_no_use(fields, unused):
    assert {model: set(names) for model, names in Subject(**fields).unused.items() if names} == unused


def test_names_are_looked_up_wherever_they_are_shown(monkeypatch):
    names = [Claim._meta.get_field("server").verbose_name, Framework._meta.get_field("license").verbose_name]
    assert [*map(str, names)] == ["Server", "licence"]
    know(monkeypatch, condition_server="Engine", fact_license="Price")
    assert [*map(str, names)] == ["Engine", "Price"]


@pytest.mark.parametrize(
    ("fields", "needs", "is_stated"),
    [
        ({}, ("hardware", "payload"), False),
        ({"condition_payload": ""}, ("hardware",), True),
        ({"condition_payload": "", "condition_hardware": ""}, (), True),
    ],
)
def test_a_method_needs_only_conditions_that_figures_have(monkeypatch, fields, needs, is_stated):
    know(monkeypatch, **fields)
    assert subject.method_needs() == needs
    assert states_method({"hardware": "a laptop"}, needs) is is_stated


@pytest.mark.parametrize("noun", ["50% off", "{x}", "a\nb"])
def test_a_noun_is_refused_if_texts_would_take_it_for_their_own(monkeypatch, noun):
    with pytest.raises(ValidationError, match="A noun cannot hold"):
        Subject(noun=noun).full_clean(validate_unique=False, validate_constraints=False)
    # One that came past the forms spoils no text.
    know(monkeypatch, noun_plural=noun)
    assert gettext_lazy("%(n)d frameworks") % {"n": 2}


def test_texts_of_a_subject_without_releases_speak_of_versions(monkeypatch):
    text = gettext_lazy("Newest release of a package, released with releases.yaml and release_on")
    assert str(text) == "Newest release of a package, released with releases.yaml and release_on"
    know(monkeypatch, has_releases=False)
    assert str(text) == "Newest version of a program, published with releases.yaml and release_on"


@pytest.mark.parametrize("was_read", [True, False])
def test_a_database_that_does_not_answer_is_left_alone_once_the_subject_was_read(monkeypatch, was_read):
    """The page that says so asks for it ten times, and each attempt may take seconds."""
    attempts = []

    def refuse(**_):
        attempts.append(1)
        raise OperationalError("away")

    monkeypatch.setattr(subject, "_kept", (0.0, Subject(name="Known")) if was_read else None)
    monkeypatch.setattr(Subject.objects, "filter", refuse)
    names = [subject.current().name for _ in range(3)]
    assert (names, len(attempts)) == ((["Known"] * 3, 1) if was_read else ([""] * 3, 3))
    subject.forget()  # as after any write
    assert subject.current().name == ("Known" if was_read else "")
    assert len(attempts) == (2 if was_read else 4)


def test_what_was_read_before_a_write_is_not_kept_after_it(monkeypatch):
    """Else a page would be kept with the noun of before, under the stamps of after, for as long as pages are."""
    rows = [Subject(noun_plural="before"), Subject(noun_plural="after")]

    class Read:
        def first(self):
            found = rows.pop(0)
            if rows:
                subject.forget()  # by another thread, which has just found the stamp of the subject to be a new one
            return found

    monkeypatch.setattr(subject, "_kept", (0.0, Subject()))
    monkeypatch.setattr(Subject.objects, "filter", lambda **_: Read())
    subject.current()
    assert (subject.current().noun_plural, subject.nouns().several) == ("after", "after")
