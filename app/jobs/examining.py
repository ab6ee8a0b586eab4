"""The official rules of EN 16931 asked of every e-invoice that was read, where the settings name them."""

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import structlog
from msgspec.structs import replace

from app.errors import JobFailure
from app.jobs.sandbox import Counsel, ReaderProcess
from app.model.evidence import Source
from app.model.extraction import Extraction
from app.model.limits import Limits
from app.model.official import Examination
from app.model.options import Options
from app.model.progress import Watch, unwatched
from app.validation import Ruleset

TASK: Final = "app.reading.official:examine"
PACKAGES: Final = ("factur-x", "saxonche")
"""What another version of may find differently."""
_log = structlog.get_logger(__name__)


class ExaminingReader:
    """A reader process, and another that runs the official rules over what the first found to be e-invoices.

    The second starts with the first e-invoice, is bounded in time and memory as the first is, and may be
    killed; what it could not do is told, and costs the document nothing else. Not thread-safe.
    """

    def __init__(self, reader: ReaderProcess, limits: Limits) -> None:
        self._reader = reader
        self._examiner = ReaderProcess(limits, TASK)
        self.parse = reader.parse

    def start(self) -> None:
        """Load both."""
        self._reader.start()
        self._examiner.start()

    def read(
        self,
        path: Path,
        options: Options,
        watch: Watch = unwatched,
        cancelled: Callable[[], bool] = lambda: False,
        counsel: Counsel | None = None,
    ) -> Extraction:
        """As `ReaderProcess.read`, with what the official rules say among the observations."""
        extraction = self._reader.read(path, options, watch, cancelled, counsel)
        if not any(evidence.source is Source.XML for evidence in extraction.fields.values()):
            return extraction
        official = self._examined(path, options, cancelled)
        return replace(extraction, observations=replace(extraction.observations, official=official))

    def _examined(self, path: Path, options: Options, cancelled: Callable[[], bool]) -> Examination:
        try:
            return self._examiner.examine(path, options, cancelled)
        except JobFailure as failure:
            _log.warning("official_rules_failed", code=failure.code)
            return Examination(problem=f"The official rules could not be run ({failure.code}).")

    def close(self) -> None:
        """End both processes."""
        self._reader.close()
        self._examiner.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def reader_process(limits: Limits, ruleset: Ruleset) -> ReaderProcess | ExaminingReader:
    """What reads documents for a service with these rules."""
    reader = ReaderProcess(limits)
    return ExaminingReader(reader, limits) if ruleset.outside else reader
