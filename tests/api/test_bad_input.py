"""Every bad input gets its status and code, or a failed job with its code and a sentence; the service goes on."""

import io
import uuid

import pypdf
import pytest
import requests
from pypdf.generic import ArrayObject, NameObject, NullObject, NumberObject

MEGABYTE = 1_000_000


@pytest.fixture(autouse=True)
def _the_next_job_succeeds(server, fattura):
    """Whatever a test did, the worker lives and reads the next document."""
    yield
    job = server.read(fattura(number=uuid.uuid4().hex[:12]))
    assert job["status"] == "completed", job


def problem(answer, status, code):
    body = answer.json()
    assert (answer.status_code, body["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(body) >= {"type", "title", "status", "detail", "instance", "code"}
    assert body["status"] == status
    assert body["detail"].endswith((".", "?"))
    return body


def test_no_key_is_401(server, fattura):
    answer = requests.post(server.url + "/v1/extract/invoice", files={"file": fattura()}, timeout=30)
    problem(answer, 401, "invalid_api_key")
    assert answer.headers["www-authenticate"]


def test_an_unknown_key_is_401(server, fattura):
    problem(server.submit(fattura(), key="inv_" + "x" * 43), 401, "invalid_api_key")


def test_another_tenants_job_is_404_in_every_way(server, fattura):
    job_id = server.submit(fattura()).json()["job_id"]
    stranger = server.new_key("stranger")
    for method, path in [
        ("GET", ""),
        ("DELETE", ""),
        ("DELETE", "?purge=true"),
        ("GET", "/events"),
        ("POST", "/deliver"),
        ("POST", "/validate"),
    ]:
        problem(server.ask(method, f"/v1/jobs/{job_id}{path}", key=stranger), 404, "job_not_found")
    assert server.ask("GET", "/v1/jobs", key=stranger).json() == {
        "jobs": [],
        "total": 0,
        "has_more": False,
        "next_after": None,
    }
    assert server.wait(job_id)["status"] == "completed"


@pytest.mark.parametrize("job_id", ["1", "nothing", "4ec63a29-fe80-4cf1-9a91-4deccd11bfc3", "..%2f..", "%00"])
def test_a_job_that_never_was_is_404(server, job_id):
    assert server.ask("GET", f"/v1/jobs/{job_id}").json()["code"] in {"job_not_found", "not_found"}


def test_no_file_is_400(server):
    problem(server.ask("POST", "/v1/extract/invoice", files={"locale": (None, "it")}), 400, "missing_file")
    problem(server.ask("POST", "/v1/extract/invoice", json={"locale": "it"}), 400, "missing_file")


def test_an_empty_file_is_400(server):
    problem(server.submit(b""), 400, "empty_file")
    problem(server.ask("POST", "/v1/extract/invoice", json={"file_base64": ""}), 400, "empty_file")


def test_a_file_above_the_limit_is_413(server):
    problem(server.submit(b"%PDF-1.7\n" + bytes(51 * MEGABYTE)), 413, "file_too_large")


def test_a_file_above_the_limit_is_413_when_its_length_is_not_announced(server):
    def body():
        yield b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7\n'
        for _ in range(51):
            yield bytes(MEGABYTE)
        yield b"\r\n--edge--\r\n"

    headers = {"Content-Type": "multipart/form-data; boundary=edge"}
    problem(server.ask("POST", "/v1/extract/invoice", headers=headers, data=body()), 413, "file_too_large")


def test_json_with_a_file_above_the_limit_is_413(server):
    def body():
        yield b'{"file_base64": "'
        for _ in range(69):
            yield b"A" * MEGABYTE
        yield b'"}'

    headers = {"Content-Type": "application/json"}
    problem(server.ask("POST", "/v1/extract/invoice", headers=headers, data=body()), 413, "file_too_large")


@pytest.mark.parametrize("text", ["not base64!", "AAA", "JVBERi0x-_=="])
def test_bad_base64_is_400(server, text):
    problem(server.ask("POST", "/v1/extract/invoice", json={"file_base64": text}), 400, "invalid_base64")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"file_base64": 5}', b"\xff\xfe"])
def test_malformed_json_is_400(server, body):
    headers = {"Content-Type": "application/json"}
    problem(server.ask("POST", "/v1/extract/invoice", headers=headers, data=body), 400, "malformed_json")


@pytest.mark.parametrize(
    "content",
    [b"Dear Sir, please find attached", b"<!doctype html><html></html>", b"\x00", b"GIF89a", b"%PD"],
)
def test_a_file_that_is_no_document_fails_whatever_its_name(server, content):
    failed(server.read(content, name="invoice.pdf"), "UNSUPPORTED_FILE")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_another_content_type_is_415(server, kind):
    answer = server.ask("POST", "/v1/extract/invoice", headers={"Content-Type": kind}, data=b"file=abc")
    problem(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"--edge\r\n"),
        ("multipart/form-data; boundary=", b"--edge\r\n"),
        ("multipart/form-data; boundary=edge", b""),
        ("multipart/form-data; boundary=edge", b"nothing of the kind"),
        (
            "multipart/form-data; boundary=edge",
            b"--edge\r\nContent-Disposition: form-data; name=file\r\n\r\n%PDF-1.7",
        ),
        ("multipart/form-data; boundary=edge", b"--edge\r\nno header\r\n\r\n%PDF-1.7\r\n--edge--\r\n"),
        (
            "multipart/form-data; boundary=edge",
            b"--other\r\nContent-Disposition: form-data; name=file\r\n\r\nx\r\n--other--\r\n",
        ),
    ],
)
def test_malformed_multipart_is_400(server, kind, body):
    answer = server.ask("POST", "/v1/extract/invoice", headers={"Content-Type": kind}, data=body)
    problem(answer, 400, "malformed_multipart")


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("mode", "determinstic", "Did you mean `deterministic`?"),
        ("locale", "jp", "`it` or `en`"),
        ("perspective", "byer", "Did you mean `buyer`?"),
        ("date_order", "ymd", "`dmy` or `mdy`"),
        ("pages", "0", "from 1 to 9999"),
        ("pages", "one", "such as `1-3,5`"),
        ("pages", "1-99999", "from 1 to 9999"),
        ("callback_url", "ftp://example.org", "http"),
        ("callback_url", "https://user:pass@example.org", "without a user name"),
        ("byok_provider", "mistral", "anthropic"),
        ("metadata", "{", "JSON"),
        ("metadata", "[1]", "a JSON object"),
        ("metadata", '"' + "x" * 5000 + '"', "4096"),
        ("own_company", "x" * 201, "200"),
        ("perspectiv", "buyer", "Did you mean `perspective`?"),
    ],
)
def test_a_wrong_option_is_400_and_says_what_it_may_be(server, fattura, option, value, told):
    body = problem(server.submit(fattura(), **{option: value}), 400, "invalid_option")
    assert body["option"] == option
    assert told in body["detail"]
    if value != "{":
        assert value not in body["detail"]


def test_byok_without_a_key_is_403(server, fattura):
    body = problem(server.submit(fattura(), mode="byok_assisted"), 403, "byok_key_missing")
    assert "X-BYOK-Key" in body["detail"]


def failed(job, *codes):
    assert job["status"] == "failed", job
    assert job["error_code"] in codes
    assert job["error"].endswith(".")
    assert "Traceback" not in job["error"]
    assert "/" not in job["error"]


def test_a_truncated_pdf_fails(server, pdf):
    whole = pdf("Invoice 1", "Total 122.00 EUR")
    failed(server.read(whole[: len(whole) // 4]), "PARSE_ERROR")


def test_a_pdf_of_zero_pages_fails(server):
    out = io.BytesIO()
    pypdf.PdfWriter().write(out)
    failed(server.read(out.getvalue()), "PARSE_ERROR", "NO_TEXT")


def test_an_encrypted_pdf_needs_its_password(server, pdf):
    content = pdf("Invoice 1", "Total 122.00 EUR", password="open sesame")
    failed(server.read(content), "PASSWORD_REQUIRED")
    failed(server.read(content, password="wrong"), "PASSWORD_REQUIRED")
    assert server.read(content, password="open sesame")["status"] == "completed"


def test_a_pdf_that_unpacks_to_gigabytes_fails(server, bomb):
    failed(server.read(bomb(3000)), "TOO_LARGE", "PARSE_ERROR", "TIMEOUT", "NO_TEXT")


def test_a_pdf_whose_pages_loop_fails(server):
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    pages = writer._root_object["/Pages"]
    pages[NameObject("/Kids")] = ArrayObject([pages.indirect_reference])
    pages[NameObject("/Count")] = NumberObject(2_000_000_000)
    out = io.BytesIO()
    writer.write(out)
    failed(server.read(out.getvalue()), "PARSE_ERROR", "TOO_LARGE", "NO_TEXT", "TIMEOUT")


def test_a_page_that_is_nothing_fails(server):
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    writer._root_object["/Pages"][NameObject("/Kids")] = ArrayObject([NullObject()])
    out = io.BytesIO()
    writer.write(out)
    failed(server.read(out.getvalue()), "PARSE_ERROR", "NO_TEXT")


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE x [<!ENTITY a "b">]>',
        '<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "http://127.0.0.1/">]>',
    ],
)
def test_xml_with_a_doctype_fails(server, fattura, prolog):
    declaration, _, rest = fattura().decode().partition("\n")
    failed(server.read(f"{declaration}\n{prolog}\n{rest}".encode()), "PARSE_ERROR", "UNSUPPORTED_FILE")


@pytest.mark.parametrize("text", ["<a/>", "<a>", "<?xml version='1.0'?>", "<"])
def test_xml_that_is_no_invoice_fails(server, text):
    failed(server.read(text.encode()), "PARSE_ERROR", "UNSUPPORTED_FILE")


def test_an_address_that_does_not_exist_is_a_problem(server):
    problem(server.ask("GET", "/v1/nothing"), 404, "not_found")


def test_a_method_that_does_not_exist_is_a_problem_with_allow(server):
    answer = server.ask("PUT", "/v1/jobs")
    problem(answer, 405, "method_not_allowed")
    assert "GET" in answer.headers["allow"]
