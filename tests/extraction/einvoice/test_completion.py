"""What the page of a hybrid adds to data that leave things out, and what it must not touch."""

from decimal import Decimal

import pytest

from app.extraction.einvoice.completion import completed
from app.model.document import FileType
from app.model.evidence import Evidence, Source
from app.model.extraction import Extraction, Reading
from app.model.invoice import Financials, Invoice, InvoiceHeader, LineItem, Party, TaxLine
from app.model.paths import leaves

MONEY = Financials(subtotal=Decimal("100.00"), tax_amount=Decimal("20.00"), total=Decimal("120.00"))
TAXES = (
    TaxLine(rate=Decimal(25), base=Decimal("80.00"), amount=Decimal("20.00")),
    TaxLine(rate=Decimal(0), base=Decimal("20.00"), amount=Decimal("0.00")),
)
ROW = LineItem(description="Chair", amount=Decimal("100.00"))


def _extraction(invoice: Invoice, source: Source, confidence: float) -> Extraction:
    fields = {path: Evidence(confidence=confidence, source=source) for path, _ in leaves(invoice)}
    return Extraction(readings=(Reading(invoice=invoice, fields=fields),), file_type=FileType.PDF)


@pytest.fixture
def together():
    """The data of an invoice, completed by what its page prints."""

    def together(
        stated: Invoice, printed: Invoice, confidence: float = 0.9, data: str = "<Invoice/>"
    ) -> Extraction:
        data_first = _extraction(stated, Source.XML, 1)
        return completed(data_first, _extraction(printed, Source.TEXT, confidence), data)

    return together


def test_data_of_totals_alone_get_the_printed_taxes_and_rows(together):
    found = together(Invoice(financials=MONEY), Invoice(tax_breakdown=TAXES, line_items=(ROW,)))
    assert (found.invoice.tax_breakdown, found.invoice.line_items) == (TAXES, (ROW,))
    assert found.fields["tax_breakdown[0].rate"].source is Source.TEXT
    assert found.fields["line_items[0].amount"].source is Source.TEXT
    assert found.fields["financials.total"].source is Source.XML


def test_the_only_rate_comes_with_the_printed_taxes(together):
    printed = Invoice(
        tax_breakdown=(TaxLine(rate=Decimal(20), base=MONEY.subtotal, amount=MONEY.tax_amount),),
        financials=Financials(tax_rate=Decimal(20)),
    )
    found = together(Invoice(financials=MONEY), printed)
    assert found.invoice.financials == Financials(
        subtotal=MONEY.subtotal, tax_amount=MONEY.tax_amount, total=MONEY.total, tax_rate=Decimal(20)
    )


def test_printed_taxes_that_do_not_add_up_to_the_data_are_left(together):
    assert together(Invoice(financials=MONEY), Invoice(tax_breakdown=TAXES[:1])).invoice.tax_breakdown == ()


def test_taxes_that_the_data_state_are_left_as_they_are(together):
    stated = Invoice(financials=MONEY, tax_breakdown=TAXES[:1])
    assert together(stated, Invoice(tax_breakdown=TAXES)).invoice.tax_breakdown == TAXES[:1]


def test_an_address_is_taken_whole_or_not_at_all(together):
    printed = Invoice(vendor=Party(address="Via Roma 1", city="Bra", zip_code="12042", country="IT"))
    only_country = together(Invoice(vendor=Party(country="IT")), printed).invoice.vendor
    assert (only_country.address, only_country.city, only_country.zip_code) == ("Via Roma 1", "Bra", "12042")
    assert together(Invoice(vendor=Party(city="Alba")), printed).invoice.vendor == Party(city="Alba")
    assert together(Invoice(vendor=Party(country="FR")), printed).invoice.vendor == Party(country="FR")


def test_what_the_page_is_not_sure_of_is_left_unknown(together):
    printed = Invoice(vendor=Party(name="Bottega"), invoice=InvoiceHeader(cig="1234567890"))
    assert together(Invoice(), printed, confidence=0.4).invoice == Invoice()
    assert together(Invoice(), printed, confidence=0.6).invoice == printed


@pytest.mark.parametrize(
    ("section", "name", "number"),
    [
        ("vendor", "iban", "DE86863583235879653373"),
        ("vendor", "fiscal_code", "201/113/40209"),
        ("vendor", "vat_number", "DE123456789"),
        ("invoice", "po_number", "B-123456"),
    ],
)
def test_a_number_that_the_data_know_as_another_is_not_taken_for_this(section, name, number, together):
    noun = Party if section == "vendor" else InvoiceHeader
    printed = Invoice(**{section: noun(**{name: number})})
    elsewhere = f"<DebtorAccount><ID>{number.replace('5', '5 ')}</ID></DebtorAccount>"
    assert together(Invoice(), printed, data=elsewhere).invoice == Invoice()
    in_a_note = f"<Note>Thank you for your order {number}.</Note>"
    assert together(Invoice(), printed, data=in_a_note).invoice == printed


def test_the_bank_of_an_account_that_is_another_is_another_too(together):
    account = Party(iban="DE86863583235879653373", bic="AAAADEFFXXX")
    printed, elsewhere = Invoice(vendor=account), "<DebtorAccount>DE86863583235879653373</DebtorAccount>"
    assert together(Invoice(), printed, data=elsewhere).invoice == Invoice()
    stated = Invoice(vendor=Party(iban=account.iban))
    assert together(stated, printed, data=elsewhere).invoice == printed


def test_a_vat_number_without_its_country_is_not_taken(together):
    assert together(Invoice(), Invoice(vendor=Party(vat_number="01072014"))).invoice == Invoice()
