"""The result of reading and extraction together: an invoice, its evidence, and what else was noticed.

Readers never judge. What a rule may want to judge (two sources that differ, text nobody can see, a date with
two readings) is handed over as an observation.
"""

from collections.abc import Mapping
from datetime import date

import msgspec

from app.model.consultation import Consultation
from app.model.document import FileType, Signature
from app.model.evidence import Evidence
from app.model.invoice import Invoice
from app.model.official import Examination


class Disagreement(msgspec.Struct, frozen=True, kw_only=True):
    """Two sources in one file that give different values for one path."""

    path: str
    preferred: str
    """The value that stands in the result, as text."""
    other: str
    preferred_source: str
    """`xml` or `code`."""
    other_source: str
    """`text`, `ocr` …"""


class AmbiguousDate(msgspec.Struct, frozen=True, kw_only=True):
    """A printed date that can be read in two ways, nothing on the page settling which."""

    path: str
    text: str
    readings: tuple[date, ...]


class SchemaProblem(msgspec.Struct, frozen=True, kw_only=True):
    """A place where an e-invoice breaks its own format, though it could be read."""

    place: str
    """Element path or line number."""
    message: str


class Observations(msgspec.Struct, frozen=True, kw_only=True):
    """What was noticed while reading and is not a value of the invoice."""

    invoice_count: int = 1
    """Invoices in the file; 0 for a document that is not one."""
    hidden_text: tuple[str, ...] = ()
    """Samples of text that a person looking at the page cannot see."""
    ambiguous_dates: tuple[AmbiguousDate, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    schema_problems: tuple[SchemaProblem, ...] = ()
    national_format: bool = False
    """Whether it is an e-invoice in a country's own format, which knows not every term of EN 16931."""
    ungrounded: tuple[str, ...] = ()
    """Paths of values a model gave that are not on the page."""
    orders_to_models: tuple[str, ...] = ()
    """Samples of text that is addressed to a model; looked for where one is asked."""
    model_trouble: tuple[str, ...] = ()
    """Codes of what kept the caller's model from helping."""
    notes: tuple[str, ...] = ()
    """Sentences for a person about how it was read."""
    official: Examination | None = None
    """What the official rules of EN 16931 say; `None` when they were not asked."""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One invoice with its evidence."""

    invoice: Invoice
    fields: Mapping[str, Evidence] = {}
    """Evidence by path of the result: `invoice.number`, `line_items[0].amount`."""


class Extraction(msgspec.Struct, frozen=True, kw_only=True):
    """All that was read from one file."""

    readings: tuple[Reading, ...]
    """At least one; the first is the job's `result`."""
    file_type: FileType
    page_count: int = 0
    language: str | None = None
    """ISO 639-1, as found in the document."""
    confidence: float = 0.0
    """The probability that every core field of the first invoice is right."""
    model: str = ""
    """`deterministic@<version>` or a model's id."""
    observations: Observations = Observations()
    signature: Signature | None = None
    consultation: Consultation | None = None
    """How a model took part; `None` when none was to."""

    @property
    def invoice(self) -> Invoice:
        """The first invoice."""
        return self.readings[0].invoice

    @property
    def fields(self) -> Mapping[str, Evidence]:
        """Evidence of the first invoice."""
        return self.readings[0].fields
