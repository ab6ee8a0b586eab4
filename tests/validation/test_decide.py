from datetime import date
from decimal import Decimal

import msgspec
import pytest

from app.model.document import FileType
from app.model.evidence import Evidence, Source
from app.model.extraction import Extraction, Observations, Reading
from app.model.invoice import Financials, Invoice, InvoiceHeader, Party
from app.model.paths import CORE
from app.validation import Acceptance, Flag, Policy, Report, Severity, Validation, decide

INVOICE = Invoice(
    vendor=Party(name="Alba Srl", vat_number="IT12345678903"),
    buyer=Party(name="Brina SpA"),
    invoice=InvoiceHeader(number="7", date=date(2026, 3, 1), currency="EUR"),
    financials=Financials(subtotal=Decimal(100), tax_amount=Decimal(22), total=Decimal(122)),
)
SURE = {path: Evidence(confidence=0.99, source=Source.TEXT) for path in CORE}
PROVED = Report(validation=Validation(passed=("ARITHMETIC_MISMATCH", "TAX_RATE_MISMATCH")))


def extraction(**changes):
    given = {
        "invoice": INVOICE,
        "fields": SURE,
        "confidence": 0.98,
        "observations": Observations(),
        **changes,
    }
    reading = Reading(invoice=given.pop("invoice"), fields=given.pop("fields"))
    return Extraction(readings=(reading,) * given.pop("count", 1), file_type=FileType.PDF, **given)


def outcome(report=PROVED, policy=None, **changes):
    decision = decide(report, extraction(**changes), policy or Policy())
    return decision.outcome.value, decision.reasons


def test_what_is_certain_proved_and_without_flags_is_accepted():
    kind, reasons = outcome()
    assert kind == "accept"
    assert reasons == ("every core field was read with certainty, the sums are proved and no rule objects",)


@pytest.mark.parametrize(
    ("severity", "expected"), [("error", "review"), ("warning", "review"), ("info", "accept")]
)
def test_errors_and_warnings_send_it_to_a_person_and_infos_do_not(severity, expected):
    flag = Flag(code="ODD", severity=Severity(severity), message="It is odd.")
    kind, reasons = outcome(msgspec.structs.replace(PROVED, validation_flags=(flag,)))
    assert kind == expected
    assert ("ODD: It is odd." in reasons) == (expected == "review")


def test_a_decision_names_the_flags_that_made_it_each_once():
    flags = [
        Flag(code=code, severity=Severity(severity), message="x")
        for code, severity in (("A", "error"), ("B", "info"), ("A", "error"), ("C", "warning"))
    ]
    report = msgspec.structs.replace(PROVED, validation_flags=tuple(flags))
    assert decide(report, extraction(), Policy()).flags == ("A", "C")
    assert decide(PROVED, extraction(), Policy()).flags == ()


def test_sums_that_could_not_be_checked_send_it_to_a_person():
    unproved = Report(validation=Validation(passed=("TAX_RATE_MISMATCH",)))
    assert outcome(unproved) == ("review", ("ARITHMETIC_MISMATCH could not be checked",))


def test_totals_that_nothing_else_bears_out_send_it_to_a_person():
    alone = Report(validation=Validation(passed=("ARITHMETIC_MISMATCH",)))
    assert outcome(alone) == (
        "review",
        ("none of TAX_LINE_MISMATCH, TAX_RATE_MISMATCH, ROWS_SUM_MISMATCH bears the totals out",),
    )
    assert outcome(alone, Policy(accept=Acceptance(witnesses=())))[0] == "accept"


@pytest.mark.parametrize("witness", ["TAX_LINE_MISMATCH", "TAX_RATE_MISMATCH", "ROWS_SUM_MISMATCH"])
def test_one_witness_beside_the_totals_is_enough(witness):
    assert outcome(Report(validation=Validation(passed=("ARITHMETIC_MISMATCH", witness))))[0] == "accept"


@pytest.mark.parametrize("path", CORE)
def test_every_core_field_must_have_been_read(path):
    part, name = path.split(".")
    emptied = msgspec.structs.replace(getattr(INVOICE, part), **{name: None})
    changed = msgspec.structs.replace(INVOICE, **{part: emptied})
    assert outcome(invoice=changed) == ("review", (f"{path} was not read",))


@pytest.mark.parametrize("path", CORE)
def test_every_core_field_must_be_certain(path):
    doubtful = SURE | {path: Evidence(confidence=0.89, source=Source.TEXT)}
    assert outcome(fields=doubtful) == ("review", (f"{path} was read with a confidence of 0.89",))


def test_a_value_without_evidence_is_not_accepted():
    fields = {path: evidence for path, evidence in SURE.items() if path != "financials.total"}
    assert outcome(fields=fields) == ("review", ("financials.total has no evidence",))


def test_the_reading_as_a_whole_must_be_certain():
    assert outcome(confidence=0.89) == ("review", ("the reading as a whole has a confidence of 0.89",))
    assert outcome(confidence=0.9)[0] == "accept"


def test_several_invoices_in_one_file_go_to_a_person():
    assert outcome(observations=Observations(invoice_count=2)) == (
        "review",
        ("the file holds several invoices",),
    )
    assert outcome(count=2) == ("review", ("the file holds several invoices",))


@pytest.mark.parametrize(("limit", "expected"), [("121.99", "review"), ("122", "accept")])
def test_a_policy_may_send_large_totals_to_a_person(limit, expected):
    policy = Policy(accept=Acceptance(maximum_total=Decimal(limit)))
    assert outcome(policy=policy)[0] == expected


def test_a_policy_may_send_everything_to_a_person():
    assert outcome(policy=Policy(accept=Acceptance(never=True)))[0] == "review"


def test_a_policy_may_ask_for_further_proofs():
    policy = Policy(accept=Acceptance(proofs=("ARITHMETIC_MISMATCH", "ROWS_SUM_MISMATCH")))
    assert outcome(policy=policy) == ("review", ("ROWS_SUM_MISMATCH could not be checked",))


def test_a_document_that_is_no_invoice_is_rejected():
    assert outcome(observations=Observations(invoice_count=0)) == (
        "reject",
        ("the document is not an invoice",),
    )


def test_a_document_without_any_core_field_is_rejected():
    assert outcome(invoice=Invoice())[0] == "reject"
