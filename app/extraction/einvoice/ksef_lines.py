"""The rows of a KSeF FA: with or without tax, and as they were before a correction.

Source: Ministerstwo Finansów, "Broszura informacyjna dotycząca struktury logicznej FA", FaWiersz.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from app.extraction.einvoice import values
from app.extraction.einvoice.mapping import Found, Group
from app.extraction.einvoice.memory import remembered
from app.extraction.einvoice.paths import Texts, Together, either, finder
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
_RATE: Final = either("P_12", "P_12_XII")
_rate_text = finder(_RATE)
_net_amount = finder("P_11")
_gross_amount = finder("P_11A")
_before = finder("StanPrzed")


def _read_percent(text: str) -> Decimal | None:
    """The percent of a rate: zero for what is exempt or reverse-charged, none outside the tax's scope."""
    return ZERO if text in _ZERO_WORDS else values.number(text.partition(" ")[0])


_percent = remembered(_read_percent)


def _read_category(text: str) -> str | None:
    return _RATE_WORDS.get(text) or ("Z" if text == "0" else "S" if _percent(text) else None)


_category = remembered(_read_category)


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


_gross_price = finder("P_9B")
_units = finder("P_8B")


def _quantity(line: Node) -> Found | None:
    """The quantity of a row as it was before a correction, counted the other way like its amount."""
    quantity = values.number(_units(line) or "")
    return None if quantity is None else Found(value=-quantity, text=_units(line))


_SUM: Final = ("P_9A", "P_8B", "P_11", "P_10")
_summands = [finder(place) for place in _SUM]


def _of_one_unit(found: Texts) -> Decimal | None:
    """The discount on the whole row, where the amounts show that the stated one is on each unit."""
    price, quantity, net, reduction = (values.number(text or "") for text in found)
    if price is None or quantity is None or net is None or reduction is None:
        return None
    fits = abs((price - reduction) * quantity - net) <= CENT < abs(price * quantity - reduction - net)
    return reduction * quantity if fits else None


def _of_whole_row(found: Texts) -> str | None:
    reduction = found[-1]
    return reduction if reduction and _of_one_unit(found) is None else None


def _unit_discount(line: Node) -> Found | None:
    found = [find(line) for find in _summands]
    whole = _of_one_unit(found)
    return None if whole is None else Found(value=whole, text=found[-1])


def _unless_before(place: str) -> Together:
    """A row that shows the state before a correction is not counted as it stands."""
    return Together(("StanPrzed", place), lambda found: None if found[0] == "1" else found[1])


LINE: Final = Group(
    LineItem,
    {
        "number": ("NrWierszaFa", values.code),
        "description": ("P_7", values.line),
        "quantity": (_unless_before("P_8B"), values.number),
        "unit": ("P_8A", values.line),
        "unit_price": ("P_9A", values.number),
        "discount": (Together(_SUM, _of_whole_row), values.positive),
        "amount": (_unless_before("P_11"), values.number),
        "tax_rate": (_RATE, _percent),
        "category": (_RATE, _category),
        "code": (either("Indeks", "GTIN"), values.line),
        "period_start": ("P_6A", values.date),
        "period_end": ("P_6A", values.date),
    },
    {
        "amount": _amount,
        "quantity": ("StanPrzed", _quantity),
        "discount": ("P_10", _unit_discount),
        "unit_price": ("P_9B", _net_price),
    },
)
