"""What use cases ask, against the rule for it."""

from __future__ import annotations

from collections.abc import Callable

from tests.factories import make_criterion, make_group, make_need


def need_of_another_criterion() -> None:
    use_case = make_criterion("scenario", levels=("yes", "no"), group=make_group(holds_use_cases=True))
    other = make_criterion("other", levels=("yes", "no"))
    make_need(use_case, make_criterion("support", levels=("yes", "no")), level=other.levels.get(slug="yes"))


#: As the examples in test_checks.
NEED_EXAMPLES: dict[str, tuple[Callable[[], None], str, str]] = {
    "a need with the level of another criterion": (
        need_of_another_criterion, "need-does-not-fit", "need scenario/support",
    ),
}  # fmt: skip
