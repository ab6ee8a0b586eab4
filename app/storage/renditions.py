"""What documents were parsed to, as files: `renditions/<tenant>/<first two of the job>/<job>/`.

They are written by the process that read a stranger's document. Nothing but plain files with the expected
names is taken from it: a link would lead whoever fetches a picture to another file of the machine.
"""

import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from uuid import UUID

from app.errors import Unreadable
from app.storage.files import sync, valid_tenant

RESULT: Final = "result.json"
DOCUMENT_MARKDOWN: Final = "document.md"
DOCUMENT_HTML: Final = "document.html"
_NAME: Final = re.compile(r"result\.json|document\.(?:md|html)|(?:0|[1-9][0-9]{0,6})\.png")
_DRAFTS: Final = ".drafts"


class FileRenditions:
    """Renditions in a folder that nobody but the service's user may enter."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._drafts = folder / _DRAFTS
        for made in (folder, self._drafts):
            made.mkdir(parents=True, exist_ok=True, mode=0o700)

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """An empty folder to write to, gone at the end unless it was adopted."""
        folder = self._drafts / secrets.token_hex(16)
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def adopt(self, tenant: str, job_id: UUID, draft: Path) -> None:
        """Keep a draft, durably, in place of what an earlier attempt at the job left.

        Raises:
            Unreadable: it holds something else than plain files with the names of a rendition.
        """
        for entry in draft.iterdir():
            facts = entry.lstat()
            if not stat.S_ISREG(facts.st_mode) or facts.st_nlink != 1 or not _NAME.fullmatch(entry.name):
                raise Unreadable("Reading this file gave something that cannot be kept.")
            _sync_file(entry)
        sync(draft)
        target = self._place(tenant, job_id)
        for folder in (target.parent.parent, target.parent):
            if not folder.exists():
                folder.mkdir(exist_ok=True, mode=0o700)
                sync(folder.parent)
        self.erase(tenant, job_id)
        draft.replace(target)
        sync(target.parent)

    def path(self, tenant: str, job_id: UUID, name: str) -> Path | None:
        """A file of what a job gave; `None` when there is none of that name."""
        if not _NAME.fullmatch(name):
            return None
        path = self._place(tenant, job_id) / name
        return path if path.is_file() else None

    def erase(self, tenant: str, job_id: UUID) -> None:
        """Delete what a job gave; harmless when repeated."""
        shutil.rmtree(self._place(tenant, job_id), ignore_errors=True)

    def kept(self) -> Iterator[tuple[str, UUID]]:
        """Every `(tenant, job)` that something is kept of."""
        for path in self._folder.glob("*/*/*"):
            tenant = path.parent.parent.name
            if valid_tenant(tenant):
                try:
                    yield tenant, UUID(path.name)
                except ValueError:
                    continue

    def abandoned(self, older_than_seconds: float) -> int:
        """Delete drafts that nobody has written to for so long; returns how many there were."""
        oldest = time.time() - older_than_seconds
        stale = [folder for folder in self._drafts.iterdir() if folder.stat().st_mtime < oldest]
        for folder in stale:
            shutil.rmtree(folder, ignore_errors=True)
        return len(stale)

    def _place(self, tenant: str, job_id: UUID) -> Path:
        if not valid_tenant(tenant):
            raise ValueError("no name of a tenant")
        name = str(job_id)
        return self._folder / tenant / name[:2] / name


def _sync_file(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
