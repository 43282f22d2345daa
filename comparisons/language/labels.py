"""Every word of the closed lists as readers see it, with one sentence that explains it.

This is the only place where the vocabulary is translated: models take their choices from here, templates their
labels, and the method page its explanations.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from comparisons.domain import vocabulary as v
from comparisons.domain.freshness import YEARS_UNTIL_OLD
from comparisons.domain.link_health import DAYS_UNTIL_DEAD
from comparisons.domain.strength import FAIR_FROM, STRONG_FROM

from . import called

Text = str | Promise


class Term(NamedTuple):
    """A word and the sentence that explains it."""

    label: Text
    meaning: Text


_TERMS: list[tuple[StrEnum, Term]] = [
    (v.ValueType.LEVEL, Term(_("Level"), _("One of the levels of the criterion."))),
    (v.ValueType.NUMBER, Term(_("Number"), _("A number or a range, with a unit."))),
    (v.ValueType.TEXT, Term(_("Text"), _("A few words."))),
    (v.AddressKind.FRAMEWORK, Term(_("Framework"), _("One of the things that are compared."))),
    (v.AddressKind.GROUP, Term(_("Criterion group"), _("A heading under which criteria stand."))),
    (v.AddressKind.CRITERION, Term(_("Criterion"), _("A question that is asked of every framework."))),
    (v.AddressKind.ARTICLE, Term(_("Article"), _("A source."))),
    (v.AddressKind.CLAIM, Term(_("Claim"), _("One checkable statement."))),
    (v.AddressKind.COMPARISON, Term(_("Comparison"), _("A curated page."))),
    (v.Direction.HIGHER, Term(_("Higher is better"), _("The upper end of the scale is the better one."))),
    (v.Direction.LOWER, Term(_("Lower is better"), _("The lower end of the scale is the better one."))),
    (v.Direction.NONE, Term(_("No direction"), _("No end of the scale is better in itself."))),
    (v.Meaning.YES, Term(_("Yes"), _("The need is met in full."))),
    (v.Meaning.PARTIAL, Term(_("Partly"), _("The need is met with limits, or by an addition."))),
    (v.Meaning.NO, Term(_("No"), _("A source says that the need is not met."))),
    (v.Meaning.NOT_APPLICABLE, Term(_("Not applicable"), _("The question does not arise here."))),
    (v.Meaning.NEUTRAL, Term(_("Neutral"), _("A kind, neither better nor worse."))),
    (v.Precision.YEAR, Term(_("Year"), _("Only the year is known."))),
    (v.Precision.MONTH, Term(_("Month"), _("Year and month are known."))),
    (v.Precision.DAY, Term(_("Day"), _("The day is known."))),
    (v.ArticleKind.OFFICIAL_DOCUMENTATION, Term(_("Official documentation"), _("The project documents itself."))),
    (v.ArticleKind.RELEASE_NOTES, Term(_("Release notes"), _("What a project says about one of its releases."))),
    (v.ArticleKind.POLICY, Term(_("Policy"), _("Rules that a project sets for itself."))),
    (v.ArticleKind.REPOSITORY, Term(_("Repository"), _("Source code, package metadata and the files beside them."))),
    (v.ArticleKind.MEASUREMENT, Term(_("Measurement"), _("Measured by the editors, with the method stated."))),
    (v.ArticleKind.SURVEY, Term(_("Survey"), _("Answers of many people."))),
    (v.ArticleKind.BENCHMARK, Term(_("Benchmark"), _("A published test of speed or size."))),
    (v.ArticleKind.ARTICLE, Term(_("Article"), _("A text by an author or a company."))),
    (v.ArticleKind.TALK, Term(_("Talk"), _("A talk or a podcast."))),
    (v.ArticleKind.THREAD, Term(_("Thread"), _("A discussion or an issue."))),
    (v.Interest.OWN_PROJECT, Term(_("The project's own"), _("Published by the project it is about."))),
    (v.Interest.COMMERCIAL, Term(_("Commercial"), _("Published by someone who sells something related."))),
    (v.Interest.INDEPENDENT, Term(_("Independent"), _("No interest in the outcome is known."))),
    (v.LinkHealth.UNCHECKED, Term(_("Not checked"), _("We have not tested the address yet."))),
    (v.LinkHealth.OK, Term(_("Answers"), _("The address answered when it was last tried."))),
    (v.LinkHealth.UNKNOWN, Term(_("Unknown"), _("The address did not give a clear answer."))),
    (
        v.LinkHealth.DEAD,
        Term(
            _("Dead"),
            ngettext_lazy(
                "The address failed on %d day, and has not answered since.",
                "The address failed on %d different days, and has not answered since.",
                DAYS_UNTIL_DEAD,
            )
            % DAYS_UNTIL_DEAD,
        ),
    ),
    (v.LinkTrouble.NO_HOST, Term(_("No such host"), _("The host name does not exist."))),
    (v.LinkTrouble.NAME_SERVER, Term(_("Host not found"), _("The name of the host could not be looked up."))),
    (v.LinkTrouble.REFUSED, Term(_("Connection refused"), _("The host exists, but no server answers on it."))),
    (v.LinkTrouble.UNREACHABLE, Term(_("Not reached"), _("No connection could be made, or it was lost."))),
    (v.LinkTrouble.TIMEOUT, Term(_("Too slow"), _("The answer was not complete in time."))),
    (v.LinkTrouble.CERTIFICATE, Term(_("Bad certificate"), _("The certificate of the site could not be verified."))),
    (v.LinkTrouble.ENCRYPTION, Term(_("No encryption"), _("No encrypted connection could be negotiated."))),
    (v.LinkTrouble.BROKEN, Term(_("Broken answer"), _("What the host sent is not a valid HTTP response."))),
    (v.LinkTrouble.TOO_LARGE, Term(_("Too large"), _("The response headers are longer than we accept."))),
    (v.LinkTrouble.REDIRECTS, Term(_("Too many redirects"), _("There are more redirects than we follow."))),
    (
        v.LinkTrouble.NOT_ALLOWED,
        Term(_("Not asked"), _("It leads to a private network, or to a port or scheme that this site does not use.")),
    ),
    (
        v.LinkTrouble.ROBOTS,
        Term(_("Robots not allowed"), _("The robots.txt of the host disallows it, or could not be read.")),
    ),
    (
        v.LinkTrouble.ELSEWHERE,
        Term(_("Moved, look"), _("It leads to the front page of a site or to a login page: the page may be gone.")),
    ),
    (v.ClaimKind.CAPABILITY, Term(_("Capability"), _("What it can do."))),
    (v.ClaimKind.JUDGEMENT, Term(_("Judgement"), _("How good or suitable somebody finds it."))),
    (v.ClaimKind.FIGURE, Term(_("Figure"), _("A number that depends on its conditions."))),
    (v.ClaimKind.RECOMMENDATION, Term(_("Recommendation"), _("What to use it for, or not."))),
    (v.ClaimKind.PITFALL, Term(_("Pitfall"), _("What goes wrong, with its impact and its remedy."))),
    (v.ClaimKind.PRACTICE, Term(_("Practice"), _("A habit that is recommended."))),
    (v.ClaimKind.USAGE, Term(_("Usage"), _("Who uses it, and how many."))),
    (v.Polarity.PRO, Term(_("For"), _("Speaks for it."))),
    (v.Polarity.CON, Term(_("Against"), _("Speaks against it."))),
    (v.Polarity.NEUTRAL, Term(_("Neutral"), _("Speaks neither for nor against it."))),
    (v.Statistic.COUNT, Term(_("Count"), _("A number of things that were counted."))),
    (v.Statistic.MEAN, Term(_("Mean"), _("The mean of all measurements."))),
    (v.Statistic.MEDIAN, Term(_("Median"), _("Half of the measurements are below it, half above."))),
    (v.Statistic.MAXIMUM, Term(_("Maximum"), _("The largest of all measurements."))),
    (v.Statistic.P95, Term(_("95th percentile"), _("95 of 100 measurements are below it."))),
    (v.Statistic.P99, Term(_("99th percentile"), _("99 of 100 measurements are below it."))),
    (v.Likeness.FULL, Term(_("Like for like"), _("All frameworks did the same work under the same conditions."))),
    (v.Likeness.PART, Term(_("In part like for like"), _("Some conditions differ; the note says which."))),
    (v.Likeness.NONE, Term(_("Not like for like"), _("The frameworks did different work: no ratios are taken."))),
    (v.Status.DRAFT, Term(_("Draft"), _("Being written; readers do not see it."))),
    (v.Status.IN_REVIEW, Term(_("In review"), _("Waiting for a reviewer; readers do not see it."))),
    (v.Status.PUBLISHED, Term(_("Published"), _("Readers see it."))),
    (v.Status.WITHDRAWN, Term(_("Withdrawn"), _("Taken back; its page says when and why."))),
    (v.ReviewMark.UNSUPPORTED, Term(_("Unsupported"), _("The cited sources do not say so."))),
    (v.ReviewMark.UNCLEAR, Term(_("Unclear"), _("It can be read in more than one way."))),
    (v.ReviewMark.DUPLICATE, Term(_("Duplicate"), _("Another claim says the same."))),
    (v.ReviewMark.SEVERAL, Term(_("More than one claim"), _("It says several things; each needs its own claim."))),
    (v.ReviewMark.WRONG_CRITERION, Term(_("Wrong criterion"), _("It answers another question."))),
    (v.ReviewMark.NOT_A_CLAIM, Term(_("Not a claim"), _("It says nothing that a source could confirm."))),
    (v.HistoryStep.RENAME, Term(_("Renamed"), _("The record was given another address."))),
    (v.HistoryStep.MERGE, Term(_("Merged"), _("Two records became one."))),
    (
        v.HistoryStep.MOVE,
        Term(_("Moved"), _("A record that it names was merged or split; it says the same as before.")),
    ),
    (v.HistoryStep.SPLIT, Term(_("Split"), _("Part of a criterion became a criterion of its own."))),
    (v.HistoryStep.VERDICT, Term(_("Verdict given"), _("The claim was checked."))),
    (
        v.HistoryStep.OWN_PUBLICATION,
        Term(_("Published by its own author"), _("A superuser published what they had written.")),
    ),
    (
        v.HistoryStep.CHANGE_IN_PLACE,
        Term(_("Changed in place"), _("A superuser changed a published claim, and it stayed published.")),
    ),
    (v.HistoryStep.PUT_BACK, Term(_("Put back"), _("An earlier state was stored again."))),
    (v.HistoryStep.IMPORT, Term(_("Imported"), _("It was written by the import of a file."))),
    (v.HistoryStep.APPROVED, Term(_("Approved"), _("A proposed change was approved."))),
    (v.ProposalStatus.OPEN, Term(_("Open"), _("It waits for a reviewer."))),
    (v.ProposalStatus.RETURNED, Term(_("Returned"), _("A reviewer sent it back to those who wrote it."))),
    (v.ProposalStatus.APPROVED, Term(_("Approved"), _("Readers see it."))),
    (v.ProposalStatus.TAKEN_BACK, Term(_("Taken back"), _("Those who wrote it gave it up."))),
    (v.ChallengeKind.WRONG, Term(_("It is wrong"), _("The answer, or the statement, is not so."))),
    (v.ChallengeKind.OUTDATED, Term(_("It was right once, no longer"), _("Something changed since."))),
    (v.ChallengeKind.MISREAD, Term(_("A source is misread"), _("The source says something else."))),
    (v.ChallengeKind.SOURCE, Term(_("A source is missing"), _("There is one that says more, or otherwise."))),
    (
        v.ChallengeStatus.OPEN,
        Term(_("Open"), _("It waits for an editor. Readers do not see yet what it says.")),
    ),
    (v.ChallengeStatus.KEPT, Term(_("Kept"), _("The editors looked, and what stands here stays."))),
    (v.ChallengeStatus.CHANGED, Term(_("Changed"), _("The editors looked, and changed what stands here."))),
    (
        v.ChallengeStatus.SET_ASIDE,
        Term(_("Set aside"), _("Nothing in it can be checked. Readers see nothing of it.")),
    ),
    (v.Verdict.HOLDS, Term(pgettext_lazy("verdict", "Holds"), _("Checked against its sources and found to be true."))),
    (v.Verdict.OUTDATED, Term(_("Outdated"), _("It was true once. It stays visible but no longer counts."))),
    (v.Verdict.WRONG, Term(_("Wrong"), _("The sources named show otherwise. It stays visible but does not count."))),
    (v.Verdict.OPINION, Term(_("Opinion"), _("A view that you may share or not. There is nothing to prove."))),
    (v.Verdict.CANNOT_BE_CHECKED, Term(_("Cannot be checked"), _("We have nothing to check it against."))),
    (v.Verdict.UNCHECKED, Term(_("Unchecked"), _("We have not checked it yet."))),
    (
        v.ProofOutcome.HOLDS,
        Term(
            pgettext_lazy("outcome", "Holds"),
            _("The program ended without an error, as it does while the claim holds."),
        ),
    ),
    (
        v.ProofOutcome.FAILS,
        Term(pgettext_lazy("outcome", "Fails"), _("The program ended with an error. Editors judge what follows.")),
    ),
    (
        v.ProofOutcome.CANNOT_RUN,
        Term(
            _("Could not be run"), _("A package was missing, or its time was over. This says nothing about the claim.")
        ),
    ),
    (v.ChangeKind.ANSWER, Term(_("new answer"), _("The answer that the sources bear out most strongly changed."))),
    (v.ChangeKind.DISPUTED, Term(_("now disputed"), _("Sources began to disagree."))),
    (v.ChangeKind.SETTLED, Term(_("no longer disputed"), _("Only one answer is left."))),
    (v.ChangeKind.RULED, Term(_("ruled"), _("The editors decided, or left it open."))),
    (v.ChangeKind.UNRULED, Term(_("ruling withdrawn"), _("The editors took their decision back."))),
    (v.ChangeKind.FACT_CHECK, Term(_("fact check"), _("A statement was checked, with another result than before."))),
    (v.ChangeKind.RECHECK, Term(_("may be outdated"), _("A release came out that may have changed the answer."))),
    (v.ChangeKind.RECHECKED, Term(_("checked again"), _("Newer evidence or a check bears the answer out."))),
    (v.ChangeKind.ADDED, Term(_("new here"), _("It is compared from now on."))),
    (v.LineKind.PICK, Term(_("Pick it for"), _("What its claims recommend it for."))),
    (v.LineKind.TWICE, Term(_("Think twice"), _("What it costs, or where it falls short."))),
    (v.LineKind.NOT_FOR, Term(_("Not for"), _("What its claims advise against."))),
    (v.LineKind.AGREED, Term(_("Agreed"), _("No source that speaks of it says otherwise."))),
    (v.LineKind.NOT_AGREED, Term(_("Not agreed"), _("Sources say different things about it."))),
    (v.Stance.SUPPORTS, Term(pgettext_lazy("stance", "supports"), _("The source says so."))),
    (v.Stance.QUALIFIES, Term(pgettext_lazy("stance", "partly agrees"), _("The source adds a limit or a condition."))),
    (v.Stance.DISPUTES, Term(pgettext_lazy("stance", "disputes"), _("The source says otherwise."))),
    (v.Reason.DIFFERENT_VERSION, Term(_("Different version"), _("The sources are about different versions."))),
    (
        v.Reason.DIFFERENT_DEFINITION,
        Term(_("Different definition"), _("The sources mean different things by the same word.")),
    ),
    (v.Reason.DIFFERENT_SCALE, Term(_("Different scale"), _("The sources measure differently."))),
    (v.Reason.OPINION, Term(pgettext_lazy("reason", "Opinion"), _("Opinions differ."))),
    (v.Reason.FACTUAL_ERROR, Term(_("Factual error"), _("A source is mistaken about a fact."))),
    (v.Reason.MISPRINT, Term(_("Misprint"), _("One source has a typing error."))),
    (v.Agreement.NO_EVIDENCE, Term(_("No evidence"), _("We have found no source yet, or none that counts."))),
    (v.Agreement.NO_VALUE, Term(_("No answer"), _("Claims comment on the question, but none answers it."))),
    (v.Agreement.SINGLE_SOURCE, Term(_("Single source"), _("One independent source gives this answer."))),
    (v.Agreement.UNANIMOUS, Term(_("Unanimous"), _("All independent sources give the same answer."))),
    (v.Agreement.DISPUTED, Term(_("Disputed"), _("Sources give different answers, or one disputes an answer."))),
    (v.RulingState.NONE, Term(_("No ruling"), _("The editors have not decided."))),
    (v.RulingState.RULED, Term(_("Ruled"), _("The editors decided which answer stands, and say why."))),
    (v.RulingState.OPEN, Term(_("Open"), _("The editors looked at it and could not decide."))),
    (
        v.Strength.STRONG,
        Term(
            pgettext_lazy("evidence", "strong"),
            ngettext_lazy("%d or more independent sources.", "%d or more independent sources.", STRONG_FROM)
            % STRONG_FROM,
        ),
    ),
    (
        v.Strength.FAIR,
        Term(
            pgettext_lazy("evidence", "fair"),
            ngettext_lazy("%d independent source.", "%d independent sources.", FAIR_FROM) % FAIR_FROM,
        ),
    ),
    (v.Strength.THIN, Term(pgettext_lazy("evidence", "thin"), _("One independent source, or none."))),
    (v.Importance.NONE, Term(pgettext_lazy("weight", "None"), _("It adds no points."))),
    (v.Importance.SOME, Term(pgettext_lazy("weight", "Some"), _("Its points count once."))),
    (v.Importance.MUCH, Term(pgettext_lazy("weight", "Much"), _("Its points count twice."))),
    (v.Importance.MOST, Term(pgettext_lazy("weight", "Most"), _("Its points count four times."))),
    (v.Silence.NO, Term(pgettext_lazy("silence", "No"), _("A source says that it is not so."))),
    (
        v.Silence.NOT_APPLICABLE,
        Term(pgettext_lazy("silence", "Not applicable"), _("The question does not arise here.")),
    ),
    (v.Silence.SOURCE_SILENT, Term(_("This source is silent"), _("The source you chose says nothing about it."))),
    (
        v.Silence.NOBODY,
        Term(_("No source found yet"), _("Nobody has read a source on this yet. This does not mean “no”.")),
    ),
]
#: By list and word, since two lists may share a word: "opinion" is both a verdict and a reason.
_BY_WORD = {(type(word), word): term for word, term in _TERMS}

#: Words of ours that pages explain where they stand, by the name that templates use.
EXPLAINED: dict[str, Term] = {
    "claim": Term(_("claim"), _("One statement that can be checked, with the sources that support or dispute it.")),
    "claims": Term(_("claims"), _("Statements that can be checked, each with the sources that support or dispute it.")),
    "sources": Term(
        _("sources"),
        _("What we have read and cite: documentation, articles, talks, measurements. One publisher counts once."),
    ),
    "question": Term(_("question"), _("Something we ask of every framework, also called a criterion.")),
    "questions": Term(_("questions"), _("What we ask of every framework. Each is also called a criterion.")),
    "answer": Term(_("answer"), _("What all claims about one framework and one question add up to.")),
    "evidence": Term(
        _("evidence"), _("How many independent sources support this, how recent they are, and whether they agree.")
    ),
    "fact-check": Term(
        _("fact check"), _("Whether we found the claim to be true. It never replaces what a source says.")
    ),
    "disputed": Term(_("disputed"), _("Sources give different answers, or one says that another is wrong.")),
    "ruling": Term(
        _("ruling"), _("The editors’ decision where sources contradict each other: the answer that stands, and why.")
    ),
    "coverage": Term(_("coverage"), _("How many of our questions have an answer from at least one source.")),
    "benchmark": Term(_("benchmark"), _("One test by one source that measured several frameworks in the same way.")),
    "interest": Term(
        _("interest"), _("What the publisher has to gain: its own project, something to sell, or nothing.")
    ),
}

#: The reasons for a strength as readers see them, by the code of a StrengthStep. `{count}` stands for its count.
REASONS: dict[str, Text] = {
    "witnesses": _("independent sources that say so: {count}"),
    "borne-out": _("borne out by the project's own documentation or release notes, or by a measurement"),
    "readings": _("every passage behind it is unclear, and interpreted by us"),
    "cannot-be-checked": _("our fact check found that it cannot be checked"),
    "no-method": _("the method of the figure is not stated"),
    "disputed": _("disputed, and the editors have not ruled"),
    "own-words": _("the editors' own wording: no source gives exactly this answer"),
    "old": ngettext_lazy("nothing newer than %d year", "nothing newer than %d years", YEARS_UNTIL_OLD)
    % YEARS_UNTIL_OLD,
}

#: Labels of the conditions of a figure, in order.
CONDITION_LABELS: dict[str, Text] = {name: called.condition(name) for name in v.CONDITIONS}


def term(word: StrEnum) -> Term:
    """A word of a closed list as readers see it, with the sentence that explains it."""
    return _BY_WORD[type(word), word]


def label(word: StrEnum) -> Text:
    """The word as readers see it."""
    return term(word).label


def choices(words: Iterable[StrEnum]) -> list[tuple[str, Text]]:
    """The words as the choices of a field."""
    return [(word.value, label(word)) for word in words]
