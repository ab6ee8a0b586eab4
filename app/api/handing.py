"""Files of a parsed document on their way to the caller, in pieces, however large they are."""

import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, Final

from litestar import Response
from litestar.response import Stream
from litestar.response.base import ASGIResponse

from app.api.encoding import encode
from app.errors import RequestRefused
from app.jobs.view import ParseJobView

_PIECE: Final = 1 << 18
_SAFE: Final = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-cache"}
# A document from a stranger: nothing in it runs, nothing is fetched for it.
_HARMLESS: Final = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
_NAME: Final = re.compile(r"[^A-Za-z0-9._-]+")


def streamed_view(shown: ParseJobView, result: Path) -> Response[Any]:
    """A job with its result, which never is in memory as a whole."""
    head = encode(shown)[:-1] + b',"result":'
    file = _opened(result)
    size = len(head) + _size(file) + 1
    return _Pieces(
        _around(head, file, b"}"),
        media_type="application/json",
        headers={**_SAFE, "Content-Length": str(size)},
    )


def file_answer(path: Path, media_type: str, name: str | None = None) -> Response[Any]:
    """A file as it is; to be saved under `name`, when it has one."""
    file = _opened(path)
    headers = {**_SAFE, **_HARMLESS, "Content-Length": str(_size(file)), **_saved_as(name)}
    return _Pieces(_around(b"", file, b""), media_type=media_type, headers=headers)


def zip_answer(members: Iterable[tuple[str, Path]], links: str, name: str) -> Response[Any]:
    """Files as one archive, in whose texts the links that begin with `links` lead to its own pictures."""
    opened = [(inner, _opened(path)) for inner, path in members]
    headers = {**_SAFE, **_saved_as(name)}
    return _Pieces(_zipped(opened, links.encode()), media_type="application/zip", headers=headers)


def _opened(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise RequestRefused("job_not_found", "The job was erased meanwhile.") from None


def _size(file: IO[bytes]) -> int:
    size = file.seek(0, 2)
    file.seek(0)
    return size


def _saved_as(name: str | None) -> dict[str, str]:
    if name is None:
        return {}
    return {"Content-Disposition": f'attachment; filename="{_NAME.sub("_", name)}"'}


def _around(before: bytes, file: IO[bytes], after: bytes) -> Iterator[bytes]:
    with file:
        if before:
            yield before
        while piece := file.read(_PIECE):
            yield piece
        if after:
            yield after


class _Pieces(Stream):
    """A stream with a media type of its own, which the framework would set by the handler's."""

    def to_asgi_response(self, *given: Any, **options: Any) -> ASGIResponse:  # noqa: ANN401  # passed on
        """The framework's answer, under the stream's own media type."""
        return super().to_asgi_response(*given, **{**options, "media_type": self.media_type})


class _Pipe:
    """What an archive is written to, and taken from in pieces."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, data: bytes) -> int:
        """Hold until it is taken."""
        self._written += data
        return len(data)

    def flush(self) -> None:
        """Nothing is behind it."""

    def take(self) -> bytes:
        """What was written since the last time."""
        taken = bytes(self._written)
        self._written.clear()
        return taken


def _zipped(members: list[tuple[str, IO[bytes]]], links: bytes) -> Iterator[bytes]:
    pipe = _Pipe()
    try:
        with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]  # all it writes to
            for name, file in members:
                with archive.open(name, "w", force_zip64=True) as member:
                    for piece in (
                        _relinked(file, links) if not name.endswith(".png") else _around(b"", file, b"")
                    ):
                        member.write(piece)
                        yield pipe.take()
        yield pipe.take()
    finally:
        for _, file in members:
            file.close()


def _relinked(file: IO[bytes], links: bytes) -> Iterator[bytes]:
    """The lines of a text with its links made to lead into the archive."""
    with file:
        for line in file:
            yield line.replace(links, b"segments/")
