"""Keeping and erasing documents: one is on disk before its job's row is, and as long as a row needs it.

Both hold the document's lease, so that an erased one is never one that somebody is just bringing again. The
slow part, making the file durable, thereby stays outside the database's transaction.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from app.storage.file_protocols import Incoming
from app.storage.protocols import Store

Brought = Sequence[tuple[str, Incoming]]
"""Documents that have arrived, each with the tenant it is for."""


@contextmanager
def kept(store: Store, brought: Brought) -> Iterator[tuple[list[str], set[tuple[str, str]]]]:
    """Keep documents for jobs that are written inside.

    Gives their hashes, and a set for every `(tenant, document)` that got a job; the others go again, unless
    another job needs them.
    """
    owned = {(tenant, incoming.finish()) for tenant, incoming in brought}
    needed: set[tuple[str, str]] = set()
    with store.leases.wait(*(_lease(document) for _, document in owned)):
        try:
            yield store.uploads.adopt(brought), needed
        finally:
            for tenant, document in owned - needed:
                _erase_unneeded(store, tenant, document)


def erase(store: Store, tenant: str, document: str, also: Callable[[], None] = lambda: None) -> bool:
    """Erase a document that no job needs once `also` has happened in the same transaction; whether it did."""
    with store.leases.wait(_lease(document)), store.transaction():
        also()
        return _erase_unneeded(store, tenant, document)


def _erase_unneeded(store: Store, tenant: str, document: str) -> bool:
    if store.jobs.needs(tenant, document):
        return False
    store.uploads.erase(tenant, document)
    return True


def _lease(document: str) -> str:
    """Whoever holds it lets go within one transaction, or dies."""
    return f"document-{document}"
