from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.registry import Collector
from world import ScriptedReader, World

from app.errors import Unreadable
from app.jobs.figures import families


def test_what_happened_is_what_prometheus_reads(world: World):
    world.completed(b"1")
    world.completed(b"1")
    world.runner(ScriptedReader(Unreadable("x"))).run(world.submit(b"2").job_id)

    class Figures(Collector):
        def collect(self):
            return families(world.store)

    registry = CollectorRegistry()
    registry.register(Figures())
    text = generate_latest(registry).decode()
    for line in (
        'spunta_job_processing_seconds_count{outcome="completed"} 2.0',
        'spunta_job_processing_seconds_count{outcome="PARSE_ERROR"} 1.0',
        'spunta_job_cache_total{result="hit"} 1.0',
        'spunta_job_cache_total{result="miss"} 1.0',
        'spunta_job_stage_seconds_count{stage="reading"} 3.0',
    ):
        assert line in text
