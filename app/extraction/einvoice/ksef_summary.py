"""The VAT summary of KSeF FA: one pair of fields for each rate, read as the rows of a breakdown.

Source: Ministerstwo Finansów, "Broszura informacyjna dotycząca struktury logicznej FA", P_13_1 … P_14_5.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import msgspec

from app.extraction.einvoice import values
from app.extraction.einvoice.mapping import Found, Group
from app.extraction.einvoice.paths import either, finder, nodes, texts
from app.extraction.einvoice.tree import Node
from app.model.invoice import TaxLine
from app.model.money import CENT, HUNDRED, ZERO


class Column(msgspec.Struct, frozen=True):
    """A pair of summary fields: net and tax of one rate."""

    net: str
    tax: str | None
    rates: tuple[int, ...]
    """The rates it is used for, today's first."""
    category: str


_COLUMNS: Final = {
    column.net: column
    for column in (
        Column("P_13_1", "P_14_1", (23, 22), "S"),
        Column("P_13_2", "P_14_2", (8, 7), "S"),
        Column("P_13_3", "P_14_3", (5,), "S"),
        Column("P_13_4", "P_14_4", (4, 3), "S"),
        Column("P_13_5", "P_14_5", (), "S"),
        Column("P_13_6", None, (0,), "Z"),
        Column("P_13_6_1", None, (0,), "Z"),
        Column("P_13_6_2", None, (0,), "K"),
        Column("P_13_6_3", None, (0,), "G"),
        Column("P_13_7", None, (0,), "E"),
        Column("P_13_8", None, (), "O"),
        Column("P_13_9", None, (0,), "AE"),
        Column("P_13_10", None, (0,), "AE"),
        Column("P_13_11", None, (0,), "E"),
    )
}
_summaries = nodes("Fa")


def taxes(root: Node) -> Iterator[Node]:
    """Each pair of summary fields that is filled, as a row of a VAT breakdown.

    Many programs fill the unused ones with zeros: those say something only where a row has their rate, or
    where there is nothing else.
    """
    rows = [row for fa in _summaries(root) for row in _filled(fa)]
    used = [row for row in rows if not _is_zero(row)]
    if len(used) < len(rows):
        sold = set(_sold_at(root))
        used = [row for row in rows if not _is_zero(row) or sold & _names_of_rates(row)]
    yield from used or rows


_sold_at = texts("Fa/FaWiersz/P_12")


def _is_zero(row: Node) -> bool:
    return not (values.number(_net(row) or "") or values.number(_tax(row) or ""))


def _names_of_rates(row: Node) -> set[str]:
    return {str(rate) for rate in _COLUMNS[_column(row) or "P_13_5"].rates}


def _filled(fa: Node) -> Iterator[Node]:
    for name, column in _COLUMNS.items():
        if name in fa:
            tax = fa.get(column.tax, "") if column.tax else ""
            yield {"#": name, "net": fa[name], "tax": tax, "Adnotacje": fa.get("Adnotacje", "")}


_column = finder("#")
_net = finder("net")
_tax = finder("tax")


def _rate(row: Node) -> Found | None:
    """The rate of a column; where it serves two, the one that gives the tax stated."""
    rates = [Decimal(rate) for rate in _COLUMNS[_column(row) or "P_13_5"].rates]
    net, tax = values.number(_net(row) or ""), values.number(_tax(row) or "")
    if net is None or tax is None or len(rates) == 1:
        return Found(value=rates[0]) if rates else None
    fitting = [rate for rate in rates if abs(net * rate / HUNDRED - tax) <= CENT]
    if fitting or not net:
        return Found(value=fitting[0]) if fitting else None
    shown = tax * HUNDRED / net
    near = [rate for rate in rates if abs(rate - shown) < _SAME_RATE]
    return Found(value=near[0]) if near else None


_legal_basis = finder(
    either(
        "Adnotacje/Zwolnienie/P_19A",
        "Adnotacje/Zwolnienie/P_19B",
        "Adnotacje/Zwolnienie/P_19C",
    )
)


def _exemption(row: Node) -> Found | None:
    """The provision by which the exempt column (P_13_7) is exempt."""
    basis = _legal_basis(row) if _column(row) == "P_13_7" else None
    return Found(value=basis, text=basis) if basis else None


_SAME_RATE: Final = Decimal("0.5")
"""Percent within which the rounding of many rows still shows the rate."""


def _untaxed(row: Node) -> Found | None:
    """A column without a tax field carries none."""
    return Found(value=ZERO) if _COLUMNS[_column(row) or "P_13_5"].tax is None else None


TAX: Final = Group(
    TaxLine,
    {"base": ("net", values.number), "amount": ("tax", values.number)},
    {
        "reason": _exemption,
        "rate": _rate,
        "amount": _untaxed,
        "category": lambda row: Found(value=_COLUMNS[_column(row) or "P_13_5"].category),
    },
)
