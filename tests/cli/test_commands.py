import csv
import io
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from app.cli import main

INVOICE = """<?xml version="1.0" encoding="UTF-8"?>
<p:FatturaElettronica versione="FPR12" xmlns:p="http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2">
<FatturaElettronicaHeader>
<DatiTrasmissione><IdTrasmittente><IdPaese>IT</IdPaese><IdCodice>01234567897</IdCodice></IdTrasmittente>
<ProgressivoInvio>1</ProgressivoInvio><FormatoTrasmissione>FPR12</FormatoTrasmissione><CodiceDestinatario>ABC1234</CodiceDestinatario></DatiTrasmissione>
<CedentePrestatore><DatiAnagrafici><IdFiscaleIVA><IdPaese>IT</IdPaese><IdCodice>01234567897</IdCodice></IdFiscaleIVA>
<Anagrafica><Denominazione>Officine Lungarno Srl</Denominazione></Anagrafica><RegimeFiscale>RF01</RegimeFiscale></DatiAnagrafici>
<Sede><Indirizzo>Via Prova 1</Indirizzo><CAP>50100</CAP><Comune>Firenze</Comune><Provincia>FI</Provincia><Nazione>IT</Nazione></Sede></CedentePrestatore>
<CessionarioCommittente><DatiAnagrafici><IdFiscaleIVA><IdPaese>IT</IdPaese><IdCodice>12345678903</IdCodice></IdFiscaleIVA>
<Anagrafica><Denominazione>Forno Ponte SpA</Denominazione></Anagrafica></DatiAnagrafici>
<Sede><Indirizzo>Via Esempio 2</Indirizzo><CAP>20100</CAP><Comune>Milano</Comune><Provincia>MI</Provincia><Nazione>IT</Nazione></Sede></CessionarioCommittente>
</FatturaElettronicaHeader>
<FatturaElettronicaBody>
<DatiGenerali><DatiGeneraliDocumento><TipoDocumento>TD01</TipoDocumento><Divisa>EUR</Divisa><Data>2026-11-02</Data><Numero>17/B</Numero><ImportoTotaleDocumento>122.00</ImportoTotaleDocumento></DatiGeneraliDocumento></DatiGenerali>
<DatiBeniServizi><DettaglioLinee><NumeroLinea>1</NumeroLinea><Descrizione>Revisione</Descrizione><Quantita>2.00</Quantita><PrezzoUnitario>50.00</PrezzoUnitario><PrezzoTotale>100.00</PrezzoTotale><AliquotaIVA>22.00</AliquotaIVA></DettaglioLinee>
<DatiRiepilogo><AliquotaIVA>22.00</AliquotaIVA><ImponibileImporto>100.00</ImponibileImporto><Imposta>22.00</Imposta></DatiRiepilogo></DatiBeniServizi>
</FatturaElettronicaBody></p:FatturaElettronica>"""


@pytest.fixture(scope="module")
def invoice(tmp_path_factory):
    path = tmp_path_factory.mktemp("files") / "fattura.xml"
    path.write_text(INVOICE)
    return path


class Done(NamedTuple):
    stdout: str
    stderr: str


@pytest.fixture
def spunta(tmp_path, monkeypatch, capfd):
    """Runs a command as a shell would, in a folder of its own, and holds it to its exit status."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments, code=0):
        monkeypatch.setattr(sys, "argv", ["spunta", *map(str, arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        sys.stdout.flush()
        done = Done(*capfd.readouterr())
        assert (left.value.code or 0) == code, done.stderr
        return done

    return run


def test_the_installed_command_is_the_module():
    told = [
        subprocess.run([*command, "--version"], capture_output=True, text=True, check=True, timeout=60).stdout
        for command in ([sys.executable, "-m", "app"], [str(Path(sys.executable).with_name("spunta"))])
    ]
    assert told[0] == told[1]
    assert told[0].startswith("spunta, version ")


def test_one_file_gives_the_json_of_its_job(spunta, invoice):
    text = spunta("extract", invoice).stdout
    job = json.loads(text, parse_float=Decimal)
    assert (job["status"], job["filename"], job["file_type"]) == ("completed", "fattura.xml", "xml")
    assert job["result"]["financials"]["total"] == Decimal("122.00")
    assert '"total": 122.00' in text
    assert "ARITHMETIC_MISMATCH" in job["validation"]["passed"]


def test_a_file_that_cannot_be_read_fails_alone_and_sets_the_exit_status(spunta, invoice, tmp_path):
    bad = tmp_path / "bad.pdf"
    bad.write_text("no invoice at all")
    jobs = json.loads(spunta("extract", bad, invoice, code=1).stdout)
    assert [job["status"] for job in jobs] == ["failed", "completed"]
    assert jobs[0]["error_code"] == "UNSUPPORTED_FILE"


def test_csv_has_a_row_a_file_under_the_paths_of_the_result(spunta, invoice):
    rows = list(csv.DictReader(io.StringIO(spunta("extract", invoice, invoice, "--format", "csv").stdout)))
    assert [row["financials.total"] for row in rows] == ["122.00", "122.00"]
    assert rows[0]["vendor.name"] == "Officine Lungarno Srl"


def test_the_table_shows_the_essentials(spunta, invoice):
    table = spunta("extract", invoice, "--format", "table").stdout
    assert "Officine Lungarno Srl" in table
    assert "122.00" in table


def test_a_wrong_option_is_a_sentence(spunta, invoice):
    told = spunta("extract", invoice, "--pages", "3-", code=2).stderr
    assert "`pages` must be" in told
    assert "Traceback" not in told


def test_what_extract_printed_can_be_validated(spunta, invoice, tmp_path):
    file = tmp_path / "job.json"
    file.write_text(spunta("extract", invoice).stdout)
    verdict = json.loads(spunta("validate", file).stdout)
    assert set(verdict) == {"validation_flags", "validation", "decision"}
    changed = json.loads(file.read_text())
    changed["result"]["financials"]["total"] = 999
    file.write_text(json.dumps(changed))
    assert "ARITHMETIC_MISMATCH" in json.loads(spunta("validate", file).stdout)["validation"]["failed"]


def test_an_e_invoice_can_be_validated_as_it_is(spunta, invoice):
    verdict = json.loads(spunta("validate", invoice).stdout)
    assert "ARITHMETIC_MISMATCH" in verdict["validation"]["passed"]
    assert "SCHEMA_INVALID" in verdict["validation"]["passed"]


def test_rules_are_listed_and_explained(spunta):
    codes = [rule["code"] for rule in json.loads(spunta("rules", "--format", "json").stdout)["rules"]]
    assert "INVALID_TOTAL" in codes
    assert "Why:" in spunta("explain", "invalid_total").stdout
    assert "Did you mean INVALID_TOTAL?" in spunta("explain", "INVALID_TOTALS", code=2).stderr


def test_a_policy_is_checked_mistake_by_mistake(spunta, tmp_path):
    policy = tmp_path / "policy.toml"
    policy.write_text('off = ["INVALID_TOTALS"]\n[accept]\nmaximum_totl = 5\n')
    told = spunta("policy", "check", policy, code=1).stdout
    assert "INVALID_TOTAL" in told
    assert "maximum_total" in told
    policy.write_text('off = ["INVALID_TOTAL"]\n')
    spunta("policy", "check", policy)


def test_a_key_is_given_a_policy_shown_and_relieved_of_it(spunta, tmp_path):
    data, policy = tmp_path / "data", tmp_path / "policy.toml"
    policy.write_text('off = ["NEW_VENDOR"]\n')
    spunta("keys", "create", "--data", data, "--name", "shop", "--policy", policy)
    assert spunta("keys", "policy", "--data", data, "shop").stdout == policy.read_text()
    policy.write_text('off = ["NEW_VENDORS"]\n')
    told = spunta("keys", "policy", "--data", data, "shop", policy, code=2).stderr
    assert "Did you mean NEW_VENDOR?" in told
    spunta("keys", "policy", "--data", data, "shop", "--remove")
    assert spunta("keys", "policy", "--data", data, "shop").stdout == "\n"


def test_a_key_is_printed_alone_and_never_again(spunta, tmp_path):
    data = tmp_path / "data"
    secret = spunta("keys", "create", "--data", data, "--name", "shop").stdout
    assert secret.startswith("inv_")
    assert secret.count("\n") == 1
    listed = spunta("keys", "list", "--data", data).stdout
    assert "shop" in listed
    assert secret.strip() not in listed
    rotated = spunta("keys", "rotate", "shop", "--data", data).stdout
    assert rotated.startswith("inv_")
    assert rotated != secret
    spunta("keys", "revoke", "shop", "--data", data)
    assert json.loads(spunta("keys", "list", "--data", data, "--format", "json").stdout)[0]["revoked_at"]
    assert "no key" in spunta("keys", "revoke", "nobody", "--data", data, code=2).stderr


def test_the_doctor_finds_what_is_missing(spunta, tmp_path):
    spunta("keys", "create", "--data", tmp_path / "data", "--name", "shop")
    found = {
        each["name"]: each["state"]
        for each in json.loads(spunta("doctor", "--data", tmp_path / "data", "--format", "json").stdout)
    }
    assert found["database"] == found["keys"] == found["rules"] == "ok"
    (tmp_path / "data" / "secret.key").unlink()
    assert "failing" in spunta("doctor", "--data", tmp_path / "data", code=1).stdout


def test_no_command_imports_the_model_client():
    code = (
        "import sys, app.cli, app.cli.extract, app.cli.local, app.main; sys.exit('anthropic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
