"""The picture of a page that previews of its address show, as SVG and, with the extra `cards` installed, as PNG."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Hashable
from functools import cache as once
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from comparisons import filters
from comparisons.models import remembered, subject

from .card_comparisons import CONTENT, comparison_content
from .card_content import ShareCard
from .choice_card import choice_content
from .kept import kept

#: How long a picture may be kept, in seconds.
KEPT = 3600
#: Width and height of a picture in pixels: what most previews show without cutting.
SIZE = (1200, 630)
#: Letters that the fonts of the project have; the fonts of the machine are asked for others.
_COVERED = re.compile(r"[\t\n\r -\u052f\u1e00-\u1eff\u2000-\u206f\u20a0-\u20bf\u2122]*\Z")


@kept()
@require_safe
def card(request: HttpRequest, kind: str, slug: str = "", criterion: str = "", slugs: str = "") -> HttpResponse:
    """The picture of one page as PNG; at most four queries.

    kind: a name of CONTENT. Answers 404 for what readers may not see. Without the extra `cards` the answer is SVG.
    """
    parts = filter(None, (slug, criterion, slugs))
    return _picture(_drawn(CONTENT[kind], timezone.localdate(), *parts), as_png=can_rasterise())


@kept()
@require_safe
def comparison_svg(request: HttpRequest, slug: str) -> HttpResponse:
    """The picture of a comparison as SVG, at the address that it had before there were pictures of all pages."""
    return _picture(_drawn(comparison_content, timezone.localdate(), slug), as_png=False)


@kept(filters.ChooseForm)
@require_safe
def choice_card(request: HttpRequest) -> HttpResponse:
    """The picture of a choice, with the parameters of its page; as many queries as the page takes."""
    return _picture(_svg(choice_content(filters.ChooseForm.read(request.GET))), as_png=can_rasterise())


@once
def can_rasterise() -> bool:
    """Whether pictures can be made into PNG: the extra `cards` is installed."""
    return find_spec("resvg_py") is not None


def _drawn(content: Callable[..., ShareCard], *arguments: Hashable) -> bytes:
    """The picture of what a function reads for these arguments, drawn again only if its queries find something else."""
    return remembered.made((_drawn, content, *arguments), lambda: _svg(content(*arguments)))


def _svg(content: ShareCard) -> bytes:
    shown = {"card": content, "size": SIZE, "name": subject.current().name}
    return render_to_string("comparisons/card.svg", shown).encode()


def _picture(svg: bytes, *, as_png: bool) -> HttpResponse:
    if as_png:
        response = HttpResponse(_rasterised(svg), content_type="image/png")
    else:
        response = HttpResponse(svg, content_type="image/svg+xml")
    response["Cache-Control"] = f"public, max-age={KEPT}"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _rasterised(svg: bytes) -> bytes:
    """A picture as PNG. It is kept by what it shows, since drawing it costs some 70 ms."""
    key = "card:" + hashlib.sha256(svg).hexdigest()
    found = cache.get(key)
    if found is None:
        found = _as_png(svg.decode())
        cache.set(key, found, KEPT)
    return found


def _as_png(svg: str) -> bytes:
    import resvg_py  # an extra, so not at the top

    family = "Crosscheck Serif"
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            skip_system_fonts=bool(_COVERED.match(svg)),
            font_files=[str(path) for path in _fonts()],
            font_family=family,
            serif_family=family,
            sans_serif_family=family,
        )
    )


@once
def _fonts() -> tuple[Path, ...]:
    return tuple(sorted((settings.BASE_DIR / "static/fonts").glob("crosscheck-serif-*.ttf")))
