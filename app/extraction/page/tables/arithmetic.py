"""Whether the numbers of a row hold together, and which columns of a table make them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import product
from typing import Final, NamedTuple

from app.extraction.page.tables.cells import Cell, Strip
from app.extraction.page.tables.lexicon import AMOUNTS, NUMERIC, PRICES, Kind
from app.extraction.page.tables.table import Table
from app.model.money import CENT, HUNDRED

_CHAIN: Final = re.compile(r"\d{1,2}(?:[.,]\d{1,2})? ?%?(?: ?\+ ?\d{1,2}(?:[.,]\d{1,2})? ?%?)+")
_PART: Final = re.compile(r"\d{1,2}(?:[.,]\d{1,2})?")
_HIGHEST_RATE: Final = Decimal(27)  # per cent: the highest standard rate of the EU, Hungary's
_RATE_STEP: Final = Decimal("0.05")
_MOST_ROWS: Final = 60  # that decide what the columns are
_MOST_TRIED: Final = 5  # columns that could play one part


class Parts(NamedTuple):
    """Which column of a table plays which part; `None` where none does."""

    quantity: int | None
    price: int | None
    amount: int | None
    discount: int | None
    tax_rate: int | None


class Product(NamedTuple):
    """The readings of a row's numbers that agree with each other, and whether any do."""

    quantity: Decimal | None
    price: Decimal | None
    amount: Decimal | None
    holds: bool


def check_row(cells: Mapping[int, Cell], parts: Parts, shares: Sequence[Decimal] = ()) -> Product:
    """Read a row so that quantity x price - discount = amount where that can be.

    `shares` are percentages outside the columns that may be its discount.
    """
    quantity, price, amount = (cells.get(at) if at is not None else None for at in parts[:3])
    discount = cells.get(parts.discount) if parts.discount is not None else None
    likely = [cell.readings[0] if cell else None for cell in (quantity, price, amount)]
    first = Product(likely[0], likely[1], likely[2], holds=False)
    if not (quantity and price and amount):
        return first
    for q, p, a in product(quantity.readings, price.readings, amount.readings):
        if _holds(q, p, a, discount) or any(_is_lowered(q, p, a, share) for share in shares):
            return Product(q, p, a, holds=True)
    return first


def _holds(quantity: Decimal, price: Decimal, amount: Decimal, discount: Cell | None) -> bool:
    gross, slack = quantity * price, _slack(quantity, price)
    if abs(abs(gross) - abs(amount)) <= slack:
        return True
    if discount is None:
        return False
    share = _share(discount)
    lowered = (gross * (HUNDRED - share) / HUNDRED, gross - share, quantity * (price - share))
    return any(abs(abs(value) - abs(amount)) <= slack for value in lowered)


def _is_lowered(quantity: Decimal, price: Decimal, amount: Decimal, share: Decimal) -> bool:
    """Whether an amount is the product less a percentage of it."""
    lowered = quantity * price * (HUNDRED - share) / HUNDRED
    return 0 < share < HUNDRED and abs(abs(lowered) - abs(amount)) <= _slack(quantity, price)


def _share(discount: Cell) -> Decimal:
    """The discount as one number; `30+10` are per cent of what the first has left."""
    chain = _CHAIN.match(discount.line.folded, discount.start)
    if chain is None:
        return abs(discount.readings[0])
    left = HUNDRED
    for part in _PART.findall(chain.group()):
        left *= (HUNDRED - Decimal(part.replace(",", "."))) / HUNDRED
    return HUNDRED - left


def _slack(quantity: Decimal, price: Decimal) -> Decimal:
    """What rounding explains: a cent, and half the last digit of a price of more than two decimals."""
    exponent = price.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -2:  # noqa: PLR2004 - finer than cents
        return CENT + abs(quantity) * Decimal(5).scaleb(exponent - 1)
    return CENT


def choose_parts(table: Table, strips: Sequence[Strip]) -> Parts:
    """The columns that are quantity, price and amount: what their heads allow and most rows confirm."""
    strips = strips[:_MOST_ROWS]
    rows = [strip.cells for strip in strips]
    discount = _first(table.of(Kind.DISCOUNT), rows)
    named = list(_named(table, discount, rows))
    best = max(
        named, key=lambda parts: _confirmed(parts, strips), default=Parts(None, None, None, discount, None)
    )
    if not _confirmed(best, strips):
        best = _without_unnamed(best, table)
    if not _confirmed(best, strips):
        guesses = _guessed(table, best, rows)
        guessed = max(
            guesses, key=lambda parts: (_confirmed(parts, strips), _spoken_for(parts, table)), default=best
        )
        if _confirmed(guessed, strips) > max(1, len(rows) // 2):
            best = guessed
    taken = {best.quantity, best.price, best.amount, best.discount}
    rates = [at for at in table.of(Kind.TAX_RATE) if at not in taken and _are_rates(at, table, rows)]
    return best._replace(tax_rate=_first(rates, rows))


def _are_rates(at: int, table: Table, rows: Sequence[Mapping[int, Cell]]) -> bool:
    """Whether a column that could hold rates or amounts of tax holds rates."""
    cells = [cells[at] for cells in rows if at in cells]
    if any(cell.percent for cell in cells):
        return True
    highest = _HIGHEST_RATE if table.columns[at].may_be(Kind.TAX_AMOUNT) else HUNDRED
    return all(0 <= cell.readings[0] <= highest and cell.readings[0] % _RATE_STEP == 0 for cell in cells)


def _without_unnamed(parts: Parts, table: Table) -> Parts:
    """Without the quantity and the price that neither a head names nor a product confirms."""
    quantity, price = (
        at if at is not None and table.columns[at].kinds else None for at in (parts.quantity, parts.price)
    )
    return parts._replace(quantity=quantity, price=price)


def _confirmed(parts: Parts, strips: Sequence[Strip]) -> int:
    return sum(check_row(strip.cells, parts, strip.shares).holds for strip in strips)


def _named(table: Table, discount: int | None, rows: Sequence[Mapping[int, Cell]]) -> Iterator[Parts]:
    """The choices that the heads allow, the likeliest first."""
    quantities = _filled(table.of(Kind.QUANTITY), rows)
    prices = _filled(_ordered(table, PRICES), rows)
    amounts = _filled(_ordered(table, (*AMOUNTS, Kind.BASE)), rows)
    if not amounts and len(prices) > 1:
        amounts, prices = [max(prices)], [at for at in prices if at != max(prices)]
    unknown = _filled([at for at, column in enumerate(table.columns) if not column.kinds], rows)
    if not amounts:
        amounts = unknown[-1:]
    quantities = quantities or [at for at in unknown if at not in amounts]
    prices = prices or [at for at in reversed(unknown) if at not in amounts]  # behind the quantity
    for amount, price, quantity in product(amounts or (None,), _or_none(prices), _or_none(quantities)):
        chosen = [at for at in (quantity, price, amount) if at is not None]
        if len(set(chosen)) == len(chosen):
            yield Parts(quantity, price, amount, discount, None)


def _or_none(columns: Sequence[int]) -> Sequence[int | None]:
    return (*columns, None)


def _guessed(table: Table, best: Parts, rows: Sequence[Mapping[int, Cell]]) -> Iterator[Parts]:
    """Every order of the columns of numbers, whatever their heads say."""
    numeric = [at for at, column in enumerate(table.columns) if not column.kinds or column.kinds & NUMERIC]
    filled = _filled(numeric, rows)
    for quantity, price, amount in product(filled, repeat=3):
        if len({quantity, price, amount}) == 3:  # noqa: PLR2004 - three columns
            yield best._replace(quantity=quantity, price=price, amount=amount)


def _spoken_for(parts: Parts, table: Table) -> int:
    """How many of the three columns have a head that can mean their part."""
    roles = ((parts.quantity, (Kind.QUANTITY,)), (parts.price, PRICES), (parts.amount, AMOUNTS))
    return sum(at is not None and table.columns[at].may_be(*kinds) for at, kinds in roles)


def _ordered(table: Table, kinds: Sequence[Kind]) -> list[int]:
    """Columns of the kinds, in the order of preference; of one kind the right one first."""
    found: list[int] = []
    for kind in kinds:
        found.extend(at for at in reversed(table.of(kind)) if at not in found)
    return found


def _filled(columns: Sequence[int], rows: Sequence[Mapping[int, Cell]]) -> list[int]:
    """Those that have a number in some row, but not too many to try."""
    return [at for at in columns if any(at in cells for cells in rows)][:_MOST_TRIED]


def _first(columns: Sequence[int], rows: Sequence[Mapping[int, Cell]]) -> int | None:
    return next(iter(_filled(columns, rows)), None)
