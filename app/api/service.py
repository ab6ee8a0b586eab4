"""What the handlers need of the rest of the program, put together by `app.main`."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import msgspec
from litestar.di import NamedDependency, Provide
from litestar.params import SkipValidation

from app.api.groups import Groups
from app.api.intake import Intake
from app.api.rates import Rates
from app.api.streams import Streams
from app.api.traffic import Traffic
from app.jobs.assistants import Assistants
from app.jobs.bench import Bench
from app.jobs.doorbell import Doorbell
from app.jobs.shared_reader import SharedReader
from app.jobs.submit import Accepted, Desk, Outcome, Request
from app.settings import Settings
from app.storage.protocols import Store
from app.validation.catalogue import CatalogueEntry
from app.validation.policies import Policies
from app.validation.ruleset import Ruleset


def utc_now() -> dt.datetime:
    """The clock of the service."""
    return dt.datetime.now(dt.UTC)


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """The collaborators of every handler; one instance for the life of the process."""

    settings: Settings
    store: Store
    ruleset: Ruleset
    policies: Policies
    rules: tuple[CatalogueEntry, ...]
    rates: Rates
    reader: SharedReader
    """Reads an e-invoice that is to be judged at once; started by the first."""
    bench: Bench
    """Where invoices are judged at once."""
    desk: Desk
    queue: Groups[Request, Outcome[Accepted]]
    """Before the desk: those who bring one document at the same time are served together."""
    doorbell: Doorbell
    traffic: Traffic
    streams: Streams
    helpers: Assistants = Assistants()
    """The models that may be asked."""
    now: Callable[[], dt.datetime] = utc_now

    def close(self) -> None:
        """Let go of what was opened."""
        self.queue.close()
        self.reader.close()
        self.bench.close()
        self.rates.close()
        self.store.close()


def intake_of(service: Service, max_files: int) -> Intake:
    """How much one request may bring, and where it goes."""
    return Intake(
        uploads=service.store.uploads,
        max_bytes=service.settings.max_bytes,
        max_files=max_files,
        idle_seconds=service.settings.upload_idle_seconds,
    )


TheService = NamedDependency[SkipValidation[Service]]


def provide(service: Service) -> dict[str, Provide]:
    """The service as a dependency of every handler that names it."""

    def given() -> Any:  # noqa: ANN401  # the framework would validate a typed one on every request
        return service

    return {"service": Provide(given, sync_to_thread=False, use_cache=True)}
