"""Values that are written down."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.functional import lazystr
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

from comparisons.domain.vocabulary import Stance
from comparisons.models.sealed import Sealed, read, written


@pytest.mark.parametrize("value", [("a", 1), {"stance": Stance.SUPPORTS}, None, mark_safe("<b>")])
def test_a_value_is_read_as_it_was_written(value: Any) -> None:
    assert read(written(value)) == value
    assert type(read(written(value))) is type(value)


@pytest.mark.parametrize(("text", "kind"), [(gettext_lazy("Any"), str), (lazystr(mark_safe("<b>")), SafeString)])
def test_a_text_to_be_translated_is_read_as_the_text_that_it_was(text: Any, kind: type) -> None:
    assert type(read(written([text]))[0]) is kind


def test_equal_values_that_hold_something_else_are_told_apart() -> None:
    assert Sealed([1]).digest == Sealed([1]).digest
    assert Sealed([1]).digest != Sealed([True]).digest
    assert Sealed({"a": (1, 2)}).opened() == {"a": (1, 2)}
