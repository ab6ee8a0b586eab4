"""A model's net, tax and total, weighed together: what adds up, and what was proved before."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import product
from typing import Final

import msgspec

from app.extraction.llm.doubts import adds_up
from app.extraction.llm.grounding import Grounded
from app.extraction.llm.support import NOTHING, ROLE_OF, Page, support
from app.model.extraction import Reading
from app.model.invoice import Financials, Invoice
from app.model.money import HUNDRED, ZERO, rounded
from app.model.paths import with_values

_EMPTY: Final = Invoice()
SUMS: Final = ("financials.subtotal", "financials.tax_amount", "financials.total")
_PROVED: Final = 0.89
_LABELLED: Final = 0.7
_UNPROVED: Final = 0.5
_ENOUGH: Final = 0.4
_HELD: Final = 0.8  # of the confidence in a value that was read weighs against another
_NAMELESS: Final = 0.3  # of that, where no label names the value
_BORNE_OUT: Final = 0.8
_HIGHEST_TAX: Final = Decimal("0.4")
"""Of the net: no tax on sales is higher."""

Settled = tuple[Grounded, float | None]


def settled(
    reading: Reading, claims: Sequence[Grounded], page: Page, open_: Collection[str]
) -> Iterator[Settled]:
    """Each answer with the confidence it is taken with; `None` for one that is not.

    Of all ways to take some of the answers, the one whose sums add up and that changes least of what had been
    read. What added up before is not taken apart.
    """
    if not claims:
        return
    before = reading.invoice.financials
    own = {claim.path: claim for claim in claims}
    same = {path for path, claim in own.items() if _value(before, path) == claim.value}
    free = {path for path in own if path in open_ or _value(before, path) is None}
    changed = [path for path in own if path not in same and path in free]
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
    weight = _support(claim, before, page) - _ENOUGH
    evidence = before.fields.get(claim.path)
    if evidence is None:
        return weight
    return weight - _HELD * evidence.confidence * (1.0 if _is_named(claim.path, before, page) else _NAMELESS)


def _is_named(path: str, before: Reading, page: Page) -> bool:
    """Whether a label gives the value that was read its part."""
    value, wanted = _value(before.invoice.financials, path), ROLE_OF[path]
    fits = (wanted, "due") if wanted == "total" else (wanted,)
    return any(role.kind in fits and abs(role.value) == value for role in page.roles)


def _support(claim: Grounded, before: Reading, page: Page) -> float:
    """By its label, or by the rows that add up to it, or as the total where nothing is called a tax."""
    labelled = support(claim, page)
    told = {
        "financials.subtotal": (_items(before.invoice), _untaxed(before.invoice, page)),
        "financials.tax_amount": (_taxes(before.invoice), *_rated(before.invoice, page)),
    }
    return max(labelled, _BORNE_OUT) if claim.value in told.get(claim.path, ()) else labelled


def _items(invoice: Invoice) -> Decimal | None:
    return _added(row.amount for row in invoice.line_items)


def _taxes(invoice: Invoice) -> Decimal | None:
    return _added(line.amount for line in invoice.tax_breakdown)


def _rated(invoice: Invoice, page: Page) -> Iterator[Decimal]:
    """The taxes that printed rates of the net make."""
    net = invoice.financials.subtotal
    for hit in (hit for hits in page.found.percents for hit in hits):
        if hit.value == 0:
            yield ZERO
        elif net is not None:
            yield rounded(net * hit.value / HUNDRED)


def _added(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of amounts, where there are some and all are known."""
    known = list(amounts)
    return None if not known or None in known else sum((it for it in known if it is not None), ZERO)


def _untaxed(invoice: Invoice, page: Page) -> Decimal | None:
    """The total, where no tax was read and no amount on the pages is called one."""
    taxed = invoice.financials.tax_amount or any(role.kind == "tax" and role.value for role in page.roles)
    return None if taxed else invoice.financials.total


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
    return _LABELLED if _support(claim, reading, page) > NOTHING else _UNPROVED


def _value(sums: Financials, path: str) -> Decimal | None:
    value: Decimal | None = getattr(sums, path.partition(".")[2])
    return value
