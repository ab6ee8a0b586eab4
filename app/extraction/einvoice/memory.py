"""What texts mean, for those met before: documents say the same few things again and again."""

from collections.abc import Callable
from typing import Final, Generic, TypeVar

Value = TypeVar("Value")
_REMEMBERED: Final = 4096
_LONGEST_REMEMBERED: Final = 200


class _Memory(dict[str, Value], Generic[Value]):
    """Values by text; full, it begins anew."""

    def __init__(self, meaning: Callable[[str], Value]) -> None:
        super().__init__()
        self._meaning = meaning

    def __missing__(self, text: str) -> Value:
        value = self._meaning(text)
        if len(text) <= _LONGEST_REMEMBERED:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[text] = value
        return value


def remembered(meaning: Callable[[str], Value]) -> Callable[[str], Value]:
    """A pure function of a text that looks up what it was asked before."""
    return _Memory(meaning).__getitem__
