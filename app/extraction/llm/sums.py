"""A model's net, tax and total, weighed together: what adds up, and what was proved before."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import product
from typing import Final

import msgspec

from app.extraction.llm.doubts import adds_up
from app.extraction.llm.grounding import Grounded
from app.extraction.llm.support import NOTHING, Page, support
from app.model.extraction import Reading
from app.model.invoice import Financials, Invoice
from app.model.paths import with_values

_EMPTY: Final = Invoice()
SUMS: Final = ("financials.subtotal", "financials.tax_amount", "financials.total")
_PROVED: Final = 0.89
_LABELLED: Final = 0.7
_UNPROVED: Final = 0.5
_ENOUGH: Final = 0.5
_HIGHEST_TAX: Final = Decimal("0.4")
"""Of the net: no tax on sales is higher."""

Settled = tuple[Grounded, float | None]


def settled(reading: Reading, claims: Sequence[Grounded], page: Page) -> Iterator[Settled]:
    """Each answer with the confidence it is taken with; `None` for one that is not.

    Of all ways to take some of the answers, the one whose sums add up and that changes least of what had been
    read. What added up before is not taken apart.
    """
    if not claims:
        return
    before = reading.invoice.financials
    own = {claim.path: claim for claim in claims}
    same = {path for path, claim in own.items() if _value(before, path) == claim.value}
    changed = [path for path in own if path not in same]
    chosen = set() if _proved(before) else _chosen(reading, own, changed, page)
    for path, claim in own.items():
        if path in same:
            yield claim, _PROVED
        elif path in chosen:
            yield claim, _confidence(reading, own, chosen, claim, page)
        else:
            yield claim, None


def _chosen(reading: Reading, own: dict[str, Grounded], changed: list[str], page: Page) -> set[str]:
    """The answers to take: of the sets that are possible, the best borne out."""
    options = []
    for mask in product((False, True), repeat=len(changed)):
        picked = {path for path, take in zip(changed, mask, strict=True) if take}
        sums = _with(reading, own, picked)
        if not _possible(sums):
            continue
        weight = sum(_weight(own[path], before=reading, page=page) for path in picked)
        options.append((2.0 * _proved(sums) + weight, -len(picked), picked))
    return max(options, key=lambda option: option[:2])[2] if options else set()


def _weight(claim: Grounded, before: Reading, page: Page) -> float:
    """What an answer alone adds: its label, less what a value that it replaces is trusted."""
    weight = support(claim, page) - _ENOUGH
    evidence = before.fields.get(claim.path)
    return weight - (0.8 * evidence.confidence if evidence is not None else 0.0)


def _with(reading: Reading, own: dict[str, Grounded], picked: set[str]) -> Financials:
    return with_values(reading.invoice, {path: own[path].value for path in picked}).financials


def _possible(sums: Financials) -> bool:
    """Whether three sums can be those of one invoice, as far as they are known."""
    net, tax, total = sums.subtotal, sums.tax_amount, sums.total
    if (
        net is not None
        and total is not None
        and net > total
        and not (sums.discount or sums.prepaid or sums.withholding_tax)
    ):
        return False
    return not (tax is not None and total is not None and tax > _HIGHEST_TAX * total)


def _proved(sums: Financials) -> bool:
    """Whether all three are known and add up."""
    if None in (sums.subtotal, sums.tax_amount, sums.total):
        return False
    return adds_up(msgspec.structs.replace(_EMPTY, financials=sums))


def _confidence(
    reading: Reading, own: dict[str, Grounded], chosen: set[str], claim: Grounded, page: Page
) -> float:
    if _proved(_with(reading, own, chosen)):
        return _PROVED
    return _LABELLED if support(claim, page) > NOTHING else _UNPROVED


def _value(sums: Financials, path: str) -> Decimal | None:
    value: Decimal | None = getattr(sums, path.partition(".")[2])
    return value
