"""A real service, started once for all tests over HTTP, and small documents to send it."""

import io
import os
import re
import subprocess
import sys
import threading
import time
import zlib
from contextlib import closing, contextmanager
from typing import NamedTuple

import pypdf
import pytest
import requests
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, StreamObject

from app.storage.sqlite.store import open_store

END = ("completed", "failed", "cancelled")
SECONDS = 60.0


class Server(NamedTuple):
    url: str
    key: str
    data: object
    log: list
    pid: int

    def ask(self, method, path, key=None, headers=None, **options):
        """One request, with the service's first key unless told otherwise."""
        headers = {"X-API-Key": self.key if key is None else key, **(headers or {})}
        return requests.request(method, self.url + path, headers=headers, timeout=SECONDS, **options)

    def submit(self, content, name="document", key=None, headers=None, **fields):
        """A document in a form."""
        return self.ask(
            "POST", "/v1/extract/invoice", key, headers, files={"file": (name, content)}, data=fields
        )

    def wait(self, job_id, key=None):
        """The job when it is over."""
        pause, until = 0.02, time.monotonic() + SECONDS
        while time.monotonic() < until:
            job = self.ask("GET", f"/v1/jobs/{job_id}", key).json()
            if job["status"] in END:
                return job
            time.sleep(pause)
            pause = min(pause * 1.5, 0.5)
        raise AssertionError(f"the job is still {job['status']}")

    def read(self, content, name="document", **fields):
        """The end of a document's job."""
        accepted = self.submit(content, name, **fields)
        assert accepted.status_code == 202, accepted.text
        return self.wait(accepted.json()["job_id"])

    def new_key(self, name, **sides):
        """Another tenant's key."""
        with closing(open_store(self.data)) as store:
            return store.keys.create(name, **sides)[1]


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    with started(tmp_path_factory.mktemp("service") / "data", SPUNTA_WEBHOOK_PRIVATE="true") as server:
        yield server


@contextmanager
def started(data, **environment):
    """A service of its own with one worker, ended with its context."""
    command = [
        "-m",
        "app",
        "serve",
        "--port",
        "0",
        "--data",
        str(data),
        "--workers",
        "1",
        "--log-format",
        "json",
    ]
    process = subprocess.Popen(
        [sys.executable, *command],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    log = []
    reader = threading.Thread(target=_gather, args=(process.stdout, log), daemon=True)
    reader.start()
    try:
        url, key = _announced(process, log)
        yield Server(url, key, data, log, process.pid)
    finally:
        process.terminate()
        process.wait(40)
        reader.join(5)
        process.stdout.close()


def _gather(stream, log):
    for line in stream:
        log.append(line)


def _announced(process, log):
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and process.poll() is None:
        text = "".join(log)
        url, key = re.search(r"http://[\d.]+:\d+", text), re.search(r"inv_\S+", text)
        if url and key:
            return url.group(), key.group()
        time.sleep(0.05)
    raise AssertionError("the service did not start:\n" + "".join(log))


@pytest.fixture(scope="session")
def fattura():
    """Makes a FatturaPA with a total of one's own."""

    def make(number="17/B", net="100.00", tax="22.00", total="122.00"):
        return _FATTURA.format(number=number, net=net, tax=tax, total=total).encode()

    return make


@pytest.fixture(scope="session")
def pdf():
    """Makes a PDF of one page with lines of text."""

    def make(*lines, password=None):
        writer = _written(lines)
        if password:
            writer.encrypt(password)
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    return make


def _written(lines):
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(595, 842)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F"): font})}
    )
    text = DecodedStreamObject()
    text.set_data(
        "".join(
            f"BT /F 11 Tf 60 {780 - 18 * at} Td ({line}) Tj ET\n" for at, line in enumerate(lines)
        ).encode("latin-1")
    )
    page[NameObject("/Contents")] = writer._add_object(text)
    return writer


@pytest.fixture(scope="session")
def bomb():
    """Makes PDFs that are slow to refuse: a content stream that unpacks to so many megabytes."""
    return _bomb


def _bomb(megabytes):
    """A PDF whose one content stream unpacks to so many megabytes, packed twice."""
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(595, 842)
    packer = zlib.compressobj(9)
    first, again = (packer.compress(b"q Q " * 250_000) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    once = first + again * (megabytes - 1) + packer.flush()
    stream = StreamObject()
    stream._data = zlib.compress(once, 9)
    stream[NameObject("/Filter")] = ArrayObject([NameObject("/FlateDecode"), NameObject("/FlateDecode")])
    page[NameObject("/Contents")] = writer._add_object(stream)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


_FATTURA = """<?xml version="1.0" encoding="UTF-8"?>
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
<DatiGenerali><DatiGeneraliDocumento><TipoDocumento>TD01</TipoDocumento><Divisa>EUR</Divisa><Data>2026-11-02</Data><Numero>{number}</Numero><ImportoTotaleDocumento>{total}</ImportoTotaleDocumento></DatiGeneraliDocumento></DatiGenerali>
<DatiBeniServizi><DettaglioLinee><NumeroLinea>1</NumeroLinea><Descrizione>Revisione</Descrizione><Quantita>1.00</Quantita><PrezzoUnitario>{net}</PrezzoUnitario><PrezzoTotale>{net}</PrezzoTotale><AliquotaIVA>22.00</AliquotaIVA></DettaglioLinee>
<DatiRiepilogo><AliquotaIVA>22.00</AliquotaIVA><ImponibileImporto>{net}</ImponibileImporto><Imposta>{tax}</Imposta></DatiRiepilogo></DatiBeniServizi>
<DatiPagamento><CondizioniPagamento>TP02</CondizioniPagamento><DettaglioPagamento><ModalitaPagamento>MP05</ModalitaPagamento><DataScadenzaPagamento>2026-12-02</DataScadenzaPagamento><ImportoPagamento>{total}</ImportoPagamento><IBAN>IT60X0542811101000000123456</IBAN></DettaglioPagamento></DatiPagamento>
</FatturaElettronicaBody></p:FatturaElettronica>"""
