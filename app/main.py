"""The composition root of the API: settings become stores, rules and an application. Nobody imports this."""

import asyncio
import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from litestar import Litestar
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.types import ControllerRouterHandler

from app.api.access import Access
from app.api.batches import Batches
from app.api.encoding import JsonResponse
from app.api.extract import Extract
from app.api.groups import Groups
from app.api.health import Health
from app.api.jobs import Jobs
from app.api.metrics import metrics
from app.api.page import openapi
from app.api.parsed import ParsedParts
from app.api.policy import PolicyOfKey
from app.api.posted import Posted
from app.api.problems import answer_crash, answer_framework, answer_refusal, answer_trouble
from app.api.rates import Rates
from app.api.rules import Rules
from app.api.service import Service, provide
from app.api.shapes import StructShapes
from app.api.streams import Streams
from app.api.traffic import Traffic
from app.api.usage import UsageOfKey
from app.api.validate import Validate
from app.errors import RequestRefused
from app.jobs.actors import Actors
from app.jobs.assistants import assistants
from app.jobs.bench import open_bench
from app.jobs.broker import open_broker
from app.jobs.examining import reader_process
from app.jobs.shared_reader import SharedReader
from app.jobs.submit import Desk
from app.model.invoice import Invoice
from app.model.limits import limits_of
from app.settings import Settings, load
from app.storage.sqlite.store import open_store
from app.validation.catalogue import catalogue
from app.validation.configured import announced
from app.validation.policies import Policies

RATES: Final = "rates.db"
THREADS: Final = 32
"""Which mostly wait for the disk: for fewer, a poll would wait behind uploads."""
HANDLERS: Final[list[ControllerRouterHandler]] = [
    Extract,
    Jobs,
    ParsedParts,
    Batches,
    Validate,
    Rules,
    UsageOfKey,
    PolicyOfKey,
    Health,
    metrics,
]


def create_app(settings: Settings | None = None) -> Access:
    """The whole HTTP service over one data folder, ready for an ASGI server."""
    service = open_service(settings or load())
    return Access(build(service), service.traffic, service.streams)


def open_service(settings: Settings) -> Service:
    """The collaborators of the handlers.

    Raises:
        Misconfigured: when the data folder or the rules cannot be used.
    """
    store = open_store(settings.data)
    ruleset = announced(settings)
    doorbell = Actors(open_broker(settings))
    desk = Desk(store, doorbell, settings.workers or os.cpu_count() or 1)
    return Service(
        settings=settings,
        store=store,
        ruleset=ruleset,
        policies=Policies(ruleset),
        rules=catalogue(ruleset),
        rates=Rates(settings, settings.data / RATES),
        reader=SharedReader(reader_process(limits_of(settings), ruleset)),
        bench=open_bench(settings, ruleset),
        desk=desk,
        queue=Groups("queue", desk.submit_all),
        doorbell=doorbell,
        traffic=Traffic(together=settings.api_processes > 1),
        streams=Streams(),
        helpers=assistants(settings),
    )


def build(service: Service) -> Litestar:
    """The framework's application."""
    shapes = StructShapes(Posted, Invoice)
    return Litestar(
        HANDLERS,
        dependencies=provide(service),
        state=State({"service": service}),
        response_class=JsonResponse,
        openapi_config=openapi(shapes),
        plugins=[shapes],
        exception_handlers={
            RequestRefused: answer_refusal,
            HTTPException: answer_framework,
            sqlite3.OperationalError: answer_trouble,
            OSError: answer_trouble,
            Exception: answer_crash,
        },
        logging_config=None,
        request_max_body_size=None,
        on_startup=[_wait_in_threads],
        on_shutdown=[service.close],
        debug=False,
    )


async def _wait_in_threads() -> None:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS, "waiting"))
