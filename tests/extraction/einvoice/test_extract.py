from decimal import Decimal
from pathlib import Path

import pytest

from app.errors import UnsupportedFile
from app.extraction.einvoice import extract_xml
from app.model.document import Document, FileType
from app.model.evidence import Source
from app.model.invoice import InvoiceType
from app.model.options import Mode, Options
from tests.extraction.einvoice.written import SAMPLE, WRITERS, write_cii, write_fatturapa, write_ubl

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "einvoice"


def test_every_invoice_of_a_lot_is_returned_in_the_order_of_the_file(extracted):
    extraction = extracted((FIXTURES / "fatturapa-lotto.xml").read_bytes())
    assert [reading.invoice.invoice.number for reading in extraction.readings] == ["7/2026", "NC 1/2026"]
    assert extraction.observations.invoice_count == 2


def test_a_total_that_the_document_leaves_out_is_computed_and_says_so(extracted):
    data = write_fatturapa(SAMPLE)
    start, end = data.index(b"<ImportoTotaleDocumento>"), data.index(b"</ImportoTotaleDocumento>")
    extraction = extracted(data[:start] + data[end + len(b"</ImportoTotaleDocumento>") :])
    assert extraction.invoice.financials.total == SAMPLE.total
    assert extraction.fields["financials.total"].source is Source.COMPUTED
    assert extraction.fields["financials.total"].text is None


def test_a_stated_total_is_kept_even_when_the_sums_give_another(extracted):
    data = write_fatturapa(SAMPLE).replace(
        f"<ImportoTotaleDocumento>{SAMPLE.total}".encode(), b"<ImportoTotaleDocumento>1.00"
    )
    extraction = extracted(data)
    assert extraction.invoice.financials.total == Decimal("1.00")
    assert extraction.fields["financials.total"].source is Source.XML


def test_a_stated_value_has_full_confidence_and_the_text_of_the_xml(extracted):
    evidence = extracted(write_ubl(SAMPLE)).fields["line_items[1].quantity"]
    assert (evidence.confidence, evidence.source, evidence.text) == (1.0, Source.XML, "1.5")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("TD01", "invoice"), ("TD02", "invoice"), ("TD03", "invoice"), ("TD04", "credit_note"),
        ("TD05", "debit_note"), ("TD06", "invoice"), ("TD16", "self_billed"), ("TD17", "self_billed"),
        ("TD18", "self_billed"), ("TD19", "self_billed"), ("TD20", "self_billed"), ("TD21", "self_billed"),
        ("TD22", "self_billed"), ("TD23", "self_billed"), ("TD24", "invoice"), ("TD25", "invoice"),
        ("TD26", "invoice"), ("TD27", "invoice"), ("TD28", "self_billed"), ("TD29", "self_billed"),
        ("TD07", "invoice"), ("TD08", "credit_note"), ("TD09", "debit_note"), ("TD10", "self_billed"),
        ("TD11", "self_billed"), ("TD12", "invoice"),
    ],
)  # fmt: skip
def test_an_italian_document_type_is_folded_and_kept(code, kind, extracted):
    header = extracted(write_fatturapa(SAMPLE).replace(b"TD01", code.encode())).invoice.invoice
    assert (header.type, header.type_code) == (kind, code)


@pytest.mark.parametrize(
    ("code", "kind"),
    [("380", "invoice"), ("381", "credit_note"), ("383", "debit_note"), ("389", "self_billed")],
)
def test_a_untdid_document_type_is_folded_and_kept(code, kind, extracted):
    data = write_cii(SAMPLE).replace(b"<ram:TypeCode>380<", f"<ram:TypeCode>{code}<".encode())
    header = extracted(data).invoice.invoice
    assert (header.type, header.type_code) == (kind, code)


def test_an_unknown_document_type_is_kept_as_code_and_guessed_at_by_nobody(extracted):
    header = extracted(write_fatturapa(SAMPLE).replace(b"TD01", b"TD99")).invoice.invoice
    assert (header.type, header.type_code) == (None, "TD99")


def test_a_ubl_credit_note_is_one_whatever_its_code(extracted):
    data = write_ubl(SAMPLE).replace(b"InvoiceLine", b"CreditNoteLine").replace(b"InvoicedQ", b"CreditedQ")
    data = data.replace(b"<Invoice ", b"<CreditNote ").replace(b"</Invoice>", b"</CreditNote>")
    data = data.replace(b"xsd:Invoice-2", b"xsd:CreditNote-2")
    data = data.replace(b"<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>", b"")
    invoice = extracted(data).invoice
    assert invoice.invoice.type is InvoiceType.CREDIT_NOTE
    assert [line.quantity for line in invoice.line_items] == [row.quantity for row in SAMPLE.rows]


def test_a_negative_invoice_that_is_no_credit_note_keeps_its_sign(extracted):
    data = write_ubl(SAMPLE).replace(f">{SAMPLE.total}<".encode(), f">-{SAMPLE.total}<".encode())
    assert extracted(data).invoice.financials.total == -SAMPLE.total


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1", "windows-1252"]
)
@pytest.mark.parametrize("syntax", WRITERS)
def test_the_encoding_of_a_file_changes_nothing(syntax, encoding, extracted):
    plain = WRITERS[syntax](SAMPLE).decode().replace("ś", "s").replace("ó", "o").replace("ż", "z")
    plain = plain.replace("ł", "l").replace("ą", "a")
    declared = (
        "UTF-8" if encoding == "utf-8-sig" else encoding.rpartition("-le")[0] or encoding.rpartition("-be")[0]
    )
    text = f'<?xml version="1.0" encoding="{declared or encoding}"?>\n{plain}'
    street = extracted(text.encode(encoding)).invoice.buyer.address
    assert street == SAMPLE.buyer.street


@pytest.mark.parametrize(
    "around",
    [
        ("\n \n<?xml version='1.0'?>", ""),
        (
            "<?xml version='1.0'?><?xml-stylesheet type='text/xsl' href='a.xsl'?><!-- made by hand -->",
            "<!-- end -->",
        ),
        ("", "\n\x00\x00"),
    ],
)
def test_padding_comments_and_stylesheets_around_the_invoice_are_nothing(around, extracted):
    data = around[0].encode() + write_fatturapa(SAMPLE) + around[1].encode()
    assert extracted(data).invoice.invoice.number == SAMPLE.number


def test_namespace_prefixes_are_free(extracted):
    data = write_cii(SAMPLE).replace(b"ram:", b"n0.a-b:").replace(b"xmlns:ram=", b"xmlns:n0.a-b=")
    assert extracted(data).invoice.financials.total == SAMPLE.total


def test_a_prefix_that_nobody_declared_is_forgiven(extracted):
    start = write_fatturapa(SAMPLE).index(b" xmlns:p=")
    data = write_fatturapa(SAMPLE)
    data = data[:start] + data[data.index(b">", start) :]
    assert extracted(data).invoice.invoice.number == SAMPLE.number


def test_a_namespace_that_is_no_uri_is_forgiven(extracted):
    data = write_fatturapa(SAMPLE).replace(
        b"xmlns:p=", b'xmlns:ds="http://www.w3.org/2000/09/xmldsig#&quot;" xmlns:p='
    )
    assert extracted(data).invoice.invoice.number == SAMPLE.number


def test_line_breaks_within_a_text_are_spaces(extracted):
    data = write_ubl(SAMPLE).replace("Stół".encode(), b"\n   big\n\ttable  ")
    assert extracted(data).invoice.line_items[0].description == "big table"


def test_a_decimal_comma_is_read_and_told(extracted):
    data = write_fatturapa(SAMPLE).replace(b"<ImponibileImporto>1000.00", b"<ImponibileImporto>1000,00")
    extraction = extracted(data)
    assert extraction.invoice.tax_breakdown[0].base == Decimal("1000.00")
    place = "FatturaElettronicaBody[1]/DatiBeniServizi[1]/DatiRiepilogo[1]/ImponibileImporto"
    assert place in [one.place for one in extraction.observations.schema_problems]


def test_an_amount_that_is_no_number_is_unknown_and_told(extracted):
    data = write_ubl(SAMPLE).replace(
        b'PriceAmount currencyID="EUR">500.00', b'PriceAmount currencyID="EUR">five'
    )
    extraction = extracted(data)
    assert extraction.invoice.line_items[0].amount == SAMPLE.rows[0].amount
    assert "line_items[0].unit_price" in [one.place for one in extraction.observations.schema_problems]


def test_an_invoice_inside_a_transport_message_is_found(extracted):
    data = b"<sh:StandardBusinessDocument xmlns:sh='urn:x'><sh:StandardBusinessDocumentHeader/>"
    data += write_ubl(SAMPLE) + b"</sh:StandardBusinessDocument>"
    assert extracted(data).invoice.invoice.number == SAMPLE.number


def test_several_invoices_inside_a_message_are_all_returned(extracted):
    data = b"<Batch>" + write_ubl(SAMPLE) + write_cii(SAMPLE) + write_fatturapa(SAMPLE) + b"</Batch>"
    assert extracted(data).observations.invoice_count == 3


def test_an_invoice_that_stands_as_text_in_another_document_is_found(extracted):
    data = (
        b"<AttachedDocument><Description><![CDATA["
        + write_ubl(SAMPLE)
        + b"]]></Description></AttachedDocument>"
    )
    assert extracted(data).invoice.invoice.number == SAMPLE.number


@pytest.mark.parametrize(
    "data",
    [
        b"<html><body>Invoice</body></html>",
        b"<Invoice xmlns='urn:somebody:else'><ID>1</ID></Invoice>",
        b"<Faktura xmlns='http://isdoc.cz/namespace/2013'/>",
        b"<a/>",
    ],
)
def test_xml_that_is_no_invoice_is_refused_by_a_sentence(data, extracted):
    with pytest.raises(UnsupportedFile, match="no invoice in a known format"):
        extracted(data)


@pytest.mark.parametrize("root", ["SCRDMCCBDACIOMessageStructure", "Order", "RicevutaConsegna"])
def test_another_business_document_is_refused_by_its_name(root, extracted):
    with pytest.raises(UnsupportedFile, match=r"The XML is an? .*, not an invoice"):
        extracted(f"<{root} xmlns='urn:x'/>".encode())


def test_a_lot_without_bodies_is_no_invoice(extracted):
    with pytest.raises(UnsupportedFile, match="holds none"):
        extracted(b"<FatturaElettronica><FatturaElettronicaHeader/></FatturaElettronica>")


def test_the_language_is_the_documents_own_else_of_the_format_else_of_the_sellers_country(extracted):
    assert extracted((FIXTURES / "zugferd-1.xml").read_bytes()).language == "de"
    assert extracted(write_fatturapa(SAMPLE)).language == "it"
    assert extracted(write_ubl(SAMPLE)).language == "pl"
    nobody = write_ubl(SAMPLE).replace(b">PL<", b">CH<")
    assert extracted(nobody).language is None


def test_the_due_date_is_counted_from_its_terms_where_only_they_stand(extracted):
    data = write_fatturapa(SAMPLE).replace(
        b"<DataScadenzaPagamento>2026-04-01</DataScadenzaPagamento>",
        b"<DataRiferimentoTerminiPagamento>2026-03-02</DataRiferimentoTerminiPagamento>"
        b"<GiorniTerminiPagamento>60</GiorniTerminiPagamento>",
    )
    extraction = extracted(data)
    assert extraction.invoice.invoice.due_date.isoformat() == "2026-05-01"
    assert extraction.fields["invoice.due_date"].source is Source.COMPUTED


def test_alternative_ways_to_pay_the_whole_are_not_added_up(extracted):
    data = write_fatturapa(SAMPLE)
    start, end = data.index(b"<DettaglioPagamento>"), data.index(b"</DatiPagamento>")
    extraction = extracted(data[:end] + data[start:end] + data[end:])
    assert len(extraction.invoice.payments) == 2
    assert extraction.invoice.financials.amount_due is None


@pytest.mark.parametrize(
    ("written", "read"),
    [("812345673", "DE812345673"), ("DE812345673", "DE812345673"), ("812345670", "812345670")],
)
def test_a_true_vat_number_without_its_country_is_given_it(written, read, extracted):
    data = write_ubl(SAMPLE).replace(b"DE812345673", written.encode())
    assert extracted(data).invoice.buyer.vat_number == read


def test_italian_procurement_codes_are_found_where_only_the_european_terms_stand(extracted):
    data = (
        write_ubl(SAMPLE)
        .replace(b">PL<", b">IT<")
        .replace(
            b"<cac:OrderReference>",
            b"<cac:OriginatorDocumentReference><cbc:ID>Z8A33F12B5</cbc:ID></cac:OriginatorDocumentReference>"
            b"<cac:ProjectReference><cbc:ID>J41B21000000001</cbc:ID></cac:ProjectReference><cac:OrderReference>",
        )
    )
    header = extracted(data).invoice.invoice
    assert (header.cig, header.cup) == ("Z8A33F12B5", "J41B21000000001")


def test_basic_mode_leaves_the_lines_out_and_keeps_the_sums():
    document = Document(file_type=FileType.XML, xml=write_fatturapa(SAMPLE))
    invoice = extract_xml(document, Options(mode=Mode.BASIC)).invoice
    assert invoice.line_items == ()
    assert (invoice.financials.subtotal, invoice.financials.total) == (SAMPLE.net, SAMPLE.total)


def test_a_price_in_another_currency_than_the_amounts_is_left_out(extracted):
    data = (FIXTURES / "isdoc.xml").read_bytes()
    data = data.replace(b"<CurrRate>", b"<ForeignCurrencyCode>EUR</ForeignCurrencyCode><CurrRate>")
    data = data.replace(
        b"<LineExtensionAmount>4000.00",
        b"<LineExtensionAmountCurr>159.99</LineExtensionAmountCurr><LineExtensionAmount>4000.00",
    )
    invoice = extracted(data).invoice
    assert invoice.invoice.currency == "EUR"
    assert (invoice.line_items[0].amount, invoice.line_items[0].unit_price) == (
        Decimal("159.99"),
        Decimal("39.9975"),
    )


def test_a_polish_postcode_is_found_on_the_only_line_of_an_address(extracted):
    data = (FIXTURES / "ksef-fa3.xml").read_bytes()
    data = data.replace(
        "ul. Leśna 4</AdresL1><AdresL2>00-950".encode(), "ul. Leśna 4, 00-950".encode()
    ).replace(b"Warszawa</AdresL2>", b"Warszawa</AdresL1>")
    vendor = extracted(data).invoice.vendor
    assert (vendor.address, vendor.zip_code, vendor.city) == (
        "ul. Leśna 4",
        "00-950",
        "Warszawa",
    )


@pytest.mark.parametrize(
    ("stated", "net", "whole"), [("25.00", "950.00", "50.00"), ("50.00", "950.00", "50.00")]
)
def test_a_polish_discount_is_on_the_row_or_on_each_unit_as_the_amounts_show(stated, net, whole, extracted):
    data = (FIXTURES / "ksef-fa3.xml").read_bytes()
    old = b"<P_9A>500.00</P_9A><P_11>1000.00</P_11>"
    data = data.replace(old, f"<P_9A>500.00</P_9A><P_10>{stated}</P_10><P_11>{net}</P_11>".encode())
    assert extracted(data).invoice.line_items[0].discount == Decimal(whole)


def test_a_polish_rate_that_its_column_does_not_have_is_unknown(extracted):
    data = (FIXTURES / "ksef-fa3.xml").read_bytes().replace(b"<P_14_1>230.00", b"<P_14_1>85.00")
    assert extracted(data).invoice.tax_breakdown[0].rate is None


def test_an_order_that_only_a_row_names_is_the_invoices(extracted):
    row = b"<cac:OrderLineReference><cac:OrderReference><cbc:ID>P-77</cbc:ID></cac:OrderReference>"
    data = write_ubl(SAMPLE)
    start, end = data.index(b"<cac:OrderReference>"), data.index(b"</cac:OrderReference>")
    data = data[:start] + data[end + len(b"</cac:OrderReference>") :]
    data = data.replace(b"<cac:Item>", row + b"</cac:OrderLineReference><cac:Item>", 1)
    assert extracted(data).invoice.invoice.po_number == "P-77"


def test_an_electronic_address_that_is_an_email_is_the_partys(extracted):
    data = write_ubl(SAMPLE)
    party = b"<cac:AccountingSupplierParty><cac:Party>"
    assert party in data
    for address, email in ((b"a@b.example", "a@b.example"), (b"4333741000005", None)):
        endpoint = b"<cbc:EndpointID>" + address + b"</cbc:EndpointID>"
        assert extracted(data.replace(party, party + endpoint)).invoice.vendor.email == email


def test_a_rounding_inside_a_summary_is_kept_with_it(extracted):
    data = write_fatturapa(SAMPLE).replace(
        b"<ImponibileImporto>", b"<Arrotondamento>-0.01</Arrotondamento><ImponibileImporto>", 1
    )
    invoice = extracted(data).invoice
    assert (invoice.tax_breakdown[0].rounding, invoice.financials.rounding) == (Decimal("-0.01"), None)


def test_what_is_paid_already_is_told_where_a_polish_invoice_says_no_more_than_that(extracted):
    data = (FIXTURES / "ksef-fa3.xml").read_text()
    start, end = data.index("<ZnacznikZaplaty"), data.index("<TerminPlatnosci>")
    invoice = extracted((data[:start] + "<Zaplacono>1</Zaplacono>" + data[end:]).encode()).invoice
    assert invoice.financials.prepaid == invoice.financials.total


def test_zeros_in_the_unused_columns_of_a_polish_summary_are_nothing(extracted):
    data = (FIXTURES / "ksef-fa3.xml").read_bytes()
    zeros = data.replace(b"<P_13_6_2>", b"<P_13_3>0.00</P_13_3><P_14_3>0.00</P_14_3><P_13_6_2>", 1)
    assert extracted(zeros).invoice.tax_breakdown == extracted(data).invoice.tax_breakdown


def test_a_polish_price_with_tax_alone_gives_price_and_amount_without(extracted):
    data = (FIXTURES / "ksef-fa3.xml").read_bytes().replace(b"<P_11A>107.00</P_11A>", b"")
    line = extracted(data).invoice.line_items[1]
    assert (line.unit_price, line.amount) == (Decimal("100.00"), Decimal("100.00"))


def test_a_reference_to_nothing_is_none(extracted):
    empty = b"<cac:ContractDocumentReference><cbc:ID/></cac:ContractDocumentReference>"
    data = write_ubl(SAMPLE).replace(
        b"<cac:AccountingSupplierParty>", empty + b"<cac:AccountingSupplierParty>"
    )
    extraction = extracted(data)
    assert [one.kind for one in extraction.invoice.references] == ["order"]
    assert "references[1].kind" not in extraction.fields


@pytest.mark.parametrize(
    ("guideline", "collected"),
    [
        ("urn:cen.eu:en16931:2017#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0", "29.96"),
        ("urn:cen.eu:en16931:2017", None),
    ],
)
def test_what_is_collected_for_others_is_told_from_what_was_paid_before(guideline, collected, extracted):
    parts = b"".join(
        b"<cac:PrepaidPayment><cbc:PaidAmount>%s</cbc:PaidAmount></cac:PrepaidPayment>" % part
        for part in (b"19.96", b"10.00")
    )
    data = write_ubl(SAMPLE).replace(b"<cac:TaxTotal>", parts + b"<cac:TaxTotal>", 1)
    start, end = data.index(b"<cbc:ID>"), data.index(b"<cbc:ID>")
    data = data[:start] + f"<cbc:CustomizationID>{guideline}</cbc:CustomizationID>".encode() + data[end:]
    assert extracted(data).invoice.financials.third_party == (collected and Decimal(collected))


@pytest.mark.parametrize(
    ("difference", "kind"), [("-123.00", "credit_note"), ("0", "credit_note"), ("123.00", "debit_note")]
)
def test_a_polish_correction_credits_unless_it_raises_the_amount(difference, kind, extracted):
    data = (FIXTURES / "ksef-korekta.xml").read_bytes()
    data = data.replace(b"<tns:P_15>-123.00", b"<tns:P_15>" + difference.encode())
    assert extracted(data).invoice.invoice.type == kind


def test_instalments_share_the_way_to_pay(extracted):
    terms = (
        b"<ram:SpecifiedTradePaymentTerms><ram:Description>half</ram:Description><ram:DueDateDateTime>"
        b'<udt:DateTimeString format="102">20260%d01</udt:DateTimeString></ram:DueDateDateTime>'
        b"<ram:PartialPaymentAmount>50.00</ram:PartialPaymentAmount></ram:SpecifiedTradePaymentTerms>"
    )
    data = write_cii(SAMPLE)
    start = data.index(b"<ram:SpecifiedTradePaymentTerms>")
    end = data.index(b"</ram:SpecifiedTradePaymentTerms>") + len(b"</ram:SpecifiedTradePaymentTerms>")
    payments = extracted(data[:start] + terms % 5 + terms % 6 + data[end:]).invoice.payments
    assert [(one.due_date.month, one.amount, one.iban) for one in payments] == [
        (5, Decimal("50.00"), SAMPLE.iban),
        (6, Decimal("50.00"), SAMPLE.iban),
    ]


def test_a_sales_order_and_the_object_invoiced_are_references_and_no_purchase_order(extracted):
    order = b"<cac:OrderReference><cbc:ID>NA</cbc:ID><cbc:SalesOrderID>S-5</cbc:SalesOrderID>"
    meter = b"<cac:AdditionalDocumentReference><cbc:ID>M-1</cbc:ID>"
    meter += b"<cbc:DocumentTypeCode>130</cbc:DocumentTypeCode></cac:AdditionalDocumentReference>"
    data = write_ubl(SAMPLE)
    start, end = data.index(b"<cac:OrderReference>"), data.index(b"</cac:OrderReference>")
    data = (
        data[:start] + order + b"</cac:OrderReference>" + meter + data[end + len(b"</cac:OrderReference>") :]
    )
    invoice = extracted(data).invoice
    assert invoice.invoice.po_number is None
    assert [(one.kind, one.number) for one in invoice.references if one.kind == "other"] == [
        ("other", "S-5"),
        ("other", "M-1"),
    ]


def test_prepayments_add_up_where_no_total_of_them_stands(extracted):
    paid = b"<cac:PrepaidPayment><cbc:PaidAmount>%d.50</cbc:PaidAmount></cac:PrepaidPayment>"
    data = write_ubl(SAMPLE).replace(b"<cac:TaxTotal>", paid % 1 + paid % 2 + b"<cac:TaxTotal>", 1)
    assert extracted(data).invoice.financials.prepaid == Decimal("4.00")


def test_a_line_that_only_sums_up_those_below_it_is_none(extracted):
    data = write_cii(SAMPLE)
    status = b"<ram:LineStatusReasonCode>%s</ram:LineStatusReasonCode></ram:AssociatedDocumentLineDocument>"
    for word, lines in ((b"GROUP", len(SAMPLE.rows) - 1), (b"DETAIL", len(SAMPLE.rows))):
        marked = data.replace(b"</ram:AssociatedDocumentLineDocument>", status % word, 1)
        assert len(extracted(marked).invoice.line_items) == lines


def test_a_house_number_that_ends_the_street_is_not_said_twice(extracted):
    data = write_fatturapa(SAMPLE)
    for street, number, address in (
        ("Via Roma 12", "12", "Via Roma 12"),
        ("Via Roma", "12", "Via Roma 12"),
        ("Via 112", "12", "Via 112 12"),
    ):
        written = f"<Indirizzo>{street}</Indirizzo><NumeroCivico>{number}</NumeroCivico>".encode()
        start, end = data.index(b"<Indirizzo>"), data.index(b"</Indirizzo>") + len(b"</Indirizzo>")
        assert extracted(data[:start] + written + data[end:]).invoice.vendor.address == address


def _with_second_tax(data: bytes, amount: str, category: str) -> bytes:
    second = (
        f'<cac:TaxTotal><cbc:TaxAmount currencyID="{SAMPLE.currency}">{amount}</cbc:TaxAmount><cac:TaxSubtotal>'
        f"<cbc:TaxableAmount>{amount}</cbc:TaxableAmount><cbc:TaxAmount>{amount}</cbc:TaxAmount>"
        f"<cac:TaxCategory><cbc:ID>{category}</cbc:ID></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>"
    ).encode()
    return data.replace(b"<cac:LegalMonetaryTotal>", second + b"<cac:LegalMonetaryTotal>")


def test_taxes_of_several_kinds_add_up_where_the_totals_say_so(extracted):
    data = _with_second_tax(write_ubl(SAMPLE), "8.00", "S")
    gross = f'TaxInclusiveAmount currencyID="{SAMPLE.currency}">'
    assert extracted(data).invoice.financials.tax_amount == SAMPLE.tax
    data = data.replace(f"{gross}{SAMPLE.total}".encode(), f"{gross}{SAMPLE.total + 8}".encode())
    extraction = extracted(data)
    assert extraction.invoice.financials.tax_amount == SAMPLE.tax + 8
    assert extraction.fields["financials.tax_amount"].source is Source.COMPUTED


def test_a_danish_excise_duty_is_a_charge_and_no_vat(extracted):
    data = _with_second_tax((FIXTURES / "ubl-oioubl.xml").read_bytes(), "10.00", "Excise")
    data = data.replace(
        b'TaxInclusiveAmount currencyID="DKK">1250.00', b'TaxInclusiveAmount currencyID="DKK">1260.00'
    )
    invoice = extracted(data).invoice
    assert [line.category for line in invoice.tax_breakdown] == ["S"]
    money = invoice.financials
    assert (money.subtotal, money.tax_amount, money.charges) == (
        Decimal("1010.00"),
        Decimal("250.00"),
        Decimal("10.00"),
    )


def test_the_project_of_a_credit_note_and_the_object_invoiced_are_told_by_their_codes(extracted):
    data = write_ubl(SAMPLE)
    for code, kind in ((b"50", "project"), (b"130", "other")):
        document = (
            b"<cac:AdditionalDocumentReference><cbc:ID>K-1</cbc:ID><cbc:DocumentTypeCode>"
            + code
            + b"</cbc:DocumentTypeCode></cac:AdditionalDocumentReference><cac:AccountingSupplierParty>"
        )
        references = extracted(data.replace(b"<cac:AccountingSupplierParty>", document, 1)).invoice.references
        assert [(one.kind, one.number) for one in references if one.number == "K-1"] == [(kind, "K-1")]


def test_delivery_notes_and_orders_of_rows_are_referred_to_once_each(extracted):
    data = WRITERS["CII"](SAMPLE)
    note = b"</ram:BilledQuantity><ram:DeliveryNoteReferencedDocument><ram:IssuerAssignedID>L-1</ram:IssuerAssignedID></ram:DeliveryNoteReferencedDocument>"
    extraction = extracted(data.replace(b"</ram:BilledQuantity>", note))
    notes = [one for one in extraction.invoice.references if one.kind == "despatch"]
    assert [one.number for one in notes] == ["L-1"]
    at = extraction.invoice.references.index(notes[0])
    assert extraction.fields[f"references[{at}].number"].text == "L-1"
    assert extraction.fields[f"references[{at}].kind"].text == "DeliveryNoteReferencedDocument"


def test_what_a_polish_invoice_adds_to_its_total_or_takes_off_is_told(extracted):
    settled = (
        b"</FaWiersz><Rozliczenie><SumaObciazen>10.00</SumaObciazen><SumaOdliczen>4.00</SumaOdliczen>"
        b"<DoZaplaty>1236.00</DoZaplaty></Rozliczenie><Platnosc>"
    )
    data = WRITERS["KSeF"](SAMPLE)
    assert b"</FaWiersz><Platnosc>" in data
    money = extracted(data.replace(b"</FaWiersz><Platnosc>", settled)).invoice.financials
    assert (money.third_party, money.prepaid, money.amount_due) == (Decimal(10), Decimal(4), Decimal(1236))


def test_a_note_is_told_without_the_code_of_its_subject(extracted):
    note = b"<cbc:Note>#ADU#Thank #REG# you</cbc:Note><cac:AccountingSupplierParty>"
    extraction = extracted(write_ubl(SAMPLE).replace(b"<cac:AccountingSupplierParty>", note, 1))
    assert extraction.invoice.notes == ("Thank #REG# you",)


def test_the_bank_of_an_account_is_named(extracted):
    branch = (
        b"<cac:FinancialInstitutionBranch><cac:FinancialInstitution><cbc:ID>WELADED1MST</cbc:ID>"
        b"<cbc:Name>Sparkasse</cbc:Name></cac:FinancialInstitution></cac:FinancialInstitutionBranch>"
        b"</cac:PayeeFinancialAccount>"
    )
    invoice = extracted(write_ubl(SAMPLE).replace(b"</cac:PayeeFinancialAccount>", branch)).invoice
    assert (invoice.payments[0].bank, invoice.payments[0].bic) == ("Sparkasse", "WELADED1MST")


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("Berliner Str. 10, 10115, Berlin", ("Berliner Str. 10", "10115", "Berlin")),
        ("Hafenstraße 1, 24103 Kiel", ("Hafenstraße 1", "24103", "Kiel")),
        ("ul. Główna 1, 00-001, Warszawa", ("ul. Główna 1", "00-001", "Warszawa")),
        ("Industriestraße 12345, Tor 4", ("Industriestraße 12345, Tor 4", None, None)),
    ],
)
def test_a_polish_address_in_one_line_is_taken_apart(line, parts, extracted):
    data = WRITERS["KSeF"](SAMPLE)
    assert "<AdresL1>Hafenstraße 1</AdresL1>".encode() in data
    buyer = extracted(data.replace("Hafenstraße 1".encode(), line.encode())).invoice.buyer
    assert (buyer.address, buyer.zip_code, buyer.city) == parts
