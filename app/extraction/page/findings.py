"""Values by their path in the result, each with its evidence."""

from app.extraction.page.text import Place
from app.model.document import TextOrigin
from app.model.evidence import Evidence, Source


class Findings:
    """Values by path of the result, with their evidence."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}
        self.evidence: dict[str, Evidence] = {}

    def add(self, path: str, value: object, place: Place | None, confidence: float) -> None:
        """Keep a value; one without a place was computed."""
        self.values[path] = value
        sure = round(min(max(confidence, 0.01), 0.99), 3)
        if place is None:
            self.evidence[path] = Evidence(confidence=sure, source=Source.COMPUTED)
            return
        source = Source.OCR if place.origin is TextOrigin.OCR else Source.TEXT
        self.evidence[path] = Evidence(
            confidence=round(sure * place.certainty, 3),
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
