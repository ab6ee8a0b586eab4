import re
import warnings

import msgspec
import requests

from app.main import build, open_service
from app.settings import load
from app.validation.catalogue import catalogue
from app.validation.configured import configured


def test_health_needs_no_key_and_tells_live_and_ready(server):
    ready = requests.get(server.url + "/v1/health", timeout=30)
    assert ready.status_code == 200
    assert ready.json() | {"version": ""} == {
        "status": "ok",
        "version": "",
        "live": True,
        "ready": True,
        "checks": {"database": "ok", "disk": "ok"},
    }
    assert requests.get(server.url + "/v1/health/live", timeout=30).json()["status"] == "ok"


def test_the_catalogue_is_that_of_the_installed_rules(server):
    served = server.ask("GET", "/v1/rules").json()["rules"]
    assert served == msgspec.json.decode(msgspec.json.encode(catalogue(configured(load({})))))
    assert server.ask("GET", "/v1/rules/INVALID_TOTAL").json() in served
    answer = server.ask("GET", "/v1/rules/NOTHING")
    assert (answer.status_code, answer.json()["code"]) == (404, "rule_not_found")


def test_metrics_count_the_rows(server, fattura):
    server.read(fattura())
    text = requests.get(server.url + "/metrics", timeout=30).text
    completed = float(re.search(r'^spunta_jobs\{status="completed"\} (\S+)', text, re.MULTILINE).group(1))
    body = server.ask("GET", "/v1/jobs", params={"status": "completed", "limit": 1}).json()
    assert completed >= body["total"] > 0
    assert 'spunta_http_requests_total{method="POST",route="/v1/extract/invoice",status="202"}' in text
    assert "spunta_queue_depth" in text


def test_the_page_of_the_api_needs_nothing_from_elsewhere(server):
    page = requests.get(server.url + "/schema", timeout=30)
    assert page.headers["content-type"].startswith("text/html")
    links = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert links
    for link in links:
        assert link.startswith("/schema/")
        answer = requests.get(server.url + link, timeout=30)
        assert answer.status_code == 200
        assert answer.content
    assert "'self'" in page.headers["content-security-policy"]


def test_every_error_in_the_openapi_document_is_a_problem(server):
    document = requests.get(server.url + "/schema/openapi.json", timeout=30).json()
    assert document["openapi"].startswith("3.1")
    operations = [
        (path, method, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]
    assert len(operations) >= 14
    for path, method, operation in operations:
        for status, response in operation["responses"].items():
            if status >= "400" and not path.startswith("/v1/health"):
                assert set(response["content"]) == {"application/problem+json"}, (path, method, status)
        if not path.startswith("/v1/health"):
            assert "401" in operation["responses"], path
            assert operation["security"] == [{"apiKey": []}]


def test_a_request_keeps_the_id_it_was_given(server):
    assert server.ask("GET", "/v1/jobs", headers={"X-Request-ID": "abc-1"}).headers["x-request-id"] == "abc-1"
    strange = server.ask("GET", "/v1/nothing", headers={"X-Request-ID": "a b" * 50})
    assert strange.json()["instance"] == "urn:spunta:request:" + strange.headers["x-request-id"]


def test_the_application_uses_nothing_that_the_framework_deprecates(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        service = open_service(load({"SPUNTA_DATA": str(tmp_path / "data")}))
        assert build(service).routes
        service.close()
