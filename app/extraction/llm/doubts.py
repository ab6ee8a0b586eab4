"""What a model is to be asked: what is missing, doubtful, or does not add up; nothing when all is sure."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from app.extraction.llm.fields import HEADER
from app.extraction.page.text.identifiers import find_vat_numbers
from app.extraction.page.text.legal_forms import has_legal_form
from app.extraction.page.text.scan import Scan
from app.model.evidence import Source
from app.model.extraction import Reading
from app.model.invoice import Invoice
from app.model.job import HelpScope
from app.model.money import CENT, ZERO
from app.model.paths import CORE, leaves

SURE: Final = 0.9
"""The confidence from which a value is not asked for."""
SURE_NAME: Final = 0.8
"""The same of a name: on a layout never seen, one that nothing else bears out is never said to be surer."""
SURE_AMONG_DOUBTS: Final = 0.99
"""The same where a core field is missing or doubtful: who misread one part may have misread another."""
_SUMS: Final = ("financials.subtotal", "financials.tax_amount", "financials.total")
_MORE: Final = tuple(path for path in HEADER if path not in CORE)
_TAX_NUMBERS: Final = ("vat_id", "buyer_vat", "fiscal_code")
_EXACT: Final = frozenset({Source.XML, Source.CODE})
ITEMS: Final = "line_items"
TAX_LINES: Final = "tax_breakdown"


def doubtful(reading: Reading, scope: HelpScope, found: Scan | None = None) -> tuple[str, ...]:
    """The paths to ask for; a table stands for all of its fields.

    With the scanned pages, what is missing and of which they show no sign is not asked for.
    """
    if scope is HelpScope.ALL:
        return (*HEADER, ITEMS, TAX_LINES)
    values, tables = dict(leaves(reading.invoice)), tuple(_tables(reading.invoice))
    absent = frozenset() if found is None else _absent(found) - values.keys()
    wanted = [path for path in CORE if path not in absent]
    first = {path for path in wanted if _is_doubtful(reading, values, path, SURE)}
    if not adds_up(reading.invoice):
        first.update(_SUMS)
    if not first:
        return tables
    core = [
        path for path in wanted if path in first or _is_doubtful(reading, values, path, SURE_AMONG_DOUBTS)
    ]
    more = [path for path in _MORE if path in values and _is_doubtful(reading, values, path, SURE)]
    return (*core, *more, *tables)


def _absent(found: Scan) -> frozenset[str]:
    """Fields of which no word on the pages tells: a small trader has no VAT number, a receipt no net."""
    absent: set[str] = set()
    if not any(label.weight(kind) for kind in _TAX_NUMBERS for label in found.all_labels(kind)):
        numbers = (hit for line in found.lines for hit in find_vat_numbers(line.text))
        if not any(hit.valid for hit in numbers):
            absent.add("vendor.vat_number")
    if not any(True for _ in found.all_labels("tax", "net", "tax_rate")) and not any(found.percents):
        absent.update(("financials.subtotal", "financials.tax_amount"))
    return frozenset(absent)


def _is_doubtful(reading: Reading, values: dict[str, object], path: str, sure: float) -> bool:
    evidence = reading.fields.get(path)
    if path not in values or evidence is None:
        return True
    if path.endswith(".name") and _is_composite(str(values[path])):
        return True
    if path.endswith(".name") and sure == SURE:
        sure = SURE_NAME
    return evidence.source not in _EXACT and evidence.confidence < sure


def _is_composite(name: str) -> bool:
    """Whether a comma in a name parts it from something that is no legal form: a contact, a place."""
    first, comma, rest = name.partition(",")
    return bool(comma) and bool(first.strip()) and not has_legal_form(rest)


def adds_up(invoice: Invoice) -> bool:
    """Whether net, tax and what else is charged make the total; so it is where one of them is unknown."""
    sums = invoice.financials
    if sums.subtotal is None or sums.tax_amount is None or sums.total is None:
        return True
    charged = [sums.stamp_duty, sums.social_security, sums.charges, sums.rounding]
    taken = [sums.discount, sums.prepaid, sums.withholding_tax]
    off = sums.total - sums.subtotal - sums.tax_amount
    extras = [*(value for value in charged if value), *(-value for value in taken if value)]
    return any(abs(off - extra) <= CENT for extra in _subsets(extras))


def _subsets(extras: list[Decimal]) -> set[Decimal]:
    found = {ZERO}
    for extra in extras:
        found |= {part + extra for part in found}
    return found


def _tables(invoice: Invoice) -> Iterator[str]:
    """The tables whose rows are unlike the totals."""
    sums, rows = invoice.financials, [row.amount for row in invoice.line_items]
    if sums.subtotal is not None and (None in rows or not _explains(rows, invoice)):
        yield ITEMS
    taxes = [line.amount for line in invoice.tax_breakdown]
    known = [tax for tax in taxes if tax is not None]
    if known and len(known) == len(taxes) and sums.tax_amount is not None:
        off = abs(sum(known, ZERO) - sums.tax_amount)
        if off > CENT * len(taxes):
            yield TAX_LINES


def _explains(rows: list[Decimal | None], invoice: Invoice) -> bool:
    """Whether the rows add up to the net, before or after what is taken off it, or to the total."""
    sums = invoice.financials
    added = sum((row for row in rows if row is not None), ZERO)
    net, total = sums.subtotal or ZERO, sums.total
    off = [value for value in (sums.discount, sums.charges, sums.social_security) if value]
    targets = {net + part for part in _subsets([*off, *(-value for value in off)])}
    targets |= {total} if total is not None else set()
    return any(abs(abs(added) - abs(target)) <= CENT * max(1, len(rows)) for target in targets)
