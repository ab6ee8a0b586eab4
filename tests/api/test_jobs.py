import json
import uuid

import pytest
import requests


@pytest.fixture(scope="module")
def tenant(server):
    """A tenant of its own, so that lists hold nothing else."""
    return server.new_key("lister")


@pytest.fixture(scope="module")
def listed(server, fattura, tenant):
    """Three jobs: two read, one that cannot be."""
    sent = [
        server.submit(fattura(number="L-1"), key=tenant, external_id="one"),
        server.submit(fattura(number="L-2", total="999.00"), key=tenant, external_id="two"),
        server.submit(b"<a/>", key=tenant),
    ]
    return [server.wait(answer.json()["job_id"], key=tenant) for answer in sent]


def ids(server, tenant, **query):
    answer = server.ask("GET", "/v1/jobs", key=tenant, params=query)
    assert answer.status_code == 200, answer.text
    return [job["job_id"] for job in answer.json()["jobs"]]


def test_jobs_are_listed_newest_first_without_results(server, tenant, listed):
    body = server.ask("GET", "/v1/jobs", key=tenant).json()
    assert [job["job_id"] for job in body["jobs"]] == [job["job_id"] for job in reversed(listed)]
    assert (body["total"], body["has_more"]) == (3, False)
    assert all("result" not in job and "fields" not in job for job in body["jobs"])


def test_every_filter_filters(server, tenant, listed):
    one, two, bad = (job["job_id"] for job in listed)
    assert ids(server, tenant, status="failed") == [bad]
    assert ids(server, tenant, external_id="two") == [two]
    assert ids(server, tenant, flag="ARITHMETIC_MISMATCH") == [two]
    assert two in ids(server, tenant, severity="error")
    assert one not in ids(server, tenant, flag="ARITHMETIC_MISMATCH", severity="error")
    assert ids(server, tenant, decision="reject") == []
    assert ids(server, tenant, type="parse") == []
    assert ids(server, tenant, created_after=listed[1]["queued_at"], status="completed") == [two]
    assert ids(server, tenant, created_before=listed[1]["queued_at"]) == [one]


def test_pages_of_a_list_hold_every_job_once(server, tenant, listed):
    pages = [ids(server, tenant, limit=1, offset=at) for at in range(4)]
    assert [job for page in pages for job in page] == ids(server, tenant)


def test_pages_by_the_job_before_hold_every_job_once_whatever_comes_in(server, tenant, listed):
    seen, after = [], {}
    while True:
        page = server.ask("GET", "/v1/jobs", key=tenant, params={"limit": 1, **after}).json()
        seen += [job["job_id"] for job in page["jobs"]]
        if not page["has_more"]:
            break
        after = {"after": page["next_after"]}
    assert seen == [job["job_id"] for job in reversed(listed)]
    assert page["next_after"] is None


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "201"},
        {"offset": "-1"},
        {"status": "done"},
        {"created_after": "yesterday"},
        {"severity": "bad"},
        {"after": "x"},
    ],
)
def test_a_wrong_filter_is_named(server, query):
    answer = server.ask("GET", "/v1/jobs", params=query)
    assert (answer.status_code, answer.json()["code"], answer.json()["option"]) == (
        400,
        "invalid_option",
        next(iter(query)),
    )


def test_a_job_that_is_over_cannot_be_cancelled(server, tenant, listed):
    answer = server.ask("DELETE", f"/v1/jobs/{listed[0]['job_id']}", key=tenant)
    assert (answer.status_code, answer.json()["code"]) == (409, "job_not_cancellable")


def test_a_waiting_job_can_be_cancelled_and_stays_so(server, fattura, bomb):
    ahead = [server.submit(bomb(megabytes)).json()["job_id"] for megabytes in (3000, 3001)]
    waiting = server.submit(fattura(number=uuid.uuid4().hex[:9])).json()["job_id"]
    answer = server.ask("DELETE", f"/v1/jobs/{waiting}")
    assert answer.json() == {"success": True, "job_id": waiting, "status": "cancelled"}
    assert [server.wait(job_id)["status"] for job_id in (*ahead, waiting)] == [
        "failed",
        "failed",
        "cancelled",
    ]


def test_a_job_in_the_middle_of_reading_can_be_cancelled(server, fattura, bomb):
    job_id = server.submit(bomb(4000)).json()["job_id"]
    while server.ask("GET", f"/v1/jobs/{job_id}").json()["status"] == "pending":
        pass
    assert server.ask("DELETE", f"/v1/jobs/{job_id}").json()["status"] == "cancelled"
    assert server.read(fattura(number=uuid.uuid4().hex[:9]))["status"] == "completed"
    assert server.wait(job_id)["status"] == "cancelled"


def test_a_purged_job_is_gone_with_its_bytes(server, fattura):
    content = fattura(number="PURGE-" + uuid.uuid4().hex)
    job = server.read(content)
    before = [
        path
        for path in (server.data / "uploads").rglob("*")
        if path.is_file() and path.read_bytes() == content
    ]
    assert len(before) == 1
    answer = server.ask("DELETE", f"/v1/jobs/{job['job_id']}?purge=true")
    assert (answer.status_code, answer.content) == (204, b"")
    assert not before[0].exists()
    assert server.ask("GET", f"/v1/jobs/{job['job_id']}").status_code == 404
    marks = content[content.index(b"PURGE-") :][:38]
    assert [
        path.name for path in server.data.rglob("*") if path.is_file() and marks in path.read_bytes()
    ] == []


def events(server, job_id, last=None):
    headers = {"X-API-Key": server.key, **({"Last-Event-ID": last} if last else {})}
    with requests.get(
        f"{server.url}/v1/jobs/{job_id}/events", headers=headers, stream=True, timeout=60
    ) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        blocks = answer.text.replace("\r\n", "\n").strip().split("\n\n")
    return [dict(line.split(": ", 1) for line in block.split("\n")) for block in blocks]


def test_events_follow_a_job_to_its_end(server, fattura):
    job_id = server.submit(fattura(number=uuid.uuid4().hex[:8])).json()["job_id"]
    seen = events(server, job_id)
    assert seen[-1]["event"] == "completed"
    assert {event["event"] for event in seen[:-1]} <= {"progress"}
    shares = [json.loads(event["data"])["progress"] for event in seen]
    assert shares == sorted(shares)
    assert json.loads(seen[-1]["data"]) == {"status": "completed", "progress": 100, "stage": "done"}


def test_events_after_a_reconnect_end_with_the_end(server, listed, fattura):
    job_id = server.submit(fattura(number=uuid.uuid4().hex[:8])).json()["job_id"]
    seen = events(server, job_id)
    assert [event["event"] for event in events(server, job_id, seen[0]["id"])][-1] == "completed"


def test_a_stored_result_is_judged_again(server, tenant, listed):
    verdict = server.ask("POST", f"/v1/jobs/{listed[1]['job_id']}/validate", key=tenant).json()
    assert "ARITHMETIC_MISMATCH" in verdict["validation"]["failed"]
    assert set(verdict) == {"validation_flags", "validation", "decision"}
    none = server.ask("POST", f"/v1/jobs/{listed[2]['job_id']}/validate", key=tenant)
    assert (none.status_code, none.json()["code"]) == (409, "no_result")


def test_a_posted_result_is_judged(server, tenant, listed):
    job = server.ask("GET", f"/v1/jobs/{listed[0]['job_id']}", key=tenant).json()
    for body in (job, job["result"]):
        verdict = server.ask("POST", "/v1/validate", json=body).json()
        assert "ARITHMETIC_MISMATCH" in verdict["validation"]["passed"]
    job["result"]["financials"]["total"] = 5
    assert (
        "ARITHMETIC_MISMATCH" in server.ask("POST", "/v1/validate", json=job).json()["validation"]["failed"]
    )


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "malformed_json"),
        (b"{", "malformed_json"),
        (b"[]", "invalid_option"),
        (b'{"result": {"invoice": {"date": "soon"}}}', "invalid_option"),
    ],
)
def test_what_is_no_result_is_refused(server, body, code):
    answer = server.ask("POST", "/v1/validate", data=body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_job_without_a_webhook_has_nothing_to_deliver(server, tenant, listed):
    answer = server.ask("POST", f"/v1/jobs/{listed[0]['job_id']}/deliver", key=tenant)
    assert (answer.status_code, answer.json()["code"]) == (409, "no_webhook")
