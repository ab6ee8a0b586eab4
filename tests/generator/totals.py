"""The sums: as a column, a band, sentences, and the table of taxes."""

from dataclasses import dataclass
from decimal import Decimal

from tests.generator.sheet import Sheet
from tests.generator.typeset import grid, sized, strong, t, table


@dataclass(frozen=True)
class Sum:
    """One line of the sums."""

    label: str
    shown: str
    main: bool = False
    """The total or the amount due: what the eye is led to."""


def _sum(  # noqa: PLR0913 - one line of the sums has as many traits
    sheet: Sheet,
    concept: str,
    path: str,
    value: Decimal,
    *,
    bare: bool,
    negative: bool = False,
    main: bool = False,
    **names: str,
) -> Sum:
    shown = sheet.money(path, sheet.signed(value), bare=bare, negative=negative)
    return Sum(sheet.words(concept, **names), shown, main)


def _before_tax(sheet: Sheet, *, bare: bool) -> list[Sum]:
    bill, found = sheet.bill, []
    if bill.social:
        found.append(Sum(sheet.words("fee_sum"), t(sheet.style.amount(bill.rows_sum, bare=bare))))
        found.append(
            _sum(
                sheet,
                "social",
                "financials.social_security",
                bill.social,
                bare=bare,
                rate=sheet.style.percent(bill.social_rate),
            )
        )
    if bill.discount:
        found.append(
            Sum(sheet.words("rows_sum"), t(sheet.style.amount(sheet.signed(bill.rows_sum), bare=bare)))
        )
        found.append(
            _sum(sheet, "discount", "financials.discount", bill.discount, bare=bare, negative=sheet.odds(0.6))
        )
    return found


def _tax_lines(sheet: Sheet, *, bare: bool) -> list[Sum]:
    bill, words, found = sheet.bill, sheet.words, []
    for i, tax in enumerate(bill.taxes):
        rate = sheet.style.percent(tax.rate)
        concept = "tax_us" if bill.country == "US" else "tax"
        label = words(concept, rate=rate)
        value = sheet.money(f"tax_breakdown[{i}].amount", sheet.signed(tax.amount), bare=bare)
        if rate in label:
            sheet.printed.add(f"tax_breakdown[{i}].rate")
        if len(bill.taxes) > 1 and rate not in label:
            label = f"{label} {rate}"
            sheet.printed.add(f"tax_breakdown[{i}].rate")
        if len(bill.taxes) > 1 and sheet.options.setdefault("tax_on_base", str(sheet.odds(0.4))) == "True":
            on = {
                "it": "su",
                "de": "auf",
                "fr": "sur",
                "es": "sobre",
                "pt": "sobre",
                "nl": "over",
                "pl": "od",
                "en": "on",
            }[bill.language]
            label = f"{label} {on} {sheet.style.number(sheet.signed(tax.base))}"
            sheet.printed.add(f"tax_breakdown[{i}].base")
        found.append(Sum(label, value))
    if len(bill.taxes) == 1:
        sheet.printed |= {"financials.tax_amount", "tax_breakdown[0].base"}
        if "tax_breakdown[0].rate" in sheet.printed:
            sheet.printed.add("financials.tax_rate")
    return found


def _after_total(sheet: Sheet, *, bare: bool) -> list[Sum]:
    bill, found = sheet.bill, []
    if bill.withholding:
        rate, base = sheet.style.percent(bill.withholding_rate), sheet.style.number(bill.rows_sum)
        found.append(
            _sum(
                sheet,
                "withholding",
                "financials.withholding_tax",
                bill.withholding,
                bare=bare,
                negative=sheet.odds(0.7),
                rate=rate,
                base=base,
            )
        )
    if bill.prepaid:
        found.append(
            _sum(sheet, "prepaid", "financials.prepaid", bill.prepaid, bare=bare, negative=sheet.odds(0.6))
        )
    if bill.rounding:
        found.append(_sum(sheet, "rounding", "financials.rounding", bill.rounding, bare=bare))
    if bill.amount_due is not None:
        found.append(
            _sum(sheet, "amount_due", "financials.amount_due", bill.amount_due, bare=bare, main=True)
        )
    return found


def sums(sheet: Sheet, *, tax_lines: bool = True) -> list[Sum]:
    """All sums in their order; without the lines per rate where a tax table shows them."""
    bill, bare = sheet.bill, sheet.odds(0.25)
    found = _before_tax(sheet, bare=bare)
    taxed = any(tax.amount for tax in bill.taxes)
    silent = not taxed and not sheet.odds(0.5)
    if not silent:
        found.append(_sum(sheet, "subtotal", "financials.subtotal", bill.subtotal, bare=bare))
        if (
            tax_lines
            and (taxed or "{rate}" in sheet.words("tax"))
            and (len(bill.taxes) > 1 or sheet.odds(0.8))
        ):
            found += _tax_lines(sheet, bare=bare)
        if (
            not tax_lines
            or "tax_breakdown[0].amount" not in sheet.printed
            or (len(bill.taxes) > 1 and sheet.odds(0.4))
        ):
            found.append(_sum(sheet, "tax_total", "financials.tax_amount", bill.tax_amount, bare=bare))
    if bill.stamp:
        found.append(_sum(sheet, "stamp", "financials.stamp_duty", bill.stamp, bare=bare))
    found.append(
        _sum(
            sheet,
            "total",
            "financials.total",
            bill.total,
            bare=bare and sheet.odds(0.3),
            main=not bill.amount_due,
        )
    )
    _mark_single_rate(sheet)
    return found + _after_total(sheet, bare=bare)


def _mark_single_rate(sheet: Sheet) -> None:
    """With one rate, the base is the subtotal and the tax is the tax, wherever they stand."""
    if sheet.bill.single_rate is None:
        return
    seen = sheet.printed
    if "line_items[0].tax_rate" in seen or "tax_breakdown[0].rate" in seen:
        seen.add("financials.tax_rate")
        if "financials.tax_amount" in seen:
            seen |= {"tax_breakdown[0].rate", "tax_breakdown[0].amount", "tax_breakdown[0].base"}
    elif "tax_breakdown[0].amount" in seen:
        seen -= {"tax_breakdown[0].amount", "tax_breakdown[0].base"}


def column(sheet: Sheet, found: list[Sum], *, width: str = "45%", ruled: bool = False) -> str:
    """Labels with their amounts flush right."""
    cells = []
    for one in found:
        label = t(one.label + (sheet.style.colon if sheet.odds(0.8) else ""))
        big = sheet.style.size + 1.5
        cells.append(
            [
                sized(strong(label), big) if one.main else label,
                sized(strong(one.shown), big) if one.main else one.shown,
            ]
        )
    stroke = "(x, y) => (bottom: 0.4pt + gray)" if ruled else "none"
    inner = table(["1fr", "auto"], [], cells, align=["left", "right"], stroke=stroke, inset="3pt")
    return f"#block(width: {width}, breakable: false)[{inner}];"


def band(sheet: Sheet, found: list[Sum]) -> str:
    """Labels as column heads over one row of amounts, as bookkeeping programs print them."""
    head = [sized(t(one.label), sheet.style.size - 2) for one in found]
    row = [strong(one.shown) if one.main else one.shown for one in found]
    return table(["1fr"] * len(found), head, [row], align=["right"] * len(found), stroke="0.5pt", inset="4pt")


def inset_labels(sheet: Sheet, found: list[Sum], columns: int) -> str:
    """Each sum in its own cell, the label small above it."""
    cells = [
        f"#text(size: 0.7em)[{t(one.label)}];#linebreak();{strong(one.shown) if one.main else one.shown}"
        for one in found
    ]
    return grid(["1fr"] * columns, cells, align=["right"] * columns, gap=(8, 8))


def tax_table(
    sheet: Sheet,
    *,
    gross: bool = False,
    heading: bool = False,
    total_row: bool = False,
    order: tuple[str, ...] = ("rate", "base", "tax"),
) -> str:
    """The breakdown by rate."""
    bill = sheet.bill
    names = (*order, "gross") if gross else order
    rows = []
    for i, tax in enumerate(bill.taxes):
        text = {
            "rate": sheet.put(f"tax_breakdown[{i}].rate", sheet.style.percent(tax.rate)),
            "base": sheet.put(f"tax_breakdown[{i}].base", sheet.style.number(sheet.signed(tax.base))),
            "tax": sheet.put(f"tax_breakdown[{i}].amount", sheet.style.number(sheet.signed(tax.amount))),
            "gross": t(sheet.style.number(sheet.signed(tax.base + tax.amount))),
        }
        rows.append([text[name] for name in names])
    if total_row:
        text = {
            "rate": strong(t(sheet.words("sum_total"))), "base": strong(sheet.put("financials.subtotal", sheet.style.number(sheet.signed(bill.subtotal)))),
            "tax": strong(sheet.put("financials.tax_amount", sheet.style.number(sheet.signed(bill.tax_amount)))),
            "gross": strong(t(sheet.style.number(sheet.signed(bill.subtotal + bill.tax_amount)))),
        }  # fmt: skip
        rows.append([text[name] for name in names])
    if bill.single_rate is not None:
        sheet.printed.add("financials.tax_rate")
    head = [sized(strong(t(sheet.words(f"sum_{name}"))), sheet.style.size - 1) for name in names]
    title = strong(t(sheet.words("sum_title"))) if heading else ""
    return title + table(
        ["auto"] * len(names),
        head,
        rows,
        align=["right"] * len(names),
        stroke=sheet.rng.choice(["0.4pt", "none", "(x, y) => (bottom: 0.3pt)"]),
    )
