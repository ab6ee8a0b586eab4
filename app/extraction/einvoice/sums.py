"""Fields that several elements of a line or document make up together."""

from collections.abc import Callable

from app.extraction.einvoice import values
from app.extraction.einvoice.mapping import Found
from app.extraction.einvoice.paths import Find, finder, nodes, texts
from app.extraction.einvoice.tree import Node, text_of
from app.model.money import ZERO


def allowances(at: str, indicator: str, amount: str, *, charge: bool) -> Callable[[Node], Found | None]:
    """The sum of the charges, or of the allowances, that stand at a path with an indicator and an amount."""
    find, is_charge, amount_of = nodes(at), finder(indicator), finder(amount)

    def compute(node: Node) -> Found | None:
        found = [
            text
            for one in find(node)
            if bool(values.flag(is_charge(one) or "false")) is charge and (text := amount_of(one))
        ]
        return _sum(found)

    return compute


def total(path: str) -> Callable[[Node], Found | None]:
    """The sum of every amount at a path."""
    find = texts(path)
    return lambda node: _sum(list(find(node)))


def _sum(found: list[str]) -> Found | None:
    amounts = [value for text in found if (value := values.number(text)) is not None]
    if not amounts or len(amounts) != len(found):
        return None
    return Found(value=sum(amounts, ZERO), text=" + ".join(found[:3]) if len(found) <= _SHOWN else None)


_SHOWN = 3


def all_in_currency(at: str, currency: Find) -> Callable[[Node], list[str]]:
    """The amounts whose `currencyID` is the document's own, else all."""
    find = nodes(at)

    def amounts(node: Node) -> list[str]:
        found = [(one.get("@currencyID"), text) for one in find(node) if (text := text_of(one))]
        if len(found) == 1:
            return [found[0][1]]
        own = currency(node)
        return [text for unit, text in found if unit == own] or [text for _, text in found]

    return amounts


def in_currency(at: str, currency: Find) -> Find:
    """The first amount whose `currencyID` is the document's own, else the first."""
    amounts = all_in_currency(at, currency)
    return lambda node: next(iter(amounts(node)), None)
