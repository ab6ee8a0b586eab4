"""What parent and reader say to each other, and the wire they say it over."""

import select
import socket
import struct
import time
from typing import Final

import msgspec

from app.model.consultation import Inquiry, Reply
from app.model.evidence import told
from app.model.extraction import Extraction
from app.model.job import HelpScope
from app.model.limits import Limits
from app.model.official import Examination
from app.model.options import Options
from app.model.progress import Stage
from app.model.segment import Parsed, Parsing, Target

LARGEST_FRAME: Final = 256_000_000
"""Bytes that are believed; a reader that says more has been taken over."""

_HEADER: Final = struct.Struct(">I")
_CHUNK: Final = 1 << 18


class Order(msgspec.Struct, frozen=True, tag="order"):
    """Read this file."""

    path: str
    options: Options
    limits: Limits
    parsing: Parsing | None = None
    """The document itself is wanted so, rather than the invoice."""
    target: Target | None = None
    """Where the document itself is to be written."""
    help_scope: HelpScope | None = None
    """What a model may be asked; nothing when `None`."""


class Step(msgspec.Struct, frozen=True, tag="step"):
    """Some of the document is done."""

    stage: Stage
    percent: int


class Asked(msgspec.Struct, frozen=True, tag="asked"):
    """The reader, which has no network and no key, asks a model through its parent."""

    inquiry: Inquiry


class Told(msgspec.Struct, frozen=True, tag="told"):
    """What the model said."""

    reply: Reply


class Done(msgspec.Struct, frozen=True, tag="done"):
    """The document was read."""

    memory: int
    """Bytes the reader holds now."""
    extraction: Extraction | None = None
    parsed: Parsed | None = None
    examination: Examination | None = None
    """One of the three, as ordered."""


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """The document could not be read."""

    code: str
    message: str
    place: str = ""
    """For the log: the kind of an unforeseen error and the line of code, without its text."""


Frame = Order | Step | Asked | Told | Done | Failed


class BrokenFrame(Exception):
    """The other side does not keep to the form."""


class Wire:
    """Frames over a connected socket."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._received = bytearray()
        self._encoder = msgspec.msgpack.Encoder(enc_hook=told)
        self._decoder = msgspec.msgpack.Decoder(Frame)

    def send(self, frame: Frame) -> None:
        """Say something. OSError when the other side is gone."""
        body = self._encoder.encode(frame)
        self._socket.sendall(_HEADER.pack(len(body)) + body)

    def receive(self, seconds: float | None = None) -> Frame | None:
        """What the other side said; `None` when it said nothing whole in so many seconds.

        Raises EOFError when it is gone, BrokenFrame when it talks nonsense.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        while (body := self._whole()) is None:
            if not self._more(deadline):
                return None
        try:
            frame: Frame = self._decoder.decode(body)
        except msgspec.MsgspecError as error:
            raise BrokenFrame from error
        return frame

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _whole(self) -> bytes | None:
        if len(self._received) < _HEADER.size:
            return None
        (size,) = _HEADER.unpack_from(self._received)
        if size > LARGEST_FRAME:
            raise BrokenFrame
        end = _HEADER.size + size
        if len(self._received) < end:
            return None
        body = bytes(self._received[_HEADER.size : end])
        del self._received[:end]
        return body

    def _more(self, deadline: float | None) -> bool:
        rest = None if deadline is None else max(0.0, deadline - time.monotonic())
        if not select.select([self._socket], [], [], rest)[0]:
            return False
        try:
            chunk = self._socket.recv(_CHUNK)
        except ConnectionResetError:
            chunk = b""
        if not chunk:
            raise EOFError
        self._received += chunk
        return True
