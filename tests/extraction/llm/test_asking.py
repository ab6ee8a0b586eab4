"""What is asked and when, what it costs, and what a provider is told to keep."""

import datetime as dt
from decimal import Decimal

import msgspec
import pytest

from app.extraction.llm.anthropic_messages import _request
from app.extraction.llm.doubts import adds_up, doubtful
from app.extraction.llm.model import ModelFailed, Trouble, of_status
from app.extraction.llm.prices import cost_of, facts_of, price_list
from app.model.consultation import Help, Inquiry, Spent
from app.model.evidence import Evidence, Source
from app.model.extraction import Reading
from app.model.invoice import Financials, Invoice, InvoiceHeader, LineItem, Party, TaxLine
from app.model.job import HelpScope
from app.model.limits import Limits
from app.model.options import Options
from app.model.paths import CORE
from app.pipeline import read_invoice
from tests.extraction.llm.standins import Answer, Tally
from tests.papers import UNNAMED, paper

SOUND = Invoice(
    vendor=Party(name="Rossi S.r.l.", vat_number="IT12345678903"),
    buyer=Party(name="Bianchi S.p.A."),
    invoice=InvoiceHeader(number="A1", date=dt.date(2026, 2, 3), currency="EUR"),
    financials=Financials(subtotal=Decimal(100), tax_amount=Decimal(22), total=Decimal(122)),
    line_items=(LineItem(description="Tavolo", amount=Decimal(100)),),
    tax_breakdown=(TaxLine(rate=Decimal(22), base=Decimal(100), amount=Decimal(22)),),
)


def reading(invoice=SOUND, source=Source.TEXT, **sure):
    fields = {
        path: Evidence(confidence=sure.get(path.split(".")[1], 0.995), source=source, page=1) for path in CORE
    }
    return Reading(invoice=invoice, fields=fields)


def changed(**parts):
    return msgspec.structs.replace(SOUND, **parts)


def sums(**values):
    return changed(financials=msgspec.structs.replace(SOUND.financials, **values))


def test_nothing_is_asked_of_a_sound_reading():
    assert doubtful(reading(), HelpScope.NEEDED) == ()


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        (reading(changed(invoice=InvoiceHeader(date=dt.date(2026, 2, 3), currency="EUR"))), {"invoice.number"}),
        (reading(number=0.7), {"invoice.number"}),
        (reading(number=0.7, date=0.97), {"invoice.number", "invoice.date"}),
        (reading(date=0.97), set()),
        (reading(sums(total=Decimal(123))), {"financials.subtotal", "financials.tax_amount", "financials.total"}),
        (reading(sums(total=Decimal(124), stamp_duty=Decimal(2))), set()),
        (reading(changed(line_items=())), {"line_items"}),
        (reading(changed(line_items=(LineItem(amount=Decimal(99)),))), {"line_items"}),
        (reading(changed(tax_breakdown=(TaxLine(amount=Decimal(21)),))), {"tax_breakdown"}),
        (reading(source=Source.XML, number=0.5), set()),
    ],
)  # fmt: skip
def test_what_is_missing_doubtful_or_does_not_add_up_is_asked(given, asked):
    assert set(doubtful(given, HelpScope.NEEDED)) == asked


def test_a_second_reading_asks_for_all():
    assert set(CORE) < set(doubtful(reading(), HelpScope.ALL))


@pytest.mark.parametrize(
    ("values", "holds"),
    [
        ({}, True),
        ({"total": None}, True),
        ({"total": Decimal("122.01")}, True),
        ({"total": Decimal("122.02")}, False),
        ({"total": Decimal(117), "withholding_tax": Decimal(5)}, True),
        ({"total": Decimal(130), "charges": Decimal(10), "discount": Decimal(2)}, True),
    ],
)
def test_sums_add_up_with_what_else_is_charged(values, holds):
    assert adds_up(sums(**values)) is holds


def test_a_value_that_the_sums_prove_is_not_replaced(tmp_path):
    told = [Answer("financials.total", "100.00", [47]), Answer("invoice.number", "OR-900-1", [31])]
    path = tmp_path / "paper.pdf"
    path.write_bytes(paper(UNNAMED.replace("Pratica:", "Fattura n.")))
    tally = Tally(lambda _inquiry: told)
    extraction = read_invoice(path, Options(), Limits(), help_=Help(HelpScope.ALL, tally))
    assert extraction.invoice.financials.total == Decimal("122.00")
    assert extraction.invoice.invoice.number == "PR-4471-26"
    told_of = {(two.path, two.preferred, two.other) for two in extraction.observations.disagreements}
    assert told_of == {("financials.total", "122.00", "100.00"), ("invoice.number", "PR-4471-26", "OR-900-1")}


def test_agreement_halves_the_doubt(tmp_path):
    path = tmp_path / "paper.pdf"
    path.write_bytes(paper(UNNAMED.replace("Pratica:", "Fattura n.")))
    alone = read_invoice(path, Options(), Limits()).fields["vendor.name"].confidence
    tally = Tally(lambda _inquiry: [Answer("vendor.name", "Officina Larga S.r.l.", [1, 2, 3])])
    both = read_invoice(path, Options(), Limits(), help_=Help(HelpScope.ALL, tally)).fields["vendor.name"]
    assert both.source is Source.TEXT
    assert both.confidence == pytest.approx(1 - (1 - alone) / 2, abs=0.001)


def test_names_taken_for_each_other_are_exchanged_only_when_both_say_so(tmp_path):
    path = tmp_path / "paper.pdf"
    path.write_bytes(paper())
    tally = Tally(lambda _inquiry: [Answer("vendor.name", "Bottega Chiara S.p.A.", [8, 9, 10])])
    extraction = read_invoice(path, Options(), Limits(), help_=Help(HelpScope.NEEDED, tally))
    assert extraction.invoice.vendor.name == "Officina Larga S.r.l."


def inquiry(**more):
    given = {"prompt": "p/1", "prompt_sha256": "", "instructions": "i", "document": "d", "question": "q", "schema": '{"type":"string"}'}  # fmt: skip
    return Inquiry(**{**given, **more})


@pytest.mark.parametrize(
    ("document", "again", "kept"),
    [("w" * 20_000, True, True), ("w" * 20_000, False, False), ("w" * 900, True, False)],
)
def test_a_provider_keeps_what_is_long_and_asked_about_again(document, again, kept):
    content = _request(inquiry(document=document, again=again), "claude-haiku-5-5")["messages"][0]["content"]
    assert ("cache_control" in content[0]) is kept


def test_what_a_model_costs_is_its_list_price():
    spent = Spent(model_calls=1, input_tokens=1_000_000, output_tokens=1_000_000, cache_read_tokens=0)
    assert cost_of(spent, "claude-sonnet-5-5", today=dt.date(2026, 11, 1)).cost == Decimal(12)
    assert cost_of(spent, "claude-sonnet-5-5-20261007", today=dt.date(2026, 11, 1)).cost == Decimal(12)
    assert cost_of(spent, "a-model-of-the-house", today=dt.date(2026, 11, 1)).cost is None
    assert cost_of(spent, "claude-sonnet-5-5", today=dt.date(2026, 1, 1)).cost is None


@pytest.mark.parametrize(("tokens", "cost"), [(100_000, "0.010000"), (100_010, "0.050005")])
def test_a_long_prompt_has_its_own_price(tokens, cost):
    spent = cost_of(Spent(input_tokens=tokens), "claude-haiku-5-5", today=dt.date(2026, 11, 1))
    assert spent.cost == Decimal(cost)


def test_what_is_read_from_the_cache_costs_its_own_price():
    spent = Spent(cache_read_tokens=50_000, cache_write_tokens=40_000)
    assert cost_of(spent, "claude-haiku-5-5", today=dt.date(2026, 11, 1)).cost == Decimal("0.005500")


def test_every_price_is_dated_and_whole():
    assert all(one.since.year >= 2025 and one.rows and one.rows[-1].up_to is None for one in price_list())
    assert facts_of("claude-haiku-5-5", dt.date(2026, 11, 1)).effort == "low"


@pytest.mark.parametrize(
    ("status", "kind", "trouble", "again"),
    [
        (401, "", Trouble.AUTH, False),
        (429, "", Trouble.RATE_LIMITED, True),
        (429, "insufficient_quota", Trouble.CREDIT, False),
        (500, "", Trouble.ERROR, True),
        (418, "", Trouble.ERROR, False),
        (529, "overloaded_error", Trouble.OVERLOADED, True),
        (400, "context_length_exceeded", Trouble.TOO_LONG, False),
    ],
)
def test_a_status_means_one_thing(status, kind, trouble, again):
    failed = of_status(status, kind)
    assert isinstance(failed, ModelFailed)
    assert (failed.trouble, failed.again) == (trouble, again)
