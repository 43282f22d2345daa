"""Beside the form of the reading desk: claims that exist already, and the buttons that cite the article on them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import TextField
from django.db.models.functions import Cast
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext, ngettext

from comparisons.admin.pages import PagesAdmin
from comparisons.domain.vocabulary import Stance, Status
from comparisons.editing.citing import cite
from comparisons.editing.claim_search import find_claims, similar
from comparisons.history.states import NEW_KEYS
from comparisons.language.labels import label
from comparisons.models import Article, Citation, Claim, Proposal, StaleVersion

from .claim_preview import draft_of
from .desk_forms import DeskCitationForm

#: Most claims that are listed, and most characters of a search for them.
MOST_LISTED, LONGEST_SEARCH = 8, 200
#: What a button sends: the claim, its version, and the stance.
BUTTON = re.compile(f"([0-9]{{1,18}})-([0-9]{{1,9}})-({'|'.join(Stance)})")


class KnownClaim(NamedTuple):
    """A claim that the article may be cited on. percent: of words in common with what is typed; 0 if it was searched.

    cited: the citations of this article on it. waits: whether a change of it waits for review.
    """

    claim: Claim
    percent: int
    cited: Sequence[Citation]
    waits: bool

    @property
    def buttons(self) -> list[tuple[str, Any]]:
        """What each button sends, and its words; none for a claim that was withdrawn."""
        if self.claim.status == Status.WITHDRAWN:
            return []
        return [(f"{self.claim.pk}-{self.claim.version}-{stance}", label(stance)) for stance in Stance]


@dataclass(frozen=True)
class KnownClaims:
    """What is listed beside the form. words: of the search; "" for claims that are like what is typed.

    said: a summary in one sentence, for screen readers.
    """

    words: str
    rows: list[KnownClaim]
    said: str


def known_claims(article: Article, data: QueryDict) -> KnownClaims:
    """The claims that a search finds, or else those that the typed one may repeat, or else those of its cell."""
    words = data.get("find", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    percents: dict[int, int] = {}
    if words:
        pks: Sequence[int] = find_claims(words).pks[:MOST_LISTED]
    else:
        draft, _citations = draft_of(data)
        percents = {one.pk: one.percent for one in similar(draft)}
        pks = list(percents) or _of_cell(draft)
    rows = _rows(article, pks, percents)
    said = ""
    if words or rows:
        said = ngettext("%d claim exists.", "%d claims exist.", len(rows)) % len(rows)
    return KnownClaims(words, rows, said)


def near(article: Article, found: Sequence[Any]) -> list[KnownClaim]:
    """The claims that a new one repeats nearly word by word, each with its buttons."""
    return _rows(article, [one.pk for one in found], {one.pk: one.percent for one in found})


def _of_cell(draft: Claim) -> list[int]:
    if draft.criterion_id is None or draft.framework_id is None:
        return []
    here = Claim.objects.filter(framework=draft.framework_id, criterion=draft.criterion_id)
    return list(here.exclude(status=Status.WITHDRAWN).order_by("-pk").values_list("pk", flat=True)[:MOST_LISTED])


def _rows(article: Article, pks: Sequence[int], percents: dict[int, int]) -> list[KnownClaim]:
    """Claims in the order of these keys; three queries, none for no keys."""
    if not pks:
        return []
    claims = Claim.objects.select_related("framework", "criterion", "level").in_bulk(pks)
    cited: dict[int, list[Citation]] = {}
    for citation in Citation.objects.filter(article=article, claim__in=pks).order_by("pk"):
        cited.setdefault(citation.claim_id, []).append(citation)
    waiting = Proposal.objects.waiting().filter(kind=Claim._meta.model_name, record__in=pks)
    waits = set(waiting.values_list("record", flat=True))
    return [KnownClaim(claims[pk], percents.get(pk, 0), cited.get(pk, ()), pk in waits) for pk in pks if pk in claims]


def citations_in_review(article: Article) -> list[Proposal]:
    """Changes of claims that wait for review and cite the article anew, the oldest first; one query."""
    stated = Proposal.objects.waiting().filter(kind=Claim._meta.model_name).annotate(stated=Cast("state", TextField()))
    found = stated.filter(stated__contains=f'"{article.slug}"').defer("base").order_by("created_at", "pk")
    return [one for one in found if any(_is_new_citation(part, article) for part in one.state["parts"])]


def _is_new_citation(part: dict[str, Any], article: Article) -> bool:
    is_new = part["kind"] == Citation._meta.model_name and part["key"] >= NEW_KEYS
    return is_new and part["fields"].get("article") == [article.slug]


class CiteResult(NamedTuple):
    """What came of a button. form: what was sent of the citation, with its errors. claim: None if it was refused.

    draft: the claim that is typed in the form. waits: whether the citation waits for review. is_typed: whether the
    claim is like the one that is typed.
    """

    form: DeskCitationForm
    draft: Claim
    claim: Claim | None = None
    waits: bool = False
    is_typed: bool = False


class CitingDesk(PagesAdmin):
    """Adds the claims that exist already to the reading desk."""

    def page_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.known_view)
        return [path("<int:pk>/known/", view, name="comparisons_article_known"), *super().page_urls()]

    @property
    def claims(self) -> Any:
        """The admin of claims, which knows who may add and change one and writes the log."""
        return self.admin_site.get_model_admin(Claim)

    def known_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A fragment of HTML: the claims beside the posted form. Writes nothing."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.claims.has_add_permission(request):
            raise PermissionDenied
        article = Article.objects.filter(pk=pk).first() if pk < 2**63 else None
        if article is None:
            raise Http404
        context = {"known": known_claims(article, request.POST), "may_cite": self.may_cite(request)}
        return TemplateResponse(request, "admin/comparisons/article/_known_list.html", context)

    def may_cite(self, request: HttpRequest) -> bool:
        return bool(self.claims.has_change_permission(request))

    def cite_posted(self, request: HttpRequest, article: Article, data: QueryDict) -> CiteResult:
        """Cite the article on the claim whose button was pressed, as the form says, or say why that is refused."""
        if not self.may_cite(request):
            raise PermissionDenied
        pressed = BUTTON.fullmatch(data.get("_cite", ""))
        pk, version, stance = pressed.groups() if pressed else ("0", "0", data.get("citations-0-stance", ""))
        draft, _citations = draft_of(data)
        is_typed = int(pk) in {one.pk for one in similar(draft)}
        data["citations-0-stance"] = stance
        # Where the source does not simply support the claim, what was typed is what it says.
        statement = draft.statement if is_typed and stance != Stance.SUPPORTS else ""
        form = DeskCitationForm(data, statement=statement, instance=Citation(article=article))
        claim = Claim.objects.filter(pk=pk).first()
        if claim is None:
            form.add_error(None, gettext("Nothing was added: that claim does not exist any more."))
        if not form.is_valid() or claim is None:
            return CiteResult(form, draft)
        claim.version = int(version)
        try:
            proposal = cite(claim, form.instance, by=request.user)
        except StaleVersion:
            text = gettext("Nothing was added: somebody has saved this claim since you saw it. It is shown as it is.")
            form.add_error(None, text)
            return CiteResult(form, draft)
        except ValidationError as error:
            tell(form, error)
            return CiteResult(form, draft)
        added = [{"added": {"name": str(Citation._meta.verbose_name), "object": str(form.instance)}}]
        self.claims.log_change(request, claim, gettext("Proposed a change.") if proposal else added)
        return CiteResult(form, draft, claim, proposal is not None, is_typed)


def tell(form: DeskCitationForm, error: ValidationError) -> None:
    """Show an error at its field, or above the form if it has none."""
    by_field: Any = error.error_dict if hasattr(error, "error_dict") else {None: [error]}
    for name, texts in by_field.items():
        form.add_error(name if name in form.fields else None, texts)
