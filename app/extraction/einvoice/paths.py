"""Paths into a document's data, as the tables of a format write them.

    DatiGenerali/DatiGeneraliDocumento/Numero      children by local name
    Amount/@currencyID                             an attribute of the last element
    A/B | C                                        C where A/B has no text
    PartyTaxScheme[TaxScheme/ID=VAT]/CompanyID     only elements where that text is so
    PartyTaxScheme[TaxScheme/ID!=VAT]/CompanyID    only elements where it is not so
    Party[Role=1,2]                                any of several

A path is compiled once, when the table is; looking it up costs a dictionary access a step.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

import msgspec

from app.extraction.einvoice.tree import Leaf, Node, children, node_of, text_of

Find = Callable[[Node], "str | None"]
"""The first text at a place, `None` when there is none."""
Place: TypeAlias = "str | Find"
"""A path, or what finds a text otherwise."""

_STEP: Final = re.compile(r"/?([\w@#.-]+)(?:\[([^\]=!]+)(!?=)([^\]]*)\])?")


class Filter(msgspec.Struct, frozen=True):
    """What must be true of an element to be stepped into."""

    steps: "tuple[Step, ...]"
    values: frozenset[str]
    wanted: bool

    def admits(self, leaf: Leaf) -> bool:
        """Whether the element passes."""
        found = next(_texts(leaf, self.steps), "")
        return (found in self.values) is self.wanted


class Step(msgspec.Struct, frozen=True):
    """One child name, perhaps with a filter."""

    name: str
    filter: Filter | None = None

    def admits(self, leaf: Leaf) -> bool:
        """Whether an element of that name is stepped into."""
        return self.filter is None or self.filter.admits(leaf)


def compiled(path: str) -> tuple[Step, ...]:
    """The steps of one path without alternatives.

    Raises:
        ValueError: when it is not a path.
    """
    steps, at = [], 0
    while at < len(path):
        match = _STEP.match(path, at)
        if match is None:
            raise ValueError(f"Not a path: {path!r} at {at}")
        at = match.end()
        steps.append(_step(match))
    return tuple(steps)


def _step(match: re.Match[str]) -> Step:
    name, inner, operator, values = match.groups()
    if inner is None:
        return Step(name)
    return Step(name, Filter(compiled(inner), frozenset(values.split(",")), operator == "="))


def _texts(leaf: Leaf, steps: tuple[Step, ...]) -> Iterator[str]:
    for found in _leaves(leaf, steps):
        if text := text_of(found):
            yield text


def _leaves(leaf: Leaf, steps: tuple[Step, ...]) -> Sequence[Leaf]:
    found: Sequence[Leaf] = (leaf,)
    for step in steps:
        one = found[0]
        if len(found) > 1 or step.filter is not None:
            found = [child for one in found for child in children(one, step.name) if step.admits(child)]
        elif isinstance(one, dict):  # most steps of most documents, and so without a call
            below = one.get(step.name)
            found = below if isinstance(below, list) else () if below is None else (below,)
        else:
            found = children(one, step.name)
        if not found:
            break
    return found


def either(*paths: str) -> str:
    """Alternatives as one path."""
    return " | ".join(paths)


def alternatives(path: str) -> list[tuple[Step, ...]]:
    """Every place a path names, the preferred one first."""
    return [compiled(part.strip()) for part in path.split("|")]


def is_plain(steps: tuple[Step, ...]) -> bool:
    """Whether they are names alone."""
    return all(step.filter is None for step in steps)


def finder(path: str) -> Find:
    """What finds the first text of a path."""
    finders = [_plain(steps) if steps and is_plain(steps) else _walker(steps) for steps in alternatives(path)]
    return finders[0] if len(finders) == 1 else _first_of(finders)


def _plain(steps: tuple[Step, ...]) -> Find:
    """Without filters: one dictionary access a step, while no element repeats on the way."""
    names, walk = tuple(step.name for step in steps), _walker(steps)

    def find(node: Node) -> str | None:
        found: Leaf | list[Leaf] | None = node
        for name in names:
            if not isinstance(found, dict):
                return walk(node) if found else None
            found = found.get(name)
        if isinstance(found, str):
            return found or None
        return walk(node) if found is not None else None

    return find


def _walker(steps: tuple[Step, ...]) -> Find:
    def find(node: Node) -> str | None:
        return next(_texts(node, steps), None)

    return find


def _first_of(finders: Sequence[Find]) -> Find:
    def find(node: Node) -> str | None:
        for one in finders:
            if text := one(node):
                return text
        return None

    return find


def entrance(path: str) -> str | None:
    """The child that every alternative of a path begins with, when it is the same."""
    places = alternatives(path)
    names = {steps[0].name for steps in places if steps}
    return names.pop() if len(names) == 1 and all(places) else None


Texts = Sequence["str | None"]


class Together:
    """A text made of the texts of several places; it finds them like any other function does."""

    def __init__(self, places: Sequence[Place], make: Callable[[Texts], str | None]) -> None:
        self.places = tuple(places)
        self.make = make
        self._finders = [finder(place) if isinstance(place, str) else place for place in places]

    def __call__(self, node: Node) -> str | None:
        """The text of an element."""
        return self.make([find(node) for find in self._finders])


def first_of(*places: Place) -> Together:
    """The first of several places that has a text."""
    return Together(places, lambda found: next((text for text in found if text), None))


def joined(*places: Place, separator: str = " ") -> Together:
    """The texts of several places, those that are there, in one line."""
    return Together(places, lambda found: separator.join(text for text in found if text) or None)


def addressed(*places: Place) -> Together:
    """Street, number and the rest in one line; a number that ends the street already is not said twice."""
    return Together(places, _addressed)


def _addressed(found: Texts) -> str | None:
    line = ""
    for text in found:
        if text and not f" {line}".endswith(f" {text}"):
            line = f"{line} {text}".lstrip()
    return line or None


def described(name: Place, description: Place) -> Together:
    """An item's name and its description, which often only repeats the name or holds it."""
    return Together((name, description), _described)


def _described(found: Texts) -> str | None:
    short, long = found
    if not short or not long:
        return short or long
    if f" {short} " in f" {long} ":
        return long
    return short if f" {long} " in f" {short} " else f"{short}: {long}"


def by_code(name: str, code: str) -> Together:
    """The name of a tagged element, or its code where the name says nothing of its kind."""
    return Together(("#", code), lambda found: found[1] if found[0] == name and found[1] else found[0])


def mailed(contact: Place, endpoint: Place) -> Together:
    """The contact's e-mail address; the electronic address, a number as often, only where it is one."""
    return Together((contact, endpoint), _mailed)


def _mailed(found: Texts) -> str | None:
    return next((text for text in found if text and "@" in text), found[0])


def prefixed(prefix: str, path: str) -> Together:
    """The text of a place with something before it that the format leaves out."""
    return Together((path,), lambda found: prefix + found[0] if found[0] else None)


def leaves(path: str) -> Callable[[Node], Sequence[Leaf]]:
    """What finds every element of a path (alternatives: all of them), rows as they stand."""
    places = alternatives(path)
    if len(places) == 1:
        return lambda node: _leaves(node, places[0])
    return lambda node: [leaf for steps in places for leaf in _leaves(node, steps)]


def nodes(path: str) -> Callable[[Node], Iterator[Node]]:
    """What finds every element of a path (alternatives: all of them, one after the other)."""
    find_leaves = leaves(path)

    def find(node: Node) -> Iterator[Node]:
        for leaf in find_leaves(node):
            yield node_of(leaf)

    return find


def tagged(*paths: str) -> Callable[[Node], Iterator[Node]]:
    """What finds every element of several paths, each saying by `#` which name it has."""
    finders = [(path.rpartition("/")[2].partition("[")[0], nodes(path)) for path in paths]

    def find(node: Node) -> Iterator[Node]:
        for name, one in finders:
            for found in one(node):
                yield {**found, "#": name}

    return find


def texts(path: str) -> Callable[[Node], Iterator[str]]:
    """What finds every text of a path."""
    places = alternatives(path)

    def find(node: Node) -> Iterator[str]:
        for steps in places:
            yield from _texts(node, steps)

    return find
