"""A language is two files: what invoices call things, and what the heads of their columns say."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from app.api.options import LOCALES
from app.model.limits import Limits
from app.model.options import Options
from app.pipeline import read_invoice
from tests.extraction.page.printed import exact, read_page, said_of
from tests.generator.field.press import faces, to_pdf

SWEDISH = """
<style>body { font: 10pt Lato } table { width: 100% } td, th { padding: 2pt 4pt; text-align: left }</style>
<table><tr>
<td><b style="font-size: 16pt">Björkö Snickeri AB</b><br>Verkstadsgatan 12<br>116 45 Stockholm</td>
<td><b style="font-size: 18pt">FAKTURA</b>
<table>
<tr><td>Fakturanr</td><td>20471</td></tr><tr><td>Fakturadatum</td><td>2026-03-14</td></tr>
<tr><td>Förfallodatum</td><td>2026-04-13</td></tr><tr><td>Er order</td><td>IO-5581</td></tr>
</table></td></tr></table>
<p>Fakturaadress<br><b>Västra Hamnens Kontor AB</b><br>Sjögatan 4<br>211 15 Malmö</p>
<table>
<tr><th>Artikelnr</th><th>Benämning</th><th>Antal</th><th>Enhet</th><th>À-pris</th><th>Belopp</th></tr>
<tr><td>B-100</td><td>Bokhylla ek</td><td>3</td><td>st</td><td>4 250,00</td><td>12 750,00</td></tr>
<tr><td>M-7</td><td>Montering</td><td>6,5</td><td>tim</td><td>640,00</td><td>4 160,00</td></tr>
<tr><td>F-1</td><td>Frakt</td><td>1</td><td>st</td><td>590,00</td><td>590,00</td></tr>
</table>
<table style="width: 45%; margin-left: 55%">
<tr><td>Summa exkl. moms</td><td>17 500,00</td></tr><tr><td>Moms 25 %</td><td>4 375,00</td></tr>
<tr><td>Att betala SEK</td><td>21 875,00</td></tr>
</table>
<p>Betalningsvillkor 30 dagar netto</p>
<small>Org.nr 559871-2049 &nbsp; Momsreg.nr SE559871204901</small>
"""


def languages(root, folder):
    return {path.stem for path in (root / "app/extraction/page" / folder).glob("*.toml")}


def test_every_language_says_what_heads_of_columns_mean(root):
    assert languages(root, "text/labels") == languages(root, "tables/columns")


def test_every_language_may_be_hinted_at(root):
    assert set(LOCALES) == languages(root, "text/labels")


def test_an_invoice_of_the_language_last_added_is_read_whole(tmp_path):
    page = tmp_path / "faktura.pdf"
    page.write_bytes(to_pdf(SWEDISH.replace("<style>", "<style>" + faces("Lato"), 1)))
    extraction = read_invoice(page, Options(), Limits())
    read = extraction.readings[0].invoice
    assert extraction.language == "sv"
    assert (read.vendor.name, read.vendor.vat_number) == ("Björkö Snickeri AB", "SE559871204901")
    assert (read.buyer.name, read.buyer.city) == ("Västra Hamnens Kontor AB", "Malmö")
    assert (read.invoice.number, read.invoice.po_number) == ("20471", "IO-5581")
    assert (read.invoice.date, read.invoice.due_date) == (date(2026, 3, 14), date(2026, 4, 13))
    assert (read.financials.subtotal, read.financials.total) == (Decimal(17500), Decimal(21875))
    assert read.invoice.currency == "SEK"
    assert [(row.quantity, row.amount) for row in read.line_items] == [
        (Decimal(3), Decimal(12750)),
        (Decimal("6.5"), Decimal(4160)),
        (Decimal(1), Decimal(590)),
    ]


PAGES = sorted((Path(__file__).parent / "languages").glob("*.html"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_an_invoice_of_each_further_language_is_read_whole(page, tmp_path):
    extraction, facts = read_page(page, tmp_path)
    assert extraction.language == page.stem
    assert said_of(extraction.readings[0].invoice, facts) == exact(facts)
