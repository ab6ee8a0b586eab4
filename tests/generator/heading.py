"""The heading: what kind of document it is, its number, dates and references."""

import datetime as dt

from tests.generator.sheet import Sheet
from tests.generator.typeset import grid, lines, strong, t, table

Pair = tuple[str, str]


def title(sheet: Sheet) -> str:
    """The document's name, as text."""
    return t(title_text(sheet))


def title_text(sheet: Sheet) -> str:
    """The document's name."""
    return sheet.words(f"title_{sheet.bill.kind}")


def number_label(sheet: Sheet) -> str:
    """The concept that labels the number."""
    return "number_credit_note" if sheet.bill.kind == "credit_note" else "number"


def pairs(sheet: Sheet, *, due: bool = True, noise: bool = True) -> list[Pair]:
    """Label (bare text) and value of everything in the heading, the number first or not."""
    bill, words = sheet.bill, sheet.words
    found = [
        (words(number_label(sheet)), sheet.put("invoice.number", bill.number)),
        (words("date"), sheet.date("invoice.date", bill.date)),
    ]
    if sheet.odds(0.25):
        found.reverse()
    if due and bill.due:
        found.append((words("due"), sheet.date("invoice.due_date", bill.due)))
    if bill.po_number:
        found.insert(
            sheet.rng.randint(1, len(found)), (words("po"), sheet.put("invoice.po_number", bill.po_number))
        )
    if noise:
        for pair in noise_pairs(sheet):
            found.insert(sheet.rng.randint(0, len(found)), pair)
    return found


def noise_pairs(sheet: Sheet) -> list[Pair]:
    """Things that look like numbers and dates of the invoice and are not."""
    extra = sheet.bill.extra
    found = [
        (sheet.words(name), t(extra[name]))
        for name in ("customer", "delivery_note", "contact")
        if name in extra
    ]
    if "delivered" in extra and sheet.odds(0.3):
        found.append(
            (sheet.words("delivery"), t(sheet.style.date(dt.date.fromisoformat(extra["delivered"]))))
        )
    return found


def beside(sheet: Sheet, found: list[Pair], *, bold_label: bool | None = None, flush: bool = False) -> str:
    """Labels left of their values."""
    bold = sheet.odds(0.4) if bold_label is None else bold_label
    cells = []
    for label, value in found:
        text = t(label + sheet.style.colon)
        cells += [strong(text) if bold else text, value]
    return grid(["auto", "auto"], cells, align=["left", "right" if flush else "left"], gap=(10, 4))


def above(sheet: Sheet, found: list[Pair], columns: int, *, boxed: bool = False) -> str:
    """Small labels above their values."""
    cells = [lines([f"#text(size: 0.75em)[{t(label)}];", value]) for label, value in found]
    cells += [""] * (-len(cells) % columns)
    if boxed:
        rows = [cells[i : i + columns] for i in range(0, len(cells), columns)]
        return table(["1fr"] * columns, [], rows, align=["left"] * columns, stroke="0.5pt", inset="3pt")
    return grid(["1fr"] * columns, cells, gap=(10, 8))


def heads(sheet: Sheet, found: list[Pair], *, fill: str = "none") -> str:
    """Labels as column heads over one row of values."""
    head = [strong(t(label)) for label, _ in found]
    return table(
        ["1fr"] * len(found),
        head,
        [[value for _, value in found]],
        align=["left"] * len(found),
        stroke="0.5pt + gray",
        fill=fill,
    )


def inline(sheet: Sheet, found: list[Pair]) -> str:
    """All in one line of text."""
    glue = t(sheet.rng.choice(["   ", " | ", "  -  "]))
    return glue.join(t(f"{label}{sheet.style.colon} ") + value for label, value in found)


def titled_number(sheet: Sheet) -> str:
    """`Invoice 2024-001`, `Fattura n. 12 del 3/4/2025`: number (and date) within the title."""
    bill = sheet.bill
    text = t(
        title_text(sheet)
        + {"it": " n. ", "de": " Nr. ", "fr": " n° ", "es": " nº ", "pt": " n.º ", "pl": " nr "}.get(
            bill.language, " "
        )
    )
    number = sheet.put("invoice.number", bill.number)
    if sheet.odds(0.5):
        of = {
            "it": " del ",
            "de": " vom ",
            "fr": " du ",
            "es": " de ",
            "pt": " de ",
            "nl": " d.d. ",
            "pl": " z dnia ",
            "en": " of ",
        }[bill.language]
        return text + number + t(of) + sheet.date("invoice.date", bill.date)
    return text + number


def remaining(sheet: Sheet, found: list[Pair]) -> list[Pair]:
    """The pairs whose value was not yet printed by the title; keeps order."""
    return found
