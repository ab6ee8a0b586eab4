"""The table of rows: columns, orders, rules, wrapped descriptions, sums carried over pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from tests.generator.bill import Row
from tests.generator.sheet import Sheet
from tests.generator.typeset import lines, paragraphs, right, sized, spanning, strong, t, table

ORDERS: Final = (
    ("pos", "code", "description", "quantity", "unit", "price", "discount", "rate", "amount"),
    ("description", "quantity", "price", "amount"),
    ("description", "quantity", "unit", "price", "rate", "amount"),
    ("code", "description", "quantity", "price", "amount"),
    ("quantity", "description", "price", "amount"),
    ("pos", "description", "quantity", "price", "rate", "amount"),
    ("pos", "quantity", "unit", "description", "price", "amount"),
    ("code", "description", "unit", "quantity", "price", "discount", "amount", "rate"),
    ("description", "rate", "quantity", "price", "amount"),
    ("description", "price", "quantity", "amount"),
)
STROKES: Final = (
    "none", "0.5pt", "(x, y) => (bottom: 0.4pt + gray)", "(x, y) => if y == 0 { (bottom: 1pt) } else { none }",
    "(x, y) => (left: 0.4pt, right: 0.4pt, top: if y < 2 { 0.4pt } else { 0pt }, bottom: 0.4pt)", "(x, y) => if y <= 1 { (top: 0.6pt) } else { (top: 0.2pt + gray) }",
)  # fmt: skip
LEFT: Final = frozenset({"description", "code", "unit", "pos"})


@dataclass(frozen=True, kw_only=True)
class Look:
    """How this issuer's tables look."""

    order: tuple[str, ...]
    stroke: str
    fill: str
    padded: bool
    """Quantities with two places."""
    bare: bool
    """Amounts without currency."""
    unit_glued: bool
    notes: bool
    percent: bool
    """The rate with its percent sign."""


def draw_look(
    sheet: Sheet, *, order: Sequence[str] = (), stroke: str | None = None, zebra: bool | None = None
) -> Look:
    """A random look, or one with the given order and rules."""
    discounts = any(r.discount_percent for r in sheet.bill.rows)
    chosen = tuple(order) or sheet.rng.choice([o for o in ORDERS if "discount" in o or not discounts])
    if not discounts:
        chosen = tuple(c for c in chosen if c != "discount")
    elif "discount" not in chosen and "price" in chosen:
        place = chosen.index("price") + 1
        chosen = (*chosen[:place], "discount", *chosen[place:])
    if len(sheet.bill.taxes) > 1 and "rate" not in chosen:
        chosen = (*chosen[:-1], "rate", chosen[-1])
    if not any(r.code for r in sheet.bill.rows):
        chosen = tuple(c for c in chosen if c != "code")
    if sheet.bill.country == "US":
        chosen = tuple(c for c in chosen if c != "rate")
    striped = sheet.odds(0.25) if zebra is None else zebra
    head = f'rgb("{sheet.style.colour}").lighten(80%)' if sheet.odds(0.5) else "none"
    fill = (
        f"(x, y) => if y == 0 {{ {head} }} else if calc.even(y) {{ luma(240) }} else {{ none }}"
        if striped
        else f"(x, y) => if y == 0 {{ {head} }} else {{ none }}"
    )
    return Look(
        order=chosen, stroke=stroke or sheet.rng.choice(STROKES), fill=fill, padded=sheet.odds(0.35), bare=sheet.odds(0.6),
        unit_glued="unit" not in chosen and sheet.odds(0.25), notes=sheet.odds(0.25), percent=sheet.odds(0.6),
    )  # fmt: skip


def head_texts(sheet: Sheet, look: Look) -> list[str]:
    """The column heads."""
    shown: list[str] = []
    for name in look.order:
        text = sheet.words(f"col_{name}")
        if text in shown:
            text = next(x for x in sheet.words.variants(f"col_{name}") if x not in shown)
        shown.append(text)
    return [text.upper() if sheet.style.caps else text for text in shown]


def _description(sheet: Sheet, look: Look, i: int, row: Row) -> str:
    parts = [sheet.put(f"line_items[{i}].description", row.description)]
    if row.note or (look.notes and i % 2 == 0):
        a, b = sheet.bill.date.replace(day=1), sheet.bill.date.replace(day=28)
        note = row.note or sheet.words("period", a=sheet.style.date(a), b=sheet.style.date(b))
        parts.append(sized(t(note), sheet.style.size - 1.5))
    return lines(parts)


def _quantity(sheet: Sheet, look: Look, i: int, row: Row) -> str:
    text = sheet.style.quantity(row.quantity, padded=look.padded)
    path = f"line_items[{i}].quantity"
    if look.unit_glued:
        sheet.printed.add(f"line_items[{i}].unit")
        return sheet.put(path, f"{text} {row.unit}")
    return sheet.put(path, text)


def _rate(sheet: Sheet, look: Look, i: int, row: Row) -> str:
    text = sheet.style.percent(row.rate)
    return sheet.put(f"line_items[{i}].tax_rate", text if look.percent else text.replace("%", "").strip())


def _cell(sheet: Sheet, look: Look, name: str, i: int, row: Row) -> str:
    paths = f"line_items[{i}]."
    if name == "pos":
        return t(str(i + 1))
    if name == "discount":
        return t(sheet.style.percent(row.discount_percent) if row.discount_percent else "")
    if name == "price":
        return sheet.money(paths + "unit_price", row.unit_price, bare=look.bare)
    if name == "amount":
        return sheet.money(paths + "amount", sheet.signed(row.amount), bare=look.bare)
    if name in {"code", "unit"}:
        return sheet.put(paths + name, getattr(row, name))
    return {"description": _description, "quantity": _quantity, "rate": _rate}[name](sheet, look, i, row)


def cells(sheet: Sheet, look: Look, first: int = 0, last: int | None = None) -> list[list[str]]:
    """The rows' cells, from the first to before the last."""
    numbered = list(enumerate(sheet.bill.rows))[first:last]
    return [[_cell(sheet, look, name, i, row) for name in look.order] for i, row in numbered]


def widths(look: Look) -> list[str]:
    """Column widths: what is left goes to the description."""
    return ["1fr" if name == "description" else "auto" for name in look.order]


def aligns(sheet: Sheet, look: Look) -> list[str]:
    """Text left, numbers right (or, with some issuers, centred)."""
    middle = sheet.odds(0.2)
    return [
        "left" if n in LEFT else "center" if middle and n in {"quantity", "rate"} else "right"
        for n in look.order
    ]


def items(sheet: Sheet, look: Look) -> str:
    """The whole table."""
    head = [strong(t(text)) for text in head_texts(sheet, look)]
    return table(
        widths(look), head, cells(sheet, look), align=aligns(sheet, look), stroke=look.stroke, fill=look.fill
    )


def items_with_sums(sheet: Sheet, look: Look, below: list[tuple[str, str]]) -> str:
    """The table with the sums as its last rows: the label over all columns but the last."""
    head = [strong(t(text)) for text in head_texts(sheet, look)]
    rows = cells(sheet, look) + [[spanning(label, len(look.order) - 1), value] for label, value in below]
    return table(
        widths(look),
        head,
        rows,
        align=[*aligns(sheet, look)[:-1], "right"],
        stroke=look.stroke,
        fill=look.fill,
    )


def carried(sheet: Sheet, look: Look, per_page: int) -> str:
    """The table cut into pages, with the sum carried forward and brought forward."""
    head = [strong(t(text)) for text in head_texts(sheet, look)]
    rows, parts, sides = sheet.bill.rows, [], aligns(sheet, look)
    for count, first in enumerate(range(0, len(rows), per_page)):
        so_far = sum((r.amount for r in rows[:first]), Decimal(0))
        if first:
            parts.append("#pagebreak();")
            parts.append(
                right(
                    t(
                        f"{sheet.words('carry_in', n=str(count))}   {sheet.style.amount(sheet.signed(so_far), bare=look.bare)}"
                    )
                )
            )
        parts.append(
            table(
                widths(look),
                head,
                cells(sheet, look, first, first + per_page),
                align=sides,
                stroke=look.stroke,
                fill=look.fill,
            )
        )
        if first + per_page < len(rows):
            upto = sum((r.amount for r in rows[: first + per_page]), Decimal(0))
            parts.append(
                right(
                    t(
                        f"{sheet.words('carry_out')}   {sheet.style.amount(sheet.signed(upto), bare=look.bare)}"
                    )
                )
            )
    return paragraphs(*parts)
