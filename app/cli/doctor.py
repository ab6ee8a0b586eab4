"""`spunta doctor`: is everything there that the service needs, and how is it mended."""

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import msgspec
import rich_click as click

from app.cli.folder import data_option
from app.cli.output import print_json, print_table
from app.errors import Misconfigured, SpuntaError
from app.settings import Settings, load, unknown

_ROOM: Final = 1_000_000_000
"""Bytes of disk below which it warns."""
_EPOCH: Final = 1_760_000_000
"""Seconds since 1970; a clock before this is wrong."""


class Finding(msgspec.Struct, frozen=True):
    """One check."""

    name: str
    state: str
    """`ok`, `warning` or `failing`."""
    told: str
    """What was found; for what is not right, how to mend it."""


@click.command()
@data_option
@click.option("--format", "shape", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.pass_context
def doctor(context: click.RichContext, /, data: Path | None, shape: str) -> None:
    """Check what the service needs; exit 1 when something is failing."""
    settings = load(data=data)
    findings = [finding for check in _CHECKS for finding in check(settings)]
    if shape == "json":
        print_json(findings)
    else:
        print_table(("check", "state", ""), ((each.name, each.state, each.told) for each in findings))
    if any(finding.state == "failing" for finding in findings):
        context.exit(1)


def _settings(_settings: Settings) -> Iterator[Finding]:
    names = unknown()
    if names:
        yield Finding(
            "settings", "warning", f"These variables are no settings: {', '.join(names)}. Correct them."
        )
    else:
        yield Finding("settings", "ok", "Every SPUNTA_ variable is a setting.")


def _database(settings: Settings) -> Iterator[Finding]:
    from app.storage.sqlite.store import open_store  # noqa: PLC0415  # help texts need no database

    if not settings.data.is_dir():
        yield Finding("folder", "warning", "There is no data folder yet; `spunta serve` makes it.")
        return
    try:
        store = open_store(settings.data)
    except SpuntaError as problem:
        yield Finding("folder", "failing", f"{problem} Give its user read and write access, or restore it.")
        return
    yield Finding("folder", "ok", "The data folder can be used.")
    if store.healthy():
        yield Finding("database", "ok", "The database can be read and written.")
    else:
        yield Finding(
            "database", "failing", "The database cannot be written: look for a full or read-only disk."
        )
    keys = [key for key in store.keys.list() if key.revoked_at is None]
    if keys:
        yield Finding("keys", "ok", f"{len(keys)} API keys are open.")
    else:
        yield Finding("keys", "warning", "There is no API key; `spunta keys create --name NAME` makes one.")
    store.close()


def _queue(settings: Settings) -> Iterator[Finding]:
    from app.jobs.broker.opened import FILE_NAME  # noqa: PLC0415  # help texts need no queue

    path = settings.data / FILE_NAME
    if not path.is_file():
        yield Finding("queue", "ok", "The queue is made when the service starts.")
        return
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=2) as queue:
            sound = queue.execute("PRAGMA quick_check").fetchone()[0] == "ok"
    except sqlite3.Error:
        sound = False
    if sound:
        yield Finding("queue", "ok", "The queue can be read.")
    else:
        yield Finding(
            "queue",
            "failing",
            "The queue is damaged: stop the service and delete broker.db; no job is lost by it.",
        )


def _disk(settings: Settings) -> Iterator[Finding]:
    folder = settings.data if settings.data.is_dir() else Path()
    free = shutil.disk_usage(folder).free
    told = f"{free / 1e9:.1f} GB are free."
    if free < _ROOM:
        yield Finding("disk", "warning", f"{told} Make room, or set SPUNTA_KEEP_DAYS.")
    else:
        yield Finding("disk", "ok", told)


def _clock(_settings: Settings) -> Iterator[Finding]:
    if time.time() < _EPOCH:
        yield Finding("clock", "failing", "The clock is years behind: start time synchronisation.")
    else:
        yield Finding("clock", "ok", "The clock is plausible.")


def _ocr(_settings: Settings) -> Iterator[Finding]:
    if find_spec("rapidocr") or shutil.which("tesseract"):
        yield Finding("ocr", "ok", "Pictures and scans can be read.")
    else:
        yield Finding("ocr", "warning", "Scans cannot be read: install spunta[ocr], or tesseract.")


def _model(_settings: Settings) -> Iterator[Finding]:
    if find_spec("anthropic"):
        yield Finding("model", "ok", "byok_assisted can ask a model with the caller's key.")
    else:
        yield Finding("model", "warning", "byok_assisted cannot work: install anthropic.")


def _rules(settings: Settings) -> Iterator[Finding]:
    from app.validation.configured import configured  # noqa: PLC0415  # help texts need no rules

    try:
        ruleset = configured(settings)
    except Misconfigured as problem:
        yield Finding("rules", "failing", str(problem))
        return
    for sentence in ruleset.problems:
        yield Finding("rules", "warning", sentence)
    yield Finding("rules", "ok", f"{len(ruleset.codes)} rules are loaded.")


_CHECKS: Final[tuple[Callable[[Settings], Iterator[Finding]], ...]] = (
    _settings,
    _database,
    _queue,
    _disk,
    _clock,
    _ocr,
    _model,
    _rules,
)
