"""What reading an e-invoice costs beside the bare parse of the same bytes, and how it grows with its lines."""

import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from lxml import etree

from app.extraction.einvoice import extract_xml
from app.model.document import Document, FileType
from app.model.invoice import LineItem
from app.model.options import Options
from tests.extraction.einvoice.written import SAMPLE, WRITERS, Row

ROUNDS = 7


def _best_ms(work: Callable[[], object], repeat: int) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        begun = time.process_time()
        for _ in range(repeat):
            work()
        best = min(best, (time.process_time() - begun) / repeat)
    return best * 1000


def _row(index: int, rate: Decimal) -> Row:
    """No two rows alike, as in life: what is remembered of one text helps little with the next."""
    price = Decimal(100 + index * 37 % 99_991) / 100
    return Row(f"Artykuł {index:05}, dąb", Decimal(f"{index % 89 + 1}.00"), "szt", price, rate)


def _with_lines(syntax: str, count: int) -> bytes:
    rate = Decimal("23.00") if syntax == "FatturaPA" else Decimal(23)
    return WRITERS[syntax](replace(SAMPLE, rows=tuple(_row(index, rate) for index in range(count))))


def _only_values(data: bytes) -> list[LineItem]:
    """The least that reading rows in this language can cost: each text touched once, values made, nothing proved."""
    rows = []
    for line in etree.fromstring(data).iter("DettaglioLinee"):
        found = {child.tag: child.text for child in line}
        rows.append(
            LineItem(
                number=found["NumeroLinea"],
                description=found["Descrizione"],
                quantity=Decimal(found["Quantita"]),
                unit=found["UnitaMisura"],
                unit_price=Decimal(found["PrezzoUnitario"]),
                amount=Decimal(found["PrezzoTotale"]),
                tax_rate=Decimal(found["AliquotaIVA"]),
            )
        )
    return rows


def test_what_only_making_the_values_costs():
    data = _with_lines("FatturaPA", 1000)
    bare, least = _best_ms(lambda: etree.fromstring(data), 3), _best_ms(lambda: _only_values(data), 3)
    print(
        f"\nFatturaPA, 1000 lines: bare parse {bare:.3f} ms, values alone {least:.3f} ms, {least / bare:.1f} times"
    )
    assert len(_only_values(data)) == 1000


@pytest.mark.parametrize("syntax", WRITERS)
def test_the_cost_of_reading_grows_with_the_lines_and_not_faster(syntax):
    costs = {}
    print(f"\n{syntax}: lines, kB, bare parse ms, reading ms, ratio, µs a line, ratio with all evidence told")
    for count in (1, 10, 100, 1000, 10_000):
        data = _with_lines(syntax, count)
        document, repeat = Document(file_type=FileType.XML, xml=data), max(1, 300 // count)
        bare = _best_ms(lambda data=data: etree.fromstring(data), repeat)
        costs[count] = _best_ms(lambda document=document: extract_xml(document, Options()), repeat)
        told = _best_ms(lambda document=document: dict(extract_xml(document, Options()).fields), repeat)
        print(
            f"{count:7} {len(data) / 1000:9.1f} {bare:9.3f} {costs[count]:9.3f} {costs[count] / bare:7.1f}"
            f" {costs[count] / count * 1000:9.1f} {told / bare:7.1f}"
        )
    assert costs[10_000] < 25 * costs[1000]
