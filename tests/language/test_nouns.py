"""The texts of the interface in the nouns of the subject."""

import pytest
from django.utils.translation import gettext, gettext_lazy, ngettext

from comparisons.language.nouns import WRITTEN, Nouns, in_nouns
from comparisons.models import Subject, subject

OPERATING_SYSTEMS = Nouns("operating system", "operating systems")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ""),
        ("Nothing of the kind.", "Nothing of the kind."),
        ("Compare frameworks", "Compare operating systems"),
        ("Frameworks", "Operating systems"),
        ("A framework’s answer to a framework.", "An operating system’s answer to an operating system."),
        ("the framework: its name", "the operating system: its name"),
        # Names of parameters, files and addresses.
        ("%(framework)s lacks it", "%(framework)s lacks it"),
        ("{framework} lacks it", "{framework} lacks it"),
        ("?framework=a", "?framework=a"),
        ("/frameworks/a/", "/frameworks/a/"),
        ("frameworks.yaml of frameworks", "frameworks.yaml of operating systems"),
        ("framework_list, old-framework", "framework_list, old-framework"),
    ],
)
def test_the_word_is_replaced_with_its_article_and_names_are_left_alone(text, found):
    assert in_nouns(text, OPERATING_SYSTEMS) == found


@pytest.mark.parametrize(
    ("noun", "article"), [("browser", "A"), ("editor", "An"), ("university", "A"), ("user agent", "A"), ("unit", "A")]
)
def test_the_article_follows_the_noun(noun, article):
    assert in_nouns("A framework", Nouns(noun, f"{noun}s")) == f"{article} {noun}"


def test_texts_stay_as_written_for_the_nouns_they_are_written_with():
    assert in_nouns("A framework, frameworks", WRITTEN) == "A framework, frameworks"


def test_every_text_that_is_looked_up_follows_the_subject(monkeypatch):
    lazy = gettext_lazy("Frameworks")
    assert (gettext("a framework"), str(lazy)) == ("a framework", "Frameworks")
    monkeypatch.setattr(subject, "_kept", (float("inf"), Subject(noun="editor", noun_plural="editors")))
    assert (gettext("a framework"), str(lazy)) == ("an editor", "Editors")
    assert [ngettext("one framework", "%d frameworks", n) for n in (1, 2)] == ["one editor", "%d editors"]


def test_a_text_that_is_looked_up_when_it_is_shown_may_be_counted(monkeypatch):
    """As the admin counts records by the names of their model."""
    named = Subject(noun="UI framework", noun_plural="UI frameworks")
    monkeypatch.setattr(subject, "_kept", (float("inf"), named))
    one, several = gettext_lazy("framework"), gettext_lazy("frameworks")
    assert (ngettext(one, several, 1), ngettext(one, several, 2)) == ("UI framework", "UI frameworks")
