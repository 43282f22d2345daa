"""What waits for review is on no public page: of a proposal readers see only that there is one."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from comparisons.models import Article, Claim, Comparison, Criterion, Framework, Proposal, Ruling
from tests import factories as make
from tests.admin.users import make_user

from .reading import make_world
from .test_every_address import PATTERNS, addresses

pytestmark = pytest.mark.django_db
NOTICE = re.compile(rb'<p class="under-review".*?</p>')
#: Says when the form of an objection was made, so that no two are alike.
MARK = re.compile(rb'name="mark" value="[^"]*"')
#: What each kind of record would be changed to; no page may hold the word.
CHANGES = {
    Claim: {"statement": "A quetzal.", "polarity": "con", "text": "", "impact": "A quetzal."},
    Article: {"title": "A quetzal", "publisher": "Quetzal"},
    Framework: {"name": "Quetzal", "order": 99},
    Criterion: {"question": "A quetzal?", "order": 99},
    Ruling: {"why": "A quetzal."},
    Comparison: {"title": "A quetzal", "featured": True},
}


def public_pages(client: Client) -> dict[str, bytes]:
    """The bytes of every public page of the small world, and of some choices and searches."""
    urls = [url for pattern in PATTERNS for url in addresses(str(pattern.name))]
    pros_cons, search = reverse("comparisons:claim_list"), reverse("comparisons:search")
    urls += [f"{pros_cons}?polarity=con", f"{search}?q=quetzal", f"{search}?q=other", f"{search}?q=claim"]
    return {url: MARK.sub(b"", client.get(url).content) for url in urls}


def test_a_proposal_changes_no_byte_of_a_public_page_but_the_notice(client: Client) -> None:
    make_world(2)
    claim = Claim.objects.filter(level__isnull=False).order_by("pk").first()
    assert claim is not None
    make.make_ruling(claim.framework, claim.criterion, level=claim.level).rejected.add(claim)
    make.settle()
    before = public_pages(client)
    author = make_user("author", role="editor")
    for model, values in CHANGES.items():
        make.make_proposal(model.objects.order_by("pk").first(), author, **values)
    make.make_proposal(Claim.objects.order_by("-pk").first(), author, statement="Another quetzal.")
    after = public_pages(client)
    assert {url for url, page in after.items() if NOTICE.sub(b"", page) != before[url]} == set()
    assert sum(bool(NOTICE.search(page)) for page in after.values()) == Proposal.objects.count()


@pytest.mark.parametrize("model", CHANGES, ids=lambda model: model.__name__)
def test_the_page_of_a_record_says_since_when_a_change_is_under_review(client: Client, model: type) -> None:
    claim = make.make_claim(criterion=make.make_criterion(levels=("yes", "no")), level="yes")
    make.make_ruling(claim.framework, claim.criterion, level=claim.level).rejected.add(claim)
    make.make_comparison(frameworks=(claim.framework, make.make_framework()), criteria=(claim.criterion,))
    make.settle()
    row = model._base_manager.order_by("pk").first()
    cell = [claim.framework.slug, claim.criterion.slug]
    url = reverse("comparisons:cell", args=cell) if model is Ruling else row.get_absolute_url()
    name, value = next(iter(CHANGES[model].items()))
    found = make.make_proposal(row, None, **{name: value})
    Proposal.objects.filter(pk=found.pk).update(created_at=make.NOON)
    text = re.sub("<[^>]*>", "", client.get(url).content.decode())
    assert "A change is under review since 20 November 2026." in text and value not in text
