"""Terms of payment, bank details, notes, and the small print that only looks like data."""

import datetime as dt

from tests.generator.bill import cents
from tests.generator.parties import bank_lines, bank_pairs
from tests.generator.sheet import Sheet
from tests.generator.typeset import grid, lines, sized, strong, t

END_OF_MONTH = ("fine mese", "f.f.m.", "fin de mois")


def terms(sheet: Sheet) -> str:
    """The terms of payment; those from the end of the month would contradict a due date that is printed."""
    text = sheet.words("terms", n=str(sheet.bill.days))
    if sheet.bill.due and any(x in text for x in END_OF_MONTH):
        text = sheet.words.variants("terms")[0].replace("{n}", str(sheet.bill.days))
    return text


def payment(sheet: Sheet, *, bank: bool = True, due: bool = True) -> str:
    """The payment block: terms, due date if the heading did not say it, bank."""
    bill, words = sheet.bill, sheet.words
    found = [strong(t(words("pay_label") + sheet.style.colon)) + t(" " + terms(sheet))]
    if due and bill.due and "invoice.due_date" not in sheet.printed:
        found.append(t(f"{words('due')}{sheet.style.colon} ") + sheet.date("invoice.due_date", bill.due))
    found += distractions(sheet)
    if bank:
        found += bank_lines(sheet)
    return lines(found)


def distractions(sheet: Sheet) -> list[str]:
    """Amounts and dates near the payment that are neither the total nor the due date."""
    bill, words, found = sheet.bill, sheet.words, []
    if bill.kind != "invoice":
        return []
    if sheet.odds(0.12):
        found.append(t(words("early", amount=sheet.style.amount(cents(bill.total * 98 / 100)))))
    if bill.due is None and sheet.odds(0.2):
        owed = bill.total if bill.amount_due is None else bill.amount_due
        half = cents(owed / 2)
        days = [bill.date + dt.timedelta(days=n) for n in (30, 60)]
        shown = [
            f"{sheet.style.date(day)} {sheet.style.amount(part)}"
            for day, part in zip(days, (half, owed - half), strict=True)
        ]
        found.append(t(f"{words('instalments')}{sheet.style.colon} " + " - ".join(shown)))
    return found


def case_note(sheet: Sheet) -> str:
    """The sentence the tax case needs."""
    return t(sheet.words(f"note_{sheet.bill.note}")) if sheet.bill.note else ""


def small_print(sheet: Sheet) -> str:
    """Conditions, with amounts and percentages that mean nothing here."""
    texts = sheet.words.variants("noise")
    return sized(
        t(" ".join(sheet.rng.sample(texts, sheet.rng.randint(1, min(3, len(texts)))))),
        max(6.0, sheet.style.size - 2.5),
    )


def closing(sheet: Sheet) -> str:
    """A friendly word."""
    return t(sheet.words("thanks")) if sheet.odds(0.6) else ""


def imprint(sheet: Sheet, columns: int, *, blocks: list[list[str]]) -> str:
    """The footer in columns: firm, contact, register, bank."""
    size = max(6.0, sheet.style.size - 2.5)
    cells = [sized(lines(block), size) for block in blocks]
    return grid(["1fr"] * columns, cells, gap=(8, 4))


def bank_block(sheet: Sheet) -> list[str]:
    """The bank as short lines for a footer."""
    return [t(f"{label}{sheet.style.colon} ") + value for label, value in bank_pairs(sheet)]
