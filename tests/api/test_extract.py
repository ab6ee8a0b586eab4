import base64
import datetime as dt
import json
import threading
import time
import uuid
from contextlib import closing
from decimal import Decimal

import pytest
import requests

from app.storage.records import Scope
from app.storage.sqlite.store import open_store


def test_a_client_that_posts_and_polls_gets_the_result(server, fattura):
    headers = {"X-API-Key": server.key}
    job = requests.post(
        f"{server.url}/v1/extract/invoice", headers=headers, files={"file": ("f.xml", fattura())}, timeout=30
    ).json()
    while (body := requests.get(f"{server.url}/v1/jobs/{job['job_id']}", headers=headers, timeout=30).json())[
        "status"
    ] not in ("completed", "failed"):
        time.sleep(0.05)
    assert body["result"]["invoice"]["number"] == "17/B"


def test_the_answer_to_an_upload_has_the_keys_and_headers_of_the_contract(server, fattura):
    answer = server.submit(fattura())
    body = answer.json()
    assert answer.status_code == 202
    assert set(body) == {
        "job_id",
        "status",
        "estimated_seconds",
        "poll_url",
        "webhook_configured",
        "quota_remaining",
    }
    assert (body["status"], body["webhook_configured"], body["quota_remaining"]) == ("pending", False, None)
    assert str(uuid.UUID(body["job_id"])) == body["job_id"]
    assert answer.headers["location"] == body["poll_url"] == f"/v1/jobs/{body['job_id']}"
    assert int(answer.headers["retry-after"]) >= 0
    assert answer.headers["ratelimit-policy"].startswith('"submitted";q=')
    assert answer.headers["ratelimit"].startswith('"submitted";r=')
    assert answer.headers["cache-control"] == "no-store"


def test_a_completed_job_has_the_keys_of_the_contract(server, fattura):
    job = server.read(fattura(), name="fattura.xml", external_id="my-1", metadata='{"a": 1.10}')
    always = {
        "job_id",
        "status",
        "queued_at",
        "started_at",
        "completed_at",
        "processing_ms",
        "type",
        "mode",
        "progress",
        "stage",
        "attempt_count",
        "filename",
        "file_type",
        "page_count",
        "language",
        "external_id",
        "metadata",
        "callback_url",
        "delivery",
    }
    completed = {
        "confidence",
        "model",
        "cache_hit",
        "validation_flags",
        "result",
        "fields",
        "validation",
        "decision",
    }
    assert always | completed <= set(job)
    assert (job["progress"], job["stage"], job["attempt_count"]) == (100, "done", 1)
    assert (job["filename"], job["file_type"], job["external_id"], job["metadata"]) == (
        "fattura.xml",
        "xml",
        "my-1",
        {"a": 1.1},
    )
    assert job["model"].startswith("deterministic@")
    assert job["queued_at"][-5] == "."
    assert job["queued_at"].endswith("Z")


def test_amounts_are_numbers_with_their_digits(server, fattura):
    job_id = server.submit(fattura(net="10.10", tax="2.22", total="12.32")).json()["job_id"]
    server.wait(job_id)
    text = server.ask("GET", f"/v1/jobs/{job_id}").text
    assert '"subtotal":10.10' in text
    assert json.loads(text, parse_float=Decimal)["result"]["financials"]["total"] == Decimal("12.32")


def test_json_is_read_as_a_form_is(server, fattura):
    content = base64.encodebytes(fattura(number="J-1")).decode()
    answer = server.ask(
        "POST",
        "/v1/extract/invoice",
        json={"file_base64": content, "filename": "a/b\\c.xml", "metadata": {"x": [1]}},
    )
    job = server.wait(answer.json()["job_id"])
    assert (job["result"]["invoice"]["number"], job["filename"], job["metadata"]) == (
        "J-1",
        "c.xml",
        {"x": [1]},
    )


def test_the_same_document_again_is_a_cache_hit_for_its_tenant_alone(server, fattura):
    content = fattura(number=uuid.uuid4().hex[:10])
    assert [server.read(content)["cache_hit"] for _ in range(2)] == [False, True]
    stranger = server.new_key("cache-stranger")
    job_id = server.submit(content, key=stranger).json()["job_id"]
    assert server.wait(job_id, key=stranger)["cache_hit"] is False


def test_a_wrong_total_completes_with_its_flag(server, fattura):
    job = server.read(fattura(total="999.00"))
    assert job["status"] == "completed"
    assert "ARITHMETIC_MISMATCH" in [flag["code"] for flag in job["validation_flags"]]
    assert set(job["validation_flags"][0]) >= {
        "code",
        "severity",
        "message",
        "path",
        "paths",
        "expected",
        "actual",
        "source",
    }
    assert job["decision"]["outcome"] == "review"


def test_the_same_idempotency_key_gives_the_first_answer(server, fattura):
    headers = {"Idempotency-Key": uuid.uuid4().hex}
    first, again = (server.submit(fattura(), headers=headers) for _ in range(2))
    assert first.json() == again.json()
    assert (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (
        None,
        "true",
    )
    other = server.submit(fattura(number="other"), headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    strangers = server.submit(fattura(), headers=headers, key=server.new_key("idem-stranger"))
    assert strangers.json()["job_id"] != first.json()["job_id"]


def test_a_malformed_idempotency_key_is_refused(server, fattura):
    answer = server.submit(fattura(), headers={"Idempotency-Key": "two words"})
    assert (answer.status_code, answer.json()["option"]) == (400, "Idempotency-Key")


def test_a_key_without_the_scope_may_not_submit_or_read(server, fattura):
    reader, writer = (server.new_key(scope, scopes=frozenset({Scope(scope)})) for scope in ("read", "submit"))
    assert server.submit(fattura(), key=reader).json()["code"] == "insufficient_scope"
    accepted = server.submit(fattura(), key=writer)
    assert accepted.status_code == 202
    assert server.ask("GET", accepted.json()["poll_url"], key=writer).status_code == 403


def test_a_rate_limit_holds_and_says_when_to_come_back(server, fattura):
    key = server.new_key("slow", rate_limit="2/minute")
    answers = [server.submit(fattura(), key=key) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert answers[2].json()["code"] == "rate_limited"
    assert 1 <= int(answers[2].headers["retry-after"]) <= 60
    assert answers[1].headers["ratelimit"].startswith('"submitted";r=0;t=')
    assert server.ask("GET", answers[0].json()["poll_url"], key=key).status_code == 200


def test_a_quota_holds_and_is_told(server, fattura):
    key = server.new_key("small", monthly_quota=2)
    answers = [server.submit(fattura(number=str(at)), key=key) for at in range(3)]
    assert [answer.json().get("quota_remaining") for answer in answers] == [1, 0, None]
    assert (answers[2].status_code, answers[2].json()["code"]) == (429, "quota_exceeded")
    assert 1 <= int(answers[2].headers["retry-after"]) <= 31 * 86400
    usage = server.ask("GET", "/v1/usage", key=key).json()
    assert (usage["month"]["jobs"], usage["monthly_quota"], usage["quota_remaining"]) == (2, 2, 0)


def test_a_revoked_key_opens_nothing(server):
    key = server.new_key("gone")
    assert server.ask("GET", "/v1/jobs", key=key).status_code == 200
    with closing(open_store(server.data)) as store:
        store.keys.revoke("gone", dt.datetime.now(dt.UTC))
    assert server.ask("GET", "/v1/jobs", key=key).status_code == 401


def test_a_document_is_parsed_into_markdown_segments_and_chunks(server, pdf):
    lines = [f"Line {at} of a document that says much" for at in range(30)]
    files = {"file": ("notes.pdf", pdf(*lines))}
    answer = server.ask("POST", "/v1/parse", files=files, data={"chunk_size": "300", "overlap": "50"})
    assert answer.status_code == 202
    job = server.wait(answer.json()["job_id"])
    assert (job["type"], job["status"]) == ("parse", "completed")
    result = job["result"]
    assert set(result) >= {"document_id", "filename", "file_type", "page_count", "markdown", "chunks"}
    assert (result["filename"], result["file_type"], result["page_count"]) == ("notes.pdf", "pdf", 1)
    assert "Line 29 of a document" in result["markdown"]
    assert len(result["chunks"]) > 1
    assert set(result["chunks"][0]) >= {"index", "text", "tokens", "page", "confidence", "segments"}


def test_sizes_of_chunks_are_held(server, pdf):
    for option, value in [
        ("chunk_size", "199"),
        ("chunk_size", "10001"),
        ("overlap", "2001"),
        ("overlap", "x"),
    ]:
        answer = server.ask("POST", "/v1/parse", files={"file": pdf("a")}, data={option: value})
        assert (answer.status_code, answer.json()["option"]) == (400, option)
    assert server.submit(pdf("a"), overlap="100").json()["option"] == "overlap"


def test_a_request_that_is_still_arriving_holds_its_idempotency_key(server, fattura):
    arriving, go_on = threading.Event(), threading.Event()

    def body():
        yield b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.xml"\r\n\r\n'
        arriving.set()
        go_on.wait(30)
        yield fattura() + b"\r\n--edge--\r\n"

    headers = {"Idempotency-Key": uuid.uuid4().hex}
    slow = []
    kind = {"Content-Type": "multipart/form-data; boundary=edge"}
    first = threading.Thread(
        target=lambda: slow.append(
            server.ask("POST", "/v1/extract/invoice", headers={**headers, **kind}, data=body())
        )
    )
    first.start()
    arriving.wait(30)
    time.sleep(0.3)
    second = server.submit(fattura(), headers=headers)
    go_on.set()
    first.join()
    assert (second.status_code, second.json()["code"]) == (409, "request_in_progress")
    assert second.headers["retry-after"]
    assert slow[0].status_code == 202


def test_an_upload_that_breaks_off_leaves_nothing(server, fattura):
    def body():
        yield b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.xml"\r\n\r\n' + bytes(
            600_000
        )
        raise ConnectionAbortedError

    with pytest.raises((ConnectionAbortedError, requests.RequestException)):
        server.ask(
            "POST",
            "/v1/extract/invoice",
            headers={"Content-Type": "multipart/form-data; boundary=edge"},
            data=body(),
        )
    arriving = server.data / "uploads" / ".incoming"
    until = time.monotonic() + 10
    while any(path.stat().st_size >= 600_000 for path in arriving.iterdir()):
        assert time.monotonic() < until
        time.sleep(0.05)
