"""One reading process for the threads of another."""

import threading
from collections.abc import Callable
from pathlib import Path

from app.jobs.examining import ExaminingReader
from app.jobs.sandbox import Counsel, ReaderProcess
from app.model.extraction import Extraction
from app.model.options import Options
from app.model.progress import Watch
from app.model.segment import Parsed, Parsing, Target


class SharedReader:
    """One reading process for all threads of this one, of which one reads at a time."""

    def __init__(self, reader: ReaderProcess | ExaminingReader) -> None:
        self._reader = reader
        self._turn = threading.Lock()
        self._handing_back = threading.Event()

    def start(self) -> None:
        """Load the readers before the first document comes."""
        with self._turn:
            self._reader.start()

    def read(
        self,
        path: Path,
        options: Options,
        watch: Watch,
        cancelled: Callable[[], bool],
        counsel: Counsel | None = None,
    ) -> Extraction:
        """As `ReaderProcess.read`; gives up when the document is to be handed back."""
        with self._turn:
            return self._reader.read(
                path, options, watch, lambda: self._handing_back.is_set() or cancelled(), counsel
            )

    def parse(  # noqa: PLR0913, PLR0917 - as the protocol has it
        self,
        path: Path,
        options: Options,
        parsing: Parsing,
        target: Target,
        watch: Watch,
        cancelled: Callable[[], bool],
    ) -> Parsed:
        """As `ReaderProcess.parse`; gives up as `read` does."""
        with self._turn:
            return self._reader.parse(
                path, options, parsing, target, watch, lambda: self._handing_back.is_set() or cancelled()
            )

    def hand_back(self) -> None:
        """Kill what is being read; the job is tried again by whoever takes it next."""
        self._handing_back.set()

    def close(self) -> None:
        """End the process."""
        with self._turn:
            self._reader.close()
