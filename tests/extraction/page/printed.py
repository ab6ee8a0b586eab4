"""Pages of HTML with what they say in a comment at their top, printed and read."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.model.extraction import Extraction
from app.model.invoice import Invoice, Party
from app.model.limits import Limits
from app.model.options import Options
from app.pipeline import read_invoice
from tests.generator.field.press import faces, to_pdf

STYLE = (
    "<style>body{font:10pt Roboto}table{width:100%;border-collapse:collapse}td,th{padding:3px 6px;text-align:left;"
    "vertical-align:top}.r{text-align:right}.c{text-align:center}.box{border:1px solid #888;padding:6px}"
    "h1,h2,h3{margin:4px 0}p{margin:2px 0}ul{list-style:none;padding:0}.g td,.g th{border:1px solid #999}"
    ".col{width:48%;float:left}.clear{clear:both}</style>"
)


def read_page(page: Path, folder: Path) -> tuple[Extraction, dict[str, Any]]:
    """What is read from a page, and what it says."""
    source = page.read_text("utf-8")
    printed = folder / "invoice.pdf"
    printed.write_bytes(to_pdf(f"<html>{STYLE}<style>{faces('Roboto')}</style><body>{source}</body></html>"))
    return read_invoice(printed, Options(), Limits()), tomllib.loads(
        source.removeprefix("<!--").split("-->")[0]
    )


def said_of(read: Invoice, facts: dict[str, Any]) -> dict[str, Any]:
    """What was read, in the words of the facts: every number, date and name of the heading, and the sums."""
    heading = {
        name: getattr(read.invoice, name) for name in ("number", "date", "due_date", "po_number", "currency")
    }
    sums = {
        name: getattr(read.financials, name) for name in ("subtotal", "tax_amount", "total", "amount_due")
    }
    return {
        **{name: value for name, value in heading.items() if value is not None},
        "vendor": _party(read.vendor),
        "buyer": _party(read.buyer),
        **{name: amount for name, amount in sums.items() if amount is not None and name in facts},
        "rows": [row.amount for row in read.line_items],
    }


def _party(party: Party) -> list[str]:
    return [party.name or "", party.vat_number or "", party.city or ""]


def exact(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts, their amounts as decimals."""
    sums = {
        name: Decimal(facts[name])
        for name in ("subtotal", "tax_amount", "total", "amount_due")
        if name in facts
    }
    return {**facts, **sums, "rows": [Decimal(amount) for amount in facts["rows"]]}
