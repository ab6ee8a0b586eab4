"""What a format prescribes of its elements: which must be there, and what form their texts have.

Not a schema: the elements a specification makes mandatory, the forms of dates, amounts and rates, and the
code lists, each looked at where it stands. A document that fails is read all the same; the places are told.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from app.extraction.einvoice.tree import Node, items
from app.model.extraction import SchemaProblem

Check = Callable[[str], object]
"""Something true of a text that is as it should be."""
MISSING: Final = "A mandatory element is missing or empty."
MISSHAPEN: Final = "The text has not the form that the format prescribes."


def matches(pattern: str) -> Check:
    """Whether the whole text has a form."""
    return re.compile(pattern).fullmatch


def listed(*allowed: str) -> Check:
    """Whether it is a code of a list."""
    return frozenset(allowed).__contains__


class Rule:
    """What must be true of an element and of those below it."""

    def __init__(self, mandatory: tuple[str, ...] = (), forms: Mapping[str, Check] | None = None) -> None:
        self.mandatory = mandatory
        self.forms: tuple[tuple[str, Check], ...] = tuple((forms or {}).items())
        self.below: dict[str, Rule] = {}

    def at(self, path: str) -> "Rule":
        """The rule of an element further down, made when it is new."""
        rule = self
        for name in path.split("/") if path else ():
            rule = rule.below.setdefault(name, Rule())
        return rule


class Structure:
    """The rules of one format; those of its rows belong to their table."""

    def __init__(
        self, mandatory: Mapping[str, tuple[str, ...]], forms: Mapping[str, Mapping[str, Check]]
    ) -> None:
        self._root = Rule()
        for path, names in mandatory.items():
            self._root.at(path).mandatory = names
        for path, checks in forms.items():
            self._root.at(path).forms = tuple(checks.items())

    def problems(self, root: Node) -> Iterator[SchemaProblem]:
        """Each place where the document breaks a rule, outer elements first."""
        return _problems(root, self._root, "")


def _problems(node: Node, rule: Rule, place: str) -> Iterator[SchemaProblem]:
    for name in rule.mandatory:
        if name not in node:
            yield SchemaProblem(place=place + name, message=MISSING)
    for name, check in rule.forms:
        if (found := node.get(name)) is None:
            continue
        for leaf in found if isinstance(found, list) else (found,):
            if not (isinstance(leaf, str) and check(leaf)):
                yield SchemaProblem(place=place + name, message=MISSHAPEN)
    for name, inner in rule.below.items():
        for index, child in enumerate(items(node, name), 1):
            if isinstance(child, dict):
                yield from _problems(child, inner, f"{place}{name}[{index}]/")
