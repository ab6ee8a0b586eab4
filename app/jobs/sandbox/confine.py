"""What a reader may not do: grow without bound, spin for ever, dump its memory, reach a network."""

import ctypes
import math
import os
import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from app.model.limits import Limits

_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_DUMPABLE: Final = 4

OPEN_FILES: Final = 256
CPU_GRACE_SECONDS: Final = 5
"""The clock of the wall ends a job first; this one stays when nobody is left to look at that."""


def leave_the_network() -> None:
    """Move this process and its children to a network without a device, where the system lets it."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET) != 0:
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def die_with_parent() -> None:
    """Be killed when the process that forked this one ends."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def limit_for_life(limits: Limits) -> None:
    """Bounds that hold as long as the process lives."""
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_NOFILE, OPEN_FILES)
    _lower(resource.RLIMIT_FSIZE, limits.unpacked_bytes)
    # Memory of one's own, mapped files and reserved addresses not counted; where the system counts no such
    # thing the limit has no effect, and the pages, pixels and bytes are what bounds a reader.
    _lower(resource.RLIMIT_DATA, limits.memory_bytes)


def limit_for_job(seconds: float) -> None:
    """Bound the processor time of the next job, all cores together."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    cores = os.cpu_count() or 1
    allowed = math.ceil(used.ru_utime + used.ru_stime + seconds * cores) + CPU_GRACE_SECONDS
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (allowed, hard))


def memory_held() -> int:
    """Bytes of this process in memory now; where that cannot be told, the most it ever held."""
    with suppress(OSError), Path("/proc/self/statm").open(encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _lower(kind: int, bound: int) -> None:
    _, hard = resource.getrlimit(kind)
    wanted = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
    with suppress(ValueError, OSError):
        resource.setrlimit(kind, (wanted, wanted))
