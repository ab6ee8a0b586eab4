"""From an e-invoice's bytes to its values."""

from itertools import islice
from typing import Final

from app import __version__
from app.errors import UnsupportedFile
from app.extraction.einvoice import derive
from app.extraction.einvoice.formats import RENAMED, format_of, refusal
from app.extraction.einvoice.mapping import Format, Reader
from app.extraction.einvoice.tree import Node, parse_tree
from app.model.document import Document
from app.model.extraction import Extraction, Observations, Reading, SchemaProblem
from app.model.options import Options

MODEL: Final = f"deterministic@{__version__}"
_MOST_PROBLEMS: Final = 20
"""Places told of a document that breaks its own format."""


def extract_xml(document: Document, _options: Options) -> Extraction:
    """Read every value from the XML of a document.

    Raises:
        Unreadable: when the XML is broken.
        UnsupportedFile: when it is no invoice.
    """
    tree = parse_tree(document.xml or b"", RENAMED)
    form = format_of(tree.qualified)
    if form is None:
        raise refusal(tree.qualified)
    root = tree.node()
    readings, problems = [], []
    for node in form.invoices(root):
        reading, complaints = _read(form, node)
        readings.append(reading)
        problems += complaints
    if not readings:
        raise UnsupportedFile(f"The {form.name} file holds no invoice.")
    problems += islice(form.check(root) if form.check else iter(()), _MOST_PROBLEMS)
    return Extraction(
        readings=tuple(readings),
        file_type=document.file_type,
        page_count=document.page_count,
        language=form.language,
        confidence=1.0,
        model=MODEL,
        observations=Observations(
            invoice_count=len(readings),
            schema_problems=tuple(problems[:_MOST_PROBLEMS]),
        ),
        signature=document.signature,
    )


def _read(form: Format, node: Node) -> tuple[Reading, list[SchemaProblem]]:
    reader = Reader()
    invoice = reader.invoice(form, node)
    invoice = derive.derived(invoice, reader.fields, (*form.derive, *derive.EVERYWHERE))
    invoice = derive.positive(invoice)
    return Reading(invoice=invoice, fields=reader.fields), reader.problems
