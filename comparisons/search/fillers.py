"""Words of questions that name nothing: "which framework should I use for …"."""

from __future__ import annotations

from . import terms

#: Left out when a search is matched with names, unless they are part of a longer name.
FILLERS = terms.FUNCTION_WORDS | frozenset(
    """a about actually after all also am among any anyone anything are available bad be become been being best better
    between big both built builtin can cannot cant choose come comes compare compared comparing comparison consider
    could did differ difference differences different do does doing done dont each easily either else enough ever
    every exist exists explain explained far feature features find for framework frameworks from get gets give given
    go going good got great had handle handles handling happen has have having help here how i if in include
    included includes info information instead into is it its just kind know let like likes lot many may me mean
    means might more most much must my native natively need needed needs new no not of offer offers on one only
    option options or other our out over please possible prefer properly provide provided provides question quite
    rather really recommended right same say says see should show so some someone something still such support
    supported supporting supports sure take tell than that the their them then there these they thing things think
    this those to too try under up us use used useful uses using v versus very via vs want was way we well were what
    when where whether which while who whose why will wise with within without work working works worse worth would
    yes yet you your""".split()  # noqa: SIM905
)

#: Words of going from one thing to another: with two names in a search they say no more than that both are meant.
MOVING = frozenset(
    """migrate migrating move moving port porting switch switching replace replacing rewrite rewriting convert
    converting""".split()  # noqa: SIM905
)

#: Words between two names that ask for a comparison.
JOINING = frozenset("vs versus v or against compared".split())  # noqa: SIM905
