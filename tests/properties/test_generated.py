"""What holds for any invoice whatever, tried on generated ones."""

import re
from decimal import Decimal

from app.model.evidence import Source
from app.model.paths import CORE, leaves
from tests.generator.compare import Outcome, outcomes, plain
from tests.generator.measure import as_result

CENT = Decimal("0.01")
SLACK = 1.5
READ = {Source.TEXT, Source.OCR}


def compact(text):
    return re.sub(r"\W", "", str(text)).lower()


def words_within(case, evidence):
    page = next(p for p in case.document.pages if p.number == evidence.page)
    box = evidence.bbox
    inside = [
        w for w in page.words
        if box.x0 - SLACK <= (w.x0 + w.x1) / 2 <= box.x1 + SLACK and box.top - SLACK <= (w.top + w.bottom) / 2 <= box.bottom + SLACK
    ]  # fmt: skip
    return compact("".join(w.text for w in inside))


def test_sums_hold_or_are_flagged(cases):
    for case in cases:
        money = case.extraction.invoice.financials
        if None in (money.subtotal, money.tax_amount, money.total):
            continue
        extras = money.stamp_duty or 0
        if (
            abs(money.subtotal + money.tax_amount - money.total) > CENT
            and abs(money.subtotal + money.tax_amount + extras - money.total) > CENT
        ):
            assert "ARITHMETIC_MISMATCH" in case.report.validation.failed, str(case)


def test_an_invoice_with_a_wrong_core_value_is_never_accepted_unseen(cases):
    for case in cases:
        if case.decision.outcome == "accept":
            found = outcomes(as_result(case.extraction), case.one.truth, CORE)
            assert all(outcome is Outcome.RIGHT for outcome in found.values()), f"{case}: {found}"


def test_every_value_has_its_evidence(cases):
    for case in cases:
        unproved = [path for path, _ in leaves(case.extraction.invoice) if path not in case.extraction.fields]
        assert unproved == [], str(case)


def test_a_value_read_from_the_page_has_a_box_that_covers_its_text(cases):
    for case in cases:
        for path, evidence in case.extraction.fields.items():
            if evidence.source not in READ:
                continue
            assert evidence.bbox is not None, f"{case} {path}"
            assert evidence.page is not None, f"{case} {path}"
            covered = words_within(case, evidence)
            missing = [token for token in evidence.text.split() if compact(token) not in covered]
            assert missing == [], f"{case} {path} {evidence.text!r}"


def worked_out(invoice, path, value, text):
    """Whether an allowance is the printed percentage of its row's quantity times price."""
    found = re.fullmatch(r"line_items\[(\d+)\]\.discount", path)
    percent = re.fullmatch(r"-?(\d+(?:[.,]\d+)?)\s*%?", text or "")
    if not found or not percent:
        return False
    row = invoice.line_items[int(found[1])]
    if row.quantity is None or row.unit_price is None:
        return False
    share = Decimal(percent[1].replace(",", ".")) / 100
    return abs(row.quantity * row.unit_price * share - value) <= CENT


def test_no_number_is_given_whose_digits_are_not_in_its_text(cases):
    for case in cases:
        for path, value in leaves(case.extraction.invoice):
            evidence = case.extraction.fields.get(path)
            if evidence is None or evidence.source not in READ or not isinstance(value, Decimal):
                continue
            if worked_out(case.extraction.invoice, path, value, evidence.text):
                continue
            digits = re.sub(r"\D", "", f"{abs(value).normalize():f}").strip("0")
            assert digits in re.sub(r"\D", "", evidence.text or ""), (
                f"{case} {path} {value} {evidence.text!r}"
            )


def test_no_name_or_number_is_given_whose_letters_are_not_in_its_text(cases):
    for case in cases:
        for path in (
            "vendor.name",
            "buyer.name",
            "invoice.number",
            "vendor.iban",
            "vendor.email",
            "vendor.city",
            "buyer.city",
        ):
            evidence = case.extraction.fields.get(path)
            value = dict(leaves(case.extraction.invoice)).get(path)
            if evidence is not None and evidence.source in READ:
                assert compact(plain(value)) in compact(plain(evidence.text)), (
                    f"{case} {path} {value} {evidence.text!r}"
                )


def test_confidence_is_a_probability(cases):
    for case in cases:
        assert 0 <= case.extraction.confidence <= 1, str(case)
        assert all(0 <= evidence.confidence <= 1 for evidence in case.extraction.fields.values()), str(case)
