"""An invoice that is posted as data, JSON or e-invoice, and judged at once. Blocking."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from app.api.intake import Arrival
from app.api.service import Service
from app.errors import (
    InternalError,
    InvalidOption,
    JobFailure,
    RequestRefused,
    TimedOut,
    TooLarge,
    UnsupportedFile,
)
from app.model.document import FileType
from app.model.evidence import Evidence
from app.model.extraction import Extraction, Reading
from app.model.invoice import Invoice
from app.model.options import Options
from app.model.verdict import Verdict
from app.reading.sniff import sniff
from app.storage.file_protocols import Incoming
from app.storage.records import Key
from app.validation import Context

LARGEST: Final = 5_000_000
"""Bytes of a posted result."""
_HEAD: Final = 4096
_DATA: Final = (FileType.XML, FileType.P7M)
_JSON: Final = (b"{", b"[", b'"', b"")
_PADDING: Final = b"\xef\xbb\xbf \t\r\n"


class Posted(msgspec.Struct, frozen=True, kw_only=True):
    """A job's JSON as `GET /v1/jobs/{job_id}` gives it, or as much of it as there is."""

    result: Invoice
    fields: dict[str, Evidence] = {}
    confidence: float | None = None
    file_type: FileType | None = None


def judge_file(service: Service, key: Key, arrival: Arrival) -> Verdict:
    """The verdict over what has arrived; nothing is left of it.

    Raises:
        RequestRefused: saying what is wrong with it.
    """
    received = arrival.finish()
    try:
        incoming = received.files[0].incoming
        sha256 = incoming.finish()
        if not is_data(incoming.path):
            _refuse_what_is_neither(incoming)
            context = service.policies.apply(key.policy, Context(today=service.now().date()))
            return service.bench.judge(read_posted(_small(incoming)), context).verdict
        service.rates.charge(key)
        context = Context(today=service.now().date(), sha256=sha256)
        extraction = _read(service, incoming.path)
        return service.bench.judge(extraction, service.policies.apply(key.policy, context)).verdict
    finally:
        arrival.discard()


def _refuse_what_is_neither(incoming: Incoming) -> None:
    """Only what begins as JSON does is refused as JSON."""
    if incoming.head and incoming.head.lstrip(_PADDING)[:1] not in _JSON:
        raise RequestRefused("unreadable_document", "The body is neither JSON nor an e-invoice.")


def is_data(path: Path) -> bool:
    """Whether a file is an e-invoice; anything that is not, and no other document, should be JSON.

    Raises:
        RequestRefused: `unsupported_media_type` for a document that has to be read.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.lstrip(_PADDING)[:1] in (b"{", b"[", b""):
        return False
    try:
        kind = sniff(head)
    except UnsupportedFile:
        return False
    if kind not in _DATA:
        raise RequestRefused(
            "unsupported_media_type",
            "A result as JSON or an e-invoice can be judged at once; other documents are brought to "
            "`/v1/extract/invoice`.",
        )
    return True


def _small(incoming: Incoming) -> bytes:
    if incoming.size > LARGEST:
        raise RequestRefused("file_too_large", f"A result may have {LARGEST // 1_000_000} MB at the most.")
    return incoming.path.read_bytes()


def _read(service: Service, path: Path) -> Extraction:
    try:
        return service.reader.read(path, Options(), lambda *_: None, lambda: False)
    except TooLarge as failure:
        raise RequestRefused("file_too_large", str(failure)) from None
    except (TimedOut, InternalError) as failure:
        raise RequestRefused("unavailable", str(failure), {"Retry-After": "10"}) from None
    except JobFailure as failure:
        raise RequestRefused("unreadable_document", str(failure)) from None


def read_posted(body: bytes) -> Extraction:
    """The extraction of a job's JSON, or of its `result` alone.

    Raises:
        RequestRefused: `malformed_json` or `invalid_option`, saying where.
    """
    try:
        shape = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
        posted = (
            msgspec.json.decode(body, type=Posted)
            if "result" in shape
            else Posted(result=msgspec.json.decode(body, type=Invoice))
        )
    except msgspec.ValidationError as error:
        place = str(error).rpartition(" - at ")[2].strip("`$.") if " - at " in str(error) else "body"
        raise InvalidOption(place[:100], "The body is not a result as the service gives it.") from None
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise RequestRefused("malformed_json", "The body is not a JSON object.") from None
    return Extraction(
        readings=(Reading(invoice=posted.result, fields=posted.fields),),
        file_type=posted.file_type or FileType.XML,
        confidence=posted.confidence or 0.0,
    )


def read_local(path: Path, read: Callable[[Path], Extraction]) -> Extraction:
    """The extraction in a file: a job's JSON, or an e-invoice that `read` reads.

    Raises:
        RequestRefused: saying what is wrong with it. JobFailure: as `read`.
    """
    return read(path) if is_data(path) else read_posted(path.read_bytes())
