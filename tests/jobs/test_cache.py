import pytest
from msgspec.structs import replace
from world import ScriptedReader, World, extraction

from app.jobs.bench import Judged
from app.jobs.cache import fingerprint, versions
from app.model.job import Assistance, JobType
from app.model.options import DateOrder, Mode, Options, Perspective
from app.model.verdict import Verdict


def test_the_same_bytes_and_options_are_read_once(world: World):
    first = world.completed(b"same")
    second = world.completed(
        b"same", filename="other.pdf", external_id="other", callback_url="https://x.example"
    )
    assert (first.cache_hit, second.cache_hit) == (False, True)
    assert len(world.reader.calls) == 1
    assert world.store.results.get(second)[0] == world.store.results.get(first)[0] == extraction()


def test_a_job_from_the_cache_is_judged_by_todays_rules(world: World):
    world.completed(b"same")
    runner = world.runner()
    verdict = Verdict()
    runner._judge = lambda *_: Judged(verdict, "accept")
    job = world.submit(b"same")
    runner.run(job.job_id)
    done = world.job(job.job_id)
    assert (done.cache_hit, done.decision, done.flags) == (True, "accept", ())
    assert world.store.results.get(done)[1] == verdict


def test_another_tenant_is_read_for_itself(world: World):
    world.completed(b"same")
    other, _ = world.store.keys.create("other")
    job = world.submit(b"same", key=other)
    world.runner().run(job.job_id)
    assert not world.job(job.job_id).cache_hit
    assert len(world.reader.calls) == 2


def test_another_version_reads_afresh(world: World):
    world.completed(b"same")
    runner = world.runner()
    runner._versions = ("another",)
    job = world.submit(b"same")
    runner.run(job.job_id)
    assert not world.job(job.job_id).cache_hit


def test_what_took_a_password_is_neither_kept_nor_served(world: World):
    opened = world.completed(b"same", options=Options(password="x"))
    without = world.completed(b"same")
    again = world.completed(b"same", options=Options(password="wrong"))
    assert [opened.cache_hit, without.cache_hit, again.cache_hit] == [False, False, False]


def test_a_failure_is_not_remembered(world: World):
    job = world.submit(b"same")
    world.runner(ScriptedReader(ValueError())).run(job.job_id)
    assert not world.completed(b"same").cache_hit


_OPTIONS = {
    "locale": "de",
    "mode": Mode.BASIC,
    "own_company": "Rossi",
    "perspective": Perspective.BUYER,
    "date_order": DateOrder.MDY,
    "pages": (1,),
}


@pytest.mark.parametrize("name", _OPTIONS)
def test_every_option_is_part_of_the_fingerprint(world: World, name: str):
    plain, changed = world.submit(), world.submit(options=Options(**{name: _OPTIONS[name]}))
    assert fingerprint(plain, versions()) != fingerprint(changed, versions())


def test_no_option_is_forgotten_here():
    assert {*_OPTIONS, "password"} == set(Options.__struct_fields__)


def test_the_model_that_helps_is_part_of_the_fingerprint_and_the_password_is_not(world: World):
    plain, helped = world.submit(), world.submit(assistance=Assistance(provider="anthropic"))
    assert fingerprint(plain, versions()) != fingerprint(helped, versions())
    order = replace(plain.order, options=Options(password="x"))
    assert fingerprint(plain, versions()) == fingerprint(replace(plain, order=order), versions())


def test_only_extractions_are_kept(world: World):
    assert fingerprint(world.submit(type=JobType.PARSE), versions()) is None
