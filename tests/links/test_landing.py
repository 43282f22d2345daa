"""A link that leads to another page than the one that was cited is not called good."""

from __future__ import annotations

import pytest

from comparisons.links.landing import is_elsewhere
from comparisons.models import LinkCheck
from tests.factories import make_article
from tests.sites import Site, answer, moved

from .conftest import Checker, health

DEEP = "https://old.example/blog/post"


@pytest.mark.parametrize(
    "landed",
    [
        *(
            "https://old.example/",
            "https://old.example",
            "https://new.example/en/",
            "https://new.example/en-GB/index.html",
        ),
        *(
            "https://old.example/login?next=/blog/post",
            "https://old.example/users/sign_in",
            "https://old.example/wp-login.php",
        ),
        *("https://login.example/x", "https://accounts.example.org/ServiceLogin", "https://old.example/#blog"),
    ],
)
def test_a_deep_link_that_ends_on_a_front_or_login_page_is_elsewhere(landed: str) -> None:
    assert is_elsewhere(DEEP, landed)


@pytest.mark.parametrize(
    ("cited", "landed"),
    [
        (DEEP, "https://new.example/blog/post/"),
        (DEEP, "https://old.example/?p=12"),
        ("https://old.example/", "https://new.example/"),
        ("https://old.example", "https://old.example/en/"),
        ("https://docs.example/topics/login/", "https://docs.example/en/topics/login/"),
        ("https://docs.example/auth", "https://docs.example/en/authentication/"),
        ("https://accounts.example/terms", "https://accounts.example/terms/"),
        (DEEP, "https://old.example/catalogue/login-forms"),
    ],
)
def test_a_link_that_ends_on_a_page_of_its_own_is_not(cited: str, landed: str) -> None:
    assert not is_elsewhere(cited, landed)


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "target"), [(301, "/"), (302, "/"), (301, "/login?next=/old"), (302, "/login")])
def test_such_a_link_is_to_be_looked_at_and_its_target_is_not_offered(
    checker: Checker, own: Site, status: int, target: str
) -> None:
    own.pages |= {"/old": moved(target, status), target: answer(200)}
    make_article("one", url=own.url("/old"))
    assert "one: Moved, look\n" in checker.run()
    check = LinkCheck.objects.get()
    assert (health("one"), check.trouble, check.status, check.moved_to) == ("unknown", "elsewhere", 200, "")


@pytest.mark.django_db
def test_a_new_address_that_now_asks_for_a_login_is_still_offered(checker: Checker, own: Site) -> None:
    own.pages |= {"/old": moved("/new", 301), "/new": moved("/login", 302), "/login": answer(200)}
    make_article("one", url=own.url("/old"))
    checker.run()
    check = LinkCheck.objects.get()
    assert (check.trouble, check.moved_to) == ("elsewhere", own.url("/new"))
