import json
import subprocess
import sys
from pathlib import Path

INVOICE = Path(__file__).parents[2] / "fixtures" / "invoices" / "it-servizi" / "document.pdf"
DATA = Path(__file__).parents[2] / "fixtures" / "invoices" / "it-fatturapa" / "document.xml"


def spunta(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app", "parse", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_a_document_is_printed_as_markdown():
    said = spunta(INVOICE)
    assert said.returncode == 0
    assert "## Fattura" in said.stdout
    [row] = [line for line in said.stdout.splitlines() if "Formazione del personale" in line]
    assert row.startswith("|")
    assert "| 900,00 |" in row


def test_a_document_is_printed_as_segments_in_chunks():
    parsed = json.loads(spunta(INVOICE, "--format", "json", "--chunk-size", "500").stdout)
    assert parsed["filename"] == "document.pdf"
    assert parsed["page_count"] == 1
    assert len(parsed["chunks"]) > 1
    segment = parsed["chunks"][0]["segments"][0]
    assert segment["page_width"] > segment["bbox"][2] > segment["bbox"][0]


def test_data_without_pages_are_refused_in_a_sentence():
    said = spunta(DATA)
    assert said.returncode == 1
    assert "no pages" in said.stderr
    assert said.stdout == ""
