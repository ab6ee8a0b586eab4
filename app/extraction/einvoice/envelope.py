"""Where the invoices of an XML document are: it may be one, or carry some inside a transport message."""

from collections.abc import Iterator
from typing import Final

import msgspec
from lxml import etree

from app.extraction.einvoice.formats import ROWS, format_of, refusal
from app.extraction.einvoice.mapping import Format
from app.extraction.einvoice.tree import Node, Tree, parse_tree

_DEEPEST: Final = 8
"""Elements between a message's root and an invoice in it."""
_MOST_TEXT: Final = 3
"""Documents as text inside documents."""


class Carried(msgspec.Struct, frozen=True):
    """A document of a known format."""

    form: Format
    root: Node


def invoices_in(data: bytes) -> list[Carried]:
    """Every document of a known format in an XML file.

    Raises:
        Unreadable: when the XML is broken.
        UnsupportedFile: when there is none.
    """
    tree = parse_tree(data, ROWS)
    form = format_of(tree.qualified)
    if form is not None:
        return [Carried(form, tree.node())]
    found = [Carried(form, tree.node(element)) for form, element in _within(tree.element, _DEEPEST)]
    return found or _in_texts(tree, _MOST_TEXT)


def _within(element: etree._Element, depth: int) -> Iterator[tuple[Format, etree._Element]]:
    """The outermost elements that are invoices."""
    for child in element:
        form = format_of(str(child.tag))
        if form is not None:
            yield form, child
        elif depth:
            yield from _within(child, depth - 1)


def _in_texts(tree: Tree, depth: int) -> list[Carried]:
    """Documents that stand as escaped text (Latin American `AttachedDocument`)."""
    for element in tree.element.iter():
        text = (element.text or "").lstrip()
        if depth and text.startswith("<") and not len(element):
            inner = parse_tree(text.encode(), ROWS)
            form = format_of(inner.qualified)
            if form is not None:
                return [Carried(form, inner.node())]
    raise refusal(tree.qualified)
