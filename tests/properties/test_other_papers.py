"""Papers of the same desks that are no invoices: nothing of them is booked, and nothing is invented."""

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from app.model.invoice import Invoice
from app.model.limits import Limits
from app.model.options import Options
from app.pipeline import judge, read_invoice
from app.validation import Context, Outcome, load

LETTERHEAD = ("Nordwind Trading Ltd", "4 Quay Street", "Galway, H91 X2PT", "VAT number: IE6388047V", "")
PAPERS = {
    "letter": (
        *LETTERHEAD,
        "Dear Ms Example,",
        "thank you for your visit of 3 May 2026. We enjoyed it, and will send the samples soon.",
        "Yours sincerely",
    ),
    "menu": ("Menu of the day", "Soup\t6.50", "Pasta with mushrooms\t12.00", "Ice cream\t4.50"),
    "price list": (
        *LETTERHEAD,
        "Price list 2026",
        "Article\tDescription\tPrice",
        "A-100\tSteel shelf, 90 cm\t49.00",
        "A-101\tSteel shelf, 120 cm\t64.00",
    ),
    "delivery note": (
        *LETTERHEAD,
        "Delivery note",
        "Delivery note number: LN-4711\tDate: 14/05/2026",
        "Description\tQuantity",
        "Steel shelf, 90 cm\t4",
        "Received in good order: ____________",
    ),
    "order confirmation": (
        *LETTERHEAD,
        "Order confirmation",
        "Order number: AB-8812\tDate: 14/05/2026",
        "Description\tQuantity\tPrice\tAmount",
        "Steel shelf, 90 cm\t4\t49.00\t196.00",
        "Net\t196.00",
        "VAT 23 %\t45.08",
        "Total EUR\t241.08",
    ),
    "quotation": (
        *LETTERHEAD,
        "Quotation",
        "Quotation number: Q-311\tDate: 14/05/2026\tValid until: 14/06/2026",
        "Description\tQuantity\tPrice\tAmount",
        "Steel shelf, 90 cm\t4\t49.00\t196.00",
        "Net\t196.00",
        "VAT 23 %\t45.08",
        "Total EUR\t241.08",
    ),
    "bank statement": (
        "Bank of the Western Isles",
        "Account statement",
        "IBAN: IE29 AIBK 9311 5212 3456 78\tStatement 5/2026",
        "Date\tDetails\tAmount\tBalance",
        "02/05/2026\tCard payment Bakery\t-4.20\t1,204.80",
        "04/05/2026\tTransfer Nordwind Trading\t320.00\t1,524.80",
        "Closing balance\t1,524.80",
    ),
    "dunning letter": (
        *LETTERHEAD,
        "Payment reminder",
        "These items are still open:",
        "Invoice number\tInvoice date\tDue\tAmount",
        "RE-1001\t01/03/2026\t31/03/2026\t241.08 EUR",
        "RE-1017\t09/03/2026\t08/04/2026\t98.40 EUR",
        "Total outstanding\t339.48 EUR",
    ),
    "remittance advice": (
        *LETTERHEAD,
        "Remittance advice",
        "We have paid the following invoices to your account:",
        "Invoice number\tInvoice date\tAmount",
        "55012\t01/03/2026\t241.08 EUR",
        "Total\t241.08 EUR",
    ),
}


def printed(path, rows):
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    canvas.setFont("Helvetica", 10)
    for at, row in enumerate(rows):
        for column, text in enumerate(row.split("\t")):
            canvas.drawString(50 + 130 * column, 800 - 18 * at, text)
    canvas.showPage()
    canvas.save()
    return path


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_that_is_no_invoice_is_rejected_and_nothing_is_invented(tmp_path, name):
    extraction = read_invoice(printed(tmp_path / "paper.pdf", PAPERS[name]), Options(), Limits())
    assert extraction.invoice == Invoice()
    assert extraction.observations.invoice_count == 0
    assert judge(extraction, Context(), load()).decision.outcome is Outcome.REJECT
