"""What completes the chosen totals: rate, discount, what is withheld and due, the proof of the tables."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby, product
from typing import Final

import msgspec

from app.extraction.page.sums.cast import AmountCast, Sum, Totals, rate_of, rate_within
from app.extraction.page.tables.result import Tabled
from app.extraction.page.text.scan import Scan, Target
from app.model.invoice import TaxLine
from app.model.money import CENT, HUNDRED, ZERO

_NAMED: Final = 0.5  # strength of a label that names
_ROUNDED: Final = 5 * CENT  # tax added up from rounded lines


def proved_by_tables(chosen: Totals, tabled: Tabled) -> Totals:
    """What items and breakdown of tax say of the totals: a proof, or a net and tax that no label gave."""
    items = tabled.rows.total if tabled.rows.rows else None
    bases = [line.base for line in tabled.taxes if line.base is not None]
    taxes = [line.amount for line in tabled.taxes if line.amount is not None]
    tax = sum(taxes, ZERO)
    base = _base(bases, tax, chosen)
    complete = bool(bases) and len(bases) == len(taxes) == len(tabled.taxes)
    if chosen.total and not chosen.closed and complete and base + tax == chosen.total.value:
        net_sum = chosen.net if chosen.net and chosen.net.value == base else Sum(base, None, 0.5)
        tax_sum = chosen.tax if chosen.tax and chosen.tax.value == tax else Sum(tax, None, 0.5)
        chosen = msgspec.structs.replace(chosen, net=net_sum, tax=tax_sum, closed=True)
        if len({line.rate for line in tabled.taxes}) > 1:
            chosen = msgspec.structs.replace(chosen, rate=None, rate_place=None, rate_closed=False)
    elif complete and len(bases) > 1 and all(map(_holds, tabled.taxes)):
        chosen = _of_all_rates(chosen, base, tax)
    if items and not chosen.closed and chosen.net is None and chosen.total and chosen.total.value < items:
        summed = next((option for option in chosen.options if option.value == items), None)
        chosen = msgspec.structs.replace(chosen, total=summed) if summed else chosen
    net = chosen.net.value if chosen.net else None
    return msgspec.structs.replace(
        chosen,
        items_close=items is not None and items in {net, chosen.total.value if chosen.total else None},
        taxes_close=complete and chosen.tax is not None and tax == chosen.tax.value,
    )


def _base(bases: Sequence[Decimal], tax: Decimal, chosen: Totals) -> Decimal:
    """What the bases add up to; one that is taxed twice, as by a surcharge, once where the total says so."""
    once = sum((base for base, _ in groupby(bases)), ZERO)
    return once if chosen.total and once + tax == chosen.total.value else sum(bases, ZERO)


def _holds(line: TaxLine) -> bool:
    """Whether base x rate = amount."""
    known = line.rate is not None and line.base is not None and line.amount is not None
    return known and abs(line.base * line.rate / HUNDRED - line.amount) <= _ROUNDED  # type: ignore[operator]


def _of_all_rates(chosen: Totals, base: Decimal, tax: Decimal) -> Totals:
    """The sums of a whole breakdown, where their sum is printed and what was chosen is only a part of it."""
    whole = next((option for option in chosen.options if option.value == base + tax), None)
    if whole is None or chosen.total is None or chosen.total.value >= whole.value:
        return chosen
    net = next((option for option in chosen.options if option.value == base), Sum(base, None, 0.5))
    return Totals(
        net=net,
        tax=Sum(tax, None, 0.5),
        total=whole,
        closed=True,
        options=chosen.options,
        margin=chosen.margin,
    )


def with_rate(chosen: Totals, known_rates: dict[Decimal, Target], found: Scan) -> Totals:
    """Add the rate: proved by net and tax, else the only one that stands beside a label of tax."""
    rate, target = None, None
    if chosen.net is not None and chosen.tax is not None:
        rate = rate_of(chosen.net.value, chosen.tax.value, known_rates)
        target = known_rates.get(rate) if rate is not None else None
    elif chosen.total is not None and chosen.tax is not None and chosen.tax.value:
        rate = rate_within(chosen.total.value, chosen.tax.value, known_rates)
        target = known_rates.get(rate) if rate is not None else None
    proved = rate is not None
    beside = _rates_beside_tax(found)
    if rate is None and len(beside) == 1 and chosen.tax is not None:
        rate, target = next(iter(beside.items()))
    if rate is None or target is None:
        return chosen
    place = target.line.place(target.start, target.end)
    return msgspec.structs.replace(chosen, rate=rate, rate_place=place, rate_closed=proved)


def _rates_beside_tax(found: Scan) -> dict[Decimal, Target]:
    rows = {label.line.number for label in found.all_labels("tax", "tax_rate") if label.leads or label.closes}
    beside: dict[Decimal, Target] = {}
    for number in rows:
        for hit in found.percents[number]:
            beside.setdefault(hit.value.normalize(), Target(found.lines[number], hit.start, hit.end, 1.0))
    return beside


def with_payment(chosen: Totals, cast: AmountCast, known_rates: dict[Decimal, Target]) -> Totals:
    """Add what is withheld, already paid, rounded and due where it agrees with the total."""
    chosen = _before_rounding(chosen, cast)
    if chosen.total is None or chosen.due is not None:
        return chosen
    total = chosen.total.value
    dues = cast.by_role.get("due", {})
    for due, withheld, prepaid in _rests(chosen, total, cast):
        return msgspec.structs.replace(chosen, due=due, withholding=withheld, prepaid=prepaid)
    if total not in dues and chosen.rounding is None and (rounded := _rounded(chosen, total, cast)):
        return rounded
    return msgspec.structs.replace(
        chosen, due=dues.get(total), withholding=_proved_withholding(cast, chosen, known_rates)
    )


def _rests(chosen: Totals, total: Decimal, cast: AmountCast) -> Iterator[tuple[Sum, Sum | None, Sum | None]]:
    """Printed amounts that remain of the total, the likeliest first: with what was withheld and paid before.

    What a deduction that is named leaves is due whatever the page calls it; without one, what is called due
    and lacks just the tax is so under split payment (art. 17-ter DPR 633/1972).
    """
    dues = cast.by_role.get("due", {})
    deductions = [
        (total - sum((part.value for part in parts if part), ZERO), parts)
        for parts in _deductions(cast, total)
    ]
    yield from ((dues[rest], *parts) for rest, parts in deductions if rest in dues)
    if total not in dues:
        yield from ((cast.anywhere[rest], *parts) for rest, parts in deductions if rest in cast.anywhere)
    split = total - chosen.tax.value if chosen.tax else total
    if split != total and split in dues and dues[split].label >= _NAMED:
        yield dues[split], None, None


def _before_rounding(chosen: Totals, cast: AmountCast) -> Totals:
    """With the total as it was before a rounding that leads to the amount due, where both are printed.

    EN 16931 rounds the amount due (BT-115) and not the total (BT-112).
    """
    if chosen.total is None or chosen.rounding is None:
        return chosen
    due = cast.by_role.get("due", {}).get(chosen.total.value)
    unrounded = cast.by_role.get("total", {}).get(chosen.total.value - chosen.rounding.value)
    if due is None or unrounded is None or chosen.total.value in cast.by_role["total"]:
        return chosen
    return msgspec.structs.replace(chosen, total=unrounded, due=due)


def _rounded(chosen: Totals, total: Decimal, cast: AmountCast) -> Totals | None:
    """With the rounding that alone lies between the total and a printed amount due."""
    dues = cast.by_role.get("due", {})
    for option in cast.by_role.get("rounding", {}).values():
        for value in (option.value, -option.value):
            if value and total + value in dues:
                rounding = msgspec.structs.replace(option, value=value)
                return msgspec.structs.replace(chosen, due=dues[total + value], rounding=rounding)
    return None


def _deductions(cast: AmountCast, total: Decimal) -> Iterator[tuple[Sum | None, Sum | None]]:
    """What may be taken off the total before it is paid: withheld, prepaid, or both."""
    withheld, prepaid = (
        [option for option in cast.by_role.get(kind, {}).values() if ZERO < option.value <= total]
        for kind in ("withholding", "prepaid")
    )
    yield from ((option, None) for option in withheld)
    yield from ((None, option) for option in prepaid)
    yield from product(withheld, prepaid)


def _proved_withholding(cast: AmountCast, chosen: Totals, known_rates: dict[Decimal, Target]) -> Sum | None:
    """A tax withheld that is a printed rate of the net, though what remains is not printed."""
    net = chosen.net.value if chosen.net else None
    options = cast.by_role.get("withholding", {}).values()
    proved = [
        option
        for option in options
        if net and option.value and rate_of(net, option.value, known_rates) is not None
    ]
    return max(proved, key=lambda option: option.label, default=None)


def with_allowances(chosen: Totals, cast: AmountCast) -> Totals:
    """Add a discount or a contribution of the buyer that leads from a printed sum to the net."""
    if chosen.net is None:
        return chosen
    net, found = chosen.net.value, {}
    for kind, sign in (("discount", 1), ("social_security", -1)):
        if getattr(chosen, kind) is None:
            for option in sorted(cast.by_role.get(kind, {}).values(), key=lambda option: -option.label):
                if ZERO < option.value < net and net + sign * option.value in cast.anywhere:
                    found[kind] = option
                    break
    return msgspec.structs.replace(chosen, **found) if found else chosen
