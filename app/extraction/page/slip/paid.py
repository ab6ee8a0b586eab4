"""The total of a till slip: what was to be paid in the end, after the rounding of cash.

Several lines are called a total. Which one was paid is proved by what was handed over less the change, by net
and tax, by the rounding between two totals.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import product
from typing import Final

from app.extraction.page.slip.entries import TENDER, TOTAL, Entry, entries
from app.extraction.page.sums.cast import Sum
from app.extraction.page.sums.roles import printed
from app.extraction.page.text.lines import Place
from app.extraction.page.text.scan import Scan
from app.model.money import CENT, ZERO

_CHANGE_PROOF: Final = 1.2
_CARD_PROOF: Final = 0.6
_CASH_PROOF: Final = 0.3
"""Without change beside it: it may have been handed over for less."""
_SUM_PROOF: Final = 0.8
_ROUNDED: Final = 0.8
"""For a total that is another total and the rounding between them."""
_NAMED_ROUNDED: Final = 0.4
_SHARED: Final = 0.5
"""Of the worth of a name whose line has other amounts beside it: a row of the table of taxes."""
_NET: Final = 0.3
"""For a line called net: on some slips the last of all sums is."""
_REPEATED: Final = 0.1
_TWO_PROOFS: Final = 1.9
"""Together more than any one of them: what proves an amount that recognition misread."""
_MOST: Final = 12
"""Entries of one kind that are tried."""


def paid(found: Scan) -> Sum | None:
    """The total of the slip; `None` where nothing names or proves one."""
    lines = entries(found)
    named = _named(lines)
    proofs = _proofs(lines, named)
    scores = {value: named.get(value, ZERO_SCORE)[0] + proofs.get(value, 0.0) for value in (*named, *proofs)}
    ranked = sorted(scores, key=lambda value: -scores[value])
    for value in ranked:
        place = _place_of(value, found, named)
        if place is not None or proofs.get(value, 0.0) >= _TWO_PROOFS:
            return Sum(value, place, min(scores[value], 1.0))
    return None


ZERO_SCORE: Final[tuple[float, Entry | None]] = (0.0, None)


def _named(lines: Sequence[Entry]) -> dict[Decimal, tuple[float, Entry | None]]:
    """The amounts that are called a total, with how well."""
    found: dict[Decimal, tuple[float, Entry | None]] = {}
    for entry in lines:
        if not entry.says(*TOTAL, "net") or entry.value <= 0:
            continue
        score = (
            _NET
            if entry.says("net")
            else entry.weight * (1.0 if entry.alone else _SHARED) + _NAMED_ROUNDED * entry.says("rounding")
        )
        held = found.get(entry.value)
        if held is None:
            found[entry.value] = (score, entry)
        else:
            found[entry.value] = (max(held[0], score) + _REPEATED, held[1])
    return found


def _place_of(value: Decimal, found: Scan, named: dict[Decimal, tuple[float, Entry | None]]) -> Place | None:
    """Where the amount stands, beside its name where it has one."""
    entry = named.get(value, ZERO_SCORE)[1]
    if entry:
        return entry.place
    return next(
        (line.place(hit.start, hit.end) for line, hit in printed(found) if hit.readings[0] == value), None
    )


def _proofs(lines: Sequence[Entry], named: dict[Decimal, tuple[float, Entry | None]]) -> dict[Decimal, float]:
    """What speaks for an amount beside its name; each kind of proof counts once."""
    found: dict[Decimal, float] = {}
    for worth, values in (
        (_CHANGE_PROOF, set(_kept(lines))),
        (_CARD_PROOF, {entry.value for entry in _of(lines, "method_card")}),
        (_CASH_PROOF, {entry.value for entry in _of(lines, *TENDER) if not entry.says("method_card")}),
        (_SUM_PROOF, set(_summed(lines))),
        (_ROUNDED, set(_rounded(lines, named))),
    ):
        for value in values:
            if value > 0:
                found[value] = found.get(value, 0.0) + worth
    return found


def _of(lines: Sequence[Entry], *kinds: str) -> list[Entry]:
    return [entry for entry in lines if entry.says(*kinds)][:_MOST]


def _kept(lines: Sequence[Entry]) -> Iterator[Decimal]:
    """What was handed over less what was given back."""
    for tendered, change in product(_of(lines, *TENDER), _of(lines, "change")):
        if tendered is not change:
            yield tendered.value - abs(change.value)


def _rounded(lines: Sequence[Entry], named: dict[Decimal, tuple[float, Entry | None]]) -> Iterator[Decimal]:
    for value, rounding in product(named, _roundings(lines)):
        if rounding and value + rounding in named:
            yield value + rounding


def _roundings(lines: Sequence[Entry]) -> set[Decimal]:
    """The roundings that are printed, either way where the sign is not."""
    found = {ZERO}
    for entry in _of(lines, "rounding"):
        if not entry.says(*TOTAL) and abs(entry.value) < 1:
            found |= {entry.value, -entry.value} if entry.value > 0 else {entry.value}
    return found


def _summed(lines: Sequence[Entry]) -> Iterator[Decimal]:
    """Net and tax, with a charge for service and the rounding where they are printed."""
    charges = {ZERO, *(entry.value for entry in _of(lines, "charge"))}
    for net, tax in product(_of(lines, "net"), _of(lines, "tax")):
        if net.value > tax.value >= CENT:
            for charge, rounding in product(charges, _roundings(lines)):
                yield net.value + tax.value + charge + rounding
