"""A multipart body (RFC 7578), parsed as it arrives: files go to the disk, fields stay in memory."""

from collections.abc import Callable
from typing import Final

from multipart import MultipartError, MultipartSegment, PushMultipartParser

from app.api.intake.json_body import REST_LIMIT
from app.errors import RequestRefused
from app.storage.file_protocols import Incoming

FILE_FIELDS: Final = frozenset({"file", "files", "file[]", "files[]"})


class FormBody:
    """Fed with the body as it arrives; `files` and `fields` are complete after `close`."""

    def __init__(self, boundary: str, begin: Callable[[], Incoming], most_files: int) -> None:
        """`begin` gives a place for a file of the form."""
        self.files: list[tuple[str | None, Incoming]] = []
        """Name as given, and bytes."""
        self.fields: dict[str, str] = {}
        self._begin = begin
        self._most_files = most_files
        self._parser = _parser(boundary)
        self._segment: MultipartSegment | None = None
        self._field = b""
        self._field_bytes = 0

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of the body.

        Raises:
            RequestRefused: `malformed_multipart`, `too_many_files`, `file_too_large`.
        """
        if self._parser.closed or not chunk:
            return
        try:
            for event in self._parser.parse(chunk):
                self._take(event)
        except (MultipartError, UnicodeError):
            raise _malformed() from None

    def close(self) -> None:
        """The body has ended.

        Raises:
            RequestRefused: `malformed_multipart` when the form has not.
        """
        try:
            self._parser.close()
        except MultipartError:
            raise _malformed() from None

    def _take(self, event: MultipartSegment | bytes | bytearray | None) -> None:
        if isinstance(event, MultipartSegment):
            self._start(event)
        elif event is not None:
            self._write(event)
        else:
            self._end()

    def _start(self, segment: MultipartSegment) -> None:
        self._segment = segment
        self._field = b""
        if segment.name not in FILE_FIELDS:
            if segment.filename is not None:
                raise RequestRefused("missing_file", "A file must be sent in the form field `file`.")
            return
        if len(self.files) >= self._most_files:
            raise RequestRefused(
                "too_many_files", f"One request may bring {self._most_files} files at the most."
            )
        self.files.append((segment.filename or None, self._begin()))

    def _write(self, data: bytes | bytearray) -> None:
        if self._segment is not None and self._segment.name in FILE_FIELDS:
            self.files[-1][1].write(data)
            return
        self._field_bytes += len(data)
        if self._field_bytes > REST_LIMIT:
            raise RequestRefused("file_too_large", "The fields of the form besides the file exceed 64 kB.")
        self._field += data

    def _end(self) -> None:
        segment, self._segment = self._segment, None
        if segment is not None and segment.name in FILE_FIELDS:
            self.files[-1][1].finish()
        if segment is not None and segment.name is not None and segment.name not in FILE_FIELDS:
            self.fields[segment.name] = self._field.decode()


def _parser(boundary: str) -> PushMultipartParser:
    try:
        return PushMultipartParser(boundary, max_header_size=4096, max_segment_count=1000)
    except MultipartError:
        raise _malformed() from None


def _malformed() -> RequestRefused:
    return RequestRefused(
        "malformed_multipart", "The body is not a complete multipart/form-data form with its boundary."
    )
