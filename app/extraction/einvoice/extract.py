"""From an e-invoice's bytes to its values."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from app import __version__
from app.errors import UnsupportedFile
from app.extraction.einvoice import derive
from app.extraction.einvoice.envelope import Carried, invoices_in
from app.extraction.einvoice.mapping import Format, Reader
from app.extraction.einvoice.tree import Node
from app.model.document import Document
from app.model.extraction import Extraction, Observations, Reading, SchemaProblem
from app.model.options import Mode, Options
from app.model.paths import CORE

MODEL: Final = f"deterministic@{__version__}"
_MOST_PROBLEMS: Final = 20
"""Places told of a document that breaks its own format."""


def extract_xml(document: Document, options: Options) -> Extraction:
    """Read every value from the XML of a document; in basic mode all but its lines.

    Raises:
        Unreadable: when the XML is broken.
        UnsupportedFile: when it is no invoice.
    """
    readings: list[Reading] = []
    problems: list[SchemaProblem] = []
    language: str | None = None
    european = False
    for carried in invoices_in(document.xml or b""):
        for number, node in enumerate(carried.form.invoices(carried.root), 1):
            place = f"{carried.form.body}[{number}]/" if carried.form.body else ""
            reader = Reader(lines=options.mode is not Mode.BASIC, place=place)
            reading, complaints = _read(carried.form, node, reader)
            readings.append(reading)
            problems += complaints
        problems += _broken_places(carried)
        european = european or carried.form.european
        language = language or _language(carried)
    if not readings:
        raise UnsupportedFile("The XML has the form of an invoice but holds none.")
    return Extraction(
        readings=tuple(readings),
        file_type=document.file_type,
        page_count=document.page_count,
        language=language or _spoken_in(readings[0].invoice.vendor.country),
        confidence=confidence_of(readings[0]),
        model=MODEL,
        observations=Observations(
            invoice_count=len(readings),
            schema_problems=tuple(problems[:_MOST_PROBLEMS]),
            national_format=not european,
        ),
        signature=document.signature,
    )


def _broken_places(carried: Carried) -> Iterator[SchemaProblem]:
    return islice(carried.form.check(carried.root), _MOST_PROBLEMS) if carried.form.check else iter(())


def _language(carried: Carried) -> str | None:
    """As the document declares it, else that of the country whose own format it is."""
    declared = carried.form.language_at(carried.root) if carried.form.language_at else None
    return (declared or "")[:2].lower() or carried.form.language


def _spoken_in(country: str | None) -> str | None:
    """The language of a seller's country where there is only one: an e-invoice rarely says in which it is."""
    return _ONE_LANGUAGE.get(country or "")


_ONE_LANGUAGE: Final = {
    "AT": "de", "AU": "en", "CZ": "cs", "DE": "de", "DK": "da", "ES": "es", "FR": "fr", "GB": "en",
    "HR": "hr", "HU": "hu", "IT": "it", "NL": "nl", "NO": "no", "PL": "pl", "PT": "pt", "RO": "ro",
    "SE": "sv", "SI": "sl", "SK": "sk", "TR": "tr", "US": "en",
}  # fmt: skip


def confidence_of(reading: Reading) -> float:
    """As sure as the least sure core field that was read."""
    found = (reading.fields.get(path) for path in CORE)
    return min((evidence.confidence for evidence in found if evidence), default=0.0)


def _read(form: Format, node: Node, reader: Reader) -> tuple[Reading, list[SchemaProblem]]:
    invoice = reader.invoice(form, node)
    invoice = derive.derived(invoice, reader.fields, (*form.derive, *derive.EVERYWHERE))
    invoice = derive.categorised(derive.prefixed(invoice), reader.fields)
    invoice = derive.positive(derive.priced(invoice, reader.fields))
    return Reading(invoice=invoice, fields=reader.fields), reader.problems
