"""What a model answers: the shape it is asked for, and what can be made of what it really sends.

The schema of `Answers` is what providers are given (`prompts/`), and every answer is decoded on its own: one
that is malformed, or cut off in the middle, takes none of the others with it.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec

LONGEST_VALUE: Final = 300
MOST_WORDS_A_VALUE: Final = 60
MOST_ANSWERS: Final = 2_000
_FENCE: Final = re.compile(r"^\s*```[a-z]*\s*|\s*```\s*$")
_ITEM: Final = re.compile(r"\{\s*\"")
_PATH: Final = re.compile(r"[a-z_]{1,40}(\[\d{1,4}\])?(\.[a-z_]{1,40})?")


class Answer(msgspec.Struct, frozen=True):
    """One value, and the words it is read from."""

    path: str
    """The path that was asked for; of rows with their index, as `line_items[0].amount`."""
    value: str
    """Amounts with a decimal point and no separators of thousands, dates as YYYY-MM-DD, text as printed."""
    word_ids: list[int]
    """The ids of the words on the page that show the value, all of them and no others."""


class Answers(msgspec.Struct, frozen=True):
    """All values that were found; what does not stand on the page is left out."""

    answers: list[Answer]


class Decoded(msgspec.Struct, frozen=True):
    """What could be made of a reply."""

    answers: tuple[Answer, ...]
    whole: bool
    """Whether it was what had been asked for, to its end."""


def decoded(text: str) -> Decoded:
    """The answers of a reply, as many as are whole."""
    bare = _FENCE.sub("", text)
    try:
        document = json.loads(bare)
    except (ValueError, RecursionError):
        return Decoded(tuple(_salvaged(bare)), whole=False)
    items = document.get("answers") if isinstance(document, dict) else document
    if not isinstance(items, list):
        return Decoded((), whole=False)
    found = [_answer(item) for item in items[:MOST_ANSWERS]]
    answers = tuple(answer for answer in found if answer is not None)
    return Decoded(answers, whole=bool(answers) or not items)


def _salvaged(text: str) -> Iterator[Answer]:
    """The objects of a broken text that are whole."""
    decoder = json.JSONDecoder()
    for match in list(_ITEM.finditer(text))[:MOST_ANSWERS]:
        try:
            item, _ = decoder.raw_decode(text, match.start())
        except (ValueError, RecursionError):
            continue
        answer = _answer(item)
        if answer is not None:
            yield answer


def _answer(item: Any) -> Answer | None:  # noqa: ANN401  # a stranger's JSON
    """One answer, of whatever near types it was sent in."""
    if not isinstance(item, dict) or not isinstance(item.get("path"), str):
        return None
    path, value = item["path"], item.get("value")
    if not _PATH.fullmatch(path) or isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value).strip()
    if not text or len(text) > LONGEST_VALUE:
        return None
    return Answer(path, text, _ids(item.get("word_ids")))


def _ids(given: Any) -> list[int]:  # noqa: ANN401  # as above
    listed = given if isinstance(given, list) else [given]
    found = []
    for one in listed[:MOST_WORDS_A_VALUE]:
        if isinstance(one, str) and one.strip("[] ").isascii() and one.strip("[] ").isdigit():
            found.append(int(one.strip("[] ")[:9]))
        elif isinstance(one, int | float) and not isinstance(one, bool) and one == one // 1:
            found.append(int(one))
    return sorted(set(found))
