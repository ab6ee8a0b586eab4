"""The tables, as migrations that are applied in order and never changed once released.

Times are whole milliseconds since 1970 UTC. All tables are STRICT.
"""

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sqlite_utils import Database

_SET: Final = "spunta"

_JOBS: Final = """
CREATE TABLE jobs (
    seq INTEGER PRIMARY KEY,  -- grows with time: the order of lists
    job_id TEXT NOT NULL UNIQUE,
    tenant TEXT NOT NULL,
    key_id TEXT,
    type TEXT NOT NULL,
    request TEXT NOT NULL,  -- the order without its metadata, JSON
    metadata TEXT,  -- the caller's JSON as it came
    external_id TEXT,
    batch_id TEXT,
    document TEXT NOT NULL,
    size INTEGER NOT NULL,
    status TEXT NOT NULL
        CHECK (status IN ('pending', 'processing', 'retrying', 'completed', 'failed', 'cancelled')),
    version INTEGER NOT NULL,
    stage TEXT NOT NULL,
    progress INTEGER NOT NULL CHECK (progress BETWEEN 0 AND 100),
    attempt_count INTEGER NOT NULL,
    worker TEXT,
    heartbeats INTEGER NOT NULL,
    retry_at INTEGER,
    queued_at INTEGER NOT NULL,
    started_at INTEGER,
    completed_at INTEGER,
    processing_ms INTEGER,
    file_type TEXT,
    page_count INTEGER,
    language TEXT,
    confidence REAL,
    model TEXT,
    cache_hit INTEGER NOT NULL,
    decision TEXT,
    flags TEXT NOT NULL,  -- JSON
    error TEXT,
    error_code TEXT,
    delivery TEXT  -- JSON
) STRICT
"""

_FLAGS: Final = """
CREATE TABLE job_flags (
    tenant TEXT NOT NULL,
    code TEXT NOT NULL,
    severity TEXT NOT NULL,
    seq INTEGER NOT NULL REFERENCES jobs (seq) ON DELETE CASCADE,
    PRIMARY KEY (tenant, code, seq, severity)
) STRICT, WITHOUT ROWID
"""

_RESULTS: Final = """
CREATE TABLE results (
    job_id TEXT PRIMARY KEY REFERENCES jobs (job_id) ON DELETE CASCADE,
    extraction BLOB NOT NULL,
    verdict BLOB NOT NULL
) STRICT
"""

_CACHE: Final = """
CREATE TABLE cache (
    tenant TEXT NOT NULL,
    document TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    extraction BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, document, fingerprint)
) STRICT
"""

_SECRETS: Final = """
CREATE TABLE secrets (
    job_id TEXT NOT NULL REFERENCES jobs (job_id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (job_id, name)
) STRICT
"""

_KEYS: Final = """
CREATE TABLE keys (
    key_id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL,
    name TEXT NOT NULL,
    hint TEXT NOT NULL,
    scopes TEXT NOT NULL,
    callback_url TEXT,
    rate_limit TEXT,
    monthly_quota INTEGER,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    last_used_at INTEGER
) STRICT
"""

_KEY_HASHES: Final = """
CREATE TABLE key_hashes (
    hash BLOB PRIMARY KEY,
    key_id TEXT NOT NULL REFERENCES keys (key_id) ON DELETE CASCADE,
    expires_at INTEGER
) STRICT
"""

_WEBHOOK_SECRETS: Final = """
CREATE TABLE webhook_secrets (
    id INTEGER PRIMARY KEY,
    key_id TEXT NOT NULL REFERENCES keys (key_id) ON DELETE CASCADE,
    sealed BLOB NOT NULL,
    expires_at INTEGER
) STRICT
"""

_REQUESTS: Final = """
CREATE TABLE requests (
    key_id TEXT NOT NULL,
    idempotency_key BLOB NOT NULL,  -- hashed: callers put anything there
    fingerprint TEXT NOT NULL,
    answer BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (key_id, idempotency_key)
) STRICT
"""

_USAGE: Final = """
CREATE TABLE usage (
    key_id TEXT NOT NULL,
    month TEXT NOT NULL,
    jobs INTEGER NOT NULL DEFAULT 0,
    completed INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    cancelled INTEGER NOT NULL DEFAULT 0,
    cache_hits INTEGER NOT NULL DEFAULT 0,
    pages INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (key_id, month)
) STRICT
"""

_MODEL_REPLIES: Final = """
CREATE TABLE model_replies (
    tenant TEXT NOT NULL,
    document TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    reply BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, document, fingerprint)
) STRICT
"""

_MODEL_USAGE: Final = """
CREATE TABLE model_usage (
    key_id TEXT NOT NULL,
    month TEXT NOT NULL,
    model_calls INTEGER NOT NULL DEFAULT 0,
    input_tokens INTEGER NOT NULL DEFAULT 0,
    output_tokens INTEGER NOT NULL DEFAULT 0,
    cache_read_tokens INTEGER NOT NULL DEFAULT 0,
    cache_write_tokens INTEGER NOT NULL DEFAULT 0,
    cost_micros INTEGER NOT NULL DEFAULT 0,  -- millionths of a US dollar
    PRIMARY KEY (key_id, month)
) STRICT
"""

_MESSAGES: Final = """
CREATE TABLE messages (
    message_id TEXT PRIMARY KEY,
    job_id TEXT NOT NULL UNIQUE REFERENCES jobs (job_id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    event TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    next_at INTEGER,
    ring_at INTEGER,  -- when to ring for it (again)
    last_attempt_at INTEGER,
    last_status_code INTEGER,
    delivered_at INTEGER
) STRICT
"""

_BATCHES: Final = """
CREATE TABLE batches (
    batch_id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    refused TEXT NOT NULL  -- JSON
) STRICT
"""

_HISTORY: Final = """
CREATE TABLE history (
    id INTEGER PRIMARY KEY,
    job_id TEXT NOT NULL UNIQUE REFERENCES jobs (job_id) ON DELETE CASCADE,
    tenant TEXT NOT NULL,
    document TEXT NOT NULL,
    vendor_name TEXT,
    vendor_vat_number TEXT,
    iban TEXT,
    number TEXT,
    date TEXT,
    type TEXT,
    currency TEXT,
    total TEXT
) STRICT
"""

_FIGURES: Final = """
CREATE TABLE figures (
    name TEXT NOT NULL,
    label TEXT NOT NULL,
    count INTEGER NOT NULL,
    total REAL NOT NULL,
    PRIMARY KEY (name, label)
) STRICT
"""

_FACTS: Final = "CREATE TABLE facts (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT"

_INDEXES: Final = (
    "CREATE INDEX jobs_by_tenant ON jobs (tenant)",
    "CREATE INDEX jobs_by_status ON jobs (tenant, status)",
    "CREATE INDEX jobs_by_status_alone ON jobs (status)",
    "CREATE INDEX jobs_by_time ON jobs (tenant, queued_at)",
    "CREATE INDEX jobs_by_document ON jobs (tenant, document)",
    "CREATE INDEX jobs_by_reference ON jobs (tenant, external_id) WHERE external_id IS NOT NULL",
    "CREATE INDEX jobs_by_decision ON jobs (tenant, decision) WHERE decision IS NOT NULL",
    "CREATE INDEX jobs_by_batch ON jobs (batch_id) WHERE batch_id IS NOT NULL",
    "CREATE INDEX jobs_waiting ON jobs (seq) WHERE status IN ('pending', 'retrying')",
    "CREATE INDEX jobs_running ON jobs (seq) WHERE status = 'processing'",
    "CREATE INDEX jobs_ended ON jobs (completed_at) WHERE completed_at IS NOT NULL",
    "CREATE INDEX job_flags_by_job ON job_flags (seq)",
    "CREATE INDEX cache_by_age ON cache (created_at)",
    "CREATE INDEX key_hashes_by_key ON key_hashes (key_id)",
    "CREATE INDEX webhook_secrets_by_key ON webhook_secrets (key_id)",
    "CREATE INDEX requests_by_age ON requests (expires_at)",
    "CREATE INDEX history_by_document ON history (tenant, document)",
    "CREATE INDEX history_by_number ON history (tenant, number)",
    "CREATE INDEX history_by_seller ON history (tenant, vendor_vat_number)",
    "CREATE INDEX history_by_name ON history (tenant, vendor_name)",
    "CREATE INDEX messages_due ON messages (ring_at) WHERE ring_at IS NOT NULL",
)


_STEPS: Final = {
    "0001-first-tables": (
        _JOBS, _FLAGS, _RESULTS, _CACHE, _SECRETS, _KEYS, _KEY_HASHES, _WEBHOOK_SECRETS,
        _REQUESTS, _USAGE, _MESSAGES, _BATCHES, _HISTORY, _FIGURES, _FACTS, *_INDEXES,
    ),
    "0002-policy-of-a-key": ("ALTER TABLE keys ADD COLUMN policy TEXT",),
    "0003-models": (
        _MODEL_REPLIES, _MODEL_USAGE, "CREATE INDEX model_replies_by_age ON model_replies (created_at)",
    ),
}  # fmt: skip


def migrate(connection: sqlite3.Connection) -> None:
    """Take the steps from a file's tables to today's, which for most starts are none."""
    if set(_STEPS) <= _taken(connection):
        return
    from sqlite_utils import Database, Migrations  # noqa: PLC0415  # loading it takes longer than all else here

    steps = Migrations(_SET)
    for name, statements in _STEPS.items():
        steps(name=name)(_create(*statements))
    steps.apply(Database(connection))


def _taken(connection: sqlite3.Connection) -> set[str]:
    try:
        rows = connection.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = ?", (_SET,))
    except sqlite3.OperationalError:  # a new file
        return set()
    return {row[0] for row in rows}


def _create(*statements: str) -> "Callable[[Database], None]":
    def apply(database: "Database") -> None:
        for statement in statements:
            database.execute(statement)

    return apply
