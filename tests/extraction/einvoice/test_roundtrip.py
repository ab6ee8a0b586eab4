"""Whatever the business terms, each syntax says them and they are read back equal."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.model.evidence import Source
from app.model.paths import leaves
from tests.extraction.einvoice.written import WRITERS, Company, Row, Terms

_words = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S"), exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=20,
)
_lines = st.lists(_words, min_size=1, max_size=4).map(" ".join)
_dates = st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31))
_companies = st.builds(
    Company,
    name=_lines,
    country=st.sampled_from(["IT", "PL", "DE", "ES", "FR"]),
    vat=st.from_regex(r"[0-9]{9,11}", fullmatch=True),
    street=_lines,
    city=_lines,
    zip_code=st.from_regex(r"[0-9]{5}", fullmatch=True),
).map(lambda company: Company(**{**company.__dict__, "vat": company.country + company.vat}))
_rows = st.builds(
    Row,
    text=_lines,
    quantity=st.decimals(Decimal("0.01"), Decimal(100000), places=2),
    unit=st.sampled_from(["C62", "kg", "h"]),
    price=st.decimals(Decimal(0), Decimal(1000000), places=2),
    rate=st.sampled_from([Decimal(23), Decimal(8), Decimal(5), Decimal(0)]),
)
_terms = st.builds(
    Terms,
    number=_words,
    date=_dates,
    due=_dates,
    currency=st.sampled_from(["EUR", "PLN", "USD"]),
    seller=_companies,
    buyer=_companies,
    rows=st.lists(_rows, min_size=1, max_size=6).map(tuple),
    iban=st.just("PL61109010140000071219812874"),
    order=_words.filter(lambda text: text != "NA"),
)


@pytest.mark.parametrize("syntax", WRITERS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(terms=_terms)
def test_business_terms_are_read_back_as_they_were_written(syntax, terms, extracted):
    invoice = extracted(WRITERS[syntax](terms)).invoice
    header, money = invoice.invoice, invoice.financials
    assert (header.number, header.date, header.due_date, header.currency, header.po_number) == (
        terms.number, terms.date, terms.due, terms.currency, terms.order,
    )  # fmt: skip
    assert (money.subtotal, money.tax_amount, money.total) == (terms.net, terms.tax, terms.total)
    assert invoice.vendor.iban == terms.iban
    for party, company in ((invoice.vendor, terms.seller), (invoice.buyer, terms.buyer)):
        assert (party.name, party.vat_number, party.country) == (company.name, company.vat, company.country)
        assert party.address == company.street
    assert [(one.description, one.quantity, one.unit_price, one.amount) for one in invoice.line_items] == [
        (row.text, row.quantity, row.price, row.amount) for row in terms.rows
    ]
    found = {one.rate: (one.base, one.amount) for one in invoice.tax_breakdown}
    taxes = _used(syntax, terms.taxes)
    assert _used(syntax, found) == taxes
    if taxes or not found:
        assert money.tax_rate == (next(iter(taxes)) if len(taxes) == 1 else None)


def _used(syntax, taxes):
    """The taxes without KSeF's column of a zero rate where it holds only zero, as when nothing was sold at it."""
    return {rate: sums for rate, sums in taxes.items() if syntax != "KSeF" or rate or any(sums)}


@pytest.mark.parametrize("syntax", WRITERS)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(terms=_terms)
def test_every_value_has_evidence_that_stands_in_the_file(syntax, terms, extracted):
    data = WRITERS[syntax](terms)
    extraction = extracted(data)
    unescaped = data.decode().replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    paths = {path for path, _ in leaves(extraction.invoice)}
    flags = {path for path in paths if path.endswith((".charge", ".withheld", ".kind"))}
    assert paths - flags <= set(extraction.fields)
    for path, evidence in extraction.fields.items():
        assert evidence.page is None
        assert evidence.bbox is None
        if evidence.source is Source.XML and not path.endswith((".vat_number", ".address")):
            assert evidence.text in unescaped
