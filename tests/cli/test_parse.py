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
    assert "\n# Fattura\n" in said.stdout
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


def test_an_e_invoice_is_printed_as_the_document_it_describes():
    said = spunta(DATA).stdout
    assert said.startswith("# Fattura 313/A\n\n## Cedente/prestatore\n\nDenominazione: Ferro & Legno")
    assert "| 2 | GR-14 | Gradino in rovere massello | 14,00 | pz | 68,50 | 10,00 | 959,00 |" in said
    assert "Totale documento: 3.085,32" in said


def test_data_that_describe_no_invoice_are_refused_in_a_sentence(tmp_path):
    (tmp_path / "other.xml").write_text("<menu><pizza>Margherita</pizza></menu>")
    said = spunta(tmp_path / "other.xml")
    assert (said.returncode, said.stdout) == (1, "")
    assert "UNSUPPORTED_FILE" in said.stderr


def test_all_forms_of_a_document_are_written_to_a_folder(tmp_path):
    assert spunta(INVOICE, "--output", tmp_path / "out").returncode == 0
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert written >= {"document.md", "document.html", "result.json"}
