"""Sets of totals that are only a part of another: the line of one rate beside the sum of all rates."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Final

import msgspec

from app.extraction.page.sums.cast import Totals
from app.model.money import ZERO

_LOST: Final = 1.0  # of its score, by a set that is part of another
_MOST: Final = 10  # sets of one rate that are tried
_RATES: Final = 3  # of the rates whose lines may make the rest

_Pair = tuple[Decimal, Decimal]


def without_parts(sets: Sequence[Totals]) -> list[Totals]:
    """The sets; one whose net and tax, with those of other rates, make another's is lowered."""
    closed = [chosen for chosen in sets if chosen.closed and _pair(chosen) is not None]
    single = list(dict.fromkeys(pair for one in closed if one.rate_closed and (pair := _pair(one))))[:_MOST]
    sums = set(_sums(single))
    wholes = {pair for one in closed if (pair := _pair(one))}
    return [
        msgspec.structs.replace(chosen, score=chosen.score - _LOST)
        if chosen.closed and _is_part(_pair(chosen), wholes, sums)
        else chosen
        for chosen in sets
    ]


def _pair(chosen: Totals) -> _Pair | None:
    return (chosen.net.value, chosen.tax.value) if chosen.net and chosen.tax else None


def _sums(pairs: Sequence[_Pair]) -> Iterator[_Pair]:
    for count in range(1, min(_RATES, len(pairs)) + 1):
        for some in combinations(pairs, count):
            yield sum((net for net, _ in some), ZERO), sum((tax for _, tax in some), ZERO)


def _is_part(own: _Pair | None, wholes: set[_Pair], sums: set[_Pair]) -> bool:
    """Whether what another set has beyond this one is the sum of lines of single rates."""
    if own is None or own not in sums:
        return False
    rest = ((net - own[0], tax - own[1]) for net, tax in wholes)
    return any(net > 0 and tax >= 0 and (net, tax) in sums and (net, tax) != own for net, tax in rest)
