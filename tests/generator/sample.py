"""Draws invoices: parties, rows, taxes and the case of tax law, with sums that hold."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from random import Random
from types import MappingProxyType
from typing import Any, Final

from tests.generator.bill import CENT, ZERO, Bill, Row, Tax, cents
from tests.generator.companies import Company, company, countries
from tests.generator.wording import COUNTRIES, lexicon

HUNDRED: Final = Decimal(100)
# The tax cases with how often they are drawn.
GENERAL: Final = {
    "single": 8,
    "multi": 5,
    "discount": 3,
    "prepaid": 2,
    "reverse": 2,
    "exempt": 1,
    "small": 2,
    "credit_note": 3,
}
MORE: Final = MappingProxyType({
    "IT": {"professional": 4, "forfettario": 2, "split": 2}, "CH": {"rounding": 3}, "DE": {"gross": 1}, "GB": {"gross": 1},
    "ES": {"irpf": 3}, "PT": {"gross": 1},
})  # fmt: skip
AMERICAN: Final = {"sales_tax": 5, "untaxed": 2, "credit_note": 1, "prepaid": 1}


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the layout asks of the invoice."""

    rows: tuple[int, int] = (1, 8)
    cases: tuple[str, ...] = ()
    """The only cases allowed; empty for any."""
    private_buyer: float = 0.08
    discounts: float = 0.25
    language: str = ""
    """The only language of the layout; empty for any."""
    goods: tuple[Any, ...] = ()
    """What is sold, if not what the language's list says: text, unit, lowest and highest price."""


def draw_country(rng: Random, language: str) -> str:
    """A country whose invoices are in the language."""
    return rng.choice(COUNTRIES[language])


def draw_case(rng: Random, country: str, wish: Wish) -> str:
    """A case of tax law that exists in the country."""
    weights = AMERICAN if country == "US" else {**GENERAL, **MORE.get(country, {})}
    allowed = {k: v for k, v in weights.items() if not wish.cases or k in wish.cases} or {"single": 1}
    return rng.choices(list(allowed), list(allowed.values()))[0]


def _quantity(rng: Random, unit: str) -> Decimal:
    if unit == "lump":
        return Decimal(1)
    if unit == "hour":
        return Decimal(rng.choice(["1.5", "2", "4", "6.25", "8", "12", "3.75", "24"]))
    if unit == "kg":
        return Decimal(rng.randint(5, 900)) / 10
    return Decimal(rng.choice([1, 1, 1, 2, 3, 4, 5, 6, 10, 12, 20, 25, 50, 100]))


def _price(rng: Random, low: int, high: int) -> Decimal:
    cent = rng.choice([0, 0, 0, 50, 90, 99, rng.randint(0, 99)])
    return Decimal(rng.randint(low, high)) + Decimal(cent) / HUNDRED


def _row(
    rng: Random, words: MappingProxyType[str, Any], good: list[Any], rate: Decimal, *, discounts: bool
) -> Row:
    text, unit, low, high = good
    quantity, price = _quantity(rng, unit), _price(rng, low, high)
    percent = Decimal(rng.choice([0, 0, 5, 10, 15])) if discounts else ZERO
    code = rng.choice(["A{:04d}", "{:06d}", "ART-{:03d}", "{:03d}.{:02d}", "X{:03d}-BK"]).format(
        rng.randint(1, 999), rng.randint(0, 99)
    )
    return Row(
        description=text, quantity=quantity, unit=rng.choice(words["units"][unit]), unit_price=price, rate=rate,
        discount_percent=percent, amount=cents(quantity * price * (1 - percent / HUNDRED)), code=code,
    )  # fmt: skip


def _rows(
    rng: Random, language: str, rates: list[Decimal], wish: Wish, *, discounts: bool
) -> tuple[Row, ...]:
    words = lexicon(language)
    count = max(len(rates), rng.randint(*wish.rows))
    goods = list(wish.goods or words["goods"])
    drawn = rng.sample(goods, min(count, len(goods))) + rng.choices(goods, k=max(0, count - len(goods)))
    return tuple(
        _row(rng, words, good, rates[i] if i < len(rates) else rng.choice(rates), discounts=discounts)
        for i, good in enumerate(drawn)
    )


def _taxes(
    rows: tuple[Row, ...], minus: Decimal = ZERO, plus: Decimal = ZERO, category: str = "S", nature: str = ""
) -> tuple[Tax, ...]:
    bases: dict[Decimal, Decimal] = defaultdict(Decimal)
    for row in rows:
        bases[row.rate] += row.amount
    first = next(iter(bases))
    bases[first] += plus - minus
    return tuple(
        Tax(
            rate=rate,
            base=base,
            amount=cents(base * rate / HUNDRED),
            category=category if rate == 0 else "S",
            nature=nature,
        )
        for rate, base in sorted(bases.items(), reverse=True)
    )


def _dates(rng: Random) -> tuple[dt.date, dt.date | None, int]:
    day = dt.date(2023, 1, 2) + dt.timedelta(days=rng.randint(0, 1300))
    days = rng.choice([7, 10, 14, 15, 21, 30, 30, 30, 45, 60])
    return day, (day + dt.timedelta(days=days) if rng.random() < 0.7 else None), days


def _number(rng: Random, year: int) -> str:
    serial = rng.randint(1, 9999)
    return rng.choice([
        "{s}", "{s}/{y}", "{y}/{s:04d}", "{y}-{s:05d}", "FT-{y}-{s:04d}", "RE{y}{s:04d}", "INV-{s:05d}", "{s:04d}/{yy}", "{s}/A",
        "F{yy}{s:05d}", "{y}{s:05d}", "A-{s:04d}", "{s:03d}-{y}", "FV/{s}/{m:02d}/{y}", "2/{s}", "{s:06d}", "FPR {s}/{yy}", "R{s:05d}",
    ]).format(s=serial, y=year, yy=year % 100, m=rng.randint(1, 12))  # fmt: skip


def _extra(rng: Random, day: dt.date) -> dict[str, str]:
    found = {
        "customer": rng.choice(["{:05d}", "K-{:05d}", "C{:04d}", "10{:04d}"]).format(rng.randint(1, 9999)),
        "delivery_note": rng.choice(["LS-{:05d}", "{:05d}", "DDT {:04d}"]).format(rng.randint(1, 99999)),
        "contact": rng.choice(["M. Costa", "J. Weber", "A. Martin", "S. Novak", "L. de Vries"]),
    }
    return {k: v for k, v in found.items() if rng.random() < 0.4} | {
        "delivered": str(day - dt.timedelta(days=rng.randint(0, 9)))
    }


def draw_bill(rng: Random, language: str, country: str, case: str, wish: Wish) -> Bill:
    """An invoice in a language, issued in a country, of a tax case."""
    facts = countries()[country]
    rates = [Decimal(r) for r in facts["rates"]]
    zero = case in {"reverse", "exempt", "small", "forfettario", "untaxed"}
    used = (
        [ZERO]
        if zero
        else _some_rates(rng, rates)
        if case == "multi"
        else [rates[0] if rng.random() < 0.8 else rng.choice(rates)]
    )
    rows = _rows(rng, language, used, wish, discounts=rng.random() < wish.discounts)
    day, due, days = _dates(rng)
    vendor = company(rng, country, person=case in {"professional", "forfettario", "small", "irpf"})
    if case == "small" and country not in {"IT", "PL", "NL", "ES", "PT"}:
        vendor = replace(vendor, vat_number="")
    basis = {
        "case": case, "kind": "credit_note" if case == "credit_note" else "invoice", "language": language, "country": country,
        "currency": facts["currency"], "vendor": vendor, "buyer": _buyer(rng, country, case, wish), "number": _number(rng, day.year),
        "date": day, "due": due, "days": days, "rows": rows, "extra": _extra(rng, day),
        "po_number": rng.choice(["PO-{:05d}", "45{:08d}", "{:06d}", "B{:04d}/26"]).format(rng.randint(1, 99999)) if rng.random() < 0.35 else "",
    }  # fmt: skip
    return Bill(**basis, **_SUMS.get(case, _plain)(rng, rows, case))


def _some_rates(rng: Random, rates: list[Decimal]) -> list[Decimal]:
    return rng.sample(rates, min(len(rates), rng.choice([2, 2, 3])))


def _buyer(rng: Random, country: str, case: str, wish: Wish) -> Company:
    abroad = case == "reverse" and country not in {"CH", "GB"} and rng.random() < 0.6
    home = (
        rng.choice([c for c in ("DE", "FR", "IT", "NL", "ES", "AT") if c != country]) if abroad else country
    )
    private = case in {"single", "gross", "exempt"} and rng.random() < wish.private_buyer
    return company(rng, home, private=private)


def _plain(rng: Random, rows: tuple[Row, ...], case: str) -> dict[str, Any]:
    total_rows = sum((r.amount for r in rows), ZERO)
    discount = cents(total_rows * Decimal(rng.choice([5, 10, 3])) / HUNDRED) if case == "discount" else ZERO
    taxes = _taxes(rows, minus=discount, category={"reverse": "AE", "untaxed": "O"}.get(case, "E"))
    base, tax = sum((t.base for t in taxes), ZERO), sum((t.amount for t in taxes), ZERO)
    found: dict[str, Any] = {
        "taxes": taxes,
        "rows_sum": total_rows,
        "subtotal": base,
        "tax_amount": tax,
        "total": base + tax,
        "discount": discount,
    }
    if case in {"reverse", "exempt", "small"}:
        found["note"] = case
    if case == "split":
        found |= {"note": "split", "amount_due": base}
    if case == "prepaid":
        paid = cents(found["total"] * Decimal(rng.choice([20, 30, 50])) / HUNDRED)
        found |= {"prepaid": paid, "amount_due": found["total"] - paid}
    return found


def _professional(rng: Random, rows: tuple[Row, ...], case: str) -> dict[str, Any]:
    fees = sum((r.amount for r in rows), ZERO)
    rate = Decimal(rng.choice([4, 4, 5, 2]))
    social = cents(fees * rate / HUNDRED) if rng.random() < 0.85 or case == "forfettario" else ZERO
    taxes = _taxes(rows, plus=social, category="E", nature="N2.2" if case == "forfettario" else "")
    base, tax = taxes[0].base, taxes[0].amount
    stamp = Decimal("2.00") if case == "forfettario" and base > Decimal("77.47") else ZERO
    total = base + tax + stamp
    kept = cents(fees * 20 / HUNDRED) if case == "professional" else ZERO
    return {
        "taxes": taxes, "rows_sum": fees, "subtotal": base, "tax_amount": tax, "total": total, "stamp": stamp, "social": social,
        "social_rate": rate if social else ZERO, "withholding": kept, "withholding_rate": Decimal(20) if kept else ZERO,
        "amount_due": total - kept if kept else None, "note": "small" if case == "forfettario" else "",
    }  # fmt: skip


def _irpf(rng: Random, rows: tuple[Row, ...], case: str) -> dict[str, Any]:
    found = _plain(rng, rows, case)
    rate = Decimal(rng.choice([15, 15, 7]))
    kept = cents(found["subtotal"] * rate / HUNDRED)
    return found | {"withholding": kept, "withholding_rate": rate, "amount_due": found["total"] - kept}


def _gross(rng: Random, rows: tuple[Row, ...], case: str) -> dict[str, Any]:
    totals: dict[Decimal, Decimal] = defaultdict(Decimal)
    for row in rows:
        totals[row.rate] += row.amount
    taxes = tuple(
        Tax(rate=rate, amount=(tax := cents(gross * rate / (HUNDRED + rate))), base=gross - tax)
        for rate, gross in sorted(totals.items(), reverse=True)
    )
    total, tax = sum(totals.values(), ZERO), sum((t.amount for t in taxes), ZERO)
    return {
        "taxes": taxes,
        "rows_sum": total,
        "subtotal": total - tax,
        "tax_amount": tax,
        "total": total,
        "gross_rows": True,
    }


def _rounding(rng: Random, rows: tuple[Row, ...], case: str) -> dict[str, Any]:
    found = _plain(rng, rows, "single")
    step = Decimal("0.05")
    payable = ((found["total"] / step + Decimal("0.5")).to_integral_value(ROUND_FLOOR) * step).quantize(CENT)
    return found | {"rounding": payable - found["total"], "amount_due": payable}


Sums = Callable[[Random, tuple[Row, ...], str], dict[str, Any]]
_SUMS: Final[MappingProxyType[str, Sums]] = MappingProxyType({
    "professional": _professional, "forfettario": _professional, "irpf": _irpf, "gross": _gross, "rounding": _rounding,
})  # fmt: skip
