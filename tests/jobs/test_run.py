import datetime as dt
import json
import threading
import time
from pathlib import Path

import pytest
from world import MINUTE, START, VERDICT, ScriptedReader, World, extraction

from app.errors import InternalError, Unreadable, UnsupportedFile
from app.jobs import lifecycle, progress
from app.jobs.bench import Judged
from app.jobs.ending import cancel, purge, rescue
from app.jobs.run import due
from app.jobs.sandbox import Cancelled
from app.jobs.view import encode, show
from app.model.job import JobStatus, JobType
from app.model.options import Options
from app.model.progress import Stage
from app.model.segment import Parsing


def test_a_job_that_is_run_has_its_result(world: World):
    job = world.submit(filename="a.pdf")
    world.runner().run(job.job_id)
    done = world.job(job.job_id)
    assert (done.status, done.attempt_count, done.progress, done.stage) == (
        JobStatus.COMPLETED,
        1,
        100,
        Stage.DONE,
    )
    result = world.store.results.get(done)
    assert result is not None
    assert result[0] == extraction()
    assert (done.page_count, done.language, done.decision) == (2, "it", "review")


def test_running_a_job_again_changes_nothing(world: World):
    job = world.completed()
    world.runner(ScriptedReader(extraction("999"))).run(job.job_id)
    assert world.job(job.job_id) == job


def test_a_document_at_fault_fails_at_once_with_its_code(world: World):
    job = world.submit()
    world.runner(ScriptedReader(Unreadable("The PDF is cut short."))).run(job.job_id)
    failed = world.job(job.job_id)
    assert (failed.status, failed.error_code, failed.error) == (
        JobStatus.FAILED,
        "PARSE_ERROR",
        "The PDF is cut short.",
    )
    assert failed.attempt_count == 1


def test_trouble_that_may_pass_is_tried_three_times_with_growing_pauses(world: World):
    job = world.submit()
    runner = world.runner(ScriptedReader(InternalError("Trouble.")))
    pauses = []
    for _ in range(2):
        runner.run(job.job_id)
        waiting = world.job(job.job_id)
        assert waiting.status is JobStatus.RETRYING
        assert waiting.retry_at is not None
        pauses.append(waiting.retry_at - world.clock())
        runner.run(job.job_id)
        assert world.job(job.job_id) == waiting, "it ran before its time"
        world.clock.forward(pauses[-1])
    runner.run(job.job_id)
    assert pauses[0] < pauses[1]
    assert [delay for _, delay in world.bells.rung] == [
        0,
        *(pause // dt.timedelta(milliseconds=1) for pause in pauses),
    ]
    failed = world.job(job.job_id)
    assert (failed.status, failed.attempt_count, failed.error_code) == (JobStatus.FAILED, 3, "INTERNAL_ERROR")


def test_a_second_attempt_can_succeed_and_leaves_no_error(world: World):
    job = world.submit()
    runner = world.runner(ScriptedReader(InternalError("Trouble."), extraction()))
    runner.run(job.job_id)
    world.clock.forward(MINUTE)
    runner.run(job.job_id)
    done = world.job(job.job_id)
    assert (done.status, done.attempt_count, done.error, done.error_code) == (
        JobStatus.COMPLETED,
        2,
        None,
        None,
    )


def test_what_an_unforeseen_error_says_is_told_to_nobody(world: World, capfd):
    job = world.submit()
    world.runner(ScriptedReader(ValueError("IT60X0542811101000000123456"))).run(job.job_id)
    assert "IT60" not in str(world.job(job.job_id))
    assert "IT60" not in "".join(capfd.readouterr())


def test_two_workers_with_the_same_job_leave_one_result_and_one_attempt(world: World):
    job = world.submit()
    inside, go = threading.Event(), threading.Event()

    def slowly(watch, cancelled):
        inside.set()
        assert go.wait(10)
        return extraction()

    first = threading.Thread(target=world.runner(ScriptedReader(slowly)).run, args=(job.job_id,))
    first.start()
    assert inside.wait(10)
    second = ScriptedReader(extraction("1.00"))
    world.runner(second).run(job.job_id)
    go.set()
    first.join()
    assert second.calls == []
    done = world.job(job.job_id)
    assert (done.status, done.attempt_count) == (JobStatus.COMPLETED, 1)
    assert world.store.results.get(done)[0] == extraction()


def test_a_worker_whose_job_was_cancelled_stops_and_writes_nothing(world: World):
    job = world.submit()

    def until_cancelled(watch, cancelled):
        cancel(world.store, world.bells, world.job(job.job_id), world.clock())
        while not cancelled():
            pass
        return extraction()

    world.runner(ScriptedReader(until_cancelled)).run(job.job_id)
    assert world.job(job.job_id).status is JobStatus.CANCELLED
    assert world.store.results.get(job) is None


def test_an_attempt_that_lost_its_job_cannot_write_a_second_result(world: World):
    job = world.submit()

    def taken_over(watch, cancelled):
        # As the sweep does with an attempt that stands still.
        rescue(world.store, world.bells, world.job(job.job_id), world.clock())
        return extraction("666.00")

    world.runner(ScriptedReader(taken_over)).run(job.job_id)
    assert world.job(job.job_id).status is JobStatus.RETRYING
    world.runner(ScriptedReader(extraction("122.00"))).run(job.job_id)
    done = world.job(job.job_id)
    assert done.status is JobStatus.COMPLETED
    assert world.store.results.get(done)[0] == extraction("122.00")


def test_a_job_whose_worker_died_is_run_by_the_next_one_at_once(world: World):
    job = world.submit()
    assert world.store.jobs.replace(job, lifecycle.start(job, world.clock(), "dead"))
    world.runner().run(job.job_id)
    done = world.job(job.job_id)
    assert (done.status, done.attempt_count) == (JobStatus.COMPLETED, 2)


def test_progress_never_goes_back_and_is_100_only_at_the_end(world: World, monkeypatch):
    monkeypatch.setattr(progress, "WRITE_SECONDS", 0.0)
    job = world.submit()
    seen = []

    def stepwise(watch, cancelled):
        for stage, percent in [
            (Stage.READING, 10),
            (Stage.OCR, 60),
            (Stage.EXTRACTING, 30),
            (Stage.READING, 100),
        ]:
            watch(stage, percent)
            seen.append((world.job(job.job_id).stage, world.job(job.job_id).progress))
        return extraction()

    world.runner(ScriptedReader(stepwise)).run(job.job_id)
    assert seen == [(Stage.READING, 10), (Stage.OCR, 60), (Stage.EXTRACTING, 60), (Stage.READING, 99)]


def test_a_failed_job_says_how_far_it_came(world: World):
    def far(watch, cancelled):
        watch(Stage.OCR, 40)
        raise Unreadable("No.")

    job = world.submit()
    world.runner(ScriptedReader(far)).run(job.job_id)
    failed = world.job(job.job_id)
    assert (failed.stage, failed.progress) == (Stage.OCR, 40)


def test_the_password_reaches_the_reader_and_is_gone_afterwards(world: World):
    job = world.submit(options=Options(password="geheim-4711"))
    reader = ScriptedReader(extraction())
    world.runner(reader).run(job.job_id)
    assert reader.calls[0][1].password == "geheim-4711"
    assert world.store.secrets.get(job.job_id, "password") is None


def test_the_password_is_in_no_file_before_during_and_after(world: World):
    folder = world.store.folder

    def found() -> list[str]:
        return [p.name for p in folder.rglob("*") if p.is_file() and b"geheim-4711" in p.read_bytes()]

    job = world.submit(options=Options(password="geheim-4711"))
    assert found() == []
    during = []
    world.runner(ScriptedReader(lambda *_: during.extend(found()) or extraction())).run(job.job_id)
    assert during == []
    assert found() == []


def test_a_worker_that_is_to_end_hands_its_job_back_at_once_and_for_nothing(world: World):
    job = world.submit()
    for _ in range(4):
        world.runner(ScriptedReader(Cancelled())).run(job.job_id)
        assert world.job(job.job_id).status is JobStatus.RETRYING
    assert {delay for _, delay in world.bells.rung} == {0}
    world.runner().run(job.job_id)
    done = world.job(job.job_id)
    assert (done.status, done.attempt_count, done.error) == (JobStatus.COMPLETED, 5, None)


def test_a_judge_sees_the_invoices_that_came_before(world: World):
    seen = []
    runner = world.runner()
    runner._judge = lambda *given: (
        seen.append([past.job_id for past in given[3]]) or Judged(VERDICT, "review")
    )
    jobs = [world.submit(b"%d" % n) for n in range(3)]
    for job in jobs:
        runner.run(job.job_id)
    first, second, _ = (str(job.job_id) for job in jobs)
    assert seen == [[], [first], [second, first]]


def test_of_two_equal_invoices_judged_at_the_same_moment_one_sees_the_other(world: World):
    barrier, seen = threading.Barrier(2), []

    def judge(extraction, job, today, history):
        if not history:
            barrier.wait(10)
        seen.append((job.job_id, len(history)))
        return Judged(VERDICT, "review")

    jobs = [world.submit(b"one"), world.submit(b"two")]
    runners = [world.runner(), world.runner()]
    threads = []
    for job, runner in zip(jobs, runners, strict=True):
        runner._judge = judge
        threads.append(threading.Thread(target=runner.run, args=(job.job_id,)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    last = dict(seen)
    assert sorted(last.values()) == [0, 1]
    assert len(seen) == 3
    assert {world.job(job.job_id).status for job in jobs} == {JobStatus.COMPLETED}


@pytest.mark.parametrize(
    ("at", "noted", "expected"),
    [
        (None, None, True),
        (0, -10, True),
        (0.5, -10, True),
        (5, -1, False),
        (3605, 3600, True),
        (-3595, -3600, True),
    ],
)
def test_what_was_put_off_is_done_at_its_time_or_when_the_clocks_disagree(at, noted, expected):
    moment = lambda seconds: None if seconds is None else START + dt.timedelta(seconds=seconds)  # noqa: E731
    assert due(moment(at), moment(noted), START) is expected


def test_a_quick_job_writes_no_progress_and_a_slow_one_does_even_when_its_reader_is_silent(world: World):
    job = world.submit()
    seen = []

    def silent(watch, cancelled):
        watch(Stage.OCR, 40)
        seen.append(world.job(job.job_id).stage)
        time.sleep(progress.WRITE_SECONDS)
        assert not cancelled()
        seen.append(world.job(job.job_id).stage)
        return extraction()

    world.runner(ScriptedReader(silent)).run(job.job_id)
    assert seen == [Stage.READING, Stage.OCR]


def test_what_happened_is_counted_with_its_seconds(world: World):
    world.completed(b"1")
    world.completed(b"1")
    failed = world.submit(b"2")
    world.runner(ScriptedReader(Unreadable("x"))).run(failed.job_id)
    figures = {(figure.name, figure.label): figure for figure in world.store.figures.all()}
    counts = {key: figure.count for key, figure in figures.items() if key[0] != "job_stage"}
    assert counts == {
        ("job_ended", "completed"): 2,
        ("job_ended", "PARSE_ERROR"): 1,
        ("job_cache", "hit"): 1,
        ("job_cache", "miss"): 1,
    }
    assert figures["job_stage", "reading"].count == 3
    waiting = world.submit(b"3")
    world.runner(ScriptedReader(InternalError("x"))).run(waiting.job_id)
    cancel(world.store, world.bells, world.job(waiting.job_id), world.clock())
    assert ("job_ended", "cancelled") in {(figure.name, figure.label) for figure in world.store.figures.all()}
    assert figures["job_stage", "validating"].total >= 0


def test_a_parse_job_brings_the_document_itself(world: World):
    job = world.submit(
        b"0123456789",
        type=JobType.PARSE,
        filename="a.pdf",
        parsing=Parsing(chunk_size=4),
        options=Options(password="x"),
    )
    world.runner().run(job.job_id)
    done = world.job(job.job_id)
    assert (done.status, done.page_count, done.progress) == (JobStatus.COMPLETED, 1, 100)
    assert world.store.results.get(done) is None
    assert world.reader.calls[0][1].password == "x"
    shown = json.loads(encode(show(world.store, done)))["result"]
    assert (shown["markdown"], shown["filename"]) == ("0123", "a.pdf")
    assert shown["document_id"] == str(job.job_id)


def test_what_a_parse_job_gave_is_erased_with_it(world: World):
    job = world.submit(b"0123456789", type=JobType.PARSE)
    world.runner().run(job.job_id)
    place = ("acme", job.job_id)
    assert world.store.renditions.path(*place, "0.png").read_bytes() == b"a picture"
    purge(world.store, world.job(job.job_id))
    assert world.store.renditions.path(*place, "0.png") is None
    assert list(world.store.renditions.kept()) == []


def test_a_large_parsed_document_is_left_out_of_an_answer_in_memory(world: World):
    job = world.submit(b"0123456789", type=JobType.PARSE)
    world.runner().run(job.job_id)
    shown = json.loads(encode(show(world.store, world.job(job.job_id), 10)))
    assert "result" not in shown
    assert shown["result_url"] == f"/v1/jobs/{job.job_id}/result"


def test_a_reader_that_gives_something_else_than_files_is_not_believed(world: World):
    class Linking(ScriptedReader):
        def parse(self, path, options, parsing, target, *ears):
            parsed = super().parse(path, options, parsing, target, *ears)
            (Path(target.folder) / "7.png").symlink_to("/etc/hostname")
            return parsed

    job = world.submit(type=JobType.PARSE)
    world.runner(Linking()).run(job.job_id)
    assert world.job(job.job_id).error_code == "PARSE_ERROR"
    assert list(world.store.renditions.kept()) == []


def test_a_parse_job_that_fails_says_why(world: World):
    class Failing(ScriptedReader):
        def parse(self, *_):
            raise UnsupportedFile("This file has no pages.")

    job = world.submit(type=JobType.PARSE)
    world.runner(Failing()).run(job.job_id)
    shown = show(world.store, world.job(job.job_id))
    assert (shown.status, shown.error_code, shown.error) == (
        "failed",
        "UNSUPPORTED_FILE",
        "This file has no pages.",
    )
