"""What follows from the stated terms in every format: the keys of the result that no element holds as such.

Each function looks at one invoice and yields values for fields that are still unknown. A value that repeats a
stated one shares its evidence; one that is calculated says `computed`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from decimal import Decimal
from typing import Final, TypeVar

import msgspec
import stdnum.eu.vat
import stdnum.iban

from app.extraction.einvoice.mapping import Derived
from app.model.evidence import Evidence, Source
from app.model.invoice import Invoice, InvoiceType, LineItem, Party, Payment, ReferenceKind, TaxLine
from app.model.money import CENT, ZERO

Deriving = Callable[[Invoice], Iterator[Derived]]


def from_payments(invoice: Invoice) -> Iterator[Derived]:
    """The first due date, the first method and the first account of the ways to pay."""
    dated = [(pay.due_date, i) for i, pay in enumerate(invoice.payments) if pay.due_date]
    if dated:
        due, at = min(dated)
        yield Derived(section="invoice", field="due_date", value=due, like=f"payments[{at}].due_date")
    order = _best_first(invoice.payments)
    for section, field, source in _FROM_PAYMENTS:
        for i in order:
            if (value := getattr(invoice.payments[i], source)) is not None:
                yield Derived(section=section, field=field, value=value, like=f"payments[{i}].{source}")
                break


_FROM_PAYMENTS: Final = (
    ("invoice", "payment_method", "method"),
    ("invoice", "payment_terms", "terms"),
    ("vendor", "iban", "iban"),
    ("vendor", "bic", "bic"),
)


def _best_first(payments: tuple[Payment, ...]) -> list[int]:
    """In order, but those to a true IBAN (ISO 13616 check digits) before other accounts."""
    if len(payments) == 1:
        return [0]
    return sorted(range(len(payments)), key=lambda i: not _is_iban(payments[i].iban))


def _is_iban(account: str | None) -> bool:
    return account is not None and bool(stdnum.iban.is_valid(account, check_country=False))


def from_references(invoice: Invoice) -> Iterator[Derived]:
    """The public-procurement codes of the first reference that has them."""
    for field in ("cig", "cup"):
        for i, reference in enumerate(invoice.references):
            if value := getattr(reference, field):
                yield Derived(section="invoice", field=field, value=value, like=f"references[{i}].{field}")
                break
    if invoice.vendor.country == "IT":
        yield from _italian_references(invoice)


def _italian_references(invoice: Invoice) -> Iterator[Derived]:
    """In the terms of EN 16931 Italy writes the CIG as the tender (BT-17), the CUP as the project (BT-11)."""
    for i, reference in enumerate(invoice.references):
        field, form = _PROCUREMENT.get(reference.kind, ("", _CIG))
        if field and reference.number and form.fullmatch(reference.number):
            like = f"references[{i}].number"
            yield Derived(section="invoice", field=field, value=reference.number, like=like)


_CIG: Final = re.compile(r"[0-9A-Z]{10}")
_CUP: Final = re.compile(r"[A-Z][0-9]{2}[A-Z][0-9]{11}")
_PROCUREMENT: Final = {ReferenceKind.TENDER: ("cig", _CIG), ReferenceKind.PROJECT: ("cup", _CUP)}


def net_and_tax(invoice: Invoice) -> Iterator[Derived]:
    """Net and tax are the sums over the VAT breakdown, where no total states them."""
    lines = invoice.tax_breakdown
    if not lines:
        return
    for field, source in (("subtotal", "base"), ("tax_amount", "amount")):
        values = [getattr(line, source) for line in lines]
        if None in values:
            continue
        like = f"tax_breakdown[0].{source}" if len(values) == 1 else None
        yield Derived(section="financials", field=field, value=sum(values, ZERO), like=like)


def total(invoice: Invoice) -> Iterator[Derived]:
    """The total is net plus tax plus rounding, where the document states none."""
    money = invoice.financials
    if money.subtotal is not None and money.tax_amount is not None:
        value = money.subtotal + money.tax_amount + (money.rounding or ZERO)
        yield Derived(section="financials", field="total", value=value)


def single_rate(invoice: Invoice) -> Iterator[Derived]:
    """The tax rate, when the whole document has one."""
    rates = {line.rate for line in invoice.tax_breakdown}
    if len(rates) == 1 and (rate := rates.pop()) is not None:
        yield Derived(section="financials", field="tax_rate", value=rate, like="tax_breakdown[0].rate")


def document_allowances(invoice: Invoice) -> Iterator[Derived]:
    """The sums of the document's allowances and of its charges."""
    for field, charge in (("discount", False), ("charges", True)):
        amounts = [one.amount for one in invoice.allowances if one.charge is charge]
        known = [amount for amount in amounts if amount is not None]
        if known and len(known) == len(amounts):
            yield Derived(section="financials", field=field, value=sum(known, ZERO))


def deductions(invoice: Invoice) -> Iterator[Derived]:
    """What is withheld and what goes to pension funds, each in sum."""
    for field, parts in (
        ("withholding_tax", "withholdings"),
        ("social_security", "contributions"),
    ):
        amounts = [part.amount for part in getattr(invoice, parts)]
        known = [amount for amount in amounts if amount is not None]
        if known:
            like = f"{parts}[0].amount" if len(amounts) == 1 else None
            yield Derived(section="financials", field=field, value=sum(known, ZERO), like=like)


def amount_due(invoice: Invoice) -> Iterator[Derived]:
    """What the instalments come to, unless that passes the total: then they are alternatives, not parts."""
    amounts = [pay.amount for pay in invoice.payments]
    known = [amount for amount in amounts if amount is not None]
    whole = invoice.financials.total
    if not known or len(known) != len(amounts) or whole is None or sum(known) > whole + CENT:
        return
    like = "payments[0].amount" if len(known) == 1 else None
    yield Derived(section="financials", field="amount_due", value=sum(known, ZERO), like=like)


def currency(invoice: Invoice) -> Iterator[Derived]:
    """The totals are in the document's currency."""
    if invoice.invoice.currency:
        yield Derived(
            section="financials", field="currency", value=invoice.invoice.currency, like="invoice.currency"
        )


def representative(invoice: Invoice) -> Iterator[Derived]:
    """The tax representative's VAT number belongs to the seller's."""
    if invoice.tax_representative and invoice.tax_representative.vat_number:
        yield Derived(
            section="vendor",
            field="representative_vat_number",
            value=invoice.tax_representative.vat_number,
            like="tax_representative.vat_number",
        )


EVERYWHERE: Final[tuple[Deriving, ...]] = (
    from_payments,
    from_references,
    net_and_tax,
    total,
    single_rate,
    document_allowances,
    deductions,
    amount_due,
    currency,
    representative,
)


def derived(invoice: Invoice, fields: MutableMapping[str, Evidence], steps: Iterable[Deriving]) -> Invoice:
    """The invoice with what each step adds; a field that is known stays as it is."""
    for step in steps:
        for found in step(invoice):
            invoice = _added(invoice, fields, found)
    return invoice


def _added(invoice: Invoice, fields: MutableMapping[str, Evidence], found: Derived) -> Invoice:
    section = getattr(invoice, found.section)
    if getattr(section, found.field) is not None:
        return invoice
    fields[f"{found.section}.{found.field}"] = _evidence(fields, found)
    section = msgspec.structs.replace(section, **{found.field: found.value})
    return msgspec.structs.replace(invoice, **{found.section: section})


def _evidence(fields: MutableMapping[str, Evidence], found: Derived) -> Evidence:
    if found.like and (shared := fields.get(found.like)):
        return shared
    return Evidence(confidence=found.confidence, source=Source.COMPUTED)


def priced(invoice: Invoice, fields: MutableMapping[str, Evidence]) -> Invoice:
    """The invoice with the price of each line that states only quantity and amount.

    Only where they divide without remainder and nothing was taken off or added.
    """
    if all(line.unit_price is not None for line in invoice.line_items):
        return invoice
    lines = tuple(_priced(line, i, fields) for i, line in enumerate(invoice.line_items))
    return msgspec.structs.replace(invoice, line_items=lines)


def _priced(line: LineItem, index: int, fields: MutableMapping[str, Evidence]) -> LineItem:
    adjusted = line.discount is not None or line.charges is not None
    if line.unit_price is not None or line.amount is None or not line.quantity or adjusted:
        return line
    exact = line.amount / line.quantity
    price = next((fine for fine in (exact.quantize(CENT), exact.quantize(_FINE)) if fine == exact), None)
    if price is None:
        return line
    fields[f"line_items[{index}].unit_price"] = Evidence(confidence=1.0, source=Source.COMPUTED)
    return msgspec.structs.replace(line, unit_price=price)


_FINE: Final = Decimal("0.0001")


def categorised(invoice: Invoice, fields: MutableMapping[str, Evidence]) -> Invoice:
    """The VAT categories that older and smaller formats leave out but that nothing else could be.

    A rate above zero is the standard category; the rows of a breakdown with a single line belong to it.
    """
    taxes = tuple(
        _filled(one, f"tax_breakdown[{i}]", _standard(one.rate), fields)
        for i, one in enumerate(invoice.tax_breakdown)
    )
    lines = invoice.line_items
    if any(line.category is None for line in lines):
        only = taxes[0] if len(taxes) == 1 else TaxLine()
        lines = tuple(
            _filled(line, f"line_items[{i}]", _category_of(line, only), fields)
            for i, line in enumerate(lines)
        )
    return msgspec.structs.replace(invoice, tax_breakdown=taxes, line_items=lines)


def _standard(rate: Decimal | None) -> dict[str, object]:
    return {"category": "S"} if rate else {}


def _category_of(line: LineItem, only: TaxLine) -> dict[str, object]:
    if line.tax_rate is not None or only.category is None:
        return _standard(line.tax_rate)
    return {"category": only.category} | ({} if only.rate is None else {"tax_rate": only.rate})


_Taxed = TypeVar("_Taxed", LineItem, TaxLine)


def _filled(
    one: _Taxed, path: str, values: dict[str, object], fields: MutableMapping[str, Evidence]
) -> _Taxed:
    if one.category is not None or not values:
        return one
    fields.update({f"{path}.{name}": Evidence(confidence=1.0, source=Source.COMPUTED) for name in values})
    return msgspec.structs.replace(one, **values)


def prefixed(invoice: Invoice) -> Invoice:
    """VAT numbers with their country, where a party wrote a true one without (EU member states)."""
    changes = {}
    for section in ("vendor", "buyer", "tax_representative"):
        party: Party | None = getattr(invoice, section)
        if party and party.vat_number and not party.vat_number[:2].isalpha() and party.country:
            whole = _VAT_PREFIXES.get(party.country, party.country) + party.vat_number
            if stdnum.eu.vat.is_valid(whole):
                changes[section] = msgspec.structs.replace(party, vat_number=whole)
    return msgspec.structs.replace(invoice, **changes) if changes else invoice


_VAT_PREFIXES: Final = {"GR": "EL"}


def positive(invoice: Invoice) -> Invoice:
    """A credit note written with negative amounts, turned positive: `type` says that it credits."""
    money = invoice.financials
    if invoice.invoice.type is not InvoiceType.CREDIT_NOTE or money.total is None or money.total >= 0:
        return invoice
    return msgspec.structs.replace(
        invoice,
        financials=_negated(money, _MONEY),
        line_items=tuple(_negated_line(line) for line in invoice.line_items),
        tax_breakdown=tuple(_negated(line, ("base", "amount")) for line in invoice.tax_breakdown),
        allowances=tuple(_negated(one, ("amount", "base")) for one in invoice.allowances),
        payments=tuple(_negated(one, ("amount",)) for one in invoice.payments),
    )


_Noun = TypeVar("_Noun", bound=msgspec.Struct)
_MONEY: Final = (
    "subtotal", "line_total", "charges", "tax_amount", "total", "discount", "rounding", "prepaid",
    "amount_due",
)  # fmt: skip


def _negated_line(line: LineItem) -> LineItem:
    """Quantity times price gives the amount: the price turns if it was negative, else the quantity."""
    price, quantity = line.unit_price, line.quantity
    product = None if price is None or quantity is None else price * quantity
    if product and line.amount and (product > 0) is not (line.amount > 0):
        return _negated(line, ("amount", "discount", "charges"))
    turned = "unit_price" if price is not None and price < 0 else "quantity"
    return _negated(line, ("amount", "discount", "charges", turned))


def _negated(noun: _Noun, names: tuple[str, ...]) -> _Noun:
    values = {name: -value for name in names if (value := getattr(noun, name))}
    return msgspec.structs.replace(noun, **values)
