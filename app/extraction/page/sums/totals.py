"""The totals: the set of amounts that the labels name and the arithmetic binds.

Net + tax (+ charges, stamp duty, rounding, - discount) = total; tax = net x rate; total - withheld - prepaid
= due.
A set that adds up beats better labels that do not.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Final

import msgspec

from app.extraction.page.sums.cast import AmountCast, Sum, Totals, rate_of, rate_within
from app.extraction.page.sums.completed import with_allowances, with_payment, with_rate
from app.extraction.page.sums.parts import without_parts
from app.extraction.page.sums.roles import Role, printed, rates, roles
from app.extraction.page.text.scan import Scan, Target
from app.model.money import CENT, HUNDRED, ZERO, rounded

_EXTRA_SIGN: Final = {"charge": 1, "stamp_duty": 1, "social_security": 1, "rounding": 1, "discount": -1}
_NO_TAX: Final = (*_EXTRA_SIGN, "withholding", "prepaid")
"""What an amount is not a tax for being called, though a rate stands beside it: a fund's contribution."""
_KEEPS_NET: Final = frozenset({"stamp_duty", "rounding"})
_OF_INDIA: Final = re.compile(r"(?:[csi]|ut)gst")
_LARGEST: Final = 0.1  # what it adds to a named total to be the largest amount of all
_PASSED_OVER: Final = 1.3  # of the label of a larger total that a set passes over
_SMALLER: Final = 0.5  # off a set that proves nothing and passes over a larger amount that is named the total
_WHOLE: Final = 0.2  # for being, of sets that add up, the one of the largest total: others may be rows
_CHANCE: Final = 0.4  # labels together under which a closed sum is mere chance
_NAMED: Final = 0.5  # strength of a label that names
_PROOF: Final = 1.2  # what a closed sum is worth, in strong labels
_RATE_PROOF: Final = 0.6  # what a tax that is a printed rate of the net is worth
_MOST_RATES: Final = 6  # of tax in one document
_HIGHEST_TAX: Final = Decimal("0.40")  # of the net: no tax on sales is higher


def choose_totals(found: Scan) -> Totals:
    """The best set of totals; whatever it leaves `None` is not to be known from the page."""
    known_rates = rates(found)
    cast = _without_parts_untaxed(_cast(roles(found), found), known_rates)
    named = cast.best("total")
    net = cast.best("net")
    weighed = [_weighed(chosen, named, net) for chosen in _sets(cast, known_rates)]
    largest = max((chosen.total.value for chosen in weighed if chosen.closed and chosen.total), default=None)
    sets = sorted(without_parts(weighed), key=lambda chosen: -_with_whole(chosen, largest))
    if not sets:
        return with_rate(_nothing_charged(cast), known_rates, found)
    best = sets[0]
    rival = next(
        (other for other in sets if other.total and best.total and other.total.value != best.total.value),
        None,
    )
    best = msgspec.structs.replace(
        best, margin=best.score - (rival.score if rival else 0.0), options=tuple(_total_options(cast))
    )
    complete = with_allowances(with_rate(best, known_rates, found), cast)
    return with_payment(complete, cast, known_rates)


def _with_whole(chosen: Totals, largest: Decimal | None) -> float:
    whole = chosen.closed and chosen.total is not None and chosen.total.value == largest
    return chosen.score + (_WHOLE if whole else 0.0)


def _nothing_charged(cast: AmountCast) -> Totals:
    """An invoice over nothing, where the page names net, tax and total and all are zero."""
    net, tax, total = (cast.by_role.get(kind, {}).get(ZERO) for kind in ("net", "tax", "total"))
    if net is None or tax is None or total is None or total.label < _NAMED:
        return Totals()
    return Totals(net=net, tax=tax, total=total, closed=True)


def _less_without_its_net(chosen: Totals, net: Sum | None) -> Totals:
    """A set whose net no label names is worth less where one names the whole total as the net."""
    if net is None or chosen.net is None or chosen.total is None or chosen.net.label or net.label < 1:
        return chosen
    passed = net.value == chosen.total.value != chosen.net.value
    return msgspec.structs.replace(chosen, score=chosen.score - net.label) if passed else chosen


def _weighed(chosen: Totals, named: Sum | None, net: Sum | None) -> Totals:
    """A set that passes over a larger, better named total is worth less."""
    if named is None or chosen.total is None or chosen.total.value >= named.value:
        return _less_without_its_net(chosen, net)
    lost = _PASSED_OVER * max(named.label - chosen.total.label, 0.0)
    if not chosen.closed and named.label >= _NAMED:
        lost += _SMALLER
    return msgspec.structs.replace(chosen, score=chosen.score - lost)


def _cast(parts: Sequence[Role], found: Scan) -> AmountCast:
    by_role: dict[str, dict[Decimal, Sum]] = {}
    for part in parts:
        value = abs(part.value)
        options = by_role.setdefault(part.kind, {})
        held = options.get(value)
        if held is None:
            options[value] = Sum(value, part.place, part.score, part)
        elif held.role is not None:
            best = part if part.score > held.label else held.role
            options[value] = Sum(value, best.place, max(held.label, part.score) + 0.05, best)
    anywhere: dict[Decimal, Sum] = {}
    for line, hit in printed(found):
        value = abs(hit.readings[0])
        anywhere[value] = Sum(value, line.place(hit.start, hit.end), 0.0)
    return AmountCast(by_role, anywhere, frozenset(_twice(parts)), sum(_rates_of_tax(found), ZERO))


def _twice(parts: Sequence[Role]) -> Iterator[Decimal]:
    """The taxes that two labels of different words give the same amount, on lines of their own."""
    named: dict[Decimal, set[str]] = {}
    for part in parts:
        if part.kind == "tax" and part.value > 0 and part.label is not None and part.label.line is part.line:
            named.setdefault(part.value, set()).add(part.line.folded[part.label.start : part.label.end])
    for value, names in named.items():
        if len(names) > 1 and all(_OF_INDIA.match(name) for name in names):
            yield value


def _rates_of_tax(found: Scan) -> set[Decimal]:
    """The percentages on lines that speak of tax."""
    lines = {label.line.number for label in found.all_labels("tax", "tax_rate")}
    return {hit.value for number in lines for hit in found.percents[number] if hit.value > 0}


def _sets(cast: AmountCast, known_rates: dict[Decimal, Target]) -> Iterator[Totals]:
    for total in _total_options(cast):
        yield Totals(total=total, score=total.label)
        yield from _pairs(total, cast, known_rates)
        yield from _untaxed(total, cast, known_rates)
        yield from _unclosed(total, cast, known_rates)
        yield from _by_rates(total, cast, known_rates)


def _by_rates(total: Sum, cast: AmountCast, known_rates: dict[Decimal, Target]) -> Iterator[Totals]:
    """A net and a tax for each rate, and only the total of all of them is printed."""
    pairs = [
        (net, tax)
        for net in cast.strongest("net")
        for tax in cast.strongest("tax")
        if tax.value and rate_of(net.value, tax.value, known_rates) is not None
    ]
    if not 1 < len(pairs) <= _MOST_RATES:
        return
    net, tax = (sum((pair[side].value for pair in pairs), ZERO) for side in (0, 1))
    if net + tax == total.value:
        label = min(part.label for pair in pairs for part in pair)
        score = total.label + label + _PROOF + _RATE_PROOF
        yield Totals(
            net=_printed_as("net", net, label, cast),
            tax=_printed_as("tax", tax, label, cast),
            total=total,
            closed=True,
            rate_closed=True,
            score=score,
        )


def _printed_as(kind: str, value: Decimal, label: float, cast: AmountCast) -> Sum:
    """A sum that was added up, where it is printed if it is."""
    known = cast.by_role.get(kind, {}).get(value) or cast.anywhere.get(value)
    return msgspec.structs.replace(known, label=max(known.label, label)) if known else Sum(value, None, label)


def _total_options(cast: AmountCast) -> list[Sum]:
    options: dict[Decimal, Sum] = dict(cast.by_role.get("total", {}))
    for value, due in cast.by_role.get("due", {}).items():
        if value not in options:
            options[value] = Sum(value, due.place, due.label * 0.75, due.role)
        else:
            held = options[value]
            options[value] = Sum(value, held.place, held.label + 0.3 * due.label, held.role)
    largest = max(cast.anywhere, default=None)
    if largest in options:
        held = options[largest]
        options[largest] = Sum(largest, held.place, held.label + _LARGEST, held.role)
    for value in sorted(cast.anywhere, reverse=True)[:3]:
        options.setdefault(value, msgspec.structs.replace(cast.anywhere[value], label=0.1))
    carried = {value for value, named in cast.by_role.get("carry", {}).items() if _leads(named)}
    ranked = [option for value, option in options.items() if value > 0 and value not in carried]
    return sorted(ranked, key=lambda option: -option.label)[:14]


def _leads(named: Sum) -> bool:
    """Whether the label that names an amount begins its segment; a firm's `Transport` carries nothing on."""
    return named.role is None or named.role.label is None or named.role.label.leads


def _pairs(total: Sum, cast: AmountCast, known_rates: dict[Decimal, Target]) -> Iterator[Totals]:
    """Sets in which a net and a tax make the total."""
    for tax in _tax_options(total.value, cast, known_rates):
        for extra, extras in _extras(cast):
            net_value = total.value - tax.value - extra
            if net_value <= 0 or tax.value > net_value * _HIGHEST_TAX:
                continue
            net = _find(net_value, cast)
            if net is None:
                continue
            proof = _PROOF if not extras else _PROOF - 0.25
            rate = rate_of(net.value, tax.value, known_rates)
            score = total.label + net.label + tax.label + proof + (_RATE_PROOF if rate is not None else 0.0)
            if net.label + tax.label + total.label < _CHANCE or tax.value == net.value:
                continue
            if rate is None and _is_too_high(tax.value, total.value, cast):
                score -= _PROOF
            if tax.label == 0 and (rate is None or max(net.label, total.label) < _NAMED):
                continue
            if extra and not (extras.keys() & _KEEPS_NET):
                value = total.value - tax.value
                net = _find(value, cast) or Sum(value, None, net.label)
            closing = Totals(
                net=net, tax=tax, total=total, closed=True, rate_closed=rate is not None, score=score
            )
            yield msgspec.structs.replace(closing, **extras) if extras else closing


def _is_too_high(tax: Decimal, total: Decimal, cast: AmountCast) -> bool:
    """Whether a tax is more than all printed rates together make of all that is charged."""
    return cast.charged > 0 and tax * HUNDRED > (total - tax) * cast.charged + HUNDRED * CENT


def _unclosed(total: Sum, cast: AmountCast, known_rates: dict[Decimal, Target]) -> Iterator[Totals]:
    """Labelled net and tax, the one a printed rate of the other, though they do not make the total."""
    for net in cast.strongest("net"):
        for tax in cast.strongest("tax"):
            if (
                tax.value
                and net.value < total.value * 2
                and rate_of(net.value, tax.value, known_rates) is not None
            ):
                score = total.label + 0.5 * (net.label + tax.label) + _RATE_PROOF
                yield Totals(net=net, tax=tax, total=total, rate_closed=True, score=score)


def _tax_options(total: Decimal, cast: AmountCast, known_rates: dict[Decimal, Target]) -> Iterator[Sum]:
    labelled = cast.by_role.get("tax", {})
    yield from (option for option in cast.strongest("tax") if option.value < total)
    bases = cast.by_role.get("base", {})
    parts = [option for option in cast.strongest("tax") if option.value > 0 and option.value not in bases]
    parts += [option for option in parts if option.value in cast.twice]
    ranked = sorted(parts, key=lambda option: -option.label)[:_MOST_RATES]
    for count in range(2, min(len(ranked), 4) + 1):
        for some in combinations(ranked, count):
            added = sum((option.value for option in some), ZERO)
            if added not in labelled:
                yield Sum(added, None, min(option.label for option in some) * 0.7)
    yield from _unnamed_taxes(total, cast, known_rates)


def _unnamed_taxes(total: Decimal, cast: AmountCast, known_rates: dict[Decimal, Target]) -> Iterator[Sum]:
    """Amounts that no label calls a tax, though they are a printed rate's share of the total."""
    labelled = cast.by_role.get("tax", {})
    others = [cast.by_role.get(kind, {}) for kind in _NO_TAX]
    for rate in known_rates:
        if rate > 0:
            share = rounded(total * rate / (HUNDRED + rate))
            for value in (share, share - CENT, share + CENT):
                if value in cast.anywhere and value not in labelled and not any(value in o for o in others):
                    yield cast.anywhere[value]


def _extras(cast: AmountCast) -> Iterator[tuple[Decimal, dict[str, Sum]]]:
    """What else can stand between net and total: nothing, or one labelled charge or allowance."""
    yield ZERO, {}
    for kind, sign in _EXTRA_SIGN.items():
        for option in sorted(cast.by_role.get(kind, {}).values(), key=lambda option: -option.label)[:3]:
            if option.value > 0:
                named = {kind: option} if kind != "charge" else {}
                yield sign * option.value, named
                if kind == "rounding":
                    yield -option.value, {kind: msgspec.structs.replace(option, value=-option.value)}


def _find(value: Decimal, cast: AmountCast) -> Sum | None:
    for near in (value, value + CENT, value - CENT):
        labelled = cast.by_role.get("net", {}).get(near)
        if labelled:
            return (
                labelled if near == value else msgspec.structs.replace(labelled, label=labelled.label * 0.5)
            )
    total_like = cast.by_role.get("total", {}).get(value)
    if total_like:
        return msgspec.structs.replace(total_like, label=0.15)
    return cast.anywhere.get(value)


def _untaxed(total: Sum, cast: AmountCast, known_rates: dict[Decimal, Target]) -> Iterator[Totals]:
    """Sets without tax: the net is the total, or only the tax is known."""
    net = cast.by_role.get("net", {}).get(total.value)
    nothing = cast.by_role.get("tax", {}).get(ZERO)
    named = cast.best("tax")
    if nothing and named and named.value and named.label > nothing.label:
        nothing = None
    if nothing is not None:
        base = net or msgspec.structs.replace(total, label=0.0)
        yield Totals(
            net=base,
            tax=nothing,
            total=total,
            closed=True,
            score=total.label + base.label + nothing.label + _PROOF * 0.7,
        )
    elif net is not None and total.label >= _CHANCE:
        yield Totals(net=net, total=total, score=total.label + net.label + 0.2)
    else:
        yield from _untaxed_with_more(total, cast)
    yield from _tax_alone(total, cast, known_rates)


def _without_parts_untaxed(cast: AmountCast, known_rates: dict[Decimal, Target]) -> AmountCast:
    """Without the tax of nought of a part, where another is a printed rate of an amount on the page."""
    taxes = cast.by_role.get("tax", {})
    taxed = ZERO in taxes and any(
        rate > 0 and tax > 0 and rounded(base * rate / HUNDRED) == tax
        for tax in taxes
        for rate in known_rates
        for base in cast.anywhere
        if base != tax
    )
    if not taxed:
        return cast
    charged = {value: named for value, named in taxes.items() if value}
    return msgspec.structs.replace(cast, by_role={**cast.by_role, "tax": charged})


def _untaxed_with_more(total: Sum, cast: AmountCast) -> Iterator[Totals]:
    """Net and a stamp duty or a rounding make the total, without a tax."""
    for extra, extras in _extras(cast):
        net = cast.by_role.get("net", {}).get(total.value - extra)
        if extras and extras.keys() <= _KEEPS_NET and net and min(net.label, total.label) >= _NAMED:
            score = total.label + net.label + _PROOF * 0.7
            yield msgspec.structs.replace(Totals(net=net, total=total, closed=True, score=score), **extras)


def _tax_alone(total: Sum, cast: AmountCast, known_rates: dict[Decimal, Target]) -> Iterator[Totals]:
    """Only the tax is known beside the total, which may prove to contain it at a printed rate."""
    for tax in cast.strongest("tax"):
        if ZERO < tax.value < total.value * _HIGHEST_TAX:
            within = rate_within(total.value, tax.value, known_rates) is not None
            score = total.label + tax.label * 0.6 + (_RATE_PROOF if within else 0.0)
            yield Totals(tax=tax, total=total, rate_closed=within, score=score)
