"""`spunta keys`: API keys, each shown once."""

import datetime as dt
from pathlib import Path
from typing import Final

import rich_click as click

from app.cli.folder import data_option, open_existing
from app.cli.output import print_json, print_table, tell
from app.errors import Misconfigured
from app.storage.records import Key, Scope

_FILE: Final = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group()
def keys() -> None:
    """Create, list, rotate and revoke API keys."""


@keys.command()
@data_option
@click.option("--name", required=True, help="What the key is for.")
@click.option("--tenant", help="Whose jobs it sees; the name, when not given.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([str(scope) for scope in Scope]),
    help="What it may do; `submit` and `read` when not given. Can be repeated.",
)
@click.option("--expires-days", type=click.IntRange(min=1), help="Days until it opens nothing any more.")
@click.option("--callback-url", help="Where webhooks go when a request names no address.")
@click.option("--rate-limit", help="Submissions, as `100/minute`; the service's own when not given.")
@click.option("--monthly-quota", type=click.IntRange(min=0), help="Documents per calendar month.")
@click.option("--policy", type=_FILE, help="A policy document of its own, over the operator's.")
def create(  # noqa: PLR0913, PLR0917  # a key has that many sides
    data: Path | None,
    name: str,
    tenant: str | None,
    scopes: tuple[str, ...],
    expires_days: int | None,
    callback_url: str | None,
    rate_limit: str | None,
    monthly_quota: int | None,
    policy: Path | None,
) -> None:
    """Make a key and print it, alone. It cannot be shown again."""
    if rate_limit:
        _check_limit(rate_limit)
    expires = dt.datetime.now(dt.UTC) + dt.timedelta(days=expires_days) if expires_days else None
    _, secret = open_existing(data, create=True).keys.create(
        name,
        tenant=tenant,
        scopes=frozenset(Scope(scope) for scope in scopes) or None,
        expires_at=expires,
        callback_url=callback_url,
        rate_limit=rate_limit,
        monthly_quota=monthly_quota,
        policy=None if policy is None else _right_policy(policy),
    )
    click.echo(secret)


@keys.command("list")
@data_option
@click.option("--format", "shape", type=click.Choice(["table", "json"]), default="table", show_default=True)
def list_keys(data: Path | None, shape: str) -> None:
    """Show all keys, without their secrets."""
    found = open_existing(data).keys.list()
    if shape == "json":
        print_json(found)
        return
    titles = ("id", "name", "tenant", "begins", "scopes", "created", "last used", "state")
    print_table(titles, (_row(key) for key in found))


@keys.command()
@data_option
@click.argument("key")
@click.option(
    "--keep-hours",
    type=click.IntRange(min=0),
    default=24,
    show_default=True,
    help="How long the old one opens.",
)
def rotate(data: Path | None, key: str, keep_hours: int) -> None:
    """Give KEY (a name or an id) a new secret and print it, alone."""
    keep_old = dt.timedelta(hours=keep_hours)
    rotated = open_existing(data).keys.rotate(key, dt.datetime.now(dt.UTC), keep_old)
    if rotated is None:
        raise Misconfigured("There is no key of that name or id.")
    click.echo(rotated[1])


@keys.command()
@data_option
@click.argument("key")
@click.argument("file", type=_FILE, required=False)
@click.option("--remove", is_flag=True, help="Take its own policy away; the operator's is in force then.")
def policy(data: Path | None, key: str, file: Path | None, remove: bool) -> None:  # a flag
    """Give KEY (a name or an id) the policy document in FILE; without FILE, print the one it has."""
    found = _key(data, key)
    if file is None and not remove:
        click.echo(found.policy or "", nl=not (found.policy or "").endswith("\n"))
        return
    open_existing(data).keys.set_policy(found.key_id, None if file is None else _right_policy(file))
    tell("The policy holds for what is judged from now on.")


def _key(data: Path | None, name_or_id: str) -> Key:
    wanted = [key for key in open_existing(data).keys.list() if name_or_id in (key.key_id, key.name)]
    found = [key for key in wanted if key.revoked_at is None] or wanted
    if len(found) != 1:
        raise Misconfigured("There is no key of that name or id, or several: give the id of one.")
    return found[0]


def _right_policy(file: Path) -> str:
    from app.cli.policy import mistakes_in, read_text  # noqa: PLC0415  # only for those who set one

    text = read_text(file)
    if mistakes := mistakes_in(text):
        raise Misconfigured("\n".join(["The policy is wrong.", *mistakes]))
    return text


@keys.command()
@data_option
@click.argument("key")
def revoke(data: Path | None, key: str) -> None:
    """Close KEY (a name or an id) at once and for good."""
    if open_existing(data).keys.revoke(key, dt.datetime.now(dt.UTC)) is None:
        raise Misconfigured("There is no key of that name or id.")
    tell("The key opens nothing any more.")


def _check_limit(text: str) -> None:
    from app.api.rates import read_limit  # noqa: PLC0415  # only for those who limit

    read_limit(text)


def _row(key: Key) -> tuple[str, ...]:
    now = dt.datetime.now(dt.UTC)
    state = "revoked" if key.revoked_at else "expired" if not key.usable(now) else "open"
    scopes = " ".join(sorted(key.scopes))
    created, used = _day(key.created_at), _day(key.last_used_at)
    return (key.key_id, key.name, key.tenant, f"{key.hint}…", scopes, created, used, state)


def _day(moment: dt.datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M") if moment else "never"
