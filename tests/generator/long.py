"""One invoice of any number of pages, each full of a table with rulings, a running head and a carried sum."""

from decimal import Decimal
from pathlib import Path
from typing import Final

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

ROWS: Final = 32
_STEP: Final = 18
_COLUMNS: Final = (40, 90, 330, 400, 480, 555)
_RATE: Final = Decimal("0.22")


def _money(value: Decimal) -> str:
    return f"{value:,.2f}"


def _head(canvas: Canvas, page: int, pages: int) -> None:
    canvas.setFont("Helvetica-Bold", 14)
    canvas.drawString(40, 800, "Long Haul Stationery Ltd")
    canvas.setFont("Helvetica", 9)
    canvas.drawString(40, 786, "12 Harbour Road, Dublin 2, D02 X285")
    canvas.drawString(40, 774, "VAT number: IE6388047V")
    canvas.drawRightString(555, 800, "Invoice")
    canvas.drawRightString(555, 786, "Invoice number: LH-2026-300")
    canvas.drawRightString(555, 774, "Invoice date: 14 March 2026")
    canvas.drawRightString(555, 30, f"Page {page} of {pages}")
    canvas.drawString(40, 750, "Bill to:")
    canvas.drawString(90, 750, "Northern Offices Ltd, 4 Quay Street, Galway, H91 X2PT")


def _table(canvas: Canvas, first: int, count: int, total: Decimal) -> Decimal:
    y = 726
    for x, text in zip(_COLUMNS, ("Pos", "Description", "Qty", "Unit price", "", "Amount"), strict=True):
        (canvas.drawRightString if x > _COLUMNS[1] and text else canvas.drawString)(x, y, text)
    for number in range(first, first + count):
        y -= _STEP
        quantity, price = number % 7 + 1, Decimal(number % 90 + 10) + Decimal("0.25")
        amount = quantity * price
        total += amount
        canvas.drawString(40, y, str(number))
        canvas.drawString(90, y, f"Box of labels, size {number % 40 + 1}, colour {number % 9 + 1}")
        canvas.drawRightString(330, y, str(quantity))
        canvas.drawRightString(400, y, _money(price))
        canvas.drawRightString(555, y, _money(amount))
        canvas.line(36, y - 4, 558, y - 4)
    return total


def long_invoice_pdf(path: Path, pages: int) -> tuple[int, Decimal]:
    """Write it; gives the number of rows and the total."""
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    net = Decimal(0)
    for page in range(1, pages + 1):
        _head(canvas, page, pages)
        net = _table(canvas, (page - 1) * ROWS + 1, ROWS, net)
        if page < pages:
            canvas.drawString(330, 100, "Carried forward")
            canvas.drawRightString(555, 100, _money(net))
        else:
            tax = (net * _RATE).quantize(Decimal("0.01"))
            for y, text, value in (
                (110, "Subtotal", net),
                (94, "VAT 22 %", tax),
                (78, "Total EUR", net + tax),
            ):
                canvas.drawString(330, y, text)
                canvas.drawRightString(555, y, _money(value))
        canvas.showPage()
    canvas.save()
    return pages * ROWS, net + (net * _RATE).quantize(Decimal("0.01"))
