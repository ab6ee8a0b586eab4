import dramatiq
import pytest
from dramatiq.brokers.stub import StubBroker
from world import World, judge

from app.jobs.actors import Actors
from app.jobs.broker import SqliteBroker
from app.jobs.submit import Desk, Request
from app.jobs.workshop import Workshop
from app.model.job import JobStatus


def _workshop(world: World, actors: Actors) -> Workshop:
    return Workshop(
        store=world.store,
        doorbell=actors,
        judge=judge,
        reader=lambda: world.reader,
        poster=lambda *_: None,
        clock=world.clock,
    )


def test_messages_carry_ids_and_nothing_else(world: World):
    broker = StubBroker()
    actors = Actors(broker)
    desk = Desk(world.store, actors, workers=1)
    request = Request(key=world.key, submissions=[world.submission(filename="rossi.pdf")], now=world.clock())
    job_id = desk.submit(request).answer.job_id
    (message,) = (dramatiq.Message.decode(raw) for raw in broker.queues["jobs"].queue)
    assert (message.actor_name, message.args, message.kwargs) == ("run_job", (str(job_id),), {})
    assert b"rossi" not in message.encode()


def test_a_queue_that_refuses_does_not_refuse_the_job(world: World):
    class Broken(StubBroker):
        def enqueue(self, message, *, delay=None):
            raise ConnectionError

    desk = Desk(world.store, Actors(Broken()), workers=1)
    request = Request(key=world.key, submissions=[world.submission()], now=world.clock())
    job = world.job(desk.submit(request).answer.job_id)
    assert job.status is JobStatus.PENDING


def test_a_process_that_only_rings_does_not_work(world: World):
    broker = StubBroker()
    actors = Actors(broker)
    with pytest.raises(RuntimeError):
        broker.get_actor("run_job")("00000000-0000-0000-0000-000000000000")
    actors.employ(_workshop(world, actors))
    broker.get_actor("run_job")("00000000-0000-0000-0000-000000000000")


def test_what_is_submitted_is_run_by_a_worker_of_the_embedded_broker(world: World, tmp_path):
    broker = SqliteBroker(tmp_path / "queue.db", middleware=[dramatiq.middleware.Retries()])
    actors = Actors(broker)
    workshop = _workshop(world, actors)
    actors.employ(workshop)
    desk = Desk(world.store, actors, workers=2)
    worker = dramatiq.Worker(broker, worker_timeout=50, worker_threads=2)
    worker.start()
    ids = [
        desk.submit(
            Request(key=world.key, submissions=[world.submission(b"%d" % n)], now=world.clock())
        ).answer.job_id
        for n in range(20)
    ]
    broker.join("jobs", timeout=20_000)
    worker.stop()
    workshop.close()
    broker.close()
    assert {world.job(job_id).status for job_id in ids} == {JobStatus.COMPLETED}
    assert {world.job(job_id).attempt_count for job_id in ids} == {1}
