"""Keeping and erasing documents: one is on disk before its job's row is, and as long as a row needs it.

Both hold the document's lease, so that an erased one is never one that somebody is just bringing again. The
slow part, making the file durable, thereby stays outside the database's transaction.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

from app.storage.file_protocols import Incoming
from app.storage.protocols import Store


@contextmanager
def kept(store: Store, tenant: str, incomings: Sequence[Incoming]) -> Iterator[list[str]]:
    """Keep documents for jobs that are written inside; gives their hashes. Without a job they go again."""
    names = sorted({incoming.finish() for incoming in incomings})
    with ExitStack() as leases:
        for name in names:
            leases.enter_context(store.leases.wait(_lease(name)))
        try:
            yield [store.uploads.adopt(tenant, incoming) for incoming in incomings]
        finally:
            for name in names:
                _erase_unneeded(store, tenant, name)


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
