"""All places of a table in one tree of names, so that an element is walked once whatever is wanted of it.

Each place has a number; a walk fills a list of texts by number, the first text of a place being the one that
counts. The same tree is walked over rows as they stand in the document and over data that were folded.
"""

from collections.abc import Callable
from operator import itemgetter
from typing import Final, TypeAlias, final

from lxml.etree import _Element

from app.extraction.einvoice.names import name_of
from app.extraction.einvoice.paths import Place, Step, Texts, Together, alternatives, is_plain
from app.extraction.einvoice.tree import TEXT, Leaf, Node

Found: TypeAlias = "list[str | None]"
"""Texts by the number of their place."""
Make = Callable[[Texts], "str | None"]
NOWHERE: Final = -1
MARKED: Final = 0
"""The number under which it is told that any element that is looked for is there."""
PRESENT: Final = "·"
"""Stands for an element that is only looked for."""
_MOST_TAGS: Final = 1000
"""Spellings of names that one junction remembers before it begins anew."""


@final
class Turn:
    """What is wanted of a child: its text, that it is there, its attributes, what is below."""

    __slots__ = ("attributes", "below", "mark", "own")

    def __init__(self) -> None:
        self.own = NOWHERE
        self.mark = NOWHERE
        self.attributes: dict[str, int] | None = None
        self.below: Junction | None = None

    @property
    def simple(self) -> "Way":
        """Its text's number or what is below, where that is all that is wanted."""
        if self.attributes is not None or self.mark != NOWHERE:
            return self
        if self.below is None:
            return self.own
        return self.below if self.own == NOWHERE else self


@final
class Junction(dict[str, "Way | None"]):
    """The children that are wanted, by tag as the document spells it; learnt as spellings are met."""

    def __init__(self) -> None:
        self.by_name: dict[str, Turn] = {}

    def __missing__(self, tag: str) -> "Way | None":
        turn = self.by_name.get(name_of(tag))
        wanted = None if turn is None else turn.simple
        if len(self) >= _MOST_TAGS:
            self.clear()
        self[tag] = wanted
        return wanted


Way: TypeAlias = int | Junction | Turn


class Places:
    """The places of one table."""

    def __init__(self) -> None:
        self.root = Turn()
        self._count = MARKED + 1
        self._way: Way | None = None

    def number(self, steps: tuple[Step, ...]) -> int:
        """The number of a place that is names alone."""
        name = steps[-1].name if steps else ""
        if name.startswith("@"):
            turn = self._turn(steps[:-1])
            turn.attributes = turn.attributes or {}
            return turn.attributes.setdefault(name[1:], self._next_unless(turn.attributes.get(name[1:])))
        turn = self._turn(steps)
        turn.own = self._next_unless(turn.own)
        return turn.own

    def mark(self, path: str) -> int:
        """The number under which it is told that an element is there."""
        turn = self._turn(alternatives(path)[0])
        turn.mark = self._next_unless(turn.mark)
        return turn.mark

    def _turn(self, steps: tuple[Step, ...]) -> Turn:
        turn = self.root
        for step in steps:
            if turn.below is None:
                turn.below = Junction()
            turn = turn.below.by_name.setdefault(step.name, Turn())
        return turn

    def _next_unless(self, number: int | None) -> int:
        if number is not None and number != NOWHERE:
            return number
        self._count += 1
        return self._count - 1

    def compiled(self, place: Place) -> int | Make | None:
        """The number of a place, what makes its text of several, `None` for what only a function can find."""
        if isinstance(place, Together):
            parts = [self.compiled(part) for part in place.places]
            return None if None in parts else _together(parts, place.make)
        if not isinstance(place, str):
            return None
        places = alternatives(place)
        if not all(is_plain(steps) for steps in places):
            return None
        numbers = [self.number(steps) for steps in places]
        return numbers[0] if len(numbers) == 1 else _either(numbers)

    def texts(self, leaf: Leaf) -> Found:
        """The texts of an element."""
        found: Found = [None] * self._count
        if self._way is None:
            self._way = self.root.simple
        if isinstance(leaf, _Element) and isinstance(self._way, Junction):
            _walk_children(leaf, self._way, found)
        else:
            _walk_leaf(leaf, self.root, found)
        return found


def _either(numbers: list[int]) -> Make:
    def make(found: Texts) -> str | None:
        for number in numbers:
            if text := found[number]:
                return text
        return None

    return make


def _together(parts: "list[int | Make | None]", make: Callable[[Texts], str | None]) -> Make:
    numbers = [part for part in parts if isinstance(part, int)]
    if len(numbers) == len(parts) > 1:
        chosen = itemgetter(*numbers)
        return lambda found: make(chosen(found))
    makes = [part if callable(part) else _either([part or 0]) for part in parts]
    return lambda found: make([one(found) for one in makes])


def _keep(text: str, number: int, found: Found) -> None:
    if text and number >= 0 and not found[number]:
        found[number] = text


def _walk_element(element: _Element, turn: Turn, found: Found) -> None:
    """The texts of an element of the document."""
    if turn.mark >= 0:
        found[MARKED] = found[turn.mark] = PRESENT
    if turn.attributes is not None:
        for name, number in turn.attributes.items():
            _keep((element.get(name) or "").strip(), number, found)
    if turn.below is not None and len(element):
        _walk_children(element, turn.below, found)
    else:
        _keep((element.text or "").strip(), turn.own, found)


def _walk_children(element: _Element, wanted: Junction, found: Found) -> None:
    """The texts below an element of the document; hot: it sees every element of every row."""
    for child in element:
        way = wanted[child.tag]
        if type(way) is int:
            if (text := child.text) and not found[way]:
                found[way] = text.strip()
        elif type(way) is Junction:
            _walk_children(child, way, found)
        elif type(way) is Turn:
            _walk_element(child, way, found)


def _walk_node(node: Node, turn: Turn, found: Found) -> None:
    """The same over data."""
    own = node.get(TEXT)
    if isinstance(own, str):
        _keep(own, turn.own, found)
    if turn.attributes is not None:
        for name, number in turn.attributes.items():
            value = node.get("@" + name)
            if isinstance(value, str):
                _keep(value, number, found)
    if turn.below is None:
        return
    wanted = turn.below.by_name
    for name, leaf in node.items():
        if (below := wanted.get(name)) is None:
            continue
        if isinstance(leaf, list):
            for one in leaf:
                _walk_leaf(one, below, found)
        else:
            _walk_leaf(leaf, below, found)


def _walk_leaf(leaf: Leaf, turn: Turn, found: Found) -> None:
    if isinstance(leaf, _Element):
        _walk_element(leaf, turn, found)
        return
    if turn.mark >= 0:
        found[MARKED] = found[turn.mark] = PRESENT
    if not isinstance(leaf, str):
        _walk_node(leaf, turn, found)
    elif leaf and (own := turn.own) >= 0 and not found[own]:
        found[own] = leaf
