"""A whole service without HTTP: a real store in a real folder, and a doorbell that is written down."""

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import msgspec

from app.jobs.bench import Judged
from app.jobs.run import Runner
from app.jobs.submit import Accepted, Desk, Request, Submission
from app.model.document import FileType
from app.model.evidence import Evidence, Source
from app.model.extraction import Extraction, Reading
from app.model.invoice import Financials, Invoice, InvoiceHeader, Party
from app.model.job import Job, Order
from app.model.options import Options
from app.model.progress import Stage, Watch
from app.model.segment import Parsed
from app.model.verdict import Verdict
from app.storage.records import Key
from app.storage.sqlite.store import SqliteStore

START = dt.datetime(2026, 3, 1, 12, 0, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
FLAGS = (
    b'[{"code":"ARITHMETIC_MISMATCH","severity":"error","message":"no","expected":122.00,"actual":122.10}]'
)
VERDICT = Verdict(
    validation_flags=msgspec.Raw(FLAGS), decision=msgspec.Raw(b'{"outcome":"review","reasons":["no"]}')
)


def extraction(total: str = "122.00", number: str = "FT-1", readings: int = 1) -> Extraction:
    invoice = Invoice(
        vendor=Party(name="Rossi S.r.l.", vat_number="IT12345678903"),
        invoice=InvoiceHeader(number=number, date=dt.date(2026, 2, 3)),
        financials=Financials(total=Decimal(total)),
    )
    fields = {
        "financials.total": Evidence(
            confidence=0.9, source=Source.TEXT, page=1, bbox=(1.5, 2, 3, 4), text=total
        )
    }
    return Extraction(
        readings=(Reading(invoice=invoice, fields=fields),) * readings,
        file_type=FileType.PDF,
        page_count=2,
        language="it",
        confidence=0.93,
        model="deterministic@0.1.0",
    )


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> dt.datetime:
        return self.now

    def forward(self, delta: dt.timedelta) -> None:
        self.now += delta


class Bells:
    def __init__(self) -> None:
        self.rung: list[tuple[UUID, int]] = []
        self.messages: list[tuple[str, int]] = []

    def job(self, job_id: UUID, delay_ms: int = 0) -> None:
        self.rung.append((job_id, delay_ms))

    def jobs(self, job_ids: Sequence[UUID]) -> None:
        self.rung += [(job_id, 0) for job_id in job_ids]

    def message(self, message_id: str, delay_ms: int = 0) -> None:
        self.messages.append((message_id, delay_ms))


class ScriptedReader:
    """Reads nothing: gives what the test laid out, in that order, the last one for ever."""

    def __init__(
        self, *script: Extraction | Exception | Callable[[Watch, Callable[[], bool]], Extraction]
    ) -> None:
        self.script = list(script) or [extraction()]
        self.calls: list[tuple[bytes, Options]] = []

    def read(self, path: Path, options: Options, watch: Watch, cancelled: Callable[[], bool]) -> Extraction:
        self.calls.append((path.read_bytes(), options))
        watch(Stage.READING, 10)
        step = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(step, Exception):
            raise step
        return step if isinstance(step, Extraction) else step(watch, cancelled)

    def parse(self, path, options, parsing, target, watch, cancelled) -> Parsed:  # noqa: PLR0913, PLR0917 - the protocol's
        watch(Stage.READING, 10)
        self.calls.append((path.read_bytes(), options))
        text = path.read_text()[: parsing.chunk_size]
        folder = Path(target.folder)
        result = {"document_id": target.document_id, "filename": target.filename, "markdown": text}
        (folder / "result.json").write_bytes(msgspec.json.encode(result))
        (folder / "document.md").write_text(text)
        (folder / "0.png").write_bytes(b"a picture")
        return Parsed(file_type=FileType.PDF, page_count=1)

    def close(self) -> None:
        pass


def judge(_extraction: Extraction, _job: Job, _today: dt.date, _history: object = None) -> Judged:
    return Judged(VERDICT, "review")


class World:
    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.bells = Bells()
        self.store = SqliteStore(folder, self.clock)
        self.desk = Desk(self.store, self.bells, workers=2)
        self.reader = ScriptedReader()
        self.key, self.secret = self.store.keys.create("acme")

    def runner(self, reader: ScriptedReader | None = None, worker: str = "worker") -> Runner:
        return Runner(
            store=self.store,
            doorbell=self.bells,
            reader=reader or self.reader,
            judge=judge,
            worker=worker,
            clock=self.clock,
        )

    def submission(self, data: bytes = b"%PDF-1.7 a document", **order: object) -> Submission:
        incoming = self.store.uploads.incoming(1_000_000)
        incoming.write(data)
        return Submission(order=Order(**order), incoming=incoming)  # type: ignore[arg-type]

    def accept(
        self, data: bytes = b"%PDF-1.7 a document", key: Key | None = None, **order: object
    ) -> Accepted:
        submissions = [self.submission(data, **order)]
        return self.desk.submit(
            Request(key=key or self.key, submissions=submissions, now=self.clock())
        ).answer

    def submit(self, data: bytes = b"%PDF-1.7 a document", key: Key | None = None, **order: object) -> Job:
        return self.job(self.accept(data, key, **order).job_id)

    def job(self, job_id: UUID) -> Job:
        job = self.store.jobs.find(job_id)
        assert job is not None
        return job

    def completed(self, data: bytes = b"%PDF-1.7 a document", **order: object) -> Job:
        job = self.submit(data, **order)
        self.runner().run(job.job_id)
        return self.job(job.job_id)
