"""The rows of a KSeF FA: with or without tax, and as they were before a correction.

Source: Ministerstwo Finansów, "Broszura informacyjna dotycząca struktury logicznej FA", FaWiersz.
"""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from app.extraction.einvoice import values
from app.extraction.einvoice.mapping import Found, Group
from app.extraction.einvoice.paths import either, finder, nodes
from app.extraction.einvoice.tree import Node
from app.model.invoice import LineItem
from app.model.money import CENT, HUNDRED, ZERO

_RATE_WORDS: Final = {
    "0 KR": "Z",
    "0 WDT": "K",
    "0 EX": "G",
    "zw": "E",
    "oo": "AE",
    "np": "O",
    "np I": "O",
    "np II": "AE",
}
_ZERO_WORDS: Final = ("zw", "oo", "np II")
_rate_text = finder(either("P_12", "P_12_XII"))
_net_amount = finder("P_11")
_gross_amount = finder("P_11A")
_before = finder("StanPrzed")


def _percent(text: str) -> Decimal | None:
    """The percent of a rate: zero for what is exempt or reverse-charged, none outside the tax's scope."""
    return ZERO if text in _ZERO_WORDS else values.number(text.partition(" ")[0])


def _category(line: Node) -> Found | None:
    text = _rate_text(line) or ""
    category = _RATE_WORDS.get(text) or ("Z" if text == "0" else "S" if _percent(text) else None)
    return Found(value=category, text=text) if category else None


def _without_tax(line: Node, gross: Decimal, digits: Decimal) -> Decimal:
    rate = _percent(_rate_text(line) or "") or ZERO
    return (gross * HUNDRED / (HUNDRED + rate)).quantize(digits, rounding=ROUND_HALF_UP)


def _gross_of(line: Node) -> Decimal | None:
    """The amount with tax (P_11A), else that of so many at the price with tax (P_9B)."""
    stated = values.number(_gross_amount(line) or "")
    price, quantity = values.number(_gross_price(line) or ""), values.number(_units(line) or "")
    return price * quantity if stated is None and price is not None and quantity is not None else stated


def _amount(line: Node) -> Found | None:
    """Net; taken out of gross where only that stands; negative for a row as it was before a correction."""
    net, gross = values.number(_net_amount(line) or ""), _gross_of(line)
    if net is None and gross is not None:
        net = _without_tax(line, gross, CENT)
    elif _before(line) != "1":
        return None
    if net is None:
        return None
    return Found(value=-net if _before(line) == "1" else net, text=_net_amount(line) or _gross_amount(line))


def _net_price(line: Node) -> Found | None:
    """The price without tax, where only that with tax (P_9B) stands."""
    gross = values.number(_gross_price(line) or "")
    if gross is None:
        return None
    whole, fine = (_without_tax(line, gross, digits) for digits in (CENT, _FINE))
    return Found(value=whole if whole == fine else fine, text=_gross_price(line))


_FINE: Final = Decimal("0.0001")
_was = nodes("Fa/FaWiersz")


_gross_price = finder("P_9B")
_units = finder("P_8B")


def _quantity(line: Node) -> Found | None:
    """The quantity of a row as it was before a correction, counted the other way like its amount."""
    quantity = values.number(_units(line) or "")
    return None if quantity is None else Found(value=-quantity, text=_units(line))


_price = finder("P_9A")
_reduction = finder("P_10")


def _of_one_unit(line: Node) -> Decimal | None:
    """The discount on the whole row, where the amounts show that the stated one is on each unit."""
    texts_here = (_price(line), _units(line), _net_amount(line), _reduction(line))
    price, quantity, net, reduction = (values.number(text or "") for text in texts_here)
    if price is None or quantity is None or net is None or reduction is None:
        return None
    fits = abs((price - reduction) * quantity - net) <= CENT < abs(price * quantity - reduction - net)
    return reduction * quantity if fits else None


def _line_discount(line: Node) -> str | None:
    return None if _of_one_unit(line) is not None else _reduction(line)


def _unit_discount(line: Node) -> Found | None:
    whole = _of_one_unit(line)
    return None if whole is None else Found(value=whole, text=_reduction(line))


def lines(root: Node) -> Iterator[Node]:
    """Rows; one that shows the state before a correction is not counted as it stands."""
    for row in _was(root):
        counted: Node = {"amount": row.get("P_11", ""), "quantity": row.get("P_8B", "")}
        yield {**row, **counted} if _before(row) != "1" else row


LINE: Final = Group(
    LineItem,
    {
        "number": ("NrWierszaFa", values.code),
        "description": ("P_7", values.line),
        "quantity": ("quantity", values.number),
        "unit": ("P_8A", values.line),
        "unit_price": ("P_9A", values.number),
        "discount": (_line_discount, values.positive),
        "amount": ("amount", values.number),
        "tax_rate": (_rate_text, _percent),
        "code": (either("Indeks", "GTIN"), values.line),
        "period_start": ("P_6A", values.date),
        "period_end": ("P_6A", values.date),
    },
    {
        "amount": _amount,
        "quantity": _quantity,
        "category": _category,
        "discount": _unit_discount,
        "unit_price": _net_price,
    },
)
