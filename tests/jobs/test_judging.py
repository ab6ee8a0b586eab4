import datetime as dt
import json

import pytest
from world import ScriptedReader, World, extraction

from app.jobs.judging import RulesJudge, circumstances
from app.model.options import Options, Perspective
from app.validation import Ruleset, load


@pytest.fixture(scope="module")
def ruleset() -> Ruleset:
    return load(())


def _codes(world: World, data: bytes, reader: ScriptedReader, ruleset: Ruleset) -> set[str]:
    job = world.submit(data)
    runner = world.runner(reader)
    runner._judge = RulesJudge(ruleset)
    runner.run(job.job_id)
    return {mark.code for mark in world.job(job.job_id).flags}


def test_an_invoice_that_was_brought_before_is_flagged_and_the_first_one_is_not(
    world: World, ruleset: Ruleset
):
    first = _codes(world, b"scan one", ScriptedReader(extraction(number="FT-7")), ruleset)
    second = _codes(world, b"scan two", ScriptedReader(extraction(number="FT-7")), ruleset)
    other = _codes(world, b"scan three", ScriptedReader(extraction(number="FT-8")), ruleset)
    duplicate = {code for code in second if "DUPLICATE" in code}
    assert duplicate
    assert not duplicate & first
    assert not duplicate & other


def test_another_tenants_invoice_is_no_duplicate(world: World, ruleset: Ruleset):
    _codes(world, b"scan one", ScriptedReader(extraction(number="FT-7")), ruleset)
    world.key, _ = world.store.keys.create("other")
    codes = _codes(world, b"scan one", ScriptedReader(extraction(number="FT-7")), ruleset)
    assert not {code for code in codes if "DUPLICATE" in code}


def test_marks_are_the_codes_and_severities_of_the_flags_as_they_are_shown(world: World, ruleset: Ruleset):
    job = world.submit()
    judged = RulesJudge(ruleset)(extraction(total="-1.50"), job, dt.date(2026, 3, 1))
    flags = json.loads(bytes(judged.verdict.validation_flags))
    assert {(mark.code, mark.severity) for mark in judged.verdict.marks} == {
        (flag["code"], flag["severity"]) for flag in flags
    }
    assert "INVALID_TOTAL" in {flag["code"] for flag in flags}
    assert b"-1.50" in bytes(judged.verdict.validation_flags), "an amount lost its digits"
    assert judged.outcome == json.loads(bytes(judged.verdict.decision))["outcome"]


def test_what_the_caller_said_of_itself_reaches_the_rules(world: World):
    job = world.submit(options=Options(own_company="IT12345678903", perspective=Perspective.BUYER))
    context = circumstances(job, dt.date(2026, 3, 1), None)
    assert (context.own_company, context.perspective, context.sha256) == (
        "IT12345678903",
        Perspective.BUYER,
        job.document,
    )
