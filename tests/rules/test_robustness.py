"""No rule raises, whatever the invoice. `SPUNTA_INVENTED=2000000` tries that many instead of a few."""

import os
import random
import time

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.model.document import FileType
from app.model.extraction import Extraction, Reading
from app.model.invoice import Invoice, InvoiceHeader, Party
from app.validation import Context, Ruleset, decide, validate
from rules import RULES
from tests.rules import invented

MANY = int(os.environ.get("SPUNTA_INVENTED", "0"))
RULESET = Ruleset(rules=RULES)
SEEDS = st.integers(0, 2**64)


def judge_one(rng):
    return judge(invented.extraction(rng), invented.context(rng))


def judge(extraction, context):
    report = validate(extraction, context, RULESET)
    failures = [flag.message for flag in report.validation_flags if flag.code == "RULE_FAILED"]
    assert not failures
    return extraction, report


@given(SEEDS)
@settings(max_examples=300, deadline=None)
def test_no_rule_raises_on_an_invented_invoice(seed):
    judge_one(random.Random(seed))


@given(SEEDS)
@settings(max_examples=100, deadline=None)
def test_every_rule_is_accounted_for_once(seed):
    _, report = judge_one(random.Random(seed))
    validation = report.validation
    listed = [*validation.passed, *validation.failed, *[skipped.code for skipped in validation.skipped]]
    assert sorted(listed) == sorted(RULESET.codes)
    assert {flag.code for flag in report.validation_flags} == set(validation.failed)
    assert all(skipped.reason for skipped in validation.skipped)


@given(SEEDS)
@settings(max_examples=100, deadline=None)
def test_a_report_and_its_decision_can_be_written_as_json(seed):
    extraction, report = judge_one(random.Random(seed))
    decision = decide(report, extraction, RULESET.policy)
    encoder = msgspec.json.Encoder(decimal_format="number")
    assert encoder.encode(report)
    assert decision.reasons


@given(SEEDS)
@settings(max_examples=100, deadline=None)
def test_nothing_is_accepted_that_a_rule_objects_to(seed):
    extraction, report = judge_one(random.Random(seed))
    objections = [flag for flag in report.validation_flags if flag.severity != "info"]
    assert not objections or decide(report, extraction, RULESET.policy).outcome != "accept"


@pytest.mark.parametrize("prefix", ["IT", "DE", "FR", "ES", "CHE", "NO", "GB", "EL", ""])
def test_endless_texts_take_no_endless_time(prefix):
    number = prefix + "1" * 300_000
    party = Party(
        name=number, vat_number=number, fiscal_code=number[2:], iban=number, bic=number, country=prefix[:2]
    )
    header = InvoiceHeader(
        number=number, cig=number, cup=number, currency=number, payment_terms="1 " * 200_000
    )
    reading = Reading(invoice=Invoice(vendor=party, buyer=party, invoice=header))
    start = time.process_time()
    _, report = judge(
        Extraction(readings=(reading,), file_type=FileType.XML), Context(history=(), own_company=number)
    )
    assert time.process_time() - start < 5
    assert all(len(str(flag.actual)) < 300 and len(flag.message) < 600 for flag in report.validation_flags)


@pytest.mark.slow
@pytest.mark.timeout(0)
@pytest.mark.skipif(not MANY, reason="set SPUNTA_INVENTED to a number of invoices")
def test_no_rule_raises_on_many_invented_invoices():
    mixer = invented.Mixer(random.Random(MANY))
    for _ in range(MANY):
        judge(*mixer.mix())
