"""The processes of `spunta serve` and `spunta work`: started, watched, replaced and ended together."""

from app.jobs.supervisor.outset import Outset
from app.jobs.supervisor.service import serve, work

__all__ = ["Outset", "serve", "work"]
