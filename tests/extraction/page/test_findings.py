from decimal import Decimal

from app.extraction.page.findings import Findings
from app.extraction.page.text.lines import Place
from app.model.document import TextOrigin
from app.model.evidence import Box


def place(certainty: float) -> Place:
    return Place(1, Box(0, 0, 9, 9), "12.50", TextOrigin.OCR, certainty)


def test_what_can_hardly_be_read_is_no_value():
    findings = Findings()
    findings.add("financials.total", Decimal("12.50"), place(0.2), 0.9)
    assert findings.values == {}
    assert findings.evidence == {}


def test_what_is_read_with_doubt_is_kept_and_doubted():
    findings = Findings()
    findings.add("financials.total", Decimal("12.50"), place(0.6), 0.9)
    assert findings.values == {"financials.total": Decimal("12.50")}
    assert findings.doubts == {"financials.total": 0.6}


def test_a_cell_of_a_table_keeps_its_evidence():
    findings = Findings()
    findings.add("line_items[0].amount", Decimal("12.50"), place(0.2), 0.9)
    assert "line_items[0].amount" in findings.evidence
