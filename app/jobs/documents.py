"""Keeping and erasing documents: one is on disk before its job's row is, and as long as a row needs it.

Both hold the document's lease, so that an erased one is never one that somebody is just bringing again. The
slow part, making the file durable, thereby stays outside the database's transaction.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Final

from app.storage.leases import Leases
from app.storage.protocols import Incoming, Store

_PAUSE_SECONDS: Final = 0.002


@contextmanager
def kept(store: Store, tenant: str, incomings: Sequence[Incoming]) -> Iterator[list[str]]:
    """Keep documents for jobs that are written inside; gives their hashes. Without a job they go again."""
    names = sorted({incoming.finish() for incoming in incomings})
    with ExitStack() as leases:
        for name in names:
            leases.enter_context(_held(store.leases, name))
        try:
            yield [store.uploads.adopt(tenant, incoming) for incoming in incomings]
        finally:
            for name in names:
                _erase_unneeded(store, tenant, name)


def erase(store: Store, tenant: str, document: str, also: Callable[[], None] = lambda: None) -> bool:
    """Erase a document that no job needs once `also` has happened in the same transaction; whether it did."""
    with _held(store.leases, document), store.transaction():
        also()
        return _erase_unneeded(store, tenant, document)


def _erase_unneeded(store: Store, tenant: str, document: str) -> bool:
    if store.jobs.needs(tenant, document):
        return False
    store.uploads.erase(tenant, document)
    return True


@contextmanager
def _held(leases: Leases, document: str) -> Iterator[None]:
    """Wait for a document's lease; whoever holds it lets go within one transaction, or dies."""
    while True:
        with leases.hold(f"document-{document}") as mine:
            if mine:
                yield
                return
        time.sleep(_PAUSE_SECONDS)
