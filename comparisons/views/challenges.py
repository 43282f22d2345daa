"""Objections of readers: the form, which needs no account, and the list of those that were answered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from comparisons import filters
from comparisons.domain.vocabulary import ChallengeKind
from comparisons.editing import challenges
from comparisons.evidence import assessing
from comparisons.evidence.cell_reads import criterion_in
from comparisons.evidence.challenges import answered
from comparisons.filters.fields import labelled
from comparisons.language.cleaning import tidy
from comparisons.models import Article, Claim, Framework
from comparisons.models.base import validate_web_address
from comparisons.models.challenges import TEXT_LENGTH

from . import challenge_guard as guard
from . import limits
from .kept import kept
from .paging import Paging
from .remembered_context import remembered_context
from .sheets.records import challenge_sheet
from .takeaway import answer, size

#: Answered objections on a page of the list.
CHALLENGES = 20


class TidyField(forms.CharField):
    """Text as it is stored. It is made tidy before it is measured, so that a line end counts once, as in a browser."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(tidy(value) if isinstance(value, str) else value)


class ChallengeForm(forms.Form):
    """An objection. website: a field that people do not see, and machines fill in."""

    kind = forms.ChoiceField(choices=list(labelled(ChallengeKind).items()))
    text = TidyField(max_length=TEXT_LENGTH)
    source = forms.URLField(required=False, max_length=500, assume_scheme="https", validators=[validate_web_address])
    mail = forms.EmailField(required=False, max_length=254)
    website = forms.CharField(required=False)

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(gettext_lazy("Leave the last field empty: it is there to catch machines."))
        return ""


def about_claim(request: HttpRequest, key: str) -> HttpResponse:
    """Object to a claim; three queries."""
    claims = Claim.objects.published().select_related("framework", "criterion")
    claim = get_object_or_404(claims, key=key)
    return _challenge(request, claim, claim.get_absolute_url(), claim=claim)


def about_cell(request: HttpRequest, slug: str, criterion: str) -> HttpResponse:
    """Object to the answer of a framework, or to the lack of one; four queries."""
    framework = get_object_or_404(Framework.objects.published(), slug=slug)
    found = criterion_in(framework, criterion)
    if found is None:
        raise Http404
    row, cell, _ruling = found
    url = reverse("comparisons:cell", args=[slug, criterion])
    line = assessing.line_of(row)
    return _challenge(request, (framework, row), url, framework=framework, line=line, cell=cell)


def about_article(request: HttpRequest, slug: str) -> HttpResponse:
    """Object to what is said of a source; three queries."""
    article = get_object_or_404(Article.objects.published(), slug=slug)
    return _challenge(request, article, article.get_absolute_url(), article=article)


def _challenge(request: HttpRequest, target: Any, back: str, **about: Any) -> HttpResponse:
    """The form for an objection, filled in as it was sent if it could not be taken."""
    form = ChallengeForm(request.POST if request.method == "POST" else None, initial={"kind": ChallengeKind.WRONG})
    mark, problem, status = request.POST.get("mark", ""), "", 200
    if request.method == "POST":
        status = 400
        try:
            receipt = guard.receipt_of(mark, request.path)
            if form.is_valid():
                given = {name: form.cleaned_data[name] for name in ("kind", "text", "source", "mail")}
                challenges.receive(target, challenges.Sent(**given, receipt=receipt))
                return HttpResponseRedirect(reverse("comparisons:challenge_thanks"), status=303)
        except guard.TooSoon:
            problem = _("That was faster than anybody writes. Read it once more, then send it again.")
        except guard.Stale:
            mark, problem = "", _("The form was open for too long. Nothing is lost: send it again in a moment.")
        except challenges.SentBefore:
            mark, problem = "", _("Another text was sent with this form already. To send this one too, send it again.")
        except challenges.TooMany:
            problem, status = _("Many objections wait just now, so no other is taken. Please come back later."), 429
    context = {
        "section": "",
        "today": timezone.localdate(),
        "form": form,
        "kinds": labelled(ChallengeKind),
        "kind": form["kind"].value(),
        "mark": mark or guard.new_mark(request.path),
        "problem": problem,
        "back": back,
        "most": TEXT_LENGTH,
        **about,
    }
    response = render(request, "comparisons/challenge.html", context, status=status)
    if status == 429:
        response["Retry-After"] = str(limits.HOUR)
    return response


def _guarded(view: Any) -> Any:
    """A view of the form: off by a setting, never kept, and closed to what is too large or comes too often.

    Without a cookie there is nothing that a forged request could use, so the mark of the form takes the place of the
    token against such requests.
    """

    def guarded(request: HttpRequest, **names: str) -> HttpResponse:
        if not settings.CHALLENGES:
            raise Http404
        response = _refusal(request) if request.method == "POST" else None
        response = response or view(request, **names)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex"
        return response

    return csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(guarded))


def _refusal(request: HttpRequest) -> HttpResponse | None:
    """Why an objection is not even read; None if it is."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > guard.LARGEST:
        return render(request, "comparisons/challenge_refused.html", {"is_large": True}, status=413)
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return render(request, "comparisons/challenge_refused.html", {"is_foreign": True}, status=403)
    if guard.is_too_much(request):
        response = render(request, "comparisons/challenge_refused.html", status=429)
        response["Retry-After"] = str(limits.HOUR)
        return response
    return None


challenge_claim, challenge_cell, challenge_article = map(_guarded, (about_claim, about_cell, about_article))


@kept()
@require_safe
def challenge_thanks(request: HttpRequest) -> HttpResponse:
    """What happens next. It is the same for everybody."""
    return render(request, "comparisons/challenge_thanks.html", {"section": ""})


@kept(filters.PageForm)
@require_safe
def challenge_list(request: HttpRequest) -> HttpResponse:
    """All answered objections with their answers, a page at a time; two queries."""
    query = filters.PageForm.read(request.GET)

    def build() -> dict[str, Any]:
        found = answered()
        paging = Paging.of(found.count(), size(query, CHALLENGES), query.params["page"])
        return {"section": "challenges", "paging": paging, "challenges": paging.cut(found)}

    context = remembered_context(challenge_list, query, build)
    return answer(request, "comparisons/challenge_list.html", context, challenge_sheet)
