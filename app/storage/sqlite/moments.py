"""Times as SQLite keeps them: whole milliseconds since 1970 UTC."""

import datetime as dt
from typing import Final, overload

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MS: Final = dt.timedelta(milliseconds=1)


@overload
def to_ms(moment: dt.datetime) -> int: ...
@overload
def to_ms(moment: None) -> None: ...
def to_ms(moment: dt.datetime | None) -> int | None:
    """Milliseconds of a moment, what is finer cut off."""
    return None if moment is None else (moment - _EPOCH) // _MS


@overload
def from_ms(ms: int) -> dt.datetime: ...
@overload
def from_ms(ms: None) -> None: ...
def from_ms(ms: int | None) -> dt.datetime | None:
    """The moment of so many milliseconds."""
    return None if ms is None else _EPOCH + ms * _MS
