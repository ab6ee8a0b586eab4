"""Jobs without a service: the same reader in the same sandbox, the same rules, the same JSON."""

import datetime as dt
import hashlib
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import msgspec

from app.errors import JobFailure
from app.jobs import lifecycle
from app.jobs.consultant import Consultant
from app.jobs.examining import ExaminingReader, reader_process
from app.jobs.judging import RulesJudge
from app.jobs.run import with_provider
from app.jobs.sandbox import Counsel, ReaderProcess
from app.jobs.view import JobView, view
from app.model.job import Job, Order
from app.model.limits import limits_of
from app.settings import Settings
from app.validation.configured import configured


class LocalJobs:
    """Reads files as jobs of nobody, several at a time."""

    def __init__(self, settings: Settings, order: Order, password: str | None, workers: int) -> None:
        self._order = order
        self._options = msgspec.structs.replace(order.options, password=password)
        self._limits = limits_of(settings)
        self._ruleset = configured(settings)
        self._judge = RulesJudge(self._ruleset)
        self._consultant = Consultant(settings, _now)
        self._workers = workers
        self._own = threading.local()
        self._readers: list[ReaderProcess | ExaminingReader] = []

    def run(self, files: Sequence[Path]) -> Iterator[JobView]:
        """Each file's job, in the order given, as soon as it and those before it are done."""
        try:
            with ThreadPoolExecutor(self._workers) as pool:
                yield from pool.map(self._job, files)
        finally:
            for reader in self._readers:
                reader.close()

    def _job(self, file: Path) -> JobView:
        begun = time.monotonic()
        job = lifecycle.start(self._pending(file), _now(), "command line")
        try:
            extraction = with_provider(
                self._reader().read(file, self._options, counsel=self._counsel()), self._order.assistance
            )
        except JobFailure as failure:
            return view(lifecycle.give_up(job, _now(), failure, _ms(begun)))
        judged = self._judge(extraction, job, _now().date())
        done = lifecycle.complete(
            job,
            _now(),
            extraction=extraction,
            verdict=judged.verdict,
            decision=judged.outcome,
            ms=_ms(begun),
            cached=False,
        )
        return view(done, (extraction, judged.verdict))

    def _counsel(self) -> Counsel | None:
        """The door to a model, where one is to help: with the operator's key, remembering nothing."""
        assistance = self._order.assistance
        return None if assistance is None else self._consultant.counsel(assistance)

    def _pending(self, file: Path) -> Job:
        with file.open("rb") as content:
            document = hashlib.file_digest(content, "sha256").hexdigest()
        return Job(
            job_id=uuid4(),
            tenant="local",
            order=msgspec.structs.replace(self._order, filename=file.name),
            document=document,
            size=file.stat().st_size,
            queued_at=_now(),
        )

    def _reader(self) -> ReaderProcess | ExaminingReader:
        reader: ReaderProcess | ExaminingReader | None = getattr(self._own, "reader", None)
        if reader is None:
            reader = self._own.reader = reader_process(self._limits, self._ruleset)
            self._readers.append(reader)
        return reader


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _ms(begun: float) -> int:
    return int((time.monotonic() - begun) * 1000)
