"""An XML document as plain nested data: local names, stripped texts, nothing else.

Formats are told apart by namespace, but once one is chosen its elements are found by local name, so that
unusual prefixes, forgotten namespaces and other versions of a namespace change nothing. Elements that repeat
by the thousand are folded while the document streams past: memory follows the data and not the markup.
"""

from collections import deque
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

from lxml import etree

from app import markup
from app.errors import Unreadable

Leaf: TypeAlias = "str | Node"
Node: TypeAlias = "dict[str, Leaf | list[Leaf]]"
"""Children by local name, attributes by `@name`: a text, an element, or a list where there are several."""

TEXT: Final = ""
"""Key of an element's own text, where it also has attributes."""
NOTHING: Final[tuple[Leaf, ...]] = ()
_LONGEST_TEXT: Final = 100_000
"""Longer texts are embedded files, never a term of an invoice."""
_STREAMED_FROM: Final = 8_000_000
"""Bytes from which it pays to stream."""
REPEATED: Final = (
    "{*}DettaglioLinee",
    "{*}InvoiceLine",
    "{*}CreditNoteLine",
    "{*}IncludedSupplyChainTradeLineItem",
    "{*}FaWiersz",
)

NameOf = Callable[[object], str]
"""The name an element is found under, by its tag."""


@lru_cache(maxsize=4096)
def local_name(tag: object) -> str:
    """A name without its namespace, or without the prefix that nobody declared."""
    return str(tag).rpartition("}")[2].rpartition(":")[2]


class Tree:
    """A parsed document: the qualified name of its root, and everything below."""

    def __init__(self, root: etree._Element, name_of: NameOf, folded: deque[Leaf]) -> None:
        self.element = root
        self.qualified = str(root.tag)
        self._name_of = name_of
        self._folded = folded

    def node(self, element: etree._Element | None = None) -> Node:
        """The data of the document, or of an element of it; elements are asked for in document order."""
        chosen = self.element if element is None else element
        leaf = _fold(chosen, self._name_of, self._folded, markup.MAX_DEPTH)
        return leaf if isinstance(leaf, dict) else {TEXT: leaf}


def parse_tree(data: bytes, name_of: NameOf = local_name) -> Tree:
    """Parse strictly.

    Raises:
        Unreadable: when it is not well-formed XML or hostile.
    """
    if len(data) < _STREAMED_FROM:
        return Tree(markup.parse(data), name_of, deque())
    return _streamed(data, name_of)


def _streamed(data: bytes, name_of: NameOf) -> Tree:
    folded: deque[Leaf] = deque()
    last: etree._Element | None = None
    for element in markup.parse_streaming(data, REPEATED):
        last = element
        if element.getparent() is not None:
            folded.append(_fold(element, name_of, deque(), markup.MAX_DEPTH))
            element.clear()
    if last is None:
        raise Unreadable("The XML is cut short or is not XML at all.")
    return Tree(last, name_of, folded)


def _fold(element: etree._Element, name_of: NameOf, folded: deque[Leaf], depth: int) -> Leaf:
    """An element's data; hot: it sees every element of every document."""
    if not len(element):
        return folded.popleft() if folded and _is_repeated(element) else _text(element)
    if not depth:
        raise Unreadable("The XML is nested more deeply than any invoice.")
    node: Node = {}
    for child in element:
        name = name_of(child.tag)
        value: Leaf
        if len(child) or folded:
            value = _fold(child, name_of, folded, depth - 1)
        else:
            text = child.text
            value = text.strip() if text and len(text) < _LONGEST_TEXT else ""
            if attributes := child.items():
                value = _attributed(value, attributes)
        if name in node:
            _add(node, name, value)
        else:
            node[name] = value
    if attributes := element.items():
        node.update(_attributed("", attributes))
    return node


def _attributed(text: str, attributes: "Sequence[tuple[str | bytes, str | bytes]]") -> Node:
    node: Node = {TEXT: text} if text else {}
    for name, value in attributes:
        node[_attribute_name(str(name))] = str(value).strip()
    return node


@lru_cache(maxsize=1024)
def _attribute_name(name: str) -> str:
    return "@" + local_name(name)


def _add(node: Node, name: str, value: Leaf) -> None:
    there = node[name]
    if isinstance(there, list):
        there.append(value)
    else:
        node[name] = [there, value]


def _text(element: etree._Element) -> Leaf:
    text = (element.text or "").strip()
    text = text if len(text) < _LONGEST_TEXT else ""
    attributes = element.items()
    return _attributed(text, attributes) if attributes else text


def _is_repeated(element: etree._Element) -> bool:
    return "{*}" + local_name(element.tag) in REPEATED


def items(node: Node, name: str) -> "list[Leaf] | tuple[Leaf, ...]":
    """What stands under a name, none, one or several."""
    found = node.get(name)
    if found is None:
        return NOTHING
    return found if isinstance(found, list) else (found,)


def text_of(leaf: Leaf) -> str:
    """An element's own text."""
    if isinstance(leaf, str):
        return leaf
    own = leaf.get(TEXT, "")
    return own if isinstance(own, str) else ""
