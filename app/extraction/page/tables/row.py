"""An item of an invoice: its values, where each stands, and how sure it is."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

import msgspec

from app.extraction.page.text.layout import box_of
from app.extraction.page.text.lines import Place

PROVED: Final = 0.97
SUMMED: Final = 0.95
READ: Final = 0.75
CONTRADICTED: Final = 0.5
WORDS: Final = 0.9
NUMBERS: Final = ("quantity", "unit_price", "amount")


class RowValue(msgspec.Struct, frozen=True):
    """A value of an item, where it stands, and how sure it is."""

    value: Decimal | str
    place: Place | None
    """`None` for a computed value."""
    confidence: float


class Row(msgspec.Struct, frozen=True):
    """An item: its values by their names in `LineItem`."""

    values: Mapping[str, RowValue]
    holds: bool
    """Whether quantity x price - discount = amount."""

    @property
    def amount(self) -> Decimal:
        """The amount, or nothing."""
        found = self.values.get("amount")
        return found.value if found is not None and isinstance(found.value, Decimal) else Decimal(0)


class RowsFound(msgspec.Struct, frozen=True):
    """All items of a document."""

    rows: tuple[Row, ...] = ()
    lines: frozenset[int] = frozenset()
    """Numbers of the lines that the items and their heads take up."""

    @property
    def total(self) -> Decimal:
        """The sum of the amounts."""
        return sum((row.amount for row in self.rows), Decimal(0))


def joined(places: Sequence[Place]) -> RowValue:
    """Pieces of text as one value, over the page on which it begins."""
    text = " ".join(place.text for place in places)
    here = [place for place in places if place.page == places[0].page]
    place = Place(
        places[0].page,
        box_of(place.box for place in here),
        " ".join(place.text for place in here),
        places[0].origin,
        min(place.certainty for place in places),
    )
    return RowValue(text, place, WORDS)
