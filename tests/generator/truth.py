"""The truth of a printed invoice: the bill's values, less what the layout did not print."""

import re
from collections.abc import Iterator
from typing import Any, Final

from tests.generator.bill import Bill, Row, Tax
from tests.generator.companies import Company

PARTY_KEYS: Final = (
    "name",
    "vat_number",
    "fiscal_code",
    "address",
    "city",
    "zip_code",
    "province",
    "country",
    "email",
    "phone",
    "iban",
    "bic",
    "sdi_code",
)


def values(bill: Bill) -> dict[str, Any]:
    """Every value of the bill by its path in `result`; unknown ones left out."""
    found = dict(_party("vendor", bill.vendor))
    if bill.buyer:
        found |= {
            k: v for k, v in _party("buyer", bill.buyer) if k.split(".")[1] not in {"phone", "iban", "bic"}
        }
    found |= {
        "invoice.number": bill.number, "invoice.date": bill.date.isoformat(), "invoice.type": bill.kind,
        "invoice.due_date": bill.due.isoformat() if bill.due else None, "invoice.currency": bill.currency,
        "invoice.po_number": bill.po_number or None,
    }  # fmt: skip
    found |= dict(_sums(bill))
    for i, row in enumerate(bill.rows):
        found |= {f"line_items[{i}].{k}": v for k, v in _row(row).items()}
    for i, tax in enumerate(bill.taxes):
        found |= {f"tax_breakdown[{i}].{k}": v for k, v in _tax(tax).items()}
    return {k: v for k, v in found.items() if v not in (None, "")}


def _party(role: str, company: Company) -> Iterator[tuple[str, Any]]:
    for key in PARTY_KEYS:
        yield f"{role}.{key}", getattr(company, key)


def _sums(bill: Bill) -> Iterator[tuple[str, Any]]:
    yield "financials.subtotal", bill.subtotal
    yield "financials.tax_amount", bill.tax_amount
    yield "financials.total", bill.total
    yield "financials.tax_rate", bill.single_rate
    yield "financials.currency", bill.currency
    yield "financials.amount_due", bill.amount_due
    for name, value in (
        ("discount", bill.discount), ("stamp_duty", bill.stamp), ("social_security", bill.social),
        ("withholding_tax", bill.withholding), ("rounding", bill.rounding), ("prepaid", bill.prepaid),
    ):  # fmt: skip
        if value:
            yield f"financials.{name}", value


def _row(row: Row) -> dict[str, Any]:
    return {
        "description": row.description, "quantity": row.quantity, "unit": row.unit, "unit_price": row.unit_price,
        "amount": row.amount, "tax_rate": row.rate, "code": row.code or None,
    }  # fmt: skip


def _tax(tax: Tax) -> dict[str, Any]:
    return {"rate": tax.rate, "base": tax.base, "amount": tax.amount}


def nested(flat: dict[str, Any]) -> dict[str, Any]:
    """Paths with values as the tree of `result`."""
    tree: dict[str, Any] = {
        "vendor": {},
        "buyer": {},
        "invoice": {},
        "financials": {},
        "line_items": [],
        "tax_breakdown": [],
    }
    for path, value in flat.items():
        if found := re.fullmatch(r"(\w+)\[(\d+)\]\.(\w+)", path):
            name, index, key = found[1], int(found[2]), found[3]
            rows = tree[name]
            rows.extend({} for _ in range(index + 1 - len(rows)))
            rows[index][key] = value
        else:
            group, key = path.split(".")
            tree[group][key] = value
    for name in ("line_items", "tax_breakdown"):
        tree[name] = [row for row in tree[name] if row]
    return tree


def printed_truth(bill: Bill, printed: set[str]) -> dict[str, Any]:
    """The truth in the shape of `result`, with the values that stand on the page alone.

    A country follows from an address or a VAT number, a type from the heading, so these need no text of their own.
    """
    implied = {"invoice.type", "financials.currency"}
    known = {path: value for path, value in values(bill).items() if path in printed or path in implied}
    if "invoice.currency" not in printed:
        known.pop("financials.currency", None)
    return nested(known)
