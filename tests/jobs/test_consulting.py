"""Jobs that a model helps with, against a stand-in for its provider that we did not write."""

import logging
import threading
import time
from decimal import Decimal
from uuid import UUID

import msgspec
import pytest

from app.jobs.consultant import Consultant
from app.jobs.ending import cancel
from app.jobs.judging import RulesJudge
from app.jobs.run import Runner
from app.jobs.sandbox import ReaderProcess
from app.jobs.submit import Request
from app.jobs.view import render
from app.model.job import Assistance, HelpScope
from app.model.limits import Limits
from app.model.options import Mode, Options
from app.settings import Settings
from app.validation import load
from tests.aimock import KEY, error, says, text
from tests.papers import UNNAMED, paper

NUMBER = ("invoice.number", "PR-4471-26", [28])
"""What stands on the paper, and where."""


@pytest.fixture(scope="module")
def reader():
    with ReaderProcess(Limits()) as process:
        yield process


@pytest.fixture
def office(world, reader, provider):
    return Office(world, reader, provider)


class Office:
    """A service whose jobs may ask the stand-in."""

    def __init__(self, world, reader, provider):
        self.world, self.reader, self.provider = world, reader, provider
        self.ruleset = load()

    def submit(self, data=None, scope=HelpScope.NEEDED, name="anthropic", model=None, key=KEY):
        submission = self.world.submission(
            data or paper(),
            options=Options(mode=Mode.BYOK_ASSISTED),
            assistance=Assistance(provider=name, model=model, scope=scope),
        )
        submission = msgspec.structs.replace(submission, model_key=key)
        request = Request(key=self.world.key, submissions=[submission], now=self.world.clock())
        return self.world.desk.submit(request).answer.job_id

    def run(self, job_id: UUID, **settings):
        given = {
            "anthropic_base_url": self.provider.url,
            "openai_base_url": self.provider.url + "/v1",
            "openai_model": "local-model",
            "model_timeout": 5.0,
            **settings,
        }
        Runner(
            store=self.world.store,
            doorbell=self.world.bells,
            reader=self.reader,
            judge=RulesJudge(self.ruleset),
            worker="worker",
            clock=self.world.clock,
            consultant=Consultant(Settings(**given), self.world.clock),
        ).run(job_id)
        job = self.world.job(job_id)
        return msgspec.json.decode(render(job, self.world.store.results.get(job)))

    def read(self, data=None, settings=None, **order):
        return self.run(self.submit(data, **order), **(settings or {}))


def codes(job):
    return {flag["code"] for flag in job["validation_flags"]}


def trouble(job):
    return [flag["actual"] for flag in job["validation_flags"] if flag["code"] == "MODEL_UNAVAILABLE"]


def unhelped(job):
    """What was read without the model stands, and nothing else."""
    assert job["status"] == "completed"
    assert job["result"]["invoice"]["number"] is None
    assert job["result"]["financials"]["total"] == 122.00
    assert job["model"].startswith("deterministic@")
    return trouble(job)


def test_a_missing_number_is_asked_for_and_found(office):
    office.provider.will(says(NUMBER))
    job = office.read()
    assert job["result"]["invoice"]["number"] == "PR-4471-26"
    proof = job["fields"]["invoice.number"]
    assert (proof["source"], proof["page"], proof["text"]) == ("model", 1, "PR-4471-26")
    assert proof["bbox"][0] < proof["bbox"][2]
    assert job["model"] == "claude-haiku-5-5"
    assert trouble(job) == []


def test_what_it_cost_is_on_the_job_and_in_the_month_of_the_key(office):
    office.provider.will(says(NUMBER, usage=(1000, 100)))
    job = office.read()
    assert job["usage"] == {
        "model_calls": 1,
        "input_tokens": 1000,
        "output_tokens": 100,
        "cache_read_tokens": 0,
        "cache_write_tokens": 0,
        "cost": 0.00015,
        "currency": "USD",
    }
    key_id = office.world.key.key_id
    month = office.world.store.model_usages.get(key_id, "2026-03").spent
    assert (month.model_calls, month.input_tokens, str(month.cost)) == (1, 1000, "0.00015")


def test_what_is_sent_are_the_words_and_the_doubtful_fields(office):
    office.provider.will(says(NUMBER))
    office.read()
    (request,) = office.provider.asked()
    sent = request["body"]["messages"][-1]["content"]
    assert "[27]Pratica: PR-4471-26" in sent
    assert "invoice.number: " in sent
    assert "financials.total: " not in sent


def test_nothing_is_asked_when_all_is_sure(office):
    office.provider.will(says(NUMBER))
    sure = office.read(paper_with_number())
    assert sure["usage"]["model_calls"] == 0
    assert office.provider.asked() == []
    assert sure["result"]["invoice"]["number"] == "PR-4471-26"


def paper_with_number():
    return paper(
        UNNAMED.replace("Pratica:", "Fattura n."),
        "intestato a Officina Larga S.r.l., www.officinalarga.example",
    )


def test_a_second_reading_asks_for_everything(office):
    office.provider.will(says(NUMBER))
    office.read(paper_with_number(), scope=HelpScope.ALL)
    header, tables = office.provider.asked()
    assert "financials.total: " in header["body"]["messages"][-1]["content"]
    assert "line_items[n].amount: " in tables["body"]["messages"][-1]["content"]


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (401, "authentication_error", "PROVIDER_AUTH"),
        (403, "permission_error", "PROVIDER_AUTH"),
        (402, "billing_error", "PROVIDER_CREDIT"),
        (404, "not_found_error", "MODEL_UNKNOWN"),
        (413, "request_too_large", "MODEL_INPUT_TOO_LONG"),
        (400, "invalid_request_error", "PROVIDER_ERROR"),
    ],
)
@pytest.mark.parametrize("name", ["anthropic", "openai_compatible"])
def test_what_does_not_pass_is_told_at_once(office, name, status, kind, code):
    office.provider.will(error(status, kind))
    assert unhelped(office.read(name=name)) == [code]


@pytest.mark.parametrize("name", ["anthropic", "openai_compatible"])
def test_too_many_requests_are_waited_out_as_long_as_asked(office, name):
    office.provider.will(error(429, "rate_limit_error", retryAfter=1), says(NUMBER))
    begun = time.monotonic()
    job = office.read(name=name)
    assert time.monotonic() - begun >= 1.0
    assert job["result"]["invoice"]["number"] == "PR-4471-26"
    assert trouble(job) == []


@pytest.mark.parametrize("name", ["anthropic", "openai_compatible"])
def test_an_overloaded_provider_is_asked_again(office, name, monkeypatch):
    monkeypatch.setattr("app.jobs.consultant.BACK_OFF", (0.05,))
    office.provider.will(error(529, "overloaded_error"), says(NUMBER))
    assert office.read(name=name)["result"]["invoice"]["number"] == "PR-4471-26"


def test_one_that_stays_overloaded_is_left_alone(office, monkeypatch):
    monkeypatch.setattr("app.jobs.consultant.BACK_OFF", (0.05,))
    office.provider.will(error(529, "overloaded_error"))
    assert unhelped(office.read(settings={"model_calls": 3})) == ["MODEL_BUDGET_SPENT"]
    assert len(office.provider.asked()) == 3


def test_a_wait_longer_than_the_job_may_take_is_not_begun(office):
    office.provider.will(error(429, "rate_limit_error", retryAfter=3600))
    begun = time.monotonic()
    assert unhelped(office.read()) == ["PROVIDER_RATE_LIMITED"]
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("name", ["anthropic", "openai_compatible"])
def test_a_stall_ends_with_the_time_of_a_request(office, name):
    office.provider.will({**says(NUMBER), "chaos": {"latencyMs": 1_800}})
    begun = time.monotonic()
    assert unhelped(office.read(name=name, settings={"model_timeout": 0.4, "model_seconds": 1.2})) == [
        "PROVIDER_TIMEOUT"
    ]
    assert time.monotonic() - begun < 6


def test_nobody_there_is_told(office):
    settings = {"anthropic_base_url": "http://127.0.0.1:9", "model_seconds": 0.5}
    assert unhelped(office.read(settings=settings)) == ["PROVIDER_UNREACHABLE"]


@pytest.mark.parametrize("name", ["anthropic", "openai_compatible"])
def test_a_reply_cut_off_is_asked_again_with_more_room(office, name):
    cut = text('{"answers": [{"path": "invoice.number", "value": "PR-44', finishReason="length")
    office.provider.will(cut, says(NUMBER))
    job = office.read(name=name)
    assert job["result"]["invoice"]["number"] == "PR-4471-26"
    first, second = (request["body"]["max_tokens"] for request in office.provider.asked())
    assert second > first


def test_a_reply_that_stays_cut_off_gives_what_is_whole(office):
    whole = '{"path": "invoice.number", "value": "PR-4471-26", "word_ids": [28]}'
    office.provider.will(text(f'{{"answers": [{whole}, {{"path": "vendor.na', finishReason="length"))
    job = office.read()
    assert job["result"]["invoice"]["number"] == "PR-4471-26"
    assert trouble(job) == ["MODEL_REPLY_TRUNCATED"]


@pytest.mark.parametrize(
    "content",
    [
        "I am sorry, I cannot help with that.",
        " ",
        "[]]",
        '{"answers": "none"}',
        '{"answers": [{"path": 7, "value": {}, "word_ids": "all"}]}',
        '{"answers": [["invoice.number", "PR-4471-26", 28]]}',
        "[" * 5000,
    ],
)
def test_what_is_no_answer_is_told_after_a_second_try(office, content):
    office.provider.will(text(content))
    assert unhelped(office.read()) == ["MODEL_REPLY_MALFORMED"]
    assert len(office.provider.asked()) == 2


def test_near_types_are_understood(office):
    odd = (
        '```json\n{"answers": [{"path": "invoice.number", "value": "PR-4471-26", "word_ids": ["[28]"]}]}\n```'
    )
    office.provider.will(text(odd))
    assert office.read()["result"]["invoice"]["number"] == "PR-4471-26"


@pytest.mark.parametrize(
    ("name", "reason"), [("anthropic", "refusal"), ("openai_compatible", "content_filter")]
)
def test_a_refusal_is_told(office, name, reason):
    office.provider.will(text("No.", finishReason=reason))
    assert unhelped(office.read(name=name)) == ["MODEL_REFUSED"]


@pytest.mark.parametrize("name", ["anthropic", "openai_compatible"])
@pytest.mark.parametrize(
    ("value", "ids"),
    [
        ("PR-9999-99", [28]),
        ("PR-4471-26", [30]),
        ("PR-4471-26", [5000]),
        ("PR-4471-26", []),
        ("PR-4471-26", [-1]),
        ("4471", [28]),
    ],
    ids=["invented", "wrong word", "no such word", "no word", "below all words", "a part of one"],
)
def test_what_its_words_do_not_say_is_left_out_and_named(office, name, value, ids):
    office.provider.will(says(("invoice.number", value, ids)))
    job = office.read(name=name)
    assert unhelped(job) == []
    assert [f["path"] for f in job["validation_flags"] if f["code"] == "UNGROUNDED_VALUE"] == [
        "invoice.number"
    ]
    assert job["decision"]["outcome"] == "review"


def test_another_number_of_the_page_that_its_label_calls_otherwise_is_refused(office):
    office.provider.will(says(("invoice.number", "OR-900-1", [30])))
    job = office.read()
    assert unhelped(job) == []
    assert job["consultation"]["refused"] == ["invoice.number"]


def test_what_was_not_asked_is_not_heard(office):
    office.provider.will(says(NUMBER, ("financials.total", "100.00", [46])))
    job = office.read()
    assert job["result"]["financials"]["total"] == 122.00
    assert job["result"]["invoice"]["number"] == "PR-4471-26"


def test_the_same_question_is_not_paid_for_twice(office):
    office.provider.will(says(NUMBER))
    first = office.read()
    office.world.store.cache.erase(office.world.key.tenant, office.world.job(UUID(first["job_id"])).document)
    again = office.read(key="sk-test-another")
    assert len(office.provider.asked()) == 1
    assert again["usage"]["model_calls"] == 0
    assert again["result"] == first["result"]


def test_a_result_without_the_model_is_not_kept_for_the_next(office):
    office.provider.will(error(401, "authentication_error"), says(NUMBER))
    unhelped(office.read(key="sk-test-wrong"))
    assert office.read()["result"]["invoice"]["number"] == "PR-4471-26"


def test_a_month_that_is_spent_asks_no_more(office):
    office.provider.will(says(NUMBER, usage=(2_000_000, 0)))
    dear = {"model_monthly_cost": Decimal("0.5")}
    office.read(settings=dear)
    assert unhelped(office.read(paper(more="Nota: due copie."), settings=dear)) == ["MODEL_BUDGET_SPENT"]


def test_an_account_without_credit_is_told(office):
    told = {
        "error": {"message": "Your credit balance is too low", "type": "invalid_request_error"},
        "status": 400,
    }
    office.provider.will({"response": told})
    assert unhelped(office.read()) == ["PROVIDER_CREDIT"]


def test_a_job_asks_for_no_more_tokens_than_it_may(office):
    office.provider.will(says(NUMBER))
    assert unhelped(office.read(settings={"model_tokens": 200})) == ["MODEL_BUDGET_SPENT"]
    assert office.provider.asked() == []


def test_a_local_model_needs_no_key(office):
    office.provider.will(says(NUMBER))
    job = office.read(name="openai_compatible", key=None)
    assert job["result"]["invoice"]["number"] == "PR-4471-26"
    assert job["usage"]["cost"] is None


def test_the_operators_key_serves_those_without(office):
    office.provider.will(says(NUMBER))
    job = office.read(key=None, settings={"anthropic_key": "sk-test-operator"})
    assert job["result"]["invoice"]["number"] == "PR-4471-26"


def test_without_any_key_nothing_is_sent(office):
    office.provider.will(says(NUMBER))
    assert unhelped(office.read(key=None)) == ["PROVIDER_AUTH"]
    assert office.provider.asked() == []


def test_a_job_cancelled_while_the_model_thinks_ends_at_once(office):
    office.provider.will({**says(NUMBER), "chaos": {"latencyMs": 4_000}})
    job_id = office.submit()

    def stop():
        until = time.monotonic() + 10
        while time.monotonic() < until and office.world.job(job_id).status != "processing":
            time.sleep(0.05)
        time.sleep(0.7)
        cancel(office.world.store, office.world.bells, office.world.job(job_id), office.world.clock())

    stopper = threading.Thread(target=stop)
    begun = time.monotonic()
    stopper.start()
    assert office.run(job_id, model_timeout=30.0)["status"] == "cancelled"
    assert time.monotonic() - begun < 3.5
    stopper.join()
    assert office.world.store.secrets.get(job_id, "model_key") is None


def test_the_key_is_in_no_log(office, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    office.provider.will(error(500, "api_error"))
    office.read(settings={"model_seconds": 0.5})
    office.provider.will(says(NUMBER))
    office.read()
    out, err = capfd.readouterr()
    assert KEY not in caplog.text + out + err
