"""What models cost, from a dated list (`prices.toml`). One that is not on it has no price, not a guess."""

import datetime as dt
import tomllib
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from app.model.consultation import Spent

_MILLION: Final = Decimal(1_000_000)
_CHARACTERS_A_TOKEN: Final = 3
_SMALLEST: Final = Decimal("0.000001")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Prices per million tokens."""

    input: Decimal
    output: Decimal
    cache_write: Decimal
    cache_read: Decimal
    up_to: int | None = None
    """The longest prompt, in tokens, for which it holds."""


class Facts(msgspec.Struct, frozen=True, kw_only=True, rename={"since": "from"}):
    """One model from one day on."""

    id: str
    since: dt.date
    rows: tuple[Row, ...] = ()
    effort: str = ""
    """How hard it is asked to think, where it has a choice."""
    cacheable: int = 4_096
    """The shortest text, in tokens, that its provider keeps for the next question."""

    @property
    def cacheable_characters(self) -> int:
        """The same in characters, on the safe side."""
        return self.cacheable * _CHARACTERS_A_TOKEN


class _List(msgspec.Struct, frozen=True):
    model: tuple[Facts, ...]


_UNKNOWN: Final = Facts(id="", since=dt.date.min)


@cache
def price_list() -> tuple[Facts, ...]:
    """Every entry of the list."""
    data = tomllib.loads((files(__package__) / "prices.toml").read_text("utf-8"))
    return msgspec.convert(data, _List).model


def facts_of(model: str, today: dt.date | None = None) -> Facts:
    """What is known of a model; dated ids (`claude-haiku-4-5-20251001`) are those of their family."""
    today = today or dt.datetime.now(dt.UTC).date()
    known = [one for one in price_list() if model == one.id or model.startswith(f"{one.id}-20")]
    begun = [one for one in known if one.since <= today]
    return max(begun, key=lambda one: one.since, default=_UNKNOWN)


def cost_of(spent: Spent, *models: str, today: dt.date | None = None) -> Spent:
    """What was spent, with its price by the first of these ids that has one."""
    for model in models:
        for row in facts_of(model, today).rows:
            prompt = spent.input_tokens + spent.cache_read_tokens + spent.cache_write_tokens
            if row.up_to is None or prompt <= row.up_to:
                return msgspec.structs.replace(spent, cost=_cost(spent, row))
    return msgspec.structs.replace(spent, cost=None)


def _cost(spent: Spent, row: Row) -> Decimal:
    whole = (
        spent.input_tokens * row.input
        + spent.output_tokens * row.output
        + spent.cache_write_tokens * row.cache_write
        + spent.cache_read_tokens * row.cache_read
    )
    return (whole / _MILLION).quantize(_SMALLEST)
