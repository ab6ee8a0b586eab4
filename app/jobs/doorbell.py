"""How a worker learns that there is something to do.

Losing a ring costs seconds, never a job: the row is the truth.
"""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID


class Doorbell(Protocol):
    """Rung after the commit, never inside a transaction; ringing twice does no harm."""

    def job(self, job_id: UUID, delay_ms: int = 0) -> None:
        """There is a job to run, now or after a pause."""

    def jobs(self, job_ids: Sequence[UUID]) -> None:
        """There are several jobs to run, now."""

    def message(self, message_id: str, delay_ms: int = 0) -> None:
        """There is a webhook to send, now or after a pause."""
