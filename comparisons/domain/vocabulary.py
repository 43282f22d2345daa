"""The closed word lists of the knowledge base. Labels and explanations: comparisons/language/labels.py."""

from enum import StrEnum


class ValueType(StrEnum):
    """How the answers to a criterion are expressed."""

    LEVEL = "level"
    NUMBER = "number"
    TEXT = "text"


class AddressKind(StrEnum):
    """The kinds of record that an address names by a slug, in its path or in a parameter."""

    FRAMEWORK = "framework"
    GROUP = "group"
    CRITERION = "criterion"
    ARTICLE = "article"
    CLAIM = "claim"
    COMPARISON = "comparison"


class Direction(StrEnum):
    """Which end of a scale is better, if any."""

    HIGHER = "higher-better"
    LOWER = "lower-better"
    NONE = "none"


class Meaning(StrEnum):
    """What a level says, whatever it is called."""

    YES = "yes"
    PARTIAL = "partial"
    NO = "no"
    NOT_APPLICABLE = "not-applicable"
    NEUTRAL = "neutral"


class Precision(StrEnum):
    """How exactly a date is known; the stored day is the first of the period."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"


class ArticleKind(StrEnum):
    OFFICIAL_DOCUMENTATION = "official-documentation"
    RELEASE_NOTES = "release-notes"
    POLICY = "policy"
    REPOSITORY = "repository"
    MEASUREMENT = "measurement"
    SURVEY = "survey"
    BENCHMARK = "benchmark"
    ARTICLE = "article"
    TALK = "talk"
    THREAD = "thread"


#: Pages that are kept up to date by their owners: what they say holds on the day they were read.
LIVING_KINDS = frozenset({ArticleKind.OFFICIAL_DOCUMENTATION, ArticleKind.POLICY, ArticleKind.REPOSITORY})


class Interest(StrEnum):
    """What the publisher of an article has to gain."""

    OWN_PROJECT = "own-project"
    COMMERCIAL = "commercial"
    INDEPENDENT = "independent"


class LinkHealth(StrEnum):
    UNCHECKED = "unchecked"
    OK = "ok"
    UNKNOWN = "unknown"
    DEAD = "dead"


class LinkTrouble(StrEnum):
    """Why an address gave no answer, or was not requested."""

    NO_HOST = "no-host"
    NAME_SERVER = "name-server"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    CERTIFICATE = "certificate"
    ENCRYPTION = "encryption"
    BROKEN = "broken"
    TOO_LARGE = "too-large"
    REDIRECTS = "redirects"
    NOT_ALLOWED = "not-allowed"
    ROBOTS = "robots"
    ELSEWHERE = "elsewhere"


class ClaimKind(StrEnum):
    CAPABILITY = "capability"
    JUDGEMENT = "judgement"
    FIGURE = "figure"
    RECOMMENDATION = "recommendation"
    PITFALL = "pitfall"
    PRACTICE = "practice"
    USAGE = "usage"


class Polarity(StrEnum):
    PRO = "pro"
    CON = "con"
    NEUTRAL = "neutral"


class Statistic(StrEnum):
    """Which statistic of many measurements a benchmark reports."""

    COUNT = "count"
    MEAN = "mean"
    MEDIAN = "median"
    MAXIMUM = "maximum"
    P95 = "p95"
    P99 = "p99"


class Likeness(StrEnum):
    """How far a benchmark measured its frameworks under like conditions."""

    FULL = "full"
    PART = "part"
    NONE = "none"


class Status(StrEnum):
    """The life of a claim; readers see published ones only."""

    DRAFT = "draft"
    IN_REVIEW = "in-review"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class ReviewMark(StrEnum):
    """Why a reviewer sends a claim back to its author."""

    UNSUPPORTED = "unsupported"
    UNCLEAR = "unclear"
    DUPLICATE = "duplicate"
    SEVERAL = "several"
    WRONG_CRITERION = "wrong-criterion"
    NOT_A_CLAIM = "not-a-claim"


class HistoryStep(StrEnum):
    """What kind of change an entry of a history records, where it was more than an ordinary save."""

    RENAME = "rename"
    MERGE = "merge"
    MOVE = "move"
    SPLIT = "split"
    VERDICT = "verdict"
    OWN_PUBLICATION = "own-publication"
    CHANGE_IN_PLACE = "change-in-place"
    PUT_BACK = "put-back"
    IMPORT = "import"
    APPROVED = "approved"


class ProposalStatus(StrEnum):
    """The life of a proposal; the first two wait for somebody."""

    OPEN = "open"
    RETURNED = "returned"
    APPROVED = "approved"
    TAKEN_BACK = "taken-back"


class ChallengeKind(StrEnum):
    """What a reader holds against what stands here."""

    WRONG = "wrong"
    OUTDATED = "outdated"
    MISREAD = "misread"
    SOURCE = "source"


class ChallengeStatus(StrEnum):
    """The life of an objection. Readers see those that were answered, and nothing of one that was set aside."""

    OPEN = "open"
    KEPT = "kept"
    CHANGED = "changed"
    SET_ASIDE = "set-aside"


class Verdict(StrEnum):
    """The fact check of a claim, beside what its sources say and never instead of it."""

    HOLDS = "holds"
    OUTDATED = "outdated"
    WRONG = "wrong"
    OPINION = "opinion"
    CANNOT_BE_CHECKED = "cannot-be-checked"
    UNCHECKED = "unchecked"


#: Verdicts that state a fact; each needs a note and the articles that show it.
PROVEN_VERDICTS = frozenset({Verdict.HOLDS, Verdict.OUTDATED, Verdict.WRONG})


class ProofOutcome(StrEnum):
    """What came out when the program that proves a claim was run."""

    HOLDS = "holds"
    FAILS = "fails"
    CANNOT_RUN = "cannot-run"


class ChangeKind(StrEnum):
    """What kind of meaning changed.

    An answer, whether it is disputed, a ruling, a fact check, whether a recheck is due, or what is compared.
    """

    ANSWER = "answer"
    DISPUTED = "disputed"
    SETTLED = "settled"
    RULED = "ruled"
    UNRULED = "unruled"
    FACT_CHECK = "fact-check"
    RECHECK = "recheck"
    RECHECKED = "rechecked"
    ADDED = "added"


class LineKind(StrEnum):
    """What a line of the verdict of a comparison says; the first three are about one framework."""

    PICK = "pick"
    TWICE = "twice"
    NOT_FOR = "not-for"
    AGREED = "agreed"
    NOT_AGREED = "not-agreed"


#: The kinds of line that are about one framework, in the order in which they are shown.
LINES_OF_FRAMEWORK = (LineKind.PICK, LineKind.TWICE, LineKind.NOT_FOR)


class Stance(StrEnum):
    SUPPORTS = "supports"
    QUALIFIES = "qualifies"
    DISPUTES = "disputes"


class Reason(StrEnum):
    """Why the sources of a cell conflict, as an editor sees it."""

    DIFFERENT_VERSION = "different-version"
    DIFFERENT_DEFINITION = "different-definition"
    DIFFERENT_SCALE = "different-scale"
    OPINION = "opinion"
    FACTUAL_ERROR = "factual-error"
    MISPRINT = "misprint"


class Agreement(StrEnum):
    """How far the witnesses of a cell agree."""

    NO_EVIDENCE = "no-evidence"
    NO_VALUE = "no-value"
    SINGLE_SOURCE = "single-source"
    UNANIMOUS = "unanimous"
    DISPUTED = "disputed"


class RulingState(StrEnum):
    NONE = "none"
    RULED = "ruled"
    OPEN = "open"


class Strength(StrEnum):
    STRONG = "strong"
    FAIR = "fair"
    THIN = "thin"


class Importance(StrEnum):
    """How much a reader who chooses gives for a criterion."""

    NONE = "none"
    SOME = "some"
    MUCH = "much"
    MOST = "most"


class Silence(StrEnum):
    """The four ways in which a cell can lack a plain yes, kept apart in words."""

    NO = "no"
    NOT_APPLICABLE = "not-applicable"
    SOURCE_SILENT = "source-silent"
    NOBODY = "nobody"


#: The circumstances a figure depends on, in the order they are shown. Blank reads "not stated".
CONDITIONS = ("hardware", "server", "workers", "versions", "payload", "concurrency", "date")
