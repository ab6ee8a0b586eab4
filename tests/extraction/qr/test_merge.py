import datetime as dt
from decimal import Decimal

from app.extraction.qr.merge import with_codes
from app.model.document import CodePayload
from app.model.evidence import Evidence, Source
from app.model.extraction import Reading
from app.model.invoice import Financials, Invoice, InvoiceHeader, Party

PAY = "BCD\n002\n1\nSCT\n\nMolino Bianchi\nIT60X0542811101000000123456\nEUR122.00\n"


def code(text: str) -> CodePayload:
    return CodePayload(symbology="QRCode", text=text, page=1, x0=10, top=20, x1=110, bottom=120)


def reading(**parts: object) -> Reading:
    return Reading(invoice=Invoice(**parts))


def test_a_code_fills_what_print_leaves_open():
    found, differing = with_codes(reading(), [code(PAY)])
    assert found.invoice.vendor.iban == "IT60X0542811101000000123456"
    assert found.fields["vendor.iban"].source is Source.CODE
    assert tuple(found.fields["vendor.iban"].bbox) == (10, 20, 110, 120)
    assert differing == ()


def test_a_code_that_says_the_same_makes_print_surer():
    printed = Reading(
        invoice=Invoice(vendor=Party(iban="IT60X0542811101000000123456")),
        fields={"vendor.iban": Evidence(confidence=0.7, source=Source.TEXT, page=1, text="IT60 X054")},
    )
    found, differing = with_codes(printed, [code(PAY)])
    assert found.fields["vendor.iban"].source is Source.TEXT
    assert found.fields["vendor.iban"].confidence == 0.99
    assert differing == ()


def test_a_code_with_another_account_wins_and_is_reported():
    found, [differing] = with_codes(reading(vendor=Party(iban="DE89370400440532013000")), [code(PAY)])
    assert found.invoice.vendor.iban == "IT60X0542811101000000123456"
    assert (differing.path, differing.other) == ("vendor.iban", "DE89370400440532013000")


def test_the_amount_to_pay_is_held_against_a_total_that_nothing_is_taken_off():
    _, differing = with_codes(reading(financials=Financials(total=Decimal("121.00"))), [code(PAY)])
    assert [d.path for d in differing] == ["financials.amount_due"]


def test_the_amount_to_pay_agrees_with_an_equal_total():
    found, differing = with_codes(reading(financials=Financials(total=Decimal("122.0"))), [code(PAY)])
    assert differing == ()
    assert found.invoice.financials.amount_due is None


def test_the_amount_to_pay_is_not_held_against_a_total_with_a_prepayment():
    sums = Financials(total=Decimal(500), prepaid=Decimal(378))
    found, differing = with_codes(reading(financials=sums), [code(PAY)])
    assert differing == ()
    assert found.invoice.financials.amount_due == Decimal("122.00")


def test_instalment_slips_name_the_payee_but_no_amount():
    other = PAY.replace("EUR122.00", "EUR61.00")
    found, differing = with_codes(
        reading(financials=Financials(total=Decimal(183))), [code(PAY), code(other)]
    )
    assert found.invoice.vendor.name == "Molino Bianchi"
    assert found.invoice.financials.amount_due is None
    assert differing == ()


def test_a_printed_name_in_another_spelling_is_left_alone():
    found, differing = with_codes(reading(vendor=Party(name="MOLINO BIANCHI S.R.L.")), [code(PAY)])
    assert found.invoice.vendor.name == "MOLINO BIANCHI S.R.L."
    assert differing == ()


def test_a_printed_number_with_other_punctuation_is_the_same_number():
    atcud = "A:501442600*B:508184258*C:PT*D:FT*E:N*F:20260312*G:FT A/135*H:X-135*I1:PT*N:0.00*O:10.00*Q:a*R:1"
    printed = reading(invoice=InvoiceHeader(number="FT A/135", date=dt.date(2026, 3, 11)))
    _, differing = with_codes(printed, [code(atcud)])
    assert [d.path for d in differing] == ["invoice.date"]


def doubtful(name: str, confidence: float) -> Reading:
    evidence = Evidence(confidence=confidence, source=Source.TEXT, page=1, text=name)
    return Reading(invoice=Invoice(vendor=Party(name=name, city="Pisa")), fields={"vendor.name": evidence})


def test_a_doubtful_printed_name_gives_way_to_the_name_in_the_code():
    found, _ = with_codes(doubtful("Conto / Pagabile a", 0.5), [code(PAY)])
    assert found.invoice.vendor.name == "Molino Bianchi"
    assert found.fields["vendor.name"].source is Source.CODE


def test_a_sure_printed_name_stays_beside_another_account_holder():
    found, differing = with_codes(doubtful("Forno Verdi S.n.c.", 0.97), [code(PAY)])
    assert found.invoice.vendor.name == "Forno Verdi S.n.c."
    assert differing == ()
