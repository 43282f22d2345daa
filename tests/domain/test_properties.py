"""What holds of every assessment, whatever the claims: ties, claims without support, mixed kinds of value."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from comparisons.domain.assessment import Assessment, assess
from comparisons.domain.freshness import FeatureRelease
from comparisons.domain.matrix import LevelView, cell_fields
from comparisons.domain.statements import Decision, Number, Source, Statement, Value
from comparisons.domain.vocabulary import Agreement, ClaimKind, Stance, Status, Strength, Verdict

from .builders import TODAY, benchmark

WITNESSES = st.sampled_from(["ada", "ben", "cleo", "dora"])
DAYS = st.one_of(st.none(), st.dates(dt.date(2019, 1, 1), dt.date(2027, 12, 31)))
TODAYS = st.dates(dt.date(2019, 1, 1), dt.date(2029, 12, 31))
SOURCES = st.builds(
    Source, article=st.just("an-article"), witness=WITNESSES, stance=st.sampled_from(Stance), dated=DAYS,
    reading=st.booleans(), bears_out=st.booleans(),
)  # fmt: skip
ENDS = st.decimals(-20, 20, places=1)
NUMBERS = st.builds(lambda a, b, about: Number(min(a, b), max(a, b), about), ENDS, ENDS, st.booleans())
VALUES: st.SearchStrategy[Value] = st.one_of(st.sampled_from(["built-in", "addon", "none"]), NUMBERS)
TESTS = [
    benchmark("wide", width=9), benchmark("narrow", width=3), benchmark("new", width=3, dated=TODAY),
    benchmark("silent", width=12, states_method=False),
]  # fmt: skip
STATEMENTS = st.builds(
    Statement, key=st.just(""), kind=st.sampled_from(ClaimKind), sources=st.lists(SOURCES, max_size=4).map(tuple),
    value=st.one_of(st.none(), VALUES), status=st.sampled_from([Status.PUBLISHED] * 6 + list(Status)),
    verdict=st.sampled_from([Verdict.HOLDS] * 4 + list(Verdict)), states_method=st.booleans(),
    benchmark=st.sampled_from([None, None, *TESTS]), variant=st.sampled_from(["", "", "turbo"]),
    left_out=st.sampled_from(["", "", "", "Debug mode."]),
)  # fmt: skip
CELLS = st.lists(STATEMENTS, max_size=6).map(lambda found: [replace(s, key=f"k{n}") for n, s in enumerate(found)])
RULINGS = st.one_of(st.none(), st.builds(Decision, st.one_of(st.none(), VALUES)))
RELEASES = st.lists(st.builds(FeatureRelease, st.dates(dt.date(2019, 1, 1), dt.date(2028, 1, 1)), st.just("2.0")))
#: Figures of a benchmark that is narrower than all others.
NARROWEST = STATEMENTS.map(lambda one: replace(one, key="narrowest", benchmark=benchmark("narrowest", width=1)))
_ORDER = [Strength.THIN, Strength.FAIR, Strength.STRONG]


def rank(found: Assessment, today: dt.date) -> int:
    assert found.headline is not None
    return _ORDER.index(found.headline.strength(today))


#: What depends on the value that is shown.
HEADLINE = ("headline", "ruling", "sides", "tally", "others", "unchecked", "behind")


def apart_from_headline(found: Assessment) -> dict[str, object]:
    return {f.name: getattr(found, f.name) for f in fields(found) if f.name not in HEADLINE}


@given(CELLS, RULINGS, RELEASES, st.randoms(use_true_random=False))
def test_the_order_of_claims_sources_and_releases_never_matters(claims, ruling, releases, random):
    shuffled = [replace(s, sources=tuple(random.sample(s.sources, len(s.sources)))) for s in claims]
    random.shuffle(shuffled)
    late = random.sample(releases, len(releases))
    assert assess(shuffled, ruling, late) == assess(claims, ruling, releases)


@given(CELLS, STATEMENTS, RULINGS, st.sampled_from([Status.DRAFT, Status.IN_REVIEW, Status.WITHDRAWN]))
def test_a_claim_that_readers_do_not_see_changes_nothing(claims, hidden, ruling, status):
    hidden = replace(hidden, key="hidden", status=status)
    assert assess([*claims, hidden], ruling) == assess(claims, ruling)


@given(CELLS, STATEMENTS, RULINGS, st.sampled_from([Verdict.WRONG, Verdict.OUTDATED]))
def test_a_refuted_claim_changes_nothing(claims, refuted, ruling, verdict):
    assert assess([*claims, replace(refuted, key="refuted", verdict=verdict)], ruling) == assess(claims, ruling)


@given(CELLS, SOURCES, RULINGS, TODAYS, st.data())
def test_a_further_witness_for_the_headline_never_lowers_its_strength(claims, source, ruling, today, data):
    before = assess(claims, ruling)
    if before.headline is None:
        return
    backed = [n for n, s in enumerate(claims) if s.counts and s.sources and backs(s, before)]
    if not backed:
        return
    place = data.draw(st.sampled_from(backed))
    more = replace(source, witness="new", stance=Stance.SUPPORTS)
    claims[place] = replace(claims[place], sources=(*claims[place].sources, more))
    after = assess(claims, ruling)
    assert after.headline is not None
    assert after.headline.value == before.headline.value or isinstance(before.headline.value, Number)
    assert rank(after, today) >= rank(before, today)


@given(CELLS, STATEMENTS, SOURCES, RULINGS, TODAYS)
def test_a_further_claim_with_the_value_of_the_headline_never_lowers_its_strength(claims, more, source, ruling, today):
    before = assess(claims, ruling)
    if before.headline is None:
        return
    support = replace(source, witness="new", stance=Stance.SUPPORTS)
    more = replace(more, key="more", value=before.headline.value, sources=(support,))
    after = assess([*claims, replace(more, status=Status.PUBLISHED, verdict=Verdict.HOLDS)], ruling)
    assert after.headline is not None and after.headline.value == before.headline.value
    assert rank(after, today) >= rank(before, today)


@given(CELLS, SOURCES, RULINGS, TODAYS, st.data())
def test_a_witness_who_disputes_it_never_raises_the_strength_of_a_headline(claims, source, ruling, today, data):
    before = assess(claims, ruling)
    against = [n for n, s in enumerate(claims) if before.headline and backs(s, before)]
    if not against:
        return
    place = data.draw(st.sampled_from(against))
    opponent = replace(source, stance=Stance.DISPUTES)
    claims[place] = replace(claims[place], sources=(*claims[place].sources, opponent))
    after = assess(claims, ruling)
    assert after.headline is not None and after.headline.value == before.headline.value
    assert rank(after, today) <= rank(before, today)


@given(CELLS, STATEMENTS, RULINGS, TODAYS)
def test_a_rival_value_never_raises_the_strength_of_the_headline_it_opposes(claims, rival, ruling, today):
    before = assess(claims, ruling)
    if before.headline is None:
        return
    after = assess([*claims, replace(rival, key="rival", value="rival")], ruling)
    assert after.headline is not None
    if after.headline.value == before.headline.value:
        assert rank(after, today) <= rank(before, today)


@given(CELLS, SOURCES, RULINGS)
def test_a_second_article_of_a_publisher_adds_no_witness(claims, source, ruling):
    """A rewrite carries the witness of the article it follows, so it says the same thing once more."""
    repeated = [replace(s, sources=s.sources * 2) for s in claims]
    assert assess(repeated, ruling) == assess(claims, ruling)


@given(CELLS, RULINGS, RELEASES)
def test_a_ruling_changes_the_headline_and_who_bears_it_out_and_nothing_else(claims, ruling, releases):
    free, ruled = assess(claims, None, releases), assess(claims, ruling, releases)
    assert apart_from_headline(ruled) == apart_from_headline(free)
    if ruling is None or ruling.value is None:
        assert ruled.headline == free.headline
    else:
        assert ruled.headline is not None and ruled.headline.value == ruling.value


@given(CELLS, RULINGS, TODAYS)
def test_strength_is_the_sum_of_its_printed_reasons(claims, ruling, today):
    found = assess(claims, ruling)
    if found.headline:
        total = sum(step.by for step in found.headline.reasons(today))
        assert rank(found, today) == max(0, min(2, total - 1))


@given(CELLS, TODAYS, TODAYS)
def test_strength_never_grows_by_waiting(claims, one, other):
    found = assess(claims)
    if found.headline:
        assert rank(found, max(one, other)) <= rank(found, min(one, other))


@given(CELLS)
def test_counts_and_agreement_tell_the_same_story(claims):
    found = assess(claims)
    single = found.counts == (1,)
    assert {
        Agreement.NO_EVIDENCE: found.claims == 0 and not found.counts,
        Agreement.NO_VALUE: not found.counts and found.headline is None,
        Agreement.SINGLE_SOURCE: single,
        Agreement.UNANIMOUS: len(found.counts) == 1 and not single,
        Agreement.DISPUTED: len(found.counts) > 1
        or any(reading.against and isinstance(reading.value, str) for reading in found.readings),
    }[found.agreement]


@given(CELLS, RULINGS)
def test_a_headline_without_a_ruling_has_a_witness(claims, ruling):
    headline = assess(claims).headline
    assert headline is None or headline.witnesses > 0


@given(CELLS, NARROWEST)
def test_a_figure_of_another_benchmark_never_changes_a_headline_once_the_benchmark_is_chosen(claims, narrowest):
    before = assess(claims)
    if before.headline and before.headline.origin and before.headline.origin.benchmark:
        figure = replace(narrowest, value=Number(Decimal(7), Decimal(7)))
        assert assess([*claims, figure]).headline == before.headline


@given(CELLS, SOURCES, st.data())
def test_a_source_that_disputes_a_figure_is_never_a_witness_for_it(claims, source, data):
    numbers = [n for n, s in enumerate(claims) if isinstance(s.value, Number)]
    if not numbers:
        return
    before = assess(claims)
    place = data.draw(st.sampled_from(numbers))
    opponent = replace(source, witness="opponent", stance=Stance.DISPUTES)
    claims[place] = replace(claims[place], sources=(*claims[place].sources, opponent))
    after = assess(claims)
    assert after.sides.headline == before.sides.headline
    assert all("opponent" not in reading.witnesses for reading in after.readings)


@given(CELLS, RULINGS)
def test_every_witness_stands_in_exactly_one_place(claims, ruling):
    found = assess(claims, ruling)
    places = [*found.sides.headline, *found.sides.against, *found.sides.aside, *sum(found.sides.others, ())]
    assert sorted(places) == sorted({c.witness for s in claims if s.counts for c in s.sources})
    if ruling is None:
        assert sum(found.counts) + found.against + len(found.sides.aside) - found.repeated == found.witnesses
    assert found.headline is None or found.headline.witnesses == len(found.sides.headline)


@given(CELLS, RULINGS)
def test_the_tally_has_as_many_ticks_as_there_are_witnesses(claims, ruling):
    found = assess(claims, ruling)
    assert len(found.tally) == found.witnesses >= max(found.counts, default=0)


@given(CELLS, RULINGS, RELEASES)
def test_every_assessment_fits_a_stored_cell(claims, ruling, releases):
    levels = {slug: LevelView(slug, slug, "yes", 1) for slug in ("built-in", "addon")}
    stored = cell_fields(assess(claims, ruling, releases), levels)
    assert len(str(stored["value_key"])) <= 80
    assert (
        sum(bool(stored[name]) or stored[name] == 0 for name in ("level_slug", "number", "text") if stored[name] != "")
        <= 1
    )


def backs(claim: Statement, found: Assessment) -> bool:
    """Whether a claim gives the value of the headline."""
    return found.headline is not None and claim.key in found.headline.claims
