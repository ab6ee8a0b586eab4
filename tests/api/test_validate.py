"""Judging at once: results as JSON and e-invoices, each key under its own policy."""

import uuid

import pytest

from app.storage.records import Scope
from tests.reading.signing import Signer

STRICT = """
off = ["NEW_VENDOR"]
[severity]
MULTIPLE_INVOICES = "error"
[parameters]
own_companies = ["IT99999999990"]
[accept]
maximum_total = 50
"""


@pytest.fixture(scope="module")
def strict(server):
    """A key with a policy of its own, which may change it."""
    return server.new_key("strict", policy=STRICT, scopes=frozenset({Scope.ADMIN}))


@pytest.fixture(scope="module")
def plain(server):
    return server.new_key("plain")


def flagged(verdict):
    return {flag["code"] for flag in verdict["validation_flags"]}


def test_an_e_invoice_is_judged_as_its_job_would_be(server, plain, fattura):
    invoice = fattura(number="V-1", total="999.00")
    verdict = server.ask("POST", "/v1/validate", key=plain, data=invoice).json()
    assert set(verdict) == {"validation_flags", "validation", "decision"}
    assert "ARITHMETIC_MISMATCH" in verdict["validation"]["failed"]
    job = server.wait(server.submit(invoice, key=plain).json()["job_id"], key=plain)
    later = {"NEW_VENDOR"}  # needs the history of jobs
    assert flagged(job) - later == flagged(verdict)


@pytest.mark.parametrize("declared", ["application/json", "application/xml", "text/plain", ""])
def test_the_bytes_decide_what_a_body_is(server, plain, fattura, declared):
    answer = server.ask(
        "POST", "/v1/validate", key=plain, data=fattura(number="V-2"), headers={"Content-Type": declared}
    )
    assert answer.status_code == 200
    assert "ARITHMETIC_MISMATCH" in answer.json()["validation"]["passed"]


def test_a_signed_e_invoice_is_opened_and_one_in_a_form_is_taken(server, plain, fattura):
    invoice = fattura(number="V-3")
    signed = server.ask("POST", "/v1/validate", key=plain, data=Signer().envelope(invoice))
    assert "SIGNATURE_INVALID" in signed.json()["validation"]["passed"]
    form = server.ask("POST", "/v1/validate", key=plain, files={"file": ("x.xml", invoice)})
    assert "ARITHMETIC_MISMATCH" in form.json()["validation"]["passed"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"<a><b></a>", 422, "unreadable_document"),
        (b"<a/>", 422, "unreadable_document"),
        (b"%PDF-1.7 and so on", 415, "unsupported_media_type"),
        (b"\x89PNG\r\n\x1a\n", 415, "unsupported_media_type"),
        (b"hello", 422, "unreadable_document"),
        (b"{hello", 400, "malformed_json"),
        (b'{"result": {"invoice": {"number": "' + b"x" * 5_000_000 + b'"}}}', 413, "file_too_large"),
    ],
    ids=["broken", "no invoice", "pdf", "picture", "text", "broken json", "large"],
)
def test_what_cannot_be_judged_at_once_is_refused(server, plain, body, status, code):
    answer = server.ask("POST", "/v1/validate", key=plain, data=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not list((server.data / "uploads" / ".incoming").iterdir())


def test_each_key_is_judged_by_its_own_policy(server, strict, fattura):
    plain = server.new_key("another plain one")
    invoice = fattura(number=f"V-{uuid.uuid4().hex[:6]}")
    by = {
        key: server.wait(server.submit(invoice, key=key).json()["job_id"], key=key) for key in (plain, strict)
    }
    assert "NEW_VENDOR" in flagged(by[plain])
    assert "NEW_VENDOR" not in flagged(by[strict])
    assert "NOT_ADDRESSED_TO_US" in by[strict]["decision"]["flags"]
    assert "NOT_ADDRESSED_TO_US" not in by[plain]["decision"]["flags"]
    assert "the total is above 50" in by[strict]["decision"]["reasons"]
    again = server.ask("POST", f"/v1/jobs/{by[strict]['job_id']}/validate", key=strict).json()
    assert again["decision"] == by[strict]["decision"]
    at_once = server.ask("POST", "/v1/validate", key=strict, data=invoice).json()
    assert "NOT_ADDRESSED_TO_US" in flagged(at_once)


def test_a_key_shows_and_changes_its_policy(server, fattura):
    key = server.new_key("changing", scopes=frozenset({Scope.ADMIN}))
    assert server.ask("GET", "/v1/policy", key=key).json()["document"] is None
    shown = server.ask("PUT", "/v1/policy", key=key, data="[accept]\nmaximum_total = 10.50\n")
    assert shown.json()["in_force"]["accept"]["maximum_total"] == 10.5
    verdict = server.ask("POST", "/v1/validate", key=key, data=fattura(number="V-9")).json()
    assert "the total is above 10.50" in verdict["decision"]["reasons"]
    assert server.ask("DELETE", "/v1/policy", key=key).json()["document"] is None
    verdict = server.ask("POST", "/v1/validate", key=key, data=fattura(number="V-9")).json()
    assert "the total is above 10.50" not in verdict["decision"]["reasons"]


def test_a_wrong_policy_is_refused_with_every_mistake(server, strict):
    answer = server.ask("PUT", "/v1/policy", key=strict, data='off = ["INVALID_TOTALS"]\nofff = []\n')
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (400, "invalid_option")
    assert "Did you mean INVALID_TOTAL?" in problem["detail"]
    assert "Did you mean off?" in problem["detail"]
    assert server.ask("GET", "/v1/policy", key=strict).json()["document"] == STRICT


def test_a_key_without_the_scope_only_sees_its_policy(server, plain):
    assert server.ask("GET", "/v1/policy", key=plain).status_code == 200
    refused = server.ask("PUT", "/v1/policy", key=plain, data="")
    assert (refused.status_code, refused.json()["code"]) == (403, "insufficient_scope")


def test_a_policy_that_can_no_longer_be_applied_is_told_and_accepts_nothing(server, fattura):
    key = server.new_key("stale", policy='off = ["RULE_OF_A_PACKAGE_THAT_IS_GONE"]')
    verdict = server.ask("POST", "/v1/validate", key=key, data=fattura(number="V-10")).json()
    assert "POLICY_NOT_APPLIED" in verdict["decision"]["flags"]
    assert verdict["decision"]["outcome"] == "review"
