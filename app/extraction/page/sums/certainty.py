"""How sure the reader is of what it chose, before calibration: proofs and doubts counted."""

from typing import Final

from app.extraction.page.sums.cast import Sum, Totals

_CLEAR: Final = 0.3  # lead of the chosen totals over the next that leaves no doubt


def of_sum(chosen: Sum, totals: Totals) -> float:
    """Of an amount: its label, and the sums that prove it."""
    proofs = (
        0.3 * totals.closed + 0.12 * totals.rate_closed + 0.1 * totals.items_close + 0.08 * totals.taxes_close
    )
    lead = 0.1 * min(max(totals.margin, 0.0) / _CLEAR, 1.0)
    named = 0.3 * min(chosen.label, 1.0)
    return min(0.1 + proofs + lead + named, 0.98)


def of_rate(totals: Totals) -> float:
    """Of the one rate of tax."""
    return 0.95 if totals.rate_closed else 0.6
