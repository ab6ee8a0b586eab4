"""`spunta webhooks`: whether a receiver takes what it will be sent, and the secret it checks with."""

import datetime as dt
from http import HTTPStatus
from pathlib import Path
from typing import Final

import rich_click as click

from app.cli.folder import data_option, open_existing
from app.cli.output import tell
from app.errors import Misconfigured
from app.settings import load
from app.storage.protocols import Store
from app.storage.records import Key

_BOTH_SIGN: Final = dt.timedelta(days=1)
"""How long messages carry the signatures of the old secret and the new one."""

_key_option = click.option("--key", "name", required=True, help="Name or id of the API key.")


@click.group()
def webhooks() -> None:
    """Try webhooks; show or renew the secret that signs them."""


@webhooks.command()
@data_option
@_key_option
@click.option("--url", help="The receiver; the key's own address, when not given.")
@click.pass_context
def test(context: click.RichContext, /, data: Path | None, name: str, url: str | None) -> None:
    """Send one signed message of type `webhook.test`; exit 1 when it is not taken."""
    from app.jobs.actors import Actors  # noqa: PLC0415  # help texts need no courier
    from app.jobs.broker import open_broker  # noqa: PLC0415  # as above
    from app.jobs.outbound import GuardedPoster  # noqa: PLC0415  # as above
    from app.jobs.webhooks import Courier  # noqa: PLC0415  # as above

    settings = load(data=data)
    store = open_existing(data)
    key = _named(store, name)
    target = url or key.callback_url
    if target is None:
        raise Misconfigured("The key has no address of its own; `--url` names one.")
    poster = GuardedPoster(private_allowed=settings.webhook_private)
    courier = Courier(store, Actors(open_broker(settings)), poster, lambda: dt.datetime.now(dt.UTC))
    answer = courier.test(key.key_id, target)
    if answer is None:
        tell("The receiver could not be reached.")
        context.exit(1)
    tell(f"The receiver answered {answer.status}.")
    if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        context.exit(1)


@webhooks.command()
@data_option
@_key_option
def secret(data: Path | None, name: str) -> None:
    """Print the secret that signs a key's webhooks, alone."""
    store = open_existing(data)
    click.echo(store.keys.webhook_secrets(_named(store, name).key_id, dt.datetime.now(dt.UTC))[0])


@webhooks.command()
@data_option
@_key_option
def rotate(data: Path | None, name: str) -> None:
    """Make a new signing secret and print it, alone; for a day messages carry both signatures."""
    store = open_existing(data)
    key = _named(store, name)
    click.echo(store.keys.rotate_webhook_secret(key.key_id, dt.datetime.now(dt.UTC), _BOTH_SIGN))


def _named(store: Store, name: str) -> Key:
    found = [key for key in store.keys.list() if name in (key.name, key.key_id) and key.revoked_at is None]
    if len(found) != 1:
        raise Misconfigured(f"{len(found)} keys are called that; `spunta keys list` shows their ids.")
    return found[0]
