import json
from decimal import Decimal

import msgspec
import pytest
from world import START, ScriptedReader, World, extraction

from app.errors import InternalError, Unreadable
from app.jobs import lifecycle
from app.jobs.ending import cancel
from app.jobs.view import iso, render, summary
from app.model.document import Signature
from app.model.job import Job
from app.storage.records import JobFilter

ALWAYS = {
    "job_id", "type", "mode", "status", "stage", "progress", "attempt_count", "retry_at", "queued_at",
    "started_at", "completed_at", "processing_ms", "filename", "file_type", "page_count", "language", "external_id", "metadata",
    "batch_id", "callback_url", "delivery",
}  # fmt: skip
COMPLETED = {
    "confidence", "model", "cache_hit", "validation_flags", "validation", "decision", "result", "fields",
}  # fmt: skip
FAILED = {"error", "error_code"}


def _shown(world: World, job: Job) -> dict[str, object]:
    job = world.job(job.job_id)
    return json.loads(render(job, world.store.results.get(job)), parse_float=Decimal)


def _retrying(world: World) -> Job:
    job = world.submit()
    world.runner(ScriptedReader(InternalError("x"))).run(job.job_id)
    return job


def _processing(world: World) -> Job:
    job = world.submit()
    world.store.jobs.replace(job, lifecycle.start(job, world.clock(), "w"))
    return job


def _failed(world: World) -> Job:
    job = world.submit()
    world.runner(ScriptedReader(Unreadable("The PDF is cut short."))).run(job.job_id)
    return job


def _cancelled(world: World) -> Job:
    return cancel(world.store, world.bells, world.submit(), world.clock())


@pytest.mark.parametrize(
    ("status", "reach", "more"),
    [
        ("pending", World.submit, set()),
        ("processing", _processing, set()),
        ("retrying", _retrying, set()),
        ("cancelled", _cancelled, set()),
        ("completed", World.completed, COMPLETED),
        ("failed", _failed, FAILED),
    ],
)
def test_a_job_shows_exactly_the_keys_of_its_state(world: World, status: str, reach, more: set[str]):
    shown = _shown(world, reach(world))
    assert shown["status"] == status
    assert set(shown) == ALWAYS | more


def test_a_job_that_waits_for_its_retry_tells_when(world: World):
    job = _retrying(world)
    assert _shown(world, job)["retry_at"] == iso(world.clock() + lifecycle.BACK_OFF[0])
    world.clock.now += lifecycle.BACK_OFF[0]
    world.runner().run(job.job_id)
    assert _shown(world, job)["retry_at"] is None


def test_amounts_are_numbers_with_every_digit(world: World):
    text = render(
        world.completed(), (extraction("1234567890123456.10"), world.store.results.get(world.completed())[1])
    )
    assert b'"total":1234567890123456.10' in text
    assert b'"expected":122.00' in text


@pytest.mark.parametrize("amount", ["0.00", "-0.5", "1E+3", "1e-9", "100", "0.10"])
def test_every_amount_is_valid_json_and_comes_back_equal(world: World, amount: str):
    world.reader = ScriptedReader(extraction(amount))
    assert _shown(world, world.completed())["result"]["financials"]["total"] == Decimal(amount)


def test_unknown_values_are_null(world: World):
    result = _shown(world, world.completed())["result"]
    assert result["buyer"]["name"] is None
    assert result["financials"]["subtotal"] is None
    assert result["line_items"] == []


def test_times_are_iso_8601_utc_with_milliseconds():
    assert iso(START) == "2026-03-01T12:00:00.000Z"
    assert iso(START.replace(microsecond=7000)) == "2026-03-01T12:00:00.007Z"
    assert iso(None) is None


def test_evidence_has_the_keys_of_the_contract(world: World):
    fields = _shown(world, world.completed())["fields"]
    assert fields == {
        "financials.total": {
            "confidence": Decimal("0.9"),
            "source": "text",
            "page": 1,
            "bbox": [Decimal("1.5"), 2, 3, 4],
            "text": "122.00",
        }
    }


def test_metadata_and_reference_come_back_as_they_were_given(world: World):
    raw = msgspec.Raw(b'{"order":7,"price":1.10}')
    job = world.submit(metadata=raw, external_id="PO-7", filename="r\xe9.pdf")
    assert b'"metadata":{"order":7,"price":1.10}' in render(world.job(job.job_id))
    assert _shown(world, job)["external_id"] == "PO-7"


def test_several_invoices_in_one_file_are_all_shown(world: World):
    world.reader = ScriptedReader(extraction(readings=3))
    shown = _shown(world, world.completed())
    assert len(shown["results"]) == 3
    assert shown["results"][0] == shown["result"]


def test_a_signature_is_shown_on_signed_files(world: World):
    signed = msgspec.structs.replace(extraction(), signature=Signature(valid=True, signer="Rossi"))
    world.reader = ScriptedReader(signed)
    assert _shown(world, world.completed())["signature"]["signer"] == "Rossi"


def test_a_list_shows_what_was_judged_without_the_result(world: World):
    world.completed()
    (job,) = world.store.jobs.list("acme", JobFilter(), limit=1).jobs
    shown = json.loads(msgspec.json.encode(summary(job)))
    assert set(shown) == ALWAYS | COMPLETED - {"result", "fields"}
    assert shown["decision"]["outcome"] == "review"
    assert shown["validation_flags"][0]["code"] == "ARITHMETIC_MISMATCH"


def test_nothing_is_claimed_of_what_was_not_looked_up(world: World):
    shown = json.loads(msgspec.json.encode(summary(world.completed())))
    assert not {"validation_flags", "validation", "decision"} & set(shown)
