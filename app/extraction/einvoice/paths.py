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
from collections.abc import Callable, Iterator
from typing import Final

import msgspec

from app.extraction.einvoice.tree import TEXT, Leaf, Node, items, text_of

Find = Callable[[Node], "str | None"]
"""The first text at a place, `None` when there is none."""

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


def _leaves(leaf: Leaf, steps: tuple[Step, ...]) -> Iterator[Leaf]:
    if not steps:
        yield leaf
    elif isinstance(leaf, dict):
        step, rest = steps[0], steps[1:]
        for child in items(leaf, step.name):
            if step.filter is not None and not step.filter.admits(child):
                continue
            if rest:
                yield from _leaves(child, rest)
            else:
                yield child


def either(*paths: str) -> str:
    """Alternatives as one path."""
    return " | ".join(paths)


def finder(path: str) -> Find:
    """What finds the first text of a path."""
    alternatives = [compiled(part.strip()) for part in path.split("|")]
    finders = [_plain(steps) if _is_plain(steps) else _walker(steps) for steps in alternatives]
    if len(finders) == 1:
        return finders[0]
    children = [steps[0].name for steps in alternatives if len(steps) == 1 and _is_plain(steps)]
    return _children(children, first_of(*finders)) if len(children) == len(finders) else first_of(*finders)


def _children(names: list[str], walk: Find) -> Find:
    """The first child of several names, at one look each while none repeats."""

    def find(node: Node) -> str | None:
        for name in names:
            if found := node.get(name):
                return found if isinstance(found, str) else walk(node)
        return None

    return find


def _is_plain(steps: tuple[Step, ...]) -> bool:
    return bool(steps) and all(step.filter is None for step in steps)


def _plain(steps: tuple[Step, ...]) -> Find:
    """Without filters: one dictionary access a step, while no element repeats on the way."""
    names, walk = tuple(step.name for step in steps), _walker(steps)
    if len(names) == 1:
        return _child(names[0], walk)

    def find(node: Node) -> str | None:
        found: Leaf | list[Leaf] | None = node
        for name in names:
            if not isinstance(found, dict):
                return walk(node) if isinstance(found, list) else None
            found = found.get(name)
        if isinstance(found, str):
            return found or None
        return walk(node) if found else None

    return find


def _child(name: str, walk: Find) -> Find:
    def find(node: Node) -> str | None:
        found = node.get(name)
        if not found:
            return None
        return found if isinstance(found, str) else walk(node)

    return find


def _walker(steps: tuple[Step, ...]) -> Find:
    def find(node: Node) -> str | None:
        return next(_texts(node, steps), None)

    return find


def entrance(path: str) -> str | None:
    """The child that every alternative of a path begins with, when it is the same."""
    alternatives = [compiled(part.strip()) for part in path.split("|")]
    children = {steps[0].name for steps in alternatives if steps}
    return children.pop() if len(children) == 1 and all(alternatives) else None


def first_of(*finders: Find) -> Find:
    """The first of several places that has a text."""

    def find(node: Node) -> str | None:
        for one in finders:
            if text := one(node):
                return text
        return None

    return find


def joined(*paths: str, separator: str = " ") -> Find:
    """The texts of several places, those that are there, in one line."""
    finders = [finder(path) for path in paths]

    def find(node: Node) -> str | None:
        return separator.join(text for one in finders if (text := one(node))) or None

    return find


def addressed(*paths: str) -> Find:
    """Street, number and the rest in one line; a number that ends the street already is not said twice."""
    finders = [finder(path) for path in paths]

    def find(node: Node) -> str | None:
        line = ""
        for one in finders:
            text = one(node)
            if text and not f" {line}".endswith(f" {text}"):
                line = f"{line} {text}".lstrip()
        return line or None

    return find


def described(name: str, description: str) -> Find:
    """An item's name and its description, which often only repeats the name or holds it."""
    find_name, find_description = finder(name), finder(description)

    def find(node: Node) -> str | None:
        short, long = find_name(node), find_description(node)
        if not short or not long:
            return short or long
        if f" {short} " in f" {long} ":
            return long
        return short if f" {long} " in f" {short} " else f"{short}: {long}"

    return find


def prefixed(prefix: str, path: str) -> Find:
    """The text of a place with something before it that the format leaves out."""
    find = finder(path)

    def prefix_text(node: Node) -> str | None:
        text = find(node)
        return prefix + text if text else None

    return prefix_text


def nodes(path: str) -> Callable[[Node], Iterator[Node]]:
    """What finds every element of a path (alternatives: all of them, one after the other)."""
    alternatives = [compiled(part.strip()) for part in path.split("|")]

    def find(node: Node) -> Iterator[Node]:
        for steps in alternatives:
            for leaf in _leaves(node, steps):
                yield leaf if isinstance(leaf, dict) else {TEXT: leaf}

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
    alternatives = [compiled(part.strip()) for part in path.split("|")]

    def find(node: Node) -> Iterator[str]:
        for steps in alternatives:
            yield from _texts(node, steps)

    return find
