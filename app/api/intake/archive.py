"""A ZIP file as many documents: unpacked to the disk one by one, within limits, its paths never used."""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec

from app.errors import RequestRefused, TooLarge
from app.storage.file_protocols import Incoming

_SIGNATURES: Final = (b"PK\x03\x04", b"PK\x05\x06")
_PIECE: Final = 256 * 1024
_MOST_RATIO: Final = 200
"""How many times larger than packed a member may be; documents are packed already."""
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What the library raises for damaged, encrypted and exotic archives."""


class Unpacking(msgspec.Struct, frozen=True, kw_only=True):
    """How much may come out of one archive, and where it goes."""

    begin: Callable[[], Incoming]
    max_files: int
    max_bytes: int
    """Of all members together."""


class Member(msgspec.Struct, frozen=True):
    """One document of an archive, or why it could not be taken."""

    filename: str
    incoming: Incoming | None
    refused: RequestRefused | None = None


def is_archive(head: bytes) -> bool:
    """Whether bytes begin a ZIP file."""
    return head.startswith(_SIGNATURES)


def unpack(path: Path, limits: Unpacking) -> Iterator[Member]:
    """The documents of the archive at `path`; folders and hidden files are passed over.

    Raises:
        RequestRefused: `invalid_archive`, `too_many_files`, `empty_file`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            wanted = _documents(archive, limits)
            left = limits.max_bytes
            for info in wanted:
                member = _member(archive, info, limits, left)
                left -= member.incoming.size if member.incoming else 0
                yield member
    except _BROKEN:
        raise RequestRefused("invalid_archive", "The ZIP file is damaged or of an unknown kind.") from None


def _documents(archive: zipfile.ZipFile, limits: Unpacking) -> list[zipfile.ZipInfo]:
    wanted = [info for info in archive.infolist() if not info.is_dir() and not _hidden(info.filename)]
    if not wanted:
        raise RequestRefused("empty_file", "The ZIP file holds no document.")
    if len(wanted) > limits.max_files:
        raise RequestRefused(
            "too_many_files", f"One request may bring {limits.max_files} documents at the most."
        )
    return wanted


def _hidden(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return not parts or parts[0] == "__MACOSX" or parts[-1].startswith(".")


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Unpacking, left: int) -> Member:
    if info.file_size > max(info.compress_size, 1) * _MOST_RATIO and info.file_size > _PIECE:
        return Member(
            info.filename, None, RequestRefused("invalid_archive", "It is packed suspiciously well.")
        )
    incoming = limits.begin()
    try:
        _copy(archive, info, incoming, left)
    except TooLarge:
        incoming.discard()
        return Member(info.filename, None, RequestRefused("file_too_large", "It is larger than is accepted."))
    except _BROKEN:
        incoming.discard()
        return Member(info.filename, None, RequestRefused("invalid_archive", "It is damaged or encrypted."))
    except BaseException:
        incoming.discard()
        raise
    return Member(info.filename, incoming)


def _copy(archive: zipfile.ZipFile, info: zipfile.ZipInfo, incoming: Incoming, left: int) -> None:
    with archive.open(info) as source:
        while piece := source.read(_PIECE):
            if incoming.size + len(piece) > left:
                raise TooLarge("The archive holds more than is accepted.")
            incoming.write(piece)
