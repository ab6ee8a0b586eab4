"""An XML document as plain nested data: local names, stripped texts, nothing else.

Formats are told apart by namespace, but once one is chosen its elements are found by local name, so that
unusual prefixes, forgotten namespaces and other versions of a namespace change nothing. Rows, which come by
the thousand, stay elements until their table reads them, each in one pass; a document too large to be held is
folded row by row while it streams past, so that memory follows the data and not the markup.
"""

from collections import deque
from collections.abc import Sequence
from typing import Final, TypeAlias

from lxml.etree import _Element

from app import markup
from app.errors import Unreadable
from app.extraction.einvoice.memory import remembered
from app.extraction.einvoice.names import local_name, name_of
from app.extraction.einvoice.values import LONGEST_TEXT

Leaf: TypeAlias = "str | Node | _Element"
Node: TypeAlias = "dict[str, Leaf | list[Leaf]]"
"""Children by local name, attributes by `@name`: a text, data, a row as it stands, or a list of several."""
Rows: TypeAlias = frozenset[str]
"""Names of the elements that are left as they stand."""

TEXT: Final = ""
"""Key of an element's own text, where it also has attributes."""
NOTHING: Final[tuple[Leaf, ...]] = ()
NO_ROWS: Final[Rows] = frozenset()
_MOST_ATTRIBUTES: Final = 50
_STREAMED_FROM: Final = 16_000_000
"""Bytes from which it pays to stream."""


class Tree:
    """A parsed document: the qualified name of its root, and everything below."""

    def __init__(self, root: _Element, rows: Rows, folded: deque[Leaf]) -> None:
        self.element = root
        self.qualified = str(root.tag)
        self._rows = rows
        self._folded = folded

    def node(self, element: _Element | None = None) -> Node:
        """The data of the document, or of an element of it; elements are asked for in document order."""
        chosen = self.element if element is None else element
        leaf = _fold(chosen, self._rows, self._folded, markup.MAX_DEPTH)
        return leaf if isinstance(leaf, dict) else {TEXT: leaf}


def parse_tree(data: bytes, rows: Rows = NO_ROWS) -> Tree:
    """Parse strictly.

    Raises:
        Unreadable: when it is not well-formed XML or hostile.
    """
    if len(data) < _STREAMED_FROM or not rows:
        return Tree(markup.parse(data), rows, deque())
    return _streamed(data, rows)


def _streamed(data: bytes, rows: Rows) -> Tree:
    folded: deque[Leaf] = deque()
    last: _Element | None = None
    for element in markup.parse_streaming(data, tuple("{*}" + name for name in sorted(rows))):
        last = element
        if element.getparent() is not None and not _within_row(element, rows):
            folded.append(folded_element(element))
            element.clear()
    if last is None:
        raise Unreadable("The XML is cut short or is not XML at all.")
    return Tree(last, rows, folded)


def _within_row(element: _Element, rows: Rows) -> bool:
    return any(name_of(ancestor.tag) in rows for ancestor in element.iterancestors())


def folded_element(element: _Element) -> Leaf:
    """The data of one element, rows in it too."""
    return _fold(element, NO_ROWS, deque(), markup.MAX_DEPTH)


def _fold(element: _Element, rows: Rows, folded: deque[Leaf], depth: int) -> Leaf:
    """An element's data; hot: it sees every element of every document but the rows."""
    if not len(element):
        return _text(element)
    if not depth:
        raise Unreadable("The XML is nested more deeply than any invoice.")
    node: Node = {}
    for child in element:
        name = name_of(child.tag)
        value: Leaf
        if name in rows:
            value = folded.popleft() if folded else child
        elif len(child):
            value = _fold(child, rows, folded, depth - 1)
        else:
            text = child.text
            value = text.strip() if text and len(text) < LONGEST_TEXT else ""
            if names := child.keys():
                value = _attributed(value, child, names)
        if name in node:
            _add(node, name, value)
        else:
            node[name] = value
    if names := element.keys():
        node.update(_attributed("", element, names))
    return node


def _attributed(text: str, element: _Element, names: Sequence[str | bytes]) -> Node:
    """A text with attributes; the names are asked for first, because all values at once take their square."""
    node: Node = {TEXT: text} if text else {}
    for name in names[:_MOST_ATTRIBUTES]:
        node[_attribute_name(str(name))] = (element.get(name) or "").strip()
    return node


_attribute_name: Final = remembered(lambda name: "@" + local_name(name))


def _add(node: Node, name: str, value: Leaf) -> None:
    there = node[name]
    if isinstance(there, list):
        there.append(value)
    else:
        node[name] = [there, value]


def _text(element: _Element) -> Leaf:
    text = (element.text or "").strip()
    text = text if len(text) < LONGEST_TEXT else ""
    names = element.keys()
    return _attributed(text, element, names) if names else text


def children(leaf: Leaf, name: str) -> Sequence[Leaf]:
    """What stands under a name in an element's data or in a row, none, one or several."""
    if isinstance(leaf, dict):
        return items(leaf, name)
    if isinstance(leaf, str):
        return NOTHING
    return [folded_element(child) for child in leaf if name_of(child.tag) == name]


def items(node: Node, name: str) -> Sequence[Leaf]:
    """What stands under a name, none, one or several."""
    found = node.get(name)
    if found is None:
        return NOTHING
    return found if isinstance(found, list) else (found,)


def node_of(leaf: Leaf) -> Node:
    """An element's data, whatever is kept of it."""
    if not isinstance(leaf, (str, dict)):
        leaf = folded_element(leaf)
    return leaf if isinstance(leaf, dict) else {TEXT: leaf}


def text_of(leaf: Leaf) -> str:
    """An element's own text."""
    if isinstance(leaf, str):
        return leaf
    own = node_of(leaf).get(TEXT, "")
    return own if isinstance(own, str) else ""
