"""The pages of the admin that the browser tests open. Add each new page here, with a record to show on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

#: The users who log in, by group; "" is a superuser.
PEOPLE = {"": "chief", "viewer": "vera", "reviewer": "rita"}
PASSWORD = "a password of the tests"


class Page(NamedTuple):
    """A page in the state in which it is tested.

    path: its address; {claim} and the like stand for the primary keys that SETUP prints.
    act: leads from that address to the page to be tested.
    """

    name: str
    path: str
    role: str = ""
    act: Callable[[Any], None] | None = None


#: Creates an entry for every worklist and a record of each kind; prints their primary keys as JSON.
SETUP = f"""
import json
from django.contrib.auth.models import Group, User
from comparisons.models import *
people = {{}}
for role, name in {PEOPLE!r}.items():
    people[name] = User.objects.create_user(name, password={PASSWORD!r}, is_staff=True, is_superuser=not role)
    if role:
        people[name].groups.add(Group.objects.get(name=role))
chief, rita = people["chief"], people["rita"]
disputed = Cell.objects.filter(agreement="disputed").first()
Ruling.objects.filter(framework=disputed.framework, criterion=disputed.criterion).delete()
about = dict(framework=disputed.framework, criterion=disputed.criterion, kind="judgement", polarity="con")
long = "A_word_without_any_place_to_break_" * 4
draft = Claim.objects.create(key="admin-draft", statement="One [claim](https://example.org/) " + long, author=chief,
    mark="unclear", mark_note="Which version does it speak of?", **about)
for number, author in enumerate([chief, rita, None]):
    Claim.objects.create(key=f"admin-review-{{number}}", statement="Waits.", status="in-review", author=author, **about)
published = Claim.objects.filter(status="published", kind="figure").first()
article = Article.objects.filter(citations__isnull=False).first()
Article.objects.filter(pk=article.pk).update(link_health="dead")
Check.objects.create(claim=published, version="1.0", checked_on="2026-11-20", note="Tried it.", by=rita)
Run.objects.create(claim=published, probe="program", version="1.0", python="3.13.0", outcome="fails",
    ran_on="2026-11-20", output="AssertionError", digest="0" * 16)
for record in (dict(claim=published), dict(claim=Claim.objects.get(key="admin-review-2")), dict(article=article)):
    Note.objects.create(text="See https://example.org/ " + long, author=rita, **record)
print(json.dumps({{
    "claim": published.pk, "draft": draft.pk, "article": article.pk, "cell": disputed.pk,
    "user": chief.pk, "group": Group.objects.get(name="editor").pk,
    "comparison": min(Comparison.objects.all(), key=lambda one: one.rows.count()).pk,
    **{{model._meta.model_name: model.objects.first().pk
       for model in (Framework, Release, CriterionGroup, Criterion, Level, Ruling, Citation, Check, Run, Subject,
                     Note, StartingNeed, Publisher)}},
    "claim_history": published.history.first().pk, "waiting": Claim.objects.get(key="admin-review-2").pk,
    "disputed": f"{{disputed.framework.slug}}/{{disputed.criterion.slug}}",
}}))
"""


def choose_claims_to_withdraw(tab: Any) -> None:
    tab.locator(".action-select").first.check()
    tab.locator("select[name=action]").select_option("withdraw")
    tab.locator(".actions button[type=submit]").click()
    tab.locator("textarea[name=reason]").wait_for()


def save_too_late(tab: Any) -> None:
    tab.locator("input[name=read_version]").first.evaluate("(field) => { field.value = '999'; }")
    tab.locator("#id_title").fill("Another title")
    tab.locator("input[name=_save]").click()
    tab.locator(".conflict").wait_for()


def leave_everything_empty(tab: Any) -> None:
    tab.locator("input[name=_save]").click()
    tab.locator(".errornote").wait_for()


def open_an_autocomplete(tab: Any) -> None:
    tab.locator(".field-framework .select2-selection").click()
    tab.locator(".select2-results__option--highlighted").wait_for()


def add_a_citation(tab: Any) -> None:
    tab.locator("#citations-group .add-row a").click()
    tab.locator("#citations-0 textarea, .dynamic-citations textarea").first.wait_for()


APP = "/admin/comparisons/"
MODELS = [
    *("claim", "article", "framework", "criterion", "comparison", "ruling"),
    *("cell", "citation", "check", "run", "note", "release", "criteriongroup", "level", "startingneed", "subject"),
    "publisher",
]
EDITED = [name for name in MODELS if name not in ("cell", "citation", "check", "run", "note", "level", "subject")]
PAGES = [
    Page("desk", "/admin/"),
    Page("desk of a viewer", "/admin/", "viewer"),
    Page("desk of a reviewer", "/admin/", "reviewer"),
    Page("activity", "/admin/activity/", "reviewer"),
    Page("models of the app", APP),
    *(Page(f"list of {name}", f"{APP}{name}/") for name in MODELS),
    *(Page(f"new {name}", f"{APP}{name}/add/") for name in EDITED),
    *(Page(f"form of {name}", f"{APP}{name}/{{{name}}}/change/") for name in MODELS),
    Page("list that is filtered", f"{APP}claim/?work=drafts&q=claim&published_from=&status__exact=draft"),
    Page("list of cells of a viewer", f"{APP}cell/?work=disputed", "viewer"),
    Page("coverage gaps", f"{APP}cell/gaps/"),
    Page("form of a draft", f"{APP}claim/{{draft}}/change/"),
    Page("form with errors", f"{APP}claim/add/", act=leave_everything_empty),
    Page("form with an open autocomplete", f"{APP}claim/add/", act=open_an_autocomplete),
    Page("form with one more citation", f"{APP}claim/add/", act=add_a_citation),
    Page("form that a viewer reads", f"{APP}claim/{{claim}}/change/", "viewer"),
    Page("deletion", f"{APP}claim/{{draft}}/delete/"),
    Page("deletion that is refused", f"{APP}article/{{article}}/delete/"),
    Page("history", f"{APP}claim/{{claim}}/history/"),
    Page("state of the history", f"{APP}claim/{{claim}}/history/{{claim_history}}/"),
    Page("review", f"{APP}claim/{{waiting}}/review/", "reviewer"),
    Page("review of a published claim", f"{APP}claim/{{claim}}/review/", "reviewer"),
    Page("notes", f"{APP}article/{{article}}/notes/", "reviewer"),
    Page("verdict", f"{APP}claim/{{claim}}/verdict/", "reviewer"),
    Page("check of a cell", f"{APP}cell/{{cell}}/check/"),
    Page("claims of an article that was read again", f"{APP}article/{{article}}/reread/"),
    Page("ruling", f"{APP}ruling/rule/{{disputed}}/", "reviewer"),
    Page("reading desk", f"{APP}article/{{article}}/read/", "reviewer"),
    Page("renaming", f"{APP}framework/{{framework}}/rename/"),
    Page("merging articles", f"{APP}article/{{article}}/merge/"),
    Page("splitting a criterion", f"{APP}criterion/{{criterion}}/split/"),
    Page("list of former addresses", f"{APP}formeraddress/"),
    Page("import", f"{APP}claim/import/"),
    Page("fields of an import", f"{APP}claim/import/fields/"),
    Page("export", f"{APP}claim/export/"),
    Page("withdrawal", f"{APP}claim/?status__exact=published", act=choose_claims_to_withdraw),
    Page("conflict", f"{APP}article/{{article}}/change/", act=save_too_late),
    Page("list of users", "/admin/auth/user/"),
    Page("form of a user", "/admin/auth/user/{user}/change/"),
    Page("form of a group", "/admin/auth/group/{group}/change/"),
    Page("change of password", "/admin/password_change/"),
]
