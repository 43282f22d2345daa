"""Claims reviewed one after the other, and claims published several at a time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comparisons.models import Claim
from tests import factories as make
from tests.admin.forms import act, change_url, list_url, text_of
from tests.admin.users import make_user

from .reviewing import in_review

Browser = Callable[..., Client]


def url_in(claim: Claim, key: str = "review") -> str:
    return f"{change_url(claim, 'review')}?work={key}"


def test_a_review_leads_to_the_next_and_the_previous_claim_of_the_queue(rita: Client) -> None:
    first, _own, second, third = (
        in_review(),
        in_review(author=User.objects.get(username="rita")),
        in_review(),
        in_review(),
    )
    for asked in ("", "?work=review", "?work=nonsense", "?work=gaps", "?work=a&work=review"):
        queue = rita.get(change_url(second, "review") + asked).context["queue"]
        assert (queue.previous, queue.next, queue.left) == (url_in(first), url_in(third), 3), asked
    ends = [rita.get(url_in(claim)).context["queue"] for claim in (first, third)]
    assert (ends[0].previous, ends[1].next) == ("", "")


def test_an_editor_goes_through_the_lists_that_are_kept_for_editors(browser: Browser) -> None:
    edgar = browser("edgar")
    claims = [in_review(author=User.objects.get(username="edgar")) for _ in range(2)]
    assert edgar.get(url_in(claims[0])).context["queue"] is None
    assert edgar.get(url_in(claims[0], "waiting")).context["queue"].next == url_in(claims[1], "waiting")


def test_the_list_and_the_form_keep_the_list_one_came_from(rita: Client) -> None:
    claim = in_review()
    assert f'href="{url_in(claim)}"' in text_of(rita.get(list_url(Claim), {"work": "review"}))
    assert "Review one by one" not in text_of(rita.get(list_url(Claim)))
    form = rita.get(change_url(claim), {"_changelist_filters": "work=review"})
    assert f'href="{url_in(claim)}"' in text_of(form)


def test_a_step_leads_on_to_the_next_claim_and_at_the_end_to_the_list(rita: Client) -> None:
    claims = [in_review(), in_review()]
    data = {"step": "publish", "read_version": 1}
    on = rita.post(url_in(claims[0]), data)
    assert on["Location"] == url_in(claims[1])
    assert change_url(claims[0], "review") in text_of(rita.get(on["Location"]))
    assert rita.post(url_in(claims[1]), data)["Location"] == f"{list_url(Claim)}?work=review"
    assert set(Claim.objects.values_list("status", flat=True)) == {"published"}


def test_one_goes_through_the_list_of_claims_as_it_was_filtered(rita: Client) -> None:
    first, _other, second = in_review(statement="Kept."), in_review(statement="Left out."), in_review(statement="Kept.")
    filters = "o=1&q=kept"

    def url(claim: Claim) -> str:
        return f"{change_url(claim, 'review')}?_changelist_filters=o%3D1%26q%3Dkept"

    form = rita.get(change_url(first), {"_changelist_filters": filters})
    assert f'href="{url(first)}"' in text_of(form)
    queue = rita.get(url(first)).context["queue"]
    assert url(second) in (queue.previous, queue.next) and queue.left == 2
    to_first = url(first) if queue.next else url(second)  # whichever the list shows first
    step = {"step": "publish", "read_version": 1}
    assert rita.post(to_first, step)["Location"] == (url(second) if queue.next else url(first))
    for nonsense in ("status__exact=gone&x=1", "q=nothing", "id__foo=1", "%"):
        assert rita.get(change_url(second, "review"), {"_changelist_filters": nonsense}).status_code == 200


def test_a_step_that_is_refused_stays_with_its_claim(rita: Client) -> None:
    bare = in_review(by=())
    in_review()
    assert rita.post(url_in(bare), {"step": "publish", "read_version": 1})["Location"] == url_in(bare)


def test_a_review_takes_the_same_queries_however_long_the_queue_is(rita: Client) -> None:
    claim, numbers = in_review(), []
    for more in (1, 6):
        for _ in range(more):
            in_review()
        with CaptureQueriesContext(connection) as queries:
            rita.get(url_in(claim))
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


def test_publishing_several_asks_first_and_says_what_and_whose(browser: Browser) -> None:
    reviewer, edgar = browser("rita", "reviewer"), make_user("edgar", role="editor")
    good = in_review(statement="It <is> *so*.", written_by=edgar, author=edgar)
    own, bare = in_review(author=User.objects.get(username="rita")), in_review(by=())
    asked = act(reviewer, Claim, "publish", good, own, bare)
    text = text_of(asked)
    assert asked.context["ready"] == [good] and "Publish 1 claim" in text
    for words in ("It &lt;is&gt; so.", "<td>edgar</td>", "In review", "what you wrote.", "no citation supports it."):
        assert words in text
    assert set(Claim.objects.values_list("status", flat=True)) == {"in-review"}
    act(reviewer, Claim, "publish", good, confirmed="yes")
    assert list(Claim.objects.filter(status="published")) == [good]


def test_a_superuser_is_told_that_a_claim_is_their_own(chief: Client) -> None:
    claim = in_review(author=User.objects.get(username="chief"))
    assert "it is yours, and the history says so" in text_of(act(chief, Claim, "publish", claim))


def test_a_claim_that_changed_since_the_list_was_shown_is_not_offered(rita: Client) -> None:
    claim = in_review()
    data = {"action": "publish", "_selected_action": [claim.pk], f"seen-{claim.pk}": 1}
    claim.save()
    response = rita.post(list_url(Claim), data)
    assert response.context["ready"] == [] and "it has changed since you saw it" in text_of(response)
    assert 'name="confirmed"' not in text_of(response)


@pytest.mark.parametrize(("role", "is_offered"), [("reviewer", True), ("editor", False), ("viewer", False)])
def test_the_desk_offers_to_publish_to_those_who_may(browser: Browser, role: str, is_offered: bool) -> None:
    claim, client = in_review(), browser("somebody", role)
    assert ('name="_selected_action"' in text_of(client.get("/admin/"))) == is_offered
    data = {"action": "publish", "_selected_action": [claim.pk], f"seen-{claim.pk}": 1, "confirmed": "yes"}
    client.post(f"{list_url(Claim)}?work=review", data)
    claim.refresh_from_db()
    assert (claim.status == "published") == is_offered


def test_the_queries_of_the_confirmation_do_not_grow(rita: Client) -> None:
    numbers = []
    for size in (2, 6):
        claims = [in_review(framework=make.make_framework(), criterion=make.make_criterion()) for _ in range(size)]
        with CaptureQueriesContext(connection) as queries:
            act(rita, Claim, "publish", *claims)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
