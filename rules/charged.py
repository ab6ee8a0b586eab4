"""The rates an invoice charges, each once and where it is best seen."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from app.model.invoice import Invoice

_OTHER_TAXES: Final = ("L", "M")


def charged_rates(invoice: Invoice) -> Iterator[tuple[str, Decimal]]:
    """Each rate with its path: the breakdown's, and of the total and the rows those that it does not give.

    The taxes of the Canary Islands, of Ceuta and of Melilla are none of VAT and left out.
    """
    seen = set()
    for index, tax in enumerate(invoice.tax_breakdown):
        if tax.rate is not None:
            seen.add(tax.rate)
            if tax.category not in _OTHER_TAXES:
                yield f"tax_breakdown[{index}].rate", tax.rate
    single = invoice.financials.tax_rate
    if single is not None and single not in seen:
        seen.add(single)
        yield "financials.tax_rate", single
    for index, row in enumerate(invoice.line_items):
        if row.tax_rate is not None and row.category not in _OTHER_TAXES and row.tax_rate not in seen:
            yield f"line_items[{index}].tax_rate", row.tax_rate


def listed(rates: Iterable[Decimal]) -> str:
    """Rates for a sentence, the lowest first."""
    return ", ".join(f"{rate.normalize():f}" for rate in sorted(rates))
