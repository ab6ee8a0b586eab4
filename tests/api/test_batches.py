import io
import zipfile

import pytest


def packed(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace(" ", "/"), content)
    return out.getvalue()


def finished(server, batch_id):
    for job in server.ask("GET", f"/v1/batches/{batch_id}").json()["jobs"]:
        server.wait(job["job_id"])
    return server.ask("GET", f"/v1/batches/{batch_id}").json()


def test_several_files_become_a_job_each_and_a_bad_one_hurts_no_other(server, fattura):
    files = [
        ("file", ("a.xml", fattura(number="B-1"))),
        ("file", ("b.txt", b"")),
        ("file", ("c.xml", fattura(number="B-2"))),
    ]
    answer = server.ask("POST", "/v1/extract/invoice", files=files, data={"external_id": "lot"})
    body = answer.json()
    assert answer.status_code == 202
    assert answer.headers["location"] == body["poll_url"] == f"/v1/batches/{body['batch_id']}"
    assert [(refusal["filename"], refusal["code"]) for refusal in body["refused"]] == [
        ("b.txt", "empty_file")
    ]
    batch = finished(server, body["batch_id"])
    assert (batch["total"], batch["finished"], batch["counts"]["completed"]) == (2, True, 2)
    assert [job["filename"] for job in batch["jobs"]] == ["a.xml", "c.xml"]
    assert {job["external_id"] for job in batch["jobs"]} == {"lot"}
    assert batch["refused"] == body["refused"]


def test_a_zip_is_a_batch_whose_paths_are_never_used(server, fattura):
    content = packed(
        **{
            ".. .. evil.xml": fattura(number="Z-1"),
            "__MACOSX x": b"x",
            "sub .hidden": b"x",
            "sub b.pdf": b"",
        }
    )
    body = server.submit(content, name="lot.zip").json()
    batch = finished(server, body["batch_id"])
    assert [job["filename"] for job in batch["jobs"]] == ["evil.xml"]
    assert [refusal["filename"] for refusal in batch["refused"]] == ["b.pdf"]
    assert not list(server.data.parent.rglob("evil.xml"))


def test_another_tenants_batch_is_404(server, fattura):
    body = server.submit(packed(a=fattura())).json()
    answer = server.ask("GET", body["poll_url"], key=server.new_key("batch-stranger"))
    assert (answer.status_code, answer.json()["code"]) == (404, "batch_not_found")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (packed(), "empty_file"),
        (packed(a=b"x")[:-10], "invalid_archive"),
        (b"PK\x03\x04 nothing", "invalid_archive"),
        (packed(a=bytes(60_000_000)), "invalid_archive"),
        (packed(**{str(at): b"<a/>" for at in range(201)}), "too_many_files"),
        (packed(a=b"", b=b""), "empty_file"),
    ],
    ids=["no member", "cut off", "no archive", "unpacks to too much", "too many members", "empty members"],
)
def test_an_archive_that_cannot_be_taken_is_refused(server, content, code):
    answer = server.submit(content, name="lot.zip")
    assert answer.json()["code"] == code
    assert answer.status_code in (400, 415)


def test_a_batch_is_remembered_by_its_idempotency_key(server, fattura):
    content = packed(a=fattura(number="I-1"), b=fattura(number="I-2"))
    first, again = (server.submit(content, headers={"Idempotency-Key": "lot-1"}).json() for _ in range(2))
    assert first == again
    assert first["batch_id"]
