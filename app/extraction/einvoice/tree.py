"""An XML document as plain nested data: local names, stripped texts, nothing else.

Formats are told apart by namespace, but once one is chosen its elements are found by local name, so that
unusual prefixes, forgotten namespaces and other versions of a namespace change nothing. Elements that repeat
by the thousand are folded while the document streams past: memory follows the data and not the markup.
"""

from collections import deque
from collections.abc import Mapping
from typing import Final, TypeAlias

from lxml import etree

from app import markup
from app.errors import Unreadable

Node: TypeAlias = "dict[str, list[Leaf]]"
Leaf: TypeAlias = "str | Node"

TEXT: Final = ""
"""Key of an element's own text, where it also has attributes."""
_LONGEST_TEXT: Final = 100_000
"""Longer texts are embedded files, never a term of an invoice."""
_STREAMED_FROM: Final = 1_000_000
"""Bytes from which it pays to stream."""
REPEATED: Final = (
    "{*}DettaglioLinee",
    "{*}InvoiceLine",
    "{*}CreditNoteLine",
    "{*}IncludedSupplyChainTradeLineItem",
    "{*}FaWiersz",
)


_NOTHING: Final[Mapping[str, str]] = {}


class Tree:
    """A parsed document: the qualified name of its root, and everything below."""

    def __init__(self, root: etree._Element, names: "Names", folded: deque[Node]) -> None:
        self.element = root
        self.qualified = str(root.tag)
        self._names = names
        self._folded = folded

    def node(self, element: etree._Element | None = None) -> Node:
        """The data of the document, or of an element of it; elements are asked for in document order."""
        chosen = self.element if element is None else element
        return _node(_fold(chosen, self._names, self._folded, markup.MAX_DEPTH))


class Names(dict[object, str]):
    """Local names by qualified ones, each worked out once."""

    def __init__(self, renamed: Mapping[str, str]) -> None:
        super().__init__()
        self._renamed = renamed

    def __missing__(self, tag: object) -> str:
        name = local_name(str(tag))
        self[tag] = name = self._renamed.get(name, name)
        return name


def parse_tree(data: bytes, renamed: Mapping[str, str] = _NOTHING) -> Tree:
    """Parse strictly, giving some elements another name.

    Raises:
        Unreadable: when it is not well-formed XML or hostile.
    """
    names = Names(renamed)
    if len(data) < _STREAMED_FROM:
        return Tree(markup.parse(data), names, deque())
    return _streamed(data, names)


def _streamed(data: bytes, names: Names) -> Tree:
    folded: deque[Node] = deque()
    last: etree._Element | None = None
    for element in markup.parse_streaming(data, REPEATED):
        last = element
        if element.getparent() is not None:
            folded.append(_node(_fold(element, names, deque(), markup.MAX_DEPTH)))
            element.clear()
    if last is None:
        raise Unreadable("The XML is cut short or is not XML at all.")
    return Tree(last, names, folded)


def _node(leaf: Leaf) -> Node:
    return leaf if isinstance(leaf, dict) else {TEXT: [leaf]}


def _fold(element: etree._Element, names: Names, folded: deque[Node], depth: int) -> Leaf:
    """An element's data; hot: it sees every element of every document."""
    if not len(element):
        return _fold_leaf(element, folded)
    if not depth:
        raise Unreadable("The XML is nested more deeply than any invoice.")
    node: Node = {}
    for child in element:
        name = names[child.tag]
        value = _fold(child, names, folded, depth - 1)
        if name in node:
            node[name].append(value)
        else:
            node[name] = [value]
    if element.keys():
        _add_attributes(element, node)
    return node


def _fold_leaf(element: etree._Element, folded: deque[Node]) -> Leaf:
    if folded and _is_repeated(element):
        return folded.popleft()
    text = (element.text or "").strip()
    if len(text) > _LONGEST_TEXT:
        text = ""
    if not element.keys():
        return text
    node: Node = {TEXT: [text]} if text else {}
    _add_attributes(element, node)
    return node


def _is_repeated(element: etree._Element) -> bool:
    return "{*}" + local_name(str(element.tag)) in REPEATED


def local_name(tag: str) -> str:
    """A name without its namespace, or without the prefix that nobody declared."""
    return tag.rpartition("}")[2].rpartition(":")[2]


def _add_attributes(element: etree._Element, node: Node) -> None:
    for name, value in element.items():
        node["@" + local_name(str(name))] = [str(value).strip()]
