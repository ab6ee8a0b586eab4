"""The API keys: found by a keyed hash of their secret, which is kept nowhere."""

import datetime as dt
import re
import secrets
import sqlite3
from base64 import b64encode
from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import blake2b
from typing import Final

from app.errors import Misconfigured
from app.storage.files import valid_tenant
from app.storage.records import DEFAULT_SCOPES, Key, Scope
from app.storage.sqlite.database import Database, StorageTrouble
from app.storage.sqlite.moments import from_ms, to_ms
from app.storage.vault import Vault

PREFIX: Final = "inv_"
_HINT: Final = len(PREFIX) + 4
_LONGEST: Final = 200


class SqliteKeys:
    """`Keys` over SQLite."""

    def __init__(self, database: Database, vault: Vault, clock: Callable[[], dt.datetime]) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock

    def create(  # noqa: PLR0913 - a key has that many sides, all by keyword
        self,
        name: str,
        *,
        tenant: str | None = None,
        scopes: frozenset[Scope] | None = None,
        expires_at: dt.datetime | None = None,
        callback_url: str | None = None,
        rate_limit: str | None = None,
        monthly_quota: int | None = None,
        policy: str | None = None,
    ) -> tuple[Key, str]:
        """A new key and its secret (`inv_…`), which cannot be had again.

        Raises:
            Misconfigured: a name or tenant that cannot be.
        """
        secret = _new_secret()
        key = Key(
            key_id=secrets.token_hex(8),
            tenant=_checked_tenant(tenant) if tenant is not None else tenant_named(name),
            name=_checked_name(name),
            hint=secret[:_HINT],
            scopes=DEFAULT_SCOPES if scopes is None else scopes,
            callback_url=callback_url,
            rate_limit=rate_limit,
            monthly_quota=monthly_quota,
            policy=policy,
            created_at=self._clock(),
            expires_at=expires_at,
        )
        with self._database.transaction():
            self._insert(key)
            self._add_hash(key.key_id, secret)
            self._add_webhook_secret(key.key_id)
        return key, secret

    def identify(self, secret: str, now: dt.datetime) -> Key | None:
        """The usable key with that secret; `None` for an unknown, revoked or expired one. Writes nothing."""
        if not secret.startswith(PREFIX) or len(secret) > _LONGEST:
            return None
        row = self._database.row(
            "SELECT keys.*, hash FROM key_hashes JOIN keys USING (key_id) "
            "WHERE hash = :hash AND (key_hashes.expires_at IS NULL OR key_hashes.expires_at > :now)",
            {"hash": self._vault.digest(secret), "now": to_ms(now)},
        )
        if row is None or not self._vault.matches(secret, row["hash"]):
            return None
        key = _from_row(row)
        return key if key.usable(now) else None

    def note_use(self, key: Key, now: dt.datetime) -> None:
        """Write when a key was last used."""
        # A full disk must not keep anybody from reading what there is.
        with suppress(StorageTrouble):
            self._database.write(
                "UPDATE keys SET last_used_at = :now WHERE key_id = :key_id",
                {"now": to_ms(now), "key_id": key.key_id},
                durable=False,
            )

    def get(self, key_id: str) -> Key | None:
        """A key by its id, usable or not."""
        row = self._database.row("SELECT * FROM keys WHERE key_id = :key_id", {"key_id": key_id})
        return None if row is None else _from_row(row)

    def list(self) -> Sequence[Key]:
        """All keys, the oldest first."""
        return [
            _from_row(row) for row in self._database.rows("SELECT * FROM keys ORDER BY created_at, rowid")
        ]

    def revoke(self, name_or_id: str, now: dt.datetime) -> Key | None:
        """Close a key at once; `None` when there is none of that name or id.

        Raises:
            Misconfigured: several keys have that name.
        """
        with self._database.transaction():
            key = self._named(name_or_id)
            if key is None:
                return None
            values = {"key_id": key.key_id, "now": to_ms(now)}
            self._database.write("UPDATE keys SET revoked_at = :now WHERE key_id = :key_id", values)
            self._database.write("DELETE FROM key_hashes WHERE key_id = :key_id", values)
            return self.get(key.key_id)

    def rotate(self, name_or_id: str, now: dt.datetime, keep_old: dt.timedelta) -> tuple[Key, str] | None:
        """A new secret for a key; the old one opens for `keep_old` longer.

        Raises:
            Misconfigured: several keys have that name.
        """
        with self._database.transaction():
            key = self._named(name_or_id)
            if key is None:
                return None
            secret = _new_secret()
            values = {"key_id": key.key_id, "until": to_ms(now + keep_old), "hint": secret[:_HINT]}
            self._database.write(
                "UPDATE key_hashes SET expires_at = min(coalesce(expires_at, :until), :until) "
                "WHERE key_id = :key_id",
                values,
            )
            self._database.write("UPDATE keys SET hint = :hint WHERE key_id = :key_id", values)
            self._add_hash(key.key_id, secret)
            changed = self.get(key.key_id)
        return None if changed is None else (changed, secret)

    def set_policy(self, name_or_id: str, policy: str | None) -> Key | None:
        """Give a key a policy document of its own, or none; `None` when there is no key of that name or id.

        Raises:
            Misconfigured: several keys have that name.
        """
        with self._database.transaction():
            key = self._named(name_or_id)
            if key is None:
                return None
            values = {"key_id": key.key_id, "policy": policy}
            self._database.write("UPDATE keys SET policy = :policy WHERE key_id = :key_id", values)
            return self.get(key.key_id)

    def webhook_secrets(self, key_id: str, now: dt.datetime) -> Sequence[str]:
        """Signing secrets (`whsec_…`) of a key, the newest first; two in the day after a rotation."""
        rows = self._database.rows(
            "SELECT sealed FROM webhook_secrets "
            "WHERE key_id = :key_id AND (expires_at IS NULL OR expires_at > :now) ORDER BY id DESC",
            {"key_id": key_id, "now": to_ms(now)},
        )
        opened = [self._vault.open(row["sealed"], _purpose(key_id)) for row in rows]
        return [secret for secret in opened if secret is not None]

    def rotate_webhook_secret(self, key_id: str, now: dt.datetime, keep_old: dt.timedelta) -> str | None:
        """A new signing secret; webhooks carry both signatures for `keep_old`."""
        with self._database.transaction():
            if self.get(key_id) is None:
                return None
            self._database.write(
                "UPDATE webhook_secrets SET expires_at = min(coalesce(expires_at, :until), :until) "
                "WHERE key_id = :key_id",
                {"key_id": key_id, "until": to_ms(now + keep_old)},
            )
            return self._add_webhook_secret(key_id)

    def _named(self, name_or_id: str) -> Key | None:
        rows = self._database.rows(
            "SELECT * FROM keys WHERE key_id = :it OR (name = :it AND revoked_at IS NULL)",
            {"it": name_or_id},
        )
        if len(rows) > 1:
            raise Misconfigured(f"{len(rows)} keys are called {name_or_id!r}: give the id of one of them.")
        return _from_row(rows[0]) if rows else None

    def _insert(self, key: Key) -> None:
        self._database.write(
            "INSERT INTO keys (key_id, tenant, name, hint, scopes, callback_url, rate_limit, monthly_quota, "
            "policy, created_at, expires_at) VALUES (:key_id, :tenant, :name, :hint, :scopes, :callback_url, "
            ":rate_limit, :monthly_quota, :policy, :created_at, :expires_at)",
            {
                "key_id": key.key_id,
                "tenant": key.tenant,
                "name": key.name,
                "hint": key.hint,
                "scopes": " ".join(sorted(key.scopes)),
                "callback_url": key.callback_url,
                "rate_limit": key.rate_limit,
                "monthly_quota": key.monthly_quota,
                "policy": key.policy,
                "created_at": to_ms(key.created_at),
                "expires_at": to_ms(key.expires_at),
            },
        )

    def _add_hash(self, key_id: str, secret: str) -> None:
        self._database.write(
            "INSERT INTO key_hashes (hash, key_id) VALUES (:hash, :key_id)",
            {"hash": self._vault.digest(secret), "key_id": key_id},
        )

    def _add_webhook_secret(self, key_id: str) -> str:
        secret = "whsec_" + b64encode(secrets.token_bytes(32)).decode()
        self._database.write(
            "INSERT INTO webhook_secrets (key_id, sealed) VALUES (:key_id, :sealed)",
            {"key_id": key_id, "sealed": self._vault.seal(secret, _purpose(key_id))},
        )
        return secret


def tenant_named(name: str) -> str:
    """The tenant of a key that names none: its name, made fit for a folder; two names never share one."""
    if valid_tenant(name):
        return name
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "tenant"
    return f"{plain}-{blake2b(name.encode(), digest_size=6).hexdigest()}"


def _new_secret() -> str:
    return PREFIX + secrets.token_urlsafe(32)


def _purpose(key_id: str) -> str:
    return f"webhooks of {key_id}"


def _checked_name(name: str) -> str:
    if not name.strip() or len(name) > _LONGEST or not name.isprintable():
        raise Misconfigured(f"A key's name is 1 to {_LONGEST} printable characters.")
    return name


def _checked_tenant(tenant: str) -> str:
    if not valid_tenant(tenant):
        raise Misconfigured(
            "A tenant is 1 to 64 lower-case letters, digits, '.', '_' or '-', a letter or digit first."
        )
    return tenant


def _from_row(row: sqlite3.Row) -> Key:
    return Key(
        key_id=row["key_id"],
        tenant=row["tenant"],
        name=row["name"],
        hint=row["hint"],
        scopes=frozenset(Scope(scope) for scope in row["scopes"].split()),
        callback_url=row["callback_url"],
        rate_limit=row["rate_limit"],
        monthly_quota=row["monthly_quota"],
        policy=row["policy"],
        created_at=from_ms(row["created_at"]),
        expires_at=from_ms(row["expires_at"]),
        revoked_at=from_ms(row["revoked_at"]),
        last_used_at=from_ms(row["last_used_at"]),
    )
