"""What a template of the field may ask: values that count as printed, labels, formats, chance."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from tests.generator.bill import Row, Tax, cents
from tests.generator.parties import country_name, party, vat_text, zip_city
from tests.generator.sheet import Sheet
from tests.generator.truth import values

TRAILING: Final = {
    "trail": "{n}-",
    "paren": "({n})",
    "dash": "\N{MINUS SIGN}{n}",
    "spaced": "- {n}",
    "lead": "-{n}",
}
PAYABLE: Final = r"pay|pagar|betalen|zapłat|zahlen"
HUNDRED: Final = Decimal(100)


@dataclass
class Form(Sheet):
    """One invoice on its way into a template; texts are plain, the template makes them safe."""

    known: dict[str, Any] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    """Values about which two careful people might differ: neither asked for nor called invented."""

    def __post_init__(self) -> None:
        self.known = values(self.bill)
        self.options.setdefault(
            "minus", self.rng.choice(["lead", "lead", "trail", "paren", "dash", "spaced"])
        )

    def put(self, path: str, text: str) -> str:
        """A value's text; its path now counts as printed."""
        self.printed.add(path)
        return text

    def money(self, path: str, value: Decimal, *, bare: bool = False, negative: bool = False) -> str:
        """An amount, negative ones in the issuer's manner."""
        text = super().money(path, abs(value), bare=bare)
        shown = -value if negative else value
        return TRAILING[self.options["minus"]].replace("{n}", text) if shown < 0 else text

    # What templates call; the names are short because they stand in markup.
    def v(self, path: str) -> str:
        """A text value."""
        return self.put(path, str(self.known[path]))

    def has(self, path: str) -> bool:
        """Is there such a value?"""
        return path in self.known

    def m(self, path: str, *, neg: bool = False) -> str:
        """An amount with its currency; negative with `neg` (and on credit notes that print so)."""
        return self.money(path, self.signed(self.known.get(path, Decimal(0))), negative=neg)

    def n(self, path: str, *, neg: bool = False) -> str:
        """An amount without currency."""
        return self.money(path, self.signed(self.known.get(path, Decimal(0))), bare=True, negative=neg)

    def d(self, path: str) -> str:
        """A date of the invoice."""
        return self.date(path, {"invoice.date": self.bill.date, "invoice.due_date": self.bill.due}[path])

    def w(self, concept: str, **names: Any) -> str:
        """A label, and where it speaks of a rate, the rate."""
        if concept == "total" and self.bill.amount_due is not None:
            self._say_no_due()
        return str(self.words(concept, **{k: str(x) for k, x in names.items()}))

    def _say_no_due(self) -> None:
        """Where less than the total is due, the total's label must not say that it is to be paid."""
        known = [x for x in self.words.variants("total") if not re.search(PAYABLE, x, re.IGNORECASE)]
        if re.search(PAYABLE, str(self.words("total")), re.IGNORECASE):
            self.words.fix("total", self.rng.choice(known))

    def lab(self, concept: str, **names: Any) -> str:
        """A label with the issuer's colon."""
        return self.w(concept, **names) + self.style.colon

    def title(self) -> str:
        """The document's name."""
        kind = self.bill.kind
        return self.w("title_" + kind) if kind in {"invoice", "credit_note", "proforma"} else kind

    def number_label(self) -> str:
        """The label of the number."""
        return self.w("number_credit_note" if self.bill.kind == "credit_note" else "number")

    def terms(self) -> str:
        """The terms of payment."""
        self.printed.add("terms")
        return self.w("terms", n=self.bill.days)

    def addr(self, role: str, country: float = 0.25) -> list[str]:
        """Street, town, and sometimes the country."""
        who = party(self, role)
        found = [self.put(f"{role}.address", who.address), zip_city(self, role)]
        foreign = self.bill.buyer is not None and self.bill.buyer.country != self.bill.vendor.country
        if foreign or self.odds(country):
            found.append(country_name(self, role))
        return found

    def vat(self, role: str) -> str:
        """A VAT number; empty where there is none."""
        who = party(self, role)
        if not who.vat_number:
            return ""
        self.printed.add(f"{role}.country")
        return self.put(f"{role}.vat_number", vat_text(self, who))

    def iban(self) -> str:
        """The seller's account, grouped or not; empty where there is none."""
        account = self.bill.vendor.iban
        if not account:
            return ""
        grouped = " ".join(re.findall(".{1,4}", account))
        return self.put("vendor.iban", grouped if self.odds(0.7) else account)

    def rate(self, value: Decimal) -> str:
        """A rate in percent."""
        return self.style.percent(value)

    def num(self, value: Decimal) -> str:
        """A number that is no value of the truth."""
        return self.style.number(self.signed(value))

    def cash(self, value: Decimal) -> str:
        """Money that is no value of the truth."""
        return self.style.amount(self.signed(value))

    def pick(self, *choices: Any) -> Any:
        """One of them."""
        return self.rng.choice(choices)

    def digits(self, count: int) -> str:
        """Digits that mean nothing."""
        return "".join(self.rng.choices("123456789", k=count))

    def mark(self, *paths: str) -> str:
        """These count as printed: the template says them in its own way."""
        self.printed.update(paths)
        return ""

    def unsay(self, *paths: str) -> str:
        """The page says something like these that is not quite them."""
        self.unsure.update(paths)
        return ""

    @property
    def rows(self) -> "list[RowView]":
        """The rows as a template asks for them."""
        return [RowView(self, i, row) for i, row in enumerate(self.bill.rows)]

    @property
    def taxes(self) -> "list[TaxView]":
        """The rates as a template asks for them."""
        return [TaxView(self, i, tax) for i, tax in enumerate(self.bill.taxes)]

    @property
    def taxed(self) -> bool:
        """Is there any tax?"""
        return any(tax.amount for tax in self.bill.taxes)


class RowView:
    """A row whose values count as printed once they are asked for."""

    def __init__(self, form: Form, index: int, row: Row) -> None:
        self.form, self.index, self.row = form, index, row
        self.pos = index + 1

    def _put(self, name: str, text: str) -> str:
        return self.form.put(f"line_items[{self.index}].{name}", text)

    @property
    def desc(self) -> str:
        return self._put("description", self.row.description)

    @property
    def qty(self) -> str:
        padded = self.form.options.setdefault("padded", str(self.form.odds(0.35))) == "True"
        return self._put("quantity", self.form.style.quantity(self.row.quantity, padded=padded))

    @property
    def unit(self) -> str:
        return self._put("unit", self.row.unit)

    @property
    def code(self) -> str:
        return self._put("code", self.row.code)

    @property
    def price(self) -> str:
        return self.form.money(f"line_items[{self.index}].unit_price", self.row.unit_price, bare=True)

    @property
    def price_m(self) -> str:
        return self.form.money(f"line_items[{self.index}].unit_price", self.row.unit_price)

    @property
    def disc(self) -> str:
        return self.form.style.percent(self.row.discount_percent) if self.row.discount_percent else ""

    @property
    def rate(self) -> str:
        return self._put("tax_rate", self.form.style.percent(self.row.rate))

    @property
    def rate_bare(self) -> str:
        return self._put("tax_rate", self.form.style.percent(self.row.rate).replace("%", "").strip())

    @property
    def amount(self) -> str:
        return self.form.money(
            f"line_items[{self.index}].amount", self.form.signed(self.row.amount), bare=True
        )

    @property
    def amount_m(self) -> str:
        return self.form.money(f"line_items[{self.index}].amount", self.form.signed(self.row.amount))

    @property
    def tax(self) -> str:
        return self.form.num(self._tax)

    @property
    def gross(self) -> str:
        return self.form.num(self.row.amount + self._tax)

    @property
    def _tax(self) -> Decimal:
        return cents(self.row.amount * self.row.rate / HUNDRED)


class TaxView:
    """A rate whose values count as printed once they are asked for."""

    def __init__(self, form: Form, index: int, tax: Tax) -> None:
        self.form, self.index, self.entry = form, index, tax

    def _money(self, name: str, value: Decimal, *, bare: bool) -> str:
        return self.form.money(f"tax_breakdown[{self.index}].{name}", self.form.signed(value), bare=bare)

    @property
    def rate(self) -> str:
        return self.form.put(f"tax_breakdown[{self.index}].rate", self.form.style.percent(self.entry.rate))

    @property
    def base(self) -> str:
        return self._money("base", self.entry.base, bare=True)

    @property
    def base_m(self) -> str:
        return self._money("base", self.entry.base, bare=False)

    @property
    def amount(self) -> str:
        return self._money("amount", self.entry.amount, bare=True)

    @property
    def amount_m(self) -> str:
        return self._money("amount", self.entry.amount, bare=False)

    @property
    def gross(self) -> str:
        return self.form.num(self.entry.base + self.entry.amount)

    @property
    def gross_m(self) -> str:
        return self.form.cash(self.entry.base + self.entry.amount)


def sums(form: Form, *, always_rate: bool = False) -> Iterator[tuple[str, str, str]]:
    """The sums in their usual order: what kind, label, text. Kinds: plain, total, due."""
    bill = form.bill
    if bill.social:
        yield "plain", form.w("rows_sum"), form.cash(bill.rows_sum)
        yield (
            "plain",
            form.w("social", rate=form.rate(bill.social_rate)),
            form.m("financials.social_security"),
        )
    if bill.discount or (bill.shipping and form.odds(0.6)):
        yield "plain", form.w("rows_sum"), form.cash(bill.rows_sum)
    if bill.discount:
        yield "plain", form.w("discount"), form.m("financials.discount", neg=form.odds(0.7))
    if bill.shipping:
        yield "plain", form.w("shipping"), form.cash(bill.shipping)
    yield from _net_and_tax(form, always_rate=always_rate)
    if bill.stamp:
        yield "plain", form.pick("Bollo", "Imposta di bollo"), form.m("financials.stamp_duty")
    yield ("plain" if bill.amount_due is not None else "total"), form.w("total"), form.m("financials.total")
    yield from _after(form)


def _net_and_tax(form: Form, *, always_rate: bool) -> Iterator[tuple[str, str, str]]:
    bill = form.bill
    if not form.taxed and form.odds(0.5) and not bill.shipping and not bill.discount:
        return
    yield "plain", form.w("subtotal"), form.m("financials.subtotal")
    for tax in form.taxes if form.taxed or form.odds(0.4) else []:
        if always_rate or len(bill.taxes) > 1 or form.odds(0.8):
            yield "plain", form.w("tax", rate=tax.rate), tax.amount_m
        else:
            yield "plain", form.w("tax_total"), form.m("financials.tax_amount")
    if len(bill.taxes) > 1 and form.odds(0.4):
        yield "plain", form.w("tax_total"), form.m("financials.tax_amount")


def _after(form: Form) -> Iterator[tuple[str, str, str]]:
    bill = form.bill
    if bill.withholding:
        yield (
            "plain",
            form.w("withholding", rate=form.rate(bill.withholding_rate)),
            form.m("financials.withholding_tax", neg=form.odds(0.7)),
        )
    if bill.prepaid:
        yield "plain", form.w("prepaid"), form.m("financials.prepaid", neg=form.odds(0.6))
    if bill.rounding:
        yield (
            "plain",
            form.w("rounding"),
            form.money("financials.rounding", bill.rounding, negative=bill.rounding < 0),
        )
    if bill.amount_due is not None:
        yield "due", form.w("amount_due"), form.m("financials.amount_due")


def follow(form: Form) -> Mapping[str, None]:
    """What follows from what was printed: with one rate the tax is that rate's tax; bases of all rates make the net."""
    seen, bill = form.printed, form.bill
    rated = any(
        f"{group}[0].{key}" in seen for group, key in (("line_items", "tax_rate"), ("tax_breakdown", "rate"))
    )
    if bill.single_rate is not None:
        if seen & {"financials.tax_amount", "tax_breakdown[0].amount"}:
            seen.add("financials.tax_amount")
            if rated:
                seen |= {"financials.tax_rate", "tax_breakdown[0].rate", "tax_breakdown[0].amount"}
                seen |= {"tax_breakdown[0].base"} if "financials.subtotal" in seen else set()
        if "tax_breakdown[0].amount" in seen and not rated:
            seen -= {"tax_breakdown[0].amount", "tax_breakdown[0].base"}
        if not form.taxed and not rated:
            seen -= {f"tax_breakdown[0].{k}" for k in ("rate", "base", "amount")}
    elif all(f"tax_breakdown[{i}].amount" in seen for i in range(len(bill.taxes))):
        seen.add("financials.tax_amount")
    return dict.fromkeys(sorted(seen))
