"""The one secret of a data folder, and what is done with it: sealing short-lived secrets, hashing API keys.

A PDF's password and a caller's model key must reach the worker that runs the job, possibly after a restart,
and must never be stored. They are therefore kept only as AES-256-GCM ciphertext bound to job and purpose (its
associated data), in rows that are deleted in the transaction that ends the job. The key lives in a file
of its own, readable by the service's user alone: neither a copy of the database nor its log opens anything.
"""

import hmac
import os
import secrets
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FILE_NAME: Final = "secret.key"
_SIZE: Final = 32
_NONCE: Final = 12


class Vault:
    """Seals and hashes under one master secret; each use has a key of its own derived from it."""

    def __init__(self, master: bytes) -> None:
        self._sealing = AESGCM(_derived(master, b"spunta.seal"))
        self._hashing = _derived(master, b"spunta.hash")

    @classmethod
    def in_folder(cls, folder: Path) -> "Vault":
        """The vault of a data folder; its secret is made when there is none."""
        path = folder / FILE_NAME
        if not path.exists():
            _create(path)
        return cls(bytes.fromhex(path.read_text(encoding="ascii").strip()))

    def seal(self, text: str, purpose: str) -> bytes:
        """Encrypt; only the same `purpose` opens it again."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._sealing.encrypt(nonce, text.encode(), purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> str | None:
        """Decrypt; `None` when it was sealed for another purpose, by another vault, or changed."""
        try:
            return self._sealing.decrypt(sealed[:_NONCE], sealed[_NONCE:], purpose.encode()).decode()
        except InvalidTag:
            return None

    def digest(self, secret: str) -> bytes:
        """A keyed hash: equal secrets have equal digests, and without the vault nobody can try guesses."""
        return blake2b(secret.encode(), key=self._hashing, digest_size=32).digest()

    def matches(self, secret: str, digest: bytes) -> bool:
        """Whether a digest is that of a secret, told in constant time."""
        return hmac.compare_digest(self.digest(secret), digest)


def _derived(master: bytes, person: bytes) -> bytes:
    return blake2b(key=master, person=person, digest_size=32).digest()


def _create(path: Path) -> None:
    """Write a new secret whole or not at all; when two processes start together the first one's stays."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_SIZE) + "\n")
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()
