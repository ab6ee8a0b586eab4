"""The breakdown of tax by rate: from its table, or from the lines of sums that name a rate.

taxes = find_tax_lines(found, find_tables(found), rows)
for index, tax in enumerate(taxes):
    for field, value in tax.values.items():   # "rate", "base", "amount", "nature"
        findings.add(f"tax_breakdown[{index}].{field}", value.value, value.place, value.confidence)
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise, product
from typing import Final, NamedTuple

import msgspec

from app.extraction.page.tables.cells import Cell, Strip, amounts_on
from app.extraction.page.tables.lexicon import AMOUNTS, Kind
from app.extraction.page.tables.listed import listed_entries, number_at, values_of
from app.extraction.page.tables.row import RowsFound, RowValue
from app.extraction.page.tables.table import Table
from app.extraction.page.tables.tax_lines import Taxed, taxed_lines
from app.extraction.page.text.scan import Scan
from app.model.money import CENT, HUNDRED

_PROVED: Final = 0.97
_READ: Final = 0.7
_INFERRED: Final = 0.85
_CENTS: Final = Decimal("0.10")  # too little to prove a rate
_ROUNDED: Final = 5 * CENT  # tax added up from rounded lines
_TAX_NAME: Final = re.compile(r"\b(?:[csi]|ut)gst")
_NATURE: Final = re.compile(r"\bN[1-7](?:\.[1-9])?\b")  # Agenzia delle Entrate, codes of *Natura*


class TaxFound(msgspec.Struct, frozen=True):
    """A line of the breakdown: its values by their names in `TaxLine`."""

    values: Mapping[str, RowValue]
    holds: bool
    """Whether base x rate = amount."""

    name: str = ""
    """Which tax it is, where a document charges several at one rate."""

    def key(self) -> tuple[object, ...]:
        """What makes two lines the same."""
        return (
            *(self.values[it].value if it in self.values else None for it in ("rate", "base", "amount")),
            self.name,
        )


def with_exigibility(lines: Sequence[TaxFound], found: Scan) -> tuple[TaxFound, ...]:
    """The lines marked for split payment, where the page says that the buyer pays the tax to the treasury.

    Art. 17-ter DPR 633/1972; the code is `EsigibilitaIVA` of the Italian format.
    """
    label = next(iter(found.all_labels("split_payment")), None)
    if label is None:
        return tuple(lines)
    said = RowValue("S", label.line.place(label.start, label.end), _PROVED)
    return tuple(
        msgspec.structs.replace(line, values={**line.values, "exigibility": said})
        if "amount" in line.values and line.values["amount"].value
        else line
        for line in lines
    )


class Whole(NamedTuple):
    """What is known of the whole document before its tables are read."""

    net: RowValue | None = None
    tax: RowValue | None = None
    rate: RowValue | None = None
    """The one rate, as the sums prove it."""


_NOTHING: Final = Whole()


def find_tax_lines(
    found: Scan, tables: Sequence[Table], rows: RowsFound, whole: Whole = _NOTHING
) -> tuple[TaxFound, ...]:
    """Tax by rate, as printed; where only the sums stand there, the one line that they make."""
    sums = [table for table in tables if table.sums_taxes and not table.lists_items]
    for chosen in ([table for table in sums if table.of(Kind.TAX_AMOUNT)], sums):
        lines = [line for table in chosen for line in _from_table(table, found, rows)]
        if lines:
            return _distinct(lines)
    listed = list(_listed(found))
    if listed:
        return _distinct(listed)
    named = _named(found, rows, whole.net, whole.tax)
    return (
        _distinct(named) or tuple(_single(found, rows, whole.net, whole.tax)) or tuple(_of_sums(rows, whole))
    )


def _listed(found: Scan) -> Iterator[TaxFound]:
    """Rates whose base and tax stand as labelled values, one a line."""
    for entry in listed_entries(found, frozenset({Kind.TAX_AMOUNT})):
        cells = [
            next((cell for value in values_of(entry, kinds) if (cell := number_at(value, found))), None)
            for kinds in ((Kind.TAX_RATE,), (Kind.BASE, Kind.NET, Kind.AMOUNT), (Kind.TAX_AMOUNT,))
        ]
        rate, base, amount = cells
        if base is None or amount is None:
            continue
        agreed = _agreed(rate, base, amount) if rate else None
        if rate and agreed:
            pairs = zip(("rate", "base", "amount"), agreed, (rate, base, amount), strict=True)
            yield TaxFound(
                {name: RowValue(value, cell.place, _PROVED) for name, value, cell in pairs}, holds=True
            )
        elif not amount.readings[0]:
            nature = next(
                (value for values in entry.values() for value in values if _NATURE.search(value.line.text)),
                None,
            )
            match = _NATURE.search(nature.line.text) if nature else None
            if nature and match:
                yield _exempt(base, [amount], match, Strip(nature.line, {}, ()))


def _named(found: Scan, rows: RowsFound, net: RowValue | None, tax: RowValue | None) -> list[TaxFound]:
    """Lines that name a rate: with their base, or when they make the whole tax or the items prove them."""
    rated = {(*line.values[:2], _tax_named(line)): line for line in taxed_lines(found, rows.lines)}
    printed = {hit.readings[0] for hits in found.amounts for hit in hits if hit.money}
    added = sum((line.values[1] for line in rated.values()), Decimal(0))
    complete = tax is not None and abs(added - _number(tax)) <= _ROUNDED
    complete = complete or (net is not None and _number(net) + added in printed)
    kept = []
    for line in rated.values():
        rate, amount, base = line.values
        values = {
            "rate": RowValue(rate, line.rate.place, _PROVED),
            "amount": RowValue(amount, line.amount.place, _PROVED),
        }
        if base is not None and line.base is not None:
            values["base"] = RowValue(base, line.base.place, _PROVED)
        elif not amount and len(rated) == 1 and net is not None and not rate * _number(net):
            values["base"] = net
        else:
            taxed = _of_items(rows, rate)
            if abs(taxed * rate / HUNDRED - amount) <= _ROUNDED and taxed:
                values["base"] = RowValue(taxed, None, _INFERRED)
            elif not complete:
                continue
        kept.append(TaxFound(values, holds="base" in values, name=_tax_named(line)))
    return kept


def _tax_named(line: Taxed) -> str:
    """Which of several taxes at one rate a line is about: India's of the union and of the state."""
    match = _TAX_NAME.search(line.rate.line.folded)
    return match.group() if match else ""


def _number(value: RowValue) -> Decimal:
    return value.value if isinstance(value.value, Decimal) else Decimal(0)


def _of_items(rows: RowsFound, rate: Decimal) -> Decimal:
    """What the items of a rate add up to."""
    return sum(
        (
            row.amount
            for row in rows.rows
            if "tax_rate" in row.values and row.values["tax_rate"].value == rate
        ),
        Decimal(0),
    )


def _single(found: Scan, rows: RowsFound, net: RowValue | None, tax: RowValue | None) -> Iterator[TaxFound]:
    """The whole document at the one rate of its items."""
    rates = [row.values["tax_rate"] for row in rows.rows if "tax_rate" in row.values]
    if not rates or len(rates) != len(rows.rows) or len({rate.value for rate in rates}) != 1 or tax is None:
        return
    sure = msgspec.structs.replace(rates[0], confidence=_INFERRED)
    rate, amount = _number(rates[0]), _number(tax)
    for base in (net, *_sums_of(found, rows)):
        if (
            base is not None
            and abs(_number(base) * rate / HUNDRED - amount) <= CENT
            and (amount or base is net)
        ):
            yield TaxFound({"rate": sure, "base": base, "amount": tax}, holds=True)
            return


def _of_sums(rows: RowsFound, whole: Whole) -> Iterator[TaxFound]:
    """The whole document at the rate that its sums prove, unless the items bear others."""
    net, tax, rate = whole
    others = {row.values["tax_rate"].value for row in rows.rows if "tax_rate" in row.values}
    if net is None or tax is None or rate is None or others - {rate.value} or not _number(tax):
        return
    if abs(_number(net) * _number(rate) / HUNDRED - _number(tax)) <= CENT:
        yield TaxFound({"rate": rate, "base": net, "amount": tax}, holds=True)


def _sums_of(found: Scan, rows: RowsFound) -> Iterator[RowValue]:
    """The amounts outside the items that a label of net sums stands beside."""
    for line in found.lines:
        if line.number not in rows.lines and any(label.means("net") for label in found.labels[line.number]):
            for hit in found.amounts[line.number]:
                if hit.money:
                    yield RowValue(hit.readings[0], line.place(hit.start, hit.end), _INFERRED)


def _distinct(lines: Sequence[TaxFound]) -> tuple[TaxFound, ...]:
    return tuple({line.key(): line for line in lines}.values())


def _from_table(table: Table, found: Scan, rows: RowsFound) -> Iterator[TaxFound]:
    """The rows of a tax table; a row without a rate among rows with one is their sum."""
    lines = [line for strip in table.strips for line in _row(strip, table, found, rows)]
    rated = [line for line in lines if "rate" in line.values]
    yield from rated or lines[:1]


def _row(strip: Strip, table: Table, found: Scan, rows: RowsFound) -> Iterator[TaxFound]:
    bases = _cells(strip, table, Kind.BASE, Kind.NET) or _cells(strip, table, Kind.GOODS, Kind.AMOUNT)
    amounts = _cells(strip, table, Kind.TAX_AMOUNT) or _cells(strip, table, *AMOUNTS)
    others = [cell for cell in strip.cells.values() if cell.money and cell not in amounts]
    rates = [cell for cell in _rates(strip, table, found) if abs(cell.readings[0]) < HUNDRED]
    nature = _NATURE.search(strip.line.text)
    for rate, base, amount in product(rates, bases, [*amounts, *others]):
        agreed = _agreed(rate, base, amount)
        if agreed and base is not amount and rate not in (base, amount):
            yield _found(zip((rate, base, amount), agreed, strict=True), nature, strip, holds=True)
            if table.of(Kind.OTHER):
                yield from _surcharge(strip, (rate, base, amount), found)
            return
    if not bases:
        return
    if nature and not rates:
        yield _exempt(bases[0], amounts, nature, strip)
    elif not rates and amounts and amounts[0] is not bases[0]:
        yield from _unrated(bases[0], amounts[0], found, rows)


def _surcharge(strip: Strip, taxed: Sequence[Cell], found: Scan) -> Iterator[TaxFound]:
    """A second rate on the same base with what it comes to: Spain's *recargo de equivalencia*.

    It is one more tax, as e-invoices have it (Ley 37/1992, art. 154-163).
    """
    _, base, amount = taxed
    rest = [cell for cell in amounts_on(strip.line, found) if cell.start >= amount.end]
    for rate, more in pairwise(rest):
        agreed = _agreed(rate, base, more)
        if agreed and _CENTS < abs(agreed[2]) < abs(amount.readings[0]):
            yield _found(zip((rate, base, more), agreed, strict=True), None, strip, holds=True)
            return


def _cells(strip: Strip, table: Table, *kinds: Kind) -> list[Cell]:
    """Numbers in columns of the kinds, no percentages; where one is surely of the kind, only those."""
    cells = [
        (table.columns[at].kinds <= set(kinds), cell)
        for at, cell in sorted(strip.cells.items())
        if table.columns[at].may_be(*kinds) and not cell.percent
    ]
    return [cell for sure, cell in cells if sure] or [cell for _, cell in cells]


def _rates(strip: Strip, table: Table, found: Scan) -> list[Cell]:
    """Numbers that can be the rate: in its column, or a percentage anywhere on the line."""
    column = [cell for at, cell in sorted(strip.cells.items()) if table.columns[at].may_be(Kind.TAX_RATE)]
    percent = [
        Cell(
            strip.line, hit.start, hit.end, strip.line.box_of(hit.start, hit.end), (hit.value,), percent=True
        )
        for hit in found.percents[strip.line.number]
    ]
    return [*column, *percent]


def _agreed(rate: Cell, base: Cell, amount: Cell) -> tuple[Decimal, Decimal, Decimal] | None:
    """The readings for which base x rate = amount."""
    for r, b, a in product(rate.readings, base.readings, amount.readings):
        if abs(b * r / HUNDRED - a) <= _ROUNDED and (a or not r or abs(b) < 1):
            return r, b, a
    return None


def _found(
    pairs: Iterator[tuple[Cell, Decimal]], nature: re.Match[str] | None, strip: Strip, *, holds: bool
) -> TaxFound:
    values = {
        name: RowValue(value, cell.place, _PROVED if holds else _READ)
        for name, (cell, value) in zip(("rate", "base", "amount"), pairs, strict=True)
    }
    return TaxFound(values | _nature(nature, strip), holds)


def _nature(nature: re.Match[str] | None, strip: Strip) -> dict[str, RowValue]:
    if nature is None:
        return {}
    return {"nature": RowValue(nature.group(), strip.line.place(*nature.span()), _PROVED)}


def _exempt(base: Cell, amounts: Sequence[Cell], nature: re.Match[str], strip: Strip) -> TaxFound:
    """A row with a code of exemption in the place of the rate, which is nought."""
    place = strip.line.place(*nature.span())
    values = {
        "rate": RowValue(Decimal(0), place, _PROVED),
        "base": RowValue(base.readings[0], base.place, _PROVED),
    }
    none = next((cell for cell in amounts if cell is not base and not cell.readings[0]), None)
    values["amount"] = RowValue(Decimal(0), none.place if none else place, _PROVED)
    return TaxFound(values | _nature(nature, strip), holds=True)


def _unrated(base: Cell, amount: Cell, found: Scan, rows: RowsFound) -> Iterator[TaxFound]:
    """A row of base and tax whose rate stands elsewhere on the pages, if anywhere."""
    known = [row.values["tax_rate"] for row in rows.rows if "tax_rate" in row.values]
    known += [
        RowValue(hit.value, line.place(hit.start, hit.end), _INFERRED)
        for line, hits in zip(found.lines, found.percents, strict=True)
        for hit in hits
    ]
    for rate in known:
        for b, a in product(base.readings, amount.readings):
            if a and abs(b * _number(rate) / HUNDRED - a) <= _ROUNDED:
                yield TaxFound(
                    {
                        "rate": RowValue(rate.value, rate.place, _INFERRED),
                        "base": RowValue(b, base.place, _PROVED),
                        "amount": RowValue(a, amount.place, _PROVED),
                    },
                    holds=True,
                )
                return
