"""Values by their path in the result, each with its evidence."""

from typing import Final

from app.extraction.page.text.lines import Place
from app.model.document import TextOrigin
from app.model.evidence import Evidence, Source

_ILLEGIBLE: Final = 0.35
"""Certainty of recognition below which a value is a guess."""
_TABLES: Final = ("line_items", "tax_breakdown")


class Findings:
    """Values by path of the result, with their evidence."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}
        self.evidence: dict[str, Evidence] = {}
        self.doubts: dict[str, float] = {}
        """How sure the words of a value are, where recognition left a doubt."""

    def add(self, path: str, value: object, place: Place | None, confidence: float) -> None:
        """Keep a value; one without a place was computed, one that can hardly be read is none."""
        if place is not None and place.certainty < _ILLEGIBLE and not path.startswith(_TABLES):
            return
        self.values[path] = value
        sure = round(min(max(confidence, 0.01), 0.99), 3)
        if place is None:
            self.evidence[path] = Evidence(confidence=sure, source=Source.COMPUTED)
            return
        if place.certainty < 1:
            self.doubts[path] = place.certainty
        source = Source.OCR if place.origin is TextOrigin.OCR else Source.TEXT
        self.evidence[path] = Evidence(
            confidence=sure,
            source=source,
            page=place.page,
            bbox=place.box,
            text=place.text,
        )

    def section(self, name: str) -> dict[str, object]:
        """The values of one part of the result, by field."""
        return {
            path[len(name) + 1 :]: value for path, value in self.values.items() if path.startswith(name + ".")
        }
