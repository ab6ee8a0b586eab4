from pathlib import Path

import pytest

DOCUMENT = Path(__file__).resolve().parents[3] / "fixtures" / "einvoice" / "fatturapa-lotto.xml"
SIMPLIFIED = DOCUMENT.with_name("fatturapa-semplificata.xml")


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (b"<ProgressivoInvio>00042</ProgressivoInvio>", b"", "FatturaElettronicaHeader[1]/DatiTrasmissione[1]/ProgressivoInvio"),
        (b"<Data>2026-02-11</Data>", b"", "FatturaElettronicaBody[2]/DatiGenerali[1]/DatiGeneraliDocumento[1]/Data"),
        (b"TD06", b"TD66", "FatturaElettronicaBody[1]/DatiGenerali[1]/DatiGeneraliDocumento[1]/TipoDocumento"),
        (b"RF01", b"RF99", "FatturaElettronicaHeader[1]/CedentePrestatore[1]/DatiAnagrafici[1]/RegimeFiscale"),
        (b"<Imposta>228.80<", b"<Imposta>228.8<", "FatturaElettronicaBody[1]/DatiBeniServizi[1]/DatiRiepilogo[1]/Imposta"),
        (b"<Natura>N1</Natura><Imp", b"<Natura>N9</Natura><Imp", "FatturaElettronicaBody[1]/DatiBeniServizi[1]/DatiRiepilogo[2]/Natura"),
        (b"MP12", b"MP99", "FatturaElettronicaBody[1]/DatiPagamento[1]/DettaglioPagamento[2]/ModalitaPagamento"),
    ],
)  # fmt: skip
def test_a_file_that_breaks_its_format_is_read_and_the_place_told(old, new, place, extracted):
    data = DOCUMENT.read_bytes()
    assert old in data
    extraction = extracted(data.replace(old, new, 1))
    assert [one.place for one in extraction.observations.schema_problems] == [place]
    assert extraction.invoice.vendor.name == "Gianna Verdi"


def test_a_simplified_invoice_is_checked_by_its_own_rules(extracted):
    data = SIMPLIFIED.read_bytes().replace(b"<Importo>110.00", b"<Importo>110")
    places = [one.place for one in extracted(data).observations.schema_problems]
    assert places == ["FatturaElettronicaBody[1]/DatiBeniServizi[1]/Importo"]


def test_only_the_first_places_are_told(extracted):
    data = DOCUMENT.read_bytes()
    line = data[data.index(b"<DettaglioLinee>") : data.index(b"<DatiRiepilogo>")]
    bad = line.replace(b"<PrezzoTotale>1000.00", b"<PrezzoTotale>1000")
    extraction = extracted(data.replace(line, bad * 50, 1))
    assert len(extraction.observations.schema_problems) == 20


def test_a_message_about_a_problem_holds_nothing_of_the_invoice(extracted):
    data = DOCUMENT.read_bytes().replace(b"TD06", b"SECRET")
    problem = extracted(data).observations.schema_problems[0]
    assert "SECRET" not in problem.place + problem.message
