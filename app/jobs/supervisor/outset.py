"""What a started process is given, and the one thing it gives back: word that it is ready."""

import os
import socket
from collections.abc import Callable
from contextlib import suppress

import msgspec

from app.settings import Settings

Entry = Callable[["Outset"], None]
"""What a process does until it is told to end by SIGTERM."""


class Outset(msgspec.Struct, frozen=True, kw_only=True):
    """The start of one process."""

    settings: Settings
    listener: socket.socket | None = None
    """An open, listening socket that outlives the process."""
    ready_to: int
    """The pipe that takes the word."""

    def ready(self) -> None:
        """The process does its work from now on."""
        with suppress(OSError):
            os.write(self.ready_to, b"ready\n")
            os.close(self.ready_to)
